"""Small phrases that the sentences of several analyzers share."""

from datetime import datetime
from zoneinfo import ZoneInfo

from engine.messages.languages import CHINESE_SIGN
from engine.text import Text, text


def joined(parts: list[Text]) -> Text:
    """Sentences one behind the other."""
    return text("".join(part["zh-hans"] for part in parts), " ".join(part["en"] for part in parts))


def clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """Date and time of day in a zone; ``?`` when there is none."""
    if moment is None:
        return "?"
    try:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:  # The last hours of the year 9999: a log may say so.
        return moment.strftime("%Y-%m-%d %H:%M:%S")


def span(first: str, last: str) -> Text:
    """From a moment to another; of one moment, when it was."""
    if first == last:
        return text(f"在 {first}", f"at {first}")
    return text(f"在 {first} 至 {last} 之间", f"between {first} and {last}")


def set_off(value: str) -> str:
    """A value within a Chinese sentence: a blank beside it where it is not Chinese itself."""
    before, after = (" " * (not CHINESE_SIGN.match(sign)) for sign in (value[:1], value[-1:]))
    return f"{before}{value}{after}"


def zone_name(zone: ZoneInfo) -> tuple[str, str]:
    """How the zone is called in Chinese and in English."""
    key = zone.key or "UTC"
    return ("北京时间" if key == "Asia/Shanghai" else f"{key} 时间"), f"{key} time"


def of_machine(computer: str) -> Text:
    """Which machine a finding is about, where the bundle holds events of several."""
    return text(f"电脑 {computer}：", f"On {computer}:")


def times(count: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def counted(count: int, noun: str) -> str:
    """``1 record``, ``2 records``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
