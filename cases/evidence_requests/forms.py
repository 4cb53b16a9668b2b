"""What an engineer asks a customer to collect, as a form; ``cases.evidence_requests.services`` decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cases.evidence_requests.models import EvidenceRequest, ItemKind, ItemState
from cases.evidence_requests.services import MAX_DETAIL_LENGTH, Asked
from cases.evidence_requests.texts import PRESETS
from cases.local_datetime import LocalDateTimeField
from cases.models import Case

USUAL_LOGS = (("System", _("System")), ("Application", _("Application")), ("Security", _("Security")))
THINGS = (
    (ItemKind.MSINFO, _("System information (msinfo)")),
    (ItemKind.DUMP, _("Minidumps; they may hold what was in memory")),
    (ItemKind.PICTURE, _("Screenshot or photo of the message")),
)
BEFORE = timedelta(days=7)
"""So long before the incident the material should begin, unless the engineer says otherwise."""


def _lines(rows: int, placeholder: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "form-control mono", "placeholder": placeholder})


class RequestForm(forms.Form):
    """One request; the boxes take one thing a line."""

    logs = forms.MultipleChoiceField(
        label=_("Event logs"), required=False, choices=USUAL_LOGS, widget=forms.CheckboxSelectMultiple
    )
    more_logs = forms.CharField(
        label=_("Other event logs"),
        required=False,
        max_length=10_000,
        widget=_lines(2, "Microsoft-Windows-CodeIntegrity/Operational"),
    )
    hashes = forms.CharField(
        label=_("Hashes of these files"),
        required=False,
        max_length=20_000,
        widget=_lines(2, r"C:\Program Files\App\app.exe"),
        help_text=_("Whole paths. The customer gets a line for PowerShell for each; the file stays there."),
    )
    copies = forms.CharField(
        label=_("These files themselves"),
        required=False,
        max_length=20_000,
        widget=_lines(2, r"C:\Program Files\App\app.log"),
    )
    things = forms.MultipleChoiceField(
        label=_("Also"), required=False, choices=THINGS, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(
        label=_("Something else"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        help_text=_("A question or a wish a line; the customer says herself when it is done."),
    )
    since = LocalDateTimeField(label=_("From"), required=False)
    until = LocalDateTimeField(label=_("Until"), required=False)
    note = forms.CharField(
        label=_("Your words to the customer"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The lines are short enough, and the time runs forwards."""
        said = super().clean() or self.cleaned_data
        for name in ("more_logs", "hashes", "copies", "other"):
            if any(len(line) > MAX_DETAIL_LENGTH for line in said.get(name, "").splitlines()):
                words = _("One of these lines has more than %(most)s characters.") % {
                    "most": MAX_DETAIL_LENGTH
                }
                self.add_error(name, words)
        if said.get("since") and said.get("until") and said["since"] >= said["until"]:
            self.add_error("until", _("This lies before the beginning."))
        return said

    def items(self) -> list[Asked]:
        """Kind and detail of each thing asked for, in the order in which it is best collected."""
        said = self.cleaned_data
        lines = {
            name: [line.strip() for line in said[name].splitlines() if line.strip()]
            for name in ("more_logs", "hashes", "copies", "other")
        }
        return [
            *((ItemKind.LOG, name) for name in (*said["logs"], *lines["more_logs"])),
            *((ItemKind.HASH, path) for path in lines["hashes"]),
            *((ItemKind.FILE, path) for path in lines["copies"]),
            *((thing, "") for thing in said["things"]),
            *((ItemKind.OTHER, words) for words in lines["other"]),
        ]


def initial(case: Case, preset: str, former: EvidenceRequest | None) -> dict[str, Any]:
    """What the form begins with: a preset, or what of the open request is still missing."""
    begin = {"since": case.incident_at - BEFORE if case.incident_at else None}
    if preset in PRESETS:
        asked = PRESETS[preset]
        with translation.override(case.contact.language):
            other = [str(words) for words in asked.other]
        usual = [name for name, _label in USUAL_LOGS]
        return begin | {
            "logs": [name for name in asked.logs if name in usual],
            "more_logs": "\n".join(name for name in asked.logs if name not in usual),
            "copies": "\n".join(asked.files),
            "things": list(asked.things),
            "other": "\n".join(other),
        }
    if former is None:
        return begin | {"logs": ["System", "Application"]}
    return _of_request(former)


def _of_request(request: EvidenceRequest) -> dict[str, Any]:
    usual = [name for name, _label in USUAL_LOGS]
    by_kind: dict[str, list[str]] = {}
    for item in request.items.all():
        if item.state in (ItemState.OPEN, ItemState.ARRIVED):
            by_kind.setdefault(item.kind, []).append(item.detail)
    logs = by_kind.get(ItemKind.LOG, [])
    return {
        "logs": [name for name in logs if name in usual],
        "more_logs": "\n".join(name for name in logs if name not in usual),
        "hashes": "\n".join(by_kind.get(ItemKind.HASH, [])),
        "copies": "\n".join(by_kind.get(ItemKind.FILE, [])),
        "things": [kind for kind, _label in THINGS if kind in by_kind],
        "other": "\n".join(by_kind.get(ItemKind.OTHER, [])),
        "since": request.since,
        "until": request.until,
        "note": request.note,
    }
