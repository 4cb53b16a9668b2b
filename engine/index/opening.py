"""The files of an event index, opened and asked together.

The functions that the rules' SQL names (``FITS``, ``DERIVE``, …) are known to each of them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import cached_property
from heapq import merge
from pathlib import Path
from typing import Any, Self

from engine.index.event_record import EventRecord
from engine.index.functions import FUNCTIONS
from engine.index.schema import LOG_BITS

_COLUMNS = (
    "artifact, record_id, time, provider, event_id, qualifiers, version, level, task, opcode, "
    "keywords, channel, computer, user, process_id, thread_id, activity_id, data, binary, "
    "{form}, {number}, id"
)
"""The view's columns in the order of ``EventRecord``."""
_NO_FORM, NO_NUMBER = "'evtx' AS form", "record_id AS number"
"""In an index of versions up to the one that told records by the number in their header."""
# The view's columns, kinds first: a condition on provider and event id then costs a look at a few
# hundred kinds. Left to itself SQLite may read every record, as it cannot tell how few will match. So does
# one on the time: of each kind the records lie by time, and no other search index is needed for it.
_BY_KIND = """
SELECT log.artifact, record_id, {number}, time, provider, event_id, qualifiers, version, level, task, opcode,
    keywords, channel, computer, user, process_id, thread_id, activity_id, data,
    json_extract(data, '$.Binary') AS binary, {form}, record.id AS id
FROM kind CROSS JOIN record ON record.kind = kind.id CROSS JOIN log ON log.id = record.log {origin}
"""
# A left one is left out where none of its columns is asked for.
_ORIGIN = "LEFT JOIN origin ON origin.id = record.origin"
"""Of an index of versions up to the one that has this table, each record holds its columns itself."""


class OpenIndex:
    """The files of a finished index, opened read-only (``shards``): one file of it, or a folder of all.

    ``columns`` and ``number`` are what its view has, by its version. ``told_by`` says what an event says.
    Raises ``FileNotFoundError`` when there is none.
    """

    def __init__(self, place: Path) -> None:
        files = sorted(place.glob("*.sqlite")) if place.is_dir() else [place]
        if not files or not all(file.is_file() for file in files):
            raise FileNotFoundError(place)
        self.shards: list[sqlite3.Connection] = []
        with ExitStack() as opened:
            for file in files:
                # The files never change once built: "immutable" spares the locks and the journal look-up.
                uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
                shard = sqlite3.connect(uri, uri=True, check_same_thread=False)
                opened.enter_context(closing(shard))
                for name, values, function in FUNCTIONS:
                    shard.create_function(name, values, function, deterministic=True)
                shard.create_function("MESSAGE", -1, self._message)
                self.shards.append(shard)
            held = {name for _, name, *_ in self.shards[0].execute("PRAGMA table_info(record)")}
            self.number = "number" if "number" in held else NO_NUMBER
            form = "form" if self.number == "number" else _NO_FORM
            self.columns = _COLUMNS.format(form=form, number=self.number)
            origin = _ORIGIN if "origin" in held else ""
            self.by_kind = _BY_KIND.format(form=form, number=self.number, origin=origin)
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
        for shard in self.shards:
            # Not "yield from": what was not read to its end would close its cursor after the database.
            for row in shard.execute(query, values):  # noqa: UP028
                yield row

    def merged(
        self, query: str, values: Sequence[Any], key: Callable[[tuple[Any, ...]], Any]
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of all files, of each in the order of ``key``, in that order."""
        if len(self.shards) == 1:
            return self.ask(query, values)
        return merge(*(shard.execute(query, values) for shard in self.shards), key=key)

    def in_log(self, artifact: str) -> dict[str, Any]:
        """The condition that a record is of that log: ids of one log lie side by side."""
        if self.number == NO_NUMBER:
            return {"artifact": artifact}
        log = self._log_numbers.get(artifact, -1)
        return {"id >=": log << LOG_BITS, "id <": (log + 1) << LOG_BITS}

    @cached_property
    def _log_numbers(self) -> dict[str, int]:
        return {path: number for number, path in self.ask("SELECT id, artifact FROM log")}
