"""PKCS#7 signed messages of Authenticode: who signed, is the signature right, who vouches, when.

Nothing is asked of a network or of this machine's trust store: certificates are those embedded
in the message, and trust in the topmost one is left open. Source of facts: Microsoft, "Windows
Authenticode Portable Executable Signature Format" (2008); RFC 2315 (PKCS #7), RFC 5652 9.2 and
11.4 (signed attributes, countersignature), RFC 3161 2.4.2 (TSTInfo).
"""

from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, core

from engine.parsers.pe import public_keys
from engine.parsers.pe.certificates import (
    MAX_NAME_LENGTH,
    as_text,
    certificate_of,
    certificates,
    chain,
    organisation,
    shown_name,
)
from engine.parsers.pe.signature_facts import Certificate, Message, Timestamp, Unreadable
from engine.parsers.pe.signers import timestamp_of, unsigned_attributes, verify_signer

SPC_INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4"
CODE_SIGNING, LIFETIME_SIGNING = "code_signing", "1.3.6.1.4.1.311.10.3.13"
NESTED_TYPES = {"microsoft_nested_signature", "1.3.6.1.4.1.311.2.4.1"}


class SpcAttribute(core.Sequence):
    """``SpcAttributeTypeAndOptionalValue``: what kind of thing was signed."""

    _fields = [("type", core.ObjectIdentifier), ("value", core.Any, {"optional": True})]


class SpcIndirectData(core.Sequence):
    """``SpcIndirectDataContent``: the digest of the executable."""

    _fields = [("data", SpcAttribute), ("message_digest", algos.DigestInfo)]


def read_message(der: bytes, now: datetime | None = None) -> Message:
    """Raises ``Unreadable``; whatever is wrong within a readable message is a fault of it. A certificate
    is held against ``now`` (by default this moment) where no time stamp says when it signed."""
    try:
        return _message(der, now or datetime.now(UTC))
    except Unreadable:
        raise
    except Exception as error:  # Forged structures break the libraries in more ways than they name.
        raise Unreadable(f"{type(error).__name__}: {str(error)[:MAX_NAME_LENGTH]}") from error


def _message(der: bytes, now: datetime) -> Message:
    signed = signed_data(der)
    content = signed["encap_content_info"]["content"]
    if signed["encap_content_info"]["content_type"].dotted != SPC_INDIRECT_DATA:
        raise Unreadable("it signs something else than an executable")
    spc = content.parse(SpcIndirectData)
    stated = spc["message_digest"]
    return judged(
        signed,
        spc.contents,
        SPC_INDIRECT_DATA,
        str(stated["digest_algorithm"]["algorithm"].native),
        stated["digest"].native.hex(),
        now,
    )


def judged(
    signed: Any, content: bytes, content_type: str, algorithm: str, digest: str, now: datetime
) -> Message:
    """The one signature of ``signed`` over ``content`` (without tag and length); raises ``Unreadable``."""
    if len(signed["signer_infos"]) != 1:
        raise Unreadable(f"{len(signed['signer_infos'])} signers")
    signer = signed["signer_infos"][0]
    embedded = certificates(signed)
    faults: list[str] = []
    own = certificate_of(signer, embedded)
    links: tuple[Certificate, ...] = ()
    root = False
    timestamp = timestamp_of(signer, embedded)
    if own is None:
        faults.append("no_certificate")
    else:
        faults += verify_signer(signer, own, content, content_type)
        links, root = chain(own, embedded)
        if any(link.issued_by_next is False for link in links):
            faults.append("chain")
        if any(public_keys.has_curve_of_its_own(certificate) for certificate in embedded):
            faults.append("curve")
        usage = own.extended_key_usage_value
        if usage is not None and CODE_SIGNING not in usage.native:
            faults.append("purpose")
        faults += _time_faults(own, links, timestamp, now)
    return Message(
        digest_algorithm=algorithm,
        digest=digest,
        signer=shown_name(own.subject) if own is not None else None,
        organisation=organisation(own.subject) if own is not None else None,
        chain=links,
        root_embedded=root,
        timestamp=timestamp,
        nested=tuple(value.dump() for value in unsigned_attributes(signer, NESTED_TYPES)),
        faults=tuple(faults),
    )


def _time_faults(
    own: Any, links: tuple[Certificate, ...], timestamp: Timestamp | None, now: datetime
) -> list[str]:
    if timestamp is not None and timestamp.holds is not True:
        return ["timestamp"] if timestamp.holds is False else []
    if timestamp is not None:
        if not as_text(own.not_valid_before) <= timestamp.time <= as_text(own.not_valid_after):
            return ["expired_when_signed"]
        usage = own.extended_key_usage_value
        if usage is None or LIFETIME_SIGNING not in [purpose.dotted for purpose in usage]:
            return []
        links = links[:1]  # a time stamp does not make this one outlive its own end
    today = as_text(now)
    return ["expired"] if any(link.not_after < today for link in links) else []


def signed_data(der: bytes) -> Any:
    """The signed data of a PKCS #7 message; raises ``Unreadable``."""
    info = cms.ContentInfo.load(der)
    if info["content_type"].native != "signed_data":
        raise Unreadable("it is no signed message")
    return info["content"]
