"""The life of a report: drafted when a run completes, edited by the engineer, sent and then frozen; revised
by a new version that takes its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from msgspec.structs import replace

from accounts.secret_links import without_secrets
from analysis.reports.agreement import apart_of, what_is_apart
from analysis.reports.content import content_of, sha256_of
from analysis.reports.draft import drafted_advice, drafted_change, drafted_conclusion
from analysis.reports.errors import (
    ChangeUnexplained,
    LanguagesApart,
    NewestDraft,
    NotRevisable,
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
from cases.signals import ActivityKind, announce
from cases.status import is_possible
from cases.thread.models import is_moved
from engine.schema.versions import stored_form
from engine.text import LANGUAGES
from engine.text_safety import storable

if TYPE_CHECKING:
    from accounts.models import User

MAX_TEXT_LENGTH = 20_000
"""Characters of a conclusion or an advice, in each language."""
RESULT = gettext_noop("The report with the result was sent.")
TEXTS = ("conclusion", "advice", "change")
"""What an engineer writes, in both languages."""


def draft_report(run: AnalysisRun) -> Report:
    """The draft of a completed run, the next version of its case, with its internal thread entry.

    It is meant to take the place of what the customer has, until the engineer says otherwise.
    """
    with transaction.atomic():
        case = run.bundle.case
        case.lock()  # Two bundles of one case may complete at once: each gets its own version.
        replaced = replaceable(case)
        return _new_version(
            case,
            run=run,
            replaces=replaced,
            change=drafted_change(run, replaced) if replaced else {},
            conclusion=drafted_conclusion(run),
            advice=drafted_advice(run),
        )


def revise(report: Report, by: User) -> Report:
    """A draft of the next version, with the text and the choice of the sent report: the one that is there
    already, or a new one. The sent one stays as it is.

    Raises ``NotAllowed``, ``NotRevisable``.
    """
    rights.require(rights.may_send_report, by, report.case)
    with transaction.atomic():
        report.case.lock()
        sent = Report.objects.get(pk=report.pk)
        if not sent.is_sent or sent.superseded_by is not None:
            raise NotRevisable
        draft = Report.objects.filter(run=sent.run_id, state=ReportState.DRAFT).first()
        return draft or _new_version(
            report.case,
            run=sent.run,
            replaces=sent,
            conclusion=sent.conclusion,
            advice=sent.advice,
            left_out=sent.left_out,
        )


def replaceable(case: Case) -> Report | None:
    """The newest report that the customer has and that none has replaced."""
    sent = Report.objects.filter(case=case, state=ReportState.SENT).exclude(is_moved("message"))
    return sent.exclude(revisions__state=ReportState.SENT).order_by("-version").first()


def _new_version(case: Case, **facts: Any) -> Report:
    newest = Report.objects.filter(case=case).aggregate(newest=Max("version"))["newest"] or 0
    message = post_message(case, by=None, body="", kind=MessageKind.REPORT, internal=True)
    return Report.objects.create(
        case=case, message=message, version=newest + 1, created_at=timezone.now(), **facts
    )


def edit(
    report: Report,
    by: User,
    conclusion: Mapping[str, str],
    advice: Mapping[str, str],
    left_out: Sequence[int],
    *,
    seen: datetime | None = None,
    change: Mapping[str, str] | None = None,
    replaces: bool | None = None,
    confirmed: Collection[str] = (),
) -> Report:
    """Saves the engineer's text and which findings she leaves out; the saved draft.

    ``seen`` is the ``edited_at`` that her page showed. A text that she has not touched follows
    the findings: leaving one out takes its sentences out of the conclusion, too. Of a text that she
    changes in one language the other counts as unconfirmed, until it is changed as well or the text's
    name is in ``confirmed``. ``change`` and ``replaces`` stay as they are where they are ``None``.

    Raises ``NotAllowed``, ``ReportIsFrozen``, ``ReportWasEdited``.
    """
    rights.require(rights.may_send_report, by, report.case)
    with transaction.atomic():
        row = _locked_draft(report, seen)
        known = range(len(row.run.result.findings))
        out = sorted({position for position in left_out if position in known})
        before = {name: getattr(row, name) for name in TEXTS}
        given = {
            "conclusion": _cleaned(conclusion),
            "advice": _cleaned(advice),
            "change": row.change if change is None else _cleaned(change),
        }
        row.conclusion = _followed(given["conclusion"], row, out, drafted_conclusion)
        row.advice = _followed(given["advice"], row, out, drafted_advice)
        row.left_out = out
        if replaces is not None and not is_revision(row):
            row.replaces = replaceable(row.case) if replaces else None
        row.change = given["change"]
        unconfirmed = {
            name: _unconfirmed(before[name], given[name], getattr(row, name), row.unconfirmed.get(name))
            for name in TEXTS
            if name not in confirmed
        }
        read = set(confirmed) & row.unconfirmed.keys()
        _note_confirmation(row, by, read)
        row.unconfirmed = {name: language for name, language in unconfirmed.items() if language}
        row.edited_at = timezone.now()
        row.save()
    return row


def _unconfirmed(
    before: Mapping[str, str], given: Mapping[str, str], now: Mapping[str, str], until_now: str | None
) -> str | None:
    """The language that has still to be looked at: the other one than that which was changed alone. What a
    person writes counts before what only follows the findings."""

    def changed(after: Mapping[str, str]) -> list[str]:
        return [
            language
            for language in LANGUAGES
            if before.get(language, "").strip() != after.get(language, "").strip()
        ]

    languages = changed(given) or changed(now)
    if len(languages) != 1:
        return None if languages else until_now
    (other,) = set(LANGUAGES) - set(languages)
    return None if until_now == languages[0] else other


def send(
    report: Report,
    by: User,
    *,
    seen: datetime | None = None,
    at: datetime | None = None,
    same_in_both: bool = False,
) -> Report:
    """Freezes the report and puts it before the customer; the sent report. A worker makes its PDFs.

    ``same_in_both``: the engineer says that both languages say the same, whatever else tells against it.

    Raises ``NotAllowed``, ``ReportIsFrozen``, ``ReportWasEdited``, ``ReportIsEmpty``, ``ChangeUnexplained``,
    ``LanguagesApart``.
    """
    rights.require(rights.may_send_report, by, report.case)
    at = at or timezone.now()
    with transaction.atomic():
        report.case.lock()
        row = _locked_draft(report, seen)
        # Another version may have taken that place while this one was written.
        while row.replaces and (newer := row.replaces.superseded_by):
            row.replaces = newer
        for language, name in zip(LANGUAGES, (_("Chinese"), _("English")), strict=True):
            if not row.conclusion.get(language, "").strip():
                raise ReportIsEmpty(language=name)
            if row.replaces and not row.change.get(language, "").strip():
                raise ChangeUnexplained(version=row.replaces.version, language=name)
        apart = what_is_apart(row)
        if apart and not same_in_both:
            raise LanguagesApart(why=" ".join(apart))
        _note_confirmation(row, by, TEXTS)
        content = storable(stored_form(replace(content_of(row), sent_at=at.isoformat(), engineer=by.name)))
        row.content, row.content_sha256 = content, sha256_of(content)
        row.state, row.sent_at, row.sent_by = ReportState.SENT, at, by
        row.unconfirmed = {}
        row.save()
        ask_for_pdfs(row)
        row.message.internal = False
        row.message.author = by
        row.message.created_at = at
        row.message.save(update_fields=("internal", "author", "created_at"))
        row.case.record(EventKind.REPORT, by=by, at=at, reason=f"v{row.version}")
        if is_possible("send_result", row.case.status):
            row.case.send_result(by=by, reason=RESULT, at=at)
        else:
            row.case.vendor_answered(at=at)  # A closed case stays closed; the report answers her.
        announce(
            ActivityKind.REPORT_SENT,
            row.case,
            by=by,
            at=at,
            message=row.message,
            version=row.version,
            revised=row.replaces is not None,
        )
    return row


def _note_confirmation(row: Report, by: User, texts: Collection[str]) -> None:
    """Keeps who says of these texts that both sides say the same, and what tells against it."""
    apart = {}
    for language in LANGUAGES:
        with override(language):
            apart[language] = [
                sentence
                for name, sentences in apart_of(row).items()
                if name in texts
                for sentence in sentences
            ]
    if any(apart.values()):
        said = {"by": by.name, "at": timezone.now().isoformat(), "apart": apart}
        row.confirmations = [*row.confirmations, storable(said)]


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


def older_drafts(report: Report) -> models.QuerySet[Report]:
    """Drafts of the case whose place this report takes, oldest first."""
    older = Report.objects.filter(case=report.case_id, state=ReportState.DRAFT)
    return older.filter(version__lt=report.version, run__lte=report.run_id).order_by("version")


def discard_older(report: Report, by: User) -> int:
    """Takes all drafts away that this report replaces, as ``discard`` does; how many they were.

    Raises ``NotAllowed``.
    """
    rights.require(rights.may_send_report, by, report.case)
    with transaction.atomic():
        report.case.lock()
        drafts = list(older_drafts(report).select_related("case"))
        for draft in drafts:
            discard(draft, by)
    return len(drafts)


def newer_than(report: Report) -> Report | None:
    """The newest report that takes a draft's place: later, and not of an earlier analysis."""
    later = Report.objects.filter(case=report.case_id, version__gt=report.version, run__gte=report.run_id)
    return later.order_by("-version").first()


def is_revision(report: Report) -> bool:
    """Whether it is a revised report of the same analysis, which always takes the other's place."""
    return report.replaces is not None and report.replaces.run_id == report.run_id


def _locked_draft(report: Report, seen: datetime | None) -> Report:
    row = Report.objects.select_for_update(of=("self",)).select_related("run", "message").get(pk=report.pk)
    if row.is_sent:
        raise ReportIsFrozen
    if row.edited_at is not None and row.edited_at != seen:
        raise ReportWasEdited
    return row


def _cleaned(given: Mapping[str, str]) -> dict[str, str]:
    texts = {language: without_secrets(storable(given.get(language, ""))) for language in LANGUAGES}
    return {
        language: text.replace("\r\n", "\n").strip()[:MAX_TEXT_LENGTH] for language, text in texts.items()
    }


def _followed(given: Mapping[str, str], row: Report, left_out: Sequence[int], draft: Any) -> dict[str, str]:
    before, after = draft(row.run, row.left_out), draft(row.run, left_out)
    return {
        language: after[language] if sentence == before[language].strip() else sentence
        for language, sentence in given.items()
    }
