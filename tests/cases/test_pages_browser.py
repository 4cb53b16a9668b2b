"""The pages in a real browser: live parts, narrow screens, nothing that the content policy forbids."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pictures import keep_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.processes import Portal

CASE = "CAS-03282-J6Y6M6"
ENGINEER, CUSTOMER, MANAGER = (f"{who}@demo.anjuan.example" for who in ("engineer", "customer", "manager"))


def sign_in(page: "Page", portal: "Portal", who: str) -> list[str]:
    """Signs in; the list fills with every complaint of the browser from then on."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    portal.enter(page, who)
    return complaints


def test_news_arrive_without_losing_a_half_written_reply(
    page: "Page", browser: "Browser", demo_portal: "Portal"
) -> None:
    sign_in(page, demo_portal, ENGINEER)
    page.goto(f"{demo_portal.url}/cases/{CASE}/")
    page.fill("#write-body", "half a reply")
    page.evaluate("document.querySelector('.older').open = true")
    seen = page.locator("#live-thread [data-key]").count()

    other = browser.new_context(locale="zh-CN").new_page()
    sign_in(other, demo_portal, CUSTOMER)
    other.goto(f"{demo_portal.url}/cases/{CASE}/")
    other.fill("#write-body", "news from the customer <b>")
    other.click(".write button.btn-primary")
    other.locator("#live-thread", has_text="news from the customer <b>").wait_for()
    other.context.close()

    # What an upload's end announces makes the page look at once; otherwise it looks every 15 seconds.
    page.evaluate("document.body.dispatchEvent(new CustomEvent('bundle-complete', {bubbles: true}))")
    page.locator("#live-thread", has_text="news from the customer <b>").wait_for()
    assert page.input_value("#write-body") == "half a reply"
    assert page.evaluate("document.querySelector('.older').open")
    assert page.locator("#live-thread [data-key]").count() == seen + 1

    page.reload()
    assert page.input_value("#write-body") == "half a reply"


def test_nothing_written_is_lost_when_the_session_ends(page: "Page", demo_portal: "Portal") -> None:
    sign_in(page, demo_portal, ENGINEER)
    page.goto(f"{demo_portal.url}/cases/{CASE}/")
    page.check("input[name=kind][value=note]", force=True)
    page.fill("#write-body", "for colleagues only")
    page.context.clear_cookies(name="sessionid")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('bundle-complete', {bubbles: true}))")
    page.locator("#alerts [data-signed-out-said] a").wait_for()
    assert page.input_value("#write-body") == "for colleagues only"

    page.click(".write button.btn-primary")
    page.wait_for_url("**/accounts/login/?next=*")
    page.fill("[name=login]", ENGINEER)
    page.fill("[name=password]", demo_portal.demo_password)
    page.click("main button.btn-primary")
    page.wait_for_url(f"**/cases/{CASE}/")
    assert page.input_value("#write-body") == "for colleagues only"
    assert page.is_checked("input[name=kind][value=note]"), "a note must not come back as a reply"

    page.click(".write button.btn-primary")
    page.locator("#live-thread", has_text="for colleagues only").wait_for()
    assert page.input_value("#write-body") == ""
    page.reload()
    assert page.input_value("#write-body") == ""


def test_ctrl_k_goes_to_the_search(page: "Page", demo_portal: "Portal") -> None:
    sign_in(page, demo_portal, ENGINEER)
    page.keyboard.press("Control+k")
    page.keyboard.type("CodeMeter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/search/?q=CodeMeter")
    assert page.locator("table a", has_text=CASE).count() == 1


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "who, addresses",
    [
        (CUSTOMER, ["/", f"/cases/{CASE}/", "/cases/new/"]),
        (ENGINEER, ["/", f"/cases/{CASE}/", "/cases/"]),
        (MANAGER, ["/", f"/cases/{CASE}/"]),
    ],
    ids=["customer", "engineer", "manager"],
)
def test_pages_fit_the_screen_and_the_browser_has_no_complaint(
    page: "Page", demo_portal: "Portal", artifact_folder: Path, who: str, addresses: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    complaints = sign_in(page, demo_portal, who)
    for number, address in enumerate(addresses):
        page.goto(demo_portal.url + address, wait_until="networkidle")
        keep_page(page, artifact_folder / f"{who.split('@')[0]}-{number}-{width}.png")
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, f"{address} is {too_wide} px too wide"
    assert complaints == []
