"""The same signature in an earlier case: whom it is told, and of which cases."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analysis.findings.earlier_cases import MAX_NAMED, earlier_cases
from analysis.runs import services as runs
from analysis.runs.models import AnalysisRun
from cases.models import Case, Queue
from engine.findings import Severity
from jobs.models import JobState
from tests.analysis import bundles
from tests.analysis.documents import finding, result_document
from tests.people import report, signed_in

pytestmark = pytest.mark.django_db

PRINT, OTHER = "a" * 64, "b" * 64


def analysed(case: Case, by: User, *fingerprints: str, severity: str = "high") -> AnalysisRun:
    """A finished run of the case with a finding of each fingerprint."""
    run = runs.queue_run(bundles.sealed(case, by, b"x"))
    claimed = runs.claim(run.pk)
    assert claimed is not None
    findings = [finding(severity=Severity(severity), fingerprint=fingerprint) for fingerprint in fingerprints]
    runs.complete(claimed, result_document(*findings))
    claimed.refresh_from_db()
    assert claimed.state == JobState.DONE
    return claimed


def cases_of(by: User, count: int, **facts: Any) -> list[Case]:
    """So many cases, the newest last."""
    begin = timezone.now() - timedelta(days=count)
    return [report(by, at=begin + timedelta(days=number), **facts) for number in range(count)]


def test_the_latest_three_are_named_and_all_are_counted(case: Case, alice: User, jia: User) -> None:
    *older, newest = cases_of(alice, MAX_NAMED + 2, engineer=jia)
    for earlier_case in (*older, newest):
        analysed(earlier_case, alice, PRINT, PRINT)
    analysed(older[0], alice, PRINT)

    seen = earlier_cases(case, [PRINT, OTHER], jia)

    assert seen.keys() == {PRINT}
    assert (seen[PRINT].count, seen[PRINT].more) == (5, 2), "two findings and two runs are one case"
    assert [case.case for case in seen[PRINT].cases] == [newest, *older[:-3:-1]]


def test_a_case_is_no_earlier_case_of_itself(case: Case, alice: User, jia: User) -> None:
    analysed(case, alice, PRINT)
    analysed(case, alice, PRINT)

    assert earlier_cases(case, [PRINT], jia) == {}


def test_nobody_learns_of_a_case_that_she_may_not_see(
    case: Case, alice: User, charlie: User, jia: User, yi: User, ding: User, max_: User
) -> None:
    hidden = report(charlie, engineer=ding, queue=Queue.objects.create(name="Network"))
    analysed(hidden, charlie, PRINT)
    queued = report(charlie, engineer=ding, queue=Queue.objects.get(name="Windows"))
    analysed(queued, charlie, PRINT)

    assert earlier_cases(case, [PRINT], jia)[PRINT].count == 1, "her queue's, not her colleague's"
    assert [case.case for case in earlier_cases(case, [PRINT], yi)[PRINT].cases] == [queued]
    assert earlier_cases(case, [PRINT], max_)[PRINT].count == 2
    for customer in (alice, charlie):
        assert earlier_cases(case, [PRINT], customer) == {}, "customers are told of no other case"


def test_the_case_page_names_them_for_engineers_alone(
    case: Case, alice: User, charlie: User, jia: User
) -> None:
    other = report(charlie, product="CMGE", queue=case.queue, engineer=jia)
    analysed(other, charlie, PRINT)
    other.refresh_from_db()
    other.change("close", by=jia, reason="The customer <b>confirmed</b> by phone.")
    analysed(case, alice, PRINT)

    page = signed_in(jia).get(case.get_absolute_url()).content.decode()
    assert reverse("case", args=(other.number,)) in page
    assert "confirmed&lt;/b&gt; by phone" in page, "how it ended"
    for person in (alice, charlie):
        answer = signed_in(person).get(case.get_absolute_url()).content.decode()
        assert other.number not in answer


def test_what_is_in_order_is_not_said_to_have_been_seen_elsewhere(case: Case, alice: User, jia: User) -> None:
    other = report(alice, engineer=jia)
    analysed(other, alice, PRINT, severity="info")
    analysed(case, alice, PRINT, severity="info")

    assert other.number not in signed_in(jia).get(case.get_absolute_url()).content.decode()


def test_it_asks_as_often_for_many_findings_as_for_one(
    case: Case, alice: User, jia: User, django_assert_max_num_queries: Any
) -> None:
    prints = [f"{number:064x}" for number in range(40)]
    for earlier_case in cases_of(alice, 4, engineer=jia):
        analysed(earlier_case, alice, *prints)

    with django_assert_max_num_queries(5):
        assert len(earlier_cases(case, prints, jia)) == 40
