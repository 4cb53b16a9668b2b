"""Opaque S/MIME (RFC 8551): the message in a signed or compressed envelope. No signature is judged here."""

import zlib

from asn1crypto import cms

from mail.reading.charsets import from_base64

MAX_BYTES = 64 * 2**20
MEDIA_TYPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))


def inner_message(content: bytes) -> bytes | None:
    """The MIME entity within; ``None`` where it is encrypted. Raises ``ValueError``."""
    if content[:1] != b"\x30":
        content = from_base64(content)  # Some gateways encode it twice.
    envelope = cms.ContentInfo.load(content)
    kind = envelope["content_type"].native
    if kind == "signed_data":
        inner = envelope["content"]["encap_content_info"]["content"].native
    elif kind == "compressed_data":
        inner = _inflated(envelope["content"]["encap_content_info"]["content"].native or b"")
    elif kind in {"enveloped_data", "authenticated_enveloped_data", "encrypted_data"}:
        return None
    else:
        raise ValueError(f"an envelope of a kind that is not read: {kind}")
    if not isinstance(inner, bytes):
        raise ValueError("nothing is in the envelope")
    return inner


def _inflated(content: bytes) -> bytes:
    inflater = zlib.decompressobj()
    inner = inflater.decompress(content, MAX_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError("the envelope holds more than a mail may")
    return inner
