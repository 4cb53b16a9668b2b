"""What the engine has done in the sandbox, and how it asks for it.

The functions that take ``tell`` run in the child; those that take a sandbox run here.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from analysis.engine.artifacts import Artifact, State
from analysis.engine.entry_names import shown
from analysis.engine.event_index import EventIndexWriter, EventRecord
from analysis.engine.parsers.captures import Capture, read_capture
from analysis.engine.parsers.evtx import LogFacts, read_log
from analysis.engine.parsers.evtx_integrity import ChunkFacts
from analysis.engine.parsers.evtx_reread import SecondReading, reread
from analysis.engine.parsers.pe import PeFacts, read_pe
from analysis.engine.sandbox import Job, Sandbox, Stopped, Tell
from analysis.engine.text import Text, text
from analysis.engine.unpack import Limits, SourceUnreadable, unpack

MOST_UNPACKINGS = 6
"""Each stop of the unpacking leaves one entry out and begins anew; then it is enough."""

UNPACKED = "unpacked"

Read = tuple[State, Text | None, Any]
"""The artifact's state and detail after reading, and what was read."""


# -- In the child -----------------------------------------------------------------------

_index: list[EventIndexWriter] = []


def open_index(tell: Tell, file: Path) -> None:
    """The half-built index that logs are read into."""
    _index.append(EventIndexWriter(file, resume=True))


def close_index(tell: Tell) -> None:
    """Lets go of it."""
    while _index:
        _index.pop().leave()


def log(tell: Tell, artifact: Artifact) -> Read:
    """One log into the index, whole or not at all."""
    with _index[-1].whole():
        facts: LogFacts = read_log(artifact, _index[-1], tell)
    return artifact.state, artifact.detail, facts


def capture(tell: Tell, artifact: Artifact) -> Read:
    """The file states of one text capture."""
    read: Capture = read_capture(artifact)
    return artifact.state, artifact.detail, read


def executable(tell: Tell, artifact: Artifact) -> Read:
    """The facts of one executable; raises ``NotPe``."""
    read: PeFacts = read_pe(artifact)
    return artifact.state, artifact.detail, read


def unpacked(tell: Tell, source: Path, into: Path, limits: Limits, skip: dict[int, Text]) -> list[Artifact]:
    """The artifacts; tells the name in work, and ``(UNPACKED, position)`` after each one."""
    count = 0

    def found(artifact: Artifact) -> None:
        nonlocal count
        count += 1
        tell((UNPACKED, count))

    return unpack(source, into, limits, tell, found, skip)


def second_readings(
    tell: Tell, file: Path, chunks: list[ChunkFacts], events: list[EventRecord]
) -> dict[int, SecondReading]:
    """The second reading of events of one log."""
    return reread(file, chunks, events)


# -- Here -------------------------------------------------------------------------------


def read_in(sandbox: Sandbox, reader: Job, artifact: Artifact, hear: Tell = lambda word: None) -> Any:
    """What the reader read of the artifact, whose state and detail are set; raises as
    ``Sandbox.call`` does."""
    state, detail, read = sandbox.call(reader, artifact, hear=hear, size=artifact.size)
    artifact.state, artifact.detail = state, detail
    return read


def unpack_in(
    sandbox: Sandbox, source: Path, into: Path, limits: Limits, tell: Callable[[str], None]
) -> list[Artifact]:
    """The artifacts; an entry at which the unpacking dies is left out by name.

    Raises ``SourceUnreadable`` where it dies again and again.
    """
    skip: dict[int, Text] = {}
    for _attempt in range(MOST_UNPACKINGS):
        done = 0

        def hear(word: Any) -> None:
            nonlocal done
            if isinstance(word, str):
                tell(word)
            else:
                done = word[1]

        try:
            artifacts: list[Artifact] = sandbox.call(
                unpacked, source, into, limits, skip, hear=hear, size=limits.total
            )
        except Stopped as stopped:
            if done in skip:
                break
            skip[done] = stopped.sentence
        else:
            return artifacts
    name = shown(source.name)
    raise SourceUnreadable(
        text(
            f"{name}：解包程序多次崩溃或停滞，无法读取。请检查该文件，或改为单独上传其中的文件。",
            f"{name}: unpacking it crashed or hung again and again, so it cannot be read. Please check the "
            "file, or upload the files in it one by one.",
        )
    )


class Rereader:
    """``evtx_reread.reread`` in the sandbox; readings of a child that was stopped are left out."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def __call__(
        self, file: Path, chunks: Iterable[ChunkFacts], events: Iterable[EventRecord]
    ) -> dict[int, SecondReading]:
        try:
            readings: dict[int, SecondReading] = self._sandbox.call(
                second_readings, file, list(chunks), list(events)
            )
        except Stopped:
            return {}
        return readings
