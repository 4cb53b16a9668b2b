"""All that the parsers read, handed to every analyzer."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from analysis.engine.artifacts import Artifact
from analysis.engine.event_index import EventIndex
from analysis.engine.messages.describe import Sources
from analysis.engine.parsers.captures import Capture
from analysis.engine.parsers.evtx import LogFacts
from analysis.engine.parsers.file_state import FileState
from analysis.engine.parsers.pe import PeFacts


@dataclass
class Material:
    """The records of one bundle. ``zone`` is the time zone that sentences speak in; ``messages``
    is what ``messages.describe`` takes an event's message from."""

    zone: ZoneInfo
    events: EventIndex
    artifacts: list[Artifact] = field(default_factory=list)
    logs: list[LogFacts] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    file_states: list[FileState] = field(default_factory=list)
    baselines: list[FileState] = field(default_factory=list)
    executables: list[PeFacts] = field(default_factory=list)
    messages: Sources = field(default_factory=Sources)

    def artifact(self, path: str) -> Artifact:
        """The artifact of that path; raises ``KeyError`` for an unknown one."""
        for artifact in self.artifacts:
            if artifact.path == path:
                return artifact
        raise KeyError(path)
