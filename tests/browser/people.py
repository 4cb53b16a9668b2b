"""Visitors of the demo portal: one signed-in browser tab for each person."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.pictures import keep_page
from tests.processes import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.processes import Portal


class Visits:
    """Opens tabs on the demo portal; every page is watched for script errors and blocked content."""

    def __init__(self, browser: "Browser", portal: "Portal") -> None:
        self.browser = browser
        self.portal = portal
        self.complaints: list[str] = []

    @contextmanager
    def _context(self, width: int, locale: str) -> Iterator["Page"]:
        context = self.browser.new_context(
            base_url=self.portal.url,
            viewport={"width": width, "height": 900},
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(1000 * PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message.type, message.text))
        yield page
        context.close()

    def _heard(self, page: "Page", kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(f"{page.url}: {text}")

    def signed_out(self) -> AbstractContextManager["Page"]:
        """A tab of somebody whom the portal does not know."""
        return self._context(1440, "zh-CN")

    def signed_in(
        self, who: str, *, width: int = 1440, locale: str = "zh-CN"
    ) -> AbstractContextManager["Page"]:
        """A tab of ``who`` (the part of the demo address before the @), signed in."""

        @contextmanager
        def tab() -> Iterator["Page"]:
            with self._context(width, locale) as page:
                self.portal.enter(page, f"{who}@demo.anjuan.example")
                yield page

        return tab()


def lived(portal: "Portal", file: str) -> dict[str, Any]:
    """What ``live()`` in this file of the folder makes inside the portal, by name."""
    portal.start()
    said = portal.manage("shell", "-c", f"from tests.browser.{file} import live; live()")
    return json.loads(said.strip().splitlines()[-1])


def reading(page: "Page", language: str) -> None:
    """The page once more in this language (``中文``, ``English``)."""
    page.get_by_role("button", name=language).first.click()
    page.locator(f"html[lang={'en' if language == 'English' else 'zh-hans'}]").wait_for(state="attached")


def pictures(page: "Page", folder: Path, name: str) -> None:
    """The page at both widths."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        keep_page(page, folder / f"{name}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
    page.set_viewport_size({"width": 1440, "height": 900})


def pictures_in_both(page: "Page", folder: Path, name: str) -> None:
    """At both widths in both languages; the page is read in Chinese before and after."""
    pictures(page, folder, f"{name}-zh")
    reading(page, "English")
    pictures(page, folder, f"{name}-en")
    reading(page, "中文")
