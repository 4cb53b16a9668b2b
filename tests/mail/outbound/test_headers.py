"""What people write in titles and names stays a title and a name in the header of a mail."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from typing import Any

import pytest

from accounts.models import User
from cases.models import Case
from mail.outbound.composing import compose
from mail.outbound.outbox import enqueue
from mail.outbound.round_trip import check
from mail.reading.message import read_mail

START, END = "[案例号: {}] % ", " % 初次响应 CMIT:0000001"


@pytest.fixture(autouse=True)
def _sender(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "案卷技术支持 <support@vendor.example>"


def fields(raw: bytes) -> dict[str, list[str]]:
    """The header as mail programs decode it; its bytes are ASCII, and no line is too long for any of them."""
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 160
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    message = message_from_bytes(raw, policy=compat32)
    decoded: dict[str, list[str]] = {}
    for name, value in message.items():
        decoded.setdefault(name, []).append(str(make_header(decode_header(value))))
    return decoded


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("证书服务无法启动" * 20, "证书服务无法启动" * 14 + "证书服务无法启…"),
        ("服务\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}停止", None),
        ("🔥 生产线停机 🔥", None),
        ("خدمة الشهادات لا تعمل", None),
        ("\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "gpj.exe"),
        ("标题\r\nBcc: eve@elsewhere.example\r\n\r\nHello", "标题 Bcc: eve@elsewhere.example Hello"),
        ("a\N{LINE SEPARATOR}Bcc: eve@elsewhere.example", "a Bcc: eve@elsewhere.example"),
        ("=?utf-8?b?W+ahiOS+i+WPtzogWF0=?=", "＝?utf-8?b?W+ahiOS+i+WPtzogWF0＝?="),
        ("{number} % {title} %s %(x)s", None),
        ("tab\there", "tab here"),
    ],
)
def test_a_title_in_the_subject(case: Case, alice: User, title: str, shown: str | None) -> None:
    case.title = title
    mail = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    composed = compose(mail)
    check(mail, composed)
    (subject,) = fields(composed.raw)["Subject"]
    assert subject.startswith(START.format(case.number)) and subject.endswith(END)
    said = subject.removeprefix(START.format(case.number)).removesuffix(END)
    assert said == (title if shown is None else shown)
    assert "Bcc" not in fields(composed.raw)
    assert read_mail(composed.raw).subject == subject


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张晓明（华东区信息化管理部·证书组）", None),
        ('O\'Brien, "Jim" (IT) <eve@elsewhere.example>', None),
        ("Alice\r\nBcc: eve@elsewhere.example", "Alice Bcc: eve@elsewhere.example"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}ecilA", "ecilA"),
        ("=?utf-8?q?eve?=", "＝?utf-8?q?eve?="),
        ("", ""),
    ],
)
def test_a_name_in_the_to_field(case: Case, alice: User, name: str, shown: str | None) -> None:
    alice.name = name
    mail = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    header = fields(compose(mail).raw)
    (to,) = header["To"]
    expected = name if shown is None else shown
    quoted = expected.replace('"', '\\"')
    assert to in {
        f"{expected} <alice@customer.example>",
        f'"{quoted}" <alice@customer.example>',
        "alice@customer.example",
    }
    assert header["From"] == ["案卷技术支持 <support@vendor.example>"]
    assert "Bcc" not in header


def test_a_domain_of_other_letters_is_written_as_dns_has_it(case: Case) -> None:
    mail = enqueue("wang@例子.example", kind="reply", text="您好", case=case)
    assert fields(compose(mail).raw)["To"] == ["wang@xn--fsqu00a.example"]
