"""What needs doing, and the manager's figures."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases.desk.queries import needs_doing_for, overview
from cases.models import Case, MessageKind, Queue
from cases.services import post_message
from cases.status import Status
from tests.people import report

pytestmark = pytest.mark.django_db


def groups(user: User) -> dict[str, list[Case]]:
    return {group.key: group.cases for group in needs_doing_for(user) if group.cases}


def groups_at(user: User, now: datetime) -> dict[str, list[Case]]:
    return {group.key: group.cases for group in needs_doing_for(user, now) if group.cases}


def test_a_late_case_comes_first_whatever_else_it_is(alice: User, jia: User, queue: Queue) -> None:
    case = report(alice, engineer=jia, at=timezone.now() - timedelta(days=2))
    assert groups(jia) == {"overdue": [case]}


def test_a_closed_case_is_never_late_even_if_its_customer_writes_again(
    case: Case, alice: User, jia: User
) -> None:
    late = timezone.now() + timedelta(days=9)
    assert list(Case.objects.overdue(late)) == [case]
    case.change("close", by=jia, reason="Done.")
    post_message(case, by=alice, body="Thank you.")
    assert not Case.objects.overdue(late).exists()


def test_a_case_goes_through_the_groups(case: Case, alice: User, jia: User) -> None:
    assert groups(jia) == {"todo": [case]}
    case.change("take_up", by=jia)
    post_message(case, by=jia, body="Please send logs.")
    case.wait_for_customer(by=jia)
    assert groups(jia) == {"waiting": [case]}
    post_message(case, by=alice, body="", kind=MessageKind.BUNDLE)
    assert groups(jia) == {"answered": [case]}
    case.begin_analysis(by=None)
    assert groups(jia) == {"analysing": [case]}
    case.end_analysis(by=None)
    draft = post_message(case, by=None, body="", kind=MessageKind.REPORT, internal=True)
    assert groups(jia) == {"draft": [case]}
    draft.internal, draft.author = False, jia
    draft.save()
    case.send_result(by=jia)
    assert groups(jia) == {"result_sent": [case]}
    case.change("close", by=jia, reason="Done.")
    assert groups(jia) == {}
    post_message(case, by=alice, body="It is back!", at=timezone.now() + timedelta(minutes=1))
    assert groups(jia) == {"answered": [case]}


def test_an_engineer_is_shown_her_own_cases_and_nobodys(
    case: Case, alice: User, yi: User, ding: User, max_: User
) -> None:
    nobodys = report(alice)
    assert groups(yi) == {"unassigned": [nobodys]}
    assert groups(ding) == {}
    assert set(groups(max_)) == {"unassigned", "todo"}


def test_the_cases_of_an_engineer_who_has_left_are_her_queues(
    case: Case, alice: User, jia: User, yi: User, ding: User, max_: User, queue: Queue
) -> None:
    closed = report(alice, engineer=jia, queue=queue)
    closed.change("close", by=jia, reason="Done.")
    silent = report(alice, engineer=jia, queue=queue)
    silent.change("close", by=jia, reason="Done.")
    post_message(closed, by=alice, body="more.zip", kind=MessageKind.BUNDLE)
    assert groups(yi) == {}
    User.objects.filter(pk=jia.pk).update(is_active=False)
    assert groups(yi) == {"answered": [closed], "unassigned": [case]}
    assert groups(ding) == {}
    late = groups_at(yi, timezone.now() + timedelta(days=2))
    assert {key: set(cases) for key, cases in late.items()} == {"overdue": {case, closed}}
    assert set(groups(max_)) == {"answered", "unassigned"}
    case.assign(yi, by=yi)
    assert groups(yi) == {"answered": [closed], "todo": [case]}


def test_the_manager_sees_what_is_late_and_whose_it_is(
    case: Case, alice: User, jia: User, yi: User, max_: User
) -> None:
    now = timezone.now()
    late = report(alice, engineer=yi, at=now - timedelta(days=9))
    done = report(alice, engineer=yi, at=now - timedelta(days=20))
    done.change("close", by=yi, reason="Done.")
    figures = overview(max_, now)
    assert (figures.open, figures.overdue, figures.closed_this_week) == (2, 1, 1)
    assert figures.late == [late]
    assert dict(figures.by_status)[Status.NEW] == 2
    assert [(load.engineer, load.open, load.overdue) for load in figures.by_engineer] == [
        (yi, 1, 1),
        (jia, 1, 0),
    ]
    assert sum(count for _, count in figures.by_age) == 2
    assert figures.median_age is not None
    assert timedelta(days=4) < figures.median_age < timedelta(days=5)


def test_a_customers_overview_holds_her_own_cases_only(case: Case, charlie: User) -> None:
    assert overview(charlie).open == 0
    assert overview(charlie).median_age is None


def test_the_lists_need_the_same_few_queries_for_many_cases(
    alice: User, jia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        report(alice, engineer=jia, description="x")
    with django_assert_num_queries(1):
        needs_doing_for(jia)
