"""Raw mails by hand: a library would set right what real mailers send wrong."""

import base64
import hashlib
import quopri
from collections.abc import Sequence
from dataclasses import dataclass, field

CRLF = b"\r\n"


def encoded_words(text: str, charset: str = "utf-8") -> str:
    """A header text as encoded words (RFC 2047), of up to 12 characters each."""
    if text.isascii():
        return text
    words = [text[place : place + 12] for place in range(0, len(text), 12)]
    return "\r\n ".join(
        f"=?{charset}?B?{base64.b64encode(word.encode(charset)).decode()}?=" for word in words
    )


def transferred(content: bytes, encoding: str) -> bytes:
    """``content`` in a transfer encoding (RFC 2045, 6)."""
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", CRLF)
    if encoding == "quoted-printable":
        return quopri.encodestring(content.replace(b"\r\n", b"\n")).replace(b"\n", CRLF)
    return content


@dataclass(frozen=True)
class Part:
    """One leaf or branch of a mail."""

    content_type: str
    content: bytes = b""
    encoding: str = "8bit"
    headers: Sequence[tuple[str, str]] = ()
    parts: Sequence["Part"] = ()

    def fields(self) -> list[tuple[str, str]]:
        """Its header fields."""
        return [
            ("Content-Type", self.content_type),
            ("Content-Transfer-Encoding", self.encoding),
            *self.headers,
        ]

    def body(self) -> bytes:
        """What stands below its header."""
        if not self.parts:
            return transferred(self.content, self.encoding)
        boundary = self.content_type.partition('boundary="')[2].partition('"')[0].encode()
        inner = b"".join(
            b"--" + boundary + CRLF + header(part.fields()) + CRLF + part.body() + CRLF for part in self.parts
        )
        return inner + b"--" + boundary + b"--" + CRLF


def header(fields: Sequence[tuple[str, str]]) -> bytes:
    """Header fields as bytes; characters beyond ASCII go out as UTF-8, as some mailers do."""
    return b"".join(f"{name}: {value}".encode() + CRLF for name, value in fields)


def text(
    written: str, charset: str = "utf-8", encoding: str = "base64", kind: str = "plain", declared: str = ""
) -> Part:
    """A text part; ``declared`` is the charset that it says, where that is another."""
    content = written.replace("\n", "\r\n").encode(charset, "strict")
    return Part(f'text/{kind}; charset="{declared or charset}"', content, encoding)


def page(written: str, charset: str = "utf-8", encoding: str = "base64") -> Part:
    """An HTML part."""
    return text(written, charset, encoding, kind="html")


def several(kind: str, *parts: Part) -> Part:
    """``multipart/<kind>``, with the same boundary for the same parts."""
    number = hashlib.sha256(b"".join(part.body() for part in parts)).hexdigest()[:16]
    return Part(f'multipart/{kind}; boundary="----=_Part_{number}"', parts=parts, encoding="7bit")


def file(
    name: str, content: bytes, content_type: str = "application/octet-stream", *, style: str = "2047"
) -> Part:
    """An attachment whose name is written by RFC 2047, RFC 2231 or as bare GBK bytes would be (UTF-8)."""
    if style == "2231":
        percent = "".join(f"%{byte:02X}" for byte in name.encode())
        disposition = f"attachment; filename*=UTF-8''{percent}"
    else:
        shown = name if style == "raw" else encoded_words(name).replace("\r\n ", " ")
        disposition = f'attachment; filename="{shown}"'
    return Part(content_type, content, "base64", [("Content-Disposition", disposition)])


@dataclass(frozen=True)
class Envelope:
    """The header fields that all mails have, and further ones on top."""

    sender: str
    to: str
    subject: str
    message_id: str
    date: str = "Fri, 27 Nov 2020 15:13:02 +0800"
    results: Sequence[str] = ()
    extra: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def mail(self, body: Part) -> bytes:
        """The whole mail."""
        fields = [
            *(("Authentication-Results", result) for result in self.results),
            ("From", self.sender),
            ("To", self.to),
            ("Subject", self.subject),
            ("Date", self.date),
            *([("Message-ID", self.message_id)] if self.message_id else []),
            *self.extra,
            ("MIME-Version", "1.0"),
            *body.fields(),
        ]
        return header(fields) + CRLF + body.body()
