"""A mail is read in a process of its own within time and memory, whatever was put into it."""

import os
import subprocess
import sys
from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.sandbox.sandbox import Sandbox
from mail.errors import NoMail, Unreadable
from mail.reading import sandboxed
from mail.reading.html import shown
from mail.reading.html.shown import shown_in_sandbox, shown_page
from mail.reading.message import read_mail
from mail.reading.sandboxed import read_in_sandbox, reading
from tests.mail.builders import HEADER, PNG, mail, multipart, page, part, plain
from tests.mail.tnef_files import attribute, binary_property, compressed, properties, winmail

ROOT = Path(__file__).resolve().parents[3]
MIB = 2**20


def test_a_mail_comes_out_as_it_would_here() -> None:
    raw = mail(
        multipart(
            "related",
            page('<p>日志 <img src="cid:x"></p>'),
            part("image/png; name=a.png", PNG, "Content-ID: <x>", encoding="base64"),
            part("application/x; name=a.bin", os.urandom(3 * MIB), encoding="base64"),
            part("application/x; name=empty", b""),
        ),
        "Date: Fri, 27 Nov 2020 15:13:02 +0800",
    )
    assert read_in_sandbox(raw) == read_mail(raw)


def test_what_is_no_mail_is_called_so_there_too() -> None:
    with pytest.raises(NoMail):
        read_in_sandbox(b"\n\nonly a body")


def test_a_mail_that_takes_too_long_is_read_without_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxed, "ALLOWANCE", replace(sandboxed.ALLOWANCE, cpu=1, cpu_per_mib=0))
    # A second of work several times over: a quick machine needs longer than it may, too.
    costly = ["<p>&amp;" * 200_000] * 10
    read = read_in_sandbox(mail(multipart("mixed", plain("日志"), *map(page, costly))))
    assert (read.text, read.trouble) == ("日志", ["too costly"])
    assert [len(attachment.content) for attachment in read.attachments] == [1_600_000] * 10


def read_apart(file: Path) -> tuple[int, str, int]:
    """How many bytes its files have, how its text begins, and what reading it takes: KiB at most."""
    code = (
        "import sys; from pathlib import Path\n"
        "from mail.reading.message import read_mail\n"
        "mail = read_mail(Path(sys.argv[1]).read_bytes())\n"
        "peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "print(sum(len(file.content) for file in mail.attachments), mail.text[:2], peak)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, file], cwd=ROOT, capture_output=True, text=True, check=True
    )
    size, text, peak = done.stdout.split()
    return int(size), text, int(peak)


def test_fifty_megabytes_take_less_than_256_of_memory(tmp_path: Path) -> None:
    file = tmp_path / "mail.eml"
    with file.open("wb") as out:
        out.write(HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + "日志".encode())
        out.write(b"\n--b\nContent-Type: application/x; name=a.bin\nContent-Transfer-Encoding: base64\n\n")
        out.write(encodebytes(os.urandom(37 * MIB)) + b"\n--b--\n")
    size, text, peak = read_apart(file)
    assert (size, text) == (37 * MIB, "日志")
    assert peak < 256 * 1024


