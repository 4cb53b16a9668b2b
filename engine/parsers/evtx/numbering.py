"""What kind of log a file is, by how its two kinds of numbers run.

The header of each record bears the number under which the file keeps it; ``EventRecordID`` is the number
that the record got in the log in which it was written. In a log copied as Windows keeps it they are one.
Event Viewer and ``wevtutil epl`` number the headers of what they save from 1 and leave ``EventRecordID``
alone, so what a filter left out shows there alone; a collector does the same with records of other machines.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import lt, sub
from typing import Any

from engine.parsers.evtx.integrity import Range
from engine.schema.logs import LogKind

MAX_SOURCES = 1000
MOSTLY = 0.9
"""A torn record or two do not make another kind of a log."""

Source = tuple[str, str]
"""Channel and computer."""


@dataclass
class Run:
    """The records of one channel in one part: how many, the first and last ``EventRecordID`` and computer,
    the lowest and highest number, whether they ascend, and at how many places another computer's numbers
    do not go on where those of the one before ended."""

    records: int
    first: int
    last: int
    low: int
    high: int
    first_computer: str
    last_computer: str
    ascending: bool = True
    strangers: int = 0

    def follow(self, other: "Run") -> None:
        """Takes in the records that come next."""
        self.ascending &= other.ascending and self.last < other.first
        self.strangers += other.strangers + _is_stranger(self, other)
        self.records += other.records
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.last, self.last_computer = other.last, other.last_computer


def _is_stranger(before: Run, after: Run) -> bool:
    old, new = before.last_computer, after.first_computer
    return old != new and after.first != before.last + 1 and short_name(old) != short_name(new)


def short_name(computer: str) -> str:
    """The name without its domain, by which two spellings of it compare."""
    return computer.partition(".")[0].casefold()


@dataclass
class Numbering:
    """The numbers of one part or of a whole log.

    ``same`` counts records in which both are one, ``shift`` is by how much ``EventRecordID`` is higher in
    all of them, ``None`` where that varies; ``runs`` are by channel."""

    records: int = 0
    same: int = 0
    shift: int | None = None
    runs: dict[str, Run] = field(default_factory=dict)
    computers: set[str] = field(default_factory=set)

    def extend(
        self,
        numbers: Sequence[int],
        ids: Sequence[int],
        rows: Sequence[tuple[Any, ...]],
        sources: Mapping[int, Source],
    ) -> None:
        """Notes records in the order they were read: numbers in the header, ``EventRecordID``s, and
        ``rows`` (``part.EventRow``) whose kinds are of ``sources``."""
        if not ids:
            return
        shift: int | None = 0
        same = len(ids)
        if ids != numbers:
            shifts = list(map(sub, ids, numbers))
            same = shifts.count(0)
            shift = shifts[0] if shifts.count(shifts[0]) == len(shifts) else None
        met = {sources[kind] for kind in {row[4] for row in rows}}
        batch = Numbering(len(ids), same, shift, computers={computer for _, computer in met})
        first, last = ids[0], ids[-1]
        if len(met) == 1 and last - first == len(ids) - 1 and ids == list(range(first, last + 1)):
            ((channel, computer),) = met
            batch.runs[channel] = Run(len(ids), first, last, first, last, computer, computer)
        elif len(met) == 1:
            ((channel, computer),) = met
            ascending = all(map(lt, ids, ids[1:]))
            batch.runs[channel] = Run(
                len(ids), ids[0], ids[-1], min(ids), max(ids), computer, computer, ascending
            )
        else:
            for record_id, row in zip(ids, rows, strict=True):
                channel, computer = sources[row[4]]
                batch.note(channel, Run(1, record_id, record_id, record_id, record_id, computer, computer))
        self.follow(batch)

    def note(self, channel: str, run: Run) -> None:
        """Notes that these records of a channel come next."""
        known = self.runs.get(channel)
        if known is not None:
            known.follow(run)
        elif len(self.runs) < MAX_SOURCES:
            self.runs[channel] = run

    def follow(self, other: "Numbering") -> None:
        """Takes in the records that come next."""
        self.shift = other.shift if not self.records or other.shift == self.shift else None
        self.records += other.records
        self.same += other.same
        for channel, run in other.runs.items():
            self.note(channel, run)
        if len(self.computers) < MAX_SOURCES:
            self.computers |= other.computers

    def kind(self, first_number: int, name: str) -> LogKind:
        """The kind of a log of that file name, whose first record the file keeps under that number."""
        if self.same >= MOSTLY * self.records:
            return LogKind.OWN
        if any(run.strangers for run in self.runs.values()) or name.casefold().startswith("forwardedevents"):
            return LogKind.COLLECTED
        if len(self.runs) > 1 or not all(run.ascending for run in self.runs.values()):
            return LogKind.MERGED
        if self.shift is not None:
            return LogKind.SAVED
        # A file that is numbered on, while the records' own numbers leap, was not saved at one go.
        return LogKind.FILTERED if first_number == 1 else LogKind.COLLECTED

    @property
    def left_out(self) -> int:
        """How many numbers between a channel's first and last are in no record."""
        return sum(run.high - run.low + 1 - run.records for run in self.runs.values() if run.ascending)


def named(lost: Iterable[Range], ends: Mapping[int, int], shift: int | None) -> Iterable[Range]:
    """The ``EventRecordID``s within which records lie whose header numbers are ``lost``, as far as their
    neighbours (``ends``) or a constant ``shift`` tell them."""
    for first, last in lost:
        if shift is not None:
            yield first + shift, last + shift
            continue
        before, after = ends.get(first - 1), ends.get(last + 1)
        if before is not None and after is not None and after > before + 1:
            yield before + 1, after - 1


def together(parts: Iterable[Numbering]) -> Numbering:
    """The numbers of all parts of a log, in their order."""
    whole = Numbering()
    for part in parts:
        whole.follow(part)
    return whole
