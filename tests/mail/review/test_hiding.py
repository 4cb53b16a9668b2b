"""The link by which a customer alone answers is in her mail, and on no page of the vendor's."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases.answer_links.kinds import OfResult
from cases.answer_links.links import unsigned_path_of
from cases.models import Case
from mail.outbound.outbox import enqueue
from mail.store.models import MailMessage
from mail.store.sources import source_of
from tests.mail.mails import deliver, letter, send_all
from tests.people import signed_in

PORTAL = "https://support.vendor.example"
ENDS = f"{PORTAL}/mail/unsubscribe/WyJyZXBseSIsNV0:1xXjWe:r9_lVhIX9_i3NLKz00afWNDE6Yk4jokhPd73G8o5-T0/"


@pytest.fixture
def asked(case: Case, alice: User, jia: User) -> MailMessage:
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    link = f"{PORTAL}{unsigned_path_of(OfResult(alice, case))}"
    mail = enqueue(
        alice.email,
        kind="report_sent",
        text=f"解决了吗？\n{link}",
        person=alice,
        case=case,
        action={"label": "回答", "url": link},
        unsubscribe=ENDS,
    )
    send_all()
    mail.refresh_from_db()
    return mail


def pages_of(mail: MailMessage, person: User) -> bytes:
    client = signed_in(person)
    parts = [
        client.get(reverse(name, args=[mail.pk])).content for name in ("mail", "mail-html", "mail-source")
    ]
    return b"\n".join(parts)


def texts_in(source: bytes) -> str:
    parts = [part for part in message_from_bytes(source).walk() if part.get_content_maintype() == "text"]
    return "\n".join(bytes(part.get_payload(decode=True) or b"").decode() for part in parts)


def test_she_can_answer_and_nobody_of_the_vendors_finds_her_link(
    asked: MailMessage, alice: User, jia: User
) -> None:
    hers = re.search(rf"{PORTAL}(/answer/[^/\s\"]+/)", texts_in(source_of(asked)))
    assert hers and Client().get(hers[1]).status_code == 200
    token = hers[1].split("/")[2]
    source = signed_in(jia).get(reverse("mail-source", args=[asked.pk])).content
    assert "解决了吗" in texts_in(source) and f"{PORTAL}/answer/.../" in texts_in(source)
    assert token not in texts_in(source)
    assert token.encode() not in pages_of(asked, jia)
    assert ENDS.encode() in source_of(asked)
    assert message_from_bytes(source)["List-Unsubscribe"] == f"<{PORTAL}/mail/unsubscribe/.../>"
    assert b"r9_lVhIX9" not in pages_of(asked, jia)


def test_nor_in_a_mail_that_quotes_it(asked: MailMessage, case: Case, jia: User) -> None:
    hers = re.search(r"/answer/([^/\s\"]+)/", texts_in(source_of(asked)))
    assert hers
    message = letter(case, results=None)
    assert isinstance(message, EmailMessage)
    message.set_content(f"还没有。\n\n> {PORTAL}{hers[0]}\n")
    mail = deliver(message)
    assert hers[1].encode() not in pages_of(mail, jia)


def test_nor_in_a_subject_that_a_mail_program_encoded(asked: MailMessage, case: Case, jia: User) -> None:
    message = letter(case, Subject=f"转发：{ENDS}")
    mail = deliver(message)
    source = signed_in(jia).get(reverse("mail-source", args=[mail.pk])).content
    subject = str(make_header(decode_header(str(message_from_bytes(source)["Subject"]))))
    assert subject.startswith("转发") and "r9_lVhIX9_i3NLKz00afWNDE6Yk4jokhPd73G8o5" not in subject


def test_a_source_without_such_a_link_is_saved_byte_for_byte(
    asked: MailMessage, case: Case, jia: User
) -> None:
    mail = deliver(letter(case))
    saved = signed_in(jia).get(reverse("mail-source", args=[mail.pk])).content
    assert saved == source_of(mail)
