"""Builds the event index: SQLite files that ``event_index`` reads together.

Several processes may read one bundle at the same time, each into a file of its own (a shard).
What is stored is the same whoever stores it: logs have the numbers that the caller gives them, and
an event's id says where it stands (``first_id``).
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from engine.index.values import LogForm, storable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    id INTEGER PRIMARY KEY, artifact TEXT NOT NULL, sha256 TEXT NOT NULL, form TEXT NOT NULL DEFAULT 'evtx'
);
CREATE TABLE IF NOT EXISTS kind (
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
CREATE TABLE IF NOT EXISTS part (
    id INTEGER PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES log(id),
    first_record INTEGER,
    last_record INTEGER,
    first_time TEXT,
    last_time TEXT,
    back REAL
);
CREATE TABLE IF NOT EXISTS tally (
    part INTEGER NOT NULL REFERENCES part(id),
    kind INTEGER NOT NULL REFERENCES kind(id),
    events INTEGER NOT NULL,
    PRIMARY KEY (part, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS provider (
    part INTEGER NOT NULL REFERENCES part(id),
    name TEXT NOT NULL,
    guid TEXT NOT NULL,
    PRIMARY KEY (part, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES log(id),
    record_id INTEGER NOT NULL,
    time TEXT,
    kind INTEGER NOT NULL REFERENCES kind(id),
    user TEXT,
    process_id INTEGER,
    thread_id INTEGER,
    activity_id TEXT,
    data TEXT,
    number INTEGER NOT NULL
);
CREATE VIEW IF NOT EXISTS event AS
SELECT log.artifact, record_id, number, time, provider, event_id, qualifiers, version, level, task, opcode,
    keywords, channel, computer, user, process_id, thread_id, activity_id, data,
    json_extract(data, '$.Binary') AS binary, log.form, record.id AS id
FROM record JOIN kind ON kind.id = record.kind JOIN log ON log.id = record.log;
"""
_FINISH = """
PRAGMA analysis_limit = 1000;
CREATE INDEX IF NOT EXISTS record_kind ON record (kind, time);
CREATE INDEX IF NOT EXISTS record_time ON record (time);
ANALYZE;
PRAGMA journal_mode = DELETE;
"""
# Of a text that may be missing Python gives "": for None the sqlite3 module searches an adapter,
# which takes longer than all other columns of a row together.
_MADE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema"
_INSERT = "INSERT INTO record VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, nullif(?, ''), ?, ?)"
_INSERT_KIND = "INSERT INTO kind VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DISCARD = (
    "DELETE FROM tally WHERE part IN (SELECT id FROM part WHERE log = ?)",
    "DELETE FROM provider WHERE part IN (SELECT id FROM part WHERE log = ?)",
    "DELETE FROM record WHERE log = ?",
    "DELETE FROM part WHERE log = ?",
    "DELETE FROM log WHERE id = ?",
)
_SETTLE = (
    "UPDATE record SET time = UTC_OF(time) WHERE log = ? AND time NOT LIKE '%Z'",
    "UPDATE part SET first_time = UTC_OF(first_time) WHERE log = ? AND first_time NOT LIKE '%Z'",
    "UPDATE part SET last_time = UTC_OF(last_time) WHERE log = ? AND last_time NOT LIKE '%Z'",
)
LOG_BITS = 44
"""An event's id holds the number of its log in the bits above these."""


def first_id(log: int, offset: int) -> int:
    """The id of the first event of a part of a log that begins at this byte of the file.

    Ids ascend in the order in which one reader would read all logs; a record is longer than a
    byte, so that those of two parts never meet, in files of up to 16 TiB.
    """
    return log << LOG_BITS | offset


class Forged(Exception):
    """The file of an index holds what no writer of ours makes."""


@lru_cache(maxsize=1)
def _own_schema() -> frozenset[tuple[str, ...]]:
    """All that an index may hold, half-built or finished."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(_SCHEMA + _FINISH)
        return frozenset(db.execute(_MADE))


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

    ``record_id`` names the record for people (``EventRecordID``), ``number`` is what the file itself counts
    it by: the number in its header, or its line in a text log. They differ in every log that was saved,
    filtered or forwarded. ``user`` and ``activity_id`` are ``""`` where there is none; ``data`` is the JSON
    text of the event's payload.
    """

    id: int
    log: int
    record_id: int
    time: str | None
    kind: int
    user: str
    process_id: int | None
    thread_id: int | None
    activity_id: str
    data: str | None
    number: int


class Ordering(NamedTuple):
    """How numbers and times run through a part: the file's numbers of its first and last record, and by how
    many seconds at most the time goes ``back`` from one to the next; ``None`` when the numbers do not
    ascend throughout or a time is missing."""

    first_record: int
    last_record: int
    first_time: str | None
    last_time: str | None
    back: float | None


