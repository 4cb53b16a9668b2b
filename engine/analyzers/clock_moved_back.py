"""Times that go backwards while record numbers go on: somebody or something set the clock back.

Windows numbers the records of a log in the order they are written ([MS-EVEN6], EventRecordID), so a
later number with an earlier time means that the clock was changed, or that records were merged.
"""

from datetime import datetime, timedelta

from engine.conclusions import citing, log_gaps
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.index.event_record import EventRecord
from engine.index.steps_back import steps_back
from engine.index.values import LogForm
from engine.material import Material
from engine.parsers.evtx.log_facts import LogFacts
from engine.phrases import clock, zone_name
from engine.schema.evidence import Evidence
from engine.schema.facts import Facts
from engine.service_control import parse_time
from engine.text import text

RULE = "clock-moved-back"
MIN_STEP = timedelta(minutes=5)
"""Smaller steps are the time service at work, or threads that write out of order."""
LARGE_STEP = timedelta(days=1)
"""From here on sign-ins, certificates and licences fail."""
MAX_CITED = 20


def examine(material: Material) -> Outcome:
    """One finding for each log in which the time went back by five minutes or more."""
    if not material.logs:
        return NotExamined(text("包内没有事件日志（.evtx）。", "The bundle holds no event log (.evtx)."))
    findings = []
    for log in material.logs:
        if log.form is LogForm.LINES:
            continue  # lines stand in the order of whoever exported them, mostly the newest first
        steps = [
            (before, after)
            for before, after in steps_back(material.events, log.artifact, MIN_STEP)
            # Records gathered from several machines stand in the order of their arrival.
            if material.machines.of(before.computer) == material.machines.of(after.computer)
        ]
        if steps:
            findings.append(_finding(material, log, steps))
    return Examined(tuple(findings), records=sum(log.records for log in material.logs))


def _finding(material: Material, facts: LogFacts, steps: list[tuple[EventRecord, EventRecord]]) -> Finding:
    log = facts.artifact
    name = log.rpartition("/")[2]
    artifact = material.artifact(log)
    cited = steps[:MAX_CITED]
    events = list({event.id: event for step in cited for event in step}.values())
    readings = material.reread(artifact.file, facts.chunks, events)
    before, after = max(steps, key=_size)
    zh_zone, en_zone = zone_name(material.zone)
    machine = material.machines.of(after.computer)
    was, became = (clock(_moment(event), material.zone) for event in (before, after))
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM if _size((before, after)) >= LARGE_STEP else Severity.LOW,
        title=text(
            f"{name} 中的时间倒退了 {len(steps):,} 次",
            f"The time in {name} goes back {len(steps):,} time{'' if len(steps) == 1 else 's'}",
        ),
        summary=text(
            f"最大的一次在记录 {after.record_id:,}：从 {was} 退到 {became}（{zh_zone}）。"
            "记录编号按写入顺序递增，因此是系统时钟被改动；在此前后的事件时间不能直接比较。",
            f"The largest step is at record {after.record_id:,}: from {was} back to {became} ({en_zone}). "
            "Record numbers follow the order of writing, so the clock was changed; "
            "times before and after cannot be compared directly.",
        ),
        advice=text(
            "请核对该电脑的时间来源（w32tm /query /status）、主板电池以及是否有人手动调过时间。",
            "Check where the machine takes its time from (w32tm /query /status), the board's battery, "
            "and whether somebody set the clock by hand.",
        ),
        evidence=tuple(
            Evidence(
                log,
                artifact.sha256,
                citing.locator(after, readings),
                f"record {before.record_id}: {before.time} → record {after.record_id}: {after.time}",
            )
            for before, after in cited
        ),
        fingerprint=fingerprint(RULE, material.channel(log) or name),
        data=Facts(log=log, steps=len(steps), record_ids=[after.record_id for _, after in steps]),
        gaps=log_gaps.gaps(
            facts,
            [event.record_id for event in events],
            citing.verdicts(events, readings),
            text("倒退", "steps back"),
            citing.differences(events, readings),
        ),
        computer=machine,
        values={"Computer": machine},
    )


def _moment(event: EventRecord) -> datetime:
    moment = parse_time(event.time)
    assert moment is not None  # Its step was measured.
    return moment


def _size(step: tuple[EventRecord, EventRecord]) -> timedelta:
    return _moment(step[0]) - _moment(step[1])
