"""What is asked for is one list: the collector collects it, an upload link shows it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from analysis.checks import services as bundle_checks
from cases.evidence_requests import services as evidence_requests
from cases.models import Case
from tests.analysis import bundles
from tests.people import signed_in
from uploads.bundles.models import Bundle
from uploads.collector.in_force import offer
from uploads.collector.models import CollectorRequest
from uploads.collector.options import Options
from uploads.links import services as links
from uploads.links.models import UploadLink
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.ANJUAN_HOME = tmp_path / "home"
    settings.MEDIA_ROOT = tmp_path / "media"


def made(case: Case, jia: User, **facts: Any) -> tuple[UploadLink, str]:
    allowed: dict[str, Any] = {"expires_at": timezone.now() + timedelta(days=1), "most_uploads": 9}
    return links.make(by=jia, case=case, most_bytes=2**30, **allowed, **facts)


def seen(address: str) -> str:
    return Client().get(address, headers={"Accept-Language": "en"}).content.decode()


def test_an_open_request_is_what_the_collector_collects(case: Case, alice: User, jia: User) -> None:
    items = [
        ("log", "System"),
        ("hash", r"C:\Program Files\App\app.exe"),
        ("hash", "only a name.exe"),
        ("dump", ""),
        ("other", "Which cable?"),
    ]
    since = timezone.now() - timedelta(days=6, hours=12)
    evidence_requests.ask(case, by=jia, items=items, since=since)
    offered = offer(case)
    assert offered is not None and offered.made_by == jia
    assert offered.options == Options(
        logs=("System",),
        days=7,
        files=(r"C:\Program Files\App\app.exe",),
        system=False,
        software=False,
        drivers=False,
        patches=False,
        dumps=True,
    )
    # The form begins with it, and the customer can download it at once.
    form = signed_in(jia).get(f"/uploads/cases/{case.number}/collector/").context["form"]
    assert form.initial["paths"] == r"C:\Program Files\App\app.exe"
    assert signed_in(alice).post(f"/uploads/cases/{case.number}/collector.zip").status_code == 200


def test_what_has_arrived_is_not_collected_again(case: Case, jia: User) -> None:
    request = evidence_requests.ask(case, by=jia, items=[("log", "System"), ("picture", "")])
    evidence_requests.note_arrivals(request, {request.items.all()[0].pk: "System.evtx"})
    assert offer(case) is None, "no script takes a photo"


def test_the_newer_of_setting_and_request_is_in_force(case: Case, jia: User) -> None:
    evidence_requests.ask(case, by=jia, items=[("log", "System")])
    by_hand = Options(logs=("Setup",))
    CollectorRequest.objects.create(case=case, made_by=jia, options=by_hand.document())
    offered = offer(case)
    assert offered is not None and offered.options == by_hand


def test_a_link_shows_the_list_where_its_maker_says_so(case: Case, jia: User) -> None:
    evidence_requests.ask(case, by=jia, items=[("log", "System")], note="Between us two")
    browser = signed_in(jia)
    form_data = {"days": 1, "gigabytes": 1, "uploads": 2, "shows_request": "on"}
    address = browser.post(f"/uploads/cases/{case.number}/links/", form_data).context["address"]
    page = seen(address[address.index("/uploads/") :])
    assert "System log (System.evtx)" in page and "eventvwr" in page
    assert "Between us two" not in page and case.title not in page and "I cannot send this" not in page
    _link, secret = made(case, jia)
    assert "System log" not in seen(f"/uploads/link/{secret}")


@pytest.mark.parametrize("shown", [True, False])
def test_whoever_holds_a_link_learns_of_her_own_upload_and_nothing_else(
    case: Case, alice: User, jia: User, tmp_path: Path, shown: bool
) -> None:
    evidence_requests.ask(case, by=jia, items=[("log", "System"), ("dump", "")])
    case.incident_at = timezone.now()
    case.save()
    content = bundles.log(tmp_path)
    bundles.sealed(case, alice, content, "secret name.evtx")
    link, secret = made(case, jia, shows_request=shown)
    upload = Upload.objects.create(
        case=case, link=link, name="x", size=1, offset=1, expires_at=link.expires_at
    )
    bundle = bundles.sealed(case, alice, content, "System.evtx")
    Bundle.objects.filter(pk=bundle.pk).update(user=None, link=link, upload=upload)
    bundle_checks.queue(bundle)
    bundle_checks.run(bundle.pk)
    card = seen(f"/uploads/link/{secret}/{upload.pk}/card")
    assert "8 records" in card and "secret name" not in card
    assert ("Still missing" in card) == ("ends on" in card) == ("before it happened" in card) == shown
