"""Whose answer counts: a customer's own, or one that a person of the vendor's heard and writes down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from accounts.errors import NotAllowed
from cases import rights, times
from cases.answers.errors import BeforeTheCase, InTheFuture, NotTheCustomer
from cases.answers.models import RECORDED, Way
from engine.text_safety import plain

if TYPE_CHECKING:
    from accounts.models import User
    from cases.answers.models import Answerable
    from cases.models import Case

BEFORE_THE_CASE = timedelta(days=7)
"""So long before a case is opened somebody may have spoken of it."""


@dataclass(frozen=True)
class Heard:
    """A customer's word that reached the vendor by ``way``. ``said_at``: ``None`` for just now."""

    person: User
    way: Way = Way.PHONE
    said_at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """Whose word it is, by which way it came, when it was said. ``recorded_by``: who wrote it down, if not
    she herself."""

    person: User
    way: Way
    said_at: datetime
    recorded_by: User | None = None

    @property
    def by(self) -> User:
        """Who acts."""
        return self.recorded_by or self.person

    def enter(self, row: Answerable, words: str) -> tuple[str, ...]:
        """Puts it into a row that is not saved yet; returns the names of the fields."""
        row.answered_by, row.recorded_by = self.person, self.recorded_by
        row.way, row.answered_at, row.words = self.way, self.said_at, words
        return "answered_by", "recorded_by", "way", "answered_at", "words"


def answer_of(
    case: Case, *, by: User, at: datetime, way: Way = Way.BUTTON, heard: Heard | None = None
) -> Answer:
    """The customer's own answer, or, written down by a person of the vendor's, the one that was ``heard``.

    Raises ``NotAllowed``, ``NotTheCustomer``, ``InTheFuture``, ``BeforeTheCase``.
    """
    if heard is None:
        rights.require(rights.may_answer, by, case)
        return Answer(by, way, at)
    rights.require(rights.may_change_status, by, case)
    person, said_at = heard.person, heard.said_at or at
    if heard.way not in RECORDED:
        raise NotAllowed()
    if not (person.may_enter and rights.may_answer(person, case)):
        raise NotTheCustomer(name=str(person))
    if said_at > at:
        raise InTheFuture()
    first = case.messages.order_by("created_at").values_list("created_at", flat=True).first()
    if said_at < min(case.created_at, first or case.created_at) - BEFORE_THE_CASE:
        raise BeforeTheCase()
    return Answer(person, Way(heard.way), said_at, by)


def said(row: Answerable) -> dict[str, object]:
    """Whose word it is, how it came and when, for a sentence in the language in force."""
    name = plain(row.answered_by.name) if row.answered_by else ""
    at = times.minute(row.answered_at) if row.answered_at else ""
    return {"name": name, "way": Way(row.way).label if row.way else "", "at": at}
