"""The report editor's form; it checks shape only, ``analysis.reports.services`` decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from analysis.reports.models import Report
from analysis.reports.services import MAX_TEXT_LENGTH, TEXTS, is_revision
from engine.text import LANGUAGES


def _area(
    label: Any, rows: int, language: str, *, required: bool = False, help_text: Any = ""
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "lang": language})
    words: dict[str, Any] = {"label": label, "help_text": help_text}
    return forms.CharField(required=required, max_length=MAX_TEXT_LENGTH, widget=widget, **words)


LEADS = _("The first sentence stands alone at the top: on the case page, in the mail and in the report.")


class ReportForm(forms.Form):
    """Conclusion and advice in both languages, the findings kept, and the draft she began from; of one that
    may replace another whether it does and what changed. ``confirm`` names the texts whose other side she
    has read."""

    conclusion_zh = _area(_("Conclusion in Chinese"), 12, "zh-Hans", required=True, help_text=LEADS)
    conclusion_en = _area(_("Conclusion in English"), 12, "en", required=True)
    advice_zh = _area(_("Advice in Chinese"), 8, "zh-Hans")
    advice_en = _area(_("Advice in English"), 8, "en")
    replaces = forms.BooleanField(required=False)
    change_zh = _area(_("What changed, in Chinese"), 2, "zh-Hans")
    change_en = _area(_("What changed, in English"), 2, "en")
    confirm = forms.MultipleChoiceField(
        required=False, choices=[(name, name) for name in TEXTS], widget=forms.CheckboxSelectMultiple
    )
    keep = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        self.count = len(report.run.result.findings)
        kwargs.setdefault("initial", _initial(report, self.count))
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            self.fields[f"change_{language[:2]}"].required = is_revision(report)
        keep = self.fields["keep"]
        assert isinstance(keep, forms.TypedMultipleChoiceField)
        keep.choices = [(position, str(position)) for position in range(self.count)]

    def texts(self, name: str) -> dict[str, str]:
        """One of ``services.TEXTS`` by language."""
        return {language: self.cleaned_data[f"{name}_{language[:2]}"] for language in LANGUAGES}

    def left_out(self) -> list[int]:
        """Positions of the findings that are not kept."""
        return [position for position in range(self.count) if position not in self.cleaned_data["keep"]]

    def seen_at(self) -> datetime | None:
        """The ``edited_at`` that the page showed."""
        return parse_seen(self.cleaned_data["seen"])

    def write_over(self, edited_at: datetime) -> None:
        """The next save of this page is meant over the draft of that moment."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = edited_at.isoformat()
        self.data = data


def parse_seen(iso_time: str) -> datetime | None:
    """An ISO time out of a hidden field; ``None`` for an empty or odd one."""
    try:
        return datetime.fromisoformat(iso_time)
    except ValueError:
        return None


def _initial(report: Report, count: int) -> Mapping[str, Any]:
    texts = {
        f"{name}_{language[:2]}": getattr(report, name).get(language, "")
        for name in TEXTS
        for language in LANGUAGES
    }
    kept = [position for position in range(count) if position not in report.left_out]
    return texts | {
        "keep": kept,
        "replaces": report.replaces_id is not None,
        "seen": report.edited_at.isoformat() if report.edited_at else "",
    }
