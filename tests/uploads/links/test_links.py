"""Upload links: whoever holds one can upload to its case, and do and see nothing else."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.events import EventKind
from cases.models import Case, CaseEvent
from tests.clocks import Clock
from tests.people import signed_in
from tests.uploads.links.holder import ASKED, Holder, made
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.custody.models import Consent
from uploads.links import services as links
from uploads.links.models import UploadLink
from uploads.tasks import seal_bundle
from uploads.transfer import services
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_was_counted(settings: Any) -> None:
    cache.clear()
    settings.VENDOR_NAME = "Example Support"


def test_the_page_shows_what_is_asked_for_and_nothing_of_the_case(case: Case, jia: User) -> None:
    _, secret = made(case, jia)
    answer = Holder(secret).page()
    text = answer.content.decode()
    assert answer.status_code == 200
    assert ASKED in text and "Example Support" in text
    for hidden in (case.number, case.title, case.description, "Alice", "Jia", "Northwind"):
        assert hidden not in text
    # The path goes nowhere; the origin must, or browsers send "Origin: null" with the page's own forms.
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


def test_the_page_names_the_day_on_which_it_ends(moved_clock: Clock, case: Case, jia: User) -> None:
    _, secret = made(case, jia, expires_at=moved_clock.midnight + timedelta(days=1))
    tomorrow = moved_clock.today + timedelta(days=1)
    page = Holder(secret).page().content.decode()
    assert "The link ends on <time" in page and f">{tomorrow:%Y-%m-%d} 00:00 (UTC+08:00)</time>." in page


def test_the_secret_is_not_kept(case: Case, jia: User) -> None:
    link, secret = made(case, jia)
    assert len(secret) >= 43  # 256 bits in base64
    assert link.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(UploadLink.objects.values())


def test_nothing_is_taken_before_the_statement_is_agreed_to(case: Case, jia: User) -> None:
    _, secret = made(case, jia)
    answer = Holder(secret).create(10)
    assert answer.status_code == 403 and "privacy statement" in answer.content.decode()
    assert not Upload.objects.exists()


def test_the_agreement_stands_with_the_link_as_who(case: Case, jia: User) -> None:
    link, secret = made(case, jia)
    Holder(secret).agree()
    consent = Consent.objects.get()
    assert (consent.link, consent.user, consent.case) == (link, None, case)


def test_a_file_sent_by_link_becomes_a_bundle_that_says_so(case: Case, jia: User) -> None:
    case.change("take_up", by=jia)
    case.wait_for_customer(by=jia, reason="Please send logs.")
    link, secret = made(case, jia)
    holder = Holder(secret)
    holder.agree()
    assert holder.send(b"0123456789").status_code == 204
    bundle = Bundle.objects.get()
    assert (bundle.link, bundle.user, bundle.case) == (link, None, case)
    assert bundle.consent is not None and bundle.consent.link == link
    seal_bundle(str(bundle.pk))
    case.refresh_from_db()
    assert case.status == "analysing"  # A waiting case goes on by itself.
    resumed = case.events.get(from_status="waiting")
    assert (resumed.actor, resumed.reason) == (None, "The customer uploaded files.")
    shown = holder.page(f"/{bundle.upload_id}/card").content.decode()
    assert hashlib.sha256(b"0123456789").hexdigest() in shown
    assert "/file" not in shown  # No download for whoever holds the link.
    for who in (jia, case.contact):
        User.objects.filter(pk=who.pk).update(language="en")
        assert "by upload link" in signed_in(who).get(f"/cases/{case.number}/").content.decode()
    api = signed_in(jia).get(f"/api/bundles/{bundle.pk}/").json()
    assert (api["uploaded_by"], api["by_upload_link"]) == ("", True)


def test_an_interrupted_upload_by_link_continues(case: Case, jia: User) -> None:
    _, secret = made(case, jia)
    holder = Holder(secret)
    holder.agree()
    url = holder.create(10)["Location"]
    holder.ask("PATCH", url, b"01234", Upload_Offset="0")
    assert [upload["offset"] for upload in holder.page("/unfinished").json()["uploads"]] == [5]
    assert holder.ask("HEAD", url)["Upload-Offset"] == "5"
    assert holder.ask("PATCH", url, b"56789", Upload_Offset="5").status_code == 204


def test_a_link_touches_no_upload_but_its_own(case: Case, jia: User, alice: User) -> None:
    agree(alice, case)
    hers = services.begin_upload(user=alice, case=case, name="a.zip", size=10)
    _, other = made(case, jia)
    _, secret = made(case, jia)
    for link_secret in (other, secret):
        Holder(link_secret).agree()
    by_other = Holder(other).create(10)["Location"]
    holder = Holder(secret)
    for url in (f"/uploads/tus/{hers.pk}", by_other):
        assert holder.ask("HEAD", url).status_code == 404
        assert holder.ask("PATCH", url, b"x", Upload_Offset="0").status_code == 404
        assert holder.ask("DELETE", url).status_code == 404
    assert holder.page(f"/{hers.pk}/card").status_code == 404


def test_a_link_uploads_to_its_own_case_whatever_the_client_names(
    case: Case, jia: User, charlie: User
) -> None:
    from tests.people import report

    foreign = report(charlie)
    _, secret = made(case, jia)
    holder = Holder(secret)
    holder.agree()
    assert holder.create(10, case=foreign.number).status_code == 201
    assert Upload.objects.get().case == case


def test_a_link_opens_no_page_of_the_portal(case: Case, jia: User) -> None:
    _, secret = made(case, jia)
    holder = Holder(secret)
    holder.page()
    headers = {"Authorization": f"Link {secret}"}
    for address in (f"/cases/{case.number}/", "/api/cases/", f"/uploads/cases/{case.number}/panel"):
        assert holder.client.get(address, headers=headers).status_code in (302, 401)


@pytest.mark.parametrize("end", ["revoked", "expired", "case closed"])
def test_an_ended_link_shows_a_sentence_and_stores_nothing(case: Case, jia: User, end: str) -> None:
    link, secret = made(case, jia)
    holder = Holder(secret)
    holder.agree()
    url = holder.create(10)["Location"]
    if end == "revoked":
        links.revoke(link, by=jia)
        assert not Upload.objects.get().staged.exists()
    elif end == "expired":
        UploadLink.objects.update(expires_at=timezone.now())
    else:
        case.change("close", by=jia, reason="Done.")
    shown = holder.page()
    assert shown.status_code == 410
    assert "This upload link has ended" in shown.content.decode()
    assert ASKED not in shown.content.decode()
    for answer in (holder.create(10), holder.ask("PATCH", url, b"0123456789", Upload_Offset="0")):
        assert answer.status_code == 410
        assert "This upload link has ended" in answer.content.decode()
    assert holder.page("/unfinished").status_code == 410
    assert holder.agree().status_code == 410
    assert not Bundle.objects.exists()


def test_a_link_takes_no_more_files_than_it_allows(case: Case, jia: User) -> None:
    _, secret = made(case, jia, most_uploads=2)
    holder = Holder(secret)
    holder.agree()
    assert [holder.send(b"a").status_code for _ in range(2)] == [204, 204]
    refused = holder.create(1)
    assert refused.status_code == 403 and "used up" in refused.content.decode()
    page = holder.page().content.decode()
    assert "used up" in page and "data-drop" not in page and "The link ends on" not in page


def test_a_link_takes_no_more_bytes_than_it_allows(case: Case, jia: User) -> None:
    _, secret = made(case, jia, most_bytes=10)
    holder = Holder(secret)
    holder.agree()
    holder.send(b"123456")
    refused = holder.create(5)
    assert refused.status_code == 413 and "4 more bytes" in refused.content.decode()
    assert holder.create(4).status_code == 201


def test_a_cancelled_upload_does_not_count(case: Case, jia: User) -> None:
    _, secret = made(case, jia, most_uploads=1)
    holder = Holder(secret)
    holder.agree()
    assert holder.ask("DELETE", holder.create(10)["Location"]).status_code == 204
    assert holder.create(10).status_code == 201


def test_an_expired_upload_does_not_count(case: Case, jia: User) -> None:
    _, secret = made(case, jia, most_uploads=1)
    holder = Holder(secret)
    holder.agree()
    holder.create(10)
    assert holder.create(10).status_code == 403
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert holder.create(10).status_code == 201


def test_a_link_lives_for_sixty_days_at_most(case: Case, jia: User) -> None:
    for asked, given in ((59, 59), (61, 60), (4000, 60)):
        link, _ = made(case, jia, expires_at=timezone.now() + timedelta(days=asked))
        assert abs(link.expires_at - timezone.now() - timedelta(days=given)) < timedelta(minutes=1)


def test_each_use_stands_in_the_history(case: Case, jia: User) -> None:
    link, secret = made(case, jia)
    holder = Holder(secret)
    holder.page()
    holder.page()
    holder.agree()
    holder.send(b"a")
    links.revoke(link, by=jia)
    events = CaseEvent.objects.filter(case=case, kind=EventKind.LINK).order_by("pk")
    assert [(event.reason, event.actor) for event in events] == [
        (links.MADE, jia),
        (links.OPENED_BY_SOMEBODY, None),
        (links.AGREED, None),
        (links.BEGUN, None),
        (links.REVOKED, jia),
    ]


def test_an_engineer_makes_a_link_and_sees_its_address_once(case: Case, jia: User) -> None:
    browser = signed_in(jia)
    facts = {"asked": ASKED, "days": "7", "gigabytes": "2", "uploads": "3", "mail": ""}
    page = browser.post(f"/uploads/cases/{case.number}/links/", facts).content.decode()
    match = re.search(r"http://testserver/uploads/link/([\w-]+)", page)
    assert match is not None
    assert Holder(match[1]).page().status_code == 200
    for address in (f"/cases/{case.number}/", f"/uploads/cases/{case.number}/links/"):
        assert match[1] not in browser.get(address).content.decode()


def test_only_the_vendors_people_on_the_case_make_and_revoke_links(
    case: Case, jia: User, alice: User, ding: User, charlie: User
) -> None:
    link, _ = made(case, jia)
    for who, status in ((alice, 403), (ding, 404), (charlie, 404)):
        browser = signed_in(who)
        assert browser.get(f"/uploads/cases/{case.number}/links/").status_code == status
        assert browser.post(f"/uploads/links/{link.pk}/revoke").status_code == status
    with pytest.raises(NotAllowed):
        made(case, alice)
    link.refresh_from_db()
    assert link.revoked_at is None


def test_the_secret_does_not_stand_in_the_log(case: Case, jia: User, capfd: Any) -> None:
    _, secret = made(case, jia)
    holder = Holder(secret)
    holder.page()
    holder.agree()
    logged = capfd.readouterr()
    assert "/uploads/link/…" in logged.out + logged.err
    assert secret not in logged.out + logged.err
