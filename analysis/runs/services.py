"""The life of an analysis run: queued, claimed, renewed, and ended exactly once.

How it is held while a worker has it is the protocol of every job (``jobs.services``).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop
from msgspec import structs, to_builtins

from accounts.errors import Refusal
from analysis.findings.models import Finding
from analysis.reports.services import draft_report
from analysis.runs.errors import RunIsOpen
from analysis.runs.models import AnalysisRun, Artifact, RunPassword, RunQuerySet
from cases.events import EventKind
from cases.models import Case
from engine.conclusions.what_was_read import what_was_read
from engine.schema.document import ArtifactEntry, FindingEntry, ResultDocument
from engine.schema.versions import opened, stored_form
from engine.text_safety import storable
from jobs.models import OPEN
from jobs.services import MAX_SWEPT, Jobs
from uploads.bundles.models import Bundle, BundleState

logger = logging.getLogger(__name__)

RESEND_BUSY = timedelta(minutes=10)
"""After how long a run that was sent counts as lost while others live: it is only waiting behind them."""
MIN_SEALED_AGE = timedelta(seconds=20)
FINGERPRINT_LENGTH = 64
BEGUN = gettext_noop("An upload is being analysed.")
ENDED = gettext_noop("The analysis of what was uploaded has ended.")


# -- Into the queue ---------------------------------------------------------------------


def queue_run(bundle: Bundle) -> AnalysisRun:
    """A run for this bundle: the open one if there is one, else a new one.

    The task is sent after the commit; a broker that does not answer is no error here, the
    sweep sends it later.
    """
    with transaction.atomic():
        # Two signals of one seal must not make two runs.
        Bundle.objects.select_for_update().get(pk=bundle.pk)
        bundle.case.lock()
        run = bundle_runs(bundle).filter(state__in=OPEN).first()
        if run is not None:
            return run
        run = AnalysisRun.objects.create(bundle=bundle)
        # Where more was asked for, the check of the bundle says whether the case goes on.
        if not bundle.case.awaits_items:
            _move_case(bundle.case.begin_analysis, BEGUN)
        RUNS.enqueue_on_commit(run)
    return run


def go_on(case: Case) -> None:
    """All that was asked for is there: a case with open runs is being analysed from now on."""
    if AnalysisRun.objects.filter(bundle__case=case, state__in=OPEN).exists():
        _move_case(case.begin_analysis, BEGUN)


def queue_first_run(bundle: Bundle) -> AnalysisRun:
    """As ``queue_run``, but a bundle that has any run already keeps that one."""
    return bundle_runs(bundle).first() or queue_run(bundle)


def queue_again(bundle: Bundle) -> AnalysisRun:
    """A new run because a person asks for one; raises ``RunIsOpen``."""
    if bundle_runs(bundle).filter(state__in=OPEN).exists():
        raise RunIsOpen
    return queue_run(bundle)


def bundle_runs(bundle: Bundle) -> RunQuerySet:
    """The runs of a bundle, newest first."""
    return AnalysisRun.objects.filter(bundle=bundle)


# -- In a worker's hands ----------------------------------------------------------------


def claim(run_id: int) -> AnalysisRun | None:
    """Takes the run for this worker; ``None`` if it is finished, in other hands, or must not go on."""
    return RUNS.claim(AnalysisRun.objects.filter(pk=run_id))


def complete(
    run: AnalysisRun, result: ResultDocument, *, before_commit: Callable[[], None] = lambda: None
) -> None:
    """Stores the result document, its rows, the history entry and, where anything was examined, the report
    draft, all or nothing.

    Raises ``LeaseLost`` if another worker has the run by now, and ``DocumentUnreadable`` for a document
    that could not be opened again: then nothing is written.
    """
    document = storable(stored_form(result))
    result = opened(document)
    with RUNS.conclude(run):
        Artifact.objects.bulk_create(_artifacts(run, result.artifacts), batch_size=500)
        Finding.objects.bulk_create(_findings(run, result.findings))
        AnalysisRun.objects.filter(pk=run.pk).update(document=document, locked=len(result.locked))
        run.document = document
        before_commit()
        run.bundle.case.record(EventKind.ANALYSIS, by=None, at=timezone.now(), reason=run.bundle.name[:500])
        # Of an upload that held nothing there is nothing to report; its panel says what to ask for.
        is_in_place = Bundle.objects.in_place().filter(pk=run.bundle_id).exists()
        read = what_was_read(result.artifacts, result.events)
        if is_in_place and (result.findings or not (read.nothing or result.nothing_examined)):
            draft_report(run)


# -- Without help -----------------------------------------------------------------------


def sweep() -> int:
    """Queues what was forgotten, sends again what was lost; how many runs it moved."""
    moved = 0
    forgotten = Bundle.objects.filter(
        state=BundleState.SEALED, sealed_at__lte=Now() - MIN_SEALED_AGE, runs__isnull=True
    )
    for bundle in forgotten[:MAX_SWEPT]:
        queue_first_run(bundle)
        moved += 1
    return moved + RUNS.sweep()


# -- The pieces -------------------------------------------------------------------------


def _ended(run: AnalysisRun) -> None:
    RunPassword.objects.filter(run=run).delete()
    case = run.bundle.case
    # Two runs of one case that end at the same time must see each other's end, or neither ends the analysis.
    case.lock()
    if not AnalysisRun.objects.filter(bundle__case=case, state__in=OPEN).exists():
        _move_case(case.end_analysis, ENDED)


RUNS = Jobs(
    AnalysisRun,
    "analysis.tasks.analyze_bundle",
    resend_busy=RESEND_BUSY,
    slow_is_final=True,
    ended=_ended,
)


def _move_case(change: Callable[..., object], reason: str) -> None:
    # A closed or suspended case is analysed all the same, without changing where it stands.
    try:
        with transaction.atomic():
            change(by=None, reason=reason)
    except Refusal as refusal:
        logger.info("the case keeps its status: %s", refusal)


def _artifacts(run: AnalysisRun, artifacts: Iterable[ArtifactEntry]) -> list[Artifact]:
    return [Artifact(run=run, **structs.asdict(artifact)) for artifact in artifacts]


def _findings(run: AnalysisRun, findings: Iterable[FindingEntry]) -> list[Finding]:
    return [
        Finding(
            run=run,
            position=position,
            rule=finding.rule,
            severity=finding.severity.value,
            title=finding.title,
            summary=finding.summary,
            advice=finding.advice,
            gaps=finding.gaps,
            evidence=to_builtins(finding.evidence),
            data=stored_form(finding.data),
            fingerprint=_fingerprint(finding.fingerprint),
        )
        for position, finding in enumerate(findings)
    ]


def _fingerprint(fingerprint: str) -> str:
    """As the engine says it; a long one (a long file name is in it) as its SHA-256."""
    return (
        fingerprint
        if len(fingerprint) <= FINGERPRINT_LENGTH
        else hashlib.sha256(fingerprint.encode()).hexdigest()
    )


def latest_run(case: Case) -> AnalysisRun | None:
    """The newest run of the case's bundles, without its result document, which can be long."""
    runs = AnalysisRun.objects.filter(bundle__in=Bundle.objects.in_place().filter(case=case))
    return runs.defer("document").select_related("bundle").first()
