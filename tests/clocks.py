"""The hours at which a day of one zone is another day in the next, and the days that calendars stumble over.

Who asks for ``moved_clock`` runs at each of them. It moves the clock and the time zone of this process,
not of PostgreSQL and of other processes; `make test-clocks` moves those, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Clock:
    """``now`` in the zone of the machine; ``today`` is the day that it is then in Shanghai."""

    now: datetime
    today: date

    @property
    def midnight(self) -> datetime:
        """The first moment of today in Shanghai."""
        return datetime.combine(self.today, time(), ZoneInfo("Asia/Shanghai"))


CLOCKS = {
    "half past five in the afternoon": Clock(datetime(2027, 3, 9, 17, 30, tzinfo=UTC), date(2027, 3, 10)),
    "a minute to midnight": Clock(datetime(2027, 6, 30, 23, 59, tzinfo=UTC), date(2027, 7, 1)),
    "31 December": Clock(datetime(2027, 12, 31, 16, 30, tzinfo=UTC), date(2028, 1, 1)),
    "29 February": Clock(datetime(2028, 2, 28, 17, 0, tzinfo=UTC), date(2028, 2, 29)),
    "New York": Clock(datetime(2027, 3, 13, 21, 30, tzinfo=ZoneInfo("America/New_York")), date(2027, 3, 14)),
}


@pytest.fixture(params=CLOCKS.values(), ids=list(CLOCKS))
def moved_clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """It is that moment, on a machine of that zone."""
    clock: Clock = request.param
    with time_machine.travel(clock.now):
        yield clock


def at(*names: str) -> pytest.MarkDecorator:
    """A dear test's own choice of clocks."""
    return pytest.mark.parametrize("moved_clock", [CLOCKS[name] for name in names], indirect=True, ids=names)
