"""What the case page says of its newest upload: being sealed, waiting, working, finished, failed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages import current_language
from analysis.runs.conditions import changed_since
from analysis.runs.models import AnalysisRun
from analysis.runs.services import latest_run
from engine.artifacts import State
from engine.conclusions.what_was_read import WhatWasRead, named, of_files
from engine.progress import Progress, Stage
from engine.schema.document import ArtifactEntry
from engine.text import in_language, text
from engine.text_safety import shown
from jobs.models import JobState
from uploads.bundles.models import Bundle, BundleState

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

SLOW = timedelta(minutes=2)
"""A run that nobody has taken after so long is told of in other words."""
MAX_FOUND = 8


@dataclass
class RunStatus:
    """The panel. ``value`` of ``most`` moves the bar; both ``None`` mean "no telling how far"."""

    state: str
    title: str = ""
    sentence: str = ""
    bundle: str = ""
    tone: str = "info"
    badge: str = ""
    """In place of "complete", where a run has ended and is not that."""
    reasons: list[str] = field(default_factory=list)
    """Why nothing was read, and what to send instead."""
    value: int | None = None
    most: int | None = None
    counts: list[str] = field(default_factory=list)
    artifact: str = ""
    found: list[str] = field(default_factory=list)
    error: str = ""
    run_id: int | None = None
    """Of a run that the reader may start again: one that failed, or that other facts would change."""
    changed: list[str] = field(default_factory=list)
    """What a finished run did not know yet."""

    @property
    def is_working(self) -> bool:
        """Whether the page should ask often."""
        return self.state in {"sealing", "queued", "running"}

    def essence(self, user: User) -> str:
        """Equal as long as the panel would read the same to this person."""
        return json.dumps([vars(self), user.pk], default=str, sort_keys=True)


def run_status(case: Case, user: User) -> RunStatus:
    """The status of the newest upload of a case this person may see. Titles of findings, paths
    and errors are the vendor's; customers hear of the stage and of counts."""
    sealing = (
        Bundle.objects.in_place()
        .filter(case=case, state=BundleState.SEALING)
        .order_by("-received_at")
        .first()
    )
    if sealing is not None:
        return RunStatus(
            "sealing",
            title=_("The upload is complete") if user.is_vendor else _("Your upload is complete"),
            sentence=_("Its checksum is being taken; then the analysis begins by itself."),
            bundle=shown(sealing.name),
        )
    run = latest_run(case)
    if run is None:
        return RunStatus("none")
    status = {
        JobState.QUEUED: _queued,
        JobState.RUNNING: _running,
        JobState.DONE: _done,
        JobState.FAILED: _failed,
    }[JobState(run.state)](run, user)
    status.bundle = shown(run.bundle.name)
    if user.is_vendor and run.state == JobState.DONE and run.bundle.state == BundleState.SEALED:
        status.changed = changed_since(run)
        status.run_id = run.pk if status.changed else None
    return status


def _queued(run: AnalysisRun, user: User) -> RunStatus:
    if run.error or run.token:
        return RunStatus(
            "queued",
            title=_("The analysis was interrupted"),
            sentence=_("The upload is safe. The analysis starts again by itself."),
            tone="warn",
        )
    if timezone.now() - run.queued_at > SLOW:
        return RunStatus(
            "queued",
            title=_("Waiting for the analysis"),
            sentence=_(
                "Other analyses come first, or no worker is free. Nothing is lost; it starts by itself."
            ),
            tone="warn",
        )
    return RunStatus("queued", title=_("Waiting for the analysis"), sentence=_("It starts in a moment."))


def _running(run: AnalysisRun, user: User) -> RunStatus:
    progress = msgspec.convert(run.progress, Progress)
    total, done, records = progress.artifacts_total, progress.artifacts_done, progress.records
    is_reading = progress.stage is Stage.READING
    sentences = {
        Stage.UNPACKING: _("The upload is being unpacked."),
        Stage.READING: _("The files are being read."),
        Stage.EXAMINING: _("The records are being examined."),
        Stage.DONE: _("The report is being drafted."),
    }
    counts = []
    if total:
        counts.append(
            _("file %(n)s of %(total)s") % {"n": f"{min(done + 1, total):,}", "total": f"{total:,}"}
            if is_reading
            else ngettext("%(n)s file", "%(n)s files", total) % {"n": f"{total:,}"}
        )
    if records:
        counts.append(ngettext("%(n)s event record", "%(n)s event records", records) % {"n": f"{records:,}"})
    titles = progress.found
    if titles and user.is_vendor:
        counts.append(
            ngettext("%(n)s finding so far", "%(n)s findings so far", len(titles)) % {"n": len(titles)}
        )
    language = current_language()
    # Reading is nearly all of the work; what comes after it must not look stuck at the end.
    value = None if not total else (done if is_reading else total)
    return RunStatus(
        "running",
        title=_("The logs are being analysed"),
        sentence=sentences[progress.stage],
        value=value,
        most=total + 1 if total else None,
        counts=counts,
        artifact=shown(progress.artifact, 200) if user.is_vendor else "",
        found=[shown(in_language(title, language), 200) for title in titles[:MAX_FOUND]]
        if user.is_vendor
        else [],
    )


