"""Values and conditions as SQLite takes them."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

_INT64 = 2**63 - 1


class LogForm(StrEnum):
    """What a log's records are numbered by, and whether a second parser can read them again.

    ``evtx``: by Windows, in its own file. ``numbered``: by Windows, in an export of text. ``lines``: by
    nothing; the number is the line that the record begins at.
    """

    EVTX = "evtx"
    NUMBERED = "numbered"
    LINES = "lines"


def storable(value: Any) -> Any:
    """As near as SQLite can hold it: numbers of 64 bits, whole characters, the rest as JSON."""
    match value:
        case int():
            return max(min(value, _INT64), -_INT64)
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case None | float() | bytes():
            return value
    return json.dumps(value)


def where_of(conditions: dict[str, Any]) -> tuple[str, list[Any]]:
    """``WHERE`` and its values for the columns that are asked for: ``None`` is not asked, a tuple is
    any of its values, a column may end in an operator."""
    terms: list[str] = []
    values: list[Any] = []
    for column, value in conditions.items():
        if value is None:
            continue
        if isinstance(value, tuple):
            terms.append(f"{column} IN ({', '.join('?' * len(value))})")
            values.extend(value)
        else:
            terms.append(f"{column} ?" if column[-1] in "=<" else f"{column} = ?")
            values.append(value)
    return (f" WHERE {' AND '.join(terms)}" if terms else ""), values


def seconds_back(before: str | None, after: str | None) -> float:
    """By how many seconds ``after`` is earlier than ``before``; 0 where it is not, or one is no time."""
    try:
        was, became = datetime.fromisoformat(before or ""), datetime.fromisoformat(after or "")
        return max((was - became).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0
