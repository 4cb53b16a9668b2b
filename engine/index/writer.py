"""Builds the event index: SQLite files that ``event_index`` reads together.

Several processes may read one bundle at the same time, each into a file of its own (a shard).
What is stored is the same whoever stores it: logs have the numbers that the caller gives them, and
an event's id says where it stands (``first_id``).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.index.part import Part
from engine.index.schema import FINISH, MADE, SCHEMA, first_id, own_schema
from engine.index.values import LogForm, storable

_INSERT_KIND = "INSERT INTO kind VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_ORIGIN = "INSERT INTO origin VALUES (?, ?, ?, ?, ?)"
_MAX_ORIGINS = 20_000
"""Remembered ones; in some logs each record has an activity of its own. One may be stored twice."""
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


class Forged(Exception):
    """The file of an index holds what no writer of ours makes."""


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
            # Notes in memory on how to take rows back: the sandbox has no place for SQLite's own files.
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;"
        )
        self._db.executescript(SCHEMA)
        if resume:
            self._check()
        self._remember()
        self._db.execute("BEGIN")

    def _check(self) -> None:
        """A parser wrote the file: no view or trigger of a hostile file's making is ever asked."""
        self._db.execute("PRAGMA trusted_schema = OFF")
        if strange := set(self._db.execute(MADE)) - own_schema():
            self._db.close()
            raise Forged(f"{self._file.name} holds {sorted(strange)[0][:2]}")

    def _remember(self) -> None:
        """What the index holds already of things that are stored once; what was learned of others is void."""
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._last_kind = 0
        self._origins: dict[tuple[Any, ...], int] = {}
        (self._last_origin,) = self._db.execute("SELECT coalesce(max(id), 0) FROM origin").fetchone()
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
    ) -> Part:
        """Announces a log, or a part of it that begins at ``offset``."""
        log = self.next_log() if log is None else log
        self._db.execute("INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?)", (log, artifact, sha256, form))
        return Part(self._db, log, first_id(log, offset), self.kind, self.origin, self.learned, self.sources)

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

    def origin(self, origin: tuple[Any, ...]) -> int:
        """The number of an origin (columns in the order of ``EventOrigin``), stored when it is new."""
        columns = tuple(storable(value) for value in origin)
        number = self._origins.get(columns)
        if number is None:
            if len(self._origins) >= _MAX_ORIGINS:
                self._origins.clear()
            number = self._origins[columns] = self._last_origin = self._last_origin + 1
            self._db.execute(_INSERT_ORIGIN, (number, *columns))
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
        self._db.executescript(FINISH)
        self._db.close()
