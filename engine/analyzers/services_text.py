"""The sentences of the finding "service ended unexpectedly", in both languages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from engine.conclusions import log_gaps
from engine.conclusions.fingerprints import per_user
from engine.parsers.evtx.log_facts import LogFacts
from engine.phrases import clock, counted, joined, of_machine, set_off, span, times, zone_name
from engine.service_control import Run, Termination
from engine.text import Text, text
from engine.text_safety import legible

_MAX_LISTED_RUNS = 5
_ORDINALS_ZH = ("首", "第二", "第三", "第四", "第五", "第六")
_ORDINALS_EN = ("first", "second", "third", "fourth", "fifth", "sixth")
_OF_A_USER = text(
    "这是每个登录用户各有一份的服务（每用户服务），随注销而停止，通常无害。",
    "This is a per-user service, of which each signed-in user has a copy; it ends as the user signs out and "
    "usually does no harm.",
)


@dataclass(frozen=True)
class Story:
    """What the sentences tell of: one service in one log. ``second`` counts the second
    parser's verdicts on the cited records; ``machine`` is named where there are several;
    ``differences`` are in what the parsers differ."""

    name: str
    key: str
    ends: list[Termination]
    runs: list[Run]
    facts: LogFacts
    zone: ZoneInfo
    second: Counter[str]
    machine: str = ""
    differences: Sequence[str] = ()

    @property
    def known_runs(self) -> list[Run]:
        """The runs whose start of the machine the log shows."""
        return [run for run in self.runs if run.boot is not None]


@dataclass(frozen=True)
class Rhythm:
    """What several starts have in common: seconds to the first end, then between ends."""

    starts: int
    delay: float
    gaps: list[float]


def title(story: Story) -> Text:
    """The finding in one line."""
    count = len(story.ends)
    return text(
        f"{set_off(story.name).lstrip()}意外停止 {count:,} 次",
        f"{story.name} stopped unexpectedly {times(count)}",
    )


def summary(story: Story) -> Text:
    """How often, when, in what rhythm, and whether the events' own counter agrees."""
    parts = [
        of_machine(story.machine) if story.machine else None,
        _counts(story),
        _starts(story),
        _rhythm(story),
        _counter(story),
        _OF_A_USER if per_user(story.key) else None,
    ]
    return joined([part for part in parts if part])


def advice(story: Story) -> Text:
    """What to do next."""
    return text(
        f"请把该服务的可执行文件与厂商提供的文件比较（SHA-256、大小），确认{set_off(story.name)}未被改动；"
        "再查看应用程序日志中同一时刻的错误（事件 1000、1001、1026），"
        "并检查是否有安全软件或其他程序干预该服务。"
        "如仍无法确定原因，请为该进程启用转储后复现一次。",
        "Compare the service's executable with the vendor's file (SHA-256, size) to make sure that "
        f"{story.name} was not modified; look for errors at the same moments in the Application log "
        "(events 1000, 1001, 1026), and check whether security software or another program interferes "
        "with the service. If the cause stays open, enable dumps for the process and reproduce the "
        "stop once.",
    )


def gaps(story: Story) -> Text:
    """Whether missing, unreadable or altered records touch the finding."""
    ids = [end.event.record_id for end in story.ends]
    return log_gaps.gaps(story.facts, ids, story.second, text("停止", "stops"), story.differences)


def rhythm(runs: list[Run]) -> Rhythm | None:
    """The rhythm that at least two starts share, the longest one; ``None`` when there is none."""
    bursts: dict[int, list[tuple[float, list[float]]]] = {}
    for run in runs:
        burst = run.bursts[0]
        if run.boot is None or len(burst) < 2:
            continue
        delay = (burst[0].time - run.boot).total_seconds()
        between = [(later.time - end.time).total_seconds() for end, later in pairwise(burst)]
        bursts.setdefault(len(burst), []).append((delay, between))
    for _, alike in sorted(bursts.items(), reverse=True):
        columns = list(zip(*((delay, *between) for delay, between in alike), strict=True))
        if len(alike) >= 2 and all(max(column) <= 1.5 * min(column) + 5 for column in columns):
            middle = [median(column) for column in columns]
            return Rhythm(len(alike), middle[0], middle[1:])
    return None


