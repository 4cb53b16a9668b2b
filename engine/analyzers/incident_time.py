"""Whether the logs hold the time of the incident at all, before anything else is concluded."""

from collections.abc import Sequence

from engine.analyzers.clock_moved_back import LARGE_STEP
from engine.conclusions.coverage import Coverage, LogCoverage
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.index.steps_back import steps_back
from engine.index.values import LogForm
from engine.material import Material
from engine.parsers.evtx.concluding import ranges_text
from engine.phrases import clock, counted, joined, zone_name
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.schema.logs import Reach
from engine.text import text
from engine.text_safety import legible

RULE = "incident-not-covered"
IMPORTANT = ("System", "Application")
"""Logs that every machine has and that hardly any incident does without."""
MAX_NAMED = 5
MAX_CITED = 50


def examine(material: Material) -> Outcome:
    """One finding when no log covers the incident, else one for the logs and records that lack it."""
    held = material.coverage
    if held is None:
        return NotExamined(
            text(
                "没有给出问题发生的时间，无法核对日志是否覆盖它。",
                "The time of the incident is not known, so whether the logs cover it cannot be told.",
            )
        )
    if not material.logs:
        return NotExamined(text("包内没有事件日志（.evtx）。", "The bundle holds no event log (.evtx)."))
    if not held.covered and _clock_was_wrong(material):
        return NotExamined(
            text(
                "电脑的时钟曾经倒退一天以上：问题发生时的记录可能带着错误的时间，"
                "无法按时间核对日志是否覆盖它。",
                "The machine's clock went back by a day or more: records of the incident may bear a wrong "
                "time, so whether the logs cover it cannot be told by the times.",
            )
        )
    findings = []
    if not held.covered:
        findings.append(_none(material, held))
    else:
        late = [log for log in held.of(Reach.BEGINS_AFTER) if log.channel in IMPORTANT]
        if late:
            findings.append(_late(material, held, late))
    torn = [log for log in held.logs if log.gaps]
    if torn:
        findings.append(_torn(material, held, torn))
    return Examined(tuple(findings), records=sum(log.records for log in material.logs))


def _clock_was_wrong(material: Material) -> bool:
    logs = [log for log in material.logs if log.form is not LogForm.LINES]
    return any(steps_back(material.events, log.artifact, LARGE_STEP, most=1) for log in logs)


def _none(material: Material, held: Coverage) -> Finding:
    moment, (zh_zone, en_zone) = clock(held.incident, material.zone), zone_name(material.zone)
    late, early = held.of(Reach.BEGINS_AFTER), held.of(Reach.ENDS_BEFORE)
    sentences, asked = [], []
    if late:
        first = clock(min(log.first for log in late if log.first), material.zone)
        sentences.append(
            text(
                f"{len(late):,} 份日志从问题发生之后才开始，最早的记录是 {first}：更早的记录很可能已被覆盖。",
                f"{counted(len(late), 'log')} begin{'s' if len(late) == 1 else ''} after it, "
                f"the earliest at {first}: older records were probably overwritten.",
            )
        )
        asked.append(
            text(
                "请查找更早导出或自动存档的日志（C:\\Windows\\System32\\winevt\\Logs\\Archive-*.evtx）、"
                "卷影副本或备份；没有的话，请调大日志（例如 wevtutil sl System /ms:104857600），"
                "故障再次出现后立即重新导出并上传。",
                "Look for logs that were exported earlier or archived "
                "(C:\\Windows\\System32\\winevt\\Logs\\Archive-*.evtx), shadow copies or a backup. If there "
                "are none, make the log larger (for example wevtutil sl System /ms:104857600) and export "
                "and upload it again right after the trouble comes back.",
            )
        )
    if early:
        last = clock(max(log.last for log in early if log.last), material.zone)
        sentences.append(
            text(
                f"{len(early):,} 份日志在问题发生之前就结束了，最晚的记录是 {last}："
                "它们是问题发生之前导出的，或来自另一台电脑。",
                f"{counted(len(early), 'log')} end{'s' if len(early) == 1 else ''} before it, "
                f"the latest at {last}: exported before it happened, or taken from another machine.",
            )
        )
        asked.append(
            text(
                "请在出现故障的电脑上重新导出日志并上传，并核对问题发生时间、时区和电脑的时钟。",
                "Export the logs again on the machine that had the trouble and upload them; check the time "
                "of the incident, its time zone and the machine's clock.",
            )
        )
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        title=text(
            f"没有日志覆盖问题发生的时间 {moment[:16]}", f"No log covers the incident at {moment[:16]}"
        ),
        summary=joined(
            [
                text(
                    f"问题发生时间是 {moment}（{zh_zone}），包内的日志都没有它前后的记录。",
                    f"The incident was at {moment} ({en_zone}); no log of the bundle has records of "
                    "before and after.",
                ),
                *sentences,
                text(
                    "以下结论说的是别的时间。",
                    "The other findings speak of other times.",
                ),
            ]
        ),
        advice=joined(asked)
        if asked
        else text("请重新导出日志并上传。", "Please export the logs again and upload them."),
        evidence=_evidence(material, held.logs),
        fingerprint=fingerprint(RULE, "none"),
        data=_facts(held),
    )


