"""The steps that a customer tries: ticked by whoever takes part in the case, for the engineer to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from analysis.advice.errors import AdviceReplaced, NoSuchStep
from analysis.advice.models import StepTick
from analysis.reports.content import content_of
from analysis.reports.models import Report
from analysis.reports.pages.summary import summary_of
from cases import rights
from cases.models import Case
from engine.text import LANGUAGES

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Step:
    """One step as it stands: ``tick`` is the newest word on it, if there is one."""

    place: int
    text: str
    tick: StepTick | None

    @property
    def done(self) -> bool:
        """Whether it was tried."""
        return self.tick is not None and self.tick.done


@dataclass(frozen=True)
class Advice:
    """What a case's page shows of a sent report (``reports.pages.summary``), and how far its steps are."""

    summary: dict[str, Any]
    steps: list[Step]

    @property
    def tried(self) -> int:
        """How many steps were ticked."""
        return sum(step.done for step in self.steps)


def advice_of(report: Report, language: str) -> Advice:
    """A sent report's summary and its steps with their ticks. A step that stood word for word in the version
    before keeps the tick that it had there. Raises ``ReportUnreadable``."""
    summary = _summary(report, language)
    ticks = _ticks(report)
    steps = [Step(place, text, ticks.get(place)) for place, text in enumerate(summary["steps"])]
    return Advice(summary, steps)


def tick(report: Report, step: int, by: User, *, done: bool, at: datetime | None = None) -> None:
    """Writes down that a step was tried, or that it was not after all; saying it twice writes nothing.

    Raises ``NotAllowed``, ``NoSuchStep``, ``AdviceReplaced`` and ``ReportUnreadable``.
    """
    rights.require(rights.may_reply, by, report.case)
    with transaction.atomic():
        # Two people of the customer may tick at once.
        Case.objects.locked().get(pk=report.case_id)
        if not report.is_sent or not 0 <= step < _count(report):
            raise NoSuchStep
        if newer := report.superseded_by:
            raise AdviceReplaced(version=newer.version)
        before = _ticks(report).get(step)
        if done != (before is not None and before.done):
            StepTick.objects.create(report=report, step=step, done=done, by=by, at=at or timezone.now())


def _ticks(report: Report) -> dict[int, StepTick]:
    """By step the newest tick, of this report or else of the same step in the version before."""
    inherited: dict[int, StepTick] = {}
    if report.replaces is not None:
        earlier = _ticks(report.replaces)
        places = {words: place for place, words in _in_both(report.replaces).items()}
        for place, words in _in_both(report).items():
            if (tick := earlier.get(places.get(words, -1))) is not None:
                inherited[place] = tick
    return inherited | {
        tick.step: tick for tick in StepTick.objects.filter(report=report).select_related("by")
    }


def _in_both(report: Report) -> dict[int, tuple[str | None, ...]]:
    """Each step by its place, in both languages."""
    steps = [_summary(report, language)["steps"] for language in LANGUAGES]
    return {
        place: tuple(side[place] if place < len(side) else None for side in steps)
        for place in range(max(map(len, steps)))
    }


def _count(report: Report) -> int:
    return len(_in_both(report))


def _summary(report: Report, language: str) -> dict[str, Any]:
    return _frozen_summary(report.pk, report.content_sha256, language)


@lru_cache(maxsize=256)
def _frozen_summary(report_id: int, content_sha256: str, language: str) -> dict[str, Any]:
    """A case's page is asked for often, its report's content is long and never changes."""
    with override(language):
        return summary_of(content_of(Report.objects.get(pk=report_id)), language)
