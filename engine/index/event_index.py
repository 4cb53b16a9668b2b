"""The events of a bundle in one index of one or several SQLite files, asked together.

``writer`` builds them. Columns carry their types, so that comparisons mean what they
say; a missing value is NULL. Times are UTC text of fixed width (``2020-11-24T01:01:43.123456Z``),
which sorts as time does. Answers are the same however the events are spread over the files.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cached_property
from heapq import merge
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from engine.index.field_names import add_names, has
from engine.index.functions import FUNCTIONS
from engine.index.values import LogForm, where_of
from engine.index.writer import LOG_BITS
from engine.schema.evidence import Locator

_COLUMNS = (
    "artifact, record_id, time, provider, event_id, qualifiers, version, level, task, opcode, "
    "keywords, channel, computer, user, process_id, thread_id, activity_id, data, binary, "
    "{form}, {number}, id"
)
"""The view's columns in the order of ``EventRecord``."""
_NO_FORM, _NO_NUMBER = "'evtx' AS form", "record_id AS number"
"""In an index of versions up to the one that told records by the number in their header."""
# The view's columns, kinds first: a condition on provider and event id then costs a look at a few
# hundred kinds. Left to itself SQLite may read every record, as it cannot tell how few will match.
_BY_KIND = """
SELECT log.artifact, record_id, {number}, time, provider, event_id, qualifiers, version, level, task, opcode,
    keywords, channel, computer, user, process_id, thread_id, activity_id, data,
    json_extract(data, '$.Binary') AS binary, record.id AS id
FROM kind CROSS JOIN record ON record.kind = kind.id CROSS JOIN log ON log.id = record.log
"""
_MAX_BOOT_GAP_SECONDS = 120
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


