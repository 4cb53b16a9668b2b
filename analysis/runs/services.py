"""The life of an analysis run: queued, claimed, renewed, and ended exactly once.

The row is the truth. A worker holds a run by a lease that it renews and by a fencing token
that each claim raises: everything a worker writes is written on the condition that its token
is still the newest, so a worker that was thought dead and wakes up writes nothing.
All times are the database's, so that the clocks of several machines need not agree.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.errors import Refusal
from analysis.findings.models import Finding
from analysis.reports.services import draft_report
from analysis.runs.errors import LeaseLost, RunIsOpen
from analysis.runs.models import AnalysisRun, Artifact, Failure, RunPassword, RunQuerySet, RunState
from analysis.storable import storable
from cases.events import EventKind
from cases.models import Case
from uploads.bundles.models import Bundle, BundleState

logger = logging.getLogger(__name__)

TASK = "analysis.tasks.analyze_bundle"
LEASE = timedelta(seconds=20)
"""How long a silent worker keeps its run."""
MAX_ATTEMPTS = 3
RESEND_IDLE = timedelta(seconds=30)
RESEND_BUSY = timedelta(minutes=10)
"""After how long a queued run counts as lost: behind living runs it is only waiting."""
SEALED_FOR = timedelta(seconds=20)
MAX_SWEPT = 50
FINGERPRINT_LENGTH = 64

_OPEN = (RunState.QUEUED, RunState.RUNNING)
_ORPHANED = Q(state=RunState.RUNNING, lease_until__lte=Now())


# -- Into the queue ---------------------------------------------------------------------


def queue_run(bundle: Bundle) -> AnalysisRun:
    """A run for this bundle: the open one if there is one, else a new one.

    The task is sent after the commit; a broker that does not answer is no error here, the
    sweep sends it later.
    """
    with transaction.atomic():
        # Two signals of one seal must not make two runs.
        Bundle.objects.select_for_update().get(pk=bundle.pk)
        _locked(bundle.case)
        run = bundle_runs(bundle).filter(state__in=_OPEN).first()
        if run is not None:
            return run
        run = AnalysisRun.objects.create(bundle=bundle, queued_at=timezone.now())
        # Where more was asked for, the check of the bundle says whether the case goes on.
        if not Case.objects.get(pk=bundle.case_id).awaits_items:
            _tell(bundle.case.begin_analysis)
        transaction.on_commit(lambda: enqueue(run.pk))
    return run


def go_on(case: Case) -> None:
    """All that was asked for is there: a case with open runs is being analysed from now on."""
    if AnalysisRun.objects.filter(bundle__case=case, state__in=_OPEN).exists():
        _tell(case.begin_analysis)


def queue_first_run(bundle: Bundle) -> AnalysisRun:
    """As ``queue_run``, but a bundle that has any run already keeps that one."""
    return bundle_runs(bundle).first() or queue_run(bundle)


def queue_again(bundle: Bundle) -> AnalysisRun:
    """A new run because a person asks for one; raises ``RunIsOpen``."""
    if bundle_runs(bundle).filter(state__in=_OPEN).exists():
        raise RunIsOpen
    return queue_run(bundle)


def bundle_runs(bundle: Bundle) -> RunQuerySet:
    """The runs of a bundle, newest first."""
    return AnalysisRun.objects.filter(bundle=bundle)


def enqueue(run_id: int) -> bool:
    """Sends the task; whether the broker took it."""
    waiting = AnalysisRun.objects.filter(pk=run_id)
    waiting.update(enqueued_at=Now())
    try:
        current_app.send_task(TASK, args=(run_id,), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("run %s could not be sent to the workers, the sweep will: %s", run_id, error)
        waiting.update(enqueued_at=None)
        return False
    return True


# -- In a worker's hands ----------------------------------------------------------------


def claim(run_id: int) -> AnalysisRun | None:
    """Takes the run for this worker: a new token, a lease, one attempt more.

    ``None`` if it is finished, held by another worker, or out of attempts or of time (it then fails).
    """
    with transaction.atomic():
        claimable = Q(state=RunState.QUEUED) | _ORPHANED
        run = AnalysisRun.objects.select_for_update().filter(claimable, pk=run_id).first()
        if run is None:
            return None
        if _was_killed_for_its_time(run):
            _end(run, RunState.FAILED, failure=Failure.TIMED_OUT)
            return None
        if run.attempt >= MAX_ATTEMPTS:
            _end(run, RunState.FAILED, failure=Failure.INTERRUPTED)
            return None
        AnalysisRun.objects.filter(pk=run.pk).update(
            state=RunState.RUNNING,
            attempt=F("attempt") + 1,
            token=F("token") + 1,
            started_at=Now(),
            heartbeat_at=Now(),
            lease_until=Now() + LEASE,
            enqueued_at=None,
            progress={},
        )
        run.refresh_from_db()
    return run


def renew(run: AnalysisRun) -> None:
    """A sign of life; raises ``LeaseLost``."""
    _write(run, heartbeat_at=Now(), lease_until=Now() + LEASE)


def note_progress(run: AnalysisRun, progress: Mapping[str, Any]) -> None:
    """What the run tells about itself, for the case page; raises ``LeaseLost``."""
    _write(run, progress=storable(progress), heartbeat_at=Now(), lease_until=Now() + LEASE)


def complete(
    run: AnalysisRun, document: Mapping[str, Any], *, before_commit: Callable[[], None] = lambda: None
) -> None:
    """Stores the result document, its rows, the history entry and the report draft, all or nothing.

    Raises ``LeaseLost`` if another worker has the run by now: then nothing is written.
    """
    document = storable(document)
    with transaction.atomic():
        if _held(run).select_for_update().first() is None:
            raise LeaseLost(run.pk)
        Artifact.objects.bulk_create(_artifacts(run, document["artifacts"]), batch_size=500)
        Finding.objects.bulk_create(_findings(run, document["findings"]))
        AnalysisRun.objects.filter(pk=run.pk).update(
            document=document, locked=len(document.get("locked", ()))
        )
        run.document = document
        before_commit()
        _end(run, RunState.DONE)
        run.bundle.case.record(EventKind.ANALYSIS, by=None, at=timezone.now(), reason=run.bundle.name[:500])
        draft_report(run)


def release(run: AnalysisRun) -> None:
    """Back to the queue because this worker is told to end; it costs no attempt."""
    given_back = _held(run).update(
        state=RunState.QUEUED, attempt=F("attempt") - 1, lease_until=None, enqueued_at=None, progress={}
    )
    if given_back:
        enqueue(run.pk)


def retry_or_fail(run: AnalysisRun, error: BaseException) -> None:
    """Back to the queue after an error, or failed if this was the last attempt."""
    said = f"{type(error).__name__}: {error}"
    if run.attempt >= MAX_ATTEMPTS:
        fail(run, Failure.BROKEN, said)
    else:
        _held(run).update(
            state=RunState.QUEUED, lease_until=None, enqueued_at=None, progress={}, error=storable(said)
        )


def fail(run: AnalysisRun, failure: Failure, error: str = "") -> None:
    """Ends the run for good; does nothing if another worker has it by now."""
    with transaction.atomic():
        if _held(run).select_for_update().first() is not None:
            _end(run, RunState.FAILED, failure=failure, error=storable(error))


# -- Without help -----------------------------------------------------------------------


def sweep() -> int:
    """Sends again what was lost, and fails what was interrupted too often; how many runs it moved."""
    moved = 0
    for run in AnalysisRun.objects.filter(_ORPHANED, attempt__gte=MAX_ATTEMPTS)[:MAX_SWEPT]:
        claim(run.pk)
        moved += 1
    forgotten = Bundle.objects.filter(
        state=BundleState.SEALED, sealed_at__lte=Now() - SEALED_FOR, runs__isnull=True
    )
    for bundle in forgotten[:MAX_SWEPT]:
        queue_first_run(bundle)
        moved += 1
    busy = AnalysisRun.objects.filter(state=RunState.RUNNING, lease_until__gt=Now()).exists()
    resend = RESEND_BUSY if busy else RESEND_IDLE
    late = Q(enqueued_at__isnull=True) | Q(enqueued_at__lte=Now() - resend)
    lost = AnalysisRun.objects.filter((Q(state=RunState.QUEUED) & late) | (_ORPHANED & late))
    for run in lost.order_by("queued_at")[:MAX_SWEPT]:
        if not enqueue(run.pk):
            break
        moved += 1
    return moved


# -- The pieces -------------------------------------------------------------------------


def _held(run: AnalysisRun) -> RunQuerySet:
    return AnalysisRun.objects.filter(pk=run.pk, state=RunState.RUNNING, token=run.token)


def _write(run: AnalysisRun, **values: Any) -> None:
    if not _held(run).update(**values):
        raise LeaseLost(run.pk)


def _was_killed_for_its_time(run: AnalysisRun) -> bool:
    """Whether the worker's last sign of life came after the time limit: trying again would end likewise."""
    if run.state != RunState.RUNNING or run.started_at is None or run.heartbeat_at is None:
        return False
    return (run.heartbeat_at - run.started_at).total_seconds() >= settings.CELERY_TASK_SOFT_TIME_LIMIT


