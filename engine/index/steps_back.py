"""Where the clock of a machine went back: what its log tells from one record to the next."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.index.opening import NO_NUMBER
from engine.index.values import seconds_back, where_of


def steps_back(
    index: EventIndex, artifact: str, least: timedelta, *, most: int = 1000
) -> list[tuple[EventRecord, EventRecord]]:
    """Records of one channel and computer, one written after the other, of which the later has a time
    at least ``least`` earlier; the first ``most`` of them.

    Written later is what stands later in the file and has a higher ``EventRecordID``: a saved log may
    be in another order than that of writing, a collected one holds records of several logs.
    """
    if _is_steady(index, artifact, least):
        return []
    where, values = where_of(index.in_log(artifact))
    number = "record_id" if index.number == NO_NUMBER else "number"
    query = (
        f"SELECT {number} AS place, record_id, time, channel, computer, id FROM event{where}"  # noqa: S608  As above.
        " AND time IS NOT NULL ORDER BY place, id"
    )
    last: dict[tuple[Any, Any], tuple[int, str, int]] = {}
    steps: list[tuple[EventRecord, EventRecord]] = []
    for _, record_id, time, *source, event in index.merged(query, values, lambda row: (row[0], row[-1])):
        before = last.get((*source,))
        last[(*source,)] = record_id, time, event
        if before is None or time >= before[1] or record_id <= before[0]:
            continue
        if seconds_back(before[1], time) >= least.total_seconds():
            steps += zip(index.records([before[2]]), index.records([event]), strict=True)
            if len(steps) >= most:
                break
    return steps


def _is_steady(index: EventIndex, artifact: str, least: timedelta) -> bool:
    """Whether what the reading noted rules out a step of that size without a look at the records."""
    parts = index.courses.get(artifact, [])
    limit = least.total_seconds()
    return all(part[-1] is not None and part[-1] < limit for part in parts) and all(
        left[2] < right[1] and seconds_back(left[4], right[3]) < limit for left, right in pairwise(parts)
    )
