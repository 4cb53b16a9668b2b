"""The forms of answers to a result; they check shape only, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.answers.forms import HeardForm
from cases.models import Case

SOLVED = (("yes", _("It is solved")), ("no", _("Not solved yet")))
MAX_WORDS = 10_000


class ShownForm(forms.Form):
    """Keeps since when the case stands as the page shows it."""

    shown = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def shows(self, case: Case) -> None:
        """Another page than the one that was sent: it shows what the case says now."""
        if self.is_bound and self.add_prefix("shown") in self.data:
            self.data = dict(self.data.items()) | {self.add_prefix("shown"): shown_by(case)}
        self.initial["shown"] = shown_by(case)


def shown_by(case: Case) -> str:
    """For ``ShownForm``; empty where no result waits for an answer."""
    return case.status_since.isoformat() if case.result_asked_at else ""


class AnswerForm(ShownForm):
    """The customer's own answer."""

    solved = forms.ChoiceField(choices=SOLVED, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What still does not work?"),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Which of the steps you have done, and what you see now."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def is_solved(self) -> bool:
        """The answer."""
        return bool(self.cleaned_data["solved"] == "yes")


class RecordForm(HeardForm, ShownForm):
    """A customer's word that reached the vendor."""

    solved = forms.ChoiceField(label=_("What did she say?"), choices=SOLVED)
    words = forms.CharField(
        label=_("In her words"),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads it. Needed where it is not solved."),
    )


class AgainForm(forms.Form):
    """What is there again."""

    words = forms.CharField(
        label=_("What happens again?"),
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Since when, and whether it is the same as before."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class RatingForm(forms.Form):
    """How she was served."""

    STARS = (
        ("", ""),
        (5, _("Very good")),
        (4, _("Good")),
        (3, _("Middling")),
        (2, _("Bad")),
        (1, _("Very bad")),
    )

    stars = forms.TypedChoiceField(label=_("How were you served?"), choices=STARS, coerce=int)
    words = forms.CharField(label=_("A word on it"), max_length=1000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
