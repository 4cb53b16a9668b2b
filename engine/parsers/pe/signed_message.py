"""PKCS#7 signed messages of Authenticode: who signed, is the signature right, who vouches, when.

Nothing is asked of a network or of this machine's trust store: certificates are those embedded
in the message, and trust in the topmost one is left open. Source of facts: Microsoft, "Windows
Authenticode Portable Executable Signature Format" (2008); RFC 2315 (PKCS #7), RFC 5652 9.2 and
11.4 (signed attributes, countersignature), RFC 3161 2.4.2 (TSTInfo).
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from engine.parsers.pe.signature_facts import Certificate, Message, Timestamp, Unreadable
from engine.text_safety import printable

SPC_INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4"
CODE_SIGNING = "code_signing"
MAX_CHAIN = 10
MAX_NAME_LENGTH = 200
TIMESTAMP_TYPES = {"microsoft_time_stamp_token", "1.3.6.1.4.1.311.3.3.1", "signature_time_stamp_token"}
COUNTER_TYPES = {"counter_signature", "1.2.840.113549.1.9.6"}
NESTED_TYPES = {"microsoft_nested_signature", "1.3.6.1.4.1.311.2.4.1"}
HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303  Old signatures carry it; it is told, not trusted.
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class SpcAttribute(core.Sequence):
    """``SpcAttributeTypeAndOptionalValue``: what kind of thing was signed."""

    _fields = [("type", core.ObjectIdentifier), ("value", core.Any, {"optional": True})]


class SpcIndirectData(core.Sequence):
    """``SpcIndirectDataContent``: the digest of the executable."""

    _fields = [("data", SpcAttribute), ("message_digest", algos.DigestInfo)]


def read_message(der: bytes) -> Message:
    """Raises ``Unreadable``; whatever is wrong within a readable message is a fault of it."""
    try:
        return _message(der)
    except Unreadable:
        raise
    except Exception as error:  # Forged structures break the libraries in more ways than they name.
        raise Unreadable(f"{type(error).__name__}: {str(error)[:MAX_NAME_LENGTH]}") from error


def _message(der: bytes) -> Message:
    signed = _signed_data(der)
    content = signed["encap_content_info"]["content"]
    if signed["encap_content_info"]["content_type"].dotted != SPC_INDIRECT_DATA:
        raise Unreadable("it signs something else than an executable")
    spc = content.parse(SpcIndirectData)
    stated = spc["message_digest"]
    algorithm = stated["digest_algorithm"]["algorithm"].native
    if len(signed["signer_infos"]) != 1:
        raise Unreadable(f"{len(signed['signer_infos'])} signers")
    signer = signed["signer_infos"][0]
    certificates = _certificates(signed)
    faults: list[str] = []
    own = _certificate_of(signer, certificates)
    chain: tuple[Certificate, ...] = ()
    root = False
    if own is None:
        faults.append("no_certificate")
    else:
        faults += _verify_signer(signer, own, spc.contents, SPC_INDIRECT_DATA)
        chain, root = _chain(own, certificates)
        if any(link.issued_by_next is False for link in chain):
            faults.append("chain")
        usage = own.extended_key_usage_value
        if usage is not None and CODE_SIGNING not in usage.native:
            faults.append("purpose")
    timestamp = _timestamp(signer, certificates)
    if timestamp is not None and timestamp.holds is False:
        faults.append("timestamp")
    if own is not None and timestamp is not None and timestamp.holds:
        within = _text(own.not_valid_before) <= timestamp.time <= _text(own.not_valid_after)
        if not within:
            faults.append("expired_when_signed")
    return Message(
        digest_algorithm=str(algorithm),
        digest=stated["digest"].native.hex(),
        signer=_name(own.subject) if own is not None else None,
        organisation=_organisation(own.subject) if own is not None else None,
        chain=chain,
        root_embedded=root,
        timestamp=timestamp,
        nested=tuple(value.dump() for value in _unsigned(signer, NESTED_TYPES)),
        faults=tuple(faults),
    )


def _signed_data(der: bytes) -> Any:
    info = cms.ContentInfo.load(der)
    if info["content_type"].native != "signed_data":
        raise Unreadable("it is no signed message")
    return info["content"]


def _certificates(signed: Any) -> list[Any]:
    chosen = signed["certificates"]
    return [choice.chosen for choice in chosen if choice.name == "certificate"] if chosen else []


def _certificate_of(signer: Any, certificates: Iterable[Any]) -> Any:
    sid = signer["sid"]
    for certificate in certificates:
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            if (
                certificate.serial_number == wanted["serial_number"].native
                and certificate.issuer == wanted["issuer"]
            ):
                return certificate
        elif certificate.key_identifier == sid.chosen.native:
            return certificate
    return None


def _verify_signer(signer: Any, own: Any, content: bytes, content_type: str | None) -> list[str]:
    """The faults of one signature over ``content`` (the bytes without tag and length)."""
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if algorithm not in HASHES:
        return ["unsupported"]
    digest = hashlib.new(algorithm, content).digest()
    attributes = signer["signed_attrs"]
    covered = content
    if attributes:
        values = {attribute["type"].native: attribute["values"] for attribute in attributes}
        if "message_digest" not in values or values["message_digest"][0].native != digest:
            return ["attributes"]
        if content_type is not None and (
            "content_type" not in values or values["content_type"][0].dotted != content_type
        ):
            return ["attributes"]
        covered = b"\x31" + attributes.dump()[1:]  # signed as a SET, stored under a tag of its own
    verified = _verify(own, signer["signature_algorithm"], signer["signature"].native, covered, algorithm)
    if verified is None:
        return ["unsupported"]
    return [] if verified else ["signature"]


def _verify(own: Any, how: Any, signature: bytes, covered: bytes, algorithm: str) -> bool | None:
    try:
        key = _loaded(own).public_key()
        if isinstance(key, rsa.RSAPublicKey):
            scheme: Any = padding.PKCS1v15()
            if how.signature_algo == "rsassa_pss":
                salt = how["parameters"]["salt_length"].native
                scheme = padding.PSS(padding.MGF1(HASHES[algorithm]), salt)
            key.verify(signature, covered, scheme, HASHES[algorithm])
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, covered, ec.ECDSA(HASHES[algorithm]))
        else:
            return None
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, x509.InvalidVersion, ValueError, TypeError, KeyError):
        return None
    return True


def _loaded(own: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(own.dump())


# -- Who vouches ------------------------------------------------------------------------


def _chain(own: Any, certificates: list[Any]) -> tuple[tuple[Certificate, ...], bool]:
    """The chain upwards as far as it is embedded, and whether it ends in a self-signed root."""
    chain: list[Certificate] = []
    seen: set[bytes] = set()
    here = own
    while True:
        seen.add(here.sha256)
        itself = here.issuer == here.subject
        issuers = [
            certificate
            for certificate in certificates
            if certificate.subject == here.issuer and certificate.sha256 not in seen
        ]
        if itself or not issuers or len(chain) + 1 >= MAX_CHAIN:
            chain.append(_facts_of(here, _issued(here, here) if itself else None))
            return tuple(chain), itself
        # Of several of one name the one that fits; renewed certificates keep their name.
        fitting = next((certificate for certificate in issuers if _issued(here, certificate)), issuers[0])
        chain.append(_facts_of(here, _issued(here, fitting)))
        here = fitting


def _issued(child: Any, issuer: Any) -> bool | None:
    if child.sha256 != issuer.sha256 and issuer.ca is False:
        return False
    try:
        _loaded(child).verify_directly_issued_by(_loaded(issuer))
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, x509.InvalidVersion, ValueError, TypeError):
        return None
    return True


def _facts_of(certificate: Any, issued: bool | None) -> Certificate:
    return Certificate(
        subject=_name(certificate.subject),
        organisation=_organisation(certificate.subject),
        issuer=_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        not_before=_text(certificate.not_valid_before),
        not_after=_text(certificate.not_valid_after),
        sha256=certificate.sha256.hex(),
        issued_by_next=issued,
    )


def _name(name: asn1_x509.Name) -> str:
    native = name.native
    for part in ("common_name", "organizational_unit_name", "organization_name"):
        if value := native.get(part):
            return _shown(value if isinstance(value, str) else str(value[0]))
    return _shown(name.human_friendly)


def _organisation(name: asn1_x509.Name) -> str | None:
    value = name.native.get("organization_name")
    return _shown(value if isinstance(value, str) else str(value[0])) if value else None


# -- When -------------------------------------------------------------------------------


def _timestamp(signer: Any, certificates: list[Any]) -> Timestamp | None:
    signature = signer["signature"].native
    try:
        for token in _unsigned(signer, TIMESTAMP_TYPES):
            return _token(_parsed(token, cms.ContentInfo), signature)
        for counter in _unsigned(signer, COUNTER_TYPES):
            return _counter(_parsed(counter, cms.SignerInfo), signature, certificates)
    except Exception:  # As above; a time stamp that cannot be read does not hold.
        return Timestamp("", None, holds=False)
    return None


def _token(info: Any, signature: bytes) -> Timestamp:
    signed = info["content"]
    encapsulated = signed["encap_content_info"]["content"]
    content = encapsulated.native if isinstance(encapsulated, core.OctetString) else encapsulated.contents
    if isinstance(encapsulated, core.ParsableOctetString):
        content = bytes(encapsulated)
    token = tsp.TSTInfo.load(content)
    imprint = token["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    holds: bool | None = None
    if algorithm in HASHES:
        holds = imprint["hashed_message"].native == hashlib.new(algorithm, signature).digest()
    signer = signed["signer_infos"][0]
    embedded = _certificates(signed)
    own = _certificate_of(signer, embedded)
    if holds and own is not None:
        holds = _as_verdict(_verify_signer(signer, own, content, None))
        if any(link.issued_by_next is False for link in _chain(own, embedded)[0]):
            holds = False
    elif holds:
        holds = None
    return Timestamp(_text(token["gen_time"].native), _name(own.subject) if own is not None else None, holds)


def _counter(signer: Any, signature: bytes, certificates: list[Any]) -> Timestamp:
    own = _certificate_of(signer, certificates)
    values = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    time = _text(values["signing_time"][0].native)
    holds = _as_verdict(_verify_signer(signer, own, signature, None)) if own is not None else None
    return Timestamp(time, _name(own.subject) if own is not None else None, holds)


def _as_verdict(faults: list[str]) -> bool | None:
    return True if not faults else None if faults == ["unsupported"] else False


def _unsigned(signer: Any, types: set[str]) -> list[Any]:
    attributes = signer["unsigned_attrs"]
    if not attributes:
        return []
    return [
        value
        for attribute in attributes
        if attribute["type"].native in types or attribute["type"].dotted in types
        for value in attribute["values"]
    ]


def _parsed(value: Any, kind: Any) -> Any:
    return value if isinstance(value, kind) else kind.load(value.dump())


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shown(name: str) -> str:
    return printable(name)[:MAX_NAME_LENGTH]
