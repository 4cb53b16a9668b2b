"""What a form offers to choose from, where that depends on the request: rows, people, choices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

if TYPE_CHECKING:
    from accounts.models import User


class CustomerField(forms.ModelChoiceField):
    """Customers of several organisations, each with hers."""

    def label_from_instance(self, obj: User) -> str:
        """Organisation and name."""
        return f"{obj.organisation} · {obj}"


def offer_rows(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Lets the field of this name choose one of ``rows``."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def offer_choices(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Lets the field of this name choose one of ``choices``: pairs of value and label."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
