"""The result document: one JSON object that screens, reports and the API render.

The stored one has every sentence in both languages (``engine.text.Text``); ``localised`` picks one.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from engine.artifacts import State
from engine.findings import Severity
from engine.parsers.file_state import FileState
from engine.schema.evidence import Evidence
from engine.schema.executables import Executable
from engine.schema.facts import Facts
from engine.schema.files import FilesOverview
from engine.schema.logs import Events
from engine.schema.machine import MachineEntry
from engine.text import LANGUAGES, Text

SCHEMA: Final = "anjuan.result/2"

Outcome = Literal["examined", "not_examined", "failed"]


class Source(msgspec.Struct, frozen=True):
    """What was analysed: its file name, SHA-256 (lower-case hex) and bytes. Of a folder, ``sha256`` is
    that of its list of hashes and names."""

    name: str
    sha256: str
    size: int


class ArtifactEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the bundle (``engine.artifacts.Artifact``); ``kind`` is the name of its parser or archive
    format, or ``other``; ``detail`` says why it was not read whole."""

    path: str
    sha256: str
    size: int
    kind: str
    state: State
    detail: Text


class FindingText(msgspec.Struct, frozen=True, kw_only=True):
    """A conclusion that reads aloud, with its evidence. ``gaps`` says whether missing data touches it;
    ``fingerprint`` is equal for the same signature in another case; ``computer`` is the machine it is
    about, empty where that is no matter of events."""

    rule: str
    severity: Severity
    title: Text
    summary: Text
    advice: Text
    evidence: list[Evidence]
    gaps: Text | None
    fingerprint: str
    computer: str
    data: Facts


class FindingEntry(FindingText, frozen=True, kw_only=True):
    """A finding of the run. ``incidents`` are places in the document's ``incidents``."""

    incidents: list[int]


class OccurrenceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Once that findings (places in the document's ``findings``) came together; UTC text."""

    first_time: str
    last_time: str
    findings: list[int]


class IncidentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that came together on one machine (``engine.conclusions.incidents``), the leading first."""

    first_time: str
    last_time: str
    computer: str
    findings: list[int]
    title: Text
    summary: Text
    occurrences: list[OccurrenceEntry]


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: ``records`` and ``unreadable`` count what it looked at, ``left_out`` findings that are
    not listed; ``detail`` says so in words, or what was missing, or how it failed."""

    rule: str
    title: Text
    outcome: Outcome
    records: int
    unreadable: int
    left_out: int
    detail: Text


class ResultDocument(msgspec.Struct, frozen=True, kw_only=True):
    """All that one analysis says. ``zone`` is the time zone of the sentences, ``locked`` are paths of
    files that wait for a password, ``baselines`` the known-good states of files that were met;
    ``versions`` names what made the result (program → version); ``machine`` what files tell of
    the machine."""

    schema: Literal["anjuan.result/2"] = SCHEMA
    source: Source
    zone: str
    artifacts: list[ArtifactEntry]
    locked: list[str]
    events: Events
    file_states: list[FileState]
    baselines: list[FileState]
    files: FilesOverview
    pe: list[Executable]
    findings: list[FindingEntry]
    incidents: list[IncidentEntry]
    examined: list[Examination]
    versions: dict[str, str] = {}
    machine: list[MachineEntry] = []

    @property
    def nothing_examined(self) -> bool:
        """Whether not one check could be made."""
        return all(examination.outcome != "examined" for examination in self.examined)


def localised(document: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """JSON of a document in one language (``zh-hans`` or ``en``); raises ``ValueError`` for another."""
    if lang not in LANGUAGES:
        raise ValueError(f"{lang!r}: one of {', '.join(LANGUAGES)}")
    return {key: _in_language(value, lang) for key, value in document.items()}


def _in_language(value: Any, lang: str) -> Any:
    if isinstance(value, Mapping):
        if set(value) == set(LANGUAGES):
            return value[lang]
        return {key: _in_language(inner, lang) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_language(inner, lang) for inner in value]
    return value
