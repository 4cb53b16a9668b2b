"""The check of a sealed bundle: a first look in the sandbox, held against the evidence request.

It has a queue of its own, so that a long analysis before it keeps nobody waiting. The row is the
truth here, too: it is claimed by its attempt, and what was lost is asked for again by the sweep.

``BundleCheck.document``: ``entries`` (``quick_look.Entry``; at most ``MAX_KEPT``), ``count`` of all
of them, ``trouble`` of the bundle as a whole (a Text), ``verdicts`` (``matching.verdict``), ``notes``
(path of a log → codes), ``same_bundle`` (name and time of an equal one), ``same`` (path → name of the
earlier bundle that held the same file).
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from kombu.exceptions import OperationalError

from analysis.checks import matching
from analysis.runs.models import AnalysisRun
from analysis.runs.passwords import password_of
from analysis.runs.worker import fetch
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import EvidenceRequest
from cases.models import Case
from engine.text_safety import storable
from engine.unpacking.preview import look
from jobs.models import JobState
from uploads.bundles.models import Bundle, BundleCheck, BundleState, CheckState

logger = logging.getLogger(__name__)

TASK = "analysis.tasks.check_bundle"
MAX_KEPT = 2_000
MAX_ATTEMPTS = 3
ASK_AGAIN = timedelta(seconds=20)
STALE = timedelta(minutes=3)
"""Longer than a check may take (the task's time limit)."""
LOOK_BACK = timedelta(days=1)
EARLIER = 50
"""Bundles of the case that a new one is compared with."""


def queue(bundle: Bundle) -> BundleCheck:
    """The bundle's check, asked for if there was none."""
    with transaction.atomic():
        check, made = BundleCheck.objects.get_or_create(bundle=bundle)
        if made:
            transaction.on_commit(lambda: _send(bundle))
    return check


def _send(bundle: Bundle) -> None:
    BundleCheck.objects.filter(bundle=bundle).update(asked_at=timezone.now())
    try:
        current_app.send_task(TASK, args=(str(bundle.pk),), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("the check of bundle %s could not be sent, the sweep will: %s", bundle.pk, error)


def look_again(run_id: int) -> None:
    """Checks the bundle of a waiting run anew, if a password was given for it: it holds more now."""
    waiting = AnalysisRun.objects.filter(pk=run_id, state=JobState.QUEUED, had_password=True).first()
    password = password_of(waiting) if waiting else None
    if waiting is None or password is None:
        return
    ended = BundleCheck.objects.filter(
        bundle=waiting.bundle_id, state__in=(CheckState.DONE, CheckState.FAILED)
    )
    ended.update(state=CheckState.QUEUED, attempt=0, asked_at=timezone.now())
    run(waiting.bundle_id, password)


@sensitive_variables("password")
def run(bundle_id: UUID, password: str | None = None) -> None:
    """Checks the bundle, unless that is done or in other hands. Whatever goes wrong is written down."""
    check = _claim(bundle_id)
    if check is None:
        return
    try:
        with workplace(check) as work:
            source = fetch(check.bundle, work / "source")
            found = look(source, work / "look", check.bundle.sha256, password=password)
        _conclude(check, found.document())
    except Exception:
        logger.exception("check of bundle %s, attempt %s", bundle_id, check.attempt)
        _fail(check)
    except BaseException:
        # The worker is told to end, perhaps in the middle of a query: another one begins anew.
        connection.close()
        _held(check).update(state=CheckState.QUEUED, attempt=F("attempt") - 1)
        raise


def sweep() -> None:
    """Asks again for checks that were lost with a worker or the broker, or never asked for."""
    now = timezone.now()
    forgotten = Bundle.objects.filter(
        state=BundleState.SEALED,
        sealed_at__range=(now - LOOK_BACK, now - ASK_AGAIN),
        bundle_check=None,
    )
    for bundle in forgotten[:50]:
        queue(bundle)
    lost = Q(state=CheckState.QUEUED, asked_at__lt=now - ASK_AGAIN)
    stopped = Q(state=CheckState.RUNNING, begun_at__lt=now - STALE)
    for check in BundleCheck.objects.filter(lost | stopped).select_related("bundle")[:50]:
        if check.state == CheckState.RUNNING and check.attempt >= MAX_ATTEMPTS:
            _fail(check)
        else:
            _send(check.bundle)


def forget(bundle: Bundle) -> None:
    """Takes names and hashes of the files in a bundle away with its bytes."""
    BundleCheck.objects.filter(bundle=bundle).update(document={})


# -- One attempt ------------------------------------------------------------------------


def _claim(bundle_id: UUID) -> BundleCheck | None:
    now = timezone.now()
    free = Q(state=CheckState.QUEUED) | Q(state=CheckState.RUNNING, begun_at__lt=now - STALE)
    claimed = BundleCheck.objects.filter(
        free, bundle=bundle_id, bundle__state=BundleState.SEALED, attempt__lt=MAX_ATTEMPTS
    ).update(state=CheckState.RUNNING, attempt=F("attempt") + 1, begun_at=now)
    return BundleCheck.objects.select_related("bundle__case").get(bundle=bundle_id) if claimed else None


@contextmanager
def workplace(check: BundleCheck) -> Iterator[Path]:
    """An empty folder of this attempt's own; what an earlier attempt left behind is removed."""
    parent = Path(settings.ANJUAN_HOME) / "work"
    for left in parent.glob(f"check-{check.bundle_id}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"check-{check.bundle_id}-{check.attempt}"
    (folder / "look").mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _conclude(check: BundleCheck, found: dict[str, Any]) -> None:
    bundle = check.bundle
    entries: list[dict[str, Any]] = found["entries"]
    with transaction.atomic():
        # The case first, as everywhere: what is asked for must not change meanwhile.
        case = Case.objects.locked().get(pk=bundle.case_id)
        request = evidence_requests.open_request(case)
        if request is not None and request.made_at > bundle.received_at:
            request = None
        wanted = _wanted(case, request, bundle)
        items = request.items.all() if request else ()
        verdicts = [
            matching.verdict(matching.Item(item.pk, item.kind, item.detail), entries, wanted)
            for item in items
        ]
        document = {
            "entries": entries[:MAX_KEPT],
            "count": len(entries),
            "trouble": found["trouble"],
            "verdicts": verdicts,
            "notes": {entry["path"]: _notes(entry, wanted) for entry in entries[:MAX_KEPT] if entry["log"]},
            "incident_at": case.incident_at.isoformat() if case.incident_at else None,
            **_seen_before(bundle, entries),
        }
        written = _held(check).update(
            state=CheckState.DONE, ended_at=timezone.now(), document=storable(document), request=request
        )
        if written and request is not None:
            arrived = {one["item"]: one["found"] for one in verdicts if one["arrived"]}
            evidence_requests.note_arrivals(request, arrived)


def _fail(check: BundleCheck) -> None:
    with transaction.atomic():
        if check.attempt < MAX_ATTEMPTS:
            _held(check).update(state=CheckState.QUEUED)
        elif _held(check).update(state=CheckState.FAILED, ended_at=timezone.now()):
            # Nobody must wait for a check that never comes: a person looks instead.
            evidence_requests.let_go(check.bundle.case)


def _held(check: BundleCheck) -> Any:
    return BundleCheck.objects.filter(pk=check.pk, state=CheckState.RUNNING, attempt=check.attempt)


def _wanted(case: Case, request: EvidenceRequest | None, bundle: Bundle) -> matching.Wanted:
    if request is None:
        return matching.Wanted(at=case.incident_at)
    known = _known(bundle, before=request.made_at)
    return matching.Wanted(case.incident_at, request.since, request.until, known)


def _known(bundle: Bundle, before: datetime) -> dict[str, str]:
    """SHA-256 of files that came before → the name of the bundle that held it."""
    checks = BundleCheck.objects.filter(bundle__case=bundle.case_id, bundle__received_at__lt=before)
    checks = checks.exclude(bundle=bundle).select_related("bundle").order_by("-bundle__received_at")
    return {
        entry["sha256"]: check.bundle.name
        for check in checks[:EARLIER]
        for entry in check.document.get("entries", ())
        if entry["sha256"]
    }


def _notes(entry: dict[str, Any], wanted: matching.Wanted) -> list[str]:
    """What is worth saying of a log, whether or not it was asked for."""
    span = entry["log"]
    told = [name for name in ("cut", "dirty", "bad") if span[name]]
    if not span["records"]:
        return [*told, "empty"]
    reach = matching.coverage(span, wanted)
    if reach:
        return [*told, reach]
    if matching.begins_later(span, wanted):
        told.append("begins-later")
    always = span["channel"].casefold() in matching.ALWAYS_WRITTEN
    return [*told, "covers"] if wanted.at and always and span["first_time"] else told


def _seen_before(bundle: Bundle, entries: list[dict[str, Any]]) -> dict[str, Any]:
    earlier = Bundle.objects.filter(case=bundle.case_id, sha256=bundle.sha256).exclude(pk=bundle.pk)
    first = earlier.filter(received_at__lt=bundle.received_at).order_by("received_at").first()
    if first is not None:
        return {"same_bundle": {"name": first.name, "at": first.received_at.isoformat()}, "same": {}}
    known = _known(bundle, before=bundle.received_at)
    kept = entries[:MAX_KEPT]
    same = {entry["path"]: known[entry["sha256"]] for entry in kept if entry["sha256"] in known}
    return {"same_bundle": None, "same": same}
