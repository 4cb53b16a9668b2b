"""Addresses that mails carry: pages of the portal, the links by which their reader answers what she is asked
without signing in, and the link that ends mails of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from accounts.roles import Right
from cases.answer_links.kinds import AWAITED
from cases.answer_links.links import unsigned_path_of
from cases.answer_links.question import Question
from cases.models import Case
from cases.signals import ActivityKind
from mail.notifications.audience import Reader
from mail.notifications.models import CaseCc
from mail.store.models import DIGEST

SALT = "mail.notifications.unsubscribe"


@dataclass(frozen=True)
class Unsubscribing:
    """Whom a link takes off what: a person off a kind or her daily mail (``digest``), or an address off the
    Cc list of a case."""

    person: User | None = None
    kind: ActivityKind | None = None
    digest: bool = False
    cc: CaseCc | None = None

    @property
    def language(self) -> str:
        """Of the mail that the link is in."""
        reader = self.cc or self.person
        assert reader is not None
        return reader.language


def absolute(path: str) -> str:
    """The address of a page; empty where the portal does not know its own (``PORTAL_URL``)."""
    return f"{settings.PORTAL_URL}{path}" if settings.PORTAL_URL else ""


def unsubscribe_url(reader: Reader, kind: ActivityKind | None) -> str:
    """Where this reader ends mails of this kind, or her place on a Cc list, without signing in."""
    facts: list[str | int] = (
        ["cc", reader.cc.pk] if reader.cc else [str(kind), reader.person.pk if reader.person else 0]
    )
    return absolute(reverse("unsubscribe", args=[token_of(facts)]))


def digest_url(person: User) -> str:
    """Where she ends her daily mail, without signing in."""
    return absolute(reverse("unsubscribe", args=[token_of([DIGEST, person.pk])]))


def token_of(facts: list[str | int]) -> str:
    """What such an address ends with: what is ended, and the key of whom or what it is of."""
    return signing.dumps(facts, salt=SALT)


def read(token: str) -> Unsubscribing | None:
    """What the token of such a link says; ``None`` where it is forged. It never ages: mails are kept."""
    try:
        what, key = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if what == "cc":
        cc = CaseCc.objects.select_related("case").filter(pk=key).first()
        return Unsubscribing(cc=cc) if cc else None
    person = User.objects.filter(pk=key).first()
    if what == DIGEST:
        return Unsubscribing(person=person, digest=True) if person else None
    return Unsubscribing(person=person, kind=ActivityKind(what)) if person and what in ActivityKind else None


def question_path(kind: type[Question[Any, Any]], case: Case, reader: Reader) -> str:
    """Where this reader answers the question of a case, below the portal's address; empty where she has none,
    or where the portal does not know its own (``PORTAL_URL``). It opens once the mail is composed."""
    person = reader.person
    may_answer = person is not None and person.has_right(Right.OWN_ORGANISATION)
    question = kind.in_case(person, case) if person and may_answer else None
    return unsigned_path_of(question) if question is not None and absolute("/") else ""


def awaited(case: Case, reader: Reader) -> tuple[str, str]:
    """Label and path of what waits for this reader's word; empty where nothing does."""
    for kind in AWAITED:
        if path := question_path(kind, case, reader):
            return str(kind.label), path
    return "", ""
