"""What the link in a mail asks one person; each kind of question is a class of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

S = TypeVar("S", bound=Model)
F = TypeVar("F", bound=forms.Form)


@dataclass(frozen=True)
class Question(ABC, Generic[S, F]):
    """``person`` is asked about ``subject``, a row that waits for her word since ``moment``."""

    person: User
    subject: S
    kind: ClassVar[str]
    """What tokens call it."""
    label: ClassVar[Promise]
    """What a mail's button says."""
    template: ClassVar[str]
    """The questions and buttons of the page."""

    @classmethod
    @abstractmethod
    def waiting(cls, person: User) -> QuerySet[S]:
        """The rows that she may see and that wait for an answer."""

    @classmethod
    def of(cls, person: User, pk: int) -> Self | None:
        """The question about one row; ``None`` where it waits for nothing, or not for her."""
        subject = cls.waiting(person).filter(pk=pk).first()
        return cls(person, subject) if subject is not None else None

    @classmethod
    def in_case(cls, person: User, case: Case) -> Self | None:
        """The question of a case that waits for her."""
        subject = cls.waiting(person).filter(case=case).first()
        return cls(person, subject) if subject is not None else None

    @property
    @abstractmethod
    def moment(self) -> datetime:
        """What the row waits for since; another moment is another question."""

    @abstractmethod
    def form(self, data: Any = None) -> F:
        """What the page's buttons send."""

    @abstractmethod
    def answer(self, form: F) -> str:
        """Does what her answer says, and thanks her. Raises a ``Refusal``."""
