"""Django's registration of this room."""

from typing import Any

from django.apps import apps as all_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts import rooms
from accounts.secret_links import ANY, SecretLink


class UploadsConfig(rooms.RoomConfig):
    """Uploads."""

    name = "uploads"
    verbose_name = _("Uploads")
    # What a colleague copies from the portal's page is hers to send (uploads.links.addresses).
    secret_links = (SecretLink("/uploads/link/", secret=f"mail(?=[%-]){ANY}"),)

    def ready(self) -> None:
        """A portal has a privacy statement from its first migration on."""
        super().ready()
        post_migrate.connect(_publish_first_statements, sender=self)


def _publish_first_statements(apps: Any = all_apps, **kwargs: Any) -> None:
    from uploads.custody import privacy

    try:
        apps.get_model("uploads", "Statement")
    except LookupError:
        return  # Migrated back to a time before it.
    privacy.publish_first_versions()
