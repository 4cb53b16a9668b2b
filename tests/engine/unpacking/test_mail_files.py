"""A mail that was saved as a file is opened: what it says, and what is attached."""

import base64
from pathlib import Path

import pytest

from engine.analyze import analyze
from engine.artifacts import Artifact, State
from engine.unpacking.archives import mail
from engine.unpacking.unpack import unpack
from tests.engine import archive_writers as writers

HASH = "6F1C0D5E8A7B4392E1D0C9B8A7F6E5D4C3B2A190817263544536271809F0E1D2"
SAID = f"Algorithm : SHA256\r\nHash      : {HASH}\r\nPath      : C:\\App\\app.exe\r\n"


def taken(folder: Path, content: bytes, name: str = "转发.eml") -> dict[str, Artifact]:
    """The artifacts by name, without the mail's own."""
    bundle = folder / "bundle"
    bundle.mkdir()
    (bundle / name).write_bytes(content)
    artifacts = {artifact.path: artifact for artifact in unpack(bundle, folder / "out")}
    opened = artifacts.pop(name)
    assert opened.detail and opened.detail["zh-hans"].startswith("邮件，已展开")
    return artifacts


def test_what_is_attached_is_read_under_its_name(tmp_path: Path) -> None:
    logs = writers.zipped([("哈希.txt", SAID.encode())])

    artifacts = taken(tmp_path, writers.mail([("日志.zip", logs), ("a/b.bin", b"1")]))

    assert list(artifacts) == [
        "转发.eml/1.txt",
        "转发.eml/日志.zip",
        "转发.eml/日志.zip/哈希.txt",
        "转发.eml/a_b.bin",
    ]
    assert artifacts["转发.eml/日志.zip/哈希.txt"].kind == "capture"
    said = artifacts["转发.eml/1.txt"].detail
    assert said and said["zh-hans"].startswith("这是邮件正文")


def test_of_a_text_in_two_forms_one_is_read(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    content = writers.mail([], SAID, f"<html><body><pre>{SAID}</pre></body></html>")
    (bundle / "m.eml").write_bytes(content)

    document = analyze(bundle, tmp_path / "work", readers=1).document()

    assert [artifact.path for artifact in document.artifacts] == ["m.eml", "m.eml/1.html"]
    assert document.files is not None and document.files.single == ["C:\\App\\app.exe"]


def test_a_text_is_in_the_encoding_that_the_mail_names(tmp_path: Path) -> None:
    said = SAID.replace("App", "软件")
    head = (
        "Message-ID: <1@example.org>\r\nFrom: a@example.org\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )

    (text,) = taken(tmp_path, head.encode() + base64.encodebytes(said.encode("gb18030"))).values()

    assert text.path == "转发.eml/1.txt" and text.file.read_bytes().decode("utf-8-sig") == said


def test_a_mail_within_the_mail_is_opened_too(tmp_path: Path) -> None:
    inner = writers.mail([("哈希.txt", SAID.encode())])
    outer = (
        b"Message-ID: <2@example.org>\r\nFrom: a@example.org\r\nSubject: fw\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + inner
    )

    artifacts = taken(tmp_path, outer)

    assert artifacts["转发.eml/1.eml/哈希.txt"].kind == "capture"


def test_two_attachments_of_one_name_are_both_read(tmp_path: Path) -> None:
    artifacts = taken(tmp_path, writers.mail([("image.png", b"1"), ("IMAGE.png", b"2")]))

    assert [path for path in artifacts if "png" in path] == ["转发.eml/image.png", "转发.eml/3-IMAGE.png"]


def test_a_mail_nested_without_end_costs_itself_alone(tmp_path: Path) -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)
    )
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "a.eml").write_bytes(b"Message-ID: <1@example.org>\r\nFrom: a\r\nSubject: b\r\n" + deep)
    (bundle / "b.txt").write_text(SAID)

    by_path = {artifact.path: artifact for artifact in unpack(bundle, tmp_path / "out")}

    assert by_path["a.eml"].state is State.UNREADABLE and by_path["b.txt"].kind == "capture"


def test_a_header_copied_into_a_text_makes_no_mail() -> None:
    assert not mail.is_mail(b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nDate: y\r\n\r\ntext")
    assert not mail.is_mail(b"Subject: x\n")
    assert mail.is_mail(b"Received: from x\r\n by y\r\nFrom: a\r\nTo: b\r\n\r\n")
    names = (b"ARC-Seal", b"DKIM-Signature", b"X-A")
    servers = b"".join(b"%s: %s\r\n" % (name, b"x" * 1300) for name in names)
    assert mail.is_mail((b"Received: from x\r\n" + servers + b"From: a\r\nTo: b\r\n\r\n")[:4096])


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b'Content-Disposition: attachment; filename="=?utf-8?b?A?="', "1.bin"),
        (b"Content-Disposition: attachment; filename*=a; filename*0*=b", "1.bin"),
        (b"Content-Disposition: attachment;" + b";" * 10_000 + b"filename=a.log", "1.bin"),
        (b'Content-Disposition: attachment; filename="=?gb2312?b?6UboRi5sb2c=?="', "镕鐵.log"),
    ],
)
def test_a_name_that_cannot_be_read_costs_nothing_but_itself(
    tmp_path: Path, header: bytes, name: str
) -> None:
    head = b"Message-ID: <1@example.org>\r\nFrom: a\r\nTo: b\r\nContent-Type: application/x\r\n"

    (artifact,) = taken(tmp_path, head + header + b"\r\n\r\n1").values()

    assert artifact.path == f"转发.eml/{name}"


def test_a_header_that_python_cannot_read_costs_its_mail_alone(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    head = b"Message-ID: <1@example.org>\r\nFrom: a\r\nTo: b\r\n"
    kind = b"Content-Type: multipart/mixed; boundary*=a; boundary*0*=b\r\n\r\n"
    (bundle / "a.eml").write_bytes(head + kind)
    (bundle / "b.txt").write_text(SAID)

    by_path = {artifact.path: artifact for artifact in unpack(bundle, tmp_path / "out")}

    assert by_path["a.eml"].state is State.UNREADABLE and by_path["b.txt"].kind == "capture"


def test_an_encoding_that_takes_the_square_of_a_text_is_not_read(tmp_path: Path) -> None:
    head = (
        b"Message-ID: <1@example.org>\r\nFrom: a\r\nTo: b\r\nContent-Type: text/plain; charset=punycode\r\n"
    )

    (text,) = taken(tmp_path, head + b"\r\na-a0b").values()

    assert text.size == 5
