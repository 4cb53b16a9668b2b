"""What one analysis comes to, and the result document (``engine.schema.document``) made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from engine import phrases
from engine.artifacts import Artifact
from engine.conclusions.coverage import Coverage
from engine.conclusions.incidents import Incident
from engine.findings import Examined, Failed, Finding, NotExamined, Outcome
from engine.parsers.evtx.concluding import notes
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.file_state import FileState
from engine.parsers.machine_facts import MachineFacts
from engine.parsers.pe.facts import PeFacts
from engine.schema import document
from engine.schema.document import ArtifactEntry, Examination, FindingEntry, ResultDocument, Source
from engine.schema.files import FilesOverview
from engine.schema.logs import Events, LogEntry, MachineNames
from engine.schema.machine import FactEntry, MachineEntry
from engine.text import Text, joined, text


@dataclass
class Result:
    """All that one analysis says. ``index`` is the finished event index on this machine;
    ``outcomes`` has one entry a rule, plus one for each parser that broke."""

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
    files: FilesOverview = field(default_factory=FilesOverview)
    outcomes: list[tuple[str, Text, Outcome]] = field(default_factory=list)
    index: Path | None = None
    machines: list[MachineNames] = field(default_factory=list)
    machine: list[MachineFacts] = field(default_factory=list)

    def document(self, versions: Mapping[str, str] | None = None) -> ResultDocument:
        """In both languages. ``versions`` names what made the result (program → version)."""
        return ResultDocument(
            source=self.source,
            zone=self.zone,
            artifacts=[_artifact(artifact) for artifact in self.artifacts],
            locked=[artifact.path for artifact in self.artifacts if artifact.locked],
            events=Events(
                total=self.events,
                logs=[_log(log) for log in self.logs],
                incident=self.coverage.as_entry() if self.coverage else None,
                machines=self.machines,
            ),
            file_states=self.file_states,
            baselines=self.baselines,
            files=self.files,
            pe=[executable.as_entry() for executable in self.executables],
            findings=[
                _finding(finding, self._incidents_of(place)) for place, finding in enumerate(self.findings)
            ],
            incidents=[incident.as_entry(self.findings, ZoneInfo(self.zone)) for incident in self.incidents],
            examined=[_examined(*outcome) for outcome in self.outcomes],
            versions=dict(versions or {}),
            machine=[self._machine(facts) for facts in self.machine],
        )

    def _machine(self, facts: MachineFacts) -> MachineEntry:
        sha256 = next(artifact.sha256 for artifact in self.artifacts if artifact.path == facts.artifact)
        return MachineEntry(
            artifact=facts.artifact,
            artifact_sha256=sha256,
            kind=facts.kind,
            facts=[msgspec.convert(fact, FactEntry, from_attributes=True) for fact in facts.facts],
            left_out=facts.left_out,
        )

    def _incidents_of(self, finding: int) -> list[int]:
        return [number for number, incident in enumerate(self.incidents) if finding in incident.findings]


def _artifact(artifact: Artifact) -> ArtifactEntry:
    return ArtifactEntry(
        path=artifact.path,
        sha256=artifact.sha256,
        size=artifact.size,
        kind=artifact.kind,
        state=artifact.state,
        detail=joined(artifact.note, artifact.detail),
    )


def _log(log: LogFacts) -> LogEntry:
    return LogEntry(
        artifact=log.artifact,
        records=log.records,
        first_record=log.first_record,
        last_record=log.last_record,
        first_time=log.first_time,
        last_time=log.last_time,
        missing=log.missing,
        dirty=log.dirty,
        bad_chunks=log.bad_chunks,
        missing_records=log.missing_records,
        unreadable=log.unreadable,
        duplicates=log.duplicates,
        header_valid=log.header_valid,
        cut=log.cut,
        form=log.form,
        kind=log.kind,
        left_out=log.left_out,
        no_time=log.no_time,
        checksums=log.checksums,
        notes=notes(log),
    )


def _finding(finding: Finding, incidents: list[int]) -> FindingEntry:
    return FindingEntry(
        rule=finding.rule,
        severity=finding.severity,
        title=finding.title,
        summary=finding.summary,
        advice=finding.advice,
        evidence=list(finding.evidence),
        gaps=finding.gaps,
        fingerprint=finding.fingerprint,
        computer=finding.computer,
        data=finding.data,
        incidents=incidents,
    )


def _examined(rule: str, title: Text, outcome: Outcome) -> Examination:
    name: document.Outcome
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
            zh, en = (
                (outcome.reason["zh-hans"], outcome.reason["en"]) if outcome.reason else (outcome.error,) * 2
            )
            detail = text(f"此项检查出错：{zh}", f"This check failed: {en}")
    return Examination(
        rule=rule,
        title=title,
        outcome=name,
        records=records,
        unreadable=unreadable,
        left_out=left_out,
        detail=detail,
    )


def counted(records: int, unreadable: int, listed: int, left_out: int = 0) -> Text:
    """What an examination says of itself: what it looked at, and how many findings it came to."""
    zh = f"检查了 {records:,} 条记录"
    en = f"{phrases.counted(records, 'record')} examined"
    if unreadable:
        zh += f"，{unreadable:,} 条无法读取"
        en += f", {unreadable:,} unreadable"
    count = listed + left_out
    if left_out:
        return text(
            f"{zh}；得出 {count:,} 项结论，只列出最重要的 {listed} 项，其余 {left_out:,} 项未列出。",
            f"{en}; {count:,} findings, the {listed:,} gravest of them listed and {left_out:,} left out.",
        )
    return text(
        f"{zh}；{f'得出 {count} 项结论' if count else '没有得出结论'}。",
        f"{en}; {phrases.counted(count, 'finding') if count else 'no finding'}.",
    )
