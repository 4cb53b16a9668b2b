"""Signs an executable of our own with certificates made on the spot, time stamp included.

Source: Microsoft, "Windows Authenticode Portable Executable Signature Format"; RFC 5652; RFC 3161.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from demo import pe_writer
from engine.parsers.pe.authenticode import file_digest
from engine.parsers.pe.facts import checksum
from engine.parsers.pe.signed_message import SPC_INDIRECT_DATA, SpcIndirectData

CHECKSUM_AT = pe_writer.CHECKSUM_AT
DIRECTORY_AT = pe_writer.PE_AT + 24 + 96 + 4 * 8
FIELDS = (CHECKSUM_AT, DIRECTORY_AT)
SIGNED_AT = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
PE_IMAGE_DATA = "1.3.6.1.4.1.311.2.1.15"
TRUST_LIST = "1.3.6.1.4.1.311.10.1"
TIMESTAMP_TOKEN = "1.3.6.1.4.1.311.3.3.1"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))


@lru_cache(maxsize=1)
def authorities() -> tuple[Identity, Identity, Identity]:
    """A root, a publisher and a time-stamping service."""
    root = issue("Test Root", None, ca=True)
    publisher = issue("Example Software Ltd", root, purpose=ExtendedKeyUsageOID.CODE_SIGNING)
    stamper = issue("Test Time Stamping", root, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
    return root, publisher, stamper


def issue(
    name: str,
    issuer: Identity | None,
    *,
    ca: bool = False,
    purpose: x509.ObjectIdentifier | None = None,
    key: Key | None = None,
    until: datetime = datetime(2030, 1, 1, tzinfo=UTC),
    serial: int | None = None,
) -> Identity:
    """A certificate valid from 2020, signed by ``issuer`` or by itself."""
    key = key or rsa.generate_private_key(65537, 2048)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, name), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def program(filler: bytes = b"\x90", size: int = 0x600) -> bytes:
    """A small unsigned PE32 with one section."""
    image = bytearray(pe_writer.clean()[: pe_writer.HEADERS])
    struct.pack_into("<H", image, pe_writer.PE_AT + 6, 1)  # sections
    struct.pack_into("<2I", image, pe_writer.PE_AT + 12, 0, 0)  # symbols
    struct.pack_into("<2I", image, pe_writer.PE_AT + 24 + 96 + 2 * 8, 0, 0)  # resources
    section = pe_writer.PE_AT + 24 + 224
    struct.pack_into("<4I", image, section + 8, size, 0x1000, size, pe_writer.HEADERS)
    struct.pack_into("<I", image, pe_writer.PE_AT + 24 + 56, 0x1000 + pe_writer._up(size, 0x1000))
    image[section + 40 :] = bytes(len(image) - section - 40)
    image += pe_writer.RETURN_ZERO.ljust(size, filler)
    return with_checksum(image)


def sign(
    image: bytes,
    publisher: Identity | None = None,
    *,
    chain: tuple[Identity, ...] | None = None,
    stamp: bool = True,
    digest: bytes | None = None,
    counter: Callable[[bytes], cms.SignerInfo] | None = None,
    pss: bool = False,
) -> bytes:
    """The image with a certificate table behind it, checksum set anew; ``counter`` makes a countersignature
    of the old kind in place of a time stamp."""
    root, own, _stamper = authorities()
    publisher = publisher or own
    at = len(image)
    message = _message(
        digest or bytes.fromhex(file_digest(image, "sha256", FIELDS, (at, 0)) or ""),
        publisher,
        (publisher, root) if chain is None else chain,
        stamp=stamp,
        counter=counter,
        pss=pss,
    )
    return with_table(image, message)


def with_table(image: bytes, message: bytes, padding_bytes: bytes = b"") -> bytes:
    """The image with that message in its certificate table, ``padding_bytes`` behind it."""
    entry = message + padding_bytes
    entry += b"\0" * (-len(entry) % 8)
    out = bytearray(image) + struct.pack("<I2H", len(entry) + 8, 0x200, 2) + entry
    struct.pack_into("<2I", out, DIRECTORY_AT, len(image), len(entry) + 8)
    return with_checksum(out)


def catalogue(members: Iterable[bytes], *, spoiled: bool = False) -> bytes:
    """A .cat that lists these digests, signed by the publisher; ``spoiled`` signs something else."""
    root, publisher, _stamper = authorities()
    subjects = b"".join(_der(0x30, _der(4, member) + _der(0x31, b"")) for member in members)
    usage = _der(0x30, core.ObjectIdentifier("1.3.6.1.4.1.311.12.1.1").dump())
    algorithm = _der(0x30, core.ObjectIdentifier("1.3.6.1.4.1.311.12.1.2").dump() + b"\5\0")
    time = core.UTCTime(SIGNED_AT).dump()
    fields = usage + _der(4, bytes(16)) + time + algorithm + _der(0x30, subjects)
    fields += _der(0xA0, _der(0x30, b""))
    content = core.Any.load(_der(0x30, fields))
    signer = _signer(publisher, fields + b"x" if spoiled else fields, TRUST_LIST)
    wrapped = cms.ContentInfo.load(
        _der(0x30, core.ObjectIdentifier(TRUST_LIST).dump() + _der(0xA0, content.dump()))
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": wrapped,
            "certificates": [publisher.asn1, root.asn1],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def with_checksum(image: bytearray | bytes) -> bytes:
    out = bytearray(image)
    struct.pack_into("<I", out, CHECKSUM_AT, checksum(bytes(out), CHECKSUM_AT))
    return bytes(out)


def message_of(image: bytes) -> bytes:
    """The PKCS#7 message of a signed image, with what pads it."""
    at, size = struct.unpack_from("<2I", image, DIRECTORY_AT)
    return image[at + 8 : at + size]


