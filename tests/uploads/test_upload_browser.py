"""Uploading in a real browser to a whole portal: consent, pause, reload, a killed server, the seal."""

import hashlib
import json
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.pictures import keep_part
from tests.processes import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.processes import Portal

MIB = 2**20
SIZE = 24 * MIB + 777
SETUP = """
from accounts.models import Organisation, User
from cases.services import report_case
import json, secrets
from django.contrib.auth.hashers import make_password
password, made = make_password("%s"), []
for _ in range(%d):
    mark = secrets.token_hex(4)
    organisation = Organisation.objects.create(name=f"Upload {mark}")
    who = {"name": "Lin", "organisation": organisation, "language": "%s", "password": password}
    user = User.objects.create(email=f"{mark}@upload.example", **who)
    case = report_case(by=user, organisation=organisation, contact=user, title="Uploads in the browser")
    made.append([user.email, case.number])
print("MADE " + json.dumps(made))
"""
MADE_AT_ONCE = 8
"""To start Django for each takes longer than many a test."""
_waiting: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)


def customer_and_case(portal: "Portal", language: str) -> tuple[str, str]:
    """A new customer's address and her case's number."""
    if not _waiting[language]:
        output = portal.manage("shell", "-c", SETUP % (portal.demo_password, MADE_AT_ONCE, language))
        _waiting[language] += json.loads(re.findall(r"^MADE (.*)$", output, re.MULTILINE)[0])
    email, number = _waiting[language].pop()
    return email, number


@pytest.fixture
def bundle_file(tmp_path: Path) -> Path:
    file = tmp_path / "现场日志 logs.bin"
    file.write_bytes(os.urandom(SIZE))
    return file


@pytest.fixture
def complaints(page: "Page") -> list[str]:
    """Every one of the browser's about the page."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture(params=["en"])
def case_page(page: "Page", live_portal: "Portal", request: pytest.FixtureRequest) -> "Page":
    """Her case."""
    email, number = customer_and_case(live_portal, request.param)
    live_portal.enter(page, email)
    page.goto(f"{live_portal.url}/cases/{number}/")
    return page


def agree(page: "Page") -> None:
    page.check("#upload [name=agree]")
    page.click("#upload form .btn-primary")
    page.locator("#upload [data-drop]").wait_for()


def seal_of(page: "Page", file: Path) -> None:
    """Waits until the panel shows the file's own SHA-256."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    page.locator("#upload .bundle .hash", has_text=digest).wait_for()


def slow_down(page: "Page", mib_per_second: float) -> Any:
    """A slow line for this tab; 0 for a fast one again."""
    line = page.context.new_cdp_session(page)
    speed = int(mib_per_second * MIB) or -1
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed},
    )
    return line


def wait_for_progress(page: "Page", least: int) -> int:
    """Waits until the first row shows that many bytes; how many it shows."""
    page.wait_for_function(
        "least => (document.querySelector('[data-rows] progress')?.value ?? 0) > least", arg=least
    )
    return int(page.evaluate("document.querySelector('[data-rows] progress').value"))


def offsets_of_patches(page: "Page") -> list[int]:
    """Fills with the offset of every PATCH that the page sends from now on."""
    offsets: list[int] = []

    def note(asked: Any) -> None:
        if asked.method == "PATCH":
            offsets.append(int(asked.headers["upload-offset"]))

    page.on("request", note)
    return offsets


def test_a_customer_agrees_pauses_resumes_and_sees_the_seal(
    complaints: list[str], case_page: "Page", live_portal: "Portal", bundle_file: Path, artifact_folder: Path
) -> None:
    page = case_page
    keep_part(page.locator("#upload"), artifact_folder / "1-statement.png")
    assert page.locator("#upload [data-drop]").count() == 0
    agree(page)
    keep_part(page.locator("#upload"), artifact_folder / "2-empty.png")
    slow_down(page, 3)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 2 * MIB)
    row = page.locator("#upload [data-rows] > li")
    wait_until(lambda: "/s" in row.locator("[data-facts]").inner_text())
    facts = row.locator("[data-facts]").inner_text()
    assert re.search(r"\d MB of 24\.0 MB · [\d.]+ [KM]B/s · \d+ s left", facts), facts
    keep_part(page.locator("#upload"), artifact_folder / "3-running.png")
    row.locator("[data-pause]").click()
    assert row.locator("[data-state]").inner_text() == "Paused"
    keep_part(page.locator("#upload"), artifact_folder / "4-paused.png")
    slow_down(page, 0)
    row.locator("[data-resume]").click()
    seal_of(page, bundle_file)
    page.locator("#live-thread .bundle", has_text="SHA-256").wait_for()
    keep_part(page.locator("#upload"), artifact_folder / "5-done.png")
    assert complaints == []


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(
    case_page: "Page", live_portal: "Portal", bundle_file: Path, artifact_folder: Path
) -> None:
    page = case_page
    agree(page)
    slow_down(page, 3)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 6 * MIB)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    unfinished = page.locator("#upload [data-unfinished-part]", has_text=bundle_file.name)
    unfinished.wait_for()
    keep_part(page.locator("#upload"), artifact_folder / "6-after-reload.png")
    slow_down(page, 0)
    offsets = offsets_of_patches(page)
    page.set_input_files("#upload [data-files]", bundle_file)
    seal_of(page, bundle_file)
    assert offsets[0] >= 2 * MIB, "it began again"
    assert unfinished.is_hidden()


