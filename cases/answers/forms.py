"""The part of a form that asks whose word it is, how it came, and when it was said."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choosers import offer_rows
from accounts.models import User
from cases.answers.models import RECORDED, Way
from cases.answers.services import Heard
from cases.local_datetime import LocalDateTimeField
from cases.lookups import customers_of
from cases.models import Case


class HeardForm(forms.Form):
    """A customer's word that reached a person of the vendor's. Whose it is nobody takes for granted: the
    field is empty at first."""

    person = forms.ModelChoiceField(
        label=_("Who said it?"), queryset=User.objects.none(), empty_label=_("Choose who said it")
    )
    way = forms.ChoiceField(label=_("How?"), choices=[(way, way.label) for way in RECORDED])
    said_at = LocalDateTimeField(
        label=_("When?"), required=False, help_text=_("Leave it empty for just now.")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        offer_rows(self, "person", customers_of(case))
        # Values of the fields that the form is given count for more.
        self.initial = {"way": Way.PHONE} | dict(self.initial)

    def heard(self) -> Heard:
        """Whose, how, when."""
        facts = self.cleaned_data
        return Heard(facts["person"], Way(facts["way"]), facts["said_at"])
