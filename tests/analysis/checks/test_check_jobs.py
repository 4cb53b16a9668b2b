"""The check of an upload is a job: a worker that dies, fails or comes too late keeps nobody waiting."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from analysis.checks import services as bundle_checks
from analysis.runs import services as runs
from cases.evidence_requests import services as evidence_requests
from cases.models import Case
from cases.status import Status
from engine.sandbox.sandbox import SandboxBroken
from engine.unpacking.preview import preview_of
from jobs.models import JobState
from jobs.services import LEASE, MAX_ATTEMPTS
from launcher import parts
from tests.analysis import bundles
from tests.analysis.checks.checking import DUMPS, SYSTEM, ask, card_text, checked, zipped
from tests.processes import PYTHON, Running, wait_until
from uploads.bundles.models import Bundle, BundleCheck, BundleState


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.ANJUAN_HOME = tmp_path / "home"
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.django_db
def test_a_check_that_fails_says_so_and_keeps_nobody_waiting(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise SandboxBroken("no child")

    monkeypatch.setattr(bundle_checks, "preview_of", broken)
    ask(case, jia)
    check = checked(case, alice, zipped(**{"112420-1.dmp": b"MDMP"}))
    assert check.state == JobState.QUEUED
    assert "Being checked" in card_text(alice, check)
    for _ in range(MAX_ATTEMPTS):
        bundle_checks.run(check.bundle_id)
    case.refresh_from_db()
    assert "it could not be checked by itself" in card_text(alice, check)
    assert case.status == Status.ANALYSING
    assert evidence_requests.open_request(case) is not None, "the list stays, for the engineer to look at"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [None, SandboxBroken("no child"), SystemExit()])
def test_a_worker_that_comes_back_too_late_writes_nothing_over_the_one_that_took_its_place(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch, end: BaseException | None
) -> None:
    def slow(*arguments: Any, **options: Any) -> Any:
        # Meanwhile the sweep gave the check to another worker, which is still at it.
        BundleCheck.objects.update(attempt=2, token=2, lease_until=timezone.now() + LEASE)
        if end is not None:
            raise end
        return preview_of(*arguments, **options)

    monkeypatch.setattr(bundle_checks, "preview_of", slow)
    ask(case, jia, DUMPS)
    with suppress(SystemExit):
        checked(case, alice, zipped(**{"112420-1.dmp": b"MDMP"}))
    check = BundleCheck.objects.get()
    assert (check.state, check.attempt, check.document) == (JobState.RUNNING, 2, {})
    case.refresh_from_db()
    assert case.status == Status.WAITING
    assert evidence_requests.open_request(case) is not None


@pytest.mark.django_db
def test_the_sweep_asks_again_for_what_was_lost(
    case: Case, alice: User, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    bundle = bundles.sealed(case, alice, bundles.log(tmp_path), "System.evtx")
    long_ago = timezone.now() - timedelta(minutes=10)
    Bundle.objects.filter(pk=bundle.pk).update(sealed_at=long_ago)
    bundle_checks.sweep()
    check = BundleCheck.objects.get(bundle=bundle)
    # A worker took it and died.
    BundleCheck.objects.filter(pk=check.pk).update(state=JobState.RUNNING, attempt=1, lease_until=long_ago)
    bundle_checks.run(bundle.pk)
    check.refresh_from_db()
    assert (check.state, check.attempt) == (JobState.DONE, 2)
    bundle_checks.run(bundle.pk)
    check.refresh_from_db()
    assert check.attempt == 2, "told twice, done once"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "claimed"),
    [
        ({}, True),
        ({"attempt": 2}, True),
        ({"attempt": 3}, False),
        ({"state": JobState.RUNNING, "attempt": 1}, False),
        ({"state": JobState.DONE, "attempt": 1}, False),
    ],
)
def test_a_check_is_made_by_one_worker_three_times_at_most(
    case: Case, alice: User, tmp_path: Path, facts: dict[str, Any], claimed: bool
) -> None:
    bundle = bundles.sealed(case, alice, bundles.log(tmp_path), "System.evtx")
    check = bundle_checks.queue(bundle)
    BundleCheck.objects.update(lease_until=timezone.now() + LEASE, **facts)
    bundle_checks.run(bundle.pk)
    check.refresh_from_db()
    assert (check.document != {}) is claimed
    assert check.attempt == facts.get("attempt", 0) + claimed


@pytest.mark.django_db
@pytest.mark.parametrize("state", [BundleState.SEALING, BundleState.DELETING, BundleState.DELETED])
def test_nothing_is_read_of_a_bundle_that_is_not_sealed(
    case: Case, alice: User, tmp_path: Path, state: BundleState
) -> None:
    bundle = bundles.sealed(case, alice, bundles.log(tmp_path), "System.evtx")
    check = bundle_checks.queue(bundle)
    Bundle.objects.update(state=state)
    bundle_checks.run(bundle.pk)
    check.refresh_from_db()
    assert (check.state, check.attempt, check.document) == (JobState.QUEUED, 0, {})


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_tells_it_while_every_analysis_still_waits(
    case: Case, alice: User, jia: User, settings: Any, tmp_path: Path
) -> None:
    """Only the worker of the prompt queue is alive, as if the others were busy for hours."""
    import redis
    from django.db import connection

    from tests.uploads.tus_client import Tus

    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    env = os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "ANJUAN_HOME": str(settings.ANJUAN_HOME),
    }
    settings.UPLOAD_STAGING = settings.ANJUAN_HOME / "staging"
    settings.MEDIA_ROOT = settings.ANJUAN_HOME / "media"
    worker = Running(
        parts.prompt_worker(PYTHON),
        parts.portal_environment(env),
        tmp_path / "prompt.log",
        lambda running: " ready." in running.output(),
    )
    ask(case, jia, SYSTEM)
    worker.start()
    try:
        content = bundles.log(tmp_path)
        tus = Tus(alice, case)
        tus.patch(tus.begin_upload(len(content), "System.evtx"), 0, content)
        wait_until(lambda: BundleCheck.objects.filter(state=JobState.DONE).exists(), timeout=60)
    finally:
        worker.kill()
    check = BundleCheck.objects.get()
    case.refresh_from_db()
    assert "Everything asked for has arrived." in card_text(alice, check)
    assert runs.bundle_runs(check.bundle).get().state == JobState.QUEUED
    assert case.status == Status.ANALYSING and case.next_due_at is not None
