"""What parsers read of a bundle, beside the event index."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.artifacts import Artifact
from engine.findings import Outcome
from engine.parsers.captures.captures import Capture
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.file_state import FileState
from engine.parsers.machine_facts import MachineFacts
from engine.parsers.pe.facts import PeFacts
from engine.text import Text

if TYPE_CHECKING:
    from engine.parsers.pe.catalogue import Catalogue


@dataclass
class Contents:
    """What a bundle's artifacts hold. ``failures`` are the outcomes (rule, title, why) of artifacts that
    could not be read."""

    artifacts: list[Artifact]
    logs: list[LogFacts] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    file_states: list[FileState] = field(default_factory=list)
    executables: list[PeFacts] = field(default_factory=list)
    catalogues: list["Catalogue"] = field(default_factory=list)
    machine: list[MachineFacts] = field(default_factory=list)
    failures: list[tuple[str, Text, Outcome]] = field(default_factory=list)
