"""Reading all artifacts of a bundle: what they hold, and what could not be read.

A reader that breaks costs one artifact, which is named. Event logs are read by several processes
(``log_readers``), everything else one after the other meanwhile.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from engine.artifacts import Artifact, State
from engine.findings import Failed, Outcome
from engine.index.writer import EventIndexWriter
from engine.log_readers import LogReaders, OpenSandbox, PartOutcome, disk_is_full
from engine.parsers.contents import Contents
from engine.parsers.evtx import parser as evtx
from engine.parsers.evtx.concluding import concluded
from engine.parsers.parser import Parser, Unparsable, Yields
from engine.parsers.pe.catalogue_members import judge
from engine.parsers.registry import PARSERS
from engine.progress import Stage
from engine.sandbox import jobs
from engine.sandbox.sandbox import OutOfTime, Sandbox, SandboxBroken, Stopped
from engine.text import Text, joined, text
from engine.time_budget import TimeBudget


class Reading:
    """One reading of a bundle. ``sandbox`` is the run's own; ``report_progress`` changes the progress,
    ``stop`` are exceptions that end the run, ``time`` counts what it did not suffice for."""

    def __init__(
        self,
        sandbox: Sandbox,
        report_progress: Callable[..., None],
        stop: tuple[type[Exception], ...],
        time: TimeBudget,
    ) -> None:
        self._sandbox, self._report_progress, self._stop, self._time = sandbox, report_progress, stop, time
        self._ends: tuple[type[Exception], ...] = (SandboxBroken, *stop)
        self._failures: dict[str, tuple[str, Text, Outcome]] = {}
        self._done = 0

    def all(
        self,
        artifacts: list[Artifact],
        index: Path,
        open_sandbox: OpenSandbox,
        close: Callable[[], None],
        readers: int | None,
    ) -> Contents:
        """Reads everything, the event logs into the folder ``index``; ``close`` ends the file there
        that the run's own sandbox writes. See ``LogReaders`` for the rest, and for what is raised."""
        contents = Contents(artifacts)
        legible = {
            number: artifact
            for number, artifact in enumerate(artifacts, 1)
            if artifact.state in {State.READ, State.PARTLY}
        }
        logs = {number: artifact for number, artifact in legible.items() if artifact.kind == evtx.KIND}
        self._report_progress(stage=Stage.READING, artifacts_total=len(artifacts))
        beside = LogReaders(
            logs, index, open_sandbox, self._report_progress, self._count, self._stop, readers
        )
        with beside:
            for number, artifact in enumerate(artifacts, 1):
                if number in logs:
                    beside.read(self._sandbox, number)
                    continue
                parser = PARSERS.get(artifact.kind)
                if parser is not None and parser.keep is not None and number in legible:
                    self._report_progress(artifact=artifact.path)
                    self._guarded(partial(self._read, parser, artifact, number, contents), artifact)
                self._count()
            outcomes = beside.finish(close)
        for number, artifact in logs.items():
            self._guarded(partial(self._log, artifact, outcomes[number], contents), artifact)
        place = {artifact.path: number for number, artifact in enumerate(artifacts)}
        contents.logs.sort(key=lambda log: place[log.artifact])
        given_up = [
            log for log, parts in outcomes.items() if any(isinstance(part, Exception) for part in parts)
        ]
        if given_up:
            for file in index.glob("*.sqlite"):
                with EventIndexWriter(file, resume=True) as writer:
                    writer.discard(given_up)
        judge(artifacts, contents.executables, contents.catalogues)
        contents.failures = [
            self._failures[artifact.path] for artifact in artifacts if artifact.path in self._failures
        ]
        return contents

    def _count(self) -> None:
        self._done += 1
        self._report_progress(artifacts_done=self._done)

    def _guarded(self, reader: Callable[[], None], artifact: Artifact) -> None:
        """A reader that breaks costs its artifact; damage known from the archive stays told."""
        before, detail = artifact.state, artifact.detail
        try:
            reader()
        except self._ends:
            raise
        except Unparsable as refused:
            artifact.state, artifact.detail = State.UNREADABLE, refused.sentence
        except OutOfTime as stopped:
            artifact.state, artifact.detail = State.SKIPPED, stopped.sentence
            self._time.unread += 1
        except Stopped as stopped:
            artifact.state, artifact.detail = State.UNREADABLE, stopped.sentence
            self._could_not_read(artifact, str(stopped))
        except Exception as error:
            if disk_is_full(error):
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
                artifact.detail = joined(detail, after)

    def _could_not_read(self, artifact: Artifact, error: str) -> None:
        title = text(f"读取 {artifact.path}", f"Reading {artifact.path}")
        failure = f"read-{artifact.kind}", title, Failed(f"{artifact.path}: {error}")
        self._failures[artifact.path] = failure

    def _log(self, artifact: Artifact, parts: list[PartOutcome], contents: Contents) -> None:
        facts = []
        for part in parts:
            if isinstance(part, Exception):
                raise part
            facts.append(part)
        contents.logs.append(concluded(artifact, facts))

    def _read(self, parser: Parser, artifact: Artifact, number: int, contents: Contents) -> None:
        assert parser.parse is not None and parser.keep is not None
        if parser.wants(artifact, contents):
            arguments = (number,) if parser.yields is Yields.EVENTS else ()
            facts = jobs.parse_in(self._sandbox, parser.parse, artifact, *arguments)
            parser.keep(artifact, facts, contents)
