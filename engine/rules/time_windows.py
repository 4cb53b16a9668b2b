"""Which matches of a rule belong together: incidents, and the windows of correlations.

Every function takes times in seconds, ascending, and returns stretches ``(first, last)`` of
positions in that list, both inclusive. Overlapping windows are one stretch, so that a burst
of a thousand events is one incident and not nine hundred. All take O(n log n).
"""

import operator
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from engine.rules.compiled import Window

Stretch = tuple[int, int]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def incidents(times: Sequence[float], seconds: float) -> list[Stretch]:
    """Stretches in which no two neighbours are further apart than ``seconds``."""
    stretches: list[Stretch] = []
    start = 0
    for place in range(1, len(times) + 1):
        if place == len(times) or times[place] - times[place - 1] > seconds:
            stretches.append((start, place - 1))
            start = place
    return stretches


def correlated(
    window: Window, times: Sequence[float], slots: Sequence[int], values: Sequence[object]
) -> list[Stretch]:
    """The stretches of one group that fulfil a correlation.

    ``slots`` says which detection each event matched, ``values`` the counted field of each
    (``value_count`` only). As Sigma has it: a window ends at an event and reaches back
    ``window.seconds``, both ends included.
    """
    match window.kind:
        case "event_count":
            stretches = _counted(window, times)
        case "value_count":
            stretches = _distinct(window, times, values)
        case "temporal":
            stretches = _distinct(window, times, slots)
        case _:
            stretches = _ordered(window, times, slots)
    return _merged(stretches)


def _counted(window: Window, times: Sequence[float]) -> Iterable[Stretch]:
    enough, start = _COMPARE[window.operator], 0
    for end, time in enumerate(times):
        while time - times[start] > window.seconds:
            start += 1
        if enough(end - start + 1, window.threshold):
            yield start, end


def _distinct(window: Window, times: Sequence[float], values: Sequence[object]) -> Iterable[Stretch]:
    enough, start = _COMPARE[window.operator], 0
    inside: Counter[object] = Counter()
    for end, time in enumerate(times):
        if values[end] is not None:
            inside[values[end]] += 1
        while time - times[start] > window.seconds:
            if values[start] is not None:
                inside[values[start]] -= 1
                if not inside[values[start]]:
                    del inside[values[start]]
            start += 1
        if enough(len(inside), window.threshold):
            yield start, end


def _ordered(window: Window, times: Sequence[float], slots: Sequence[int]) -> Iterable[Stretch]:
    """Each detection after the one before it; of several chains the tightest."""
    steps = len(window.keys)
    places: list[list[int]] = [[] for _ in range(steps)]
    moments: list[list[float]] = [[] for _ in range(steps)]
    for place, slot in enumerate(slots):
        places[slot].append(place)
        moments[slot].append(times[place])
        if slot != steps - 1:
            continue
        first = place
        for step in range(steps - 2, -1, -1):
            before = bisect_left(moments[step], times[first])
            if not before:
                break
            first = places[step][before - 1]
        else:
            if times[place] - times[first] <= window.seconds:
                yield first, place


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged
