"""The log collector in the portal: who sets it up, what the customer downloads, what it uploads."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from analysis.reports.models import Report
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases.evidence_requests.kinds import ItemKind
from cases.evidence_requests.powershell import quoted
from cases.models import Case
from tests.analysis import bundles
from tests.people import signed_in
from tests.uploads.collector.test_collector import HOSTILE, emulated, is_wrong
from tests.uploads.tus_client import CHUNK, metadata
from uploads.bundles.models import Bundle
from uploads.collector.models import CollectorRequest
from uploads.collector.options import FORMS, PARTS
from uploads.custody.models import Consent
from uploads.custody.privacy import version_in_force
from uploads.links import services as links
from uploads.links.models import UploadLink
from uploads.tasks import seal_bundle
from uploads.transfer import services, writing


def offer(case: Case, by: User, **changed: Any) -> Any:
    """Fills the form in."""
    facts = {"logs": "System", "days": "30", "paths": "", "registry": "", "parts": ["messages"]}
    return signed_in(by).post(f"/uploads/cases/{case.number}/collector/", facts | changed)


def script_in(answer: Any) -> str:
    """The script in a downloaded zip."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        name = next(member for member in archive.namelist() if member.endswith(".ps1"))
        return archive.read(name).decode("utf-8-sig")


@pytest.mark.django_db
def test_the_customer_downloads_what_the_engineer_chose(case: Case, jia: User, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    alice.refresh_from_db()
    browser = signed_in(alice)
    address = f"/uploads/cases/{case.number}/collector.zip"
    assert address not in browser.get(f"/cases/{case.number}/").content.decode()
    assert browser.post(address).status_code == 404
    assert offer(case, jia, paths=HOSTILE[0]).status_code == 302
    assert address in browser.get(f"/cases/{case.number}/").content.decode()
    script = script_in(browser.post(address))
    assert is_wrong(script) == []
    assert quoted(HOSTILE[0]) in script and quoted(case.number) in script
    link = UploadLink.objects.get()
    assert link.is_collector and link.case == case and link.expires_at < timezone.now() + timedelta(days=15)
    assert CollectorRequest.objects.get().made_by == jia


@pytest.mark.django_db
def test_the_form_says_which_line_it_does_not_take(case: Case, jia: User) -> None:
    User.objects.filter(pk=jia.pk).update(language="en")
    jia.refresh_from_db()
    answer = offer(case, jia, paths="C:\\a.exe\nC:\\*.exe")
    assert "“C:\\*.exe” cannot be collected" in answer.content.decode()
    assert not CollectorRequest.objects.exists()


@pytest.mark.django_db
def test_only_the_vendors_people_of_the_case_set_it_up(
    case: Case, alice: User, ding: User, charlie: User
) -> None:
    assert [offer(case, who).status_code for who in (alice, ding, charlie)] == [403, 404, 404]


@pytest.mark.django_db
def test_the_collector_uploads_by_its_own_link(case: Case, jia: User, alice: User) -> None:
    """The requests of ``Send-Bundle``, one by one."""
    offer(case, jia)
    script = script_in(signed_in(alice).post(f"/uploads/cases/{case.number}/collector.zip"))
    secret = re.search(r"Secret = '([\w-]+)'", script)
    assert secret is not None and "Portal = 'http://testserver'" in script
    machine = Client(
        enforce_csrf_checks=True,
        headers={"Authorization": f"Link {secret[1]}", "Tus-Resumable": "1.0.0", "Accept-Language": "en"},
    )
    old = machine.post("/uploads/link-consent", {"agree": "1", "version": "0"})
    assert old.status_code == 403 and "privacy statement has changed" in old.content.decode()
    assert not Consent.objects.exists()
    form_data = {"agree": "1", "version": version_in_force()}
    assert machine.post("/uploads/link-consent", form_data).status_code == 204
    created = machine.post(
        "/uploads/tus/", headers={"Upload-Length": "10", "Upload-Metadata": metadata(filename="日志.zip")}
    )
    assert created.status_code == 201
    url = created["Location"]
    for offset, part in ((0, b"01234"), (5, b"56789")):
        assert machine.head(url)["Upload-Offset"] == str(offset)
        answer = machine.generic("PATCH", url, part, CHUNK, headers={"Upload-Offset": str(offset)})
        assert answer["Upload-Offset"] == str(offset + 5)
    bundle = Bundle.objects.get()
    assert bundle.name == "日志.zip" and bundle.link is not None and bundle.link.is_collector
    links.revoke(bundle.link, by=jia)
    assert machine.post("/uploads/link-consent", form_data).status_code == 410


@pytest.mark.django_db
def test_what_the_collector_uploads_becomes_a_report(
    case: Case, jia: User, alice: User, tmp_path: Path
) -> None:
    bundles.baseline()
    link, _ = links.make_for_collector(by=alice, answers=jia, case=case)
    links.agree(link)
    body = emulated(tmp_path, [], bundles.TAMPERED).read_bytes()
    upload = links.begin_upload(link, "CAS-1-PC-7.zip", len(body))
    writing.append(upload, io.BytesIO(body), 0)
    bundle = services.finish(upload)
    seal_bundle(str(bundle.pk))
    run = runs.bundle_runs(bundle).get()
    execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None, run.error
    rules = {finding["rule"] for finding in run.document["findings"]}
    assert {"service-terminated-unexpectedly", "file-tampered"} <= rules
    assert "collector-manifest" not in rules  # Nothing changed on the way.
    assert Report.objects.get(run=run).case == case


@pytest.mark.django_db
def test_without_a_link_nobody_agrees_to_anything() -> None:
    form_data = {"agree": "1", "version": version_in_force()}
    assert Client().post("/uploads/link-consent", form_data).status_code == 404
    assert (
        Client().post("/uploads/link-consent", form_data, headers={"Authorization": "Link x"}).status_code
        == 404
    )
    assert not Consent.objects.exists()


@pytest.mark.parametrize("kind", ItemKind)
def test_what_of_a_request_the_collector_brings_is_an_option_that_it_has(kind: ItemKind) -> None:
    assert kind.facts.collector in {"", *PARTS, *FORMS}
