"""The operator's mail server, which says whose mails are proven; uploads in a folder of each test's own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _mail_server(settings: Any, tmp_path: Path) -> None:
    from tests.mail.mails import HERE

    settings.UPLOAD_STAGING = tmp_path / "staging"
    settings.MAIL_AUTHSERV_ID = HERE
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.PORTAL_URL = "https://support.vendor.example"