def test_another_file_of_the_same_name_and_size_begins_at_its_beginning(
    case_page: "Page", live_portal: "Portal", bundle_file: Path
) -> None:
    page = case_page
    agree(page)
    slow_down(page, 3)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 4 * MIB)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    bundle_file.write_bytes(os.urandom(SIZE))
    os.utime(bundle_file, (1_600_000_000, 1_600_000_000))
    slow_down(page, 0)
    offsets = offsets_of_patches(page)
    page.set_input_files("#upload [data-files]", bundle_file)
    seal_of(page, bundle_file)
    assert offsets[0] == 0


def test_a_killed_web_server_costs_the_customer_nothing(
    case_page: "Page", live_portal: "Portal", bundle_file: Path, artifact_folder: Path
) -> None:
    page = case_page
    agree(page)
    slow_down(page, 3)
    offsets = offsets_of_patches(page)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 6 * MIB)
    live_portal.web.kill()
    page.locator("#upload [data-is=offline]").wait_for()
    keep_part(page.locator("#upload"), artifact_folder / "7-offline.png")
    live_portal.web.start()
    slow_down(page, 0)
    seal_of(page, bundle_file)
    assert offsets[0] == 0 and offsets[-1] > 0


def test_a_refusal_is_shown_in_the_servers_words(
    case_page: "Page", live_portal: "Portal", tmp_path: Path, artifact_folder: Path
) -> None:
    page = case_page
    agree(page)
    empty = tmp_path / "empty.evtx"
    empty.touch()
    page.set_input_files("#upload [data-files]", empty)
    error = page.locator("#upload [data-error]", has_text="is empty (0 bytes)")
    error.wait_for()
    keep_part(page.locator("#upload"), artifact_folder / "8-failed.png")
    page.click("#upload [data-remove]")
    assert page.locator("#upload [data-rows] > li").count() == 0


def test_a_cancelled_upload_is_gone(case_page: "Page", live_portal: "Portal", bundle_file: Path) -> None:
    page = case_page
    agree(page)
    slow_down(page, 2)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 2 * MIB)
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        page.click("#upload [data-cancel]")
    assert deleted.value.status == 204
    page.reload()
    assert page.locator("#upload [data-unfinished-part]").is_hidden()


@pytest.mark.parametrize("case_page", ["zh-hans"], indirect=True)
def test_the_panel_fits_a_phone_and_speaks_chinese(
    case_page: "Page", live_portal: "Portal", bundle_file: Path, artifact_folder: Path
) -> None:
    page = case_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#upload .statement summary")
    assert "90 天" in page.locator("#upload .statement").inner_text()
    keep_part(page.locator("#upload"), artifact_folder / "9-phone-statement.png")
    agree(page)
    slow_down(page, 3)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 3 * MIB)
    keep_part(page.locator("#upload"), artifact_folder / "9-phone-running.png")
    slow_down(page, 0)
    page.locator("#upload .bundle", has_text="SHA-256").wait_for()
    page.locator("#upload .bundle .hash").wait_for()
    keep_part(page.locator("#upload"), artifact_folder / "9-phone-done.png")
    inner, outer = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert inner <= outer, "the page scrolls sideways"


def test_files_and_folders_can_be_dropped(case_page: "Page", live_portal: "Portal") -> None:
    page = case_page
    agree(page)
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["dropped bytes"], "dropped.txt"));
            const zone = document.querySelector("#upload [data-drop]");
            const all = { dataTransfer: data, bubbles: true, cancelable: true };
            for (const kind of ["dragenter", "dragover", "drop"])
                zone.dispatchEvent(new DragEvent(kind, all));
        }"""
    )
    page.locator("#upload .bundle", has_text=hashlib.sha256(b"dropped bytes").hexdigest()).wait_for(
        timeout=30_000
    )
    assert page.locator("#upload .drop-over").count() == 0
