"""Where the signature of a finding was seen before: the cases that this person may know of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, F, Window
from django.db.models.functions import DenseRank

from analysis.findings.models import Finding, FindingQuerySet
from analysis.reports.models import Report, ReportState
from cases.events import EventKind
from cases.models import Case, CaseEvent
from cases.status import CLOSED
from jobs.models import JobState

if TYPE_CHECKING:
    from accounts.models import User

MAX_NAMED = 3
"""Cases named below one finding; the number of all of them is said."""


@dataclass
class Seen:
    """``cases`` are the latest, ``count`` all of them."""

    count: int
    cases: list[EarlierCase] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.cases)


@dataclass
class EarlierCase:
    """A case with the same signature: how it ended, and the newest report that was sent, if any."""

    case: Case
    ended: str
    report: Report | None


def earlier_cases(case: Case, fingerprints: Iterable[str], user: User) -> dict[str, Seen]:
    """By fingerprint; five queries, however many findings and cases there are.

    Only for the vendor, and of what the viewer may see; to a customer nothing is earlier.
    """
    prints = {fingerprint for fingerprint in fingerprints if fingerprint}
    if not (user.is_vendor and prints):
        return {}
    rows = (
        Finding.objects.visible_to(user)
        .filter(fingerprint__in=prints, run__state=JobState.DONE)
        .exclude(run__bundle__case=case)
    )
    counts = dict(_counts(rows))
    if not counts:
        return {}
    latest = _latest(rows)
    numbers = {number for cases in latest.values() for number in cases}
    cases = _described(numbers, user)
    return {
        fingerprint: Seen(count, [cases[number] for number in latest[fingerprint]])
        for fingerprint, count in counts.items()
    }


def _counts(findings: FindingQuerySet) -> Iterable[tuple[str, int]]:
    cases = (
        findings.order_by().values("fingerprint").annotate(cases=Count("run__bundle__case", distinct=True))
    )
    return cases.values_list("fingerprint", "cases")


def _latest(findings: FindingQuerySet) -> dict[str, list[int]]:
    """The newest cases of each fingerprint; several findings of one case rank as one."""
    newest = (F("run__bundle__case__created_at").desc(), F("run__bundle__case_id").desc())
    ranked = (
        findings.order_by()
        .annotate(rank=Window(DenseRank(), partition_by=F("fingerprint"), order_by=newest))
        .filter(rank__lte=MAX_NAMED)
        .values_list("fingerprint", "run__bundle__case_id", "rank")
    )
    cases: dict[str, list[int]] = defaultdict(list)
    for fingerprint, number, _rank in sorted(set(ranked), key=lambda row: row[2]):
        cases[fingerprint].append(number)
    return cases


def _described(numbers: Collection[int], user: User) -> dict[int, EarlierCase]:
    cases = Case.objects.visible_to(user).filter(pk__in=numbers).select_related("organisation")
    closings = CaseEvent.objects.filter(case__in=numbers, kind=EventKind.STATUS, to_status__in=CLOSED)
    reasons = {event.case_id: event.reason for event in closings.order_by("at", "pk")}
    reports = Report.objects.visible_to(user).filter(case__in=numbers, state=ReportState.SENT)
    newest = {report.case_id: report for report in reports.defer("content").order_by("version")}
    return {
        case.pk: EarlierCase(
            case, reasons.get(case.pk, "") if case.status_facts.is_closed else "", newest.get(case.pk)
        )
        for case in cases
    }
