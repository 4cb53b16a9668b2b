"""The link of a mail that asks for evidence: it opens the upload to its reader, and to nobody else."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tokens import digest_of
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import EvidenceRequest, ItemState
from cases.models import Case, Message
from cases.services import post_message
from cases.signals import ActivityKind, announce
from mail.notifications.models import CaseFollower
from mail.outbound.composing import compose
from mail.outbound.round_trip import check
from mail.store.models import MailMessage
from mail.store.sources import source_of
from tests.mail.bodies import bodies_of, text_of
from tests.mail.mails import as_sent, deliver, last_to, letter, send_all
from tests.people import reading_english, signed_in
from uploads.custody.privacy import version_in_force
from uploads.links import services as links
from uploads.links.models import UploadLink

pytestmark = pytest.mark.django_db
PORTAL = "https://support.vendor.example"
LINK = re.compile(rf"{PORTAL}(/uploads/link/[\w-]+)")
ITEMS = [("log", "System"), ("other", "型号照片")]


@pytest.fixture(autouse=True)
def _portal(settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def request_(case: Case, alice: User, jia: User) -> EvidenceRequest:
    return evidence_requests.ask(Case.objects.get(), by=jia, items=ITEMS, note="请尽快提供。")


def link_in(mail: MailMessage) -> str:
    (link,) = {link for body in bodies_of(as_sent(mail)) for link in LINK.findall(body)}
    return str(link)


def status_of(path: str) -> int:
    return Client().get(path).status_code


def begin(path: str, size: int = 10) -> int:
    secret = path.rpartition("/")[2]
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Authorization": f"Link {secret}"}
    meta = {"Upload-Metadata": "filename bG9nLnR4dA=="}
    return Client().post("/uploads/tus/", headers=headers | meta).status_code


def test_it_opens_the_upload_with_what_is_asked_for_in_the_readers_language(
    request_: EvidenceRequest, alice: User, case: Case
) -> None:
    mail = last_to(alice.email)
    assert "点击下方链接上传，无需登录" in mail.facts["text"]
    composed = compose(mail)
    check(mail, composed)
    visitor = Client(headers={"Accept-Language": "en"})
    answer = visitor.get(link_in(mail))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "系统日志（System.evtx）" in page and "型号照片" in page and '<html lang="zh-hans">' in page
    for hidden in (case.number, case.title, case.description, "Alice", "Jia", "Northwind", "请尽快提供"):
        assert hidden not in page
    # What the page loads later speaks as she does, until she chooses otherwise.
    assert "zh-hans" in visitor.get(reverse("javascript-catalog"))["Content-Language"]
    visitor.post(reverse("set_language"), {"language": "en"})
    assert '<html lang="en">' in visitor.get(link_in(mail)).content.decode()


def test_files_are_taken_by_it(request_: EvidenceRequest, alice: User) -> None:
    path = link_in(last_to(alice.email))
    Client().post(f"{path}/consent", {"version": version_in_force(), "agree": "1"})
    assert begin(path) == 201


def test_each_reader_has_her_own_and_a_reminder_carries_the_same(
    request_: EvidenceRequest, case: Case, alice: User, bob: User, jia: User
) -> None:
    CaseFollower.objects.create(case=case, person=bob)
    first = link_in(last_to(alice.email))
    ended = UploadLink.objects.get().expires_at
    assert ended > timezone.now() + timedelta(days=14)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        reminder: dict[str, Any] = {"by": None, "at": timezone.now(), "number": 2, "total": 3}
        announce(ActivityKind.WAITING_REMINDER, Case.objects.get(), **reminder)
        assert last_to(alice.email).kind == "waiting_reminder"
        assert link_in(last_to(alice.email)) == first
        assert link_in(last_to(bob.email)) != first
        assert [status_of(link_in(last_to(person.email))) for person in (alice, bob)] == [200, 200]
    assert UploadLink.objects.filter(request=request_).count() == 2
    assert UploadLink.objects.get(person=alice).expires_at > ended


def test_whoever_holds_it_does_not_prolong_it_by_uploading(
    request_: EvidenceRequest, case: Case, alice: User
) -> None:
    (link,) = UploadLink.objects.all()
    first = link_in(last_to(alice.email))
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        facts: dict[str, Any] = {"name": "half.zip", "missing": [("log", "System")]}
        announce(ActivityKind.ITEMS_MISSING, Case.objects.get(), by=alice, at=timezone.now(), **facts)
        assert last_to(alice.email).kind == "items_missing" and link_in(last_to(alice.email)) == first
    assert UploadLink.objects.get().expires_at == link.expires_at


def test_it_ends_with_the_request_and_with_its_reader(
    request_: EvidenceRequest, alice: User, jia: User
) -> None:
    path = link_in(last_to(alice.email))
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert status_of(path) == 410
    User.objects.filter(pk=alice.pk).update(is_active=True)
    assert status_of(path) == 200
    evidence_requests.withdraw(request_, by=jia)
    visitor = Client(headers={"Accept-Language": "en"})
    answer = visitor.get(path)
    assert answer.status_code == 410 and "请直接回复邮件" in answer.content.decode(), "in her language"
    visitor.post(reverse("set_language"), {"language": "en"})
    assert "Reply to the mail, or sign in" in visitor.get(path).content.decode()
    assert begin(path) == 410
    # A mail of it that leaves only now leads to the case.
    assert f"{PORTAL}/cases/{request_.case.number}/#upload" in text_of(as_sent(last_to(alice.email)))


def test_once_nothing_is_missing_it_takes_nothing_new_and_finishes_what_is_under_way(
    request_: EvidenceRequest, alice: User
) -> None:
    path = link_in(last_to(alice.email))
    Client().post(f"{path}/consent", {"version": version_in_force(), "agree": "1"})
    assert begin(path) == 201
    evidence_requests.note_arrivals(request_, {item.pk: "logs.zip" for item in request_.items.all()})
    assert begin(path) == 410
    page = Client(headers={"Accept-Language": "en"}).get(path)
    assert page.status_code == 200 and "data-upload-id" in page.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert status_of(path) == 410


def test_what_a_colleague_revoked_comes_back_by_no_reminder(
    request_: EvidenceRequest, alice: User, jia: User, case: Case
) -> None:
    path = link_in(last_to(alice.email))
    links.revoke(UploadLink.objects.get(), by=jia)
    assert status_of(path) == 410
    announce(ActivityKind.WAITING_REMINDER, Case.objects.get(), by=None, at=timezone.now(), number=1, total=3)
    assert last_to(alice.email).facts["action"]["url"] == f"{PORTAL}/cases/{case.number}/#upload"
    assert "您可以在案例页面上传" in last_to(alice.email).facts["text"]


def test_she_who_is_signed_in_is_led_to_the_case(request_: EvidenceRequest, alice: User, bob: User) -> None:
    path = link_in(last_to(alice.email))
    assert signed_in(alice).get(path)["Location"] == f"/cases/{request_.case.number}/#upload"
    colleague = reading_english(bob)
    page = colleague.get(path).content.decode()
    assert '<html lang="en">' in page, "a colleague at the machine has a language of her own"
    bob.refresh_from_db()
    assert bob.language == "en" and settings.LANGUAGE_COOKIE_NAME not in colleague.cookies


def test_what_opens_it_is_in_no_row_and_on_no_page_of_the_vendors(
    request_: EvidenceRequest, alice: User, jia: User
) -> None:
    path = link_in(last_to(alice.email))
    secret = path.rpartition("/")[2]
    send_all()
    mail = last_to(alice.email)
    assert secret in text_of(message_from_bytes(source_of(mail), policy=default))
    assert secret not in f"{mail.subject} {mail.facts} {mail.references}"
    assert secret not in str(UploadLink.objects.values())
    client = signed_in(jia)
    for name in ("mail", "mail-html", "mail-source"):
        assert secret not in client.get(reverse(name, args=[mail.pk])).content.decode("latin-1")
    # Not in its reader's answer either, which everybody on the case reads.
    answer = letter(request_.case, results=None)
    wrapped = (
        f"https://safe.example/?url=https%3A%2F%2Fsupport.vendor.example%2Fuploads%2Flink%2F{secret}&x=1"
    )
    answer.set_content(f"好的。\n\n> 上传文件：{PORTAL}{path}\n> {wrapped}\n")
    deliver(answer)
    assert secret not in str(list(Message.objects.values_list("body", flat=True)))


def test_whose_link_it_is_stands_on_the_case(request_: EvidenceRequest, alice: User, jia: User) -> None:
    User.objects.filter(pk=jia.pk).update(language="en")
    page = signed_in(jia).get(request_.case.get_absolute_url()).content.decode()
    assert "Link in the mail to Alice" in page


def test_nobody_gets_a_link_of_somebody_elses_by_writing_its_name(
    request_: EvidenceRequest, alice: User, bob: User, jia: User
) -> None:
    link = UploadLink.objects.get(person=alice)
    words = f"{PORTAL}/uploads/link/{link.pk} {PORTAL}/answer/result.{request_.case.pk}.1/"
    CaseFollower.objects.create(case=request_.case, person=bob)
    post_message(Case.objects.get(), by=jia, body=words)
    text = text_of(as_sent(last_to(bob.email)))
    assert f"/uploads/link/{link.pk}" in text and link_in(last_to(alice.email)).rpartition("/")[2] not in text


def test_settled_items_are_no_reason_to_end_it(request_: EvidenceRequest, alice: User) -> None:
    path = link_in(last_to(alice.email))
    evidence_requests.settle(request_.items.all()[1], ItemState.UNAVAILABLE, by=alice, reason="相机坏了")
    assert status_of(path) == 200


def test_links_of_an_earlier_version_leave_the_rows(case: Case, alice: User, jia: User) -> None:
    close = import_module("mail.migrations.0018_links_open_nothing_in_rows").close
    until = timezone.now() + timedelta(days=1)
    mails, secrets = [], []
    for state, source in (("sent", "out/x"), ("queued", "")):
        _link, secret = links.make(by=jia, case=case, expires_at=until, most_bytes=9, most_uploads=1)
        url = f"{PORTAL}/uploads/link/{secret}"
        facts = {"text": f"看 {PORTAL}/answer/abcdefgh:ijklmnop/", "action": {"label": "上传", "url": url}}
        row = {"direction": "out", "state": state, "source": source, "created_at": timezone.now()}
        more = {"address": alice.email, "person": alice, "case": case, "facts": facts}
        mails.append(MailMessage.objects.create(**row, **more))
        secrets.append(secret)
    close(apps, None)
    sent, queued = (MailMessage.objects.get(pk=mail.pk) for mail in mails)
    assert not any(secret in f"{sent.facts} {queued.facts}" for secret in secrets)
    assert "ijklmnop" not in str(sent.facts) and "ijklmnop" in queued.facts["text"]
    # Whoever has the mail that was sent still opens it; the other one gets a link that opens.
    assert UploadLink.objects.filter(digest=digest_of(secrets[0])).exists()
    assert status_of(link_in(queued)) == 200
