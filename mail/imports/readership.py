"""Who may read a mail of an old thread, as it is proposed: by who wrote it and whom it went to.

A mail in which no customer is seen to have taken part stays inside until a colleague says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

from cases.thread.quote_headers import ADDRESS
from mail.reading.chain import name_and_address

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from mail.reading.chain import ChainedMail

MAX_GREETING = 80
_BEFORE_A_NAME = re.compile(r"\s{0,4}(?:尊敬的|dear\s|hi\s|hello\s)?\s{0,4}", re.IGNORECASE)
_AFTER_A_NAME = re.compile(r"\s{0,4}(?:先生|女士|小姐|总|您好|你好|[,，:：!！。]|$)")


class Side(StrEnum):
    """Whose people wrote a mail."""

    VENDOR = "vendor"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"


class Readers(StrEnum):
    """Who reads an imported mail; ``NOBODY``: it is not imported."""

    EVERYBODY = "everybody"
    INTERNAL = "internal"
    NOBODY = "nobody"


class Why(StrEnum):
    """What a proposal rests on."""

    CUSTOMER = "customer"
    NO_CUSTOMER = "no_customer"
    NOT_KNOWN = "not_known"

    @property
    def sentence(self) -> str | Promise:
        """For the colleague who decides; empty where there is nothing to look at."""
        return _SENTENCES[self]


_SENTENCES: dict[Why, str | Promise] = {
    Why.CUSTOMER: "",
    Why.NO_CUSTOMER: _("No customer took part."),
    Why.NOT_KNOWN: _("It is not known whether a customer took part."),
}


class KnowsSides(Protocol):
    """Who belongs to whom."""

    def side_of(self, mail: ChainedMail) -> Side:
        """The writer's."""

    def side_of_address(self, address: str) -> Side:
        """A recipient's."""


def readership(mails: Sequence[ChainedMail], cast: KnowsSides, customers: Iterable[str]) -> list[Why]:
    """Of each mail whether a customer wrote it, got it, is greeted in it, or quotes it in her answer.
    ``customers``: names of theirs."""
    names = {name for name in customers if len(name) > 1}
    for mail in mails:
        for part in [f"{mail.name} <{mail.address}>", *re.split(r"[;；,，]", mail.to)]:
            name, address = name_and_address(part)
            if len(name) > 1 and address and cast.side_of_address(address) == Side.CUSTOMER:
                names.add(name)
    sides = {mail.position: cast.side_of(mail) for mail in mails}
    return [_why(mail, cast, names, sides) for mail in mails]


def proposed(why: Why) -> Readers:
    """To read it before anybody has decided."""
    return Readers.EVERYBODY if why == Why.CUSTOMER else Readers.INTERNAL


def _why(mail: ChainedMail, cast: KnowsSides, names: set[str], sides: dict[int, Side]) -> Why:
    writer = sides[mail.position]
    recipients = {cast.side_of_address(address.lower()) for address in ADDRESS.findall(mail.to)}
    if Side.CUSTOMER in {writer, *recipients}:
        return Why.CUSTOMER
    if writer == Side.VENDOR and recipients == {Side.VENDOR}:
        return Why.NO_CUSTOMER
    if writer == Side.VENDOR and not recipients:
        is_answered = mail.is_quoted and sides.get(mail.position - 1) == Side.CUSTOMER
        if is_answered or _greets(mail.body, names):
            return Why.CUSTOMER
    return Why.NOT_KNOWN


def _greets(body: str, names: set[str]) -> bool:
    line = body.lstrip().partition("\n")[0][:MAX_GREETING]
    begin = _BEFORE_A_NAME.match(line)
    place = begin.end() if begin else 0
    return any(
        line.startswith(name, place) and _AFTER_A_NAME.match(line, place + len(name)) for name in names
    )
