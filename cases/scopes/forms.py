"""The scope as a form, and the customer's word on it; ``cases.scopes.services`` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.answers.forms import HeardForm
from cases.scopes.services import MAX_LENGTH


def _text(label: Any, help_text: Any, *, required: bool = False, rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=MAX_LENGTH, widget=widget
    )


class ScopeForm(forms.Form):
    """The three texts of a version."""

    problem = _text(
        _("Problem"),
        _("What does not work, on which machines, since when; as the customer would say it."),
        required=True,
        rows=5,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    included = _text(_("In scope"), _("What we examine or do, and when the case counts as solved."))
    excluded = _text(_("Out of scope"), _("What this case is not about, for example other products."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class AnswerForm(forms.Form):
    """The customer's own answer: agree, or object with words."""

    answer = forms.ChoiceField(choices=(("agree", ""), ("object", "")))
    words = _text(_("In the customer's words"), "", rows=2)

    def agrees(self) -> bool:
        """The answer."""
        return bool(self.cleaned_data["answer"] == "agree")


class RecordForm(HeardForm, AnswerForm):
    """Her answer as an engineer heard it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "scope-%s")
        super().__init__(*args, **kwargs)
