"""Which service a record of the Service Control Manager is about, in whatever language it speaks.

The record's ``Binary`` holds the service's key name in UTF-16LE, in some records followed by
``/`` and a state number (public event records of 7036 and 7034); the display name among its
parameters is translated. Source of the parameters: Microsoft, "Service Control Manager events".
"""

import json
from typing import Any

from engine.text_safety import legible

PROVIDER = "Service Control Manager"

_NAMED_BY = {7009: "param2", 7011: "param2", 7032: "param3"}
"""The parameter that names the service, where it is not ``param1``."""


def service_key(binary: str | None) -> str | None:
    """The key name in a record's ``Binary`` (hex of UTF-16LE, ``Key`` or ``Key/state``)."""
    try:
        text = bytes.fromhex(binary or "").decode("utf-16-le")
    except ValueError:
        return None
    text = text.rstrip("\0")
    key, _, state = text.rpartition("/")
    return legible(key if key and state.isdecimal() else text) or None


def service_of(event_id: int | None, binary: str | None, payload: str | None) -> str | None:
    """The key name of a record, else the name that its parameters state; ``None`` without either."""
    if isinstance(binary, str) and (key := service_key(binary)):
        return key
    try:
        data: Any = json.loads(payload or "")
    except (ValueError, RecursionError):
        return None
    name = data.get(_NAMED_BY.get(event_id or 0, "param1")) if isinstance(data, dict) else None
    return legible(name) or None if isinstance(name, str) else None
