"""What an engineer asks a customer to collect, as a form; ``cases.evidence_requests.services`` decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cases.evidence_requests.kinds import ItemKind, Lines, Tick
from cases.evidence_requests.models import EvidenceRequest, ItemState
from cases.evidence_requests.presets import APPLICATION, PRESETS, SYSTEM
from cases.evidence_requests.services import MAX_DETAIL_LENGTH, Asked
from cases.local_datetime import LocalDateTimeField
from cases.models import Case

BOXES = {kind: kind.facts.form for kind in ItemKind if isinstance(kind.facts.form, Lines)}
TICKS = {kind: kind.facts.form for kind in ItemKind if isinstance(kind.facts.form, Tick)}
BEFORE = timedelta(days=7)
"""So long before the incident the material should begin, unless the engineer says otherwise."""


def _ticks(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
    )


def _box(box: Lines) -> forms.CharField:
    attrs = {"rows": 2, "class": "form-control"}
    if box.placeholder:
        attrs |= {"class": "form-control mono", "placeholder": box.placeholder}
    words: dict[str, Any] = {"label": box.label, "help_text": box.help_text}
    return forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs=attrs), **words)


def _fields() -> dict[str, forms.Field]:
    """By kind, in its order; the ticks of all that need no detail stand together."""
    fields: dict[str, forms.Field] = {}
    for kind in ItemKind:
        form = kind.facts.form
        if isinstance(form, Tick):
            fields["things"] = _ticks(_("Also"), [(tick.value, TICKS[tick].label) for tick in TICKS])
            continue
        if form.usual_field:
            usual = kind.facts.usual.items()
            fields[form.usual_field] = _ticks(
                form.usual_label, [(name, words.choice) for name, words in usual]
            )
        fields[form.field] = _box(form)
    return fields


class CannotSendForm(forms.Form):
    """Why an item cannot be sent."""

    reason = forms.CharField(
        label=_("Why can it not be sent?"),
        max_length=500,
        help_text=_("For example: the machine is not at hand, or the log is switched off."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class RequestForm(forms.Form):
    """One request: fields for the kinds of evidence (``_fields``), time and words."""

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
        self.fields = {**_fields(), **self.fields}

    def clean(self) -> dict[str, Any]:
        """The lines are short enough, and the time runs forwards."""
        cleaned = super().clean() or self.cleaned_data
        for box in BOXES.values():
            if any(len(line) > MAX_DETAIL_LENGTH for line in cleaned.get(box.field, "").splitlines()):
                words = _("One of these lines has more than %(most)s characters.") % {
                    "most": MAX_DETAIL_LENGTH
                }
                self.add_error(box.field, words)
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] >= cleaned["until"]:
            self.add_error("until", _("This lies before the beginning."))
        return cleaned

    def items(self) -> list[Asked]:
        """Kind and detail of each thing asked for, in the order in which it is best collected."""
        items: list[Asked] = []
        for kind in ItemKind:
            form = kind.facts.form
            if isinstance(form, Tick):
                items += [(kind, "")] if kind in self.cleaned_data["things"] else []
                continue
            lines = [line.strip() for line in self.cleaned_data[form.field].splitlines()]
            usual = self.cleaned_data[form.usual_field] if form.usual_field else ()
            items += [(kind, detail) for detail in (*usual, *lines) if detail]
        return items


def initial(case: Case, preset: str, former: EvidenceRequest | None) -> dict[str, Any]:
    """What the form begins with: a preset, or what of the open request is still missing."""
    before = {"since": case.incident_at - BEFORE if case.incident_at else None}
    if preset in PRESETS:
        with translation.override(case.contact.language):
            return before | _filled((kind, str(detail)) for kind, detail in PRESETS[preset].items)
    if former is None:
        return before | _filled([SYSTEM, APPLICATION])
    missing = (ItemState.OPEN, ItemState.ARRIVED)
    items = [(item.kind, item.detail) for item in former.items.all() if item.state in missing]
    return _filled(items) | {"since": former.since, "until": former.until, "note": former.note}


def _filled(items: Iterable[Asked]) -> dict[str, Any]:
    details: dict[str, list[str]] = {}
    for kind, detail in items:
        details.setdefault(kind, []).append(detail)
    values: dict[str, Any] = {"things": [kind for kind in details if kind in TICKS]}
    for kind, box in BOXES.items():
        asked, usual = details.get(kind, []), kind.facts.usual
        if box.usual_field:
            values[box.usual_field] = [detail for detail in asked if detail in usual]
        values[box.field] = "\n".join(detail for detail in asked if detail not in usual)
    return values
