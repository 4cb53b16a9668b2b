"""What a reader in a hurry takes with her: the conclusion's first sentence, three figures, the steps.

In the active language; the figures come from the findings' data, not from a sentence of somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import ngettext

from analysis.display import grouped
from analysis.reports.content import WEIGHTY
from analysis.reports.schema import ReportContent
from analysis.reports.sentences import lead_and_rest
from analysis.reports.steps import lead_of, steps_of
from engine.schema.document import FindingText
from engine.text import in_language
from engine.text_safety import plain, shown

MAX_FIGURES = 3
MAX_TEXT = 20_000


def summary_of(content: ReportContent, language: str) -> dict[str, Any]:
    """``lead``, a sentence, and the ``rest`` of the conclusion in paragraphs; ``figures`` (``value`` and
    ``label``), ``advice_lead`` and ``steps``."""
    lead, rest = lead_and_rest(plain(in_language(content.conclusion, language), MAX_TEXT))
    advice = plain(in_language(content.advice, language), MAX_TEXT)
    return {
        "lead": lead,
        "rest": rest,
        "figures": _figures(content),
        "advice_lead": lead_of(advice),
        "steps": steps_of(advice),
    }


def _figures(content: ReportContent) -> list[dict[str, str]]:
    """Of the gravest findings first; then how much stands behind them. None where nothing was examined."""
    made = sum(examination.outcome == "examined" for examination in content.examined)
    if not made:
        return []
    told = [*_of_findings(content.findings)][: MAX_FIGURES - 1]
    weighty = sum(finding.severity in WEIGHTY for finding in content.findings)
    general = [
        _figure(weighty, ngettext("finding that needs action", "findings that need action", weighty)),
        _figure(
            content.events.total, ngettext("event record read", "event records read", content.events.total)
        ),
    ]
    checks = _figure(made, ngettext("check made", "checks made", made))
    return [*(told + general)[: MAX_FIGURES - 1], checks]


def _of_findings(findings: Sequence[FindingText]) -> Iterator[dict[str, str]]:
    """One of each kind: how often a service stopped, by how much a file differs."""
    stopped = next((finding for finding in findings if finding.data.runs), None)
    if stopped is not None:
        count = sum(run.count for run in stopped.data.runs)
        name = shown(stopped.data.name or stopped.data.service or "", 60)
        yield _figure(
            count,
            ngettext("unexpected stop of %(name)s", "unexpected stops of %(name)s", count) % {"name": name},
        )
    changed = next((finding for finding in findings if _growth(finding)), None)
    if changed is not None:
        growth = _growth(changed)
        label = ngettext(
            "byte: %(file)s against the known-good file",
            "bytes: %(file)s against the known-good file",
            abs(growth),
        )
        yield _figure(growth, label % {"file": shown(changed.data.file or "", 60)}, signed=True)


def _growth(finding: FindingText) -> int:
    """By how many bytes a state differs most from its baseline; 0 where that is not known."""
    if finding.rule != "file-tampered":
        return 0
    return max((state.delta_bytes or 0 for state in finding.data.states), key=abs, default=0)


def _figure(value: int, label: str, *, signed: bool = False) -> dict[str, str]:
    return {"value": f"{value:+,}".replace("-", "−") if signed else grouped(value), "label": label}
