"""The forms of a pause; they check shape only, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.answers.forms import HeardForm
from cases.pauses.proposals import MAX_LENGTH
from cases.pauses.services import MAX_WORDS


class PauseForm(forms.Form):
    """With what the case goes on: the customer's own pause, or what she is asked."""

    resumes_when = forms.CharField(
        label=_("With what does it go on?"),
        max_length=MAX_WORDS,
        help_text=_("For example: when the logs have arrived."),
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


class SuspendForm(HeardForm, PauseForm):
    """A pause that a customer agreed to by phone or mail."""

    field_order = ("person", "way", "said_at", "resumes_when", "resumes_on")


class AnswerForm(forms.Form):
    """The customer's own answer to a proposal."""

    answer = forms.ChoiceField(choices=(("agree", ""), ("go_on", "")))
    words = forms.CharField(
        label=_("In the customer's words"),
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def agrees(self) -> bool:
        """The answer."""
        return bool(self.cleaned_data["answer"] == "agree")


class RecordForm(HeardForm, AnswerForm):
    """Her answer as an engineer heard it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "pause-%s")
        super().__init__(*args, **kwargs)
