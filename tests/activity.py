"""What is announced of cases, for tests that listen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cases.signals import Activity, case_activity


@contextmanager
def listening() -> Iterator[list[Activity]]:
    """The activities that are announced within the block, in order."""
    heard: list[Activity] = []

    def hear(activity: Activity, **_: Any) -> None:
        heard.append(activity)

    case_activity.connect(hear, weak=False)
    try:
        yield heard
    finally:
        case_activity.disconnect(hear)
