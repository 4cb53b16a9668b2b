"""Who may read a mail of an old thread, as it is proposed: by who wrote it and whom it went to.

A mail in which no customer is seen to have taken part stays inside until a colleague says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

from cases.thread.courtesy import GREETINGS_EN
from mail.reading.chain import name_and_address

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from mail.reading.chain import ChainedMail

MAX_GREETING = 80
MAX_RECIPIENTS = 200
_BEFORE_A_NAME = re.compile(rf"\s{{0,4}}(?:尊敬的|(?:{GREETINGS_EN})\s)?\s{{0,4}}", re.IGNORECASE)
_GREETING = re.compile(
    rf"{_BEFORE_A_NAME.pattern}([^\W\d_][\w .'-]{{0,30}}?)\s{{0,3}}(?:您好|你好|[,，:：])", re.IGNORECASE
)
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
    names = {Side.CUSTOMER: {name for name in customers if len(name) > 1}, Side.VENDOR: set[str]()}
    for mail in mails:
        for name, address in [(mail.name, mail.address), *_recipients(mail)]:
            side = cast.side_of_address(address) if address else Side.UNKNOWN
            if len(name) > 1 and side in names:
                names[side].add(name)
    sides = {mail.position: cast.side_of(mail) for mail in mails}
    to = {mail.position: {_side(*each, cast, names) for each in _recipients(mail)} for mail in mails}
    greeted = {
        greeting[1]
        for mail in mails
        if to[mail.position] == {Side.CUSTOMER} and (greeting := _GREETING.match(_first_line(mail.body)))
    }
    greeted |= names[Side.CUSTOMER]
    return [_why(mail, sides, to[mail.position], greeted) for mail in mails]


def proposed(why: Why) -> Readers:
    """To read it before anybody has decided."""
    return Readers.EVERYBODY if why == Why.CUSTOMER else Readers.INTERNAL


def _why(mail: ChainedMail, sides: dict[int, Side], to: set[Side], greeted: set[str]) -> Why:
    writer = sides[mail.position]
    if Side.CUSTOMER in {writer, *to}:
        return Why.CUSTOMER
    if writer == Side.VENDOR and to == {Side.VENDOR}:
        return Why.NO_CUSTOMER
    if writer == Side.VENDOR:
        is_answered = mail.is_quoted and sides.get(mail.position - 1) == Side.CUSTOMER
        if is_answered or _greets(mail.body, greeted):
            return Why.CUSTOMER
    return Why.NOT_KNOWN


def _recipients(mail: ChainedMail) -> list[tuple[str, str]]:
    """To and Cc, each a name and an address, of which a header may say one alone."""
    parts = (name_and_address(part) for part in re.split(r"[;；,，]", mail.to)[:MAX_RECIPIENTS])
    return [(name, address) for name, address in parts if name or address]


def _side(name: str, address: str, cast: KnowsSides, names: dict[Side, set[str]]) -> Side:
    if address:
        return cast.side_of_address(address)
    known = [side for side, theirs in names.items() if name in theirs]
    return known[0] if len(known) == 1 else Side.UNKNOWN


def _greets(body: str, names: set[str]) -> bool:
    line = _first_line(body)
    begin = _BEFORE_A_NAME.match(line)
    place = begin.end() if begin else 0
    return any(
        line.startswith(name, place) and _AFTER_A_NAME.match(line, place + len(name)) for name in names
    )


def _first_line(body: str) -> str:
    return body.lstrip().partition("\n")[0][:MAX_GREETING]
