"""The content of a report as a typed document: a draft's, and what is frozen once it is sent."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from engine.parsers.file_state import FileState
from engine.parsers.pe.signature_facts import Timestamp
from engine.schema.document import ArtifactEntry, Examination, FindingText
from engine.schema.executables import SignatureState
from engine.schema.logs import Events
from engine.schema.machine import MachineEntry
from engine.schema.versions import (
    Json,
    artifacts_of_1,
    events_of_1,
    examined_of_1,
    findings_of_1,
    opened_as,
)
from engine.text import Text

SCHEMA: Final = "anjuan.report/2"


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The case as it was when the report was sent."""

    number: str
    title: str
    product: str
    edition: str
    organisation: str


class ChainLink(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate: ``engine.parsers.pe.signature_facts.Certificate``; days are UTC text."""

    subject: str | None
    issuer: str | None
    not_before: str | None
    not_after: str | None
    issued_by_next: bool | None


class SignedProgram(msgspec.Struct, frozen=True, kw_only=True):
    """What a report keeps of an executable. ``digest_fits`` is ``None`` where no digest could be read,
    ``padding`` counts foreign bytes in the table of certificates."""

    artifact: str
    sha256: str
    version: str | None
    state: SignatureState
    signer: str | None
    timestamp: Timestamp | None
    digest_fits: bool | None
    digest_algorithm: str | None
    padding: int
    chain: list[ChainLink]


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """An upload that the report rests on: SHA-256 (upper-case hex), bytes, ISO time of its arrival."""

    name: str
    sha256: str
    size: int
    received_at: str


class MadeBy(msgspec.Struct, frozen=True, kw_only=True):
    """The run that the report tells of, its document's version, and the programs that made it."""

    schema: str = ""
    versions: dict[str, str] = {}
    run: int | None = None
    finished_at: str | None = None


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """That a report takes the place of an earlier one: its version and ISO time of sending, what changed
    in the engineer's words, and what the two contents say of it. ``added`` and ``removed`` are titles of
    findings."""

    replaces: int
    sent_at: str
    said: Text
    conclusion: bool
    advice: bool
    added: list[Text]
    removed: list[Text]


class ReportContent(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the renderings of a report need. ``version`` is the report's own, times are ISO
    text, ``sent_at`` is ``None`` of a draft. ``revision``: of a report that replaces another."""

    schema: Literal["anjuan.report/2"] = SCHEMA
    case: CaseFacts
    version: int
    zone: str
    drafted_at: str | None
    sent_at: str | None
    engineer: str
    conclusion: Text
    advice: Text
    findings: list[FindingText]
    artifacts: list[ArtifactEntry]
    events: Events
    file_states: list[FileState]
    executables: list[SignedProgram]
    examined: list[Examination]
    inputs: list[Input]
    engine: MadeBy
    revision: Revision | None = None
    machine: list[MachineEntry] = []


def opened_content(frozen: Mapping[str, Any]) -> ReportContent:
    """The frozen content of this or an earlier version. Raises ``DocumentUnreadable``."""
    return opened_as(ReportContent, frozen, {"anjuan.report/1": content_of_1})


def content_of_1(content: Json) -> Json:
    """Content of ``anjuan.report/1`` with every field of ``/2``."""
    return content | {
        "drafted_at": content.get("drafted_at"),
        "sent_at": content.get("sent_at"),
        "findings": findings_of_1(content["findings"]),
        "artifacts": artifacts_of_1(content["artifacts"]),
        "events": events_of_1(content.get("events") or {}),
        "file_states": content.get("file_states", []),
        "executables": content.get("executables", []),
        "examined": examined_of_1(content["examined"]),
        "engine": content.get("engine", {}),
    }
