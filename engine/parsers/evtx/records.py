"""Windows event logs: records into the event index, and what the log says about itself.

A log is read in parts of some dozen chunks, which need nothing of each other: several processes
may read one log. How it is cut depends on its size alone, so that the outcome does not depend on
who reads. The Rust parser reads the records; ``integrity`` judges the file. Nothing a log
contains raises: a damaged log is read as far as it goes, and its facts say what is missing.
"""

import os
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from evtx import PyEvtxParser

from engine.artifacts import Artifact
from engine.index.writer import EventIndexWriter
from engine.parsers.evtx.concluding import concluded
from engine.parsers.evtx.integrity import (
    CHUNK_SIZE,
    FILE_HEADER_SIZE,
    HEAD_SIZE,
    NotEvtx,
    Seen,
    inspect,
    sound_header,
)
from engine.parsers.evtx.log_facts import LogFacts, PartFacts, Place
from engine.parsers.evtx.ordering import OrderingSoFar
from engine.parsers.evtx.rows import Rows

BATCH = 5_000
MAX_ERRORS = 100_000
PART_CHUNKS = 64
HEADER = sound_header()


def places(size: int) -> list[Place]:
    """The parts that a log of ``size`` bytes is read in."""
    body, step = max(0, size - FILE_HEADER_SIZE), PART_CHUNKS * CHUNK_SIZE
    starts = range(0, max(body, 1), step)
    return [Place(start // CHUNK_SIZE, min(step, body - start)) for start in starts]


def read_log(artifact: Artifact, index: EventIndexWriter, report: Callable[[int], None]) -> LogFacts:
    """Reads one log into the index and sets the artifact's state and detail.

    ``report`` hears the count of records read in this log, every 5,000. It may raise to stop.
    """
    log, parts, before = index.next_log(), [], 0

    def report_all(records: int) -> None:
        report(before + records)

    for place in places(artifact.file.stat().st_size):
        parts.append(read_part(artifact, place, log, index, report_all))
        before += parts[-1].records
    return concluded(artifact, parts)


def read_part(
    artifact: Artifact, place: Place, log: int, index: EventIndexWriter, report: Callable[[int], None]
) -> PartFacts:
    """Reads one part of the log of that number; ``report`` hears the count of records read in it."""
    with artifact.file.open("rb") as file:
        head = file.read(HEAD_SIZE)
        file.seek(FILE_HEADER_SIZE + place.chunk * CHUNK_SIZE)
        body = file.read(place.size)
        size = file.seek(0, os.SEEK_END)
    try:
        facts = PartFacts(inspect(head, body, size, place.chunk))
    except NotEvtx:
        return PartFacts(None)
    part = index.part(artifact.path, artifact.sha256, log=log, offset=place.chunk * CHUNK_SIZE)
    rows, seen, ordering = Rows(part), Seen(), OrderingSoFar()
    records = _records(body, facts)
    while batch := rows.rows(islice(records, BATCH)):
        part.add(batch)
        numbers, ids, times = [row[-1] for row in batch], [row[2] for row in batch], [row[3] for row in batch]
        seen.extend(numbers, ids)
        facts.numbering.extend(numbers, ids, batch, part.sources)
        ordering.extend(numbers, times)
        facts.no_time += times.count(None)
        facts.records += len(batch)
        report(facts.records)
    part.close(ordering.as_ordering())
    facts.read, facts.ends = seen.ranges(), seen.ends()
    facts.first_time, facts.last_time = ordering.first_time, ordering.last_time
    return facts


def _records(body: bytes, facts: PartFacts) -> Iterator[dict[str, Any]]:
    # A header that is sound, whatever the log's own says: its damage is told, and costs no record.
    yield from parsed(BytesIO(HEADER + body), facts)
    chunks = facts.integrity.chunks if facts.integrity else []
    for chunk in chunks:
        if chunk.unlisted:
            # The fast parser stops where the chunk header says; records written since stand behind.
            start = chunk.offset - chunks[0].offset
            completed = bytearray(body[start : start + CHUNK_SIZE])
            struct.pack_into("<Q", completed, 32, chunk.last or 0)
            struct.pack_into("<I", completed, 48, chunk.end)
            yield from (
                record
                for record in parsed(BytesIO(HEADER + completed), facts)
                if record["event_record_id"] > chunk.listed
            )


def parsed(log: str | BytesIO, facts: PartFacts) -> Iterator[dict[str, Any]]:
    """The records as the Rust parser gives them; ``facts.unreadable`` counts what it refused."""
    try:
        records = PyEvtxParser(log, number_of_threads=1, indent=False).records_json()
    except (RuntimeError, OSError, ValueError):
        facts.unreadable += 1
        return
    while facts.unreadable < MAX_ERRORS:
        try:
            yield from filter(None, records)
            return
        except RuntimeError:
            # The iterator goes on behind the record or chunk that it could not read.
            facts.unreadable += 1
        except BaseException as error:
            # A panic inside the Rust library arrives as a BaseException of its own.
            if type(error).__name__ != "PanicException":
                raise
            facts.unreadable += 1
