"""What the Service Control Manager writes when a service ends unexpectedly (7031, 7034).

Source: Microsoft, "Service Control Manager events" 7031 and 7034; ``param1`` is the display
name, ``param2`` how often the service has ended unexpectedly since the manager started.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.service_names import PROVIDER, service_key
from engine.text_safety import legible

TERMINATED = (7031, 7034)

_MAX_BURST_GAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Termination:
    """One unexpected end. ``counter`` is the event's own count, ``None`` when it is no number."""

    event: EventRecord
    key: str
    name: str
    time: datetime
    counter: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """The ends of one service between two starts of the machine, oldest first.

    ``boot`` is ``None`` before the first start that the log shows.
    """

    boot: datetime | None
    ends: tuple[Termination, ...]

    @property
    def unrecorded(self) -> int:
        """How many ends the events' counter tells of that the log does not hold.

        The manager's counter begins at 1 after each start of the machine. It may fall within a
        run (the service's own reset period), so only a counter ahead of the records tells.
        """
        ahead = (end.counter - place for place, end in enumerate(self.ends, 1) if end.counter is not None)
        return max(0, *ahead, 0)

    @property
    def bursts(self) -> tuple[tuple[Termination, ...], ...]:
        """The ends, parted where more than fifteen minutes lie between two."""
        parts: list[list[Termination]] = []
        for end in self.ends:
            if parts and end.time - parts[-1][-1].time <= _MAX_BURST_GAP:
                parts[-1].append(end)
            else:
                parts.append([end])
        return tuple(tuple(part) for part in parts)


def terminations(index: EventIndex, artifact: str) -> Iterator[Termination]:
    """Every unexpected end in one log, oldest first."""
    for event in index.events(provider=PROVIDER, event_id=TERMINATED, artifact=artifact):
        moment = parse_time(event.time)
        if moment is None:
            continue
        data = _named(event)
        name = legible(str(data.get("param1") or "")) or "?"
        counter = str(data.get("param2") or "").strip()
        yield Termination(
            event,
            key=service_key(event.binary) or name,
            name=name,
            time=moment,
            counter=int(counter) if counter.isdecimal() and len(counter) < 10 else None,
        )


def _named(event: EventRecord) -> dict[str, Any]:
    """The values by name; systems before Vista wrote them without."""
    data = event.data
    unnamed = data.get("Data")
    if isinstance(unnamed, list):
        data |= {f"param{place}": value for place, value in enumerate(unnamed, 1)}
    return data


def runs(ends: list[Termination], boots: list[datetime]) -> list[Run]:
    """The ends of one service by the start of the machine that they follow."""
    parts: dict[int, list[Termination]] = {}
    for end in ends:
        parts.setdefault(bisect_right(boots, end.time), []).append(end)
    return [Run(boots[number - 1] if number else None, tuple(part)) for number, part in parts.items()]


def parse_time(time: str | None) -> datetime | None:
    """The index's UTC text as a moment, one that names no zone, too; ``None`` for what is no time."""
    try:
        moment = datetime.fromisoformat(time or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