def countersignature(
    signature: bytes,
    *,
    algorithm: str = "sha1",
    bare: bool = True,
    time: datetime | None = SIGNED_AT,
    of: bytes | None = None,
) -> cms.SignerInfo:
    """A PKCS #9 countersignature by the time stamper: with a DigestInfo in its RSA block, or with
    the ``bare`` digest; ``of`` is digested in place of what should be."""
    stamper = authorities()[2]
    assert isinstance(stamper.key, rsa.RSAPrivateKey)
    attributes = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [hashlib.new(algorithm, signature).digest()]},
    ]
    if time is not None:
        attributes.insert(1, {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(time)})]})
    covered = b"\x31" + cms.CMSAttributes(attributes).dump()[1:]
    number = stamper.key.private_numbers()
    size = (number.public_numbers.n.bit_length() + 7) // 8
    digest = hashlib.new(algorithm, of or covered).digest()
    if not bare:
        prefix = {"sha1": "3021300906052b0e03021a05000414", "md5": "3020300c06082a864886f70d020505000410"}
        digest = bytes.fromhex(prefix[algorithm]) + digest
    block = b"\0\1" + b"\xff" * (size - 3 - len(digest)) + b"\0" + digest
    value = pow(int.from_bytes(block, "big"), number.d, number.public_numbers.n).to_bytes(size, "big")
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": _sid(stamper),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
            "signed_attrs": cms.CMSAttributes(attributes),
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
            "signature": value,
        }
    )


def _message(
    digest: bytes,
    publisher: Identity,
    chain: tuple[Identity, ...],
    *,
    stamp: bool,
    counter: Callable[[bytes], cms.SignerInfo] | None = None,
    pss: bool = False,
) -> bytes:
    content = SpcIndirectData(
        {
            "data": {"type": PE_IMAGE_DATA},
            "message_digest": {"digest_algorithm": {"algorithm": "sha256"}, "digest": digest},
        }
    )
    signer = _signer(publisher, content.contents, SPC_INDIRECT_DATA, pss=pss)
    if counter is not None:
        signer["unsigned_attrs"] = [
            {"type": "counter_signature", "values": [counter(signer["signature"].native)]}
        ]
        chain = (*chain, authorities()[2])
    elif stamp:
        signer["unsigned_attrs"] = [{"type": TIMESTAMP_TOKEN, "values": [_token(signer["signature"].native)]}]
    return _signed_data("v1", SPC_INDIRECT_DATA, content.retag({"explicit": 0}), signer, chain)


def _token(signature: bytes) -> Any:
    root, _own, stamper = authorities()
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(signature).digest(),
            },
            "serial_number": 1,
            "gen_time": SIGNED_AT,
        }
    )
    signer = _signer(stamper, info.dump(), "1.2.840.113549.1.9.16.1.4")
    der = _signed_data("v3", "tst_info", core.ParsableOctetString(info.dump()), signer, (stamper, root))
    return cms.ContentInfo.load(der)


def _signed_data(
    version: str, content_type: str, content: Any, signer: cms.SignerInfo, chain: tuple[Identity, ...]
) -> bytes:
    return bytes(
        cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": cms.SignedData(
                    {
                        "version": version,
                        "digest_algorithms": [{"algorithm": "sha256"}],
                        "encap_content_info": {"content_type": content_type, "content": content},
                        "certificates": [identity.asn1 for identity in chain],
                        "signer_infos": [signer],
                    }
                ),
            }
        ).dump()
    )


def _signer(identity: Identity, content: bytes, content_type: str, *, pss: bool = False) -> cms.SignerInfo:
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [content_type]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
        ]
    )
    covered = b"\x31" + attributes.dump()[1:]
    if isinstance(identity.key, rsa.RSAPrivateKey) and pss:
        how = "rsassa_pss"
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        signature = identity.key.sign(covered, scheme, hashes.SHA256())
    elif isinstance(identity.key, rsa.RSAPrivateKey):
        how = "rsassa_pkcs1v15"
        signature = identity.key.sign(covered, padding.PKCS1v15(), hashes.SHA256())
    else:
        how = "sha256_ecdsa"
        signature = identity.key.sign(covered, ec.ECDSA(hashes.SHA256()))
    parameters = {
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        "salt_length": 32,
    }
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": _sid(identity),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": how} | ({"parameters": parameters} if pss else {}),
            "signature": signature,
        }
    )


def _sid(identity: Identity) -> cms.SignerIdentifier:
    certificate = identity.asn1
    return cms.SignerIdentifier(
        "issuer_and_serial_number",
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
    )


def later(days: int) -> datetime:
    return SIGNED_AT + timedelta(days=days)
