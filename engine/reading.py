"""Reading all artifacts of a bundle: what they hold, and what could not be read.

A reader that breaks costs one artifact, which is named. Event logs are read by several processes
(``log_readers``), everything else one after the other meanwhile.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from engine.analyzers import signatures_text
from engine.artifacts import Artifact, Kind, State
from engine.findings import Failed, Outcome
from engine.index.writer import EventIndexWriter
from engine.log_readers import LogReaders, OpenSandbox, PartOutcome, no_room
from engine.material import Read
from engine.parsers.evtx.records import concluded
from engine.parsers.pe.facts import NotPe, PeFacts
from engine.progress import Stage
from engine.sandbox import jobs
from engine.sandbox.sandbox import Job, OutOfTime, Sandbox, SandboxBroken, Stopped
from engine.text import Text, text
from engine.time_budget import TimeBudget

READERS: dict[Kind, Job] = {Kind.CAPTURE: jobs.capture, Kind.PE: jobs.executable}
MAX_STATES = 100_000
"""File states of a bundle after which no further capture is read; they are held and compared in memory."""
ENOUGH_STATES = text(
    f"材料中的文件状态已超过 {MAX_STATES:,} 条，此文件未读取。请把材料分成几次上传。",
    f"The bundle holds more than {MAX_STATES:,} file states already; this file was not read. "
    "Please upload in several parts.",
)


class Reading:
    """One reading of a bundle. ``sandbox`` is the run's own; ``tell`` changes the progress, ``stop``
    are exceptions that end the run, ``time`` counts what it did not suffice for."""

    def __init__(
        self, sandbox: Sandbox, tell: Callable[..., None], stop: tuple[type[Exception], ...], time: TimeBudget
    ) -> None:
        self._sandbox, self._tell, self._stop, self._time = sandbox, tell, stop, time
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
    ) -> Read:
        """Reads everything, the event logs into the folder ``index``; ``close`` ends the file there
        that the run's own sandbox writes. See ``LogReaders`` for the rest, and for what is raised."""
        read = Read(artifacts)
        others = {Kind.CAPTURE: self._capture, Kind.PE: self._executable}
        logs = {n: one for n, one in enumerate(artifacts, 1) if one.kind is Kind.EVTX and _legible(one)}
        self._tell(stage=Stage.READING, artifacts_total=len(artifacts))
        beside = LogReaders(logs, index, open_sandbox, self._tell, self._count, self._stop, readers)
        with beside:
            for number, artifact in enumerate(artifacts, 1):
                if number in logs:
                    beside.read(self._sandbox, number)
                    continue
                if artifact.kind in others and _legible(artifact):
                    self._tell(artifact=artifact.path)
                    self._guarded(partial(others[artifact.kind], artifact, read), artifact)
                self._count()
            outcomes = beside.finish(close)
        for number, artifact in logs.items():
            self._guarded(partial(self._log, artifact, outcomes[number], read), artifact)
        given_up = [
            log for log, parts in outcomes.items() if any(isinstance(part, Exception) for part in parts)
        ]
        if given_up:
            for file in index.glob("*.sqlite"):
                with EventIndexWriter(file, resume=True) as writer:
                    writer.discard(given_up)
        read.failures = [self._failures[one.path] for one in artifacts if one.path in self._failures]
        return read

    def _count(self) -> None:
        self._done += 1
        self._tell(artifacts_done=self._done)

    def _guarded(self, reader: Callable[[], None], artifact: Artifact) -> None:
        """A reader that breaks costs its artifact; damage known from the archive stays told."""
        before, detail = artifact.state, artifact.detail
        try:
            reader()
        except self._ends:
            raise
        except OutOfTime as stopped:
            artifact.state, artifact.detail = State.SKIPPED, stopped.sentence
            self._time.unread += 1
        except Stopped as stopped:
            artifact.state, artifact.detail = State.UNREADABLE, stopped.sentence
            self._could_not_read(artifact, str(stopped))
        except Exception as error:
            if no_room(error):
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

    def _could_not_read(self, artifact: Artifact, error: str) -> None:
        title = text(f"读取 {artifact.path}", f"Reading {artifact.path}")
        told = f"read-{artifact.kind.value}", title, Failed(f"{artifact.path}: {error}")
        self._failures[artifact.path] = told

    def _log(self, artifact: Artifact, parts: list[PartOutcome], read: Read) -> None:
        facts = []
        for part in parts:
            if isinstance(part, Exception):
                raise part
            facts.append(part)
        read.logs.append(concluded(artifact, facts))

    def _capture(self, artifact: Artifact, read: Read) -> None:
        if len(read.file_states) >= MAX_STATES:
            artifact.state, artifact.detail = State.SKIPPED, ENOUGH_STATES
            return
        capture = jobs.read_in(self._sandbox, READERS[Kind.CAPTURE], artifact)
        read.captures.append(capture)
        read.file_states.extend(capture.states)
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

    def _executable(self, artifact: Artifact, read: Read) -> None:
        if artifact.state is State.PARTLY:
            artifact.detail = text(
                "损坏的可执行文件不参与比较，以免误判。",
                "A damaged executable is not compared, lest it be misjudged.",
            )
            return
        try:
            facts: PeFacts = jobs.read_in(self._sandbox, READERS[Kind.PE], artifact)
            read.executables.append(facts)
            artifact.detail = artifact.detail or signatures_text.told(facts)
        except NotPe as error:
            artifact.state = State.UNREADABLE
            artifact.detail = text(
                f"不是完整的可执行文件，无法读取（{error}）。",
                f"This is no whole executable and cannot be read ({error}).",
            )


def _legible(artifact: Artifact) -> bool:
    return artifact.state in {State.READ, State.PARTLY}
