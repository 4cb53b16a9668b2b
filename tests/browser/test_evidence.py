"""Evidence from the asking to the last file: on the customer's screen, live, and on the engineer's desk."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.people import Visits, pictures

if TYPE_CHECKING:
    pass

EXECUTABLE = r"C:\Program Files\它\a's service.exe"
HASH = (
    "Algorithm : SHA256\r\n"
    f"Hash      : {'7682DD44179B9956B2BA33A1332B5E13' * 2}\r\n"
    f"Path      : {EXECUTABLE}\r\n"
)


def log(folder: Path) -> Path:
    """A System.evtx of two crashes on 24 November 2020."""
    from tests.analysis import bundles

    file = folder / "System.evtx"
    file.write_bytes(bundles.log(folder, 200))
    return file


def test_a_customer_sees_at_once_what_has_arrived_and_what_is_missing(
    visits: Visits, artifact_folder: Path, tmp_path: Path
) -> None:
    with visits.signed_in("customer") as page:
        page.goto("/cases/new/")
        page.fill("input[name=title]", "服务每天早上意外停止")
        page.fill("textarea[name=happens]", "开机后服务停止，手工启动后过一会儿又停。")
        page.fill("input[name=incident_at]", "2020-11-24T09:01")
        expect(page.locator("[data-own-zone]")).to_have_text("Asia/Shanghai")
        pictures(page, artifact_folder, "1-report")
        page.click("form.card button.btn-primary")
        page.wait_for_url(re.compile(r"/cases/CAS-"))
        address = page.url
        expect(page.locator("#live-now")).to_contain_text("2020-11-24 09:01 (UTC+08:00)")

    with visits.signed_in("manager") as page:
        page.goto(address + "request/?preset=service-crash")
        page.locator("input[name=logs][value=Application]").uncheck()
        page.locator("input[name=things][value=msinfo]").uncheck()
        page.fill("textarea[name=hashes]", EXECUTABLE)
        page.fill("textarea[name=note]", "辛苦了，只需要这两项。")
        pictures(page, artifact_folder, "2-ask")
        page.locator("form[data-keep=request] button.btn-primary").click()
        expect(page.locator("#live-request")).to_contain_text("0 / 2")
        pictures(page, artifact_folder, "3-asked-engineer")

    with visits.signed_in("customer") as page:
        page.goto(address)
        turn = page.locator("#live-turn")
        expect(turn).to_contain_text("System.evtx")
        turn.locator(".asked summary").nth(1).click()
        expect(turn.locator(".asked-command")).to_contain_text(r"'C:\Program Files\它\a''s service.exe'")
        pictures(page, artifact_folder, "4-asked-customer")
        page.check("input[name=agree]")
        page.click("form.agree button")
        page.set_input_files("[data-files]", log(tmp_path))
        check = page.locator("#upload .check").first
        expect(check).to_contain_text("1 / 2")
        expect(check).to_contain_text("a's service.exe")
        # The list above follows without a reload, and the case still waits for her.
        expect(turn.locator(".asked-arrived")).to_have_count(1)
        pictures(page, artifact_folder, "5-half-customer")

        with visits.signed_in("manager") as desk:
            desk.goto(address)
            expect(desk.locator("#live-request")).to_contain_text("1 / 2")
            pictures(desk, artifact_folder, "6-half-engineer")
            desk.goto("/cases/?status=waiting")
            row = desk.locator("tr", has=desk.locator(f"a[href='{address[address.index('/cases/') :]}']"))
            expect(row).to_contain_text("1 / 2")

        hash_file = tmp_path / "hash.txt"
        hash_file.write_text(HASH, "utf-16")
        page.set_input_files("[data-files]", hash_file)
        # Both cards, the older one too, say so by themselves.
        whole = page.locator("#upload .check", has_text="所需材料已全部收到")
        expect(whole).to_have_count(2)
        expect(turn.locator(".your-turn")).to_have_count(0)
        expect(page.locator("#live-stages .turn")).to_have_count(0)
        pictures(page, artifact_folder, "7-complete-customer")
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        pictures(page, artifact_folder, "8-complete-customer-en")
        page.get_by_role("button", name="中文").click()