def _done(run: AnalysisRun, user: User) -> RunStatus:
    files = run.artifacts.count()
    rows = AnalysisRun.objects.filter(pk=run.pk)
    records = rows.values_list("document__events__total", flat=True).first() or 0
    counts = [ngettext("%(n)s file", "%(n)s files", files) % {"n": f"{files:,}"}]
    if records:
        counts.append(ngettext("%(n)s event record", "%(n)s event records", records) % {"n": f"{records:,}"})
    read = _what_was_read(run)
    examined = rows.filter(document__examined__contains=[{"outcome": "examined"}])
    nothing = not run.findings.exists() and (read.nothing or not examined.exists())
    unreadable = run.artifacts.filter(state=State.UNREADABLE).count()
    if unreadable > run.locked and not nothing:
        sentence = ngettext(
            "%(n)s file could not be read", "%(n)s files could not be read", unreadable - run.locked
        )
        counts.append(sentence % {"n": f"{unreadable - run.locked:,}"})
    if run.locked:
        waiting = ngettext("%(n)s file waits for a password", "%(n)s files wait for a password", run.locked)
        counts.append(waiting % {"n": f"{run.locked:,}"})
    if run.locked and nothing:
        return _locked(run, counts)
    reasons = [shown(in_language(named(reason), current_language()), 600) for reason in read.reasons]
    if nothing and not user.is_vendor and not run.reports.filter(state="sent").exists():
        return _nothing_to_examine(read, counts, reasons)
    headline = in_language(read.headline, current_language())
    tone = "warn" if unreadable or read.nothing else "good"
    badge = "" if tone == "good" else _("nothing read") if read.nothing else _("read in part")
    if not user.is_vendor:
        sent = run.reports.filter(state="sent").exists()
        sentence = (
            _("The report is in the conversation.")
            if sent
            else _("Your engineer is reviewing the result and will send you the report.")
        )
        return RunStatus(
            "done",
            title=_("Your logs have been analysed"),
            sentence=sentence,
            tone=tone,
            badge=badge,
            counts=counts,
        )
    count = run.findings.count()
    counts.append(ngettext("%(n)s finding", "%(n)s findings", count) % {"n": count})
    if run.started_at and run.finished_at:
        counts.append(
            _("in %(seconds)s s") % {"seconds": f"{(run.finished_at - run.started_at).total_seconds():.1f}"}
        )
    if nothing:
        return RunStatus(
            "done",
            title=_("Nothing in this upload could be examined"),
            sentence=headline
            if read.nothing
            else _(
                "Why, stands under “What was examined and what was not”. Ask the customer for other files."
            ),
            tone="warn",
            badge=_("nothing read"),
            counts=counts,
            reasons=reasons,
        )
    return RunStatus(
        "done",
        title=_("The logs have been analysed"),
        tone=tone,
        badge=badge,
        counts=counts,
        reasons=reasons if read.nothing else [],
    )


def _what_was_read(run: AnalysisRun) -> WhatWasRead:
    """Of a finished run, without its whole document."""
    logs = (
        AnalysisRun.objects.filter(pk=run.pk).values_list("document__events__logs", flat=True).first() or []
    )
    total = sum(log.get("records", 0) for log in logs)
    artifacts = [
        ArtifactEntry(
            path=path, sha256="", size=0, kind=kind, state=State(state), detail=detail or text("", "")
        )
        for path, kind, state, detail in run.artifacts.values_list("path", "kind", "state", "detail")
    ]
    records = {log["artifact"]: log.get("records", 0) for log in logs}
    return of_files(artifacts, records, total, run.bundle.name)


def _locked(run: AnalysisRun, counts: list[str]) -> RunStatus:
    sentence = (
        _("The password that was given does not open them. Enter it again below the upload.")
        if run.had_password
        else _("Enter the password below the upload in the conversation; then they are analysed as well.")
    )
    title = _("The files in this upload wait for a password")
    return RunStatus(
        "done", title=title, sentence=sentence, tone="warn", badge=_("waits for a password"), counts=counts
    )


def _nothing_to_examine(read: WhatWasRead, counts: list[str], reasons: list[str]) -> RunStatus:
    headline = in_language(read.headline, current_language())
    return RunStatus(
        "done",
        title=_("We could not examine anything in this upload"),
        sentence=_("%(headline)s If in doubt, ask your engineer below.") % {"headline": headline}
        if read.nothing
        else _(
            "Your file has arrived, but no event log (.evtx), text capture or program in it could be read. "
            "Check that the archive has no password, is complete and is the one you meant, then upload it "
            "again. If in doubt, ask your engineer below."
        ),
        tone="warn",
        badge=_("nothing read"),
        counts=counts,
        reasons=reasons,
    )


def _failed(run: AnalysisRun, user: User) -> RunStatus:
    why = run.get_failure_display() if run.failure else _("unknown reason")
    if not user.is_vendor:
        sentence = _(
            "The analysis stopped: %(why)s. What you sent is on record, and your engineer looks into it."
        )
        return RunStatus(
            "failed", title=_("The analysis did not end"), sentence=sentence % {"why": why}, tone="bad"
        )
    return RunStatus(
        "failed",
        title=_("The analysis did not end"),
        sentence=_("The analysis stopped: %(why)s.") % {"why": why},
        tone="bad",
        error=shown(run.error, 1_000),
        run_id=run.pk,
    )