class EventIndex:
    """A finished index, opened read-only: one file of it, or a folder of all its files.

    Raises ``FileNotFoundError`` when there is none.
    """

    def __init__(self, place: Path) -> None:
        files = sorted(place.glob("*.sqlite")) if place.is_dir() else [place]
        if not files or not all(file.is_file() for file in files):
            raise FileNotFoundError(place)
        self._shards: list[sqlite3.Connection] = []
        with ExitStack() as opened:
            for file in files:
                # The files never change once built: "immutable" spares the locks and the journal look-up.
                uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
                shard = sqlite3.connect(uri, uri=True, check_same_thread=False)
                opened.enter_context(closing(shard))
                for name, values, function in FUNCTIONS:
                    shard.create_function(name, values, function, deterministic=True)
                shard.create_function("MESSAGE", -1, self._message)
                self._shards.append(shard)
            held = {name for _, name, *_ in self._shards[0].execute("PRAGMA table_info(record)")}
            self._number = "number" if "number" in held else _NO_NUMBER
            form = "form" if self._number == "number" else _NO_FORM
            self._columns = _COLUMNS.format(form=form, number=self._number)
            self._by_kind = _BY_KIND.format(number=self._number)
            self._opened = opened.pop_all()
        self.told_by: Callable[[EventRecord], Iterable[str]] = lambda record: ()

    def _message(self, *columns: Any) -> str | None:
        """What an event says: in its own field, as rendered where it was forwarded, and as ``told_by`` has
        it."""
        record = EventRecord(*columns)
        own = record.data.get("Message")
        told = [
            own if isinstance(own, str) else "",
            record.rendering and record.rendering[1],
            *self.told_by(record),
        ]
        return "\0".join(dict.fromkeys(text for text in told if text)) or None

    def close(self) -> None:
        """Lets go of the files."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def ask(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query (SQL) on all files, one file after the other."""
        for shard in self._shards:
            # Not "yield from": what was not read to its end would close its cursor after the database.
            for row in shard.execute(query, values):  # noqa: UP028
                yield row

    def _merged(
        self, query: str, values: Sequence[Any], key: Callable[[tuple[Any, ...]], Any]
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of all files, of each in the order of ``key``, in that order."""
        if len(self._shards) == 1:
            return self.ask(query, values)
        return merge(*(shard.execute(query, values) for shard in self._shards), key=key)

    # -- What there is ----------------------------------------------------------------

    def count(self, *, artifact: str | None = None) -> int:
        """How many events there are, in all logs or in one."""
        channels = self.channels()
        logs = channels.values() if artifact is None else [channels.get(artifact, {})]
        return sum(sum(counts.values()) for counts in logs)

    def logs(self) -> list[str]:
        """The paths of the indexed logs, in the order they were given."""
        return [path for _, path in sorted(set(self.ask("SELECT id, artifact FROM log")))]

    def channels(self) -> dict[str, dict[str, int]]:
        """How many events of each channel each log has: ``{artifact: {channel: count}}``."""
        return self._channels

    @cached_property
    def _channels(self) -> dict[str, dict[str, int]]:
        query = (
            "SELECT artifact, coalesce(channel, ''), sum(events) FROM tally "
            "JOIN part ON part.id = tally.part JOIN log ON log.id = part.log "
            "JOIN kind ON kind.id = tally.kind GROUP BY 1, 2"
        )
        channels: dict[str, dict[str, int]] = {}
        for artifact, channel, number in sorted(self.ask(query)):
            counts = channels.setdefault(artifact, {})
            counts[channel] = counts.get(channel, 0) + number
        return channels

    def logs_of(self, channels: Collection[str] | None) -> set[str]:
        """The logs with events of one of these channels, in whatever case; ``None`` stands for any."""
        if channels is None:
            return set(self._channels)
        return set().union(*(self._logs_by_channel.get(channel.casefold(), ()) for channel in channels))

    @cached_property
    def _logs_by_channel(self) -> dict[str, set[str]]:
        logs: dict[str, set[str]] = {}
        for log, counts in self._channels.items():
            for channel in counts:
                logs.setdefault(channel.casefold(), set()).add(log)
        return logs

    def computers(self) -> list[str]:
        """What the events call their machines."""
        query = "SELECT DISTINCT computer FROM kind WHERE computer <> '' AND id IN (SELECT kind FROM tally)"
        return sorted({name for (name,) in self.ask(query) if isinstance(name, str)})

    def kinds(self) -> set[tuple[str, int]]:
        """Which events there are: provider (case folded) and event id."""
        query = (
            "SELECT DISTINCT provider, event_id FROM kind "
            "WHERE typeof(event_id) = 'integer' AND id IN (SELECT kind FROM tally)"
        )
        return {(str(provider or "").casefold(), number) for provider, number in self.ask(query)}

    def providers(self) -> dict[str, str]:
        """The GUID of each provider that states one, by its name."""
        rows = sorted(self.ask("SELECT part, name, guid FROM provider"), reverse=True)
        return {name: guid for _, name, guid in rows}  # of several the first one stays

    # -- Events -----------------------------------------------------------------------

    def records(self, ids: Sequence[int]) -> list[EventRecord]:
        """The records of those ids, in that order; unknown ones are left out."""
        query = f"SELECT {self._columns} FROM event WHERE id = ?"  # noqa: S608  Columns alone.
        return [EventRecord(*row) for number in ids for row in self.ask(query, (number,))]

    def numbered(self, artifact: str, record_id: int) -> EventRecord | None:
        """The event of that ``EventRecordID`` in a log, the first of several."""
        where, values = where_of(self._in_log(artifact) | {"record_id": record_id})
        query = f"SELECT {self._columns} FROM event{where} ORDER BY id LIMIT 1"  # noqa: S608  As in ``events``.
        rows = sorted(self.ask(query, values), key=lambda row: row[-1])
        return EventRecord(*rows[0]) if rows else None

    def at(self, artifact: str, locator: Locator) -> EventRecord | None:
        """The event that a locator names; those of earlier versions told a record by its ``number``."""
        where, values = where_of(self._in_log(artifact))
        since = "time IS ?" if locator.time is None else "time = ?"
        own = "record_id" if self._number == _NO_NUMBER else "number"
        query = f"SELECT {self._columns} FROM event{where} AND {since} AND ? IN (record_id, {own})"  # noqa: S608  As above.
        named = locator.line if locator.record_id is None else locator.record_id
        bearers = [EventRecord(*row) for row in self.ask(query, (*values, locator.time, named))]
        return min(bearers, key=lambda event: _distance(event, locator), default=None)

    def _in_log(self, artifact: str) -> dict[str, Any]:
        """The condition that a record is of that log: ids of one log lie side by side."""
        if self._number == _NO_NUMBER:
            return {"artifact": artifact}
        log = self._log_numbers.get(artifact, -1)
        return {"id >=": log << LOG_BITS, "id <": (log + 1) << LOG_BITS}

    @cached_property
    def _log_numbers(self) -> dict[str, int]:
        return {path: number for number, path in self.ask("SELECT id, artifact FROM log")}

    def events(
        self,
        *,
        provider: str | None = None,
        event_id: int | tuple[int, ...] | None = None,
        channel: str | None = None,
        artifact: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[EventRecord]:
        """The events that fit all that is given, oldest first; ``until`` is exclusive."""
        where, values = where_of(
            {
                "event_id": event_id,
                "provider": provider,
                "channel": channel,
                "time >=": since,
                "time <": until,
            }
            | ({} if artifact is None else self._in_log(artifact))
        )
        query = f"SELECT {self._columns} FROM event{where} ORDER BY time, artifact, record_id, id"  # noqa: S608  Of columns and question marks.
        for row in self._merged(query, values, lambda row: (row[2] or "", row[0], row[1], row[-1])):
            yield EventRecord(*row)

    def matching(self, predicate: str, columns: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """``(id, artifact, record_id, time, *columns)`` of the events that fulfil an SQL condition,
        oldest first. Both are SQL on the view ``event``, where ``REGEXP`` and ``SERVICE`` are known too.

        Raises ``sqlite3.Error`` for SQL that the index refuses.
        """
        asked = ", ".join(["id", "artifact", "record_id", "time", *columns])
        query = f"SELECT {asked} FROM ({self._by_kind}) AS event WHERE {predicate} ORDER BY time, id"  # noqa: S608  SQL is what is asked for.
        return self._merged(query, (), lambda row: (row[3] or "", row[0]))

    # -- Fields -----------------------------------------------------------------------

    def kinds_that(self, predicate: str, every_field: bool = False) -> set[tuple[int, int]]:
        """Which kinds of events fulfil an SQL condition on the columns of ``kind``, where
        ``PRESENT(id, 'name|other')`` tells whether any event of the kind has such a field, or is true
        throughout for ``every_field``."""
        kinds: set[tuple[int, int]] = set()
        for shard, (connection, names) in enumerate(zip(self._shards, self._names, strict=True)):

            def present(kind: int, asked: str, names: dict[int, set[str]] = names) -> bool:
                return every_field or has(names.get(kind, set()), asked)

            connection.create_function("PRESENT", 2, present)
            query = f"SELECT id FROM kind WHERE id IN (SELECT kind FROM tally) AND ({predicate})"  # noqa: S608  SQL is what is asked for.
            kinds.update((shard, kind) for (kind,) in connection.execute(query))
        return kinds

    def have_field(self, kinds: Collection[tuple[int, int]], asked: str) -> bool:
        """Whether any event of these kinds has the field."""
        return any(has(self._names[shard].get(kind, set()), asked) for shard, kind in kinds)

    @cached_property
    def _names(self) -> list[dict[int, set[str]]]:
        every = []
        for shard in self._shards:
            names: dict[int, set[str]] = {}
            for kind, payload in shard.execute("SELECT kind, data FROM record"):
                add_names(names.setdefault(kind, set()), payload)
            every.append(names)
        return every

    # -- Time -------------------------------------------------------------------------

    def steps_back(
        self, artifact: str, least: timedelta, *, most: int = 1000
    ) -> list[tuple[EventRecord, EventRecord]]:
        """Records of one channel and computer, one written after the other, of which the later has a time
        at least ``least`` earlier; the first ``most`` of them.

        Written later is what stands later in the file and has a higher ``EventRecordID``: a saved log may
        be in another order than that of writing, a collected one holds records of several logs.
        """
        if self._is_steady(artifact, least):
            return []
        where, values = where_of(self._in_log(artifact))
        number = "record_id" if self._number == _NO_NUMBER else "number"
        query = (
            f"SELECT {number} AS place, record_id, time, channel, computer, id FROM event{where}"  # noqa: S608  As above.
            " AND time IS NOT NULL ORDER BY place, id"
        )
        last: dict[tuple[Any, Any], tuple[int, str, int]] = {}
        steps: list[tuple[EventRecord, EventRecord]] = []
        for _, record_id, time, *source, event in self._merged(query, values, lambda row: (row[0], row[-1])):
            before = last.get((*source,))
            last[(*source,)] = record_id, time, event
            if before is None or time >= before[1] or record_id <= before[0]:
                continue
            if seconds_back(before[1], time) >= least.total_seconds():
                steps += zip(self.records([before[2]]), self.records([event]), strict=True)
                if len(steps) >= most:
                    break
        return steps

    def _is_steady(self, artifact: str, least: timedelta) -> bool:
        """Whether what the reading noted rules out a step of that size without a look at the records."""
        parts = self._courses.get(artifact, [])
        limit = least.total_seconds()
        return all(part[-1] is not None and part[-1] < limit for part in parts) and all(
            left[2] < right[1] and seconds_back(left[4], right[3]) < limit for left, right in pairwise(parts)
        )

    @cached_property
    def _courses(self) -> dict[str, list[tuple[Any, ...]]]:
        """How numbers and times run through the parts of each log."""
        query = (
            "SELECT artifact, part.id, first_record, last_record, first_time, last_time, back FROM part "
            "JOIN log ON log.id = part.log WHERE first_record IS NOT NULL"
        )
        orderings: dict[str, list[tuple[Any, ...]]] = {}
        for artifact, *ordering in sorted(self.ask(query), key=lambda row: row[1]):
            orderings.setdefault(artifact, []).append(tuple(ordering))
        return orderings

    def last_before(self, time: str, computers: tuple[str, ...]) -> str | None:
        """When a machine wrote its last record before a moment (UTC text)."""
        where, values = where_of({"computer": computers})
        query = f"SELECT time FROM record WHERE time < ? AND kind IN (SELECT id FROM kind{where})"  # noqa: S608  As in ``events``.
        rows = self.ask(f"{query} ORDER BY time DESC LIMIT 1", (time, *values))
        return max((last for (last,) in rows), default=None)

    def boots(self, *, artifact: str | None = None, computers: tuple[str, ...] | None = None) -> list[str]:
        """When the machine that events call so started, oldest first (UTC text).

        A start writes several records (Kernel-General 12, Kernel-Boot 27, EventLog 6005); those
        within two minutes of each other are one start, told by its earliest. A resume from a
        fast-startup image (Kernel-Boot 27 with a boot type other than 0) starts no service anew.
        """
        of_log = {} if artifact is None else self._in_log(artifact)
        where, values = where_of({"computer": computers} | of_log)
        marks = (
            "((event_id = 12 AND provider = 'Microsoft-Windows-Kernel-General')"
            " OR (event_id = 27 AND provider = 'Microsoft-Windows-Kernel-Boot'"
            " AND json_extract(data, '$.BootType') IN (0, '0x0'))"
            " OR (event_id = 6005 AND provider = 'EventLog'))"
        )
        joint = f"{where} AND {marks}" if where else f" WHERE {marks}"
        seconds = "CAST(strftime('%s', time) AS INTEGER)"
        query = (
            f"SELECT time, {seconds} AS second FROM ({self._by_kind}) AS event{joint} AND second IS NOT NULL"  # noqa: S608  As above.
        )
        boots: list[str] = []
        last: int | None = None
        for time, second in sorted(self.ask(query, values)):
            if last is None or second - last > _MAX_BOOT_GAP_SECONDS:
                boots.append(time)
            last = second
        return boots


def seconds_back(before: str | None, after: str | None) -> float:
    """By how many seconds ``after`` is earlier than ``before``; 0 where it is not, or one is no time."""
    try:
        was, became = datetime.fromisoformat(before or ""), datetime.fromisoformat(after or "")
        return max((was - became).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def _distance(event: EventRecord, locator: Locator) -> tuple[bool, bool, bool, int]:
    """How far an event is from the one that a locator means, where several bear its name."""
    number = locator.record_id if locator.number is None else locator.number
    return (
        event.number != number,
        event.record_id != locator.record_id,
        (event.event_id, event.provider) != (locator.event_id, locator.provider),
        event.id,
    )
