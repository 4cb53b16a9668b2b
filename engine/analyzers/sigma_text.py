"""The sentences of a rule's finding: the rule's own, with the values of the events in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.findings import Failed, Severity
from engine.messages import labels, parameters, template
from engine.messages.codes import fields, words
from engine.messages.languages import CHINESE, CHINESE_SIGN
from engine.messages.named_in_records import named as named_in_records
from engine.messages.telling import telling
from engine.messages.values import clean
from engine.parsers.logs.channels import PLACES
from engine.phrases import clock, counted, joined, of_machine, span, zone_name
from engine.rules import refusals
from engine.rules.reach import OutOfReach
from engine.rules.rule_files import Rule
from engine.text import LANGUAGES, Text, text
from engine.text_safety import legible, shortened

_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_. ]*)(?:\|([a-z0-9_]+))?\}")
_PLACE_AND_BLANKS = re.compile("( ?)" + _PLACE.pattern + "( ?)")
_BLANKS, _END = re.compile(" {2,}"), re.compile(r"(?<![.。])[.。]$")
"""A value has no stop of its own in our sentence."""
OPTIONAL = re.compile(r"<([^<>]*)>")
"""A phrase of a sentence that needs all its values."""
_BEGINS_SMALL = re.compile(r"[a-z]+(?=[ ,;:-])")
_ENDS = (*".。!！?？…", ".”", "。”", ".)", "。）")
"""How a sentence ends."""
_MAX_VALUE_LENGTH = 120
_UNKNOWN = text("（未记录）", "(not recorded)")
_MAX_LISTED = 3
_MAX_OTHER_LENGTH = 60
MAX_FIELDS = 8
"""Fields that a sentence names."""


_NO_NAMES = frozenset(("Computer", "Provider_Name", "EventID", "ErrorCode"))


@dataclass(frozen=True)
class Story:
    """What the sentences tell of. ``values`` are the fields of the newest event cited,
    ``incidents`` the first and last time (seconds since 1970) and the count of each;
    ``machine`` is named where there are several; ``others`` are values of older events by field."""

    rule: Rule
    values: Mapping[str, str]
    count: int
    event_ids: Sequence[int]
    logs: Sequence[str]
    incidents: Sequence[tuple[float, float, int]]
    zone: ZoneInfo
    machine: str = ""
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)


def title(story: Story) -> Text:
    """The rule's title, and how often."""
    title = filled(story.rule.title, story.values)
    if story.count == 1:
        return title
    return text(f"{title['zh-hans']}（{story.count:,} 次）", f"{title['en']} ({story.count:,} times)")


def summary(story: Story) -> Text:
    """How often and when, and what it means; what the records name, where the rule names nothing of them."""
    machine = [of_machine(story.machine)] if story.machine else []
    said = meaning(story)
    silent = story.rule.own and story.rule.severity is not Severity.INFO and not _names_something(story)
    named = named_in_records(story.values, f"{title(story)['en']} {said['en']}") if silent else None
    return joined([*machine, _counts(story), said, *([named] if named else []), *_others(story)])


def _names_something(story: Story) -> bool:
    """Whether the rule's sentences name more of its records than a code."""
    places = _PLACE.findall(f"{story.rule.title['en']} {story.rule.conclusion['en']}")
    return any(not label and story.values.get(name) for name, label in places if name not in _NO_NAMES)


def meaning(story: Story) -> Text:
    """The rule's conclusion."""
    return _whole(story.rule.conclusion, story.values)


def causes(story: Story) -> Text:
    """What usually causes it; empty where the rule does not say."""
    return _whole(story.rule.causes, story.values)


def advice(story: Story) -> Text:
    """The rule's advice."""
    return _whole(story.rule.advice, story.values)


