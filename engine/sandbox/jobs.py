"""What the engine has done in the sandbox, and how it asks for it.

The functions that take ``emit`` run in the child; those that take a sandbox run here.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.artifacts import Artifact, State
from engine.index.event_record import EventRecord
from engine.parsers import manifest
from engine.parsers.baselines import BaselineUnreadable
from engine.parsers.evtx.integrity import ChunkFacts
from engine.parsers.evtx.reread import SecondReading, reread
from engine.parsers.file_state import FileState
from engine.parsers.hash_lists import read_baseline_list
from engine.parsers.pe.comparison import Comparison, compare_executables
from engine.parsers.pe.facts import PeFacts
from engine.parsers.registry import Kind
from engine.sandbox.sandbox import Emit, Job, OutOfTime, Sandbox, Stopped
from engine.sandbox.wire import JobFailed, refusing
from engine.text import Text, text
from engine.unpacking.archives.budget import Limits
from engine.unpacking.entry_names import shown
from engine.unpacking.unpack import SourceUnreadable, unpack

TOO_SLOW = text(
    "解包用完了允许的时间，未能分析。请把材料分成几次上传，或联系管理员延长分析时间。",
    "Unpacking used up the time for this analysis. Please upload in several parts, or ask the "
    "administrator for more time.",
)
MISPLACED = text(
    "解包程序没有把此文件放在规定的位置，因此未读取；该压缩包可能是攻击文件。",
    "The unpacking did not put this file where it belongs, so it was not read; the archive may be an attack.",
)
MAX_UNPACKINGS = 6
"""Each stop of the unpacking leaves one entry out and begins anew; then it is enough."""


@dataclass(frozen=True)
class Unpacked:
    """An artifact as it travels: its bytes lie at ``place`` below the source, below the folder that
    was unpacked into, or nowhere; where that is on this machine the child has no say in."""

    path: str
    root: Literal["source", "folder", "nowhere"]
    place: bytes
    sha256: str
    size: int
    kind: Kind
    state: State
    detail: Text | None
    locked: bool = False
    note: Text | None = None
    form: str = ""


# -- In the child -----------------------------------------------------------------------


@refusing(SourceUnreadable)
def unpacked(
    emit: Callable[[str | int], None],
    source: Path,
    into: Path,
    limits: Limits,
    skip: dict[int, Text],
    password: str | None,
) -> list[Unpacked]:
    """The artifacts; emits the name in work, and how many are done after each one."""
    count = 0

    def count_artifact(artifact: Artifact) -> None:
        nonlocal count
        count += 1
        emit(count)

    artifacts = unpack(source, into, limits, emit, count_artifact, skip, password)
    return [_travelling(artifact, source, into) for artifact in artifacts]


def _travelling(artifact: Artifact, source: Path, into: Path) -> Unpacked:
    root: Literal["source", "folder", "nowhere"]
    if artifact.file.is_relative_to(into):
        root, place = "folder", artifact.file.relative_to(into)
    elif artifact.file.is_relative_to(source):
        root, place = "source", artifact.file.relative_to(source)
    else:
        root, place = "nowhere", Path()
    return Unpacked(
        artifact.path,
        root,
        os.fsencode(place),
        artifact.sha256,
        artifact.size,
        artifact.kind,
        artifact.state,
        artifact.detail,
        artifact.locked,
        artifact.note,
        artifact.form,
    )


def second_readings(
    emit: Emit, file: Path, chunks: list[ChunkFacts], events: list[EventRecord]
) -> dict[int, SecondReading]:
    """The second reading of events of one log."""
    return reread(file, chunks, events)


def comparison(emit: Emit, reference: PeFacts, other: PeFacts, files: tuple[Path, Path]) -> Comparison:
    """Two copies of one executable side by side."""
    return compare_executables(reference, other, files)


@refusing(BaselineUnreadable)
def baselines(emit: Emit, file: Path) -> list[FileState]:
    """The states of a list of known files."""
    return read_baseline_list(file)


# -- Here -------------------------------------------------------------------------------


def parse_in(sandbox: Sandbox, parse: Job, artifact: Artifact, *arguments: Any) -> Any:
    """What the parser read of the artifact, whose state and detail are set; raises as
    ``Sandbox.call`` does."""
    state, detail, facts = sandbox.call(parse, artifact, *arguments, size=artifact.size)
    artifact.state, artifact.detail = state, detail
    return facts


def unpack_in(
    sandbox: Sandbox,
    source: Path,
    into: Path,
    limits: Limits,
    emit: Callable[[str], None],
    password: str | None = None,
) -> list[Artifact]:
    """The artifacts; an entry at which the unpacking dies is left out by name.

    Raises ``SourceUnreadable`` where it dies again and again, or where time is over.
    """
    skip: dict[int, Text] = {}
    for _attempt in range(MAX_UNPACKINGS):
        done = 0

        def on_message(word: Any) -> None:
            nonlocal done
            if isinstance(word, str):
                emit(word)
            else:
                done = word

        try:
            unpackings: list[Unpacked] = sandbox.call(
                unpacked, source, into, limits, skip, password, on_message=on_message, size=limits.total
            )
        except OutOfTime as stopped:
            raise SourceUnreadable(TOO_SLOW) from stopped
        except Stopped as stopped:
            if done in skip:
                break
            skip[done] = stopped.sentence
        else:
            return [_arrived(travelled, {"source": source, "folder": into}) for travelled in unpackings]
    name = shown(source.name)
    raise SourceUnreadable(
        text(
            f"{name}：解包程序多次崩溃或停滞，无法读取。请检查该文件，或改为单独上传其中的文件。",
            f"{name}: unpacking it crashed or hung again and again, so it cannot be read. Please check the "
            "file, or upload the files in it one by one.",
        )
    )


def _arrived(travelled: Unpacked, roots: dict[str, Path]) -> Artifact:
    """The artifact here; one whose file is said to lie elsewhere than below its root is not touched."""
    root = roots.get(travelled.root)
    file = _below(root, travelled.place) if root else Path(os.devnull)
    state, detail = (travelled.state, travelled.detail) if file else (State.UNREADABLE, MISPLACED)
    file = file or Path(os.devnull)
    return Artifact(
        travelled.path,
        file,
        travelled.sha256,
        travelled.size,
        travelled.kind,
        state,
        detail,
        travelled.locked,
        travelled.note,
        travelled.form,
    )


def _below(root: Path, place: bytes) -> Path | None:
    """The regular file at that place; no link, no ``..`` and no absolute path leads out of the root."""
    try:
        file = root / os.fsdecode(place)
        honest = file.resolve(strict=True) == root.resolve() / file.relative_to(root)
    except (OSError, ValueError):
        return None
    return file if honest and file.is_file() else None


def manifest_in(sandbox: Sandbox, file: Path) -> manifest.Manifest:
    """``manifest.read_manifest`` in the sandbox; raises ``NotManifest``, ``OSError``."""
    try:
        read: manifest.Manifest = sandbox.call(manifest.parse, file, size=file.stat().st_size)
    except (Stopped, JobFailed) as error:
        raise manifest.NotManifest(str(error)) from error
    return read


def comparison_in(
    sandbox: Sandbox, reference: PeFacts, other: PeFacts, files: tuple[Path, Path]
) -> Comparison:
    """``comparison.compare_executables`` in the sandbox; raises as ``Sandbox.call`` does."""
    size = reference.size + other.size
    compared: Comparison = sandbox.call(comparison, reference, other, files, size=size)
    return compared


def baselines_in(sandbox: Sandbox, file: Path) -> list[FileState]:
    """``hash_lists.read_baseline_list`` in the sandbox: lists come from elsewhere, too.

    Raises ``BaselineUnreadable``, of a list that breaks the reading as well.
    """
    try:
        states: list[FileState] = sandbox.call(baselines, file)
    except (Stopped, JobFailed) as error:
        zh, en = f"{file}：无法读取（{error}）。", f"{file}: it cannot be read ({error})."
        raise BaselineUnreadable(text(zh, en)) from error
    return states


class Rereader:
    """``reread.reread`` in the sandbox; readings of a child that was stopped are left out."""

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
