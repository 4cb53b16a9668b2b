"""Mails made to break what reads them are taken or kept, and never a fault."""

import os

import pytest

from accounts.models import User
from cases.models import Case
from mail.errors import NoMail
from mail.store.models import MailState
from mail.store.reasons import Reason
from tests.mail.mails import PROVEN, bodies, deliver
from uploads.custody.agreements import agree


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
