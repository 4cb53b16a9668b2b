"""What a report says, as one JSON document in both languages: the draft's, and frozen once sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from analysis.reports.signature_page import facts_of
from engine.result import counted
from engine.text import text

if TYPE_CHECKING:
    from analysis.reports.models import Report
    from analysis.runs.models import AnalysisRun

SCHEMA = "anjuan.report/1"
RUN_ONLY = {"position", "incidents"}
"""What a finding says of its place among all findings of the run."""
SIGNATURES = "executable-signature"
WEIGHTY = ("high", "medium")
"""Severities that carry the conclusion and the advice."""


def content_of(report: Report) -> dict[str, Any]:
    """Everything the renderings need: findings without those left out, and the inputs' hashes.

    Texts are ``Text`` dicts. For a sent report the frozen content is returned as it is.
    """
    if report.content is not None:
        return dict(report.content)
    content = run_content(report.run)
    found = content["findings"]
    findings = [one for one in found if one["position"] not in report.left_out]
    hidden = _hidden(found, findings)
    # The engineer's alone: a report shows the files of its findings, and what came together may
    # name findings that it leaves out.
    del content["files"], content["incidents"]
    return content | {
        "version": report.version,
        "drafted_at": report.created_at.isoformat(),
        "conclusion": report.conclusion,
        "advice": report.advice,
        "findings": [{key: one[key] for key in one if key not in RUN_ONLY} for one in findings],
        "examined": [_as_kept(one, found, findings) for one in content["examined"]],
        "executables": [one for one in content["executables"] if one["artifact"] not in hidden],
        "artifacts": [
            one | {"detail": text("", "")} if one["path"] in hidden else one for one in content["artifacts"]
        ],
    }


def _hidden(found: Sequence[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]]) -> set[str]:
    """Programs whose signature is judged in findings that are left out alone: no table may tell it."""

    def cited(some: Sequence[Mapping[str, Any]]) -> set[str]:
        return {e["artifact"] for one in some if one["rule"] == SIGNATURES for e in one["evidence"]}

    return cited(found) - cited(kept)


def _as_kept(
    examined: Mapping[str, Any], found: Sequence[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The examination without word of the findings that the engineer has left out: neither their
    count nor a gap in the numbering tells the customer of something that she is not told."""
    before, after = (sum(one["rule"] == examined["rule"] for one in some) for some in (found, kept))
    if before == after:
        return examined
    said = counted(examined["records"], examined["unreadable"], after, examined.get("left_out", 0))
    return {**examined, "detail": said}


def run_content(run: AnalysisRun) -> dict[str, Any]:
    """A report's content as the run alone tells it: every finding, no words of the engineer's."""
    document = run.document or {}
    bundle = run.bundle
    case = bundle.case
    return {
        "schema": SCHEMA,
        "case": {
            "number": case.number,
            "title": case.title,
            "product": case.product,
            "edition": case.edition,
            "organisation": case.organisation.name,
        },
        "version": 0,
        "zone": settings.TIME_ZONE,
        "drafted_at": None,
        "sent_at": None,
        "engineer": case.engineer.name if case.engineer else "",
        "conclusion": text("", ""),
        "advice": text("", ""),
        "findings": kept(document.get("findings", ()), ()),
        "artifacts": document.get("artifacts", []),
        "events": document.get("events", {}),
        "file_states": document.get("file_states", []),
        "files": document.get("files", {}),
        "incidents": document.get("incidents", []),
        "executables": facts_of(document.get("pe", ())),
        "examined": document.get("examined", []),
        "inputs": [
            {
                "name": bundle.name,
                "sha256": bundle.sha256,
                "size": bundle.size,
                "received_at": bundle.received_at.isoformat(),
            }
        ],
        "engine": {
            "schema": document.get("schema", ""),
            "versions": document.get("versions", {}),
            "run": run.pk,
            "finished_at": finished.isoformat() if (finished := run.finished_at) else None,
        },
    }


def kept(findings: Iterable[Mapping[str, Any]], left_out: Sequence[int]) -> list[dict[str, Any]]:
    """The findings that stay in the report, each with its ``position`` in the run."""
    return [
        {**finding, "position": position}
        for position, finding in enumerate(findings)
        if position not in left_out
    ]


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


def nothing_examined(document: Mapping[str, Any]) -> bool:
    """Whether not one check could be made."""
    return all(one["outcome"] != "examined" for one in document.get("examined", ()))
