"""The result document: one JSON object that screens, reports and the API render.

``Result.document()`` carries every sentence in both languages; ``localised`` picks one and
gives exactly the schema ``anjuan.result/1``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.artifacts import Artifact
from engine.conclusions.coverage import Coverage
from engine.conclusions.incidents import Incident
from engine.findings import Examined, Failed, Finding, NotExamined, Outcome
from engine.parsers.evtx.records import LogFacts
from engine.parsers.file_state import FileState
from engine.parsers.pe.facts import PeFacts
from engine.text import LANGUAGES, Text, text

SCHEMA = "anjuan.result/1"


@dataclass(frozen=True)
class Source:
    """What was analysed. Of a folder, ``sha256`` is that of its list of hashes and names."""

    name: str
    sha256: str
    size: int


@dataclass
class Result:
    """All that one analysis says. ``index`` is the finished event index on this machine;
    ``files`` is ``file_overview.overview``; ``outcomes`` has one entry a rule, plus one for each
    parser that broke."""

    source: Source
    zone: str
    artifacts: list[Artifact]
    events: int
    logs: list[LogFacts]
    file_states: list[FileState]
    baselines: list[FileState]
    executables: list[PeFacts]
    findings: list[Finding]
    incidents: list[Incident] = field(default_factory=list)
    coverage: Coverage | None = None
    files: Mapping[str, Any] = field(default_factory=dict)
    outcomes: list[tuple[str, Text, Outcome]] = field(default_factory=list)
    index: Path | None = None

    def document(self) -> dict[str, Any]:
        """JSON types only; sentences are ``{"zh-hans": …, "en": …}``."""
        return {
            "schema": SCHEMA,
            "source": asdict(self.source),
            "zone": self.zone,
            "artifacts": [_artifact(artifact) for artifact in self.artifacts],
            "locked": [artifact.path for artifact in self.artifacts if artifact.locked],
            "events": {
                "total": self.events,
                "logs": [_log(log) for log in self.logs],
                "incident": self.coverage and self.coverage.as_dict(),
            },
            "file_states": [asdict(state) for state in self.file_states],
            "baselines": [asdict(state) for state in self.baselines],
            "files": dict(self.files),
            "pe": [executable.as_dict() for executable in self.executables],
            "findings": [
                _finding(finding) | {"incidents": self._incidents_of(place)}
                for place, finding in enumerate(self.findings)
            ],
            "incidents": [
                incident.as_dict(self.findings, ZoneInfo(self.zone)) for incident in self.incidents
            ],
            "examined": [_examined(*outcome) for outcome in self.outcomes],
        }

    def _incidents_of(self, finding: int) -> list[int]:
        return [number for number, incident in enumerate(self.incidents) if finding in incident.findings]


def localised(document: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The document in one language (``zh-hans`` or ``en``); raises ``ValueError`` for another."""
    if lang not in LANGUAGES:
        raise ValueError(f"{lang!r}: one of {', '.join(LANGUAGES)}")
    return {key: _in_language(value, lang) for key, value in document.items()}


def _in_language(value: Any, lang: str) -> Any:
    if isinstance(value, Mapping):
        if set(value) == set(LANGUAGES):
            return value[lang]
        return {key: _in_language(inner, lang) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_language(inner, lang) for inner in value]
    return value


def _artifact(artifact: Artifact) -> dict[str, Any]:
    return {
        "path": artifact.path,
        "sha256": artifact.sha256,
        "size": artifact.size,
        "kind": artifact.kind,
        "state": artifact.state.value,
        "detail": artifact.detail or text("", ""),
    }


def _log(log: LogFacts) -> dict[str, Any]:
    return {
        "artifact": log.artifact,
        "records": log.records,
        "first_record": log.first_record,
        "last_record": log.last_record,
        "first_time": log.first_time,
        "last_time": log.last_time,
        "missing": [list(gap) for gap in log.missing],
        "dirty": log.dirty,
        "bad_chunks": list(log.bad_chunks),
        "missing_records": log.missing_records,
        "unreadable": log.unreadable,
        "duplicates": log.duplicates,
        "header_valid": log.header_valid,
        "cut": log.cut,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "title": finding.title,
        "summary": finding.summary,
        "advice": finding.advice,
        "evidence": [asdict(evidence) | {"locator": dict(evidence.locator)} for evidence in finding.evidence],
        "gaps": finding.gaps,
        "fingerprint": finding.fingerprint,
        "computer": finding.computer,
        "data": dict(finding.data),
    }


def _examined(rule: str, title: Text, outcome: Outcome) -> dict[str, Any]:
    records, unreadable, left_out, detail = 0, 0, 0, text("", "")
    match outcome:
        case Examined():
            name, records, unreadable = "examined", outcome.records, outcome.unreadable
            left_out = outcome.left_out
            detail = counted(records, unreadable, len(outcome.findings), left_out)
        case NotExamined():
            name, detail = "not_examined", outcome.missing_input
        case Failed():
            name = "failed"
            detail = text(f"此项检查出错：{outcome.error}", f"This check failed: {outcome.error}")
    return {
        "rule": rule,
        "title": title,
        "outcome": name,
        "records": records,
        "unreadable": unreadable,
        "left_out": left_out,
        "detail": detail,
    }


def counted(records: int, unreadable: int, listed: int, left_out: int = 0) -> Text:
    """What an examination says of itself: what it looked at, and how many findings it came to."""
    zh = f"检查了 {records:,} 条记录"
    en = f"{records:,} records examined"
    if unreadable:
        zh += f"，{unreadable:,} 条无法读取"
        en += f", {unreadable:,} unreadable"
    count = listed + left_out
    if left_out:
        return text(
            f"{zh}；得出 {count:,} 项结论，只列出最重要的 {listed} 项，其余 {left_out:,} 项未列出。",
            f"{en}; {count:,} findings, of which the {listed} gravest are listed and {left_out:,} are not.",
        )
    return text(
        f"{zh}；{f'得出 {count} 项结论' if count else '没有得出结论'}。",
        f"{en}; {f'{count} finding' + ('s' if count > 1 else '') if count else 'no finding'}.",
    )
