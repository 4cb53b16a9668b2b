"""Catalogues (.cat): one signature for many files, of which it lists the hashes.

Files of Windows and drivers are signed so and carry no signature of their own. A member is listed by its
Authenticode digest or by that of the whole file, SHA-1 or SHA-256, as bytes or as hexadecimal digits.
Sources: [MS-CAESO] (certificate trust lists), wintrust.h (CAT_MEMBERINFO), Microsoft, "Windows Authenticode
Portable Executable Signature Format".
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, parser

from engine.artifacts import Artifact, State
from engine.parsers.contents import Contents
from engine.parsers.parser import Parsed, Parser, Unparsable, Yields
from engine.parsers.pe.signature_facts import Message, Unreadable
from engine.parsers.sample import Sample
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import refusing
from engine.text import text

KIND = "catalogue"
MAX_BYTES = 32 * 2**20
MAX_MEMBERS = 200_000
TRUST_LIST = "1.3.6.1.4.1.311.10.1"
TRUST_LIST_DER = bytes.fromhex("06092b0601040182370a01")
INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4"
DIGEST_BYTES = {20, 32}


@dataclass(frozen=True)
class Catalogue:
    """``members`` are digests (lower-case hex) of the files that it speaks for; ``signature`` is what is
    wrong with its own, and by whom and when it was signed."""

    artifact: str
    signature: Message
    members: frozenset[str]


class _Subject(core.Sequence):
    _fields = [("identifier", core.OctetString), ("attributes", core.Any, {"optional": True})]


class _Subjects(core.SequenceOf):
    _child_spec = _Subject


def recognises(sample: Sample) -> bool:
    """By the kind of content that the message says it signs."""
    return sample.head[:1] == b"\x30" and TRUST_LIST_DER in sample.head[:200]


@refusing(Unparsable)
def parse(emit: Emit, artifact: Artifact) -> Parsed[Catalogue]:
    """Raises ``Unparsable``."""
    try:
        return artifact.state, artifact.detail, read_catalogue(artifact.path, artifact.file.read_bytes())
    except Exception as error:  # Forged structures break the library in more ways than it names.
        raise Unparsable(
            text("目录文件（.cat）已损坏，无法读取。", "The catalogue (.cat) is damaged and cannot be read.")
        ) from error


def read_catalogue(path: str, der: bytes, now: datetime | None = None) -> Catalogue:
    """Raises ``Unreadable``, and whatever the library makes of a forged structure."""
    # The libraries behind it take long to import.
    from engine.parsers.pe.signed_message import judged, signed_data

    signed = signed_data(der)
    if signed["encap_content_info"]["content_type"].dotted != TRUST_LIST:
        raise Unreadable("it signs something else than a list")
    content = _inside(signed["encap_content_info"]["content"].dump())  # below its explicit tag
    members: set[str] = set()
    for subject in _subjects(content):
        members |= _digests_of(subject)
        if len(members) > MAX_MEMBERS:
            raise Unreadable("it lists too many files")
    message = judged(signed, _inside(content), TRUST_LIST, "sha256", "", now or datetime.now(UTC))
    return Catalogue(path, message, frozenset(members))


def _inside(der: bytes) -> bytes:
    """The content of the element that begins here, without tag and length."""
    return bytes(parser.parse(der)[4])


def _subjects(content: bytes) -> Any:
    """The list of members: of the list's fields the last SEQUENCE whose elements begin with octets."""
    fields, rest = [], _inside(content)
    while rest:
        size = parser.peek(rest)
        fields.append(rest[:size])
        rest = rest[size:]
    for der in reversed([field for field in fields if field[:1] == b"\x30"]):
        try:
            subjects = _Subjects.load(der)
            for subject in subjects:
                subject["identifier"].native  # noqa: B018  Parsed lazily: this tells whether it is one.
        except (ValueError, TypeError):
            continue
        return subjects
    return ()


def _digests_of(subject: Any) -> set[str]:
    raw = subject["identifier"].native
    digests = {raw.hex()} if len(raw) in DIGEST_BYTES else set()
    told = raw.decode("utf-16-le", "replace").rstrip("\0").lower()
    if len(told) in {40, 64} and not set(told) - set("0123456789abcdef"):
        digests.add(told)
    attributes = subject["attributes"].dump() or b""
    # The digest of the file stands last in its SpcIndirectDataContent: an octet string of 20 or 32 bytes.
    at = 0
    while (at := attributes.find(INDIRECT_DER, at)) >= 0:
        at += len(INDIRECT_DER)
        for size in DIGEST_BYTES:
            place = attributes.find(bytes([4, size]), at)
            if place >= 0 and place + 2 + size <= len(attributes):
                digests.add(attributes[place + 2 : place + 2 + size].hex())
    return digests


INDIRECT_DER = bytes.fromhex("060a2b060104018237020104")


def keep(artifact: Artifact, catalogue: Catalogue, contents: Contents) -> None:
    """Adds it, and says whose it is and whether its signature holds."""
    from engine.parsers.pe.signature_text import FAULTS

    contents.catalogues.append(catalogue)
    message, count = catalogue.signature, len(catalogue.members)
    signer = message.signer or "–"
    faults = [FAULTS[fault] for fault in message.faults if fault in FAULTS]
    if faults:
        artifact.state = State.PARTLY
        artifact.detail = text(
            f"目录文件（签名者：{signer}），列出 {count:,} 个哈希；它的签名不成立："
            + "，".join(fault["zh-hans"] for fault in faults)
            + "。",
            f"A catalogue (signed by {signer}) of {count:,} {'hash' if count == 1 else 'hashes'}, whose own "
            "signature does not hold: " + ", ".join(fault["en"] for fault in faults) + ".",
        )
        return
    artifact.detail = text(
        f"目录文件（签名者：{signer}），列出 {count:,} 个哈希；签名与内容相符，根证书不作判断。",
        f"A catalogue (signed by {signer}) of {count:,} {'hash' if count == 1 else 'hashes'}; its signature "
        "fits, trust in the root certificate is not judged.",
    )


PARSER = Parser(
    kind=KIND,
    label=text("签名目录", "catalogue of signatures"),
    source="https://learn.microsoft.com/windows-hardware/drivers/install/catalog-files",
    yields=Yields.SIGNATURES,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
