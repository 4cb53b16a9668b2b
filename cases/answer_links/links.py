"""The link in a mail that answers without signing in.

It names the person, what she is asked about and since when that waits, is signed, and answers that question
alone: once it is answered or replaced, once the person may no longer see the case, or after ``MAX_AGE``, it
is void. Whoever only opens it changes nothing; whoever is signed in as somebody else finds nothing. The page
shows of the case its number, what the question is about and nothing else.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from accounts.roles import Right
from cases.answer_links.kinds import KINDS
from cases.answer_links.question import Question

SALT = "cases.answer_links"
MAX_AGE = timedelta(days=30)


def path_of(question: Question[Any, Any]) -> str:
    """The address, below the portal's, that asks it."""
    return reverse("answer-link", kwargs={"token": make(question)})


def unsigned_path_of(question: Question[Any, Any]) -> str:
    """What a text that waits to be mailed to its person calls it; the address opens nothing. With the
    portal's mark: people's words stand in the same text."""
    facts = f"{question.kind}.{question.subject.pk}.{_milliseconds(question.moment)}"
    return reverse("answer-link", kwargs={"token": f"{facts}.{_mark(facts)}"})


def signed(text: str, person: User | None) -> str:
    """The text as this person gets it: its links are hers, and open."""

    if person is None:
        return text
    reader = person.pk

    def token(found: re.Match[str]) -> str:
        kind, subject, moment = found[2].split(".")
        if not constant_time_compare(_mark(found[2]), found[3]):
            return found[0]
        facts = [kind, reader, int(subject), int(moment)]
        return f"{found[1]}{signing.dumps(facts, salt=SALT, compress=True)}"

    return _unsigned().sub(token, text)


def make(question: Question[Any, Any]) -> str:
    """A token for this question as it waits now."""
    facts = [question.kind, question.person.pk, question.subject.pk, _milliseconds(question.moment)]
    return signing.dumps(facts, salt=SALT, compress=True)


def read(token: str) -> Question[Any, Any] | None:
    """What it asks; ``None`` where it is forged, too old, or void."""
    try:
        facts: Any = signing.loads(token, salt=SALT, max_age=MAX_AGE)
        name, person_id, subject_id, moment = facts
    except (signing.BadSignature, ValueError, TypeError):
        return None
    kind = next((kind for kind in KINDS if kind.kind == name), None)
    person = User.objects.filter(pk=person_id).first()
    may_answer = person is not None and person.has_right(Right.OWN_ORGANISATION)
    question = kind.of(person, subject_id) if kind and person and may_answer else None
    return question if question is not None and _milliseconds(question.moment) == moment else None


@cache
def _unsigned() -> re.Pattern[str]:
    before = re.escape(reverse("answer-link", kwargs={"token": "TOKEN"}).partition("TOKEN")[0])
    kinds = "|".join(kind.kind for kind in KINDS)
    return re.compile(rf"({before})((?:{kinds})\.\d{{1,18}}\.\d{{1,18}})\.([0-9a-f]{{32}})(?=/)")


def _mark(facts: str) -> str:
    return salted_hmac("cases.answer_links.unsigned", facts, algorithm="sha256").hexdigest()[:32]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