def _counts(story: Story) -> Text:
    when = span(*(clock(end.time, story.zone) for end in (story.ends[0], story.ends[-1])))
    zh_zone, en_zone = zone_name(story.zone)
    named = set_off(story.name if story.key == story.name else f"{story.name}（{story.key}）")
    named_en = story.name if story.key == story.name else f"{story.name} ({story.key})"
    log = legible(story.facts.artifact)
    count, total = len(story.ends), story.facts.records
    return text(
        f"{log} 共 {total:,} 条事件，其中 {count:,} 条记录了服务{named}意外停止，"
        f"时间{when['zh-hans']}（{zh_zone}）。",
        f"{count:,} of {counted(total, 'event')} in {log} {'says' if count == 1 else 'say'} "
        f"that the service {named_en} stopped unexpectedly, {when['en']} ({en_zone}).",
    )


def _starts(story: Story) -> Text | None:
    known = story.known_runs
    if not known:
        return None
    if len(known) == 1 and len(story.runs) == 1:
        boot = clock(known[0].boot, story.zone)
        came = "It came" if len(story.ends) == 1 else "All came"
        zh = "它发生" if len(story.ends) == 1 else "全部发生"
        return text(f"{zh}在 {boot} 开机之后。", f"{came} after the machine's start at {boot}.")
    listed = known[:_MAX_LISTED_RUNS]
    zh = "，".join(f"{clock(run.boot, story.zone)[:16]} 开机后 {len(run.ends):,} 次" for run in listed)
    en = ", ".join(f"{len(run.ends):,} after {clock(run.boot, story.zone)[:16]}" for run in listed)
    more = len(known) > _MAX_LISTED_RUNS
    return text(
        f"它们发生在 {len(known):,} 次开机之后：{zh}{' 等' if more else ''}。",
        f"They follow {counted(len(known), 'start')} of the machine: {en}{' and so on' if more else ''}.",
    )


def _rhythm(story: Story) -> Text | None:
    pattern = rhythm(story.known_runs)
    if pattern is None:
        return None
    steps = list(enumerate(pattern.gaps[: len(_ORDINALS_ZH) - 1], 1))
    zh = "".join(f"，再过约 {_duration(gap)[0]}{_ORDINALS_ZH[place]}次停止" for place, gap in steps)
    en = "".join(f", the {_ORDINALS_EN[place]} about {_duration(gap)[1]} later" for place, gap in steps)
    delay_zh, delay_en = _duration(pattern.delay)
    return text(
        f"其中 {pattern.starts:,} 次开机后节奏相同：开机约 {delay_zh}后首次停止{zh}。",
        f"{pattern.starts:,} of the starts show the same rhythm: "
        f"the first stop about {delay_en} after the start{en}.",
    )


def _counter(story: Story) -> Text:
    if all(end.counter is None for end in story.ends):
        return text("事件中没有可读的累计次数。", "The events carry no readable count of their own.")
    sentences = []
    for run in story.runs:
        if run.unrecorded and run.boot is None:
            sentences.append(
                text(
                    f"日志中第一次开机之前，事件自带的计数比记录多 {run.unrecorded:,} 次："
                    "更早的停止不在这份日志里。",
                    "Before the first start that the log shows, the events' own counter is "
                    f"{run.unrecorded:,} ahead of the records: earlier stops lie outside this log.",
                )
            )
        elif run.unrecorded:
            boot = clock(run.boot, story.zone)
            sentences.append(
                text(
                    f"{boot} 开机后，事件自带的计数比记录多 {run.unrecorded:,} 次："
                    f"有 {run.unrecorded:,} 次停止没有记录在日志中。",
                    f"After the start at {boot} the events' own counter is {run.unrecorded:,} ahead of the "
                    f"records: {counted(run.unrecorded, 'stop')} did not reach the log.",
                )
            )
    if not sentences:
        return text(
            "事件自带的计数与记录的次数一致。", "The events' own counter agrees with the number of records."
        )
    return joined(sentences[:_MAX_LISTED_RUNS])


def _duration(seconds: float) -> tuple[str, str]:
    units = ((86400, "天", "d"), (3600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s"))
    size, zh, en = next((unit for unit in units if seconds >= 0.9 * unit[0]), units[-1])
    amount = round(seconds / size)
    return f"{amount:,} {zh}", f"{amount:,} {en}"
