"""A legal hold: who places and lifts it, why, and that nothing is deleted while it stands."""

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from cases.relations.kinds import RelationKind
from cases.relations.services import relate
from tests.people import report, signed_in
from tests.uploads.custody.kept import bundle, english, notices, state
from tests.uploads.time_travel import closed, later
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle, BundleState
from uploads.custody import legal_holds, retention
from uploads.custody.models import DeletionNotice, LegalHold

__all__ = ["bundle", "english"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hold_of_the_case_that_goes_on_keeps_what_was_uploaded_to_its_double(
    bundle: Bundle, case: Case, alice: User, jia: User, max_: User
) -> None:
    into = report(alice, engineer=jia, queue=case.queue)
    relate(case, into, RelationKind.DOUBLE, by=jia)
    legal_holds.place(into, by=max_, reason="a dispute")
    closed(into, 95)
    assert state(bundle) == BundleState.SEALED and notices() == []


def test_a_legal_hold_stops_the_deletion_until_it_is_lifted(
    bundle: Bundle, case: Case, max_: User, alice: User, jia: User
) -> None:
    closed(case, 80)
    assert (
        signed_in(max_).post(f"/uploads/cases/{case.number}/hold", {"reason": "A dispute"}).status_code == 302
    )
    later(case, 30)
    assert state(bundle) == BundleState.SEALED
    customers = signed_in(alice).get(case.get_absolute_url()).content.decode()
    assert "Legal hold" in customers and "A dispute" not in customers
    assert "A dispute" in signed_in(jia).get(case.get_absolute_url()).content.decode()
    signed_in(max_).post(f"/uploads/cases/{case.number}/hold", {"reason": "Settled", "lift": "1"})
    sweeping.sweep()
    # The day that she was told is long past: she is told another one.
    assert state(bundle) == BundleState.SEALED and len(notices()) == 2
    later(case, 14.1)
    assert state(bundle) == BundleState.DELETED
    hold = LegalHold.objects.get()
    assert (hold.placed_by, hold.reason, hold.lifted_by) == (max_, "A dispute", max_)


@pytest.mark.parametrize("who", ["jia", "alice"])
def test_only_managers_and_administrators_hold_and_lift(
    who: str, case: Case, max_: User, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(who))
    address = f"/uploads/cases/{case.number}/hold"
    assert browser.post(address, {"reason": "No"}).status_code == 403
    legal_holds.place(case, by=max_, reason="A dispute")
    assert browser.post(address, {"reason": "No", "lift": "1"}).status_code == 403
    assert retention.hold_of(case) is not None


def test_a_hold_needs_a_reason_and_stands_once(case: Case, max_: User) -> None:
    browser, address = signed_in(max_), f"/uploads/cases/{case.number}/hold"
    for reason in ("  ", "x" * 501):
        assert browser.post(address, {"reason": reason}).status_code == 400
    assert browser.post(address, {"reason": "A dispute"}).status_code == 302
    assert browser.post(address, {"reason": "Another"}).status_code == 409
    assert LegalHold.objects.count() == 1
    assert browser.post(address, {"reason": "x" * 500, "lift": "1"}).status_code == 302


def test_the_end_of_a_legal_hold_keeps_the_day_that_the_customer_was_told(case: Case, max_: User) -> None:
    at = timezone.now()
    notice = DeletionNotice.objects.create(case=case, closed_at=at, deletes_at=at, told_at=at)
    legal_holds.place(case, by=max_, reason="A dispute")
    legal_holds.lift(case, by=max_, reason="Settled")
    notice.refresh_from_db()
    assert notice.deletes_at == at and notice.recalled_at is not None
    assert not DeletionNotice.objects.in_force().exists()
