"""How long data is kept: a clock everybody sees, a notice before, and the day."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from cases.models import Case, Message, MessageKind
from cases.relations.kinds import RelationKind
from cases.relations.services import relate
from cases.status import Status
from tests import clocks
from tests.activity import listening
from tests.analysis import bundles
from tests.clocks import Clock
from tests.people import customer, report, signed_in
from tests.uploads.custody.kept import CONTENT, bundle, english, notices, said_by_the_portal, state, stored
from tests.uploads.time_travel import closed, later
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle, BundleCheck, BundleState
from uploads.custody import retention
from uploads.custody.models import DeletionNotice

__all__ = ["bundle", "english"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_customer_is_told_the_day_two_weeks_before_in_the_thread_and_by_mail(
    moved_clock: Clock, bundle: Bundle, case: Case
) -> None:
    closed(case, 75)
    assert said_by_the_portal(case) == [] and notices() == []
    with listening() as heard:
        later(case, 1)
        sweeping.sweep()
    (told,) = heard
    assert (told.kind, told.by, told.message) == ("deletion", None, Message.objects.get(kind="system"))
    assert told.facts == {"deletes_at": DeletionNotice.objects.get().deletes_at.isoformat()}
    (entry,) = said_by_the_portal(case)
    (letter,) = notices()
    day = moved_clock.today + timedelta(days=14)
    assert f"deleted on {day:%Y-%m-%d}" in entry and letter.facts["text"] == f"Hello Alice,\n\n{entry}"
    assert (letter.address, letter.case) == ("alice@customer.example", case)
    assert not Message.objects.filter(case=case, kind=MessageKind.SYSTEM, internal=True).exists()


def test_everybody_who_uploaded_is_told_in_her_language(
    bundle: Bundle, bob: User, jia: User, northwind: Organisation, case: Case
) -> None:
    carol = customer("Carol", northwind)
    for person in (bob, jia, carol):
        bundles.sealed(case, person, b"more")
    carol.is_active = False
    carol.save()
    User.objects.filter(pk=bob.pk).update(language="zh-hans")
    closed(case, 80)
    assert {letter.address for letter in notices()} == {"alice@customer.example", "bob@customer.example"}


@clocks.at("31 December")
def test_on_the_day_the_bytes_go_and_the_thread_gets_a_certificate(
    moved_clock: Clock, bundle: Bundle, case: Case
) -> None:
    BundleCheck.objects.create(bundle=bundle, document={"entries": ["System.evtx"]})
    closed(case, 89)
    assert state(bundle) == BundleState.SEALED and stored(bundle)
    later(case, 1.1)
    assert state(bundle) == BundleState.DELETED and not stored(bundle)
    assert BundleCheck.objects.get().document == {}
    certificate = said_by_the_portal(case)[-1]
    assert hashlib.sha256(CONTENT).hexdigest().upper() in certificate
    for fact in (
        "Uploads deleted: 1.",
        "logs.zip",
        "4 bytes",
        "90 days after the case was closed",
        f"{moved_clock.today:%Y-%m-%d}",
    ):
        assert fact in certificate
    sweeping.sweep()
    assert len(said_by_the_portal(case)) == 2  # The notice and the certificate, once each.


def test_each_organisation_has_its_own_days(bundle: Bundle, case: Case) -> None:
    Organisation.objects.update(keep_days=7)
    closed(case)
    sweeping.sweep()
    assert notices()  # Shorter than the notice: told at the closing.
    later(case, 7.1)
    assert state(bundle) == BundleState.DELETED


def test_nobody_loses_data_without_notice_when_the_days_are_shortened(bundle: Bundle, case: Case) -> None:
    closed(case, 60)
    Organisation.objects.update(keep_days=30)
    sweeping.sweep()
    assert state(bundle) == BundleState.SEALED and len(notices()) == 1
    later(case, 13)
    assert state(bundle) == BundleState.SEALED
    later(case, 1.1)
    assert state(bundle) == BundleState.DELETED


def test_a_case_that_is_reopened_keeps_its_data_and_its_customer_is_told_anew(
    bundle: Bundle, case: Case
) -> None:
    closed(case, 80)
    case.refresh_from_db()
    case.change_status("resume", by=None, reason="", at=timezone.now())
    later(case, 30)
    assert state(bundle) == BundleState.SEALED
    closed(case, 89)
    assert state(bundle) == BundleState.SEALED and len(notices()) == 2
    later(case, 1.1)
    assert state(bundle) == BundleState.DELETED


def test_what_was_uploaded_to_a_double_is_kept_as_long_as_the_case_that_rests_on_it(
    bundle: Bundle, case: Case, alice: User, jia: User
) -> None:
    into = report(alice, engineer=jia, queue=case.queue)
    relate(case, into, RelationKind.DOUBLE, by=jia)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - timedelta(days=400))
    sweeping.sweep()
    assert state(bundle) == BundleState.SEALED and notices() == []
    assert retention.keeping_of(case).deletes_at is None
    assert not retention.past_keeping(timezone.now()).exists()
    closed(into, 75)
    into.refresh_from_db()
    assert into.closed_at is not None
    assert retention.keeping_of(case).deletes_at == into.closed_at + timedelta(days=90)
    assert notices() == []
    later(into, 1)
    assert [notice.case for notice in notices()] == [case]
    later(into, 14.1)
    assert state(bundle) == BundleState.DELETED


def test_a_case_that_is_not_closed_loses_nothing_whatever_date_its_row_keeps(
    bundle: Bundle, case: Case
) -> None:
    closed(case, 89)
    Case.objects.update(status=Status.IN_PROGRESS)
    later(case, 1.1)
    assert state(bundle) == BundleState.SEALED and stored(bundle)


def test_a_notice_that_an_earlier_version_could_not_mail_is_mailed_once(bundle: Bundle, case: Case) -> None:
    at = timezone.now()
    DeletionNotice.objects.create(case=case, closed_at=at, deletes_at=at + timedelta(days=9), told_at=at)
    sweeping.sweep()
    sweeping.sweep()
    assert [letter.address for letter in notices()] == ["alice@customer.example"]
    assert DeletionNotice.objects.get().mailed_at is not None


@clocks.at("a minute to midnight", "New York")
def test_the_clock_is_seen_by_customer_and_engineer(
    moved_clock: Clock, bundle: Bundle, case: Case, alice: User, jia: User
) -> None:
    page = signed_in(alice).get(case.get_absolute_url()).content.decode()
    assert "until 90 days after the case is closed" in page
    closed(case, 80)
    day = f"{moved_clock.today + timedelta(days=10):%Y-%m-%d}"
    assert f"Your data is deleted on {day}" in signed_in(alice).get(case.get_absolute_url()).content.decode()
    page = signed_in(jia).get(case.get_absolute_url()).content.decode()
    assert f"data is deleted on {day}" in page


@pytest.mark.parametrize(
    ("deletes_at", "on_the_day"),
    [
        # 90 days after the closing it is 00:30 on 1 April in Shanghai, and still March in UTC.
        (datetime(2027, 4, 1, 15, 59, tzinfo=UTC), True),
        (datetime(2027, 4, 1, 16, 1, tzinfo=UTC), False),
    ],
)
def test_the_days_are_named_as_reason_where_it_is_that_day_in_the_portals_zone(
    deletes_at: datetime, on_the_day: bool, bundle: Bundle, case: Case
) -> None:
    closing = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    case.change_status("close", by=None, reason="", at=timezone.now())
    Case.objects.update(closed_at=closing)
    DeletionNotice.objects.create(case=case, closed_at=closing, deletes_at=deletes_at, told_at=closing)
    case.refresh_from_db()
    assert retention.keeping_of(case).on_the_day == on_the_day
