"""Mails within files: Outlook's winmail.dat and the envelopes of S/MIME are opened, or said to be closed."""

import os
import struct
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from mail.reading.message import read_mail
from tests.mail.builders import mail, multipart, part, plain
from tests.mail.tnef_files import (
    attribute,
    binary_property,
    compressed,
    named_property,
    number_property,
    properties,
    text_property,
    winmail,
)

RENDERING, TITLE, DATA, OF_FILE, OF_MESSAGE, BODY, CODE_PAGE = (
    0x9002,
    0x8010,
    0x800F,
    0x9005,
    0x9003,
    0x800C,
    0x9007,
)


def outlook(content: bytes, *parts: bytes) -> bytes:
    file = part("application/ms-tnef; name=winmail.dat", content, encoding="base64")
    return mail(multipart("mixed", *parts, file))


def test_files_in_a_winmail_are_attachments_by_their_long_names() -> None:
    names = properties(named_property("x"), text_property(0x3707, "系统日志.evtx"))
    content = winmail(
        attribute(CODE_PAGE, struct.pack("<II", 936, 0)),
        attribute(RENDERING, bytes(14), 2),
        attribute(TITLE, "系统日~1.EVT\0".encode("gbk"), 2),
        attribute(DATA, b"a log", 2),
        attribute(OF_FILE, names, 2),
        attribute(RENDERING, bytes(14), 2),
        attribute(TITLE, "说明.txt\0".encode("gbk"), 2),
        attribute(DATA, b"a note", 2),
    )
    read = read_mail(outlook(content, plain("日志已上传")))
    assert (read.text, read.trouble) == ("日志已上传", [])
    assert [(file.name, file.content) for file in read.attachments] == [
        ("系统日志.evtx", b"a log"),
        ("说明.txt", b"a note"),
    ]


def test_the_body_in_a_winmail_is_read_where_there_is_no_other() -> None:
    page = properties(
        number_property(0x3FDE, 936), binary_property(0x1013, "<ol><li>重启</li></ol>".encode("gbk"))
    )
    rtf = rb"{\rtf1\ansi\ansicpg936\deff0 \'d6\'d8\'c6\'f4\par \u26085?\u24535?}"
    for message, text in (
        (attribute(BODY, b"restarted\r\n\0"), "restarted"),
        (attribute(OF_MESSAGE, page), "1. 重启"),
        (attribute(OF_MESSAGE, properties(text_property(0x1000, "重启"))), "重启"),
        (attribute(OF_MESSAGE, properties(binary_property(0x1009, compressed(rtf)))), "重启\n日志"),
    ):
        read = read_mail(outlook(winmail(message)))
        assert (read.text, read.attachments, read.trouble) == (text, [], [])


def test_a_message_in_a_winmail_gives_its_files() -> None:
    inner = winmail(
        attribute(BODY, b"inner\0"), attribute(RENDERING, bytes(14), 2), attribute(TITLE, b"a.log\0", 2)
    )
    data = bytes.fromhex("0703020000000000c000000000000046") + inner + attribute(DATA, b"deep", 2)
    content = winmail(
        attribute(RENDERING, bytes(14), 2),
        attribute(OF_FILE, properties(binary_property(0x3701, data, 0xD)), 2),
    )
    read = read_mail(outlook(content))
    assert read.text == "inner"
    assert [(file.name, file.content) for file in read.attachments] == [("a.log", b"deep")]


def test_a_broken_winmail_is_a_file_and_said_so() -> None:
    good = winmail(
        attribute(RENDERING, bytes(14), 2), attribute(TITLE, b"a.log\0", 2), attribute(DATA, b"x", 2)
    )
    for content in (b"no TNEF", good + attribute(DATA, b"y" * 100)[:-50], os.urandom(1000)):
        read = read_mail(outlook(content, plain("see")))
        assert (read.text, read.trouble) == ("see", ["broken: winmail.dat"])
        assert read.attachments[-1].content == content


def _signed(inner: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "alice")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def test_a_signed_envelope_is_opened() -> None:
    inner = multipart("mixed", plain("日志已上传"), part("application/x; name=a.log", "a log"))
    envelope = part(
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", _signed(inner), encoding="base64"
    )
    read = read_mail(mail(envelope))
    assert (read.text, read.trouble) == ("日志已上传", [])
    assert [(file.name, file.content) for file in read.attachments] == [("a.log", b"a log")]


@pytest.mark.parametrize(
    "kind",
    [
        "application/octet-stream; name=smime.p7m",
        "application/octet-stream; name=SMIME.P7M; smime-type*=utf-8''signed-data",
        "application/octet-stream; smime-type=signed-data",
        "application/octet-stream; name=mail.p7m",
        "application/x-pkcs7-mime",
        "application/pkcs7-mime",
    ],
)
def test_an_envelope_is_known_by_type_name_or_parameter(kind: str) -> None:
    sealed = part(kind, _signed(plain("日志已上传")), "Content-Disposition: attachment", encoding="base64")
    read = read_mail(mail(sealed))
    assert (read.text, read.attachments, read.trouble) == ("日志已上传", [], [])


def test_an_envelope_above_a_footer_is_opened_in_its_place() -> None:
    content = _signed(part("text/html; charset=utf-8; name=mail.html", "<p>日志已上传</p>"))
    sealed = part("application/octet-stream; name=smime.p7m", content, encoding="base64")
    read = read_mail(mail(multipart("mixed", sealed, plain("由网关扫描。"))))
    assert (read.text, read.attachments) == ("日志已上传\n\n由网关扫描。", [])
    other = part("application/octet-stream; name=contract.p7m", content, encoding="base64")
    read = read_mail(mail(multipart("mixed", plain("请看"), other)))
    assert (read.text, [file.name for file in read.attachments]) == ("请看", ["contract.p7m"])


def test_an_encrypted_envelope_is_a_file_and_said_so() -> None:
    envelope = cms.ContentInfo(
        {
            "content_type": "enveloped_data",
            "content": {
                "version": "v0",
                "recipient_infos": [],
                "encrypted_content_info": {
                    "content_type": "data",
                    "content_encryption_algorithm": {"algorithm": "aes128_cbc", "parameters": bytes(16)},
                },
            },
        }
    ).dump()
    for content, trouble in (
        (envelope, "encrypted: smime.p7m"),
        (b"0junk", "broken: smime.p7m (ValueError)"),
    ):
        read = read_mail(mail(part("application/pkcs7-mime; name=smime.p7m", content, encoding="base64")))
        assert (read.text, read.trouble) == ("", [trouble])
        assert [(file.name, file.content) for file in read.attachments] == [("smime.p7m", content)]


def test_a_mail_encrypted_by_pgp_says_so() -> None:
    file = part("application/octet-stream; name=encrypted.asc", "x")
    body = multipart(
        "encrypted; protocol=application/pgp-encrypted", part("application/pgp-encrypted", "1"), file
    )
    read = read_mail(mail(body))
    assert read.trouble == ["encrypted: application/pgp-encrypted"]
    assert "encrypted.asc" in [file.name for file in read.attachments]
