"""Parameters of header fields are read in every form, and none of them keeps a mail from being read."""

import random
from email.message import Message
from email.parser import HeaderParser

import pytest

from mail.reading.message import read_mail
from mail.reading.mime.parameters import parameter
from tests.mail.builders import HEADER

BROKEN = ["*", "*0", "*0*", "*1", "*1*", "*00", "*9999", "*99999999999999999999", "*a", "**", "*-1", "*²"]
VALUES = ["a", "utf-8''a", "utf-8''%", "'''", '"a', '"a\\"', "", "=", "hex''zz", "idna''%ff", "b'c", "\udce9"]
NAMES = ["name", "filename", "charset", "boundary", "type", "smime-type", "report-type", "format", "method"]
TYPES = ["text/plain", "multipart/mixed", "multipart/report", "text/calendar", "message/delivery-status", ""]


def header(value: str) -> Message:
    return HeaderParser().parsestr(f"Content-Type: {value}\n\n")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("text/plain; NAME = a.log", "a.log"),
        ('text/plain; name="a;b\\"c\\\\d.log"; name=other', 'a;b"c\\d.log'),
        ('text/plain; name="C:\\temp\\a.log"', "C:\\temp\\a.log"),
        ('text/plain; x="; name=no"; name=yes', "yes"),
        ('text/plain; name="a.log', "a.log"),
        ("text/plain; name=a.log; name*=utf-8''%E6%97%A5.log", "日.log"),
        ("text/plain; name*=%E6%97%A5.log", "日.log"),
        ("text/plain; name*1=b; name*0=a; name*2*=%63", "abc"),
        ("text/plain; name*0*=utf-8'zh'%E6%97; name*1*=%A5; name*2='x'", "日'x'"),
        ("text/plain; name*=utf-8''a; name*0=b", "b"),
        ("text/plain; name*1=b", ""),
        ("text/plain; names=b", ""),
        ("name=a.log", "a.log"),
        ("", ""),
    ],
)
def test_a_parameter_is_read_in_every_form(value: str, name: str) -> None:
    assert parameter(header(value), "Content-Type", "name") == name


def test_a_broken_parameter_hides_no_other() -> None:
    raw = HEADER + b"Content-Type: multipart/mixed; boundary=b; name*=utf-8''a; name*0=a\n\n"
    assert read_mail(raw + b"--c\n--b\n\nhello\n--b--\n").text == "hello"


def test_no_parameter_keeps_a_mail_from_being_read() -> None:
    made = random.Random(8)

    def field(kind: str) -> bytes:
        pairs = [
            f"{made.choice(NAMES)}{made.choice(BROKEN)}={made.choice(VALUES)}"
            for _ in range(made.randint(1, 4))
        ]
        return "; ".join([kind, *pairs]).encode("utf-8", "surrogateescape")

    for _ in range(600):
        fields = b"Content-Type: %s\nContent-Disposition: %s\n" % (field(made.choice(TYPES)), field("inline"))
        inner = b"\n--b\n" + fields + b"\nhello \xe6\x97\n--b--\n"
        kind = field(made.choice(TYPES))
        assert read_mail(HEADER + b"Content-Type: " + kind + b"; boundary=b\n" + inner).date_text == ""
