"""One event of the index, read back."""

import json
from dataclasses import dataclass, field, fields
from typing import Any

from engine.index.values import LogForm

RENDERING = "#rendering"
"""In a payload the culture and the message that a forwarded event carries, as a list."""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event read back. ``artifact`` is the path of its log inside the bundle, ``payload``
    JSON text, ``binary`` the upper-case hex of the ``Binary`` element.

    ``record_id`` is its ``EventRecordID``, as Event Viewer shows it; a log may hold several of the same.
    ``number`` is what the file counts it by, ``id`` is its own in the whole index; ``form`` says what
    ``record_id`` counts in this log.
    """

    artifact: str
    record_id: int
    time: str | None
    provider: str | None
    event_id: int | None
    qualifiers: int | None
    version: int | None
    level: int | None
    task: int | None
    opcode: int | None
    keywords: str | None
    channel: str | None
    computer: str | None
    user: str | None
    process_id: int | None
    thread_id: int | None
    activity_id: str | None
    payload: str | None
    binary: str | None
    form: str = LogForm.EVTX
    number: int = 0
    id: int = field(default=0, compare=False)

    @property
    def data(self) -> dict[str, Any]:
        """The named values; unnamed ones stand under ``Data`` as a list. ``{}`` when there are none."""
        value = json.loads(self.payload) if self.payload else None
        if not isinstance(value, dict):
            return {}
        value.pop(RENDERING, None)
        unnamed = value.get("Data")
        if isinstance(unnamed, dict) and "#text" in unnamed:
            texts = unnamed["#text"]
            value["Data"] = texts if isinstance(texts, list) else [texts]
        return value

    @property
    def rendering(self) -> tuple[str, str] | None:
        """The culture and the message that a forwarded event carries; ``None`` when it has none."""
        if not self.payload or RENDERING not in self.payload:
            return None
        try:
            culture, message = json.loads(self.payload)[RENDERING]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return (str(culture), str(message)) if message else None


MESSAGE_COLUMNS = ", ".join(
    {"payload": "data"}.get(field.name, field.name)
    for field in fields(EventRecord)
    if field.name not in {"form", "number", "id"}
)
"""What ``MESSAGE`` takes in SQL: all columns of a record."""
