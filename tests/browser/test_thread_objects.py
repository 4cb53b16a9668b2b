"""What stands in the thread beside words, as its people see it: scope, appointment, call, mention, canned
reply, pictures; in both languages, wide and narrow."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from cases import times
from tests.browser.people import Visits, pictures, reading

PICTURE = "R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="
"""The smallest GIF."""
PASTE = """base64 => {
  const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.gif", {type: "image/gif"}));
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector("#write-body").dispatchEvent(paste);
}"""


@pytest.fixture
def number(visits: Visits) -> str:
    """A case that the demo's customer has just reported."""
    with visits.signed_in("customer") as page:
        page.goto("/cases/new/")
        page.fill("[name=title]", "重启后许可证服务不启动")
        page.fill("[name=happens]", "重启后 CodeMeter 停止工作。")
        page.locator("main form .btn-primary").click()
        page.locator("#live-thread").wait_for()
        return page.url.rstrip("/").rpartition("/")[2]


def test_an_engineer_proposes_and_the_customer_answers(
    visits: Visits, number: str, artifact_folder: Path
) -> None:
    day = times.day(timezone.now() + timedelta(days=3))
    with visits.signed_in("engineer") as page:
        page.goto(f"/cases/{number}/scope/")
        page.fill("[name=problem]", "重启后 CodeMeter 停止工作，产品打不开。")
        page.fill("[name=included]", "查明原因。")
        pictures(page, artifact_folder, "scope-form")
        page.locator("main form .btn-primary").click()
        page.locator("#live-scope .card").wait_for()
        page.goto(f"/cases/{number}/appointments/")
        page.fill("[name=time_1]", f"{day}T10:00")
        page.fill("[name=time_2]", f"{day}T15:30")
        page.locator("main form .btn-primary").click()
        page.locator("#live-appointment .card").wait_for()
        pictures(page, artifact_folder, "engineer-waits")
    with visits.signed_in("customer") as page:
        page.goto(f"/cases/{number}/")
        pictures(page, artifact_folder, "customer-asked-zh")
        reading(page, "English")
        pictures(page, artifact_folder, "customer-asked-en")
        page.locator("[name=answer][value=agree]").first.click()
        page.locator("#scope-head").wait_for(state="detached")
        page.get_by_role("button", name="Agree to this time").click()
        page.locator("#live-appointment a[download]").wait_for()
        page.fill("#write-body", "Here is what I see")
        page.evaluate(PASTE, PICTURE)
        page.locator("[data-attach] li").wait_for()
        page.locator("#write .btn-primary").click()
        page.locator("#live-thread .attached-picture img").wait_for()
        pictures(page, artifact_folder, "customer-answered-en")
        reading(page, "中文")


def test_colleagues_are_named_calls_noted_and_texts_used_again(
    visits: Visits, number: str, artifact_folder: Path
) -> None:
    with visits.signed_in("manager") as page:
        page.goto("/canned-replies/new/")
        page.fill("[name=name]", f"日志 {number}")
        page.fill("[name=text_zh]", "{customer}您好：请把日志上传到 {upload}")
        page.fill("[name=text_en]", "Dear {customer}, please upload the logs to {upload}")
        page.locator("[name=preview]").click()
        page.locator("#preview-head").wait_for()
        pictures(page, artifact_folder, "canned-reply-preview-zh")
        page.locator("main form .btn-primary").click()
        page.get_by_role("link", name=f"日志 {number}").click()
        reading(page, "English")
        page.locator("[name=preview]").click()
        page.locator("#preview-head").wait_for()
        pictures(page, artifact_folder, "canned-reply-preview-en")
        reading(page, "中文")
    with visits.signed_in("engineer") as page:
        page.goto(f"/cases/{number}/")
        page.locator(".canned summary").click()
        page.locator(".canned a[data-insert]", has_text=number).click()
        assert f"/cases/{number}/#upload" in page.input_value("#write-body")
        reading(page, "English")
        page.locator(".write-tabs label", has=page.locator("[value=remote]")).click()
        pictures(page, artifact_folder, "remote-session-form-en")
        reading(page, "中文")
        page.fill("#write-body", "")
        page.locator(".write-tabs label", has=page.locator("[value=remote]")).click()
        page.fill("[name=with_whom]", "客户甲")
        page.fill("[name=minutes]", "25")
        page.fill("[name=word]", "客户甲同意先暂停。")
        page.locator("#write-body").press_sequentially("看过服务，@服务")
        page.locator(".mention-names button").first.wait_for()
        pictures(page, artifact_folder, "remote-session-written")
        page.keyboard.press("Tab")
        assert page.input_value("#write-body") == "看过服务，@服务经理 "
        page.locator("#write .row-end .btn-primary").click()
        page.locator("#live-thread .call-facts").wait_for()
        pictures(page, artifact_folder, "remote-session-noted")
    with visits.signed_in("manager") as page:
        page.locator("#group-mentioned", has_text=number).wait_for()
        reading(page, "English")
        pictures(page, artifact_folder, "mentioned-en")
        page.locator("#group-mentioned a", has_text=number).click()
        page.locator("#live-thread").wait_for()
        page.goto("/")
        assert not page.locator("#group-mentioned", has_text=number).count()
        reading(page, "中文")
