"""The arithmetic of signatures: does this one hold with that certificate's key?

RSA with PKCS #1 v1.5 is reckoned here, for old files need what the libraries give up one by one: MD5, SHA-1,
short keys, serial numbers below zero, and a digest that stands in the padding alone, without a
``DigestInfo``, as VeriSign's time-stamping service wrote it until 2012 and Windows accepts it. The padding is
compared as a whole, never parsed. Sources: RFC 8017 8.2.2 and 9.2 (EMSA-PKCS1-v1_5), RFC 5280 4.1.1,
advisory CVE-2020-0601 (curves by explicit parameters).
"""

import hashlib
from typing import Any

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303  Old signatures carry it; it is told, not trusted.
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
BARE = {"md5", "sha1"}
"""Hashes whose digest may stand in the padding without a ``DigestInfo``."""

MIN_FILL = 8
"""Bytes of padding at least (RFC 8017 9.2)."""

MAX_MODULUS_BITS, MAX_EXPONENT_BITS = 16_384, 64


def verifies(certificate: Any, how: Any, signature: bytes, covered: bytes, algorithm: str) -> bool | None:
    """Whether ``signature`` over ``covered`` was made with the certificate's key; ``how`` is the
    ``SignedDigestAlgorithm``, ``algorithm`` the hash's name. ``None``: it cannot be checked."""
    if algorithm not in HASHES:
        return None
    try:
        key = certificate.public_key
        if key.algorithm == "rsa" and how["algorithm"].native != "rsassa_pss":
            return _pkcs1(key["public_key"].parsed, signature, covered, algorithm)
        return _by_library(key, how, signature, covered, algorithm)
    except (UnsupportedAlgorithm, ValueError, TypeError, KeyError, AttributeError):
        return None


def issued(child: Any, issuer: Any) -> bool | None:
    """Whether ``issuer`` signed the certificate ``child``; ``None`` where that cannot be checked."""
    if child.sha256 != issuer.sha256 and issuer.ca is False:
        return False
    try:
        how = child["signature_algorithm"]
        algorithm = how["parameters"]["hash_algorithm"] if how.signature_algo == "rsassa_pss" else None
        name = algorithm["algorithm"].native if algorithm is not None else how.hash_algo
        covered, signature = child["tbs_certificate"].dump(), child["signature_value"].native
    except (ValueError, TypeError, KeyError):
        return None
    return verifies(issuer, how, signature, covered, name)


def has_curve_of_its_own(certificate: Any) -> bool:
    """Whether the key brings the parameters of its curve along, by which anybody's key can be imitated."""
    try:
        key = certificate.public_key
        return bool(key.algorithm == "ec" and key["algorithm"]["parameters"].name != "named")
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _pkcs1(key: Any, signature: bytes, covered: bytes, algorithm: str) -> bool | None:
    modulus, exponent = key["modulus"].native, key["public_exponent"].native
    if not 0 < modulus.bit_length() <= MAX_MODULUS_BITS or not 1 < exponent < 1 << MAX_EXPONENT_BITS:
        return None
    size = (modulus.bit_length() + 7) // 8
    value = int.from_bytes(signature, "big")
    if value >= modulus:
        return False
    block = pow(value, exponent, modulus).to_bytes(size, "big")
    digest = hashlib.new(algorithm, covered, usedforsecurity=False).digest()
    contents = [_digest_info(algorithm, digest, null=null) for null in (True, False)]
    if algorithm in BARE:
        contents.append(digest)
    return any(block == _padded(content, size) for content in contents)


def _padded(content: bytes, size: int) -> bytes | None:
    fill = size - 3 - len(content)
    return b"\0\1" + b"\xff" * fill + b"\0" + content if fill >= MIN_FILL else None


def _digest_info(algorithm: str, digest: bytes, *, null: bool) -> bytes:
    """With the NULL parameters that it should have, or without, as some wrote it."""
    identifier = bytes(algos.DigestAlgorithmId(algorithm).dump()) + (b"\x05\0" if null else b"")
    inner = bytes([0x30, len(identifier)]) + identifier + bytes([4, len(digest)]) + digest
    return bytes([0x30, len(inner)]) + inner


def _by_library(key: Any, how: Any, signature: bytes, covered: bytes, algorithm: str) -> bool | None:
    loaded: Any = load_der_public_key(key.dump())
    try:
        if key.algorithm in {"rsa", "rsassa_pss"} and how.signature_algo == "rsassa_pss":
            stated = how["parameters"]
            mask = stated["mask_gen_algorithm"]["parameters"]["algorithm"].native
            scheme = padding.PSS(padding.MGF1(HASHES[mask]), stated["salt_length"].native)
            loaded.verify(signature, covered, scheme, HASHES[stated["hash_algorithm"]["algorithm"].native])
        elif isinstance(loaded, ec.EllipticCurvePublicKey):
            loaded.verify(signature, covered, ec.ECDSA(HASHES[algorithm]))
        else:
            return None
    except InvalidSignature:
        return False
    return True
