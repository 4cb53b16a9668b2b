"""The forms of the page on which a person says what she wants to be told; they check shape only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.signals import ActivityKind
from mail.notifications.models import Channel, NotificationTimes, zone_names
from mail.notifications.preferences import choices_of

if TYPE_CHECKING:
    from accounts.models import User


class ChannelsForm(forms.Form):
    """One choice for each kind that is open to her; fields bear the kinds' names."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for kind, channel in choices_of(person).items():
            self.fields[str(kind)] = forms.ChoiceField(
                label=kind.label,
                choices=Channel.choices,
                initial=channel,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def choices(self) -> dict[ActivityKind, Channel]:
        """What she chose; kinds that the page did not send stay as they are."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return {ActivityKind(name): Channel(value) for name, value in chosen.items()}


class TimesForm(forms.ModelForm[NotificationTimes]):
    """Quiet hours, the daily mail and the time zone that both are of."""

    digest_hour = forms.TypedChoiceField(
        label=_("Daily mail at"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        help_text=_("One mail with all that was chosen for it; none where nothing has happened."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(name, name) for name in sorted(zone_names())]
    )

    class Meta:
        model = NotificationTimes
        fields: ClassVar[list[str]] = ["quiet_from", "quiet_until", "digest_hour", "time_zone"]
        labels: ClassVar[dict[str, Any]] = {"quiet_from": _("From"), "quiet_until": _("To")}
        widgets: ClassVar[dict[str, Any]] = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%R"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%R"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Quiet hours have both ends or none."""
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", _("Give both times, or neither."))
        return cleaned
