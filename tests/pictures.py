"""Pictures of pages for people to look at, in test-artifacts/: taken where PICTURES is set, as each costs a
second of a processor. A failed test leaves one in any case."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ARE_WANTED = bool(os.environ.get("PICTURES"))


def keep_page(page: "Page", file: Path) -> None:
    """The whole page, as far as it can be scrolled."""
    if ARE_WANTED:
        page.screenshot(path=file, full_page=True)


def keep_part(part: "Locator", file: Path) -> None:
    """One part of a page."""
    if ARE_WANTED:
        part.screenshot(path=file)
