"""What a report says, as one JSON document in both languages: the draft's, and frozen once sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from analysis.engine.result import counted
from analysis.engine.text import Text, text

if TYPE_CHECKING:
    from analysis.models import AnalysisRun, Report

SCHEMA = "anjuan.report/1"
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
    return content | {
        "version": report.version,
        "drafted_at": report.created_at.isoformat(),
        "conclusion": report.conclusion,
        "advice": report.advice,
        "findings": [{key: one[key] for key in one if key != "position"} for one in findings],
        "examined": [_as_kept(one, found, findings) for one in content["examined"]],
    }


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


# -- The sentences a draft begins with -----------------------------------------------------


def drafted_conclusion(run: AnalysisRun, left_out: Sequence[int] = ()) -> Text:
    """A plain paragraph on what was read, one for each grave finding, and one that names the others."""
    document = run.document or {}
    findings = kept(document.get("findings", ()), left_out)
    files = len(document.get("artifacts", ()))
    records = int(document.get("events", {}).get("total") or 0)
    unlisted = sum(one.get("left_out", 0) for one in document.get("examined", ()))
    without = sum(one["outcome"] == "not_examined" for one in document.get("examined", ()))
    failed = sum(one["outcome"] == "failed" for one in document.get("examined", ()))
    weighty = [one for one in findings if one["severity"] in WEIGHTY]
    if not findings and nothing_examined(document):
        return NOTHING_EXAMINED
    if weighty:
        found = text(
            f"得出 {len(findings)} 项结论，其中 {len(weighty)} 项需要处理。",
            f"It came to {len(findings)} {_plural(len(findings), 'finding')}, "
            f"{len(weighty)} of which {'needs' if len(weighty) == 1 else 'need'} action.",
        )
    elif findings:
        found = text(
            f"得出 {len(findings)} 项结论，均无需担心。",
            f"It came to {len(findings)} {_plural(len(findings), 'finding')}, none of them alarming.",
        )
    else:
        found = text("未发现异常。", "Nothing unusual was found.")
    opening = text(
        f"本次分析读取了 {files} 个文件、{records:,} 条事件记录，{found['zh-hans']}",
        f"The analysis read {files} {_plural(files, 'file')} and {records:,} event "
        f"{_plural(records, 'record')}. {found['en']}",
    )
    grave = [one for one in weighty if one["severity"] == "high"]
    rest = [one["title"] for one in findings if one["severity"] in ("medium", "low")]
    paragraphs = [opening, *(_said(one) for one in grave)]
    if rest:
        paragraphs.append(_listed(rest))
    if unlisted:
        paragraphs.append(
            text(
                f"另有 {unlisted:,} 项结论因数量过多未逐一列出，详见“已检查与未检查”。",
                f"{unlisted:,} more {_plural(unlisted, 'conclusion')} of the same kinds "
                f"{'is' if unlisted == 1 else 'are'} not listed; "
                "see “What was examined and what was not”.",
            )
        )
    if without or failed:
        paragraphs.append(_unmade(without, failed))
    return _joined(paragraphs)


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


def drafted_advice(run: AnalysisRun, left_out: Sequence[int] = ()) -> Text:
    """The advice of the weighty findings, each said once."""
    findings = kept((run.document or {}).get("findings", ()), left_out)
    steps: list[Text] = []
    for finding in findings:
        advice = finding["advice"]
        if finding["severity"] in WEIGHTY and advice.get("en") and advice not in steps:
            steps.append(advice)
    return _joined(steps)


def _listed(titles: Sequence[Text]) -> Text:
    chinese = "；".join(one["zh-hans"].rstrip("。") for one in titles)
    english = "; ".join(one["en"].rstrip(".") for one in titles)
    return text(f"此外：{chinese}。", f"Besides: {english}.")


def _unmade(without: int, failed: int) -> Text:
    """That a check lacked its log is ordinary; that one failed is not, and is said apart."""
    said = []
    if without:
        said.append(
            text(
                f"有 {without} 项检查因上传中没有相应的日志或文件而未进行",
                f"For {without} {_plural(without, 'check')} the upload held no matching log or file",
            )
        )
    if failed:
        said.append(
            text(
                f"有 {failed} 项检查出错，未能完成",
                f"{failed} {_plural(failed, 'check')} broke off",
            )
        )
    return text(
        "；".join(one["zh-hans"] for one in said) + "，详见“已检查与未检查”。",
        "; ".join(one["en"] for one in said) + ": see “What was examined and what was not”.",
    )


def _said(finding: Mapping[str, Any]) -> Text:
    title, summary = finding["title"], finding["summary"]
    return text(
        f"{title['zh-hans'].rstrip('。')}。{summary['zh-hans']}",
        f"{title['en'].rstrip('.')}. {summary['en']}",
    )


def _joined(paragraphs: Sequence[Text]) -> Text:
    return text(
        "\n\n".join(one["zh-hans"] for one in paragraphs), "\n\n".join(one["en"] for one in paragraphs)
    )


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
