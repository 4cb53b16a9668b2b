"""The PDFs of a sent report: made by a worker from the frozen content, stored once, given out as stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import override

from analysis.reports import pdf
from analysis.reports.content import content_of
from analysis.reports.errors import DraftTooLong, PdfUnavailable
from analysis.reports.models import PdfJob, Report, ReportState
from analysis.reports.page import page_of
from engine.text import LANGUAGES
from jobs.errors import LeaseLost, TryAgain
from jobs.models import JobState
from jobs.services import Jobs
from jobs.worker import Attempt, carry_out
from uploads.bundles.storing import attempt_name, delete_leftovers

MAX_DRAFT = 4_000
"""Findings and pieces of evidence, about ten seconds' work."""
PDFS = Jobs(PdfJob, "analysis.tasks.make_pdfs", max_attempts=None, retry_after=timedelta(minutes=1))


def ask_for_pdfs(report: Report) -> None:
    """The PDFs of a report that is being sent; the worker is asked once the transaction is committed."""
    PDFS.enqueue_on_commit(PdfJob.objects.create(report=report))


def make_pdfs(report_id: int) -> None:
    """Makes and stores the PDFs of a sent report, unless that is done or in other hands."""
    carry_out(PDFS, PdfJob.objects.filter(pk=report_id, report__state=ReportState.SENT), _make)


def waits_for(report: Report) -> PdfJob | None:
    """The job that has yet to make a sent report's PDFs; none for a draft, and once they are there."""
    job = PdfJob.objects.filter(pk=report.pk).first() if report.is_sent else None
    return job if job and job.state != JobState.DONE else None


def pdf_of(report: Report, language: str, *, as_sent: bool = False) -> bytes:
    """The report as PDF: a sent one's as it was stored, a draft's as it would be now.

    One that another has replaced says so on each of its pages, unless it is asked for ``as_sent``, or is too
    long to be made while somebody waits. A stored file that is lost or altered is rendered again from the
    frozen content; ask ``waits_for`` first. Raises ``PdfUnavailable``, ``DraftTooLong``.
    """
    newer = report.superseded_by if report.is_sent and not as_sent else None
    if newer is not None:
        page = page_of(content_of(report), language, replaced_by=newer.version)
        if not _is_long(page):
            return pdf.render(page)
    kept = report.pdfs.get(language)
    if kept and default_storage.exists(kept["name"]):
        with default_storage.open(kept["name"], "rb") as file:
            stored = bytes(file.read())
        if pdf.sha256_of(stored) == kept["sha256"]:
            return stored
    page = page_of(content_of(report), language)
    if not report.is_sent and _is_long(page):
        raise DraftTooLong()
    return pdf.render(page)


def _is_long(page: dict[str, Any]) -> bool:
    return sum(1 + len(finding["evidence"]) for finding in page["findings"]) > MAX_DRAFT


def _make(attempt: Attempt[PdfJob]) -> None:
    report, token = attempt.job.report, attempt.job.token
    files: dict[str, Any] = {}
    try:
        with override("en"):
            made = {language: pdf.render(page_of(content_of(report), language)) for language in LANGUAGES}
        for language, content in made.items():
            wanted = f"reports/{report.case.number}/v{report.version}-{language}.pdf"
            delete_leftovers(default_storage, wanted, before=token)
            name = default_storage.save(attempt_name(wanted, token), ContentFile(content))
            files[language] = {"name": name, "sha256": pdf.sha256_of(content), "size": len(content)}
    except (PdfUnavailable, OSError) as error:
        raise TryAgain(str(error)) from error
    try:
        with PDFS.conclude(attempt.job):
            PdfJob.objects.filter(pk=report.pk).update(files=files)
    except LeaseLost:
        for file in files.values():
            default_storage.delete(file["name"])
        raise
