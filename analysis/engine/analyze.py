"""One analysis from the source to the result: unpack, read, examine.

A parser that breaks costs one artifact, a rule that breaks costs itself; both are named in the
result. Only what ``report`` raises, or an exception named in ``stop``, ends the run.
"""

import errno
import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from analysis.engine import sandbox_jobs as jobs
from analysis.engine import time_budget
from analysis.engine.analyzers import signatures_text
from analysis.engine.archives.budget import DEFAULT_LIMITS, Limits
from analysis.engine.artifacts import Artifact, Kind, State
from analysis.engine.background import with_background
from analysis.engine.concluding import concluded
from analysis.engine.event_index import EventIndex, EventIndexWriter
from analysis.engine.file_overview import overview
from analysis.engine.findings import Examined, Failed, Finding, Outcome
from analysis.engine.incidents import Incident
from analysis.engine.material import Material
from analysis.engine.messages.reading import read_sources, with_messages
from analysis.engine.parsers.file_state import FileState
from analysis.engine.parsers.pe import NotPe, PeFacts
from analysis.engine.progress import Progress, Report, Stage, silent
from analysis.engine.registry import ANALYZERS, rule_analyzers, yara_analyzers
from analysis.engine.result import Result, Source
from analysis.engine.sandbox import (
    DEFAULT_ALLOWANCE,
    Allowance,
    Job,
    OutOfTime,
    Sandbox,
    SandboxBroken,
    Spare,
    Stopped,
)
from analysis.engine.sandbox_confine import confinement
from analysis.engine.text import Text, text
from analysis.engine.time_budget import TimeBudget
from analysis.engine.yara_scan import Scan, scan_all

INDEX = "events.sqlite"
FILES = "files"
MOST_STATES = 100_000
"""File states of a bundle after which no further capture is read; they are held and compared in memory."""
ENOUGH_STATES = text(
    f"材料中的文件状态已超过 {MOST_STATES:,} 条，此文件未读取。请把材料分成几次上传。",
    f"The bundle holds more than {MOST_STATES:,} file states already; this file was not read. "
    "Please upload in several parts.",
)
CHUNK = 1 << 20
READERS: dict[Kind, Job] = {
    Kind.EVTX: jobs.log,
    Kind.CAPTURE: jobs.capture,
    Kind.PE: jobs.executable,
}


def analyze(
    source: Path,
    work: Path,
    *,
    baselines: Iterable[FileState] = (),
    zone: ZoneInfo = ZoneInfo("Asia/Shanghai"),  # noqa: B008  # immutable
    report: Report = silent,
    limits: Limits = DEFAULT_LIMITS,
    stop: tuple[type[Exception], ...] = (),
    rules: Path | None = None,
    yara: Path | None = None,
    allowance: Allowance = DEFAULT_ALLOWANCE,
    spare: Spare | None = None,
    incident: datetime | None = None,
    password: str | None = None,
) -> Result:
    """Analyses an archive, a folder or a single file.

    ``work`` (created) receives the unpacked files and the event index; the caller removes it.
    ``rules`` is a folder of further Sigma rules, ``yara`` one of YARA rules; ``allowance`` is what
    a parser may use, and how long all may take: what is not read after three quarters of it is named,
    the rest is for concluding. ``spare`` has a child process that was started ahead.
    ``incident`` is when the trouble happened; findings are held against it. ``password`` opens locked
    archives and is kept nowhere.
    ``stop`` names exceptions that reach the run from outside (a time limit) and must end it.
    Raises ``unpack.SourceUnreadable``, ``OSError`` of a full disk, and whatever ``report`` raises.
    """
    walk = _Run(work, list(baselines), zone, report, stop, rules, yara, allowance, spare)
    walk.incident = incident
    return walk.run(source, limits, password)


