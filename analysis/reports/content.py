"""What a report says, in both languages: the draft's content, and the frozen one of a sent report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from msgspec import structs

from analysis.reports.errors import ReportUnreadable
from analysis.reports.pages.signatures import facts_of
from analysis.reports.schema import CaseFacts, Input, MadeBy, ReportContent, Revision, opened_content
from engine.result import counted
from engine.schema.document import Examination, FindingText
from engine.schema.versions import DocumentUnreadable
from engine.text import Text, text

if TYPE_CHECKING:
    from analysis.reports.models import Report
    from analysis.runs.models import AnalysisRun

SIGNATURES = "executable-signature"
WEIGHTY = ("high", "medium")
"""Severities that carry the conclusion and the advice."""


def content_of(report: Report) -> ReportContent:
    """Everything the renderings need: findings without those left out, and the inputs' hashes.

    For a sent report the frozen content is opened; raises ``ReportUnreadable`` where that fails, and
    ``ResultUnreadable`` for a draft.
    """
    if report.content is not None:
        try:
            return opened_content(report.content)
        except DocumentUnreadable as error:
            raise ReportUnreadable(schema=error.schema or "–") from error
    whole = run_content(report.run)
    every = whole.findings
    findings = [finding for position, finding in enumerate(every) if position not in report.left_out]
    hidden = _hidden(every, findings)
    content = structs.replace(
        whole,
        version=report.version,
        drafted_at=report.created_at.isoformat(),
        conclusion=_both(report.conclusion),
        advice=_both(report.advice),
        findings=findings,
        examined=[kept for examination in whole.examined if (kept := _as_kept(examination, every, findings))],
        executables=[executable for executable in whole.executables if executable.artifact not in hidden],
        artifacts=[
            structs.replace(artifact, detail=text("", "")) if artifact.path in hidden else artifact
            for artifact in whole.artifacts
        ],
    )
    if report.replaces is None:
        return content
    return structs.replace(
        content, revision=revision_of(report.replaces, content_of(report.replaces), content, report.change)
    )


def revision_of(
    replaced: Report, before: ReportContent, now: ReportContent, change: Mapping[str, str]
) -> Revision:
    """What ``now`` says that ``before`` did not, and the other way round. A finding is the same in both
    by its rule and fingerprint."""

    def titles(content: ReportContent, other: ReportContent) -> list[Text]:
        others = {(finding.rule, finding.fingerprint) for finding in other.findings}
        return [
            finding.title for finding in content.findings if (finding.rule, finding.fingerprint) not in others
        ]

    return Revision(
        replaces=replaced.version,
        sent_at=replaced.sent_at.isoformat() if replaced.sent_at else "",
        said=_both(change),
        conclusion=before.conclusion != now.conclusion,
        advice=before.advice != now.advice,
        added=titles(now, before),
        removed=titles(before, now),
    )


def _both(stored: Mapping[str, str]) -> Text:
    return text(stored.get("zh-hans", ""), stored.get("en", ""))


def _hidden(every: Sequence[FindingText], kept: Sequence[FindingText]) -> set[str]:
    """Programs whose signature is judged in findings that are left out alone: no table may tell it."""

    def cited(findings: Sequence[FindingText]) -> set[str]:
        return {e.artifact for finding in findings if finding.rule == SIGNATURES for e in finding.evidence}

    return cited(every) - cited(kept)


def _as_kept(
    examined: Examination, every: Sequence[FindingText], kept: Sequence[FindingText]
) -> Examination | None:
    """The examination without word of the findings that the engineer has left out: neither their
    count nor a gap in the numbering tells the customer of something that she is not told. A check of
    which no finding is kept goes as a whole: it did find something, so no sentence about it is true."""
    before, after = (sum(finding.rule == examined.rule for finding in findings) for findings in (every, kept))
    if before == after:
        return examined
    if not after:
        return None
    detail = counted(examined.records, examined.unreadable, after, examined.left_out)
    return structs.replace(examined, detail=detail)


def run_content(run: AnalysisRun) -> ReportContent:
    """A report's content as the run alone tells it: every finding, no words of the engineer's.

    Without what is the engineer's alone: a report shows the files of its findings, and what came
    together may name findings that it leaves out. Raises ``NoResult`` and ``ResultUnreadable``.
    """
    result = run.result
    bundle = run.bundle
    case = bundle.case
    return ReportContent(
        case=CaseFacts(
            number=case.number,
            title=case.title,
            product=case.product,
            edition=case.edition,
            organisation=case.organisation.name,
        ),
        version=0,
        zone=settings.TIME_ZONE,
        drafted_at=None,
        sent_at=None,
        engineer=case.engineer.name if case.engineer else "",
        conclusion=text("", ""),
        advice=text("", ""),
        findings=[msgspec.convert(finding, FindingText, from_attributes=True) for finding in result.findings],
        artifacts=result.artifacts,
        events=result.events,
        file_states=result.file_states,
        executables=facts_of(result.pe),
        examined=result.examined,
        machine=result.machine,
        inputs=[
            Input(
                name=bundle.name,
                sha256=bundle.sha256,
                size=bundle.size,
                received_at=bundle.received_at.isoformat(),
            )
        ],
        engine=MadeBy(
            schema=result.schema,
            versions=result.versions,
            run=run.pk,
            finished_at=finished.isoformat() if (finished := run.finished_at) else None,
        ),
    )


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that ``content_sha256`` is taken of: keys sorted, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, 64 upper-case hex digits."""
    return hashlib.sha256(canonical(content)).hexdigest().upper()


NOTHING_EXAMINED = text(
    "上传的文件中没有可供检查的内容：未能读出任何事件日志、哈希与文件信息或程序文件。"
    "这不表示一切正常，只表示尚未检查。原因见“已检查与未检查”。",
    "The upload held nothing that could be examined: no event log, no hashes or file facts and no "
    "program could be read. This does not mean that all is well, only that nothing has been examined "
    "yet. The reasons are under “What was examined and what was not”.",
)