def _late(material: Material, held: Coverage, late: list[LogCoverage]) -> Finding:
    moment = clock(held.incident, material.zone)
    named_zh, named_en = _named(material, late)
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM,
        title=text(
            f"部分日志没有覆盖问题发生的时间 {moment[:16]}",
            f"Some logs do not reach back to the incident at {moment[:16]}",
        ),
        summary=text(
            f"以下日志从问题发生之后才开始：{named_zh}。当时的记录很可能已被覆盖，"
            "与它们有关的检查看不到问题发生的经过。",
            f"These logs begin after it: {named_en}. Their records of that time were probably overwritten, "
            "and checks that need them do not see the incident.",
        ),
        advice=text(
            "请查找更早导出或存档的日志；没有的话，请调大这些日志，故障再次出现后立即导出。",
            "Look for logs that were exported or archived earlier. If there are none, make these logs larger "
            "and export them right after the trouble comes back.",
        ),
        evidence=_evidence(material, late),
        fingerprint=fingerprint(RULE, "some", *sorted({log.channel for log in late})),
        data=_facts(held),
    )


def _torn(material: Material, held: Coverage, torn: list[LogCoverage]) -> Finding:
    moment = clock(held.incident, material.zone)
    zh = "；".join(f"{legible(log.artifact)}：{ranges_text(list(log.gaps))}" for log in torn[:MAX_NAMED])
    en = "; ".join(f"{legible(log.artifact)}: {ranges_text(list(log.gaps))}" for log in torn[:MAX_NAMED])
    more = len(torn) - MAX_NAMED
    if more > 0:
        zh, en = f"{zh}；另有 {more:,} 份日志", f"{en}; and {counted(more, 'more log')}"
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM,
        title=text(
            f"问题发生时间 {moment[:16]} 前后缺少记录",
            f"Records are missing around the incident at {moment[:16]}",
        ),
        summary=text(
            f"可能属于问题发生前后一小时的记录缺失（编号）：{zh}。关键的记录可能正在其中。",
            f"Records that may be of the hour before or after are missing (numbers): {en}. "
            "The decisive one may be among them.",
        ),
        advice=text(
            "请在原电脑上重新导出这些日志并上传；如果仍然缺失，请查看是否有人清除过日志或磁盘有损坏。",
            "Export these logs again on the machine and upload them. If the records are still missing, check "
            "whether the log was cleared or the disk is damaged.",
        ),
        evidence=_evidence(material, torn),
        fingerprint=fingerprint(RULE, "gap", *sorted({log.channel for log in torn})),
        data=_facts(held),
    )


def _named(material: Material, logs: list[LogCoverage]) -> tuple[str, str]:
    examples = [f"{legible(log.artifact)} ({clock(log.first, material.zone)})" for log in logs[:MAX_NAMED]]
    more = len(logs) - len(examples)
    zh, en = "、".join(examples), ", ".join(examples)
    if more > 0:
        return f"{zh}，另有 {more:,} 份", f"{en} and {more:,} more"
    return zh, en


def _facts(held: Coverage) -> Facts:
    entry = held.as_entry()
    return Facts(time=entry.time, covered=entry.covered, logs=entry.logs)


def _evidence(material: Material, logs: Sequence[LogCoverage]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            log.artifact,
            material.artifact(log.artifact).sha256,
            Locator(reach=log.reach.value),
            f"{_iso(log.first)} … {_iso(log.last)}",
        )
        for log in logs[:MAX_CITED]
    )


def _iso(moment: object) -> str:
    return "—" if moment is None else str(moment)[:19].replace(" ", "T") + "Z"