class _Stopped(BaseException):
    """Carries what ``report`` raised past every guard."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(cause)
        self.cause = cause


class _Run:
    """The state of one run; every step reads top to bottom in ``run``."""

    def __init__(
        self,
        work: Path,
        baselines: list[FileState],
        zone: ZoneInfo,
        report: Report,
        stop: tuple[type[Exception], ...],
        rules: Path | None,
        yara: Path | None,
        allowance: Allowance,
        spare: Spare | None,
    ) -> None:
        self.work, self.baselines, self.zone = work, baselines, zone
        self.progress = Progress()
        self._report = report
        self._stop = stop
        self.rules, self.yara = rules, yara
        self.allowance, self.spare = allowance, spare
        self.time = TimeBudget(allowance.seconds)
        self.incident: datetime | None = None
        self._done_records = 0
        self.outcomes: list[tuple[str, Text, Outcome]] = []

    def run(self, source: Path, limits: Limits, password: str | None) -> Result:
        try:
            return self._run(source, limits, password)
        except _Stopped as stopped:
            raise stopped.cause from None

    def _run(self, source: Path, limits: Limits, password: str | None) -> Result:
        self.work.mkdir(parents=True, exist_ok=True)
        self._tell(stage=Stage.UNPACKING, artifact=source.name)
        index = self.work / INDEX
        EventIndexWriter(index).leave()
        self._confined = confinement([source], [self.work])
        prepare = [self._confined, (jobs.open_index, (index,))]
        with Sandbox(self.allowance, prepare, idle=self._tell, spare=self.spare) as sandbox:
            sandbox.deadline = self.time.moment(time_budget.READING)
            limits = replace(limits, keep=self.yara is not None)
            artifacts = jobs.unpack_in(
                sandbox, source, self.work / FILES, limits, lambda name: self._tell(artifact=name), password
            )
            read = self._read_all(artifacts, sandbox)
            sandbox.prepare[:] = [self._confined]
            sandbox.deadline = None
            sandbox.call(jobs.close_index)
            sandbox.deadline = self.time.moment(time_budget.REREADING)
            with EventIndexWriter(index, resume=True):
                self._tell(artifact="")
            return self._conclude(source, index, read, sandbox)

    def _conclude(self, source: Path, index: Path, read: Material, sandbox: Sandbox) -> Result:
        artifacts = read.artifacts
        with EventIndex(index) as events:
            messages = read_sources(events, artifacts, read.executables, sandbox)
            material = replace(
                read, events=events, messages=messages, incident=self.incident, reread=jobs.Rereader(sandbox)
            )
            scan = self._scan(artifacts)
            self._tell(stage=Stage.EXAMINING, artifact="")
            found, incidents = self._examine(material, scan)
            findings = with_messages(found, events, messages)
            coverage = material.coverage
            files = self._files(material)
            total = events.count()
        self._tell(stage=Stage.DONE)
        return Result(
            source=_source(source, artifacts),
            zone=self.zone.key,
            artifacts=artifacts,
            events=total,
            logs=material.logs,
            file_states=material.file_states,
            baselines=self.baselines,
            executables=material.executables,
            findings=findings,
            incidents=incidents,
            coverage=coverage,
            files=files,
            outcomes=self.outcomes,
            index=index,
        )

    # -- Reading ----------------------------------------------------------------------

    def _read_all(self, artifacts: list[Artifact], sandbox: Sandbox) -> Material:
        material = Material(zone=self.zone, events=None, artifacts=artifacts, baselines=self.baselines)  # type: ignore[arg-type]
        readers: dict[Kind, Callable[[Artifact], None]] = {
            Kind.EVTX: lambda artifact: self._log(artifact, material, sandbox),
            Kind.CAPTURE: lambda artifact: self._capture(artifact, material, sandbox),
            Kind.PE: lambda artifact: self._executable(artifact, material, sandbox),
        }
        self.progress.artifacts_total = len(artifacts)
        for number, artifact in enumerate(artifacts):
            self._tell(stage=Stage.READING, artifact=artifact.path, artifacts_done=number)
            reader = readers.get(artifact.kind)
            if reader is not None and artifact.state in {State.READ, State.PARTLY}:
                self._guarded(reader, artifact)
        self._tell(artifacts_done=len(artifacts))
        if self.time.unread:
            self.outcomes.append(self.time.shortage(len(artifacts)))
        return material

    def _guarded(self, reader: Callable[[Artifact], None], artifact: Artifact) -> None:
        """A reader that breaks costs its artifact; damage known from the archive stays told."""
        before, detail = artifact.state, artifact.detail
        try:
            reader(artifact)
        except self._stop:
            raise
        except SandboxBroken:
            raise
        except OutOfTime as stopped:
            artifact.state, artifact.detail = State.SKIPPED, stopped.sentence
            self.time.unread += 1
        except Stopped as stopped:
            artifact.state, artifact.detail = State.UNREADABLE, stopped.sentence
            self._could_not_read(artifact, str(stopped))
        except Exception as error:
            if _no_room(error):
                raise  # It would cost every file after this one, too, and none of them is to blame.
            artifact.state = State.UNREADABLE
            artifact.detail = text(
                "读取此文件时出错，已跳过；其他文件不受影响。",
                "Reading this file failed and it was left out; the other files are not affected.",
            )
            self._could_not_read(artifact, f"{type(error).__name__}: {error}")
        if before is State.PARTLY and detail is not None:
            after = artifact.detail
            if artifact.state is State.READ:
                artifact.state = State.PARTLY
            if after is not None and after != detail:
                artifact.detail = text(detail["zh-hans"] + after["zh-hans"], f"{detail['en']} {after['en']}")

    def _log(self, artifact: Artifact, material: Material, sandbox: Sandbox) -> None:
        def count(records: int) -> None:
            self._tell(records=self._done_records + records)

        facts = jobs.read_in(sandbox, READERS[Kind.EVTX], artifact, count)
        self._done_records += facts.records
        material.logs.append(facts)

    def _capture(self, artifact: Artifact, material: Material, sandbox: Sandbox) -> None:
        if len(material.file_states) >= MOST_STATES:
            artifact.state, artifact.detail = State.SKIPPED, ENOUGH_STATES
            return
        capture = jobs.read_in(sandbox, READERS[Kind.CAPTURE], artifact)
        material.captures.append(capture)
        material.file_states.extend(capture.states)
        if capture.unreadable or not capture.whole:
            artifact.state = State.PARTLY
            said = capture.unreadable[:5]
            zh = "".join(f"第 {unread.line} 行：{unread.reason['zh-hans']}" for unread in said)
            en = " ".join(f"Line {unread.line}: {unread.reason['en']}" for unread in said)
            if len(capture.unreadable) > len(said):
                zh += f"另有 {len(capture.unreadable) - len(said)} 行未能识别。"
                en += f" {len(capture.unreadable) - len(said)} more lines were not understood."
            if not capture.whole:
                zh += "文件过大，只读取了开头部分。"
                en += " The file is very large; only its beginning was read."
            artifact.detail = text(zh, en.strip())
        elif not capture.states:
            artifact.state = State.SKIPPED
            artifact.detail = text(
                "文本中没有可识别的文件哈希或文件信息。", "The text holds no file facts that are understood."
            )

    def _executable(self, artifact: Artifact, material: Material, sandbox: Sandbox) -> None:
        if artifact.state is State.PARTLY:
            artifact.detail = text(
                "损坏的可执行文件不参与比较，以免误判。",
                "A damaged executable is not compared, lest it be misjudged.",
            )
            return
        try:
            facts: PeFacts = jobs.read_in(sandbox, READERS[Kind.PE], artifact)
            material.executables.append(facts)
            artifact.detail = artifact.detail or signatures_text.told(facts)
        except NotPe as error:
            artifact.state = State.UNREADABLE
            artifact.detail = text(
                f"不是完整的可执行文件，无法读取（{error}）。",
                f"This is no whole executable and cannot be read ({error}).",
            )

    # -- Examining --------------------------------------------------------------------

    def _could_not_read(self, artifact: Artifact, error: str) -> None:
        title = text(f"读取 {artifact.path}", f"Reading {artifact.path}")
        self.outcomes.append((f"read-{artifact.kind.value}", title, Failed(f"{artifact.path}: {error}")))

    def _scan(self, artifacts: list[Artifact]) -> Scan | None:
        if self.yara is None:
            return None
        with Sandbox(self.allowance, [self._confined], idle=self._tell) as sandbox:
            sandbox.deadline = self.time.moment(time_budget.REREADING)
            return scan_all(self.yara, artifacts, sandbox, lambda name: self._tell(artifact=name))

    def _examine(self, material: Material, scan: Scan | None) -> tuple[list[Finding], list[Incident]]:
        findings: list[Finding] = []
        analyzers = (*ANALYZERS, *yara_analyzers(scan), *rule_analyzers(self.rules))
        for analyzer in analyzers:
            outcome: Outcome
            try:
                outcome = time_budget.NO_TIME if self.time.is_over else analyzer.examine(material)
            except self._stop:
                raise
            except Exception as error:
                outcome = Failed(f"{type(error).__name__}: {error}")
            if isinstance(outcome, Examined):
                outcome = outcome.gravest()
            self.outcomes.append((analyzer.rule, analyzer.title, outcome))
            if isinstance(outcome, Examined):
                findings.extend(with_background(outcome.findings))
                self._tell(found=[finding.title for finding in findings])
        return concluded(findings, {one.rule: one.topic for one in analyzers}, material)

    def _files(self, material: Material) -> dict[str, Any]:
        try:
            return overview(material)
        except self._stop:
            raise
        except Exception:  # The analyzers that compare the same files have failed too, and are named.
            return {}

    def _tell(self, **changes: object) -> None:
        self.progress = replace(self.progress, **changes)  # type: ignore[arg-type]
        try:
            self._report(self.progress)
        except BaseException as error:
            raise _Stopped(error) from error


def _source(source: Path, artifacts: list[Artifact]) -> Source:
    name = source.name or source.resolve().name
    if not source.is_dir():
        if len(artifacts) == 1 and artifacts[0].file == source:
            return Source(name, artifacts[0].sha256, artifacts[0].size)
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return Source(name, digest.hexdigest(), size)
    listing = "".join(f"{artifact.sha256}  {artifact.path}\n" for artifact in artifacts)
    digest = hashlib.sha256(listing.encode("utf-8", "replace"))
    return Source(name, digest.hexdigest(), sum(artifact.size for artifact in artifacts))


def _no_room(error: Exception) -> bool:
    """Whether the disk is full, as the system or SQLite says it."""
    if isinstance(error, sqlite3.OperationalError):
        return "disk is full" in str(error)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
