"""Every page can be used with little sight and without a mouse."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cases.test_pages_browser import CASE, CUSTOMER, ENGINEER, MANAGER, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.processes import Portal

CHECK = (Path(__file__).parent / "accessibility.js").read_text("utf-8")
PAGES = {
    CUSTOMER: ["/", f"/cases/{CASE}/", "/cases/new/", "/cases/search/?q=CodeMeter"],
    ENGINEER: ["/", f"/cases/{CASE}/", "/cases/", "/analysis/baselines/"],
    MANAGER: ["/", "/cases/?status=closed"],
}
ENTRANCE = ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_names_contrast_and_one_order(
    browser: "Browser", demo_portal: "Portal", scheme: str
) -> None:
    wrong: list[str] = []

    def look(page: "Page", addresses: list[str]) -> None:
        for address in addresses:
            page.goto(demo_portal.url + address)
            wrong.extend(f"{address}: {violation}" for violation in page.evaluate(CHECK))

    for who, addresses in ({"": ENTRANCE} | PAGES).items():
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
        page = context.new_page()
        if who:
            sign_in(page, demo_portal, who)
        look(page, addresses)
        context.close()
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_keyboard_alone_writes_a_note_and_sends_it(page: "Page", demo_portal: "Portal") -> None:
    sign_in(page, demo_portal, ENGINEER)
    page.goto(f"{demo_portal.url}/cases/{CASE}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "page", "the first stop skips the navigation"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "kind":
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "write-body"
    page.keyboard.type("by keyboard alone")
    page.keyboard.press("Control+Enter")
    page.locator("#live-thread .entry-internal", has_text="by keyboard alone").wait_for()
