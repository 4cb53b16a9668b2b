"""The demo's cases look like work in progress, and loading them twice changes nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from analysis.baselines.models import Baseline
from cases.desk.queries import needs_doing_for, overview
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.status import Status
from demo.bundle import baseline
from demo.case import NUMBER, main_case
from demo.other_cases import EARLIER, other_cases
from demo.people import Cast, make_people
from demo.story import replay
from tests import clocks
from tests.clocks import Clock
from uploads.bundles.models import Bundle, BundleState

PASSWORD = "a-demo-password-for-tests"
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_people(PASSWORD)


@pytest.fixture
def cases(cast: Cast) -> dict[str, Case]:
    now = timezone.now()
    return {story.number: replay(story, cast) for story in (main_case(now), *other_cases(now))}


def test_the_main_case_ends_where_the_engineer_waits_for_logs(cases: dict[str, Case]) -> None:
    case = cases[NUMBER]
    assert case.status == Status.WAITING
    assert case.next_due_at is None
    assert case.messages.filter(kind=MessageKind.NOTE, internal=True).count() == 1
    assert case.messages.filter(kind=MessageKind.PHONE, internal=False).count() == 1
    assert timezone.now() - case.status_since < timedelta(days=1)


@clocks.at("29 February")
def test_nothing_happens_in_the_future(moved_clock: Clock, cases: dict[str, Case]) -> None:
    now = timezone.now()
    assert not Message.objects.filter(created_at__gt=now).exists()
    assert not CaseEvent.objects.filter(at__gt=now).exists()


def test_every_story_is_told_in_order_of_time() -> None:
    for story in (main_case(timezone.now()), *other_cases(timezone.now())):
        times = [story.at, *(step.at for step in story.steps)]
        assert times == sorted(times), story.number


def test_desks_and_overview_have_something_of_every_kind(cases: dict[str, Case], cast: Cast) -> None:
    assert {case.status for case in Case.objects.all()} >= set(Status) - {Status.ANALYSING}
    filled = {group.key for group in needs_doing_for(cast["manager"]) if group.cases}
    assert filled >= {"overdue", "answered", "unassigned", "todo", "waiting", "result_sent"}
    assert {group.key for group in needs_doing_for(cast["engineer"]) if group.cases} >= {
        "answered",
        "waiting",
    }
    figures = overview(cast["manager"])
    assert figures.overdue >= 1
    assert len(figures.by_engineer) >= 3


def test_the_demos_customers_see_their_own_organisation_only(cases: dict[str, Case], cast: Cast) -> None:
    assert cases[NUMBER] in Case.objects.visible_to(cast["colleague"])
    assert cases[NUMBER] not in Case.objects.visible_to(cast["water"])


def test_loading_takes_the_way_of_a_customer_and_does_it_once(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DEMO = True
    settings.ANJUAN_HOME = tmp_path
    settings.UPLOAD_STAGING = tmp_path / "staging"
    monkeypatch.setenv("ANJUAN_DEMO_PASSWORD", PASSWORD)
    for _ in range(2):
        call_command("load_demo")
    (bundle,) = Bundle.objects.all()
    assert bundle.case.number == EARLIER
    assert bundle.consent is not None
    assert bundle.state == BundleState.SEALING
    assert bundle.size == (tmp_path / "demo" / "日志_CAS-03282.zip").stat().st_size
    assert Baseline.objects.count() == len(baseline())
    assert Case.objects.count() == 10
    assert all(user.check_password(PASSWORD) for user in User.objects.all())


def test_a_portal_that_is_no_demo_gets_no_demo_people(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.DEMO = False
    monkeypatch.setenv("ANJUAN_DEMO_PASSWORD", PASSWORD)
    with pytest.raises(CommandError, match="ANJUAN_DEMO"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.DEMO = True
    monkeypatch.setenv("ANJUAN_DEMO_PASSWORD", "short")
    with pytest.raises(CommandError, match="12 characters"):
        call_command("load_demo")
