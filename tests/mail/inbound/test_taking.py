"""Mail into a case: what becomes of its text and its files."""

from base64 import b64encode
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case, Message, MessageKind
from cases.services import MAX_BODY_LENGTH
from cases.status import Status
from jobs.models import JobState
from mail.errors import TooLarge
from mail.inbound.models import Reading
from mail.inbound.storing import store_raw
from mail.outbound.addresses import reply_address
from mail.outbound.models import MailSettings
from mail.reading.message import read_mail
from mail.store.models import MailState, MatchedBy
from mail.store.reasons import Reason
from mail.store.sources import source_of
from tests.mail.mails import PROVEN, attach, bodies, deliver, letter, outgoing, read_all, staged
from tests.people import signed_in, suspended
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.transfer.models import Upload


def test_a_mail_is_an_entry_of_the_case_and_its_attachment_a_bundle(case: Case, alice: User) -> None:
    agree(alice, case)
    suspended(case)
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


def test_a_closed_case_takes_thanks_and_stays_closed_and_hears_a_question(case: Case, alice: User) -> None:
    agree(alice, case)
    case.change_status("close", by=None, reason="", at=timezone.now())
    thanks = letter(case)
    thanks.set_content("谢谢！\n")
    assert deliver(thanks).state == MailState.TAKEN
    case.refresh_from_db()
    assert (len(bodies(case)), case.status) == (1, Status.CLOSED)
    assert deliver(attach(letter(case, Message_ID="<2@x>"))).state == MailState.TAKEN
    case.refresh_from_db()
    assert (len(bodies(case)), case.status) == (2, Status.IN_PROGRESS)


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
    assert bodies(case) == [f"关于{case.number}的日志镕\n\n朱镕基"], "a name alone is a signature"
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


def test_a_hidden_copy_finds_its_case_by_whom_the_server_delivered_it_to(case: Case) -> None:
    raw = bytes(letter(case, Subject="logs"))
    mail = store_raw(raw, way="pipe", envelope_recipients=[reply_address(case)])
    read_all()
    mail.refresh_from_db()
    assert (mail.case, mail.matched_by) == (case, MatchedBy.REPLY_ADDRESS)
