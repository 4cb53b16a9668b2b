"""Notifications as they are."""

import pytest


@pytest.fixture(autouse=True)
def notifications() -> None:
    """On."""
