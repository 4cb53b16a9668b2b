"""The steps that a customer tries: ticked by whoever takes part in the case, for the engineer to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from accounts.roles import Right, with_right
from analysis.advice.answers import answered
from analysis.advice.errors import AdviceReplaced, NoSuchStep
from analysis.advice.models import StepTick
from analysis.reports.content import content_of
from analysis.reports.errors import ReportUnreadable
from analysis.reports.models import Report, ReportState
from analysis.reports.pages.summary import summary_of
from cases import rights
from cases.events import EventKind
from cases.models import Message
from cases.thread.models import EntryMove
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


def tick(
    report: Report,
    step: int,
    by: User,
    *,
    done: bool,
    at: datetime | None = None,
    entry: Message | None = None,
) -> None:
    """Writes down that a step was tried, or that it was not after all; saying it twice writes nothing.
    ``entry``: the mail that says so.

    Raises ``NotAllowed``, ``NoSuchStep``, ``AdviceReplaced`` and ``ReportUnreadable``.
    """
    rights.require(rights.may_reply, by, report.case)
    with transaction.atomic():
        # Two people of the customer may tick at once.
        report.case.lock()
        if not report.is_sent or not 0 <= step < _count(report):
            raise NoSuchStep
        if newer := report.superseded_by:
            raise AdviceReplaced(version=newer.version)
        before = _ticks(report).get(step)
        if done != (before is not None and before.done):
            at = at or timezone.now()
            StepTick.objects.create(report=report, step=step, done=done, by=by, at=at, entry=entry)
            if entry is None:  # Else the entry tells of it.
                number = {"after" if done else "before": str(step + 1)}
                report.case.record(EventKind.STEP, by=by, at=at, **number)


def tick_by_mail(entry: Message, text: str, report: Report | None, *, direct: bool) -> None:
    """Ticks the steps that a customer's mail says are done (``answers``), and takes back the ticks of those
    that it says are not.

    ``text`` with what it quotes. ``report``: the one whose mail it answers, in ``direct`` answer or further
    down its thread; a revised one speaks of the same steps of the revision. ``None``: the mail answers
    none of ours; then the case's report is meant while it is the vendor's last word.
    """
    by = entry.author
    if by is None or entry.internal or not rights.may_answer(by, entry.case):
        return
    report = report or _last_word(entry)
    if report is None:
        return
    try:
        told = _in_both(report)
        newest = _newest(report)
        places = {words: place for place, words in _in_both(newest).items()}
    except ReportUnreadable:
        return
    sides = [[words[number] or "" for words in told.values()] for number in range(len(LANGUAGES))]
    for place, done in answered(text, sides, direct=direct).items():
        if (step := places.get(told[place])) is not None:
            tick(newest, step, by, done=done, entry=entry)


def _last_word(entry: Message) -> Report | None:
    """The report that the customer has, if the vendor has said nothing to her since."""
    said = Message.objects.filter(case=entry.case_id, internal=False, created_at__lte=entry.created_at)
    newest = said.filter(author__role__in=with_right(Right.VENDOR)).order_by("-created_at", "-pk").first()
    return Report.objects.filter(message=newest, state=ReportState.SENT).first() if newest else None


def _newest(report: Report) -> Report:
    while (newer := report.superseded_by) is not None:
        report = newer
    return report


def _ticks(report: Report) -> dict[int, StepTick]:
    """By step the newest tick, of this report or else of the same step in the version before."""
    inherited: dict[int, StepTick] = {}
    if report.replaces is not None:
        earlier = _ticks(report.replaces)
        places = {words: place for place, words in _in_both(report.replaces).items()}
        for place, words in _in_both(report).items():
            if (tick := earlier.get(places.get(words, -1))) is not None:
                inherited[place] = tick
    # What a mail says does not count here while that stands in another case, or in none.
    moved = EntryMove.objects.filter(back_at=None).exclude(copy__case=F("entry__case"))
    ticks = StepTick.objects.filter(report=report).exclude(entry__moves__in=moved).select_related("by")
    return inherited | {tick.step: tick for tick in ticks}


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
