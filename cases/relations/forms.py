"""The form that relates a case to another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.relations.kinds import RelationKind


class RelationForm(forms.Form):
    """What this case is to which other."""

    kind = forms.ChoiceField(
        label=_("This case is"),
        choices=RelationKind.choices,
        help_text=_("A double is closed and goes on in the other case; its messages and uploads stay."),
    )
    number = forms.CharField(label=_("Number of the other case"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
