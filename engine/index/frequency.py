"""How often events of a kind came in a span of time: counted on the index alone, no record is read."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from engine.index.event_index import EventIndex
from engine.index.values import where_of

MAX_KINDS = 5_000
"""Kinds that are looked at; a machine has a few hundred, a hostile log any number."""

MAX_COUNTED = 10_000
"""Events of a kind; more are as many."""


class Kind(NamedTuple):
    """A kind of events in one file of the index: where it stands, and what its events share."""

    shard: int
    number: int
    provider: str
    event_id: int
    level: int
    channel: str
    computer: str


def kinds_of(events: EventIndex, condition: str) -> Iterator[Kind]:
    """The kinds that fulfil an SQL condition on the table ``kind``, as ``EventIndex.kinds_that`` has it."""
    query = "SELECT provider, event_id, level, channel, computer FROM kind WHERE id = ?"
    found = sorted(events.kinds_that(condition, every_field=True))
    for shard, number in islice(found, MAX_KINDS):
        for row in events.shards[shard].execute(query, (number,)):
            yield Kind(shard, number, *row)


def counted(events: EventIndex, kind: Kind, since: str, until: str, most: int = MAX_COUNTED) -> int:
    """How many there were from ``since`` until before ``until`` (UTC text), counted up to ``most``."""
    query = "SELECT count(*) FROM (SELECT 1 FROM record WHERE kind = ? AND time >= ? AND time < ? LIMIT ?)"
    number: int
    (number,) = events.shards[kind.shard].execute(query, (kind.number, since, until, most)).fetchone()
    return number


def first_since(events: EventIndex, kind: Kind, since: str) -> str | None:
    """The time of the first one from ``since`` on."""
    query = "SELECT min(time) FROM record WHERE kind = ? AND time >= ?"
    time: str | None
    (time,) = events.shards[kind.shard].execute(query, (kind.number, since)).fetchone()
    return time


class Begin(NamedTuple):
    """When a channel begins (UTC text), how many records it has in all, and the lowest number that Windows
    gave one of the oldest of each kind; ``None`` where they are numbered by nothing."""

    first: str
    records: int
    lowest: int | None


def begins(events: EventIndex, computers: tuple[str, ...], since: str, oldest: int) -> dict[str, Begin]:
    """By channel, of what these computers (as records write them) wrote from ``since`` on; of so many
    ``oldest`` of each kind the numbers are looked at."""
    where, values = where_of({"computer": computers})
    query = (
        "SELECT channel, (SELECT min(time) FROM record WHERE kind = kind.id AND time >= ?) AS first, "  # noqa: S608  As in ``EventIndex.events``.
        "(SELECT sum(events) FROM tally WHERE kind = kind.id), "
        "(SELECT min(record_id) FROM (SELECT record_id, log FROM record WHERE kind = kind.id LIMIT ?) "
        "JOIN log ON log.id = log WHERE form <> 'lines') "
        f"FROM kind{where} AND channel <> '' AND first IS NOT NULL"
    )
    found: dict[str, Begin] = {}
    for channel, *begin in events.ask(query, (since, oldest, *values)):
        one = Begin(*begin)
        known = found.get(channel, Begin(one.first, 0, None))
        lowest = min((number for number in (one.lowest, known.lowest) if number is not None), default=None)
        found[channel] = Begin(min(one.first, known.first), known.records + one.records, lowest)
    return found
