"""Jobs that wait for a worker, and a broker that remembers what it was given."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from uploads.bundles.models import ScanJob


class Broker:
    """Stands in for Celery; ``sent`` holds the task and the key of each message, ``down`` refuses them."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.down = False

    def send_task(self, task: str, *, args: tuple[str], retry: bool) -> None:
        assert not retry, "nobody waits for a broker"
        if self.down:
            raise OperationalError("connection refused")
        self.sent.append((task, *args))


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    from jobs import services

    broker = Broker()
    monkeypatch.setattr(services, "current_app", broker)
    return broker


@pytest.fixture
def new_job(case: "Case", alice: "User") -> "Callable[[], ScanJob]":
    """Makes a job that waits and was never sent."""
    from cases.models import MessageKind
    from cases.services import post_message
    from uploads.bundles.models import Bundle, BundleState, ScanJob

    def make() -> ScanJob:
        bundle = Bundle.objects.create(
            case=case,
            user=alice,
            message=post_message(case, by=alice, body="logs", kind=MessageKind.BUNDLE),
            name="logs.zip",
            size=1,
            state=BundleState.SEALED,
            received_at=timezone.now(),
        )
        return ScanJob.objects.create(bundle=bundle)

    return make


@pytest.fixture
def job(new_job: "Callable[[], ScanJob]") -> "ScanJob":
    return new_job()
