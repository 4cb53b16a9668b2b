"""From the columns of an export to an event as the index keeps it, whatever form they stood in."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.parsers.exports.providers import channel_of_provider, provider_of
from engine.parsers.exports.rendered import fields_of
from engine.parsers.exports.times import Clock
from engine.parsers.exports.words import channel_of, channel_of_file, level_of
from engine.parsers.text_log import MAX_VALUES, LoggedEvent

MAX_MESSAGE = 32_768
_LARGEST = 2**63 - 1
AUDITING = "Microsoft-Windows-Security-Auditing"


class Entries:
    """Makes the events of one file, whose path may tell the channel."""

    def __init__(self, path: str, clock: Clock) -> None:
        self.clock = clock
        self._channel = channel_of_file(path)

    def event(
        self, line: int, columns: Mapping[str, Any], values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> LoggedEvent | None:
        """The event of these columns (by the names of ``words.COLUMNS``) and its values in order or by name;
        ``None`` where neither an event id nor a time can be read."""
        event_id = number_of(columns.get("event_id"))
        time = self.clock.read(text_of(columns.get("time")))
        if event_id is None or (time is None and not columns.get("provider")):
            return None
        provider = provider_of(text_of(columns.get("provider")))
        message = text_of(columns.get("message"))[:MAX_MESSAGE].strip()
        channel = channel_of(text_of(columns.get("channel")))
        channel = channel or self._channel or channel_of_provider(provider)
        data: dict[str, Any]
        if isinstance(values, Mapping):
            data = {name: text_of(value) for name, value in values.items()}
        else:
            data = unnamed([text_of(value) for value in values[:MAX_VALUES]])
        if not data and message:
            data = fields_of(provider, event_id, message)
        return LoggedEvent(
            line,
            time,
            provider,
            channel,
            event_id=event_id & 0xFFFF if event_id > 0xFFFF else event_id,
            level=level_of(text_of(columns.get("level_number") or columns.get("level"))),
            computer=text_of(columns.get("computer")).strip() or None,
            data=data,
            record_id=number_of(columns.get("record_id")),
            rendering=("zh-CN" if is_chinese(message) else "en-US", message) if message else None,
            qualifiers=number_of(columns.get("qualifiers")),
            version=number_of(columns.get("version")),
            user=_sid(text_of(columns.get("user"))),
            process_id=number_of(columns.get("process_id")),
            thread_id=number_of(columns.get("thread_id")),
            activity_id=text_of(columns.get("activity_id")).strip(),
            cut=len(values) > MAX_VALUES,
        )


def text_of(value: Any) -> str:
    """A value as text; nothing for none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


def number_of(value: Any) -> int | None:
    """A whole number of at most 63 bits, written or as such."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 <= value <= _LARGEST else None
    digits = text_of(value).strip().replace(",", "")
    fits = digits.isascii() and digits.isdecimal() and len(digits) < 19
    return int(digits) if fits else None


def unnamed(values: Sequence[str]) -> dict[str, Any]:
    """A payload of values without names."""
    return {"Data": {"#text": values[0] if len(values) == 1 else list(values)}} if values else {}


def is_chinese(message: str) -> bool:
    """Whether a message is in Chinese."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in message[:400])


def _sid(user: str) -> str:
    return user.strip() if user.strip().startswith("S-1-") else ""
