"""When the trouble happened: said by a person's own clock, corrected by her or her engineer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases.events import EventKind
from cases.models import Case, CaseEvent
from tests.clocks import Clock
from tests.people import signed_in

pytestmark = pytest.mark.django_db

AT = datetime(2020, 11, 24, 1, 1, tzinfo=UTC)


def post_incident(user: User, case: Case, at: str, zone: str = "") -> Any:
    facts = {"incident_at": at, "incident_at_zone": zone}
    return signed_in(user).post(f"/cases/{case.number}/incident/", facts)


def test_a_customer_tells_it_with_her_report(alice: User) -> None:
    facts = {"title": "No start", "happens": "It stops.", "severity": "B"}
    signed_in(alice).post("/cases/new/", facts | {"incident_at": "2020-11-24T09:01"})
    assert Case.objects.get(title="No start").incident_at == AT


def test_the_report_does_not_ask_for_it_twice(alice: User) -> None:
    facts = {"title": "No idea when", "happens": "It stops.", "severity": "B", "incident_at": ""}
    signed_in(alice).post("/cases/new/", facts)
    assert Case.objects.get(title="No idea when").incident_at is None


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("2020-11-24T09:01", ""),
        ("2020-11-24T09:01", "Asia/Shanghai"),
        ("2020-11-24T02:01", "Europe/Berlin"),
        ("2020-11-24T09:01", "../../etc/passwd"),
    ],
)
def test_a_time_is_meant_in_the_zone_of_her_computer(alice: User, case: Case, typed: str, zone: str) -> None:
    post_incident(alice, case, typed, zone)
    case.refresh_from_db()
    assert case.incident_at == AT


@pytest.mark.parametrize("typed", ["yesterday", "2020-13-01T09:00", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_slip_of_the_pen_is_said_and_kept_in_the_box(alice: User, case: Case, typed: str) -> None:
    answer = post_incident(alice, case, typed)
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    case.refresh_from_db()
    assert case.incident_at is None


def test_the_future_is_no_incident(moved_clock: Clock, alice: User, case: Case) -> None:
    now = timezone.localtime()
    assert post_incident(alice, case, f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}").status_code == 422
    assert post_incident(alice, case, f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}").status_code == 302
    case.refresh_from_db()
    assert case.incident_at == now.replace(second=0, microsecond=0) - timedelta(hours=1)


def test_both_sides_correct_it_and_the_history_says_who(alice: User, jia: User, case: Case) -> None:
    post_incident(alice, case, "2020-11-24T09:00")
    post_incident(jia, case, "2020-11-24T09:01")
    post_incident(jia, case, "2020-11-24T09:01")
    events = CaseEvent.objects.filter(case=case, kind=EventKind.INCIDENT)
    assert [(event.actor, event.reason) for event in events] == [
        (alice, "2020-11-24 09:00 (UTC+08:00)"),
        (jia, "2020-11-24 09:01 (UTC+08:00)"),
    ]
    for user in (alice, jia):
        assert "2020-11-24 09:01 (UTC+08:00)" in signed_in(user).get(case.get_absolute_url()).content.decode()


def test_the_api_tells_and_takes_it(alice: User, charlie: User, case: Case) -> None:
    address = f"/api/cases/{case.number}/"

    def patched(user: User, at: str | None) -> Any:
        return signed_in(user).patch(address, {"incident_at": at}, content_type="application/json")

    assert patched(alice, "2020-11-24T01:01:00Z").json()["incident_at"] == "2020-11-24T09:01:00+08:00"
    assert patched(alice, "9999-01-01T00:00:00Z").status_code == 400
    assert patched(charlie, None).status_code == 404
    assert patched(alice, None).json()["incident_at"] is None
