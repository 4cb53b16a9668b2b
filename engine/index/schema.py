"""What the files of an event index hold: tables, the view ``event``, the search indices that end them."""

import sqlite3
from contextlib import closing
from functools import lru_cache

SCHEMA = """
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
CREATE TABLE IF NOT EXISTS origin (
    id INTEGER PRIMARY KEY,
    user TEXT,
    process_id INTEGER,
    thread_id INTEGER,
    activity_id TEXT
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
    origin INTEGER NOT NULL REFERENCES origin(id),
    data TEXT,
    number INTEGER NOT NULL
);
CREATE VIEW IF NOT EXISTS event AS
SELECT log.artifact, record_id, number, time, provider, event_id, qualifiers, version, level, task, opcode,
    keywords, channel, computer, user, process_id, thread_id, activity_id, data,
    json_extract(data, '$.Binary') AS binary, log.form, record.id AS id
FROM record JOIN kind ON kind.id = record.kind JOIN log ON log.id = record.log
    LEFT JOIN origin ON origin.id = record.origin;
"""
FINISH = """
PRAGMA temp_store = FILE;
PRAGMA analysis_limit = 1000;
CREATE INDEX IF NOT EXISTS record_kind ON record (kind, time);
ANALYZE;
PRAGMA journal_mode = DELETE;
"""
MADE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema"
LOG_BITS = 44
"""An event's id holds the number of its log in the bits above these."""


def first_id(log: int, offset: int) -> int:
    """The id of the first event of a part of a log that begins at this byte of the file.

    Ids ascend in the order in which one reader would read all logs; a record is longer than a
    byte, so that those of two parts never meet, in files of up to 16 TiB.
    """
    return log << LOG_BITS | offset


@lru_cache(maxsize=1)
def own_schema() -> frozenset[tuple[str, ...]]:
    """All that an index may hold, half-built or finished."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(SCHEMA + FINISH)
        return frozenset(db.execute(MADE))
