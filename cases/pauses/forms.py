"""The forms of a pause; they check shape only, the services decide."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choosers import offer_rows
from accounts.models import User
from cases.local_datetime import LocalDateTimeField
from cases.lookups import customers_of
from cases.models import Case
from cases.pauses.models import RECORDED, ConsentWay
from cases.pauses.services import MAX_WORDS


class PauseForm(forms.Form):
    """The customer's own pause."""

    resumes_when = forms.CharField(
        label=_("With what does it go on?"),
        max_length=MAX_WORDS,
        help_text=_("For example: when the logs have arrived. A post or an upload always lets it go on."),
    )
    resumes_on = forms.DateField(
        label=_("Go on by itself on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty if there is no such day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class SuspendForm(PauseForm):
    """A pause that a customer agreed to."""

    person = forms.ModelChoiceField(label=_("Who agreed?"), queryset=User.objects.none(), empty_label=None)
    way = forms.ChoiceField(label=_("How?"), choices=[(way, way.label) for way in RECORDED])
    agreed_at = LocalDateTimeField(label=_("When?"))

    field_order = ("person", "way", "agreed_at", "resumes_when", "resumes_on")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        first = {"person": case.contact_id, "agreed_at": timezone.now(), "way": ConsentWay.PHONE}
        kwargs.setdefault("initial", first)
        super().__init__(*args, **kwargs)
        offer_rows(self, "person", customers_of(case))