class EventIndexWriter:
    """Builds one file of an index; a file that stands there already is replaced.

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
        self._db.executescript(_SCHEMA)
        if resume:
            self._check()
        self._remember()
        self._db.execute("BEGIN")

    def _check(self) -> None:
        """A parser wrote the file: no view or trigger of a hostile file's making is ever asked."""
        self._db.execute("PRAGMA trusted_schema = OFF")
        if strange := set(self._db.execute(_MADE)) - _own_schema():
            self._db.close()
            raise Forged(f"{self._file.name} holds {sorted(strange)[0][:2]}")

    def _remember(self) -> None:
        """What the index holds already of things that are stored once; what was learned of others is void."""
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._last_kind = 0
        self.learned: dict[Any, Any] = {}
        self.sources: dict[int, tuple[str, str]] = {}
        for number, *columns in self._db.execute("SELECT * FROM kind ORDER BY id"):
            self._kinds[tuple(columns)] = self._last_kind = number
            self._note_source(number, columns)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is stored inside is kept as a whole, or not at all where it ends by an exception
        or with this process."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # a full disk has taken it back already
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

    def next_log(self) -> int:
        """The number of the next log, where nobody else gives the numbers."""
        (number,) = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM log").fetchone()
        return int(number)

    def part(
        self,
        artifact: str,
        sha256: str,
        *,
        log: int | None = None,
        offset: int = 0,
        form: LogForm = LogForm.EVTX,
    ) -> "Part":
        """Announces a log, or a part of it that begins at ``offset``."""
        log = self.next_log() if log is None else log
        self._db.execute("INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?)", (log, artifact, sha256, form))
        return Part(self, self._db, log, first_id(log, offset))

    def settle_times(self, logs: Iterable[int], utc_of: Callable[[str], str | None]) -> None:
        """Times of these logs that stand as a machine's local time, without ``Z``, become UTC."""
        self._db.create_function("UTC_OF", 1, utc_of, deterministic=True)
        for log in logs:
            for statement in _SETTLE:
                self._db.execute(statement, (log,))

    def discard(self, logs: Iterable[int]) -> None:
        """Takes out all parts of these logs."""
        for log in logs:
            for statement in _DISCARD:
                self._db.execute(statement, (log,))

    def kind(self, kind: tuple[Any, ...]) -> int:
        """The number of a kind (columns in the order of ``EventKind``), stored when it is new."""
        columns = tuple(storable(value) for value in kind)
        number = self._kinds.get(columns)
        if number is None:
            number = self._kinds[columns] = self._last_kind = self._last_kind + 1
            self._db.execute(_INSERT_KIND, (number, *columns))
            self._note_source(number, columns)
        return number

    def _note_source(self, number: int, kind: Sequence[Any]) -> None:
        channel, computer = kind[-2:]
        self.sources[number] = str(channel or ""), str(computer or "")

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
        self._db.executescript(_FINISH)
        self._db.close()


class Part:
    """A log, or a part of it, on its way into the index. ``log`` and ``first`` are for the rows: the
    log's number and the id of the first event; the following ones count up. ``learned`` is for whoever
    makes rows to remember what kinds mean, as long as their numbers hold; ``sources`` are channel and
    computer of each kind."""

    def __init__(self, index: EventIndexWriter, db: sqlite3.Connection, log: int, first: int) -> None:
        self.log, self.first = log, first
        self.kind, self.learned, self.sources = index.kind, index.learned, index.sources
        self._db = db
        self._providers: set[str] = set()
        self._tally: Counter[int] = Counter()

    def provider(self, name: Any, guid: Any) -> None:
        """Notes the GUID that a provider goes by; the first one told stays."""
        if isinstance(name, str) and isinstance(guid, str) and name not in self._providers:
            self._providers.add(name)
            values = (self.first, storable(name), storable(guid))
            self._db.execute("INSERT OR IGNORE INTO provider VALUES (?, ?, ?)", values)

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Stores rows in the order of ``EventRow``; give some thousands at a time.

        A value that SQLite cannot hold (a number beyond 64 bits, a broken character, an
        element where a value should be) is stored as near as it can be.
        """
        self._tally.update([row[4] for row in rows])
        try:
            self._db.executemany(_INSERT, rows)
        except (sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError, UnicodeEncodeError):
            # The rows before the offending one are stored.
            (last,) = self._db.execute("SELECT max(id) FROM record").fetchone()
            left = [row for row in rows if last is None or row[0] > last]
            self._db.executemany(_INSERT, [tuple(storable(value) for value in row) for row in left])

    def close(self, ordering: Ordering | None = None) -> None:
        """Stores what was counted; to be called once, when all rows are in."""
        ends = tuple(storable(value) for value in ordering or (None,) * 5)
        self._db.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?)", (self.first, self.log, *ends))
        self._db.executemany(
            "INSERT INTO tally VALUES (?, ?, ?)",
            [(self.first, kind, events) for kind, events in self._tally.items()],
        )
