"""The sentences of an error that is new and that no rule knows: what Windows or a vendor says of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from engine.analyzers.matched import Cited
from engine.index.event_record import EventRecord
from engine.material import Material
from engine.messages import fields, parameters
from engine.messages.codes import words as codes
from engine.messages.describe import Description, Source, describe
from engine.messages.languages import CHINESE
from engine.messages.telling import telling
from engine.messages.values import values_of
from engine.phrases import clock, counted, joined, of_machine, zone_name
from engine.text import LANGUAGES, Text, in_language, text
from engine.text_safety import legible, shortened

NO_LOGS = text("材料中没有可读取的事件日志（.evtx）。", "The bundle holds no readable event log (.evtx).")
TOO_SHORT = text(
    "日志只有不到十天，看不出哪些错误是新出现的。",
    "The logs hold less than ten days, so which errors are new cannot be told.",
)
MAX_OTHERS = 3
MAX_NAMED = 6
_MAX_TITLE, _MAX_OTHER, _MAX_MESSAGE, _MAX_VALUE = 110, 160, 600, 200
_MIN_SENTENCE = 12
"""Characters: “Error.” tells nothing, so the next sentence goes with it."""
_SENTENCE_END = re.compile(r"[。！？]|[.!?](?=\s|$)|\n")
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?|\s*")
_LEVELS = {1: ("严重错误", "critical error"), 3: ("警告", "warning")}
_ERROR = ("错误", "error")


@dataclass(frozen=True)
class Story:
    """``events`` are the first of each sort, the leading one first, of which ``seen`` tells; ``days`` of
    log lie before, in which it came ``seldom`` or never; ``machine`` is named where there are several."""

    provider: str
    level: int
    events: Sequence[EventRecord]
    seen: Cited
    days: int
    seldom: bool
    material: Material
    machine: str


def title(story: Story) -> Text:
    """Who reports it, and the first sentence of what it says."""
    provider = legible(story.provider.removeprefix("Microsoft-Windows-"))
    zh, en = _LEVELS.get(story.level, _ERROR)
    said = _first_sentence(story.events[0], story.material, _MAX_TITLE)
    many = len_of(story)
    zh, en = (
        (f"{provider} 报告的{zh}明显增多", f"{provider} reports far more of this {en}")
        if story.seldom
        else (f"{provider} 报告了此前没有的{zh}", f"{provider} reports a new {en}")
    )
    return text(
        f"{zh}：{said['zh-hans']}" + (f"（{many:,} 次）" if many > 1 else ""),
        f"{en}: {said['en']}" + (f" ({many:,} times)" if many > 1 else ""),
    )


def summary(story: Story) -> Text:
    """When it came and since when, what the event says, whose words these are, and what else came."""
    leading = story.events[0]
    described = describe(leading, story.material.messages)
    parts = [of_machine(story.machine)] if story.machine else []
    parts += [_times(story), _before(story), _no_rule(described), _message(described)]
    parts += _named(leading, described, story.material)
    parts += _others(story)
    return joined(parts)


def advice(story: Story) -> Text:
    """Whom to ask, and what to hold beside it."""
    number = story.events[0].event_id
    provider = legible(story.provider)
    return text(
        f"请按来源 {provider} 和事件 {number} 查阅厂商的资料或询问厂商，并核对它首次出现之前"
        "更新、安装或更改过什么；不能确定时，请与同一时间的其他结论对照。",
        f"Look up event {number} of {provider} in its vendor's documentation or ask the vendor, and check "
        "what was updated, installed or changed before it first came. Hold it beside the other findings of "
        "that time.",
    )


def len_of(story: Story) -> int:
    """How many events of the leading sort there are."""
    return story.seen.facts.count or 0


def _times(story: Story) -> Text:
    many, number = len_of(story), story.events[0].event_id
    log, more = legible(story.seen.logs[0]), len(story.seen.logs) - 1
    where_zh = f"{log} 等 {more + 1} 份日志" if more else log
    where_en = f"{log} and {counted(more, 'more log')}" if more else log
    first, last = (
        clock(datetime.fromtimestamp(at, UTC), story.material.zone)
        for at in (story.seen.bursts[0].first, story.seen.bursts[-1].last)
    )
    zh_zone, en_zone = zone_name(story.material.zone)
    if many == 1:
        return text(
            f"{where_zh} 中的事件 {number}，时间为 {first}（{zh_zone}）。",
            f"Event {number} in {where_en}, at {first} ({en_zone}).",
        )
    return text(
        f"{where_zh} 中有 {many:,} 条事件 {number}，时间在 {first} 至 {last} 之间（{zh_zone}）。",
        f"{many:,} events {number} in {where_en}, between {first} and {last} ({en_zone}).",
    )


def _before(story: Story) -> Text:
    if story.seldom:
        return text(
            f"此前 {story.days} 天的日志里很少出现（不到现在的十分之一）。",
            f"In the {story.days} days of log before, it came less than a tenth as often.",
        )
    return text(
        f"此前 {story.days} 天的日志里一次也没有。",
        f"In the {story.days} days of log before, it did not come at all.",
    )


def _no_rule(described: Description) -> Text:
    if described.source is Source.FIELDS:
        return text(
            "本系统没有针对它的规则，也没有它的消息文本，因此不判断它的原因；以下是记录中的内容。",
            "The portal has no rule for it and does not have its text, so it says nothing of its cause; "
            "this is what the record holds.",
        )
    if described.source is Source.CATALOGUE:
        return text(
            "本系统没有针对它的规则，因此不判断它的原因；以下是该事件所说的内容。",
            "The portal has no rule for it and says nothing of its cause; this is what the event tells.",
        )
    return text(
        "本系统没有针对它的规则，因此不判断它的原因；以下是 Windows 或厂商自己的文本。",
        "The portal has no rule for it and says nothing of its cause; the text is that of Windows or the "
        "vendor.",
    )


def _message(described: Description) -> Text:
    zh, en = (
        _one_line(in_language(described.text, language), language, _MAX_MESSAGE) for language in LANGUAGES
    )
    return text(f"“{zh}”。", f"“{en}”.")


def _named(event: EventRecord, described: Description, material: Material) -> list[Text]:
    """What the record names beyond its message: in the words of the catalogue all stands already."""
    if described.source in {Source.FIELDS, Source.CATALOGUE}:
        return []
    said, values = f"{described.text['zh-hans']} {described.text['en']}", values_of(event)
    left_out = {id(value) for value in values.told if value.text in said}
    zh, en = (
        [
            _one_line(line, language, _MAX_VALUE)
            for line in islice(
                fields.lines(
                    values,
                    language,
                    parameters.resolver(event.provider or "", language, material.messages.capture),
                    left_out,
                ),
                MAX_NAMED,
            )
        ]
        for language in LANGUAGES
    )
    return [text(f"记录中还有：{'；'.join(zh)}。", f"The record also holds: {'; '.join(en)}.")] if zh else []


def _others(story: Story) -> list[Text]:
    if not story.events[1:]:
        return []
    zh, en = [], []
    for event in story.events[1:]:
        said = _first_sentence(event, story.material, _MAX_OTHER)
        zh.append(f"事件 {event.event_id}（{said['zh-hans']}）")
        en.append(f"event {event.event_id} ({said['en']})")
    return [
        text(
            f"同一来源新出现或明显增多的还有{'、'.join(zh)}。",
            f"Also new, or far more often, from the same source: {', '.join(en)}.",
        )
    ]


def _first_sentence(event: EventRecord, material: Material, limit: int) -> Text:
    described = describe(event, material.messages)
    if described.source is Source.FIELDS:
        return _values(event, limit)
    return text(*(_begin(in_language(described.text, language), language, limit) for language in LANGUAGES))


def _values(event: EventRecord, limit: int) -> Text:
    """What an event carries whose text nobody knows."""
    every = [value.text for value in values_of(event).all if not _GUID.fullmatch(value.text)]
    values = ("\n" if sum(map(len, every)) + len(every) > limit else " ").join(every)
    zh, en = (_one_line(codes.annotated(values, language), language, limit) for language in LANGUAGES)
    number = event.event_id
    return text(zh or f"事件 {number}，没有内容", en or f"event {number}, without any value")


def _begin(said: str, language: str, limit: int) -> str:
    """Up to the end of the first sentence that tells something, without its stop."""
    ends = (mark for mark in _SENTENCE_END.finditer(said) if mark.start() >= _MIN_SENTENCE)
    end = next(ends, None)
    first = said if end is None else said[: end.start()]
    return _one_line(first, language, limit)


def _one_line(said: str, language: str, limit: int) -> str:
    """The lines of a text one behind the other, without their stops."""
    said = telling(said, limit)
    lines = [stripped for line in said.splitlines() if (stripped := line.strip().rstrip("。."))]
    return shortened(("；" if language == CHINESE else "; ").join(lines), limit)
