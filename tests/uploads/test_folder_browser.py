"""In a real browser: folders, an ended sign-in, a lost line, leaving, comparing the hash, the keyboard."""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pictures import keep_part
from tests.processes import wait_until
from tests.uploads.test_upload_browser import (
    MIB,
    agree,
    bundle_file,
    case_page,
    complaints,
    offsets_of_patches,
    seal_of,
    slow_down,
    wait_for_progress,
)

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

    from tests.processes import Portal

__all__ = ["bundle_file", "case_page", "complaints"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two logs of the same name in a folder and below it."""
    logs = tmp_path / "现场 logs"
    (logs / "old").mkdir(parents=True)
    (logs / "System.evtx").write_bytes(os.urandom(3000))
    (logs / "old" / "System.evtx").write_bytes(os.urandom(4000))
    return logs


def is_whole_folder(page: "Page", folder: Path) -> bool:
    for file in (folder / "System.evtx", folder / "old" / "System.evtx"):
        seal_of(page, file)
        name = str(file.relative_to(folder.parent))
        page.locator("#upload .bundle .upload-name").get_by_text(name, exact=True).wait_for()
    return True


def test_a_folder_is_dropped_and_its_files_keep_their_paths(
    complaints: list[str], case_page: "Page", live_portal: "Portal", folder: Path, artifact_folder: Path
) -> None:
    page = case_page
    agree(page)
    drop = page.locator("#upload [data-drop]")
    drop.scroll_into_view_if_needed()
    box = drop.bounding_box()
    assert box is not None
    line = page.context.new_cdp_session(page)
    dragged = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": box["x"] + 20, "y": box["y"] + 20}
        line.send("Input.dispatchDragEvent", {"type": kind, "data": dragged, **place})
    assert is_whole_folder(page, folder)
    keep_part(page.locator("#upload"), artifact_folder / "1-folder.png")
    assert complaints == []


def test_a_folder_is_chosen_with_the_keyboard_alone(
    case_page: "Page", live_portal: "Portal", folder: Path
) -> None:
    page = case_page
    # Listened for from the start: the browser hands choosers over only some time after it was asked to.
    page.on("filechooser", lambda chooser: chooser.set_files(folder))
    page.locator("#upload .statement summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#upload [data-drop] [data-choose]:focus").wait_for()
    page.keyboard.press("Tab")
    page.locator("#upload [data-choose-folder]:focus").wait_for()
    page.keyboard.press("Enter")
    assert is_whole_folder(page, folder)
    # What a screen reader is told, and what it calls the parts.
    assert "System.evtx: Complete" in page.locator("#upload [aria-live=polite][data-say]").inner_text()
    assert page.locator("#upload progress:not([aria-label])").count() == 0


def test_a_file_chosen_the_moment_after_the_consent_is_taken(
    case_page: "Page", live_portal: "Portal"
) -> None:
    page = case_page
    page.evaluate("""window.addEventListener("htmx:afterSwap", () => {
        const input = document.querySelector("#upload [data-files]");
        if (!input || window.choseOnce) return;
        window.choseOnce = true;
        const chosen = new DataTransfer();
        chosen.items.add(new File(["7034"], "at-once.log"));
        input.files = chosen.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    })""")
    agree(page)
    page.locator("#upload [data-rows] .upload-name", has_text="at-once.log").wait_for()


def test_too_many_files_are_refused_with_a_sentence(
    case_page: "Page", live_portal: "Portal", tmp_path: Path
) -> None:
    page = case_page
    agree(page)
    many = tmp_path / "many"
    many.mkdir()
    for number in range(201):
        (many / f"{number}.txt").write_text("x")
    page.set_input_files("#upload [data-folder]", many)
    page.locator("#upload [data-say]", has_text="more than 200 files").wait_for()
    assert page.locator("#upload [data-rows] > li").count() == 0


def test_an_ended_sign_in_costs_no_bytes(
    case_page: "Page", live_portal: "Portal", bundle_file: Path, artifact_folder: Path
) -> None:
    page = case_page
    agree(page)
    number = page.url.rstrip("/").rpartition("/")[2]
    email = live_portal.sql(
        "select email from accounts_user u join cases_case c on c.contact_id = u.id "
        f"where c.number = '{number}'"
    ).strip()
    slow_down(page, 3)
    offsets = offsets_of_patches(page)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 6 * MIB)
    row = page.locator("#upload [data-rows] > li")
    row.locator("[data-pause]").click()
    page.context.clear_cookies()
    row.locator("[data-resume]").click()
    page.locator("#upload [data-is=signedout]").wait_for()
    assert "Sign in again in a new tab" in row.locator("[data-error]").inner_text()
    keep_part(page.locator("#upload"), artifact_folder / "2-signed-out.png")
    with page.context.expect_page() as opened:
        row.locator("[data-sign-in]").click()
    tab = opened.value
    tab.fill("[name=login]", email)
    tab.fill("[name=password]", live_portal.demo_password)
    tab.press("[name=password]", "Enter")
    tab.wait_for_url(f"{live_portal.url}/")
    tab.close()
    slow_down(page, 0)
    row.locator("[data-resume]").click()
    seal_of(page, bundle_file)
    assert offsets[-1] >= 2 * MIB, "it began again"
    begun = live_portal.sql(
        f"select count(*) from uploads_upload where name = '{bundle_file.name}' and gone_at is null"
    )
    assert int(begun) >= 1


def test_a_lost_line_is_found_again(
    case_page: "Page", live_portal: "Portal", bundle_file: Path, artifact_folder: Path
) -> None:
    page = case_page
    agree(page)
    line = slow_down(page, 3)
    offsets = offsets_of_patches(page)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 6 * MIB)
    nothing = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", nothing)
    page.locator("#upload [data-is=offline]").wait_for()
    keep_part(page.locator("#upload"), artifact_folder / "3-lost-line.png")
    line.send("Network.emulateNetworkConditions", nothing | {"offline": False})
    seal_of(page, bundle_file)
    assert offsets[-1] > 0


def test_a_request_that_went_dead_is_made_anew(
    case_page: "Page", live_portal: "Portal", bundle_file: Path
) -> None:
    """A machine that slept: the request neither moves nor fails."""
    page = case_page
    page.clock.install()
    agree(page)
    dead = []

    def swallow(route: "object") -> None:
        dead.append(route)

    page.route("**/uploads/tus/*", lambda route: swallow(route) if not dead else route.continue_())
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_until(lambda: page.evaluate("1") and dead)
    page.clock.fast_forward(120_000)
    page.clock.resume()
    seal_of(page, bundle_file)


def test_leaving_in_mid_upload_is_warned_of(
    case_page: "Page", live_portal: "Portal", bundle_file: Path
) -> None:
    page = case_page
    agree(page)
    slow_down(page, 3)
    page.set_input_files("#upload [data-files]", bundle_file)
    wait_for_progress(page, 2 * MIB)
    asked: list[str] = []

    def stay(dialog: "Dialog") -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.evaluate("setTimeout(() => location.reload())")
    wait_until(lambda: page.evaluate("1") and asked)
    assert asked == ["beforeunload"]
    slow_down(page, 0)
    seal_of(page, bundle_file)


def test_the_hash_is_compared_by_a_command_to_copy(
    case_page: "Page", live_portal: "Portal", tmp_path: Path, artifact_folder: Path
) -> None:
    page = case_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    agree(page)
    file = tmp_path / "Jia's log.txt"
    file.write_bytes(b"one line")
    page.set_input_files("#upload [data-files]", file)
    seal_of(page, file)
    digest = hashlib.sha256(b"one line").hexdigest().upper()
    expected = f"(Get-FileHash -Algorithm SHA256 -LiteralPath 'Jia''s log.txt').Hash -eq '{digest}'"
    page.click("#upload .compare summary")
    page.click("#upload .compare [data-copy]")
    page.locator("#upload .compare [data-copy]", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == expected
    keep_part(page.locator("#upload"), artifact_folder / "4-compare.png")
