"""A deletion is real and whole, whatever happens to the portal meanwhile."""

import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from accounts.models import User
from cases.models import Case
from tests.analysis import bundles
from tests.people import report, signed_in
from tests.uploads.custody.kept import bundle, english, said_by_the_portal, state, stored
from tests.uploads.time_travel import closed, later
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle, BundleState
from uploads.custody import retention
from uploads.custody.models import Deletion
from uploads.signals import bundle_deleted

__all__ = ["bundle", "english"]

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The power is cut."""


def kill_in(monkeypatch: pytest.MonkeyPatch, where: str) -> Callable[[], None]:
    """The portal dies at this place, once its work there is done; the answer mends it."""
    place, _, name = where.rpartition(".")
    owner: Any = {"retention": retention, "FileSystemStorage": FileSystemStorage}[place]
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


def test_one_case_that_fails_stops_no_other(
    bundle: Bundle, case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
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
