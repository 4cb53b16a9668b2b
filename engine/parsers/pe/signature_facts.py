"""What can be known of a signature; plain values, apart from the libraries that find them out.

Source of the terms: RFC 5280 (certificates), RFC 3161 (time stamps).
"""

from dataclasses import dataclass


class Unreadable(ValueError):
    """The bytes are no signed message that can be read."""


@dataclass(frozen=True)
class Certificate:
    """``issued_by_next`` says whether the next certificate of the chain really issued this one;
    of the last it tells of itself (self-signed). ``None``: the issuer is not embedded, or the
    algorithm cannot be checked. Times are UTC text."""

    subject: str
    organisation: str | None
    issuer: str
    serial: str
    not_before: str
    not_after: str
    sha256: str
    issued_by_next: bool | None


@dataclass(frozen=True)
class Timestamp:
    """When a time-stamping service saw the signature. ``holds`` is false where its own signature
    or what it covers is wrong, ``None`` where that cannot be checked."""

    time: str
    authority: str | None
    holds: bool | None


@dataclass(frozen=True)
class Message:
    """One signature. ``digest`` (lower-case hex) is what it says of the file; ``faults`` names
    what is wrong with the signature itself: ``attributes``, ``signature``, ``no_certificate``,
    ``chain``, ``purpose``, ``timestamp``, ``expired_when_signed``, ``curve``, ``unsupported``, and
    ``expired``: today a certificate is beyond its end, and no time stamp says that it was not then."""

    digest_algorithm: str
    digest: str
    signer: str | None
    organisation: str | None
    chain: tuple[Certificate, ...]
    root_embedded: bool
    timestamp: Timestamp | None
    nested: tuple[bytes, ...]
    faults: tuple[str, ...]
