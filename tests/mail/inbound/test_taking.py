"""Mail into a case: by whom, what becomes of its text and its files, and what enters no case."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from accounts.models import User
from cases.models import Case, Message, MessageKind
from cases.services import MAX_BODY_LENGTH
from cases.status import Status
from jobs.models import JobState
from mail.errors import NoMail, TooLarge
from mail.inbound import attachments, services, unsorted
from mail.inbound.models import Reading
from mail.outbound.models import MailSettings
from mail.reading.message import read_mail
from mail.store.models import MailMessage, MailState, MatchedBy, Reason
from mail.store.sources import source_of
from tests.mail.mails import HERE, PROVEN, attach, bodies, deliver, letter, outgoing, read_all
from tests.people import signed_in
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.transfer.models import Upload

ROOT = Path(__file__).resolve().parents[3]
STORED, NO_MAIL, LATER = 0, 65, 75


@pytest.fixture(autouse=True)
def _mail_server(settings: Any, tmp_path: Path) -> None:
    settings.ANJUAN_HOME = tmp_path
    settings.UPLOAD_STAGING = tmp_path / "staging"
    settings.MAIL_AUTHSERV_ID = HERE
    settings.PORTAL_URL = "https://portal.example"


def staged(name: str) -> bytes:
    return Upload.objects.get(name=name).staged.read_bytes()


def test_a_mail_is_an_entry_of_the_case_and_its_attachment_a_bundle(case: Case, alice: User) -> None:
    agree(alice, case)
    case.suspend(by=None)
    sent = bytes(attach(letter(case)))
    mail = deliver(sent)
    assert source_of(mail) == sent
    assert (mail.state, mail.matched_by, mail.case) == (MailState.TAKEN, MatchedBy.NUMBER, case)
    message = Message.objects.get(kind=MessageKind.MAIL_IN)
    assert (message.author, message.body, message.internal) == (alice, "Here are the logs.", False)
    bundle = Bundle.objects.get()
    assert (bundle.case, bundle.user, bundle.name, bundle.size) == (case, alice, "system.log", 5)
    assert bundle.consent is not None
    assert staged("system.log") == b"a log"
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS, "she wrote again"
    assert mail.entry == message
    assert not outgoing()
    assert "Here are the logs." in signed_in(alice).get(case.get_absolute_url()).content.decode()


def test_the_case_number_may_stand_in_the_address(case: Case) -> None:
    address = f"Support <support+{case.number.lower()}@vendor.example>"
    assert deliver(letter(case, Subject="logs", To="x@vendor.example", Cc=address)).state == MailState.TAKEN
    assert bodies(case) == ["Here are the logs."]


def test_an_engineer_writes_to_the_customer_by_mail(case: Case, jia: User, ding: User) -> None:
    proven = f"{HERE}; dkim=pass header.d=vendor.example header.s=s1"
    assert deliver(letter(case, results=proven, From="jia@vendor.example")).state == MailState.TAKEN
    assert not Message.objects.get(kind=MessageKind.MAIL_IN).internal
    deliver(letter(case, results=proven, From="ding@vendor.example", Message_ID="<2@x>"))
    assert MailMessage.objects.get(message_id="<2@x>").reason == Reason.NOT_HERS


def test_who_has_left_writes_into_no_case_by_mail(case: Case, alice: User) -> None:
    alice.is_active = False
    alice.save()
    mail = deliver(letter(case))
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.UNKNOWN)
    assert not bodies(case)


FORGED = {
    "no proof": None,
    "another server's word": PROVEN.replace(HERE, "mx.evil.example"),
    "a server whose name begins like ours": PROVEN.replace(HERE, f"{HERE}.evil.example"),
    "failed": f"{HERE}; dkim=pass header.d=customer.example; dmarc=fail header.from=customer.example",
    "a pass of another domain": f"{HERE}; dmarc=pass header.from=evil.example",
    "not aligned": f"{HERE}; dkim=pass header.d=evil.example",
    "a signer whose name ends alike": f"{HERE}; dkim=pass header.d=tomer.example",
    "the top domain as signer": f"{HERE}; dkim=pass header.d=example",
    "a failed signature": f"{HERE}; dkim=fail header.d=customer.example",
    "quoted by the server": f'{HERE}; spf=pass smtp.mailfrom="a; {PROVEN.partition("; ")[2]}"@evil.example',
    "in a comment": f"{HERE}; spf=none (; dmarc=pass header.from=customer.example)",
    "an open quote": f'{HERE}; spf=none smtp.mailfrom="; dmarc=pass header.from=customer.example',
}


@pytest.mark.parametrize("results", FORGED.values(), ids=FORGED)
def test_a_forged_sender_writes_into_no_case(case: Case, alice: User, results: str | None) -> None:
    agree(alice, case)
    sent = bytes(attach(letter(case, results=results)))
    mail = deliver(sent)
    assert (mail.state, mail.reason, mail.person) == (MailState.PARKED, Reason.UNPROVEN, None)
    assert not bodies(case)
    assert not Upload.objects.exists()
    assert not outgoing(), "no answer to one who may be anybody"
    assert source_of(mail) == sent


def test_only_the_topmost_word_of_our_server_counts(case: Case) -> None:
    ours = f"Authentication-Results: {HERE}; dmarc=none header.from=customer.example\n".encode()
    assert deliver(ours + bytes(letter(case))).reason == Reason.UNPROVEN
    assert not bodies(case)
    other = b"Authentication-Results: relay.example; dmarc=fail header.from=customer.example\n"
    assert deliver(other + bytes(letter(case))).state == MailState.TAKEN
    assert bodies(case)


def test_without_the_setting_no_mail_enters_a_case(case: Case, settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID = ""
    assert deliver(letter(case, results=PROVEN.removeprefix(HERE))).reason == Reason.UNPROVEN
    assert deliver(letter(case)).reason == Reason.UNPROVEN
    assert not bodies(case)


@pytest.mark.parametrize("name", ["From", "Subject", "Message-ID"])
def test_a_field_that_stands_twice_enters_no_case(case: Case, name: str) -> None:
    message = letter(case)
    mail = deliver(f"{name}: {message[name]}\n".encode() + bytes(message))
    assert mail.state == MailState.PARKED
    assert mail.reason == (Reason.NO_SENDER if name == "From" else Reason.UNPROVEN)
    assert mail.preview == "Here are the logs."
    assert not bodies(case)


def test_nobody_writes_into_a_case_of_others(case: Case, charlie: User, alice: User) -> None:
    deliver(letter(case, From="charlie@customer.example"))
    assert MailMessage.objects.get().reason == Reason.NOT_HERS
    alice.is_active = False
    alice.save()
    deliver(letter(case))
    deliver(letter(case, From="nobody@customer.example"))
    assert not bodies(case)
    reasons = set(MailMessage.objects.values_list("state", "reason"))
    assert reasons == {(MailState.PARKED, Reason.UNKNOWN), (MailState.PARKED, Reason.NOT_HERS)}


def test_a_closed_case_takes_thanks_and_stays_closed_and_hears_a_question(case: Case, alice: User) -> None:
    agree(alice, case)
    case.close(by=None)
    thanks = letter(case)
    thanks.set_content("谢谢！\n")
    assert deliver(thanks).state == MailState.TAKEN
    case.refresh_from_db()
    assert (len(bodies(case)), case.status) == (1, Status.CLOSED)
    assert deliver(attach(letter(case, Message_ID="<2@x>"))).state == MailState.TAKEN
    case.refresh_from_db()
    assert (len(bodies(case)), case.status) == (2, Status.IN_PROGRESS)


def test_the_same_mail_again_changes_nothing(case: Case, alice: User) -> None:
    message = attach(attach(letter(case)), b"", "empty.log")
    for _ in range(2):
        assert deliver(message).state == MailState.TAKEN
    agree(alice, case)
    by_another_way = b"Received: from elsewhere.example\n" + bytes(message)
    other = deliver(by_another_way)
    assert (other.state, other.reason) == (MailState.SET_ASIDE, Reason.AGAIN)
    assert len(bodies(case)) == len(bodies(case, MessageKind.SYSTEM)) == len(outgoing()) == 1
    assert not Bundle.objects.exists()


def test_a_message_id_that_is_used_twice_for_two_texts_loses_neither(case: Case) -> None:
    second = letter(case)
    second.set_content("And another thing.\n")
    assert deliver(letter(case)).state == deliver(second).state == MailState.TAKEN
    assert bodies(case) == ["Here are the logs.", "And another thing."]


def test_a_mail_without_an_id_is_known_by_its_bytes(case: Case) -> None:
    message = letter(case)
    del message["Message-ID"]
    assert deliver(message) == deliver(message)
    assert len(bodies(case)) == 1


@pytest.mark.parametrize(
    ("room", "step"),
    [
        (services, "post_message"),
        (attachments, "begin_upload"),
        (attachments, "append"),
        (attachments, "finish"),
    ],
)
def test_a_crash_between_any_two_steps_doubles_nothing(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch, room: Any, step: str
) -> None:
    agree(alice, case)
    message = attach(attach(letter(case)), b"another", "second.log")
    act: Callable[..., object] = getattr(room, step)
    calls = 0

    def crash(*args: Any, **facts: Any) -> object:
        nonlocal calls
        calls += 1
        done = act(*args, **facts)
        if calls == 1:
            raise OperationalError("the server was stopped")
        return done

    monkeypatch.setattr(room, step, crash)
    deliver(message)
    assert Reading.objects.get().state == JobState.QUEUED, "it is tried again"
    read_all()
    assert Reading.objects.get().state == JobState.DONE
    assert len(bodies(case)) == 1
    assert [(bundle.name, bundle.size) for bundle in Bundle.objects.all()] == [
        ("system.log", 5),
        ("second.log", 7),
    ]
    assert staged("second.log") == b"another"
    assert MailMessage.objects.get().done_at


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("List-Id", "<all.customer.example>"),
        ("Precedence", "Bulk"),
        ("Return-Path", "<>"),
        ("Return-Path", "<MAILER-DAEMON>"),
        ("X-Cron-Env", "<HOME=/root>"),
        ("Subject", "自动回复: 日志"),
    ],
)
def test_what_no_person_wrote_is_not_posted(case: Case, field: str, value: str) -> None:
    assert deliver(letter(case, **{field: value})).state == MailState.SET_ASIDE
    assert not bodies(case)
    assert not outgoing()


def test_without_consent_the_text_is_taken_and_the_attachment_told(case: Case, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    assert deliver(attach(letter(case), name="evil\u202egpj.exe")).state == MailState.TAKEN
    assert bodies(case) == ["Here are the logs."]
    assert not Upload.objects.exists()
    (entry,) = bodies(case, MessageKind.SYSTEM)
    (answer,) = outgoing()
    for text in (entry, answer.facts["text"]):
        assert "evilgpj.exe: Before the first upload, read the privacy statement" in text
    assert (answer.address, answer.case) == ("alice@customer.example", case)
    assert f"https://portal.example/cases/{case.number}/" in answer.facts["text"]
    assert answer.facts["answers"] == "<1@customer.example>"


def test_a_mail_program_that_wants_no_answer_by_a_program_gets_none(case: Case, alice: User) -> None:
    mail = deliver(attach(letter(case, X_Auto_Response_Suppress="All")))
    assert mail.state == MailState.TAKEN
    assert len(bodies(case, MessageKind.SYSTEM)) == 1
    assert not outgoing()


def test_an_attachment_that_finds_no_room_is_tried_again(case: Case, alice: User, settings: Any) -> None:
    agree(alice, case)
    settings.UPLOAD_DISK_RESERVE = 2**60
    deliver(attach(letter(case)))
    assert Reading.objects.get().state == JobState.QUEUED
    assert not Bundle.objects.exists()
    settings.UPLOAD_DISK_RESERVE = 0
    read_all()
    assert (len(bodies(case)), Bundle.objects.count()) == (1, 1)


def test_a_mail_above_the_limit_waits_for_the_operator(case: Case, settings: Any) -> None:
    settings.MAIL_MAX_SIZE = 100
    with pytest.raises(TooLarge):
        deliver(letter(case))


def test_names_in_chinese_charsets_are_read(case: Case, alice: User) -> None:
    agree(alice, case)
    subject = f"关于{case.number}的日志镕".encode("gb18030")
    word = b64encode("系统日志镕.zip".encode("gb18030")).decode()
    names = [
        f'attachment; filename="=?gb2312?B?{word}?="'.encode(),
        b"attachment; filename*=GB18030''%C8%D5%D6%BE.txt",
        'attachment; filename="事件.log"'.encode("gb18030"),
        'attachment; filename="utf-八.log"'.encode(),
    ]
    parts = [
        b"Content-Type: text/plain; charset=gb2312\n\n" + "朱镕基".encode("gb18030"),
        *(b"Content-Type: application/x\nContent-Disposition: " + name + b"\n\nbytes" for name in names),
    ]
    raw = (
        f"Authentication-Results: {PROVEN}\nFrom: ".encode()
        + "张三".encode("gb18030")
        + b" <alice@customer.example>\nSubject: "
        + subject
        + b'\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n'
        + b"\n--b\n".join(parts)
        + b"\n--b--\n"
    )
    assert read_mail(raw).subject == f"关于{case.number}的日志镕"
    assert deliver(raw).state == MailState.TAKEN
    assert bodies(case) == ["朱镕基"]
    names_read = [bundle.name for bundle in Bundle.objects.all()]
    assert names_read == ["系统日志镕.zip", "日志.txt", "事件.log", "utf-八.log"]


def test_a_page_becomes_text_without_markup(case: Case) -> None:
    message = letter(case)
    message.set_content("<p>One &lt;b&gt;</p><script>bad()</script>two<br>three", subtype="html")
    assert deliver(message).state == MailState.TAKEN
    assert bodies(case) == ["One <b>\n\ntwo\nthree"]


def test_a_mail_in_the_mail_is_one_file(case: Case, alice: User) -> None:
    agree(alice, case)
    message, inner = letter(case), letter(case, Subject="What the vendor said")
    message.add_attachment(attach(inner, b"deep", "deep.log"))
    message.add_attachment(b"logo", maintype="image", subtype="png", cid="<logo>", disposition="inline")
    assert deliver(message).state == MailState.TAKEN
    assert [bundle.name for bundle in Bundle.objects.all()] == ["What the vendor said.eml"]
    assert staged("What the vendor said.eml").startswith(b"Authentication-Results:")


def test_a_text_beyond_the_limit_is_cut_and_says_so(case: Case) -> None:
    message = letter(case)
    message.set_content("long " * MAX_BODY_LENGTH)
    assert deliver(message).state == MailState.TAKEN
    assert MAX_BODY_LENGTH - 1000 <= len(bodies(case)[0]) <= MAX_BODY_LENGTH
    assert bodies(case)[0].endswith("]")


def _nested(levels: int) -> bytes:
    begins = (f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(levels))
    return "".join(begins).encode()


HOSTILE = {
    "deep": _nested(100),
    "very deep": _nested(5000),
    "messages in messages": b"Content-Type: message/rfc822\n\n" * 3000,
    "many parts": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 10_000,
    "a long line": b"To: " + b"a@b.example, " * 80_000 + b"\n\nx",
    "a broken charset": b"Content-Type: text/plain; charset=\xff\xfe\x00no\n\n\xff\xfe\x00",
    "a broken encoding": b"Content-Transfer-Encoding: base64\n\n=====\xff",
    "broken words": b"X: =?x?b?\xff?=\nContent-Type: a; name==?utf-7?q?+2AA-?=\n\nx",
    "halves of letters": b"Content-Type: text/plain; charset=utf-7\n\n+2AA-",
    "nothing but nul": b"\n\x00",
    "nul": b'Content-Disposition: attachment; filename="a\x00b"\n\n\x00',
}


@pytest.mark.parametrize("rest", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_is_taken_or_kept_and_never_a_fault(
    case: Case, alice: User, rest: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    agree(alice, case)
    head = f"Authentication-Results: {PROVEN}\nFrom: alice@customer.example\nSubject: {case.number}\n"
    mail = deliver(head.encode() + rest)
    assert mail.state in {MailState.TAKEN, MailState.PARKED}
    assert bool(bodies(case)) == (mail.state == MailState.TAKEN)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("raw", [b"", b"\n\nonly a body", b"\xff" * 1000])
def test_what_is_no_mail_is_called_so(db: None, raw: bytes) -> None:
    with pytest.raises(NoMail):
        deliver(raw)


def test_a_header_without_an_end_waits_for_a_person(case: Case) -> None:
    mail = deliver(b"Subject: " + b"x" * 2**21 + b"\r\nFrom: alice@customer.example\r\n\r\nHello.\r\n")
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.UNREADABLE)


def test_a_random_mail_is_kept_with_no_fault(case: Case) -> None:
    mail = deliver(b"Subject: x\n\n" + os.urandom(10_000))
    assert mail.state == MailState.PARKED


def test_a_customers_mail_that_names_no_case_opens_one(case: Case, alice: User) -> None:
    mail = deliver(letter(case, Subject="The printer is gone"))
    assert (mail.state, mail.matched_by) == (MailState.TAKEN, MatchedBy.NEW_CASE)
    assert mail.case is not None and mail.case != case
    assert (mail.case.title, mail.case.contact) == ("The printer is gone", alice)
    assert mail.entry is not None and mail.entry.body == "Here are the logs."


def test_a_mail_that_may_open_no_case_waits_for_a_person(case: Case) -> None:
    MailSettings.objects.create(pk=1, opens_cases=False)
    mail = deliver(letter(case, Subject="The printer is gone"))
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.NO_CASE)


def test_a_storm_of_one_sender_is_parked(case: Case) -> None:
    MailSettings.objects.create(pk=1, most_an_hour=2)
    reasons = [deliver(letter(case, Message_ID=f"<{n}@x>")).reason for n in range(4)]
    assert reasons == ["", "", Reason.STORM, Reason.STORM]


def test_mails_that_earlier_versions_kept_as_files_are_taken_over(case: Case, settings: Any) -> None:
    folder = settings.ANJUAN_HOME / "mail-in" / "unsorted"
    folder.mkdir(parents=True)
    (folder / "20260101T000000Z-0123456789abcdef.eml").write_bytes(bytes(letter(case)))
    assert unsorted.adopt() == 1
    read_all()
    assert bodies(case) == ["Here are the logs."]
    assert not list(folder.iterdir())


@pytest.mark.django_db(transaction=True)
def test_the_command_reads_standard_input(case: Case, alice: User, settings: Any) -> None:
    agree(alice, case)
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "MAIL_AUTHSERV_ID": HERE,
    }

    def command(raw: bytes, **more: str) -> int:
        call = [sys.executable, "manage.py", "receive_mail"]
        done = subprocess.run(call, cwd=ROOT, env=env | more, input=raw, capture_output=True)
        assert b"Traceback" not in done.stderr, done.stderr
        return done.returncode

    assert command(bytes(attach(letter(case)))) == STORED
    assert MailMessage.objects.get().state == MailState.RECEIVED
    read_all()
    assert Bundle.objects.get().name == "system.log"
    assert command(b"") == NO_MAIL
    assert command(bytes(letter(case)), DATABASE_URL=f"{base}/nowhere") == LATER
