"""One analysis from the source to the result: unpack, read, examine.

A parser that breaks costs one artifact, a rule that breaks costs itself; both are named in the
result. Only what ``report`` raises, or an exception named in ``stop``, ends the run.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

from engine import local_times, time_budget
from engine.analyzers.beside.changes import with_changes
from engine.analyzers.beside.lockouts import with_sources
from engine.analyzers.beside.sessions import with_entries
from engine.artifacts import Artifact
from engine.conclusions.background import with_background
from engine.conclusions.concluding import concluded
from engine.conclusions.incidents import Incident
from engine.conclusions.titles import with_brief_titles
from engine.files.moments import collected_from, settled
from engine.files.overview import overview
from engine.findings import Examined, Failed, Finding, Outcome, Severity
from engine.index import open_writer
from engine.index.event_index import EventIndex
from engine.index.writer import EventIndexWriter
from engine.machines import Machines
from engine.material import Material
from engine.messages.reading import read_sources, with_messages
from engine.parsers.contents import Contents
from engine.parsers.file_state import FileState
from engine.progress import Progress, Report, Stage, silent
from engine.reading import Reading
from engine.registry import ANALYZERS, prepare_rules, rule_analyzers, yara_analyzers
from engine.result import Result
from engine.sandbox import jobs
from engine.sandbox.confinement import confinement
from engine.sandbox.sandbox import DEFAULT_ALLOWANCE, Allowance, Sandbox
from engine.schema.document import Source
from engine.schema.files import FilesOverview
from engine.text import Text, text
from engine.time_budget import TimeBudget
from engine.unpacking.archives.budget import DEFAULT_LIMITS, Limits
from engine.yara_scan import Scan, scan_all

INDEX = "events"
FILES = "files"
CHUNK = 1 << 20
SHANGHAI = ZoneInfo("Asia/Shanghai")


def analyze(
    source: Path,
    work: Path,
    *,
    baselines: Iterable[FileState] = (),
    zone: ZoneInfo = SHANGHAI,
    report: Report = silent,
    limits: Limits = DEFAULT_LIMITS,
    stop: tuple[type[Exception], ...] = (),
    rules: Path | None = None,
    yara: Path | None = None,
    allowance: Allowance = DEFAULT_ALLOWANCE,
    readers: int | None = None,
    incident: datetime | None = None,
    password: str | None = None,
    kept: Path | None = None,
) -> Result:
    """Analyses an archive, a folder or a single file.

    ``work`` (created) receives the unpacked files and the event index; the caller removes it.
    ``rules`` is a folder of further Sigma rules, ``yara`` one of YARA rules; ``allowance`` is what
    a parser may use, and how long all may take: what is not read after three quarters of it is named,
    the rest is for concluding. ``readers`` is how many processes read event logs (by default one a core,
    up to four, as many as are worth it): the result does not depend on it. ``incident`` is when the
    trouble happened; findings are held against it. ``password`` opens locked archives and is kept
    nowhere. ``kept`` (created) is a folder of our own where compiled rules are kept from one process to
    the next.
    ``stop`` names exceptions that reach the run from outside (a time limit) and must end it.
    Raises ``unpack.SourceUnreadable``, ``OSError`` of a full disk, and whatever ``report`` raises.
    """
    run = _Run(work, list(baselines), zone, report, stop, rules, yara, allowance, readers)
    run.incident, run.kept = incident, kept
    return run.run(source, limits, password)


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
        readers: int | None,
    ) -> None:
        self.work, self.baselines, self.zone = work, baselines, zone
        self.progress = Progress()
        self._report = report
        self._stop = stop
        self.rules, self.yara = rules, yara
        self.allowance, self.readers = allowance, readers
        self.time = TimeBudget(allowance.seconds)
        self.incident: datetime | None = None
        self.kept: Path | None = None
        self.outcomes: list[tuple[str, Text, Outcome]] = []

    def run(self, source: Path, limits: Limits, password: str | None) -> Result:
        try:
            return self._run(source, limits, password)
        except _Stopped as stopped:
            raise stopped.cause from None

    def _run(self, source: Path, limits: Limits, password: str | None) -> Result:
        self.work.mkdir(parents=True, exist_ok=True)
        self._report_progress(stage=Stage.UNPACKING, artifact=source.name)
        # Meanwhile this process has nothing to do but wait for those that read.
        self._rules_ready = Thread(
            target=prepare_rules, args=(self.rules, self.kept), name="rules", daemon=True
        )
        self._rules_ready.start()
        index = self.work / INDEX
        shutil.rmtree(index, ignore_errors=True)
        index.mkdir()
        own = index / "0.sqlite"
        self._confined = confinement([source], [self.work])

        def reader(file: Path, idle: Callable[[], None]) -> Sandbox:
            prepare = [self._confined, (open_writer.open_index, (file,))]
            sandbox = Sandbox(self.allowance, prepare, idle)
            sandbox.deadline = self.time.moment(time_budget.READING)
            return sandbox

        with reader(own, self._report_progress) as sandbox:

            def close() -> None:
                sandbox.prepare[:] = [self._confined]
                sandbox.deadline = None
                sandbox.call(open_writer.close_index)
                sandbox.deadline = self.time.moment(time_budget.REREADING)
                with EventIndexWriter(own, resume=True):
                    self._report_progress(artifact="")

            limits = replace(limits, keep=self.yara is not None)
            artifacts = jobs.unpack_in(
                sandbox,
                source,
                self.work / FILES,
                limits,
                lambda name: self._report_progress(artifact=name),
                password,
            )
            reading = Reading(sandbox, self._report_progress, self._stop, self.time)
            contents = reading.all(artifacts, index, reader, close, self.readers)
            local_times.settle(contents, index, self.zone)
            self.outcomes.extend(contents.failures)
            if self.time.unread:
                self.outcomes.append(self.time.shortage(len(artifacts)))
            return self._conclude(source, index, contents, sandbox)

    def _conclude(self, source: Path, index: Path, contents: Contents, sandbox: Sandbox) -> Result:
        artifacts = contents.artifacts
        with EventIndex(index) as events:
            messages = read_sources(events, artifacts, contents.executables, sandbox)
            read_manifest = partial(jobs.manifest_in, sandbox)
            collected = collected_from(artifacts, read_manifest)
            known_machines = Machines.read(events, [facts.value("computer") for facts in contents.machine])
            material = Material(
                self.zone,
                events,
                artifacts,
                contents.logs,
                contents.captures,
                settled(contents.file_states, known_machines, collected),
                self.baselines,
                contents.executables,
                messages,
                jobs.Rereader(sandbox),
                self.incident,
                read_manifest,
                partial(jobs.comparison_in, sandbox),
                contents.machine,
            )
            material.machines = known_machines
            scan = self._scan(artifacts)
            self._rules_ready.join()
            self._report_progress(stage=Stage.EXAMINING, artifact="")
            concluded_findings, incidents = self._examine(material, scan)
            findings = with_messages(concluded_findings, events, messages)
            coverage = material.coverage
            files = self._files(material)
            total = events.count()
            machines = material.machines.of_several_names()
        self._report_progress(stage=Stage.DONE)
        return Result(
            source=_source(source, artifacts),
            zone=self.zone.key,
            artifacts=artifacts,
            events=total,
            logs=material.logs,
            file_states=material.file_states,
            baselines=self.baselines,
            executables=material.executables,
            machine=material.machine,
            findings=findings,
            incidents=incidents,
            coverage=coverage,
            files=files,
            outcomes=self.outcomes,
            index=index,
            machines=machines,
        )

    # -- Examining --------------------------------------------------------------------

    def _scan(self, artifacts: list[Artifact]) -> Scan | None:
        if self.yara is None:
            return None
        with Sandbox(self.allowance, [self._confined], idle=self._report_progress) as sandbox:
            sandbox.deadline = self.time.moment(time_budget.REREADING)
            return scan_all(self.yara, artifacts, sandbox, lambda name: self._report_progress(artifact=name))

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
                findings.extend(with_brief_titles(with_background(outcome.findings)))
                self._report_progress(found=[finding.title for finding in findings])
        try:
            topics = {analyzer.rule: analyzer.topic for analyzer in analyzers}
            told, incidents = concluded(findings, topics, material)
            told = with_entries(with_sources(with_changes(told, topics, material), material), material)
            return told, incidents
        except self._stop:
            raise
        except Exception as error:  # The findings stand without their order.
            failed = Failed(f"{type(error).__name__}: {error}")
            title = text("归并与排序结论", "Grouping and ordering the findings")
            self.outcomes.append(("incidents", title, failed))
            return sorted(findings, key=lambda finding: list(Severity).index(finding.severity)), []

    def _files(self, material: Material) -> FilesOverview:
        try:
            return overview(material)
        except self._stop:
            raise
        except Exception:  # The analyzers that compare the same files have failed too, and are named.
            return FilesOverview()

    def _report_progress(self, **changes: Any) -> None:
        self.progress = replace(self.progress, **changes)
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
