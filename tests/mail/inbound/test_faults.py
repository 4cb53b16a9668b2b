"""Mails that something breaks on: none is lost on no page, and none stands in the way of the others."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.models import Case, Message, MessageKind
from cases.services import post_message
from jobs.models import JobState
from mail.inbound import attachments, bounces, placing, unsorted
from mail.inbound import services as inbound
from mail.inbound.jobs import MAX_ATTEMPTS, MAX_FAULTS
from mail.inbound.models import Reading
from mail.inbound.storing import store_raw
from mail.outbound.outbox import enqueue, note_sent
from mail.reading.bounces import FailedRecipient
from mail.reading.message import read_mail
from mail.store import models as store
from mail.store.models import MailMessage, MailState
from mail.store.reasons import Reason
from tests.mail.mails import PROVEN, attach, bodies, deliver, letter, read_all
from tests.people import reading_english, report
from uploads.attachments.models import MessageAttachment
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
BOUNCE_WITH_NUL = (
    b"From: MAILER-DAEMON@evil.example\nTo: support@vendor.example\nSubject: failure\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    b"--b\nContent-Type: text/plain\n\nno\n"
    b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
    b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n"
    b"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <a\x00b@c>\nTo: a@b.example\n\n--b--\n"
)


def breaks(*_: object, **__: object) -> None:
    raise RuntimeError("a fault of ours")


def list_of(person: User, show: str) -> str:
    return reading_english(person).get(f"{reverse('mail-review')}?show={show}").content.decode()


def health() -> str:
    return str(Client().get(reverse("health-ready")).json()["mail"])


def test_a_mail_that_a_fault_of_ours_stops_waits_for_a_person_who_reads_why(
    case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr(inbound, "match", breaks)
        mail = deliver(letter(case))
        assert mail.state == MailState.RECEIVED
        assert "a fault of ours" in list_of(jia, "unread")
        for _attempt in range(MAX_FAULTS - 1):
            read_all()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.FAULT)
    assert Reading.objects.get().state == JobState.FAILED
    page = list_of(jia, "parked")
    assert "A fault of the portal&#x27;s stopped it." in page and "RuntimeError: a fault of ours" in page
    assert health() == "stuck"
    reading_english(jia).post(reverse("mail-read-again", args=[mail.pk]))
    read_all()
    mail.refresh_from_db()
    assert (mail.state, bodies(case)) == (MailState.TAKEN, ["Here are the logs."])
    assert health() == "ok"


def test_a_mail_waits_a_day_for_what_stands_in_its_way_outside(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as faulty:
        faulty.setattr(attachments, "take", full)
        mail = deliver(attach(letter(case)))
        for _attempt in range(MAX_FAULTS):
            read_all()
    assert Reading.objects.get().state == JobState.QUEUED
    read_all()
    mail.refresh_from_db()
    assert mail.done_at is not None and MAX_ATTEMPTS > MAX_FAULTS


def test_a_mail_whose_bytes_cannot_be_found_waits_for_a_person_in_the_end(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mail.inbound.services.sources.source_of", breaks_as_gone)
    mail = deliver(letter(case))
    Reading.objects.update(attempt=MAX_ATTEMPTS - 1)
    read_all()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.FAULT)


def breaks_as_gone(*_: object) -> bytes:
    raise FileNotFoundError("mails/in/00")


def test_a_mail_that_no_worker_has_read_is_on_a_page_and_in_health(
    case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = store_raw(bytes(letter(case)), way="pipe")
    assert str(mail.pk) in list_of(jia, "unread")
    assert health() == "ok"
    monkeypatch.setattr(store, "STUCK_AFTER", -store.STUCK_AFTER)
    assert health() == "stuck"


def test_a_mail_without_subject_and_with_a_blank_first_line_opens_its_case(case: Case, alice: User) -> None:
    message = letter(case, Subject="")
    message.set_content(" \nOur server is down since nine.\n")
    mail = deliver(message)
    assert mail.case is not None and mail.case != case
    assert mail.case.title == "Our server is down since nine."
    message = letter(case, Subject="\u3000", Message_ID="<2@customer.example>")
    message.set_content(" \n")
    mail = deliver(attach(message))
    assert mail.case is not None and mail.case.title


def test_a_bounce_that_names_a_message_with_nul_in_it_is_set_aside(case: Case) -> None:
    assert deliver(BOUNCE_WITH_NUL).state == MailState.SET_ASIDE


def test_a_message_id_that_no_line_holds_is_none(case: Case) -> None:
    characters = "".join(chr(0x4E00 + 7 * place) for place in range(990))
    raw = f"From: x@y.example\nMessage-ID: <{characters}>\nReferences: <{characters}>\nSubject: x\n\nhi\n"
    mail = deliver(raw.encode())
    assert (mail.state, mail.message_id) == (MailState.PARKED, "")


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 +0000", "Thu, 1 Jan 1903 00:00:00 +0000"])
def test_a_date_that_no_mail_has_stops_no_page(case: Case, jia: User, date: str) -> None:
    parked = deliver(letter(case, results=None, Date=date))
    assert (parked.state, parked.dated_at) == (MailState.PARKED, None)
    client = reading_english(jia)
    assert client.get(reverse("mail-review")).status_code == 200
    deliver(letter(case, Date=date, Message_ID="<2@customer.example>"))
    assert client.get(case.get_absolute_url()).status_code == 200


def test_what_a_case_refuses_waits_with_the_reason(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise NotAllowed

    monkeypatch.setattr(placing, "post_message", refuses)
    mail = deliver(letter(case))
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.REFUSED)
    assert mail.detail


def test_a_case_opened_by_mail_folds_what_the_mail_quotes(case: Case) -> None:
    message = letter(case, Subject="New trouble")
    quoted = "On 2026-11-01 10:00, Jia <jia@vendor.example> wrote:\n> old one\n> old two\n"
    message.set_content(f"New trouble since nine.\n\n{quoted}")
    mail = deliver(message)
    assert mail.entry is not None and mail.entry.kind == MessageKind.MAIL_IN
    assert mail.case is not None and mail.case.description == "New trouble since nine."


def test_a_message_id_that_came_twice_still_leads_to_its_one_case(case: Case) -> None:
    for text in ("One thing.", "Another thing."):
        message = letter(case, Message_ID="<same@customer.example>")
        message.set_content(text)
        deliver(message)
    answer = letter(
        case, Subject="and more", Message_ID="<3@x.example>", In_Reply_To="<same@customer.example>"
    )
    assert deliver(answer).case == case


def test_a_mail_to_a_case_closed_long_ago_and_its_files_are_in_the_follow_up(
    case: Case,
) -> None:
    long_ago = timezone.now() - timedelta(days=200)
    Case.objects.filter(pk=case.pk).update(closed_at=long_ago, status="closed")
    mail = deliver(attach(letter(case), PICTURE, "screen.png"))
    follow_up = Case.objects.exclude(pk=case.pk).get()
    assert mail.case == follow_up and mail.entry is not None and mail.entry.case == follow_up
    assert [picture.message for picture in MessageAttachment.objects.all()] == [mail.entry]


def test_more_files_than_are_taken_of_a_mail_are_named_in_one_line(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(alice, case)
    monkeypatch.setattr(attachments, "MAX_FILES", 2)
    message = letter(case)
    for number in range(5):
        attach(message, b"a log", f"{number}.log")
    mail = deliver(message)
    assert [set(file) for file in mail.attachments] == [{"upload"}, {"upload"}, {"name", "refused"}]
    assert Bundle.objects.count() == 2
    (told,) = Message.objects.filter(case=case, kind=MessageKind.SYSTEM)
    assert "3" in told.body


def test_files_without_end_within_a_text_are_no_files_without_end() -> None:
    raw = b"From: a@b.example\nSubject: x\n\n" + b"begin 644 a\n#0V%T\n`\nend\n" * 2000
    assert len(read_mail(raw).attachments) == 100
    body = b"--b\n\nbegin 644 a\n#0V%T\n`\nend\n"
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + body * 500 + b"--b--\n"
    assert len(read_mail(raw).attachments) == 100


def test_nothing_stays_in_the_folder_of_an_earlier_version(
    settings: Any, case: Case, jia: User, tmp_path: Any
) -> None:
    settings.ANJUAN_HOME, settings.MAIL_MAX_SIZE = tmp_path, 10_000
    folder = unsorted.folder()
    folder.mkdir(parents=True)
    for number in range(unsorted.MAX_ADOPTED):
        (folder / f"b{number:03}.eml").write_bytes(f"no header, file {number}\n".encode())
    (folder / "a.eml").write_bytes(bytes(letter(case)))
    (folder / "c.eml.refused").write_bytes(bytes(attach(letter(case, Message_ID="<2@x>"), b"x" * 20_000)))
    assert (unsorted.adopt(), unsorted.adopt(), unsorted.adopt()) == (unsorted.MAX_ADOPTED, 2, 0)
    assert not list(folder.iterdir())
    read_all()
    assert len(bodies(case)) == 2
    assert MailMessage.objects.filter(reason=Reason.UNREADABLE).count() == unsorted.MAX_ADOPTED
    assert "It cannot be read." in list_of(jia, "parked")


def test_an_answer_to_a_digest_of_several_cases_waits(case: Case, alice: User) -> None:
    other = report(alice, title="Another matter")
    quoted = (
        f"On 2026-11-01 10:00, Anjuan <support@vendor.example> wrote:\n> {case.number} a\n> {other.number} b"
    )
    message = letter(case, Subject="Re: 2 pieces of news")
    message.set_content(f"It works now.\n\n{quoted}\n")
    mail = deliver(message)
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.SEVERAL)
    message = letter(case, Subject="Re: 1 piece of news", Message_ID="<2@customer.example>")
    message.set_content(f"It works now.\n\n{quoted.rpartition(chr(10))[0]}\n> and more\n")
    assert deliver(message).case == case


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("自动回复:规则在升级后失效 {}", "您好,升级后 Outlook 的自动回复规则不生效,请协助。"),
        ("Out of office: rule does not work {}", "Please help."),
        ("告警 {}", "此邮件由系统自动发送\n\n请看上面的告警。"),
    ],
)
def test_who_writes_of_automatic_mails_in_her_case_is_no_robot(case: Case, subject: str, text: str) -> None:
    message = letter(case, Subject=subject.format(case.number))
    message.set_content(text)
    assert deliver(message).state == MailState.PARKED
    forged = PROVEN.replace("pass", "fail")
    message = letter(case, Subject=subject.format(case.number), results=forged, Message_ID="<2@x>")
    message.set_content(text)
    assert deliver(message).state == MailState.SET_ASIDE, "another wrote it in her name"
    message = letter(
        case, Subject=subject.format(case.number), Message_ID="<3@x>", Auto_Submitted="auto-replied"
    )
    message.set_content(text)
    assert deliver(message).state == MailState.SET_ASIDE, "its header says so"


def test_what_a_stranger_claims_costs_a_few_queries(case: Case) -> None:
    references = " ".join(f"<{number}@x.example>" for number in range(100))
    numbers = " ".join(f"CAS-{number:05d}-ABCDEF CAS-{number:05d}" for number in range(10000, 10020))
    raw = f"From: x@y.example\nReferences: {references}\nSubject: {numbers}\n\n{numbers}\n".encode()
    with CaptureQueriesContext(connection) as queries:
        deliver(raw)
    assert len(queries) < 60


def test_the_page_of_a_case_asks_no_more_for_more_entries(case: Case, jia: User) -> None:
    def asked() -> int:
        client = reading_english(jia)
        with CaptureQueriesContext(connection) as queries:
            client.get(case.get_absolute_url())
        return len(queries)

    asked()
    before = asked()
    for number in range(10):
        post_message(case, by=jia, body=f"word {number}")
    assert asked() <= before + 3


def test_whatever_a_storage_raises_mails_are_fetched_on(
    settings: Any, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    settings.IMAP_HOST = "imap.vendor.example"
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise SystemExit

    monkeypatch.setattr("mail.inbound.imap.opened", breaks)
    monkeypatch.setattr("mail.management.commands.fetch_mail.time.sleep", pause)
    monkeypatch.setattr("mail.management.commands.fetch_mail.close_old_connections", lambda: None)
    with pytest.raises(SystemExit):
        call_command("fetch_mail")
    assert len(pauses) == 2


def test_a_mail_that_came_back_before_it_was_noted_as_sent_stays_so(case: Case, alice: User) -> None:
    mail = enqueue(alice.email, kind="reply", text="x", person=alice, case=case)
    failed = FailedRecipient(alice.email, "5.1.1", "failed", "550 no such user", mail.message_id)
    assert bounces.record([failed], reporter="postmaster@customer.example")
    note_sent(mail)
    mail.refresh_from_db()
    assert mail.state == MailState.BOUNCED and mail.done_at is not None
