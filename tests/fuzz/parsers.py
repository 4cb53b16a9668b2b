"""The parsers under test as jobs of the sandbox, each called as an analysis calls it."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from engine.artifacts import Artifact
from engine.index.event_record import EventRecord
from engine.index.open_writer import close_index, open_index
from engine.index.writer import EventIndexWriter
from engine.messages.captured import Capture as Captured
from engine.messages.captured import NotMessages, read_messages
from engine.messages.resources import Resources, read_library
from engine.parsers.baselines import BaselineUnreadable
from engine.parsers.captures.captures import Capture, read_capture
from engine.parsers.evtx.integrity import NotEvtx
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.evtx.records import read_log
from engine.parsers.evtx.reread import SecondReading, reread
from engine.parsers.evtx.span import LogSpan, read_span
from engine.parsers.file_state import FileState
from engine.parsers.hash_lists import read_baseline_list
from engine.parsers.manifest import Manifest, NotManifest, read_manifest
from engine.parsers.parser import Parser as Registered
from engine.parsers.parser import Yields
from engine.parsers.pe.facts import NotPe, PeFacts, read_pe
from engine.parsers.registry import PARSERS as ENGINE
from engine.sandbox.jobs import Unpacked, unpacked
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import decode, encode
from engine.schema.versions import stored_form
from engine.unpacking.archives.budget import Limits
from tests.fuzz import seeds
from tests.fuzz.mutations import mutated

PASSWORD = "secret"
SMALL = Limits(entries=200, file=8 << 20, total=16 << 20, free_disk=0)
CITED = 3
"""Events read a second time of each log: python-evtx is slow."""


@dataclass(frozen=True)
class Parser:
    """``refusals`` are what it may raise of a file; ``read`` parses the file below ``folder`` and
    returns what goes over the sandbox's wire, of the type that its annotations declare. ``kind`` is
    that of the files in the engine's registry, empty for what is no artifact of a bundle."""

    seeds: Callable[[], list[bytes]]
    read: Callable[[Path, Path], Any]
    refusals: tuple[type[Exception], ...] = ()
    kind: str = ""


def _artifact(file: Path, kind: str) -> Artifact:
    data = file.read_bytes()
    return Artifact(file.name, file, hashlib.sha256(data).hexdigest(), len(data), kind)


def _log(file: Path, folder: Path) -> LogFacts:
    with EventIndexWriter(folder / "index") as writer:
        return read_log(_artifact(file, "evtx"), writer, lambda records: None)


def _second_reading(file: Path, folder: Path) -> dict[int, SecondReading]:
    with EventIndexWriter(folder / "index") as writer:
        facts = read_log(_artifact(file, "evtx"), writer, lambda records: None)
    first = facts.first_record or 0
    numbers = range(first, min((facts.last_record or 0) + 1, first + CITED))
    return reread(file, facts.chunks, [_event(number) for number in numbers])


def _event(number: int) -> EventRecord:
    columns = ("x", number, "2020-11-20T12:00:00.000000Z", "Service Control Manager", 7036)
    return EventRecord(*columns, *(None,) * 14)


def _capture(file: Path, folder: Path) -> Capture:
    return read_capture(_artifact(file, "capture"))


def _executable(file: Path, folder: Path) -> PeFacts:
    facts = read_pe(_artifact(file, "pe"))
    stored_form(facts.as_entry())
    return facts


def _resources(file: Path, folder: Path) -> Resources:
    return read_library(_artifact(file, "pe"), (), range(0x10000))


def _archive(file: Path, folder: Path) -> list[Unpacked]:
    return unpacked(_ignore, file, folder / "unpacked", SMALL, {}, PASSWORD)


def _messages(file: Path, folder: Path) -> Captured:
    return read_messages(file)


def _baseline(file: Path, folder: Path) -> list[FileState]:
    return read_baseline_list(file)


def _manifest(file: Path, folder: Path) -> Manifest:
    return read_manifest(file)


def _span(file: Path, folder: Path) -> LogSpan:
    return read_span(file)


def registered(parser: Registered) -> Parser:
    """As an analysis calls it; its own test holds the files to begin from, as ``EXAMPLES``."""
    job = parser.parse
    assert job is not None, f"{parser.kind}: tests.fuzz.parsers.PARSERS says how it is read"
    folder, _, module = job.__module__.removeprefix("engine.").rpartition(".")
    test = import_module(f"tests.engine.{folder}.test_{module}")

    def read(file: Path, folder: Path) -> Any:
        artifact = _artifact(file, parser.kind)
        if parser.yields is not Yields.EVENTS:
            return job(_ignore, artifact)
        open_index(_ignore, folder / "index")
        try:
            return job(_ignore, artifact, 1)
        finally:
            close_index(_ignore)
            (folder / "index").unlink()

    read.__annotations__["return"] = get_type_hints(job)["return"]
    return Parser(lambda: test.EXAMPLES, read, getattr(job, "refusals", ()), parser.kind)


def _ignore(message: Any) -> None:
    pass


PARSERS = {
    "evtx": Parser(seeds.logs, _log, kind="evtx"),
    "evtx-second-reading": Parser(seeds.logs, _second_reading, kind="evtx"),
    "capture": Parser(seeds.texts, _capture, kind="capture"),
    "executable": Parser(seeds.executables, _executable, (NotPe,), "pe"),
    "executable-messages": Parser(seeds.executables, _resources, kind="pe"),
    "archive": Parser(seeds.archives, _archive, kind="archive"),
    "archive-other": Parser(seeds.other_archives, _archive, kind="archive"),
    "captured-messages": Parser(seeds.messages, _messages, (NotMessages,), "messages"),
    "collector-manifest": Parser(seeds.manifests, _manifest, (NotManifest,), "manifest"),
    "evtx-span": Parser(seeds.logs, _span, (NotEvtx,), "evtx"),
    "baseline": Parser(seeds.baselines, _baseline, (BaselineUnreadable,)),
}
PARSERS |= {
    kind: registered(parser)
    for kind, parser in ENGINE.items()
    if kind not in {fuzzed.kind for fuzzed in PARSERS.values()}
}


@dataclass(frozen=True)
class Tried:
    """One batch: how many files were refused by name, what escaped (number, error), the slowest
    file, and the child's peak memory in MiB."""

    done: int
    refused: int
    escaped: tuple[tuple[int, str], ...]
    slowest: tuple[float, int]
    peak: int


def batch(emit: Emit, name: str, first: int, count: int, seconds: float) -> Tried:
    """Tries the files from ``first`` on, ``count`` of them or as long as ``seconds`` allow; tells
    each number before it is tried."""
    parser = PARSERS[name]
    wholes, refused, escaped, slowest = parser.seeds(), 0, [], (0.0, first)
    deadline, done = time.monotonic() + seconds, 0
    with tempfile.TemporaryDirectory(prefix="anjuan-fuzz-") as place:
        folder, file = Path(place), Path(place, "file")
        for number in range(first, first + count):
            emit(number)
            file.write_bytes(mutated(name, number, wholes))
            started = time.monotonic()
            try:
                # As it would travel: what the wire cannot carry or its other end refuses is a failure.
                decode(encode("returned", parser.read(file, folder)), parser.read)
            except parser.refusals:
                refused += 1
            except MemoryError:
                raise
            except Exception as error:
                escaped.append((number, f"{type(error).__name__}: {error}"[:200]))
            slowest = max(slowest, (time.monotonic() - started, number))
            done += 1
            if time.monotonic() > deadline:
                break
    # Not getrusage: its peak outlives exec and would be the parent's.
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    return Tried(done, refused, tuple(escaped), slowest, peak)
