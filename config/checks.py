"""What a portal in production refuses to start with: DEBUG, the default key, the demo's people."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection

DEMO_DOMAIN = "demo.anjuan.example"
MIN_KEY_LENGTH = 32


class UnsafeStart(ImproperlyConfigured):
    """This process would serve the public with something that only a trial may have."""


def refuse_unsafe_start() -> None:
    """Called by web, worker and beat before they serve; the demo (ANJUAN_DEMO=1) may have all of it.

    Raises UnsafeStart naming the setting and what to do, and for the demo as well ImproperlyConfigured
    where files could not be decrypted.
    """
    from uploads.bundles.encryption import refuse_missing_keys

    refuse_missing_keys()
    if settings.DEMO:
        connection.close()
        return
    if settings.DEBUG:
        raise UnsafeStart("DEBUG is on: set DEBUG=0. Only a trial with ANJUAN_DEMO=1 may have it.")
    if settings.SECRET_KEY == settings.DEFAULT_SECRET_KEY:
        raise UnsafeStart(
            "SECRET_KEY is not set: set it to a random text of your own, the same for all processes."
        )
    if len(settings.SECRET_KEY) < MIN_KEY_LENGTH:
        raise UnsafeStart(f"SECRET_KEY is too short: it needs at least {MIN_KEY_LENGTH} random characters.")
    if "*" in settings.ALLOWED_HOSTS:
        raise UnsafeStart("ALLOWED_HOSTS=* lets anyone name this portal: list its real host names.")
    _refuse_demo_people()


def _refuse_demo_people() -> None:
    people = get_user_model()._default_manager.filter(email__iendswith=f"@{DEMO_DOMAIN}", is_active=True)
    try:
        count = people.count()
    except ProgrammingError:
        return  # No tables yet, so no people either.
    finally:
        connection.close()
    if count:
        raise UnsafeStart(
            f"This database holds {count} demo accounts (…@{DEMO_DOMAIN}): use a database of its own for "
            "production, or deactivate them."
        )