@pytest.mark.parametrize("kind", ["html", "plain"])
def test_so_does_a_page_under_the_label_of_another_charset(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "mail.eml"
    with file.open("wb") as out:
        out.write(HEADER + f"Content-Type: text/{kind}; charset=iso-8859-1\n\n".encode())
        out.write(b"\xb0\xa1a" * (16 * MIB))
    size, text, peak = read_apart(file)
    assert (size, text) == (0, "啊a")
    assert peak < 256 * 1024


def _winmail_in_winmail(levels: int) -> bytes:
    content = winmail()
    for _ in range(levels):
        data = bytes.fromhex("0703020000000000c000000000000046") + content
        inner = properties(binary_property(0x3701, data, 0xD))
        content = winmail(attribute(0x9002, bytes(14), 2), attribute(0x9005, inner, 2))
    return content


HOSTILE = {
    "open comments": page("<!--" * 400_000),
    "open elements": page("<div>" * 400_000),
    "cited in cited": page("<blockquote type=cite>x" * 100_000),
    "open attributes": page("<p a='" * 300_000),
    "open tables": page("<table><tr><td>x" * 100_000),
    "endless numbers": page("&#" + "9" * 2_000_000),
    "broken bytes": part("text/plain; charset=gb2312", b"\xff" * 2_000_000),
    "open words": b"X: " + b"=?utf-8?q?" * 100_000 + b"\n\nx",
    "split words": b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\n\nx",
    "many fields": b"X-A: b\n" * 300_000 + b"\nx",
    "many parts": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 200_000,
    "nested parts": "".join(
        f"Content-Type: multipart/mixed; boundary={n}\n\n--{n}\n" for n in range(40_000)
    ).encode(),
    "messages in messages": b"Content-Type: message/rfc822\n\n" * 60_000,
    "quoted parameters": b'Content-Disposition: attachment; filename="' + b";" * 1_000_000 + b'"\n\nx',
    "open uuencode": plain("begin 644 a\n" * 150_000),
    "flowed": part("text/plain; format=flowed", "> a \n" * 300_000),
    "enriched": part("text/enriched", "<param><" * 200_000),
    "From of brackets": b"From: " + b"(<\"" * 300_000 + b"\n\nx",
    "Authentication-Results of brackets": b"Authentication-Results: mx; " + b"(" * 1_000_000 + b"\n\nx",
    "winmail of attributes": part(
        "application/ms-tnef", winmail(*[attribute(0x9002, b"", 2)] * 100_000), encoding="base64"
    ),
    "winmail in winmail": part("application/ms-tnef", _winmail_in_winmail(30), encoding="base64"),
    "winmail of properties": part(
        "application/ms-tnef", winmail(attribute(0x9003, b"\xff" * 1_000_000)), encoding="base64"
    ),
    "RTF": part(
        "application/ms-tnef",
        winmail(attribute(0x9003, properties(binary_property(0x1009, compressed(b"{\\b " * 120_000))))),
        encoding="base64",
    ),
    "recipients": b"To: " + b"a@b.example, " * 70_000 + b"\n\nx",
    "references": b"References: " + b"<a@b> " * 150_000 + b"\n\nx",
    "ends in lines": plain("超大附件\n" + ("a.b (1G) 有效期" * 60 + "\n") * 1000),
    "days in lines": plain(("超大附件" + "2026-12-2" * 100 + "\n") * 1000),
    "links in lines": plain(("<https://" + "a." * 400 + "\n") * 1000),
    "removed in lines": plain("附件被\n" * 100_000 + ("附件被a.b " * 100 + "删除\n") * 1000),
    "oversized in lines": plain(("超大附件" + "a.b" * 300 + "\n") * 1000),
    "removed": plain("attachment " * 200_000),
    "oversized": plain("超大附件" + "a" * 1_000_000),
}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sandboxed.ALLOWANCE) as sandbox:
        yield sandbox


@pytest.mark.parametrize("rest", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_is_read_within_the_time_of_the_sandbox(sandbox: Sandbox, rest: bytes) -> None:
    raw = HEADER + rest
    read = sandbox.call(reading, raw, False, size=len(raw))
    assert read.mail.sender.startswith("Alice <alice@customer.example>")
    assert sandbox.stops == 0


def test_a_page_is_made_there_with_its_pictures_in_it() -> None:
    raw = mail(
        multipart(
            "related",
            page('<p onclick="x()">日志 <img src="cid:x"><img src="https://x.example/t.gif"></p>'),
            part("image/png; name=a.png", PNG, "Content-ID: <x>", encoding="base64"),
        )
    )
    cleaned = shown_in_sandbox(raw)
    assert cleaned == shown_page(read_mail(raw))
    assert "data:image/png;base64," in cleaned.html and "onclick" not in cleaned.html
    assert cleaned.remote_images == 1


def test_a_page_that_takes_too_long_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "ALLOWANCE", replace(shown.ALLOWANCE, cpu=1, cpu_per_mib=0))
    costly = ["<p>&amp;" * 200_000] * 10
    with pytest.raises(Unreadable):
        shown_in_sandbox(mail(multipart("mixed", plain("日志"), *map(page, costly))))
