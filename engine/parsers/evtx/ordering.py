"""How record numbers and times run through a log, noted while it is read.

Nearly every log ascends in both, and then nobody need look at its records again for the question
whether the clock was set back.
"""

from collections.abc import Sequence
from itertools import pairwise
from operator import lt

from engine.index.part import Ordering
from engine.index.values import seconds_back


class OrderingSoFar:
    """The ordering of the records told so far. ``first_time`` and ``last_time`` are the earliest and
    the latest time, UTC text or ``None``."""

    def __init__(self) -> None:
        self.first_time: str | None = None
        self.last_time: str | None = None
        self._first: tuple[int, str | None] | None = None
        self._last: tuple[int, str | None] | None = None
        self._back: float | None = 0.0

    def extend(self, ids: Sequence[int], times: Sequence[str | None]) -> None:
        """Notes records in the order they were read."""
        if not ids:
            return
        known = [time for time in times if time]
        ordered = sorted(known)
        if known:
            self.first_time = min(self.first_time or ordered[0], ordered[0])
            self.last_time = max(self.last_time or ordered[-1], ordered[-1])
        is_whole, is_steady = len(known) == len(times), known == ordered
        if self._last is not None:
            last_id, last_time = self._last
            ids, known = [last_id, *ids], [last_time or "", *known]
            is_steady = is_steady and known[:1] <= ordered[:1]
        else:
            self._first = ids[0], times[0]
        self._last = ids[-1], times[-1]
        if self._back is None:
            return
        if not is_whole or not all(map(lt, ids, ids[1:])):
            self._back = None
        elif not is_steady:
            backwards = (seconds_back(before, after) for before, after in pairwise(known) if after < before)
            self._back = max(self._back, *backwards)

    def as_ordering(self) -> Ordering | None:
        """The ordering of all of them; ``None`` of no record at all."""
        if self._first is None or self._last is None:
            return None
        return Ordering(self._first[0], self._last[0], self._first[1], self._last[1], self._back)
