"""Times that a text wrote without a zone, brought to UTC once the whole bundle is read.

The bundle tells the machine's zone where it can: Windows writes its bias daily into event 6013 of EventLog
("The system uptime is … seconds"; last value ``-480 China Standard Time``, minutes to be added to local
time). Where nothing does, the zone of the analysis is taken. Each log says which it was.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from engine.artifacts import Artifact
from engine.index.event_index import EventIndex
from engine.index.writer import EventIndexWriter
from engine.parsers.contents import Contents
from engine.text import Text, text
from engine.text_safety import legible

_BIAS = re.compile(r"(-?\d{1,4}) ")
_MAX_BIAS = 14 * 60
_LENGTH = len("2020-11-24T01:01:43.123456")


class Told(NamedTuple):
    """From a local time on, this offset from UTC; ``artifact`` is where it stands."""

    since: str
    offset: timedelta
    artifact: str


def settle(contents: Contents, index: Path, zone: ZoneInfo) -> None:
    """Brings the local times of logs to UTC, in the index below that folder and in the logs' facts."""
    local = {log.artifact for log in contents.logs if log.local}
    logs = {
        number: artifact for number, artifact in enumerate(contents.artifacts, 1) if artifact.path in local
    }
    if not logs:
        return
    told = _told(index)
    utc_of = _converter(told, zone)
    for file in sorted(index.glob("*.sqlite")):
        with EventIndexWriter(file, resume=True) as writer:
            writer.settle_times(logs, utc_of)
    for log in contents.logs:
        if log.local:
            log.first_time, log.last_time = (
                _settled(time, utc_of) for time in (log.first_time, log.last_time)
            )
    for artifact in logs.values():
        _say(artifact, told, zone)


def _told(index: Path) -> list[Told]:
    """The offsets that the bundle's own records tell, by local time."""
    with EventIndex(index) as events:
        told = []
        for event in events.events(provider="EventLog", event_id=6013):
            values = event.data.get("Data")
            bias = _BIAS.match(str(values[-1])) if isinstance(values, list) and values else None
            if bias and abs(int(bias[1])) <= _MAX_BIAS and event.time:
                offset = timedelta(minutes=-int(bias[1]))
                local = _moment(event.time) + offset
                told.append(Told(local.isoformat(timespec="microseconds")[:_LENGTH], offset, event.artifact))
    return sorted(told)


def _converter(told: list[Told], zone: ZoneInfo) -> Callable[[str], str | None]:
    starts = [record.since for record in told]

    @lru_cache(maxsize=4096)
    def offset_of(hour: str) -> timedelta:
        """Of a local time up to its hour; zones change their offset at whole hours."""
        if told:
            return told[max(0, bisect_right(starts, hour) - 1)].offset
        return _moment(f"{hour}:00:00").replace(tzinfo=zone).utcoffset() or timedelta()

    def utc_of(local: str) -> str | None:
        try:
            moment = _moment(local) - offset_of(local[:13])
        except (ValueError, OverflowError):
            return None
        return moment.isoformat(timespec="microseconds") + "Z"

    return utc_of


def _settled(time: str | None, utc_of: Callable[[str], str | None]) -> str | None:
    return utc_of(time) if time and not time.endswith("Z") else time


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time.removesuffix("Z"))


def _say(artifact: Artifact, told: list[Told], zone: ZoneInfo) -> None:
    """The zone in the artifact's detail."""
    if told:
        offset, source = _name(told[-1].offset), legible(told[-1].artifact)
        note = text(
            f"其中的时间没有时区，按该电脑的时区（{offset}，依据 {source} 中的事件 6013）换算。",
            f"Its times carry no zone; they are read in the machine's own ({offset}, as event 6013 "
            f"in {source} "
            "tells).",
        )
    else:
        note = text(
            f"其中的时间没有时区，材料中也没有说明该电脑的时区；按 {zone.key} 时间换算。",
            f"Its times carry no zone, and nothing in the bundle tells the machine's; they are read "
            f"in {zone.key} "
            "time.",
        )
    before = artifact.detail
    artifact.detail = note if before is None else _joined(before, note)


def _joined(first: Text, second: Text) -> Text:
    return text(first["zh-hans"] + second["zh-hans"], f"{first['en']} {second['en']}".strip())


def _name(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
