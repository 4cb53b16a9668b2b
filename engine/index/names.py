"""What the records of an index call the machines that wrote them, when, and under which numbers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from engine.index.event_index import EventIndex
from engine.index.schema import LOG_BITS
from engine.index.values import LogForm, where_of


@dataclass(frozen=True, slots=True)
class NameInLog:
    """What records of one channel in one log call their machine: how many, their first and last number, the
    earliest and latest time (UTC text, or ``None``)."""

    artifact: str
    channel: str
    computer: str
    records: int
    first: int
    last: int
    first_time: str | None
    last_time: str | None

    def joined(self, other: "NameInLog") -> "NameInLog":
        """This one with further records of the same machine."""
        return replace(
            self,
            records=self.records + other.records,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            first_time=min(filter(None, (self.first_time, other.first_time)), default=None),
            last_time=max(filter(None, (self.last_time, other.last_time)), default=None),
        )


def spans_of_computers(events: EventIndex) -> dict[str, tuple[str, str]]:
    """When each machine, as its events call it, wrote its first and its last record (UTC text)."""
    edge = "(SELECT {}(time) FROM record WHERE kind = kind.id)"
    query = f"SELECT computer, {edge.format('min')}, {edge.format('max')} FROM kind WHERE computer <> ''"  # noqa: S608  As in ``events``.
    spans: dict[str, tuple[str, str]] = {}
    for computer, first, last in events.ask(query):
        if first is not None:
            known = spans.get(computer, (first, last))
            spans[computer] = min(known[0], first), max(known[1], last)
    return spans


def names_in_logs(events: EventIndex) -> Iterator[NameInLog]:
    """What the records of each channel call their machine, of the logs with several such names that
    Windows numbered; a name may come in several pieces."""
    several = (
        "SELECT part.log, channel, computer FROM tally JOIN part ON part.id = tally.part "
        "JOIN kind ON kind.id = tally.kind WHERE computer <> ''"
    )
    names: dict[tuple[int, str], set[str]] = {}
    for log, channel, computer in events.ask(several):
        names.setdefault((log, channel), set()).add(computer)
    query = (
        "SELECT log.artifact, channel, computer, count(*), min(record_id), max(record_id), min(time), "
        "max(time) FROM record JOIN kind ON kind.id = record.kind JOIN log ON log.id = record.log "
        "WHERE record.id >= ? AND record.id < ? AND log.form <> ? AND computer <> '' GROUP BY 1, 2, 3"
    )
    for log in sorted({log for (log, _channel), known in names.items() if len(known) > 1}):
        for row in events.ask(query, (log << LOG_BITS, (log + 1) << LOG_BITS, LogForm.LINES)):
            yield NameInLog(*row)


def computers_of(events: EventIndex, provider: str, event_id: tuple[int, ...]) -> set[str]:
    """What events of these kinds call their machines."""
    where, values = where_of({"provider": provider, "event_id": event_id})
    rows = events.ask(f"SELECT DISTINCT computer FROM kind{where}", values)  # noqa: S608  As in ``events``.
    return {computer for (computer,) in rows if computer}


def payloads(
    events: EventIndex, provider: str, event_id: tuple[int, ...], computer: str, most: int
) -> Iterator[dict[str, Any]]:
    """What the first ``most`` events of these kinds that a machine wrote carry, by each file's order."""
    where, values = where_of({"provider": provider, "event_id": event_id, "computer": computer})
    rows = events.ask(f"SELECT data FROM event{where} LIMIT ?", (*values, most))  # noqa: S608  As in ``events``.
    for (payload,) in islice(rows, most):
        value = json.loads(payload) if payload else None
        if isinstance(value, dict):
            yield value
