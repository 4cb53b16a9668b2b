"""The check of a sealed bundle: a first look in the sandbox, held against the evidence request.

It has a queue of its own, so that a long analysis before it keeps nobody waiting.

``BundleCheck.document``: ``entries`` (``preview.Entry``; at most ``MAX_KEPT``), ``count`` of all
of them, ``trouble`` of the bundle as a whole (a Text), ``verdicts`` (``matching.verdict``), ``notes``
(path of a log → codes), ``same_bundle`` (name and time of an equal one), ``same`` (path → name of the
earlier bundle that held the same file).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from msgspec import to_builtins

from analysis.checks import matching
from analysis.checks.corrections import corrected, unread_paths
from analysis.runs.models import AnalysisRun
from analysis.runs.passwords import password_of
from analysis.runs.worker import fetch
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import EvidenceItem, EvidenceRequest, ItemState
from cases.models import Case
from cases.signals import ActivityKind, announce
from engine.conclusions.what_was_read import seen_at_first
from engine.parsers.evtx.span import LogSpan
from engine.text_safety import storable
from engine.unpacking.preview import Entry, Preview, preview_of
from jobs.models import JobState
from jobs.services import Jobs
from jobs.worker import carry_out
from uploads.bundles.models import Bundle, BundleCheck, BundleState

MAX_KEPT = 2_000
MIN_SEALED_AGE = timedelta(seconds=20)
MAX_SEALED_AGE = timedelta(days=1)
MAX_EARLIER = 50
"""Bundles of the case that a new one is compared with."""
MAX_GIVEN_UP = 40
"""Items of earlier requests that an upload is held against."""


def queue(bundle: Bundle) -> BundleCheck:
    """The bundle's check, asked for if there was none."""
    with transaction.atomic():
        check, made = BundleCheck.objects.get_or_create(bundle=bundle)
        if made:
            CHECKS.enqueue_on_commit(check)
    return check


def look_again(run_id: int) -> None:
    """Checks the bundle of a waiting run anew, if a password was given for it: it holds more now."""
    waiting = AnalysisRun.objects.filter(pk=run_id, state=JobState.QUEUED, had_password=True).first()
    password = password_of(waiting) if waiting else None
    if waiting is None or password is None:
        return
    ended = BundleCheck.objects.filter(bundle=waiting.bundle_id, state__in=(JobState.DONE, JobState.FAILED))
    ended.update(state=JobState.QUEUED, attempt=0, enqueued_at=Now(), finished_at=None, failure="")
    run(waiting.bundle_id, password)


@sensitive_variables("password")
def run(bundle_id: UUID, password: str | None = None) -> None:
    """Checks the bundle, unless that is done or in other hands. Whatever goes wrong is written down."""
    rows = BundleCheck.objects.filter(bundle=bundle_id, bundle__state=BundleState.SEALED)
    carry_out(CHECKS, rows, lambda attempt: _look(attempt.job, password))


def sweep() -> None:
    """Asks again for checks that were lost with a worker or the broker, or never asked for."""
    now = timezone.now()
    forgotten = Bundle.objects.filter(
        state=BundleState.SEALED,
        sealed_at__range=(now - MAX_SEALED_AGE, now - MIN_SEALED_AGE),
        bundle_check=None,
    )
    for bundle in forgotten[:50]:
        queue(bundle)
    CHECKS.sweep()


def forget(bundle: Bundle) -> None:
    """Takes names and hashes of the files in a bundle away with its bytes."""
    BundleCheck.objects.filter(bundle=bundle).update(document={})


# -- One attempt ------------------------------------------------------------------------


@sensitive_variables("password")
def _look(check: BundleCheck, password: str | None) -> None:
    with workplace(check) as work:
        source = fetch(check.bundle, work / "source")
        preview = preview_of(source, work / "look", check.bundle.sha256, password=password)
    _conclude(check, preview)