def filled(sentence: Text, values: Mapping[str, str]) -> Text:
    """The sentence with ``{Field}`` replaced by the event's value, safe to show; ``{Field|label}``
    puts a number into words, and ``%%5`` in a value is what it means to the provider. What stands in ``<…>``
    is said only where the event has all its values."""

    def put(language: str) -> str:
        def known(phrase: re.Match[str]) -> str:
            places = list(_PLACE.finditer(phrase[1]))
            if not places:
                return phrase[0]  # of somebody else's rule: “<script>” is what it looks for
            return phrase[1] if all(_value(values, at[1], at[2], language) for at in places) else ""

        unknown, translated = str({**_UNKNOWN}[language]), str({**sentence}[language])
        translated = OPTIONAL.sub(known, translated)

        def fill(place: re.Match[str]) -> str:
            value = _value(values, place[2], place[3], language) or unknown
            if language == CHINESE:
                before, after = CHINESE_SIGN.match(value), CHINESE_SIGN.match(value[-1])
                return ("" if before else place[1]) + value + ("" if after else place[4])
            return place[1] + value + place[4]

        return _PLACE_AND_BLANKS.sub(fill, translated)

    return text(*(put(language) for language in LANGUAGES))


def _whole(sentence: Text, values: Mapping[str, str]) -> Text:
    """Filled, with a capital at its start, unless a value stands there, and a stop at its end."""
    told = filled(sentence, values)
    zh, en = told["zh-hans"], told["en"]
    word, place = _BEGINS_SMALL.match(en), _PLACE.match(sentence["en"].removeprefix("<"))
    if word and not (place and clean(values.get(place[1], "")).strip().startswith(word[0])):
        en = en[0].upper() + en[1:]
    return text(
        zh if not zh or zh.endswith(_ENDS) else zh + "。", en if not en or en.endswith(_ENDS) else en + "."
    )


def missing(channels: Sequence[str]) -> Text:
    """Which log the rule would need."""
    if not channels:
        return text(
            "材料中没有可读取的事件日志（.evtx）。", "The bundle holds no readable event log (.evtx)."
        )
    named = " / ".join(channels)
    if set(channels) <= PLACES.keys():
        places = "; ".join(PLACES[channel] for channel in channels if PLACES[channel])
        return text(
            f"材料中没有“{named}”{f'（{places}）' if places else ''}。",
            f"The bundle holds no “{named}”{f' ({places})' if places else ''}.",
        )
    files = ", ".join(channel.replace("/", "%4") + ".evtx" for channel in channels)
    return text(
        f"材料中没有“{named}”日志。该日志在 C:\\Windows\\System32\\winevt\\Logs 中的文件名是 {files}。",
        f"The bundle holds no log “{named}”. In C:\\Windows\\System32\\winevt\\Logs its file is {files}.",
    )


def unreachable(reason: OutOfReach) -> Text:
    """Why a rule could not have matched, whatever happened."""
    if not reason.fields:
        return text(
            f"无法匹配：日志中没有此规则所针对的事件（{reason.source}）。",
            f"Could not match: the logs hold no event of the kind that the rule is about ({reason.source}).",
        )
    names = [legible(name) for name in reason.fields[:MAX_FIELDS]]
    zh, en = "、".join(names), ", ".join(names)
    if len(reason.fields) > MAX_FIELDS:
        zh, en = f"{zh} 等", f"{en} and more"
    noun = "field" if len(reason.fields) == 1 else "fields"
    if reason.nowhere:
        return text(
            f"无法匹配：该日志没有字段 {zh}。请核对规则中的写法，以及该机器是否记录此项。",
            f"Could not match: this log has no {noun} {en}. Please check how the rule spells it, and whether "
            "the machine records it.",
        )
    return text(
        f"无法匹配：此规则所针对的事件没有字段 {zh}。请核对规则中的写法，以及该机器是否记录此项。",
        f"Could not match: the events that the rule is about have no {noun} {en}. Please check how the rule "
        "spells it, and whether the machine records it.",
    )


def unusable(name: str, reason: str) -> Failed:
    """A rule that cannot be read or compiled."""
    why = refusals.both(reason)
    return Failed(
        f"{name}: {reason}",
        text(f"{legible(name)}：{why['zh-hans']}。", f"{legible(name)}: {why['en']}."),
    )


def too_costly(name: str, pattern: str) -> Failed:
    """A rule that was given up: a regular expression took too long."""
    shown = shortened(legible(pattern), _MAX_VALUE_LENGTH)
    return Failed(
        f"{name}: pattern too costly: {shown}",
        text(
            f"{name}：正则表达式代价过高，已停止此规则，其他规则不受影响：{shown}",
            f"{name}: pattern too costly; this rule was stopped, the others went on: {shown}",
        ),
    )


