"""The life of a report: drafted when a run completes, edited by the engineer, sent and then frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec.structs import replace

from accounts.errors import Refusal
from analysis.reports.content import content_of, sha256_of
from analysis.reports.draft import drafted_advice, drafted_conclusion
from analysis.reports.errors import (
    NewestDraft,
    ReportIsEmpty,
    ReportIsFrozen,
    ReportWasEdited,
)
from analysis.reports.models import Report, ReportState
from analysis.reports.stored_pdfs import ask_for_pdfs
from analysis.runs.models import AnalysisRun
from cases import rights
from cases.events import EventKind
from cases.models import Case, MessageKind
from cases.services import post_message
from engine.schema.versions import stored_form
from engine.text import LANGUAGES
from engine.text_safety import storable

if TYPE_CHECKING:
    from accounts.models import User

MAX_TEXT_LENGTH = 20_000
"""Characters of a conclusion or an advice, in each language."""


def draft_report(run: AnalysisRun) -> Report:
    """The draft of a completed run, the next version of its case, with its internal thread entry."""
    with transaction.atomic():
        # Two bundles of one case may complete at once; each gets its own version.
        case = Case.objects.locked().get(pk=run.bundle.case_id)
        newest = Report.objects.filter(case=case).aggregate(newest=Max("version"))["newest"] or 0
        message = post_message(case, by=None, body="", kind=MessageKind.REPORT, internal=True)
        return Report.objects.create(
            case=case,
            run=run,
            message=message,
            version=newest + 1,
            conclusion=drafted_conclusion(run),
            advice=drafted_advice(run),
            created_at=timezone.now(),
        )


def edit(
    report: Report,
    by: User,
    conclusion: Mapping[str, str],
    advice: Mapping[str, str],
    left_out: Sequence[int],
    *,
    seen: datetime | None = None,
) -> Report:
    """Saves the engineer's text and which findings she leaves out; the saved draft.

    ``seen`` is the ``edited_at`` that her page showed. A text that she has not touched follows
    the findings: leaving one out takes its sentences out of the conclusion, too.

    Raises ``NotAllowed``, ``ReportIsFrozen``, ``ReportWasEdited``.
    """
    rights.require(rights.may_send_report, by, report.case)
    with transaction.atomic():
        row = _locked_draft(report, seen)
        known = range(len(row.run.result.findings))
        out = sorted({position for position in left_out if position in known})
        row.conclusion = _followed(conclusion, row, out, drafted_conclusion)
        row.advice = _followed(advice, row, out, drafted_advice)
        row.left_out = out
        row.edited_at = timezone.now()
        row.save()
    return row


def send(report: Report, by: User, *, seen: datetime | None = None, at: datetime | None = None) -> Report:
    """Freezes the report and puts it before the customer; the sent report. A worker makes its PDFs.

    Raises ``NotAllowed``, ``ReportIsFrozen``, ``ReportWasEdited``, ``ReportIsEmpty``.
    """
    rights.require(rights.may_send_report, by, report.case)
    at = at or timezone.now()
    with transaction.atomic():
        row = _locked_draft(report, seen)
        for language, name in zip(LANGUAGES, (_("Chinese"), _("English")), strict=True):
            if not row.conclusion.get(language, "").strip():
                raise ReportIsEmpty(language=name)
        content = storable(stored_form(replace(content_of(row), sent_at=at.isoformat(), engineer=by.name)))
        row.content, row.content_sha256 = content, sha256_of(content)
        row.state, row.sent_at, row.sent_by = ReportState.SENT, at, by
        row.save()
        ask_for_pdfs(row)
        row.message.internal = False
        row.message.author = by
        row.message.created_at = at
        row.message.save(update_fields=("internal", "author", "created_at"))
        row.case.record(EventKind.REPORT, by=by, at=at, reason=f"v{row.version}")
        try:
            with transaction.atomic():
                row.case.send_result(by=by, at=at)
        except Refusal:
            pass  # A case that is closed by now stays closed; the customer has her report.
    return row


def discard(report: Report, by: User) -> None:
    """Takes a draft away that a newer version has replaced; its thread entry says who did it.

    The newest draft stays: its version's number is not given twice.
    Raises ``NotAllowed``, ``ReportIsFrozen``, ``NewestDraft``.
    """
    rights.require(rights.may_send_report, by, report.case)
    with transaction.atomic():
        row = _locked_draft(report, report.edited_at)
        if newer_than(row) is None:
            raise NewestDraft
        message = row.message
        row.delete()
        message.kind = MessageKind.SYSTEM
        message.body = _("%(name)s discarded the draft of report v%(version)s.") % {
            "name": by.name,
            "version": row.version,
        }
        message.save(update_fields=("kind", "body"))


def newer_than(report: Report) -> Report | None:
    """The newest report of the case, where it is newer than this one."""
    return Report.objects.filter(case=report.case_id, version__gt=report.version).order_by("-version").first()


def _locked_draft(report: Report, seen: datetime | None) -> Report:
    row = Report.objects.select_for_update(of=("self",)).select_related("run", "message").get(pk=report.pk)
    if row.is_sent:
        raise ReportIsFrozen
    if row.edited_at is not None and row.edited_at != seen:
        raise ReportWasEdited
    return row


def _followed(given: Mapping[str, str], row: Report, left_out: Sequence[int], draft: Any) -> dict[str, str]:
    before, after = draft(row.run, row.left_out), draft(row.run, left_out)
    cleaned = {
        language: storable(given.get(language, "")).replace("\r\n", "\n").strip()[:MAX_TEXT_LENGTH]
        for language in LANGUAGES
    }
    return {
        language: after[language] if sentence == before[language].strip() else sentence
        for language, sentence in cleaned.items()
    }
