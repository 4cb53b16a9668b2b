"""What every analyzer gets: all that the parsers read, and ways to look again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.artifacts import Artifact
from engine.conclusions.coverage import Coverage, coverage
from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.machines import Machines
from engine.messages.describe import Sources
from engine.parsers import manifest
from engine.parsers.captures.captures import Capture
from engine.parsers.evtx import reread as evtx_reread
from engine.parsers.evtx.integrity import ChunkFacts
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.file_state import FileState
from engine.parsers.machine_facts import MachineFacts
from engine.parsers.pe import comparison
from engine.parsers.pe.facts import PeFacts

Reread = Callable[[Path, Iterable[ChunkFacts], Iterable[EventRecord]], dict[int, evtx_reread.SecondReading]]
ReadManifest = Callable[[Path], manifest.Manifest]
CompareExecutables = Callable[[PeFacts, PeFacts, tuple[Path, Path]], comparison.Comparison]


@dataclass
class Material:
    """The records of one bundle. ``zone`` is the time zone that sentences speak in; ``messages``
    is what ``messages.describe`` takes an event's message from; ``reread`` reads events of one log
    a second time (see ``parsers.evtx.reread.reread``), ``read_manifest`` and ``compare_executables`` look at
    files as their modules say, all three in the sandbox during an analysis; ``incident`` is when
    the trouble happened, if known."""

    zone: ZoneInfo
    events: EventIndex
    artifacts: list[Artifact] = field(default_factory=list)
    logs: list[LogFacts] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    file_states: list[FileState] = field(default_factory=list)
    baselines: list[FileState] = field(default_factory=list)
    executables: list[PeFacts] = field(default_factory=list)
    messages: Sources = field(default_factory=Sources)
    reread: Reread = evtx_reread.reread
    incident: datetime | None = None
    read_manifest: ReadManifest = manifest.read_manifest
    compare_executables: CompareExecutables = comparison.compare_executables
    machine: list[MachineFacts] = field(default_factory=list)

    @cached_property
    def machines(self) -> Machines:
        """The machines whose events the bundle holds."""
        return Machines.read(self.events)

    @cached_property
    def coverage(self) -> Coverage | None:
        """How the logs stand to the incident; ``None`` when its time is not known."""
        if self.incident is None:
            return None
        channels = {log.artifact: self.channel(log.artifact) for log in self.logs}
        return coverage(self.incident, self.logs, self.events, channels)

    def artifact(self, path: str) -> Artifact:
        """The artifact of that path; raises ``KeyError`` for an unknown one."""
        return self._by_path[path]

    @cached_property
    def _by_path(self) -> dict[str, Artifact]:
        return {artifact.path: artifact for artifact in self.artifacts}

    @cached_property
    def doubles(self) -> set[str]:
        """Logs that came before under another name: the same log twice is one source, not two."""
        seen: set[str] = set()
        doubles: set[str] = set()
        for log in self.logs:
            sha256 = self.artifact(log.artifact).sha256
            if sha256 in seen:
                doubles.add(log.artifact)
            seen.add(sha256)
        return doubles

    def channel(self, log: str) -> str | None:
        """The channel that most events of a log are of; ``None`` when it has no events."""
        counts = self.events.channels().get(log, {})
        return max(sorted(counts), key=counts.__getitem__, default=None) or None
