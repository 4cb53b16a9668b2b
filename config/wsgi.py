"""The WSGI entry that gunicorn serves."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application


def _application() -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    application = get_wsgi_application()
    # These need the applications loaded.
    from django.conf import settings

    from config.checks import refuse_unsafe_start
    from config.server.url_prefix import WithoutPrefix

    refuse_unsafe_start()
    prefix = settings.FORCE_SCRIPT_NAME
    return WithoutPrefix(application, prefix) if prefix else application


application = _application()