@contextmanager
def workplace(check: BundleCheck) -> Iterator[Path]:
    """An empty folder of this attempt's own; what an earlier attempt left behind is removed."""
    parent = Path(settings.ANJUAN_HOME) / "work"
    for left in parent.glob(f"check-{check.bundle_id}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"check-{check.bundle_id}-{check.token}"
    (folder / "look").mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _conclude(check: BundleCheck, preview: Preview) -> None:
    bundle, entries = check.bundle, preview.entries
    with CHECKS.conclude(check):
        # What is asked for must not change meanwhile.
        case = Case.objects.locked().get(pk=bundle.case_id)
        request = evidence_requests.open_request(case) or evidence_requests.settled_without(case)
        if request is not None and request.made_at > bundle.received_at:
            request = None
        wanted = _wanted(case, request, bundle)
        verdicts = _verdicts(request.items.all() if request else (), entries, wanted)
        verdicts = corrected(verdicts, unread_paths(bundle))
        document = {
            "entries": [asdict(entry) for entry in entries[:MAX_KEPT]],
            "count": len(entries),
            "trouble": preview.trouble,
            "verdicts": verdicts,
            "notes": {entry.path: _notes(entry.log, wanted) for entry in entries[:MAX_KEPT] if entry.log},
            "incident_at": case.incident_at.isoformat() if case.incident_at else None,
            "read": to_builtins(seen_at_first(entries, bundle.name, preview.trouble)),
            **_seen_before(bundle, entries),
        }
        BundleCheck.objects.filter(pk=check.pk).update(document=storable(document), request=request)
        if request is not None:
            request = evidence_requests.note_arrivals(request, _arrived(verdicts))
        _note_what_was_given_up(bundle, request, entries)
        _tell(bundle, request, document["read"])


def correct(run_id: int) -> None:
    """Holds a finished analysis against the check of its bundle: what it could not read is still missing,
    unless another upload brought it as well."""
    run = AnalysisRun.objects.filter(pk=run_id, state=JobState.DONE).defer("document").first()
    if run is None:
        return
    with transaction.atomic():
        # A check that ends just now knows of the run, or is seen here.
        Case.objects.locked().get(pk=run.bundle.case_id)
        check = BundleCheck.objects.filter(bundle=run.bundle_id, state=JobState.DONE).first()
        if check is None or check.request is None or not check.document:
            return
        verdicts = corrected(check.document["verdicts"], unread_paths(check.bundle))
        wrong = {
            verdict["item"]
            for verdict, before in zip(verdicts, check.document["verdicts"], strict=True)
            if before["arrived"] and not verdict["arrived"]
        }
        if not wrong:
            return
        BundleCheck.objects.filter(pk=check.pk).update(document=check.document | {"verdicts": verdicts})
        request = evidence_requests.ask_for_again(check.request, wrong - _brought_by_others(check))
        if request is not None:
            _tell(check.bundle, request, check.document.get("read"))


def _brought_by_others(check: BundleCheck) -> set[int]:
    """Items of its request that other uploads brought, too."""
    others = BundleCheck.objects.filter(
        request=check.request, state=JobState.DONE, bundle__in=Bundle.objects.in_place()
    ).exclude(pk=check.pk)
    return {item for other in others for item in _arrived(other.document.get("verdicts", ()))}


def _note_what_was_given_up(bundle: Bundle, request: EvidenceRequest | None, entries: list[Entry]) -> None:
    """What earlier requests ended without counts as well, where the upload brings it."""
    given_up = evidence_requests.given_up(bundle.case, before=bundle.received_at).exclude(request=request)
    items = given_up.select_related("request").order_by("-request__made_at", "position")[:MAX_GIVEN_UP]
    for earlier, asked in groupby(items, attrgetter("request")):
        verdicts = _verdicts(asked, entries, _wanted(bundle.case, earlier, bundle))
        evidence_requests.note_arrivals(earlier, _arrived(verdicts))


def _verdicts(
    items: Iterable[EvidenceItem], entries: list[Entry], wanted: matching.Wanted
) -> list[dict[str, Any]]:
    return [
        matching.verdict(matching.Item(item.pk, item.kind, item.detail), entries, wanted) for item in items
    ]


def _arrived(verdicts: Iterable[dict[str, Any]]) -> dict[int, str]:
    """By item, the file that it was found in."""
    return {verdict["item"]: verdict["found"] for verdict in verdicts if verdict["arrived"]}


def _tell(
    bundle: Bundle,
    request: EvidenceRequest | None,
    read: dict[str, Any] | None = None,
    *,
    checked: bool = True,
) -> None:
    """Announces the upload, with what is still missing of a request that it was held against, and where
    nothing of it can be analysed (``read``) with why, unless all that was asked for is there."""
    items = list(request.items.all()) if request else []
    missing = [[item.kind, item.detail] for item in items if item.state == ItemState.OPEN]
    kind = ActivityKind.ITEMS_MISSING if missing else ActivityKind.UPLOAD_CHECKED
    nothing = []
    if read is not None and read["nothing"] and (missing or not items):
        nothing = [read["headline"], *(reason["said"] for reason in read["reasons"])]
    announce(
        kind,
        bundle.case,
        by=bundle.user,
        at=timezone.now(),
        message=bundle.message,
        bundle=str(bundle.pk),
        name=bundle.name,
        checked=checked,
        settled=len(items) - len(missing),
        total=len(items),
        missing=missing,
        nothing=nothing,
    )


def _ended(check: BundleCheck) -> None:
    if check.state == JobState.FAILED:
        # Nobody must wait for a check that never comes: a person looks instead.
        evidence_requests.resume_unchecked(check.bundle.case)
        _tell(check.bundle, None, checked=False)


CHECKS = Jobs(BundleCheck, "analysis.tasks.check_bundle", ended=_ended)


def _wanted(case: Case, request: EvidenceRequest | None, bundle: Bundle) -> matching.Wanted:
    if request is None:
        return matching.Wanted(at=case.incident_at)
    known = _known(bundle, before=request.made_at)
    return matching.Wanted(case.incident_at, request.since, request.until, known)


def _known(bundle: Bundle, before: datetime) -> dict[str, str]:
    """SHA-256 of files that came before → the name of the bundle that held it."""
    there = Bundle.objects.in_place().filter(case=bundle.case_id, received_at__lt=before)
    checks = BundleCheck.objects.filter(bundle__in=there)
    checks = checks.exclude(bundle=bundle).select_related("bundle").order_by("-bundle__received_at")
    return {
        entry["sha256"]: check.bundle.name
        for check in checks[:MAX_EARLIER]
        for entry in check.document.get("entries", ())
        if entry["sha256"]
    }


def _notes(span: LogSpan, wanted: matching.Wanted) -> list[str]:
    """What is worth saying of a log, whether or not it was asked for."""
    flaws = (("cut", span.cut), ("dirty", span.dirty), ("bad", span.bad))
    codes = [name for name, is_so in flaws if is_so]
    if not span.records:
        return [*codes, "empty"]
    reach = matching.coverage(span, wanted)
    if reach:
        return [*codes, reach]
    if matching.begins_later(span, wanted):
        codes.append("begins-later")
    always = span.channel.casefold() in matching.ALWAYS_WRITTEN
    return [*codes, "covers"] if wanted.at and always and span.first_time else codes


def _seen_before(bundle: Bundle, entries: list[Entry]) -> dict[str, Any]:
    earlier = (
        Bundle.objects.in_place().filter(case=bundle.case_id, sha256=bundle.sha256).exclude(pk=bundle.pk)
    )
    first = earlier.filter(received_at__lt=bundle.received_at).order_by("received_at").first()
    if first is not None:
        return {"same_bundle": {"name": first.name, "at": first.received_at.isoformat()}, "same": {}}
    known = _known(bundle, before=bundle.received_at)
    kept = entries[:MAX_KEPT]
    same = {entry.path: known[entry.sha256] for entry in kept if entry.sha256 in known}
    return {"same_bundle": None, "same": same}
