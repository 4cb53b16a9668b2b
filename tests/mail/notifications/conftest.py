"""Notifications as they are."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def notifications(settings: Any) -> None:
    """On, with an address for their links."""
    settings.PORTAL_URL = "https://support.vendor.example"
