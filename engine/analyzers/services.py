"""Services that ended unexpectedly, as the Service Control Manager recorded it (7031, 7034)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from engine.analyzers import services_text as words
from engine.analyzers.services_text import Story
from engine.conclusions import citing
from engine.conclusions.fingerprints import fingerprint, per_user, service
from engine.findings import MAX_FINDINGS, SPELL, Burst, Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.evtx.log_facts import LogFacts
from engine.rules.columns import SERVICE
from engine.rules.time_windows import incidents as stretches
from engine.schema.evidence import Evidence
from engine.schema.facts import Facts, ServiceEnd, ServiceRun
from engine.service_control import Run, Termination, parse_time, runs, terminations
from engine.text import text

RULE = "service-terminated-unexpectedly"

MAX_EVIDENCE = 100
MAX_DETAILED = 500


def examine(material: Material) -> Outcome:
    """One finding for each log, machine and service. Needs a log of the channel ``System``."""
    channels = material.events.channels()
    logs = [facts for facts in material.logs if "System" in channels.get(facts.artifact, {})]
    if not logs:
        return NotExamined(
            text(
                "材料中没有可读取的系统日志（System.evtx）。请上传 "
                "C:\\Windows\\System32\\winevt\\Logs\\System.evtx，"
                "或在事件查看器中把“系统”日志另存为 .evtx 文件。",
                "The bundle holds no readable System log (System.evtx). Please upload "
                "C:\\Windows\\System32\\winevt\\Logs\\System.evtx, or save the log “System” "
                "from Event Viewer as an .evtx file.",
            )
        )
    services: list[tuple[LogFacts, list[Termination]]] = []
    seen: set[str] = set()
    for facts in logs:
        artifact = material.artifact(facts.artifact)
        if artifact.sha256 in seen:
            continue  # The same log twice in one bundle is one source, not two.
        seen.add(artifact.sha256)
        services += [(facts, ends) for ends in _services(material, facts)]
    services = _once(services)
    # Each asks for starts and is read a second time, which takes its while: an odd log names a new service
    # in every record.
    gravest = services[:MAX_FINDINGS]
    findings = tuple(
        _finding(material, facts, ends, runs(ends, _boots(material, facts, ends))) for facts, ends in gravest
    )
    return Examined(
        findings,
        records=sum(facts.records for facts in logs),
        unreadable=sum(facts.unreadable for facts in logs),
        left_out=len(services) - len(findings),
    )


def _once(services: list[tuple[LogFacts, list[Termination]]]) -> list[tuple[LogFacts, list[Termination]]]:
    """The most frequent first; of two exports of one log, the one that has all the other has."""
    kept: dict[tuple[str | None, str], list[set[tuple[int, datetime]]]] = {}
    stories = []
    for facts, ends in sorted(services, key=lambda service: -len(service[1])):
        records = {(end.event.record_id, end.time) for end in ends}
        others = kept.setdefault((ends[0].event.computer, ends[0].key.casefold()), [])
        if not any(records <= other for other in others):
            others.append(records)
            stories.append((facts, ends))
    return stories


def _services(material: Material, facts: LogFacts) -> Iterable[list[Termination]]:
    services: dict[tuple[str, str], list[Termination]] = {}
    for end in terminations(material.events, facts.artifact):
        machine = material.machines.of(end.event.computer)
        services.setdefault((machine, end.key.casefold()), []).append(end)
    return services.values()


def _boots(material: Material, facts: LogFacts, ends: list[Termination]) -> list[datetime]:
    """The starts of the machine that the ends are of; another's may stand in the same log."""
    machine = material.machines.of(ends[0].event.computer)
    several = material.machines.several
    computers = material.machines.computers(machine) if several else None
    starts = material.events.boots(artifact=facts.artifact, computers=computers)
    return [at for time in starts if (at := parse_time(time))]


def _finding(material: Material, facts: LogFacts, ends: list[Termination], parts: list[Run]) -> Finding:
    artifact = material.artifact(facts.artifact)
    key = ends[-1].key
    # The newest name: a display name may change over the life of a log.
    name = ends[-1].name
    cited = citing.selection(ends, MAX_EVIDENCE)
    readings = material.reread(artifact.file, facts.chunks, [end.event for end in cited])
    second = citing.verdicts([end.event for end in cited], readings)
    machine = material.machines.of(ends[-1].event.computer)
    moments = [end.time.timestamp() for end in ends]
    story = Story(
        name,
        key,
        ends,
        parts,
        facts,
        material.zone,
        second,
        machine if material.machines.several else "",
        citing.differences([end.event for end in cited], readings),
    )
    return Finding(
        rule=RULE,
        severity=_severity(ends, parts),
        title=words.title(story),
        summary=words.summary(story),
        advice=words.advice(story),
        evidence=tuple(
            Evidence(
                facts.artifact,
                artifact.sha256,
                citing.locator(end.event, readings),
                citing.excerpt(end.event, end.event.data, about=end.key),
            )
            for end in cited
        ),
        fingerprint=fingerprint(RULE, service(key)),
        data=Facts(
            service=key,
            name=name,
            log=facts.artifact,
            events_in_log=facts.records,
            count=len(ends),
            event_ids={str(number): count for number, count in _event_ids(ends).items()},
            first_time=ends[0].event.time,
            last_time=ends[-1].event.time,
            record_ids=[end.event.record_id for end in ends],
            evidence_shown=len(cited),
            runs=_service_runs(parts),
            second_parser=dict(second),
        ),
        gaps=words.gaps(story),
        computer=machine,
        bursts=tuple(
            Burst(burst[0].time.timestamp(), burst[-1].time.timestamp(), len(burst))
            for run in parts
            for burst in run.bursts
        ),
        spells=tuple(Burst(moments[a], moments[b], b - a + 1) for a, b in stretches(moments, SPELL)),
        values={SERVICE: key, "param1": name},
    )


def _severity(ends: list[Termination], parts: list[Run]) -> Severity:
    if per_user(ends[-1].key):
        return Severity.INFO
    if len(ends) >= 3 or sum(len(burst) > 1 for run in parts for burst in run.bursts) > 1:
        return Severity.HIGH
    return Severity.MEDIUM if len(ends) == 2 else Severity.LOW


def _event_ids(ends: list[Termination]) -> Counter[int]:
    return Counter(end.event.event_id for end in ends if end.event.event_id is not None)


def _service_runs(parts: list[Run]) -> list[ServiceRun]:
    left = MAX_DETAILED
    runs: list[ServiceRun] = []
    for run in parts:
        ends = run.ends[:left]
        left -= len(ends)
        runs.append(
            ServiceRun(
                boot=_utc(run.boot),
                count=len(run.ends),
                unrecorded=run.unrecorded,
                ends=[
                    ServiceEnd(
                        record_id=end.event.record_id,
                        time=end.event.time,
                        seconds_after_boot=round((end.time - run.boot).total_seconds(), 1)
                        if run.boot
                        else None,
                        counter=end.counter,
                    )
                    for end in ends
                ],
            )
        )
    return runs


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
