"""What the account of a SID is called: by the records of the bundle that bear both, or as Windows has it."""

import json
import re
from typing import Any

from engine.index.derived import ACCOUNTS
from engine.index.event_index import EventIndex
from engine.text_safety import legible

SID = re.compile(r"S-1-\d{1,14}(?:-\d{1,10}){1,15}")
_PAIRS = (
    ("TargetUserSid", "TargetUserName"),
    ("TargetSid", "TargetUserName"),
    ("SubjectUserSid", "SubjectUserName"),
)
_BEARERS = (4624, 4672, 4720, 4722, 4738)
"""Events of the Security log that name an account and its SID."""
_LOOKED_AT = 20


def account_of(events: EventIndex, sid: str) -> str | None:
    """The name; ``None`` for what is no SID, and where no record bears both."""
    if not SID.fullmatch(sid):
        return None
    if sid in ACCOUNTS:
        return ACCOUNTS[sid]
    query = (
        f"SELECT data FROM record WHERE kind IN (SELECT id FROM kind WHERE event_id IN {_BEARERS} "  # noqa: S608  Numbers alone.
        "AND provider = 'Microsoft-Windows-Security-Auditing') AND instr(data, ?) LIMIT ?"
    )
    for (payload,) in events.ask(query, (sid, _LOOKED_AT)):
        if name := _named(json.loads(payload), sid):
            return name
    return None


def _named(data: Any, sid: str) -> str | None:
    for of, name in _PAIRS:
        if isinstance(data, dict) and data.get(of) == sid and isinstance(data.get(name), str):
            shown = legible(data[name])
            return shown if shown not in {"", "-"} else None
    return None
