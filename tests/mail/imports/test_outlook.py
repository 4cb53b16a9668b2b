"""Mails as older Outlooks save them, in 8 bits, and mails below what editors put above them."""

import pytest
from compressed_rtf import compress

from mail.imports import services
from mail.reading.old_threads import SourceKind, kind_of
from tests.mail.imports.outlook import ansi_mail

HTML, RTF, BINARY = 0x1013, 0x1009, 0x0102


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (ansi_mail("朱镕基：日志已传。".encode("gbk"), code_page=936), "朱镕基：日志已传。"),
        (ansi_mail("日誌已傳。".encode("cp950"), code_page=950), "日誌已傳。"),
        (ansi_mail("①サービスが停止".encode("cp932"), code_page=932), "①サービスが停止"),
        (ansi_mail("서비스 중지".encode("cp949"), code_page=949), "서비스 중지"),
        (ansi_mail("日志已传，请看一下。".encode("gbk")), "日志已传，请看一下。"),
        (ansi_mail("日志已传，请看一下。".encode("gbk"), code_page=50227), "日志已传，请看一下。"),
        (ansi_mail("<p>镕</p>".encode("gbk"), code_page=936, tag=HTML, kind=BINARY), "镕"),
        (
            ansi_mail(
                compress(rb"{\rtf1\ansi\ansicpg936 \'c8\'d5\'d6\'be\par}"),
                code_page=936,
                tag=RTF,
                kind=BINARY,
            ),
            "日志",
        ),
    ],
)
def test_a_mail_of_an_outlook_that_writes_8_bits_is_read(raw: bytes, body: str) -> None:
    assert [(mail.address, mail.body) for mail in services.read(raw).mails] == [("cu@client.example", body)]


@pytest.mark.parametrize("above", [b"\xef\xbb\xbf", b"\r\n\r\n", b"\xef\xbb\xbf\n"])
def test_a_mail_below_a_mark_or_blank_lines_is_a_mail(above: bytes) -> None:
    raw = above + b"From: cu@client.example\nMessage-ID: <1@x>\nSubject: s\n\nhi\n"
    assert kind_of(raw) == SourceKind.MAIL
    assert [(mail.address, mail.body) for mail in services.read(raw).mails] == [("cu@client.example", "hi")]
