"""The certificates of a signed message: whose is the signature, and who vouches for whom.

Nothing is asked of a network or of this machine's trust store; the chain ends where the message does.
Source: RFC 5280 (certificates), RFC 5652 5.3 (signer identifiers).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509 as asn1_x509

from engine.parsers.pe.public_keys import issued
from engine.parsers.pe.signature_facts import Certificate
from engine.text_safety import printable

MAX_CHAIN = 10
MAX_OF_A_NAME = 10
"""Certificates of the issuer's name that are tried."""

MAX_NAME_LENGTH = 200


def certificates(signed: Any) -> list[Any]:
    """Those that the message brings along."""
    chosen = signed["certificates"]
    return [choice.chosen for choice in chosen if choice.name == "certificate"] if chosen else []


def certificate_of(signer: Any, embedded: Iterable[Any]) -> Any:
    """The signer's own; ``None`` where the message does not have it."""
    sid = signer["sid"]
    for certificate in embedded:
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


def chain(own: Any, embedded: list[Any]) -> tuple[tuple[Certificate, ...], bool]:
    """The chain upwards as far as it is embedded, and whether it ends in a self-signed root."""
    links: list[Certificate] = []
    seen: set[bytes] = set()
    here = own
    while True:
        seen.add(here.sha256)
        itself = here.issuer == here.subject
        issuers = [
            certificate
            for certificate in embedded
            if certificate.subject == here.issuer and certificate.sha256 not in seen
        ][:MAX_OF_A_NAME]
        if itself or not issuers or len(links) + 1 >= MAX_CHAIN:
            links.append(_facts_of(here, issued(here, here) if itself else None))
            return tuple(links), itself
        # Of several of one name the one that fits; renewed certificates keep their name.
        fitting = next((certificate for certificate in issuers if issued(here, certificate)), issuers[0])
        links.append(_facts_of(here, issued(here, fitting)))
        here = fitting


def _facts_of(certificate: Any, by_next: bool | None) -> Certificate:
    return Certificate(
        subject=shown_name(certificate.subject),
        organisation=organisation(certificate.subject),
        issuer=shown_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        not_before=as_text(certificate.not_valid_before),
        not_after=as_text(certificate.not_valid_after),
        sha256=certificate.sha256.hex(),
        issued_by_next=by_next,
    )


def shown_name(name: asn1_x509.Name) -> str:
    """The subject's name as people call it."""
    native = name.native
    for part in ("common_name", "organizational_unit_name", "organization_name"):
        if value := native.get(part):
            return _shown(value if isinstance(value, str) else str(value[0]))
    return _shown(name.human_friendly)


def organisation(name: asn1_x509.Name) -> str | None:
    """Its organisation."""
    value = name.native.get("organization_name")
    return _shown(value if isinstance(value, str) else str(value[0])) if value else None


def as_text(moment: datetime) -> str:
    """A moment as UTC text, whose order is that of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shown(name: str) -> str:
    return printable(name)[:MAX_NAME_LENGTH]
