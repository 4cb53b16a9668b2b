"""What an administrator says about working days."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.working_days.models import WorkingCalendar

WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)


class WorkingCalendarForm(forms.ModelForm[WorkingCalendar]):
    """The week, by ticks."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("people work on"), coerce=int, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = WorkingCalendar
        fields: ClassVar[list[str]] = ["weekdays"]