def _end(run: AnalysisRun, state: RunState, *, failure: str = "", error: str = "") -> None:
    RunPassword.objects.filter(run=run).delete()
    AnalysisRun.objects.filter(pk=run.pk).update(
        state=state, finished_at=Now(), lease_until=None, failure=failure, error=error or F("error")
    )
    case = run.bundle.case
    # Two runs of one case that end at the same time must see each other's end, or neither ends the analysis.
    _locked(case)
    if not AnalysisRun.objects.filter(bundle__case=case, state__in=_OPEN).exists():
        _tell(case.end_analysis)


def _locked(case: Case) -> None:
    Case.objects.locked().get(pk=case.pk)


def _tell(change: Callable[..., object]) -> None:
    # A closed or suspended case is analysed all the same, without changing where it stands.
    try:
        with transaction.atomic():
            change(by=None)
    except Refusal as refusal:
        logger.info("the case keeps its status: %s", refusal)


def _artifacts(run: AnalysisRun, artifacts: Iterable[Mapping[str, Any]]) -> list[Artifact]:
    names = ("path", "sha256", "size", "kind", "state", "detail")
    return [Artifact(run=run, **{name: one.get(name) for name in names}) for one in artifacts]


def _findings(run: AnalysisRun, findings: Iterable[Mapping[str, Any]]) -> list[Finding]:
    names = ("rule", "severity", "title", "summary", "advice", "gaps", "evidence", "data")
    return [
        Finding(
            run=run,
            position=position,
            fingerprint=_fingerprint(str(one.get("fingerprint", ""))),
            **{name: one[name] for name in names if name in one},
        )
        for position, one in enumerate(findings)
    ]


def _fingerprint(said: str) -> str:
    """As the engine says it; a long one (a long file name is in it) as its SHA-256."""
    return said if len(said) <= FINGERPRINT_LENGTH else hashlib.sha256(said.encode()).hexdigest()


def latest_run(case: Case) -> AnalysisRun | None:
    """The newest run of the case's bundles, without its result document, which can be long."""
    return AnalysisRun.objects.filter(bundle__case=case).defer("document").select_related("bundle").first()
