"""An upload link in a real browser: nobody is signed in, the file arrives, a revoked link says so."""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pictures import keep_page
from tests.uploads.test_upload_browser import agree, complaints, slow_down, wait_for_progress

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.processes import Portal

__all__ = ["complaints"]

SETUP = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Organisation, User
from cases.services import report_case
from uploads.links import services as links
import json, secrets
mark = secrets.token_hex(4)
organisation = Organisation.objects.create(name=f"Link {mark}")
user = User.objects.create_user(f"{mark}@link.example", None, name="Lin", organisation=organisation)
boss = User.objects.create_user(f"{mark}@vendor.example", None, name="Wei", role="manager")
case = report_case(by=user, organisation=organisation, contact=user, title="Nobody may read this")
link, secret = links.make(by=boss, case=case, expires_at=timezone.now() + timedelta(days=1),
    most_bytes=2**30, most_uploads=3, asked="System.evtx of the last week")
print("MADE " + json.dumps([str(link.pk), secret]))
"""
REVOKE = """
from uploads.links.models import UploadLink
from uploads.links import services as links
link = UploadLink.objects.get(pk="%s")
links.revoke(link, by=link.made_by)
"""


@pytest.fixture
def link(live_portal: "Portal") -> tuple[str, str]:
    """A new link's id and secret."""
    output = live_portal.manage("shell", "-c", SETUP)
    pk, secret = json.loads(re.findall(r"^MADE (.*)$", output, re.MULTILINE)[0])
    return pk, secret


def test_a_visitor_uploads_by_link(
    complaints: list[str],
    page: "Page",
    live_portal: "Portal",
    link: tuple[str, str],
    tmp_path: Path,
    artifact_folder: Path,
) -> None:
    page.goto(f"{live_portal.url}/uploads/link/{link[1]}")
    page.get_by_text("System.evtx of the last week").wait_for()
    assert "Nobody may read this" not in page.content()
    agree(page)
    body = os.urandom(3_000_000)
    file = tmp_path / "系统日志.zip"
    file.write_bytes(body)
    page.set_input_files("#upload [data-files]", file)
    page.locator(".bundle .hash", has_text=hashlib.sha256(body).hexdigest()).wait_for()
    keep_page(page, artifact_folder / "link-done.png")
    page.set_viewport_size({"width": 390, "height": 844})
    keep_page(page, artifact_folder / "link-phone.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("link", name="下载").count() == 0
    assert complaints == []


def test_a_link_revoked_in_mid_upload_says_so(
    page: "Page", live_portal: "Portal", link: tuple[str, str], tmp_path: Path
) -> None:
    page.goto(f"{live_portal.url}/uploads/link/{link[1]}")
    agree(page)
    file = tmp_path / "logs.bin"
    file.write_bytes(os.urandom(24 * 2**20))
    slow_down(page, 0.5)
    page.set_input_files("#upload [data-files]", file)
    wait_for_progress(page, 2**20)
    live_portal.manage("shell", "-c", REVOKE % link[0])
    slow_down(page, 0)
    page.locator("[data-rows] [data-error]").get_by_text("上传").wait_for()
    page.reload()
    page.get_by_text("此上传链接已失效").wait_for()
