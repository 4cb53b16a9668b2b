"""The events of a bundle in one SQLite file: built in one pass, then only read.

``EventIndexWriter`` builds it, ``EventIndex`` asks it. Columns carry their types, so that
comparisons mean what they say; a missing value is NULL. Times are UTC text of fixed width
(``2020-11-24T01:01:43.123456Z``), which sorts as time does.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from analysis.engine.index_values import storable, where_of
from analysis.engine.service_names import service_of

_SCHEMA = """
CREATE TABLE log (id INTEGER PRIMARY KEY, artifact TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE kind (
    id INTEGER PRIMARY KEY,
    provider TEXT,
    event_id INTEGER,
    qualifiers INTEGER,
    version INTEGER,
    level INTEGER,
    task INTEGER,
    opcode INTEGER,
    keywords TEXT,
    channel TEXT,
    computer TEXT
);
CREATE TABLE provider (name TEXT PRIMARY KEY, guid TEXT NOT NULL);
CREATE TABLE record (
    log INTEGER NOT NULL REFERENCES log(id),
    record_id INTEGER NOT NULL,
    time TEXT,
    kind INTEGER NOT NULL REFERENCES kind(id),
    user TEXT,
    process_id INTEGER,
    thread_id INTEGER,
    activity_id TEXT,
    data TEXT
);
CREATE VIEW event AS
SELECT log.artifact, record_id, time, provider, event_id, qualifiers, version, level, task, opcode,
    keywords, channel, computer, user, process_id, thread_id, activity_id, data,
    json_extract(data, '$.Binary') AS binary
FROM record JOIN kind ON kind.id = record.kind JOIN log ON log.id = record.log;
"""
# The view's columns, kinds first: a condition on provider and event id then costs a look at a few
# hundred kinds. Left to itself SQLite may read every record, as it cannot tell how few will match.
_BY_KIND = """
SELECT log.artifact, record_id, time, provider, event_id, qualifiers, version, level, task, opcode,
    keywords, channel, computer, user, process_id, thread_id, activity_id, data,
    json_extract(data, '$.Binary') AS binary
FROM kind CROSS JOIN record ON record.kind = kind.id CROSS JOIN log ON log.id = record.log
"""
_INDICES = """
PRAGMA analysis_limit = 1000;
CREATE INDEX record_kind ON record (kind, time);
CREATE INDEX record_number ON record (log, record_id);
CREATE INDEX record_time ON record (time);
ANALYZE;
"""
_INSERT = f"INSERT INTO record VALUES ({', '.join('?' * 9)})"  # noqa: S608
_INSERT_KIND = f"INSERT INTO kind VALUES ({', '.join('?' * 11)})"  # noqa: S608
_BOOT_GAP_SECONDS = 120
RENDERING = "#rendering"
"""In a payload the culture and the message that a forwarded event carries, as a list."""


class EventKind(NamedTuple):
    """What events of one sort share; the index stores it once."""

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


class EventRow(NamedTuple):
    """One event as the index stores it; ``log`` and ``kind`` are numbers that the writer gave.

    ``data`` is the JSON text of the event's payload.
    """

    log: int
    record_id: int
    time: str | None
    kind: int
    user: str | None
    process_id: int | None
    thread_id: int | None
    activity_id: str | None
    data: str | None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event read back. ``artifact`` is the path of its log inside the bundle, ``payload``
    JSON text, ``binary`` the upper-case hex of the ``Binary`` element."""

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


class EventIndexWriter:
    """Builds the index at ``file``; an index that stands there already is replaced.

    A context manager: leaving it in peace adds the search indices, leaving it by an exception
    removes the half-built file. ``resume`` goes on with a half-built one; what a writer that died
    had stored of an unfinished ``whole`` is taken back.
    """

    def __init__(self, file: Path, *, resume: bool = False) -> None:
        self._file = file
        if not resume:
            file.unlink(missing_ok=True)
        self._db = sqlite3.connect(file, isolation_level=None)
        # The journal survives this process, if not the machine: a killed writer is all it is for.
        self._db.executescript(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF;"
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8192; PRAGMA temp_store = FILE;"
        )
        if not resume:
            self._db.executescript(_SCHEMA)
        self._remember()
        self._db.execute("BEGIN")

    def _remember(self) -> None:
        """What the index holds already of things that are stored once."""
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._last_kind = 0
        for number, *columns in self._db.execute("SELECT * FROM kind ORDER BY id"):
            self._kinds[tuple(columns)] = self._last_kind = number
        self._providers = {name for (name,) in self._db.execute("SELECT name FROM provider")}

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is stored inside is kept as a whole, or not at all where it ends by an exception
        or with this process."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._remember()
            self._db.execute("BEGIN")
            raise
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def leave(self) -> None:
        """Lets go of the half-built file; another writer may resume it."""
        self._db.execute("COMMIT")
        self._db.close()

    def add_log(self, artifact: str, sha256: str) -> int:
        """Announces a log; returns the number that its rows carry."""
        cursor = self._db.execute("INSERT INTO log (artifact, sha256) VALUES (?, ?)", (artifact, sha256))
        number = cursor.lastrowid
        assert number is not None
        return number

    def kind(self, kind: tuple[Any, ...]) -> int:
        """The number of a kind (columns in the order of ``EventKind``), stored when it is new."""
        columns = tuple(storable(value) for value in kind)
        number = self._kinds.get(columns)
        if number is None:
            number = self._kinds[columns] = self._last_kind = self._last_kind + 1
            self._db.execute(_INSERT_KIND, (number, *columns))
        return number

    def provider(self, name: Any, guid: Any) -> None:
        """Notes the GUID that a provider goes by; the first one told stays."""
        if isinstance(name, str) and isinstance(guid, str) and name not in self._providers:
            self._providers.add(name)
            values = (storable(name), storable(guid))
            self._db.execute("INSERT OR IGNORE INTO provider VALUES (?, ?)", values)

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Stores rows in the order of ``EventRow``; give some thousands at a time.

        A value that SQLite cannot hold (a number beyond 64 bits, a broken character, an
        element where a value should be) is stored as near as it can be.
        """
        before = self._rows()
        try:
            self._db.executemany(_INSERT, rows)
        except (sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError, UnicodeEncodeError):
            # The rows before the offending one are stored.
            left = rows[self._rows() - before :]
            self._db.executemany(_INSERT, [tuple(storable(value) for value in row) for row in left])

    def _rows(self) -> int:
        (number,) = self._db.execute("SELECT max(rowid) FROM record").fetchone()
        return number or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._db.close()
            self._file.unlink(missing_ok=True)
            return
        self._db.execute("COMMIT")
        self._db.executescript(_INDICES)
        self._db.close()


class EventIndex:
    """A finished index, opened read-only. Raises ``FileNotFoundError`` when there is none."""

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise FileNotFoundError(file)
        # The file never changes once built: "immutable" spares the locks and the journal look-up.
        self._db = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._channels: dict[str, dict[str, int]] | None = None

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def count(self, *, artifact: str | None = None) -> int:
        """How many events there are, in all logs or in one."""
        where, values = where_of({"artifact": artifact})
        (number,) = self._db.execute(f"SELECT count(*) FROM event{where}", values).fetchone()  # noqa: S608
        return int(number)

    def logs(self) -> list[str]:
        """The paths of the indexed logs, in the order they were read."""
        return [path for (path,) in self._db.execute("SELECT artifact FROM log ORDER BY id")]

    def channels(self) -> dict[str, dict[str, int]]:
        """How many events of each channel each log has: ``{artifact: {channel: count}}``."""
        if self._channels is None:
            self._channels = {}
            # Numbers first, names after: a third of the time. The search indices would only detain it.
            query = (
                "SELECT artifact, coalesce(channel, ''), sum(events) FROM "
                "(SELECT log, kind, count(*) AS events FROM record NOT INDEXED GROUP BY 1, 2) AS counted "
                "JOIN kind ON kind.id = counted.kind JOIN log ON log.id = counted.log GROUP BY 1, 2"
            )
            for artifact, channel, number in self._db.execute(query):
                self._channels.setdefault(artifact, {})[channel] = number
        return self._channels

    def computers(self) -> list[str]:
        """What the events call their machines."""
        query = "SELECT DISTINCT computer FROM kind WHERE computer <> ''"
        return [name for (name,) in self._db.execute(query) if isinstance(name, str)]

    def kinds(self) -> set[tuple[str, int]]:
        """Which events there are: provider (case folded) and event id."""
        query = "SELECT DISTINCT provider, event_id FROM kind WHERE typeof(event_id) = 'integer'"
        return {(str(provider or "").casefold(), number) for provider, number in self._db.execute(query)}

    def providers(self) -> dict[str, str]:
        """The GUID of each provider that states one, by its name."""
        return dict(self._db.execute("SELECT name, guid FROM provider"))

    def record(self, artifact: str, record_id: int) -> EventRecord | None:
        """The event of that number in a log, the first where several carry it."""
        query = "SELECT * FROM event WHERE artifact = ? AND record_id = ? LIMIT 1"
        row = self._db.execute(query, (artifact, record_id)).fetchone()
        return None if row is None else EventRecord(*row)

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
                "artifact": artifact,
                "time >=": since,
                "time <": until,
            }
        )
        order = "ORDER BY time, artifact, record_id"
        for row in self._db.execute(f"SELECT * FROM event{where} {order}", values):  # noqa: S608
            yield EventRecord(*row)

    def matching(self, predicate: str, columns: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """``(artifact, record_id, time, *columns)`` of the events that fulfil an SQL condition,
        oldest first. Both are SQL on the view ``event``, where ``REGEXP`` is known too.

        Raises ``sqlite3.Error`` for SQL that the index refuses.
        """
        self._db.create_function("REGEXP", 2, _searched, deterministic=True)
        self._db.create_function("SERVICE", 3, service_of, deterministic=True)
        asked = ", ".join(["artifact", "record_id", "time", *columns])
        yield from self._db.execute(
            f"SELECT {asked} FROM ({_BY_KIND}) AS event WHERE {predicate} ORDER BY time"  # noqa: S608
        )

    def records(self, artifact: str, numbers: Sequence[int]) -> list[EventRecord]:
        """The records of those numbers in one log, by number; unknown ones are left out."""
        marks = ", ".join("?" * len(numbers))
        query = f"SELECT * FROM event WHERE artifact = ? AND record_id IN ({marks}) ORDER BY record_id"  # noqa: S608
        return [EventRecord(*row) for row in self._db.execute(query, (artifact, *numbers))]

    def steps_back(
        self, artifact: str, least: timedelta, *, most: int = 1000
    ) -> list[tuple[EventRecord, EventRecord]]:
        """Neighbours by record number of which the later has a time at least ``least`` earlier;
        the first ``most`` of them."""
        query = (
            "SELECT before, number FROM (SELECT record_id AS number, time,"
            " lag(record_id) OVER numbers AS before, lag(time) OVER numbers AS was"
            " FROM record WHERE log = (SELECT id FROM log WHERE artifact = ?) AND time IS NOT NULL"
            " WINDOW numbers AS (ORDER BY record_id))"
            " WHERE time < was AND (julianday(was) - julianday(time)) * 86400 >= ? LIMIT ?"
        )
        steps = []
        for numbers in self._db.execute(query, (artifact, least.total_seconds(), most)).fetchall():
            before, after = (self.record(artifact, number) for number in numbers)
            if before is not None and after is not None:
                steps.append((before, after))
        return steps

    def last_before(self, time: str, computers: tuple[str, ...]) -> str | None:
        """When a machine wrote its last record before a moment (UTC text)."""
        where, values = where_of({"computer": computers})
        query = f"SELECT time FROM record WHERE time < ? AND kind IN (SELECT id FROM kind{where})"  # noqa: S608
        row = self._db.execute(f"{query} ORDER BY time DESC LIMIT 1", (time, *values)).fetchone()
        return None if row is None else row[0]

    def boots(self, *, artifact: str | None = None, computers: tuple[str, ...] | None = None) -> list[str]:
        """When the machine that events call so started, oldest first (UTC text).

        A start writes several records (Kernel-General 12, Kernel-Boot 27, EventLog 6005); those
        within two minutes of each other are one start, told by its earliest. A resume from a
        fast-startup image (Kernel-Boot 27 with a boot type other than 0) starts no service anew.
        """
        where, values = where_of({"artifact": artifact, "computer": computers})
        marks = (
            "((event_id = 12 AND provider = 'Microsoft-Windows-Kernel-General')"
            " OR (event_id = 27 AND provider = 'Microsoft-Windows-Kernel-Boot'"
            " AND json_extract(data, '$.BootType') IN (0, '0x0'))"
            " OR (event_id = 6005 AND provider = 'EventLog'))"
        )
        joint = f"{where} AND {marks}" if where else f" WHERE {marks}"
        seconds = "CAST(strftime('%s', time) AS INTEGER)"
        query = f"SELECT time, {seconds} AS second FROM event{joint} AND second IS NOT NULL ORDER BY time"  # noqa: S608
        boots: list[str] = []
        last: int | None = None
        for time, second in self._db.execute(query, values):
            if last is None or second - last > _BOOT_GAP_SECONDS:
                boots.append(time)
            last = second
        return boots


def _searched(pattern: str, value: Any) -> bool:
    return value is not None and re.search(pattern, str(value)) is not None
