"""The events of a bundle in one index of one or several SQLite files, asked together.

``writer`` builds them. Columns carry their types, so that comparisons mean what they
say; a missing value is NULL. Times are UTC text of fixed width (``2020-11-24T01:01:43.123456Z``),
which sorts as time does. Answers are the same however the events are spread over the files.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Any

from engine.index.event_record import EventRecord
from engine.index.field_names import add_names, has
from engine.index.opening import NO_NUMBER, OpenIndex
from engine.index.values import where_of
from engine.schema.evidence import Locator

_MAX_BOOT_GAP_SECONDS = 120


class EventIndex(OpenIndex):
    """A finished index, opened read-only: one file of it, or a folder of all its files.

    Raises ``FileNotFoundError`` when there is none.
    """

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
        query = f"SELECT {self.columns} FROM event WHERE id = ?"  # noqa: S608  Columns alone.
        return [EventRecord(*row) for number in ids for row in self.ask(query, (number,))]

    def numbered(self, artifact: str, record_id: int) -> EventRecord | None:
        """The event of that ``EventRecordID`` in a log, the first of several."""
        where, values = where_of(self.in_log(artifact) | {"record_id": record_id})
        query = f"SELECT {self.columns} FROM event{where} ORDER BY id LIMIT 1"  # noqa: S608  As in ``events``.
        rows = sorted(self.ask(query, values), key=lambda row: row[-1])
        return EventRecord(*rows[0]) if rows else None

    def at(self, artifact: str, locator: Locator) -> EventRecord | None:
        """The event that a locator names; those of earlier versions told a record by its ``number``."""
        where, values = where_of(self.in_log(artifact))
        since = "time IS ?" if locator.time is None else "time = ?"
        own = "record_id" if self.number == NO_NUMBER else "number"
        bears = f"{since} AND ? IN (record_id, {own})"
        query = f"SELECT {self.columns} FROM ({self.by_kind}) AS event{where} AND {bears}"  # noqa: S608  As above.
        named = locator.line if locator.record_id is None else locator.record_id
        bearers = [EventRecord(*row) for row in self.ask(query, (*values, locator.time, named))]
        return min(bearers, key=lambda event: _distance(event, locator), default=None)

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
            | ({} if artifact is None else self.in_log(artifact))
        )
        of = "event" if since is None and until is None else f"({self.by_kind}) AS event"
        query = f"SELECT {self.columns} FROM {of}{where} ORDER BY time, artifact, record_id, id"  # noqa: S608  Of columns and question marks.
        for row in self.merged(query, values, lambda row: (row[2] or "", row[0], row[1], row[-1])):
            yield EventRecord(*row)

    def matching(self, predicate: str, columns: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """``(id, artifact, record_id, time, *columns)`` of the events that fulfil an SQL condition,
        oldest first. Both are SQL on the view ``event``, where ``REGEXP`` and ``SERVICE`` are known too.

        Raises ``sqlite3.Error`` for SQL that the index refuses.
        """
        asked = ", ".join(["id", "artifact", "record_id", "time", *columns])
        query = f"SELECT {asked} FROM ({self.by_kind}) AS event WHERE {predicate} ORDER BY time, id"  # noqa: S608  SQL is what is asked for.
        return self.merged(query, (), lambda row: (row[3] or "", row[0]))

    # -- Fields -----------------------------------------------------------------------

    def kinds_that(self, predicate: str, every_field: bool = False) -> set[tuple[int, int]]:
        """Which kinds of events fulfil an SQL condition on the columns of ``kind``, where
        ``PRESENT(id, 'name|other')`` tells whether any event of the kind has such a field, or is true
        throughout for ``every_field``."""
        kinds: set[tuple[int, int]] = set()
        every = [{}] * len(self.shards) if every_field else self._names
        for shard, (connection, names) in enumerate(zip(self.shards, every, strict=True)):

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
        for shard in self.shards:
            names: dict[int, set[str]] = {}
            for kind, payload in shard.execute("SELECT kind, data FROM record"):
                add_names(names.setdefault(kind, set()), payload)
            every.append(names)
        return every

    # -- Time -------------------------------------------------------------------------

    @cached_property
    def courses(self) -> dict[str, list[tuple[Any, ...]]]:
        """How numbers and times run through the parts of each log."""
        query = (
            "SELECT artifact, part.id, first_record, last_record, first_time, last_time, back FROM part "
            "JOIN log ON log.id = part.log WHERE first_record IS NOT NULL"
        )
        orderings: dict[str, list[tuple[Any, ...]]] = {}
        for artifact, *ordering in sorted(self.ask(query), key=lambda row: row[1]):
            orderings.setdefault(artifact, []).append(tuple(ordering))
        return orderings

    def last_before(self, time: str, computers: tuple[str, ...], channel: str | None = None) -> str | None:
        """When a machine wrote its last record before a moment (UTC text), of all channels or of one."""
        where, values = where_of({"computer": computers, "channel": channel})
        last = "(SELECT max(time) FROM record WHERE kind = kind.id AND time < ?)"
        rows = self.ask(f"SELECT {last} FROM kind{where}", (time, *values))  # noqa: S608  As in ``events``.
        return max((last for (last,) in rows if last is not None), default=None)

    def boots(self, *, artifact: str | None = None, computers: tuple[str, ...] | None = None) -> list[str]:
        """When the machine that events call so started, oldest first (UTC text).

        A start writes several records (Kernel-General 12, Kernel-Boot 27, EventLog 6005); those
        within two minutes of each other are one start, told by its earliest. A resume from a
        fast-startup image (Kernel-Boot 27 with a boot type other than 0) starts no service anew.
        """
        of_log = {} if artifact is None else self.in_log(artifact)
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
            f"SELECT time, {seconds} AS second FROM ({self.by_kind}) AS event{joint} AND second IS NOT NULL"  # noqa: S608  As above.
        )
        boots: list[str] = []
        last: int | None = None
        for time, second in sorted(self.ask(query, values)):
            if last is None or second - last > _MAX_BOOT_GAP_SECONDS:
                boots.append(time)
            last = second
        return boots


def _distance(event: EventRecord, locator: Locator) -> tuple[bool, bool, bool, int]:
    """How far an event is from the one that a locator means, where several bear its name."""
    number = locator.record_id if locator.number is None else locator.number
    return (
        event.number != number,
        event.record_id != locator.record_id,
        (event.event_id, event.provider) != (locator.event_id, locator.provider),
        event.id,
    )
