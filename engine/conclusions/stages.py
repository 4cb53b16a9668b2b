"""The stages of a matter: what each of its conclusions says, in order of time."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from engine.findings import Finding
from engine.phrases import clock, times, zone_name
from engine.schema.facts import Stage
from engine.service_control import parse_time
from engine.text import Text, text

MAX_TOLD = 10
"""Stages that the summary tells; all are listed."""


def told(lead: Finding, rest: Sequence[Finding], zone: ZoneInfo) -> tuple[list[Stage], Text]:
    """The stages, and the summary of the finding that leads with them in it."""
    stages = [_stage(lead, lead.title), *(_stage(finding, _said(finding)) for finding in rest)]
    stages.sort(key=lambda stage: stage.first_time or "9")
    zh_zone, en_zone = zone_name(zone)
    zh, en = (
        [f"同一件事的各项记录，按时间先后（{zh_zone}）："],
        [f"All of this matter, in order of time ({en_zone}):"],
    )
    for stage in stages[:MAX_TOLD]:
        when = _when(stage, zone, counted=stage.meaning != stage.title)
        zh.append(f"{when['zh-hans']}{_sentence(stage.meaning['zh-hans'], '。')}")
        en.append(f"{when['en']}{_sentence(stage.meaning['en'], '.')}")
    if more := len(stages[MAX_TOLD:]):
        zh.append(f"另有 {more:,} 项。")
        en.append(f"And {more:,} more.")
    summary = lead.summary
    return stages, text(
        "\n\n".join((summary["zh-hans"], "\n".join(zh))), "\n\n".join((summary["en"], "\n".join(en)))
    )


def and_more(title: Text, count: int) -> Text:
    """A title that stands for so many more that say the same of other things."""
    return text(f"{title['zh-hans']}，另有 {count:,} 项同类", f"{title['en']}, and {count:,} more like it")


def _sentence(said: str, stop: str) -> str:
    return said if said.endswith((".", "。", "”", "…")) else said + stop


def _said(finding: Finding) -> Text:
    # The description of somebody else's rule says what the rule is for, not what happened.
    foreign = finding.rule.startswith("sigma-")
    return finding.title if foreign or finding.data.meaning is None else finding.data.meaning


def _stage(finding: Finding, said: Text) -> Stage:
    data = finding.data
    return Stage(
        rule=finding.rule,
        severity=finding.severity.value,
        title=finding.title,
        meaning=said,
        first_time=data.first_time,
        last_time=data.last_time,
        count=data.count,
    )


def _when(stage: Stage, zone: ZoneInfo, *, counted: bool) -> Text:
    """“2026-03-26 08:37:00 至 09:42:01，3 次：”; empty where the records bear no time."""
    first, last = (clock(parse_time(time), zone) for time in (stage.first_time, stage.last_time))
    if stage.first_time is None:
        return text("", "")
    if first == last:
        return text(f"{first}：", f"{first}: ")
    often = stage.count or 1
    end = last[11:] if last[:10] == first[:10] else last
    zh, en = (f"，{often:,} 次", f", {times(often)}") if counted else ("", "")
    return text(f"{first} 至 {end}{zh}：", f"{first} to {end}{en}: ")
