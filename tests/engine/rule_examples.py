"""The examples of the rule files, put into real event indices."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.artifacts import Artifact
from engine.index.event_index import EventIndex
from engine.index.part import Part
from engine.index.writer import EventIndexWriter
from engine.material import Material
from engine.parsers.evtx.log_facts import LogFacts

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LOG = "Example.evtx"
HEAD = {"title": "T", "id": "0b8c5b53-6d0f-4c2b-9d4c-3d7a1b6f1a11", "logsource": {"product": "windows"}}
"""What a rule needs beside its detection."""


def event(channel: str = "System", event_id: int = 1, at: float = 0, **data: Any) -> dict[str, Any]:
    """One event of an example."""
    return {"provider": "P", "event_id": event_id, "channel": channel, "at": at, "data": data}


def events(examples: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The example's events, repetitions written out, in the order of time."""
    expanded = []
    for example in examples:
        for number in range(example.get("repeat", 1)):
            at = example.get("at", 0) + number * example.get("every", 1)
            expanded.append({**example, "at": at})
    return sorted(expanded, key=lambda event: event["at"])


def payload(event: Mapping[str, Any]) -> str | None:
    """As the parser writes it: named values, unnamed ones under Data, or an element of UserData."""
    if "user_data" in event:
        return json.dumps(event["user_data"], ensure_ascii=False)
    data = event.get("data")
    if isinstance(data, list):
        data = {"Data": {"#text": data[0] if len(data) == 1 else data}, "Binary": event.get("binary")}
    return json.dumps(data, ensure_ascii=False) if data else None


def material(folder: Path, events: list[dict[str, Any]], copies: int = 1) -> Material:
    """The events as one log of one machine; ``copies`` puts the same log in again."""
    file = folder / LOG
    file.write_bytes(b"")
    index = folder / "events.sqlite"
    artifacts = [
        Artifact(f"{number}/{LOG}" if number else LOG, file, "0" * 64, 0, "evtx") for number in range(copies)
    ]
    with EventIndexWriter(index) as writer:
        for artifact in artifacts:
            part = writer.part(artifact.path, artifact.sha256)
            part.add([row(part, number, event) for number, event in enumerate(events, 1)])
            part.close()
    return Material(
        ZoneInfo("Asia/Shanghai"),
        EventIndex(index),
        artifacts=artifacts,
        logs=[LogFacts(artifact.path, len(events), 1, len(events)) for artifact in artifacts],
    )


def row(part: Part, number: int, event: Mapping[str, Any]) -> tuple[Any, ...]:
    """The columns of one event in the order of ``EventRow``; ``at`` is None where the log tells no time."""
    kind = part.kind(
        (
            event["provider"],
            event["event_id"],
            event.get("qualifiers"),
            0,
            event.get("level", 4),
            0,
            0,
            "0x0",
            event["channel"],
            event.get("computer", "PC-7"),
        )
    )
    time = None
    if event["at"] is not None:
        time = (START + timedelta(seconds=event["at"])).isoformat(timespec="microseconds")
        time = time.replace("+00:00", "Z")
    origin = part.origin((None, 4, 8, None))
    return (part.first + number, part.log, number, time, kind, origin, payload(event), number)
