"""What would become of each mail of an old thread: who wrote it, which way it went, who reads it, whether the
thread has it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right, with_right
from cases.lookups import customers_of
from cases.models import Message, MessageKind
from cases.services import MAX_BODY_LENGTH
from cases.thread.quote_lines import ADDRESS
from cases.thread.quoting import segments
from mail.imports.models import ImportedMessage, KnownBy
from mail.imports.quotations import Internal, Said
from mail.imports.readership import Readers, Side, Why, proposed, readership
from mail.imports.subjects import told_subjects
from mail.reading.chain import Chain, ChainedMail, begin_alike, comparable, minute_of
from mail.reading.providers import FREE_MAIL

if TYPE_CHECKING:
    from cases.models import Case

NEAR = timedelta(minutes=10)
"""Between the time of a mail and that of its entry in the thread."""


@dataclass(frozen=True)
class Planned:
    """One mail of the source and what it will be. ``is_there``: the thread has it already. ``readers``: as a
    colleague chose, else as ``proposed``, by ``why``. ``body``: what they read; ``withheld``: what of it
    repeats internal mails and is left out. ``subject``: where it says what no older one did."""

    mail: ChainedMail
    name: str
    address: str
    known_by: KnownBy
    side: Side
    person: User | None
    at: datetime
    fingerprint: str
    is_there: bool
    why: Why
    readers: Readers
    body: str
    subject: str
    withheld: list[str] = field(default_factory=list)

    @property
    def kind(self) -> MessageKind:
        """What the entry will be: what is not the vendor's has come in."""
        return MessageKind.MAIL_OUT if self.side == Side.VENDOR else MessageKind.MAIL_IN

    @property
    def proposed(self) -> Readers:
        """Who is to read it before anybody has decided."""
        return proposed(self.why)

    @property
    def writer(self) -> str:
        """Who wrote it, as far as the source says."""
        return self.name or self.address

    @property
    def key(self) -> str:
        """What the same writer's mails share; where nobody knows her, the mail's own."""
        return self.address or self.name or f"#{self.mail.position}"


def plan(
    case: Case,
    chain: Chain,
    sides: Mapping[str, Side] | None = None,
    choices: Mapping[str, Readers] | None = None,
) -> list[Planned]:
    """One for each mail, the oldest first. ``sides``: what a colleague says of a writer (``Planned.key``);
    ``choices``: who shall read a mail (by ``fingerprint``)."""
    cast = _Cast(case, chain.mails, sides or {})
    whys = readership(chain.mails, cast, [user.name for user in cast.customers.values()])
    there = _Thread(case)
    now = timezone.now()
    planned = []
    subjects = told_subjects(case, [mail.subject for mail in chain.mails])
    for number, (mail, why, subject) in enumerate(zip(chain.mails, whys, subjects, strict=True)):
        name, address, known_by = cast.writer(mail)
        side, person = cast.side(address or name or f"#{mail.position}", address)
        if known_by == KnownBy.NOBODY and side != Side.UNKNOWN:
            known_by = KnownBy.HAND
        # Without any time: in the source's order, after all that has one.
        at = mail.placed_at or now + timedelta(milliseconds=number)
        fingerprint = _fingerprint(case, address or name, mail)
        is_there = there.has(fingerprint, mail, address or name, person)
        readers = (choices or {}).get(fingerprint, proposed(why))
        planned.append(
            Planned(
                mail,
                name,
                address,
                known_by,
                side,
                person,
                at,
                fingerprint,
                is_there,
                why,
                readers,
                mail.body,
                subject,
            )
        )
    return _without_what_is_internal(case, planned)


def _without_what_is_internal(case: Case, planned: list[Planned]) -> list[Planned]:
    """In what a customer will read nothing is quoted that she shall not: of these mails and of the thread."""

    def said(each: Planned) -> Said:
        # An entry holds no more, and says so of one that is longer.
        return Said(each.key, each.at, each.mail.body[: MAX_BODY_LENGTH + 1])

    there = Message.objects.filter(case=case).exclude(body="").select_related("author", "imported")
    entries: dict[bool, list[Said]] = {True: [], False: []}
    for entry in there:
        source = getattr(entry, "imported", None)
        writer = entry.author.email if entry.author else (source.address or source.name) if source else ""
        entries[entry.internal].append(Said(writer, entry.created_at, entry.body))
    new = [each for each in planned if not each.is_there]
    # What the case is called stands in everybody's subject.
    called = Said(
        "", datetime.min.replace(tzinfo=UTC), "\n".join([case.title, *(m.mail.subject for m in new)])
    )
    internal = Internal(
        [*entries[True], *(said(each) for each in new if each.readers != Readers.EVERYBODY)],
        [called, *entries[False], *(said(each) for each in new if each.readers == Readers.EVERYBODY)],
    )
    note = _("[A quotation of an internal mail was left out here.]")
    parted = [
        internal.without(said(each), note)
        if each.readers == Readers.EVERYBODY and not each.is_there
        else (each.mail.body, [])
        for each in planned
    ]
    return [
        replace(each, body=body, withheld=withheld)
        for each, (body, withheld) in zip(planned, parted, strict=True)
    ]


