"""The WSGI entry that gunicorn serves."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application: Any = get_wsgi_application()

from django.conf import settings  # noqa: E402

from config.checks import refuse_unsafe_start  # noqa: E402 (needs the applications loaded)
from config.server.url_prefix import WithoutPrefix  # noqa: E402

refuse_unsafe_start()
if settings.FORCE_SCRIPT_NAME:
    application = WithoutPrefix(application, settings.FORCE_SCRIPT_NAME)
