"""The links by which the reader of a mail answers what she is asked, without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.roles import Right
from cases.answer_links.kinds import AWAITED
from cases.answer_links.links import path_of
from cases.answer_links.question import Question
from mail.notifications.links import absolute

if TYPE_CHECKING:
    from cases.models import Case
    from mail.notifications.audience import Reader


def question_path(kind: type[Question[Any, Any]], case: Case, reader: Reader) -> str:
    """Where this reader answers the question of a case, below the portal's address; empty where she has none,
    or where the portal does not know its own (``PORTAL_URL``)."""
    person = reader.person
    may_answer = person is not None and person.has_right(Right.OWN_ORGANISATION)
    question = kind.in_case(person, case) if person and may_answer else None
    return path_of(question) if question is not None and absolute("/") else ""


def awaited(case: Case, reader: Reader) -> tuple[str, str]:
    """Label and path of what waits for this reader's word; empty where nothing does."""
    for kind in AWAITED:
        if path := question_path(kind, case, reader):
            return str(kind.label), path
    return "", ""
