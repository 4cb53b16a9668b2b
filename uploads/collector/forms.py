"""What an engineer asks the log collector for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from uploads.collector.errors import NotCollectable
from uploads.collector.options import checked

LINES = forms.Textarea(attrs={"rows": 4, "class": "form-control mono"})
PART_LABELS = {
    "messages": _("message templates of the events, in the machine's language"),
    "system": _("system information (systeminfo, msinfo32)"),
    "software": _("installed software"),
    "drivers": _("drivers"),
    "patches": _("patches"),
    "policy": _("group policy results (gpresult)"),
    "network": _("network settings and connections"),
    "reports": _("error reports (WER)"),
    "dumps": _("minidumps; they may hold what was in memory"),
}


class CollectorForm(forms.Form):
    """What the collector collects, one thing a line."""

    logs = forms.CharField(label=_("Event logs"), required=False, max_length=20_000, widget=LINES)
    days = forms.IntegerField(
        label=_("Of the last how many days? (0: all)"), min_value=0, max_value=3650, initial=30
    )
    paths = forms.CharField(
        label=_("Files to hash (content stays there)"), required=False, max_length=50_000, widget=LINES
    )
    registry = forms.CharField(label=_("Registry keys"), required=False, max_length=50_000, widget=LINES)
    parts = forms.MultipleChoiceField(
        label=_("Also"),
        required=False,
        choices=list(PART_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        """Every line held against what can be collected."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned["options"] = checked(
                    logs=cleaned["logs"],
                    files=cleaned["paths"],
                    registry=cleaned["registry"],
                    days=cleaned["days"],
                    parts=set(cleaned["parts"]),
                )
            except NotCollectable as refusal:
                self.add_error(None, str(refusal))
        return cleaned
