"""One signer of a signed message: does the signature hold, and when was it seen.

Source of facts: RFC 2315 (PKCS #7), RFC 5652 5.4 and 11 (signed attributes, countersignature), RFC 3161
2.4.2 (TSTInfo), Microsoft, "Windows Authenticode Portable Executable Signature Format".
"""

import hashlib
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp

from engine.parsers.pe.certificates import as_text, certificate_of, certificates, chain, shown_name
from engine.parsers.pe.public_keys import HASHES, verifies
from engine.parsers.pe.signature_facts import Timestamp

TIMESTAMP_TYPES = {"microsoft_time_stamp_token", "1.3.6.1.4.1.311.3.3.1", "signature_time_stamp_token"}
COUNTER_TYPES = {"counter_signature", "1.2.840.113549.1.9.6"}
MAX_STAMPS = 4


def verify_signer(signer: Any, own: Any, content: bytes, content_type: str | None) -> list[str]:
    """The faults of one signature over ``content`` (the bytes without tag and length)."""
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if algorithm not in HASHES:
        return ["unsupported"]
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    attributes = signer["signed_attrs"]
    covered = [content]
    if attributes:
        values = {attribute["type"].native: attribute["values"] for attribute in attributes}
        if "message_digest" not in values or values["message_digest"][0].native != digest:
            return ["attributes"]
        if content_type is not None and (
            "content_type" not in values or values["content_type"][0].dotted != content_type
        ):
            return ["attributes"]
        covered = _signed_forms(attributes)
    how, signature = signer["signature_algorithm"], signer["signature"].native
    verdicts = [verifies(own, how, signature, form, algorithm) for form in covered]
    if True in verdicts:
        return []
    return ["unsupported"] if None in verdicts else ["signature"]


def _signed_forms(attributes: Any) -> list[bytes]:
    """What may have been signed of the attributes: the SET as it stands (stored under a tag of its own), and
    in the order of DER, which some signers sign and do not store."""
    stored = b"\x31" + attributes.dump()[1:]
    in_order = cms.CMSAttributes(sorted((attribute for attribute in attributes), key=lambda one: one.dump()))
    return list(dict.fromkeys((stored, in_order.dump())))


def timestamp_of(signer: Any, embedded: list[Any]) -> Timestamp | None:
    """The signer's time stamp: of several the first that holds. A countersignature that holds and names no
    time is none."""
    signature = signer["signature"].native
    stamps: list[Timestamp | None] = []
    for read, kind, types in (
        (_token, cms.ContentInfo, TIMESTAMP_TYPES),
        (_counter, cms.SignerInfo, COUNTER_TYPES),
    ):
        for value in unsigned_attributes(signer, types)[:MAX_STAMPS]:
            try:
                stamps.append(read(_parsed(value, kind), signature, embedded))
            except Exception:  # Forged ones break the libraries in many ways; such a stamp does not hold.
                stamps.append(Timestamp("", None, holds=False))
    told = [stamp for stamp in stamps if stamp is not None]
    return next((stamp for stamp in told if stamp.holds), told[0] if told else None)


def _token(info: Any, signature: bytes, _embedded: list[Any]) -> Timestamp:
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
        right = hashlib.new(algorithm, signature, usedforsecurity=False).digest()
        holds = imprint["hashed_message"].native == right
    signer = signed["signer_infos"][0]
    embedded = certificates(signed)
    own = certificate_of(signer, embedded)
    if holds and own is not None:
        holds = _as_verdict(verify_signer(signer, own, content, None))
        if any(link.issued_by_next is False for link in chain(own, embedded)[0]):
            holds = False
    elif holds:
        holds = None
    return _stamp(token["gen_time"].native, own, holds)


def _counter(signer: Any, signature: bytes, embedded: list[Any]) -> Timestamp | None:
    own = certificate_of(signer, embedded)
    attributes = signer["signed_attrs"] or ()
    values = {attribute["type"].native: attribute["values"] for attribute in attributes}
    holds = _as_verdict(verify_signer(signer, own, signature, None)) if own is not None else None
    if "signing_time" in values:
        return _stamp(values["signing_time"][0].native, own, holds)
    return Timestamp("", shown_name(own.subject), holds) if own is not None and holds is False else None


def _stamp(time: datetime, own: Any, holds: bool | None) -> Timestamp:
    """A stamp that was given outside of its own certificate's validity does not hold."""
    if holds and not own.not_valid_before <= time <= own.not_valid_after:
        holds = False
    return Timestamp(as_text(time), shown_name(own.subject) if own is not None else None, holds)


def _as_verdict(faults: list[str]) -> bool | None:
    return True if not faults else None if faults == ["unsupported"] else False


def unsigned_attributes(signer: Any, types: set[str]) -> list[Any]:
    """The values of the unsigned attributes of these types."""
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
