"""The events of a log, or of a part of it, on their way into the index."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from engine.index.values import storable

_ROW = "(?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT = f"INSERT INTO record VALUES {_ROW}"  # noqa: S608  Of question marks.
_TOGETHER = 120
"""Rows that one statement stores: beginning and ending it costs as much as a third of a row.
An older SQLite takes 999 values at a time."""
_INSERT_TOGETHER = f"INSERT INTO record VALUES {', '.join([_ROW] * _TOGETHER)}"  # noqa: S608  As above.


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


class EventOrigin(NamedTuple):
    """Who wrote an event, and for whom, ``None`` where it does not say; stored once for the events of a
    thread."""

    user: str | None
    process_id: int | None
    thread_id: int | None
    activity_id: str | None


class EventRow(NamedTuple):
    """One event as the index stores it; ``log``, ``kind`` and ``origin`` are numbers that the writer gave.

    ``record_id`` names the record for people (``EventRecordID``), ``number`` is what the file itself counts
    it by: the number in its header, or its line in a text log. They differ in every log that was saved,
    filtered or forwarded. ``data`` is the JSON text of the event's payload.
    """

    id: int
    log: int
    record_id: int
    time: str | None
    kind: int
    origin: int
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


class Part:
    """A log, or a part of it, on its way into the index. ``log`` and ``first`` are for the rows: the
    log's number and the id of the first event; the following ones count up. ``learned`` is for whoever
    makes rows to remember what kinds mean, as long as their numbers hold; ``sources`` are channel and
    computer of each kind."""

    def __init__(
        self,
        db: sqlite3.Connection,
        log: int,
        first: int,
        kind: Callable[[tuple[Any, ...]], int],
        origin: Callable[[tuple[Any, ...]], int],
        learned: dict[Any, Any],
        sources: dict[int, tuple[str, str]],
    ) -> None:
        self._db = db
        self.log, self.first = log, first
        self.kind, self.origin, self.learned, self.sources = kind, origin, learned, sources
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
            whole = len(rows) - len(rows) % _TOGETHER
            for start in range(0, whole, _TOGETHER):
                self._db.execute(
                    _INSERT_TOGETHER, tuple(chain.from_iterable(rows[start : start + _TOGETHER]))
                )
            self._db.executemany(_INSERT, rows[whole:])
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
