"""How long data is kept: a clock everybody sees, a notice before, a deletion that is real, a hold."""

import hashlib
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from accounts.models import Organisation, User
from cases.models import Case, Message, MessageKind
from cases.relations.kinds import RelationKind
from cases.relations.services import relate
from cases.status import Status
from mail.store.models import MailMessage
from tests import clocks
from tests.activity import listening
from tests.analysis import bundles
from tests.clocks import Clock
from tests.mail.mails import outgoing
from tests.people import customer, report, signed_in
from tests.uploads.time_travel import closed, later
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle, BundleCheck, BundleState
from uploads.custody import legal_holds, retention
from uploads.custody.models import Deletion, DeletionNotice, LegalHold
from uploads.signals import bundle_deleted

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = b"logs"


@pytest.fixture(autouse=True)
def english(alice: User, jia: User) -> None:
    User.objects.update(language="en")
    alice.refresh_from_db()


@pytest.fixture
def bundle(alice: User, case: Case, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    return bundles.sealed(case, alice, CONTENT)


def notices() -> list[MailMessage]:
    """The mails that tell of a deletion."""
    return [mail for mail in outgoing() if mail.kind == "deletion"]


def said_by_the_portal(case: Case) -> list[str]:
    return list(Message.objects.filter(case=case, kind=MessageKind.SYSTEM).values_list("body", flat=True))


def state(bundle: Bundle) -> str:
    bundle.refresh_from_db()
    return bundle.state


def stored(bundle: Bundle) -> bool:
    return FileSystemStorage().exists(f"bundles/{bundle.case.number}/{bundle.pk}")


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
    case.resume(by=None)
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


def test_a_hold_of_the_case_that_goes_on_keeps_what_was_uploaded_to_its_double(
    bundle: Bundle, case: Case, alice: User, jia: User, max_: User
) -> None:
    into = report(alice, engineer=jia, queue=case.queue)
    relate(case, into, RelationKind.DOUBLE, by=jia)
    legal_holds.place(into, by=max_, reason="a dispute")
    closed(into, 95)
    assert state(bundle) == BundleState.SEALED and notices() == []


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


class Killed(BaseException):
    """The power is cut."""


def kill_in(monkeypatch: pytest.MonkeyPatch, where: str) -> Callable[[], None]:
    """The portal dies at this place, once its work there is done; the answer mends it."""
    owner: Any
    owner, _, name = where.rpartition(".")
    owner = {
        "retention": retention,
        "FileSystemStorage": FileSystemStorage,
        "Bundle": type(Bundle.objects.all()),
    }[owner]
    real = getattr(owner, name)

    def dies(*args: Any, **facts: Any) -> None:
        real(*args, **facts)
        raise Killed

    monkeypatch.setattr(owner, name, dies)
    return lambda: monkeypatch.setattr(owner, name, real)


@pytest.mark.parametrize(
    "where",
    ["retention._marked", "FileSystemStorage.delete", "retention._delete_bytes", "retention.post_message"],
)
def test_a_portal_that_is_killed_while_deleting_ends_it_right(
    where: str, bundle: Bundle, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(case, 89)
    mend = kill_in(monkeypatch, where)
    with pytest.raises(Killed):
        later(case, 1.1)
    assert state(bundle) in {BundleState.SEALED, BundleState.DELETING, BundleState.DELETED}
    # A bundle that says it is there is there.
    assert state(bundle) != BundleState.SEALED or stored(bundle)
    mend()
    sweeping.sweep()
    assert state(bundle) == BundleState.DELETED and not stored(bundle)
    assert sum("Certificate" in body for body in said_by_the_portal(case)) == 1
    assert Deletion.objects.get().finished_at is not None


def test_what_is_being_deleted_is_not_served(bundle: Bundle, case: Case, alice: User) -> None:
    Bundle.objects.update(state=BundleState.DELETING)
    assert signed_in(alice).get(f"/uploads/bundles/{bundle.pk}/file").status_code == 404


def test_a_storage_that_keeps_the_file_gets_no_certificate(
    bundle: Bundle, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(case, 89)
    real = FileSystemStorage.delete
    monkeypatch.setattr(FileSystemStorage, "delete", lambda *_: None)
    later(case, 1.1)
    assert state(bundle) == BundleState.DELETING
    assert not any("Certificate" in body for body in said_by_the_portal(case))
    monkeypatch.setattr(FileSystemStorage, "delete", real)
    sweeping.sweep()
    assert state(bundle) == BundleState.DELETED


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
    case.close(by=None)
    Case.objects.update(closed_at=closing)
    DeletionNotice.objects.create(case=case, closed_at=closing, deletes_at=deletes_at, told_at=closing)
    case.refresh_from_db()
    assert retention.keeping_of(case).on_the_day == on_the_day


def test_one_case_that_fails_stops_no_other(
    bundle: Bundle, case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.people import report

    other = report(alice)
    second = bundles.sealed(other, alice, b"other")

    def stumbles(bundle: Bundle, **_: Any) -> None:
        if bundle.case_id == case.pk:
            raise smtplib.SMTPException

    bundle_deleted.connect(stumbles)
    try:
        closed(case, 89)
        closed(other, 89)
        later(case, 1.1)
        later(other, 1.1)
    finally:
        bundle_deleted.disconnect(stumbles)
    assert (state(bundle), state(second)) == (BundleState.DELETING, BundleState.DELETED)
    assert stored(bundle)
