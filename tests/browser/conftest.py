"""Browsers on the demo portal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.people import Visits

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.processes import Portal


@pytest.fixture
def visits(browser: "Browser", demo_portal: "Portal") -> Iterator[Visits]:
    """Signed-in tabs; at the end no page may have complained on its console."""
    visits = Visits(browser, demo_portal)
    yield visits
    assert not visits.complaints, "\n".join(visits.complaints)