class _Cast:
    """The people of the case, and those whom the source names."""

    def __init__(self, case: Case, mails: Iterable[ChainedMail], sides: Mapping[str, Side]) -> None:
        self.sides = sides
        vendor = User.objects.filter(role__in=with_right(Right.VENDOR), is_active=True)
        self.vendor = {user.email: user for user in vendor}
        self.customers = {user.email: user for user in customers_of(case)}
        self.of_vendor = _domains(self.vendor)
        self.of_customer = _domains(self.customers) - self.of_vendor
        self.named = {mail.address: mail.name for mail in mails if mail.address and mail.name}
        self.addresses = {mail.address for mail in mails if mail.address}

    def writer(self, mail: ChainedMail) -> tuple[str, str, KnownBy]:
        if mail.name or mail.address:
            return mail.name, mail.address, KnownBy.HEADER
        own = "\n".join(segment.text for segment in segments(mail.body) if not segment.quoted)
        known = self.addresses | self.vendor.keys() | self.customers.keys()
        found = {address.lower() for address in ADDRESS.findall(own)} & known
        if len(found) != 1:
            return "", "", KnownBy.NOBODY
        (address,) = found
        return self.named.get(address, ""), address, KnownBy.SIGNATURE

    def side_of(self, mail: ChainedMail) -> Side:
        name, address, _known_by = self.writer(mail)
        return self.side(address or name or f"#{mail.position}", address)[0]

    def side_of_address(self, address: str) -> Side:
        return self.side(address, address)[0]

    def side(self, key: str, address: str) -> tuple[Side, User | None]:
        if person := self.vendor.get(address):
            return Side.VENDOR, person
        if person := self.customers.get(address):
            return Side.CUSTOMER, person
        if said := self.sides.get(key):
            return said, None
        domain = address.rpartition("@")[2]
        if domain in self.of_vendor:
            return Side.VENDOR, None
        return (Side.CUSTOMER if domain in self.of_customer else Side.UNKNOWN), None


class _Thread:
    """What the case's thread holds already."""

    def __init__(self, case: Case) -> None:
        self.fingerprints: set[str] = set()
        self.by_minute: dict[tuple[str, datetime], list[str]] = {}
        for row in ImportedMessage.objects.filter(message__case=case).select_related("message"):
            self.fingerprints.add(row.fingerprint)
            if row.sent_at:
                key = (row.address or row.name, minute_of(row.sent_at))
                self.by_minute.setdefault(key, []).append(comparable(row.message.body))
        self.by_text: dict[tuple[int | None, str], list[datetime]] = {}
        kinds = (MessageKind.MAIL_IN, MessageKind.MAIL_OUT, MessageKind.PORTAL)
        for entry in Message.objects.filter(case=case, kind__in=kinds, imported=None):
            key_of_text = (entry.author_id, comparable(entry.body))
            self.by_text.setdefault(key_of_text, []).append(entry.created_at)

    def has(self, fingerprint: str, mail: ChainedMail, writer: str, person: User | None) -> bool:
        if fingerprint in self.fingerprints:
            return True
        if mail.sent_at is None:
            return False
        text = comparable(mail.body)
        copies = self.by_minute.get((writer, minute_of(mail.sent_at)), ()) if mail.is_quoted else ()
        posted = self.by_text.get((person.pk, text), ()) if person else ()
        return any(begin_alike(copy, text) for copy in copies) or any(
            abs(moment - mail.sent_at) < NEAR for moment in posted
        )


def _domains(people: Iterable[str]) -> set[str]:
    return {address.rpartition("@")[2] for address in people} - FREE_MAIL


def _fingerprint(case: Case, writer: str, mail: ChainedMail) -> str:
    minute = minute_of(mail.sent_at).isoformat() if mail.sent_at else ""
    facts = "\n".join((str(case.pk), writer, minute, comparable(mail.body)))
    return hashlib.sha256(facts.encode("utf-8", "replace")).hexdigest()