def _others(story: Story) -> list[Text]:
    """That the conclusion is of the newest record, where others say something else."""
    rule = story.rule
    places = {place[1]: place[2] for place in _PLACE.finditer(rule.title["en"] + rule.conclusion["en"])}
    varying = [name for name in places if story.others.get(name)]
    if not varying:
        return []
    name = varying[0]
    values = story.others[name]
    if len(varying) > 1 or any(len(value) > _MAX_OTHER_LENGTH for value in values):
        return [
            text(
                "上述具体内容取自最近一条记录，其他记录中有所不同。",
                "This is what the newest record says; others differ in part.",
            )
        ]

    def listed(language: str) -> str:
        provider = story.values.get("Provider_Name", "")
        said = [
            _value({name: value, "Provider_Name": provider}, name, places[name], language)
            for value in values[-_MAX_LISTED:]
        ]
        return ("、" if language == CHINESE else ", ").join(dict.fromkeys(said))

    zh, en = (listed(language) for language in LANGUAGES)
    if len(values) > _MAX_LISTED:
        zh, en = zh + ("等" if CHINESE_SIGN.match(zh[-1]) else " 等"), f"{en} and more"
    return [
        text(
            f"上述具体内容取自最近一条记录；其他记录中还有：{zh}。",
            f"This is what the newest record says; others have {en} in its place.",
        )
    ]


def _value(values: Mapping[str, str], name: str, label: str | None, language: str) -> str:
    meaning = parameters.resolver(values.get("Provider_Name", ""), language)
    value = template.resolved(_short(clean(values.get(name, "")).strip()), meaning)
    if label:
        value = labels.labelled(value, label, language)
    else:
        value = fields.labelled(name, words.annotated(value, language), language)
    return _END.sub("", _BLANKS.sub(" ", labels.listed(value, language)))


def _short(value: str) -> str:
    """A report of several lines may take twice the room of a name."""
    return telling(value, 2 * _MAX_VALUE_LENGTH) if "\n" in value else shortened(value, _MAX_VALUE_LENGTH)


def _counts(story: Story) -> Text:
    timed = [incident for incident in story.incidents if incident[1]]
    ids_zh = "、".join(map(str, story.event_ids[:6])) + (" 等" if len(story.event_ids) > 6 else "")
    ids_en = ", ".join(map(str, story.event_ids[:6])) + (" and more" if len(story.event_ids) > 6 else "")
    log = legible(story.logs[0])
    more = len(story.logs) - 1
    where_zh = f"{log} 等 {more + 1} 份日志" if more else f"{log} "
    where_en = f"{log} and {counted(more, 'more log')}" if more else log
    zh_zone, en_zone = zone_name(story.zone)
    if story.event_ids:
        sentence = text(
            f"{where_zh}中有 {story.count:,} 条相关事件（ID {ids_zh}）",
            f"{'One event' if story.count == 1 else f'{story.count:,} events'} in {where_en} (ID {ids_en})",
        )
    else:  # lines of a text log
        sentence = text(
            f"{where_zh}中有 {story.count:,} 行相关记录", f"{counted(story.count, 'line')} in {where_en}"
        )
    if not timed:
        return text(f"{sentence['zh-hans']}，没有时间。", f"{sentence['en']}, without a time.")
    when = span(_moment(timed[0][0], story), _moment(timed[-1][1], story))
    sentence = text(
        f"{sentence['zh-hans']}，时间{when['zh-hans']}（{zh_zone}）",
        f"{sentence['en']}, {when['en']} ({en_zone})",
    )
    parts = len(story.incidents)
    if parts == 1 or parts == story.count or not story.event_ids:
        return text(sentence["zh-hans"] + "。", sentence["en"] + ".")
    most = sorted(story.incidents, key=lambda incident: -incident[2])[:_MAX_LISTED]
    zh = "，".join(f"{_moment(start, story)[:16]} 起 {count:,} 条" for start, _, count in most)
    en = ", ".join(f"{count:,} from {_moment(start, story)[:16]}" for start, _, count in most)
    more = parts > _MAX_LISTED
    return text(
        f"{sentence['zh-hans']}，分 {parts:,} 段集中出现：{'最多的是 ' if more else ''}{zh}。",
        f"{sentence['en']}, in {parts:,} bursts: {'most of all ' if more else ''}{en}.",
    )


def _moment(seconds: float, story: Story) -> str:
    return clock(datetime.fromtimestamp(seconds, UTC) if seconds else None, story.zone)
