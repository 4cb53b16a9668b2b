"""Pictures of pages for people to look at, in test-artifacts/: taken where PICTURES is set, as each costs a
second of a processor. A failed test leaves one in any case."""

import os
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ARE_WANTED = bool(os.environ.get("PICTURES"))


def keep_page(page: "Page", file: Path) -> None:
    """The whole page, as far as it can be scrolled, compressed for speed: Playwright's own way takes half as
    long again."""
    if not ARE_WANTED:
        return
    page.evaluate("document.fonts.ready.then(() => true)")
    browser = page.context.new_cdp_session(page)
    size = browser.send("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    how = {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True, "clip": clip}
    file.write_bytes(b64decode(browser.send("Page.captureScreenshot", how)["data"]))
    browser.detach()


def keep_part(part: "Locator", file: Path) -> None:
    """One part of a page."""
    if ARE_WANTED:
        part.screenshot(path=file)
