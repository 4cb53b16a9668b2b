"""In which order states were taken, as far as times or numbers say so; the order of lines says nothing."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from engine.files.content import Relation, held
from engine.parsers.file_state import FileState

MAX_NUMBER = 20
"""Higher ones are versions, bits and room numbers."""
MAX_MONTHS = 6

_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/._年 ]?(?P<month>\d{1,2})[-/._月 ]?(?P<day>\d{1,2})日?"
    r"(?:[T_ -]{0,2}(?P<hour>\d{1,2})[:：时点.-]?(?P<minute>\d{2})(?:[:：分.-]?(?P<second>\d{2}))?(?!\d))?"
)
_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_LEADING = re.compile(
    r"^\s{0,20}[\[(（【#]?(?P<number>\d{1,2})[\])）】]?\s{0,20}[-_.、．)）:： ]\s{0,20}(?!\d|bit\b|位)\S"
)
_COUNTED = re.compile(
    r"第\s*"
    r"(?P<number>\d{1,2}|[一二三四五六七八九十])\s*[次步遍轮]|\b(?:step|run|round)[ _-]?(?P<run>\d{1,2})\b",
    re.I,
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_CHINESE = "一二三四五六七八九十"
_SIDE = re.compile(
    r"(?<![当目最提先日生眼空然随今])(?:之|以)?(?P<side>[前后])(?![台缀端面续者期天年月周程门任言世方来])"
    r"|\b(?P<word>before|after|pre|post)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"_|(?<=[a-z])(?=[A-Z])")
_FILLING = re.compile(
    r"[\s\d_\-.·()（）:：]+|哈希值?|状态|采集|文件|的|hash(?:es)?|capture[sd]?|state|file|the|txt",
    re.IGNORECASE,
)

Key = tuple[int, ...]
Part = Callable[[FileState], str]


def in_order(states: Sequence[FileState]) -> list[FileState] | None:
    """The states, earliest first; ``None`` where nothing says which was earlier.

    All of them must bear a time, or a number, or a before or after of the same event. States that nothing
    tells apart may stand beside each other only if their contents do not differ.
    """
    if len(states) < 2:
        return None
    candidates = [_by_time(states), _by_day(states)]
    for part in (_folder, _file, _head):
        candidates += [_by_number(states, part), _by_side(states, part)]
    for keys in candidates:
        if keys and (ordered := _sorted(states, keys)):
            return ordered
    return None


def _sorted(states: Sequence[FileState], keys: Sequence[Key]) -> list[FileState] | None:
    pairs = sorted(zip(keys, states, strict=True), key=lambda pair: pair[0])
    if pairs[0][0] == pairs[-1][0]:
        return None
    for (first, mine), (second, theirs) in pairwise(pairs):
        if first == second and held(mine, theirs).relation not in {Relation.SAME, Relation.SLIP}:
            return None
    return [state for _key, state in pairs]


def _folder(state: FileState) -> str:
    return (state.artifact or "").rpartition("/")[0].rpartition("/")[2]


def _file(state: FileState) -> str:
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", (state.artifact or "").rpartition("/")[2])


def _head(state: FileState) -> str:
    return state.heading


# -- Keys: none where a state has none -----------------------------------------------------


def _by_time(states: Sequence[FileState]) -> list[Key] | None:
    """Year, month, day, and minutes and seconds as far as all say them; in one session the line, too."""
    times = [_time(state) for state in states]
    said = [time for time in times if time]
    if len(said) < len(states):
        return None
    keys = [time[: min(map(len, said))] for time in said]
    sessions = {(state.artifact, state.taken) for state in states}
    if len(sessions) == 1 and states[0].taken:
        return [(state.line or 0,) for state in states]
    return keys


def _time(state: FileState) -> Key | None:
    if state.taken:
        return tuple(map(int, re.findall(r"\d+", state.taken)[:6]))
    for content in (state.heading, _file(state), _folder(state)):
        if (
            (found := _DATE.search(content))
            and 1 <= int(found["month"]) <= 12
            and 1 <= int(found["day"]) <= 31
        ):
            return tuple(int(value) for value in found.groups() if value is not None)
    return None


def _by_day(states: Sequence[FileState]) -> list[Key] | None:
    """Month and day without a year, where they lie within half a year of each other."""
    keys: list[Key] = []
    for state in states:
        found = next(filter(None, (_DAY.search(part(state)) for part in (_head, _file, _folder))), None)
        if found is None:
            return None
        keys.append((int(found["month"]), int(found["day"])))
    months = [key[0] for key in keys]
    return keys if max(months) - min(months) < MAX_MONTHS else None


def _by_number(states: Sequence[FileState], part: Part) -> list[Key] | None:
    numbers = [_number(part(state)) for state in states]
    known = [number for number in numbers if number is not None and number <= MAX_NUMBER]
    return [(number,) for number in known] if len(known) == len(states) else None


def _number(content: str) -> int | None:
    plain = content.strip()
    if found := _LEADING.match(plain):
        return int(found["number"])
    if found := _COUNTED.search(plain):
        written = found["number"] or found["run"]
        return _CHINESE.index(written) + 1 if written in _CHINESE else int(written)
    return _CIRCLED.index(plain[0]) + 1 if plain and plain[0] in _CIRCLED else None


def _by_side(states: Sequence[FileState], part: Part) -> list[Key] | None:
    """Before and after, of the same event as far as both name one."""
    sides = [_side(part(state)) for state in states]
    known = [side for side in sides if side is not None]
    events = {event for _place, event in known if event}
    return [(place,) for place, _event in known] if len(known) == len(states) and len(events) < 2 else None


def _side(content: str) -> tuple[int, str] | None:
    plain = _JOINT.sub(" ", content)
    found = _SIDE.search(plain)
    if found is None:
        return None
    word = (found["side"] or found["word"]).lower()
    event = _FILLING.sub("", plain[: found.start()] + plain[found.end() :]).casefold()
    return (0 if word in {"前", "before", "pre"} else 1), event
