"""A mail that our own reader does not read as it was meant does not leave, and a person is told: each is
tampered with in its bytes."""

from base64 import encodebytes
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from cases.models import Case
from cases.services import post_message
from mail.errors import NotAsMeant
from mail.notifications import receivers
from mail.notifications.telling import tell
from mail.outbound.composing import compose
from mail.outbound.outbox import enqueue, enqueue_raw
from mail.outbound.round_trip import check
from mail.store.models import MailMessage, MailState
from mail.store.reasons import NotSent
from tests.mail.mails import outgoing, send_all
from uploads.attachments.services import attach

ANSWER = "张女士，您好：\n\n日志已收到，正在分析。"
EARLIER = "服务每次重启后都停止，请帮忙看看是什么原因。"
STEPS = b"1. Stop the service.\n2. Start it.\n"


@pytest.fixture(autouse=True)
def _portal(settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "Vendor Support <support@vendor.example>"
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def answer(case: Case, alice: User, jia: User) -> MailMessage:
    post_message(case, by=alice, body=EARLIER)
    entry = post_message(case, by=jia, body=ANSWER)
    attach(entry, name="steps.log", content=STEPS, content_type="text/plain", by=jia)
    return enqueue(alice.email, kind="reply", text=ANSWER, person=alice, case=case, entry=entry)


def with_texts(raw: bytes, change: Callable[[str], str]) -> bytes:
    """The mail with its text and page changed."""
    for part in message_from_bytes(raw).walk():
        if part.get_content_maintype() == "text" and part.get_filename() is None:
            encoded, content = part.get_payload(), part.get_payload(decode=True)
            assert isinstance(encoded, str) and isinstance(content, bytes)
            changed = encodebytes(change(content.decode()).encode()).replace(b"\n", b"\r\n")
            raw = raw.replace(encoded.encode(), changed)
    return raw


def unfolded(text: str) -> str:
    """Without the marks by which a mail program, and our own reader, fold what is old."""
    for mark in ("blockquote", "gmail_quote_container", "gmail_quote", "gmail_attr", "写道：", "====="):
        text = text.replace(mark, "div" if mark == "blockquote" else "")
    return "\n".join(line.removeprefix("> ") for line in text.split("\n"))


@pytest.mark.parametrize(
    ("tamper", "wrong"),
    [
        (lambda raw: raw.replace(b"Message-ID: <", b"Message-ID: <x"), "its Message-ID is not read back"),
        (lambda raw: raw.replace(b"\r\nReferences: ", b"\r\nX-R: "), "its References are not read back"),
        (lambda raw: raw.replace(b"\nIn-Reply-To: ", b"\nX-I: "), "its In-Reply-To is not read back"),
        (
            lambda raw: raw.replace(b"Content-Language: zh-Hans", b"Content-Language: en"),
            "it is not in the language of its text",
        ),
        (
            lambda raw: with_texts(raw, lambda text: text.replace('lang="zh-hans"', 'lang="en"')),
            "it is not in the language of its text",
        ),
        (
            lambda raw: with_texts(raw, lambda text: text.replace("直接回复本邮件", "Simply answer")),
            "it is not in the language of its text",
        ),
        (lambda raw: raw.replace(encodebytes(STEPS).strip(), b"eHh4"), "a file of it is not read back"),
        (
            lambda raw: with_texts(raw, lambda text: text.replace("正在分析", "没有收到")),
            "its text is not read back",
        ),
        (lambda raw: with_texts(raw, unfolded), "the thread below it is not folded"),
    ],
)
def test_what_is_not_read_back_is_found(
    answer: MailMessage, tamper: Callable[[bytes], bytes], wrong: str
) -> None:
    composed = compose(answer)
    check(answer, composed)
    tampered = tamper(composed.raw)
    assert tampered != composed.raw
    with pytest.raises(NotAsMeant) as found:
        check(answer, replace(composed, raw=tampered))
    assert str(found.value) == wrong


def test_a_mail_around_which_all_is_in_another_language_is_found(answer: MailMessage) -> None:
    written = dict(answer.facts)
    answer.facts |= {"language": "en"}
    composed = compose(answer)
    answer.facts = written
    with pytest.raises(NotAsMeant, match="not in the language"):
        check(answer, composed)


def test_a_mail_that_is_not_as_it_was_meant_does_not_leave_and_her_engineer_is_told(
    case: Case,
    alice: User,
    jia: User,
    root: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receivers, "tell", tell)
    User.objects.filter(pk=jia.pk).update(language="en")
    action = {"label": f"{settings.MEDIA_ROOT}/uploads/x", "url": "https://portal.example/"}
    mail = enqueue(alice.email, kind="reply", text=ANSWER, person=alice, case=case, action=action)
    send_all()
    mail.refresh_from_db()
    assert (mail.state, mail.reason, mail.source) == (MailState.FAILED, NotSent.HELD_BACK, "")
    assert mail.detail == "it holds a path of this machine"
    assert django_mail.outbox == []
    send_all()
    assert sorted(sent.to[0] for sent in django_mail.outbox) == [jia.email, root.email]
    (told,) = [told for told in outgoing() if told.address == jia.email]
    assert (
        "A mail of this case to Alice (alice@customer.example) could not be delivered." in told.facts["text"]
    )
    with override("en"):
        assert mail.why in told.facts["text"]


CODE = (
    "From: support@vendor.example\r\nTo: {to}\r\nSubject: Your code\r\nMessage-ID: {name}\r\n\r\n{text}\r\n"
)


@pytest.mark.parametrize(
    ("to", "name", "text", "detail"),
    [
        ("alice@customer.example", "<1@vendor.example>", "12345678", None),
        ("bob@customer.example", "<1@vendor.example>", "12345678", "it goes to somebody else"),
        (
            "alice@customer.example, bob@customer.example",
            "<1@vendor.example>",
            "12345678",
            "it goes to somebody else",
        ),
        ("alice@customer.example", "<2@vendor.example>", "12345678", "its Message-ID is not read back"),
        ("alice@customer.example", "<1@vendor.example>", "", "its text is not read back"),
        (
            "alice@customer.example",
            "<1@vendor.example>",
            "12345678 {media}/uploads/x",
            "it holds a path of this machine",
        ),
    ],
)
def test_a_code_goes_to_whom_it_was_written_for(
    alice: User, settings: Any, to: str, name: str, text: str, detail: str | None
) -> None:
    raw = CODE.format(to=to, name=name, text=text.format(media=settings.MEDIA_ROOT)).encode()
    facts: dict[str, Any] = {"kind": "code", "subject": "Your code", "message_id": "<1@vendor.example>"}
    mail = enqueue_raw(raw, alice.email, person=alice, dated_at=timezone.now(), **facts)
    send_all()
    mail.refresh_from_db()
    if detail is None:
        assert (mail.state, len(django_mail.outbox)) == (MailState.SENT, 1)
    else:
        assert (mail.state, mail.reason, mail.detail) == (MailState.FAILED, NotSent.HELD_BACK, detail)
        assert not django_mail.outbox


@pytest.mark.parametrize("name", ["王小明，运维部（上海）" * 8, 'Li, "Ann" <x@y.example>', "=?utf-8?q?x?="])
def test_whatever_she_is_called_she_gets_her_code(alice: User, name: str) -> None:
    User.objects.filter(pk=alice.pk).update(name=name[:100])
    send_mail("Your code", "12345678", None, [alice.email])
    send_all()
    assert [sent.to for sent in django_mail.outbox] == [["alice@customer.example"]]
