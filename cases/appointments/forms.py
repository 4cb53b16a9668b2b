"""Times to propose, and the customer's word on them; ``cases.appointments.services`` decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choosers import offer_rows
from cases.answers.forms import HeardForm
from cases.appointments.models import Appointment, Medium, ProposedTime
from cases.appointments.services import MAX_LENGTH, MAX_REASON_LENGTH, MAX_TIMES
from cases.local_datetime import LocalDateTimeField

LENGTHS = (15, 30, 45, 60, 90, 120, 180)
TIMES = tuple(f"time_{number}" for number in range(1, MAX_TIMES + 1))


class ProposeForm(forms.Form):
    """Up to five times, how long and by what."""

    medium = forms.ChoiceField(label=_("By"), choices=Medium, initial=Medium.REMOTE)
    minutes = forms.TypedChoiceField(
        label=_("How long?"),
        choices=[(length, _("%(minutes)s min") % {"minutes": length}) for length in LENGTHS],
        coerce=int,
        initial=60,
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("What it is about, the tool or the number to call."),
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for number, name in enumerate(TIMES, 1):
            label = _("Time %(number)s") % {"number": number}
            self.fields[name] = LocalDateTimeField(label=label, required=number == 1, may_lie_ahead=True)
        self.order_fields([*TIMES, "medium", "minutes", "note"])

    def starts(self) -> list[datetime]:
        """The times that were filled in."""
        return [self.cleaned_data[name] for name in TIMES if self.cleaned_data[name]]


class AnswerForm(forms.Form):
    """The customer's own answer: one of the times, or words."""

    answer = forms.ChoiceField(choices=(("agree", ""), ("decline", "")))
    time = forms.ModelChoiceField(
        label=_("Which time?"), queryset=ProposedTime.objects.none(), required=False, empty_label=None
    )
    words = forms.CharField(
        label=_("In the customer's words"),
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "time", appointment.times.all())

    def declines(self) -> bool:
        """Whether none of the times suits."""
        return bool(self.cleaned_data["answer"] == "decline")

    def start(self) -> datetime | None:
        """The time that is agreed to."""
        chosen: ProposedTime | None = self.cleaned_data["time"]
        return chosen.starts_at if chosen else None


class RecordForm(HeardForm, AnswerForm):
    """Her answer as an engineer heard it; the time may be another one."""

    other = LocalDateTimeField(label=_("or another time"), required=False, may_lie_ahead=True)

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "appointment-%s")
        super().__init__(*args, case=appointment.case, appointment=appointment, **kwargs)

    def start(self) -> datetime | None:
        """The time that is agreed to."""
        other: datetime | None = self.cleaned_data["other"]
        return other or super().start()


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=MAX_REASON_LENGTH)
