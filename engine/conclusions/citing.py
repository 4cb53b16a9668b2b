"""Records that stand as evidence: which of very many, where they lie, what the second parser says."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from engine.index.event_record import EventRecord
from engine.index.values import LogForm
from engine.parsers.evtx.reread import AGREES, NOT_READ, OTHER_FORM, SecondReading
from engine.schema.evidence import Locator
from engine.text_safety import legible, shortened

Item = TypeVar("Item")
MAX_DIFFERENCES = 3
_COUNTED = {AGREES: "agrees", NOT_READ: "not_read", OTHER_FORM: "other_form"}
MAX_EXCERPT_LENGTH = 300
"""Characters of an event in one line."""


def selection(items: Sequence[Item], most: int) -> list[Item]:
    """All of them, or of very many the first and the last."""
    if len(items) <= most:
        return list(items)
    return [*items[: most // 2], *items[-most // 2 :]]


def excerpt(event: EventRecord, values: Mapping[str, object], about: str = "") -> str:
    """An event in one line, ``7034 Provider · about · name=value; …``, without its ``Binary``."""
    fields = "; ".join(
        f"{legible(name)}={legible(str(value))}" for name, value in values.items() if name != "Binary"
    )
    if not fields and (rendering := event.rendering):
        fields = legible(rendering[1].replace("\n", " "), MAX_EXCERPT_LENGTH)
    number = "" if event.event_id is None else f"{event.event_id} "
    heading = f"{number}{legible(event.provider or '')}".rstrip()
    return shortened(" · ".join(part for part in (heading, about, fields) if part), MAX_EXCERPT_LENGTH)


def verdicts(events: Iterable[EventRecord], readings: Mapping[int, SecondReading]) -> Counter[str]:
    """How many records the second parser reads as the first (``agrees``), ``differs``, could
    not read (``not_read``), or has no means for (``other_form``), and how many lie in a chunk of a
    ``bad_checksum``."""
    counts: Counter[str] = Counter()
    for event in events:
        if event.form != LogForm.EVTX:
            continue  # a text is read once; there is nothing that another parser could read otherwise
        reading = readings.get(event.id)
        counts[_COUNTED.get(NOT_READ if reading is None else reading.verdict, "differs")] += 1
        if reading is not None and reading.checksum == "bad":
            counts["bad_checksum"] += 1
    return counts


def differences(events: Iterable[EventRecord], readings: Mapping[int, SecondReading]) -> list[str]:
    """In what the two parsers differ: ``record 17: param2: “3” ≠ “4”``, the first few."""
    return [
        f"{event.record_id}: {reading.verdict.partition(': ')[2]}"
        for event in events
        if (reading := readings.get(event.id)) is not None and reading.verdict not in _COUNTED
    ][:MAX_DIFFERENCES]


def locator(event: EventRecord, readings: Mapping[int, SecondReading]) -> Locator:
    """The place of an event, with its second reading."""
    reading = readings.get(event.id)
    by_line = event.form == LogForm.LINES
    unread = NOT_READ if event.form == LogForm.EVTX else None
    return Locator(
        record_id=None if by_line else event.record_id,
        line=event.record_id if by_line else None,
        number=None if event.number == event.record_id else event.number,
        event_id=event.event_id,
        provider=event.provider,
        time=event.time,
        chunk=reading.chunk if reading else None,
        offset=reading.offset if reading else None,
        second_parser=reading.verdict if reading else unread,
        checksum=reading.checksum if reading else None,
    )
