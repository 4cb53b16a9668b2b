"""Which finding stands first, and which belong together: the scenes of support work."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.evtx.writer import Event, write_log
from engine import analyze as walk
from engine.analyze import analyze
from engine.artifacts import Artifact
from engine.conclusions.concluding import concluded
from engine.conclusions.incidents import RETROSPECTIVE, Incident
from engine.conclusions.ranking import CAUSES
from engine.findings import Examined, Finding, Severity
from engine.parsers.file_state import FileState
from engine.registry import ANALYZERS, Analyzer, rule_analyzers
from engine.rules.rule_files import own_rules
from engine.schema.document import localised
from engine.schema.versions import stored_form
from engine.text import LANGUAGES
from tests.engine.capture_texts import HASH, MODIFIED, OTHER_HASH, PATH, SIZE, VERSION
from tests.engine.event_logs import boot, crash, moment, ordinary, read

HOUR, DAY = 3600.0, 86_400.0
LAB = FileState(PATH, HASH, SIZE, MODIFIED, VERSION, "lab")
TAMPERED = FileState(PATH, OTHER_HASH, SIZE + 82_381, MODIFIED, VERSION, "as found", "c.txt", 7)


@lru_cache
def analyzers() -> tuple[Analyzer, ...]:
    return (*ANALYZERS, *rule_analyzers())


def conclude(
    folder: Path,
    events: Sequence[Event],
    *,
    states: Sequence[FileState] = (),
    incident: datetime | None = None,
    shuffled: int | None = None,
) -> tuple[list[Finding], list[Incident]]:
    """The findings of a System log with these events, in order, and the incidents."""
    log = folder / "System.evtx"
    write_log(log, sorted(events, key=lambda event: event.time))
    material, _ = read(log)
    material.incident = incident
    material.file_states, material.baselines = list(states), [LAB]
    material.artifacts.append(Artifact("c.txt", folder / "c.txt", "00", 1, "capture"))
    findings: list[Finding] = []
    with material.events:
        for analyzer in analyzers():
            outcome = analyzer.examine(material)
            findings += outcome.findings if isinstance(outcome, Examined) else ()
        if shuffled is not None:
            random.Random(shuffled).shuffle(findings)
        return concluded(findings, {analyzer.rule: analyzer.topic for analyzer in analyzers()}, material)


def rules(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def event(seconds: float, provider: str, number: int, data: Any = (), level: int = 2) -> Event:
    return Event(moment(seconds), provider, number, data, level=level)


def power_loss(seconds: float) -> list[Event]:
    """The machine starts again after its power was gone, and says so."""
    return [
        event(seconds, "Microsoft-Windows-Kernel-General", 12, {"BootMode": 0}, 4),
        event(seconds + 1, "Microsoft-Windows-Kernel-Power", 41, {"BugcheckCode": 0}, 1),
        boot(seconds + 10),
        event(seconds + 11, "EventLog", 6008, ("9:59:13", "2020/11/20", "", "", "99", "", "")),
    ]


def blue_screen(seconds: float, code: str = "0x0000009f (0x3, 0x0, 0x0, 0x0)") -> list[Event]:
    return [
        event(seconds, "Microsoft-Windows-Kernel-General", 12, {"BootMode": 0}, 4),
        boot(seconds + 10),
        event(
            seconds + 15,
            "Microsoft-Windows-WER-SystemErrorReporting",
            1001,
            {"param1": code, "param2": "C:\\Windows\\MEMORY.DMP"},
        ),
    ]


def crashes(*seconds: float, key: str = "Spooler") -> list[Event]:
    return [crash(at, str(number), key=key, name=key) for number, at in enumerate(seconds, 1)]


def bad_block(seconds: float) -> Event:
    return event(seconds, "disk", 7, ("\\Device\\Harddisk0\\DR0",))


def test_a_tampered_program_stands_before_the_service_that_crashes_by_it(tmp_path: Path) -> None:
    findings, _ = conclude(tmp_path, [boot(0), *crashes(10, 20, 140)], states=[TAMPERED])
    assert rules(findings)[:2] == ["file-tampered", "service-terminated-unexpectedly"]
    assert {finding.severity for finding in findings[:2]} == {Severity.HIGH}


def test_a_failing_disk_stands_before_the_blue_screen_and_the_crashes_it_causes(tmp_path: Path) -> None:
    events = [
        *ordinary(5),
        *(bad_block(at) for at in (100, 110, 120)),
        *blue_screen(200),
        *crashes(230, 240, 250),
    ]
    findings, (incident,) = conclude(tmp_path, events)
    assert rules(findings)[0] == "disk-bad-block" and incident.findings[0] == 0
    assert {"bugcheck", "service-terminated-unexpectedly"} <= {
        findings[place].rule for place in incident.findings[1:]
    }


def test_a_power_loss_leads_what_came_of_it(tmp_path: Path) -> None:
    """The disk's errors and the services' crashes came after the start: they did not cause it."""
    damaged = event(500 + 40, "Ntfs", 55, {"DriveName": "C:", "DeviceName": "\\Device\\HarddiskVolume3"})
    events = [*ordinary(5), *power_loss(500), damaged, *crashes(545, 560, 580)]
    findings, (incident,) = conclude(tmp_path, events)
    assert rules(findings)[0] == "unexpected-restart"
    assert {findings[place].rule for place in incident.findings} == {
        "unexpected-restart",
        "file-system-damaged",
        "service-terminated-unexpectedly",
    }
    (once,) = incident.occurrences
    # It happened when the machine last wrote, not when it came up again.
    assert once.first == moment(4).timestamp() and once.last == moment(580).timestamp()


def test_a_hardware_error_stands_before_blue_screens_however_many(tmp_path: Path) -> None:
    fatal = event(50, "Microsoft-Windows-WHEA-Logger", 18, {"ErrorSource": 3, "ApicId": 4, "MCABank": 0})
    events = [fatal, *(event for start in (DAY, 2 * DAY, 3 * DAY) for event in blue_screen(start))]
    findings, _ = conclude(tmp_path, events)
    assert rules(findings)[0].startswith("whea-")
    assert "bugcheck" in rules(findings)[1:3]


def test_what_happened_at_the_incident_stands_before_what_did_not(tmp_path: Path) -> None:
    events = [
        boot(0),
        *crashes(10, 20, 30, 40, 50, key="Old"),
        *crashes(6 * DAY, 6 * DAY + 30, key="Now"),
        *ordinary(3, start=7 * DAY),
    ]
    findings, _ = conclude(tmp_path, events)
    assert [finding.data.service for finding in findings[:2]] == ["Old", "Now"]
    findings, _ = conclude(tmp_path, events, incident=moment(6 * DAY + 600))
    assert [finding.data.service for finding in findings[:2]] == ["Now", "Old"]
    assert [finding.severity for finding in findings[:2]] == [Severity.MEDIUM, Severity.HIGH]


@pytest.mark.parametrize(("after", "first"), [(3600, "Now"), (3601, "Old")])
def test_what_happened_up_to_an_hour_from_the_incident_happened_at_it(
    tmp_path: Path, after: int, first: str
) -> None:
    events = [
        boot(0),
        *crashes(10, 20, 30, 40, 50, key="Old"),
        *crashes(6 * DAY, 6 * DAY + 30, key="Now"),
        *ordinary(3, start=7 * DAY),
    ]
    findings, _ = conclude(tmp_path, events, incident=moment(6 * DAY + 30 + after))
    assert findings[0].data.service == first


def test_when_no_log_covers_the_incident_that_is_said_first(tmp_path: Path) -> None:
    events = [boot(0), *crashes(10, 20, 30)]
    findings, _ = conclude(tmp_path, events, incident=moment(-3 * DAY))
    assert rules(findings)[:2] == ["incident-not-covered", "service-terminated-unexpectedly"]
    assert "begins after it" in findings[0].summary["en"] and "wevtutil sl" in findings[0].advice["en"]
    findings, _ = conclude(tmp_path, events, incident=moment(3 * DAY))
    assert rules(findings)[0] == "incident-not-covered"
    assert "ends before it" in findings[0].summary["en"] and "export" in findings[0].advice["en"].lower()
    findings, _ = conclude(tmp_path, events, incident=moment(15))
    assert "incident-not-covered" not in rules(findings)


def test_a_log_covers_its_first_moment_and_a_quarter_of_an_hour_after_its_last(tmp_path: Path) -> None:
    """People tell by the quarter of an hour when it happened."""
    records = ordinary(3)
    for record, beyond in ((records[0], -1), (records[-1], 15 * 60 + 1)):
        findings, _ = conclude(
            tmp_path, records, incident=record.time + timedelta(seconds=max(0, beyond - 1))
        )
        assert "incident-not-covered" not in rules(findings)
        findings, _ = conclude(tmp_path, records, incident=record.time + timedelta(seconds=beyond))
        assert "incident-not-covered" in rules(findings)


def test_old_trouble_stands_behind_what_still_happens(tmp_path: Path) -> None:
    events = [*blue_screen(0), boot(90 * DAY), *crashes(90 * DAY + 5, 90 * DAY + 15, 90 * DAY + 25)]
    findings, _ = conclude(tmp_path, events)
    assert rules(findings)[:2] == ["service-terminated-unexpectedly", "bugcheck"]


def test_a_cleared_log_stands_before_symptoms_of_its_weight(tmp_path: Path) -> None:
    cleared = Event(
        moment(100),
        "Microsoft-Windows-Eventlog",
        104,
        {"SubjectUserName": "admin", "SubjectDomainName": "PC", "Channel": "System", "BackupPath": ""},
    )
    findings, _ = conclude(tmp_path, [boot(0), *crashes(10, 20), cleared])
    assert rules(findings)[:2] == ["log-cleared", "service-terminated-unexpectedly"]


def test_the_more_frequent_of_two_alike_stands_first(tmp_path: Path) -> None:
    events = [boot(0), *crashes(10, 20, 30, key="Rare"), *crashes(*range(100, 1000, 100), key="Often")]
    findings, _ = conclude(tmp_path, events)
    assert [finding.data.service for finding in findings[:2]] == ["Often", "Rare"]


def test_grave_stands_before_light_whatever_else(tmp_path: Path) -> None:
    light = [event(at, "Tcpip", 4199, ("", "192.0.2.10", "00-00-5E-00-53-01"), 2) for at in range(500)]
    findings, _ = conclude(tmp_path, [*light, *(bad_block(at) for at in (10, 20))])
    assert rules(findings)[0] == "disk-bad-block"
    order = [list(Severity).index(finding.severity) for finding in findings]
    assert order == sorted(order)


def test_the_order_is_the_same_however_the_rules_came_to_it(tmp_path: Path) -> None:
    events = [*power_loss(500), bad_block(540), *crashes(545, 560, 580), *blue_screen(DAY)]
    orders = [rules(conclude(tmp_path, events, shuffled=seed)[0]) for seed in (1, 2, 3)]
    assert orders[0] == orders[1] == orders[2]


def test_what_repeats_is_one_incident_with_its_occurrences(tmp_path: Path) -> None:
    events = [
        event
        for day in range(4)
        for event in (*ordinary(2, start=day * DAY), *power_loss(day * DAY + 600), *crashes(day * DAY + 640))
    ]
    findings, incidents = conclude(tmp_path, events)
    assert len(incidents) == 1 and len(incidents[0].occurrences) == 4
    entry = incidents[0].as_entry(findings, read(tmp_path / "System.evtx")[0].zone)
    assert "4 times" in entry.summary["en"] and "4 次" in entry.summary["zh-hans"]


def test_noise_joins_an_incident_and_never_links_two(tmp_path: Path) -> None:
    noise = [
        event(at, "Microsoft-Windows-DistributedCOM", 10010, {"param1": "{A}"})
        for at in range(0, 40_000, 900)
    ]
    events = [*noise, *power_loss(5_000), *crashes(5_060), *power_loss(30_000), *crashes(30_060)]
    findings, incidents = conclude(tmp_path, events)
    assert [len(incident.occurrences) for incident in incidents] == [2]
    first, second = incidents[0].occurrences
    assert first.last < second.first
    assert "dcom-server-timeout" in {findings[place].rule for place in first.findings}


def test_troubles_of_two_machines_are_never_one_incident(tmp_path: Path) -> None:
    first_machine = [replace(event, computer="PC-1") for event in power_loss(500)]
    second_machine = [replace(event, computer="PC-2") for event in crashes(505, 515, 525)]
    findings, incidents = conclude(tmp_path, [*first_machine, *second_machine])
    for incident in incidents:
        assert {findings[place].computer for place in incident.findings} == {incident.computer} == {"PC-1"}


def test_a_single_finding_is_no_incident(tmp_path: Path) -> None:
    assert conclude(tmp_path, [boot(0), *crashes(10, 20, 30)])[1] == []


def test_the_document_names_incidents_and_each_finding_its_own(tmp_path: Path) -> None:
    source = tmp_path / "bundle"
    source.mkdir()
    events = [*ordinary(5), *power_loss(500), *crashes(545, 560, 580)]
    write_log(source / "System.evtx", events)
    document = stored_form(
        analyze(source, tmp_path / "work", incident=moment(510).astimezone(UTC)).document()
    )
    (incident,) = document["incidents"]
    assert incident["first_time"] < incident["last_time"] and incident["computer"] == "DESKTOP-CM01"
    assert sorted(incident["findings"]) == [
        place for place, finding in enumerate(document["findings"]) if 0 in finding["incidents"]
    ]
    held = document["events"]["incident"]
    assert held["covered"] and held["time"] == "2020-11-20T12:08:30Z" and held["logs"][0]["reach"] == "covers"
    for language in LANGUAGES:
        entry = localised(document, language)["incidents"][0]
        assert isinstance(entry["title"], str) and isinstance(entry["summary"], str)


def test_missing_records_around_the_incident_are_told(tmp_path: Path) -> None:
    events = [replace(event, record_id=number) for number, event in enumerate(ordinary(9), 1)]
    events += [Event(moment(5000 + at), "Test", 1, {}, record_id=50 + at) for at in range(5)]
    findings, _ = conclude(tmp_path, events, incident=moment(2000))
    (torn,) = [finding for finding in findings if finding.rule == "incident-not-covered"]
    assert "10–49" in torn.summary["en"] and torn.severity is Severity.MEDIUM
    findings, _ = conclude(tmp_path, events, incident=moment(5000 + 2) + timedelta(hours=-3))
    assert all("around" not in finding.title["en"] for finding in findings)


def test_every_rule_stands_among_the_causes() -> None:
    names = {analyzer.rule for analyzer in analyzers()}
    assert {analyzer.topic for analyzer in analyzers()} <= set(CAUSES)
    assert names >= RETROSPECTIVE and len(names) == len(own_rules()) + len(ANALYZERS)


@pytest.mark.parametrize("incident", [None, moment(100)])
def test_an_empty_bundle_has_no_order_to_speak_of(tmp_path: Path, incident: datetime | None) -> None:
    findings, incidents = conclude(tmp_path, [], incident=incident)
    assert incidents == [] and all(finding.rule == "incident-not-covered" for finding in findings)


def test_times_at_the_end_of_all_time_break_nothing(tmp_path: Path) -> None:
    late = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    events = [replace(event, time=late) for event in (*power_loss(0), *crashes(1, 2, 3))]
    findings, incidents = conclude(tmp_path, events, incident=datetime(1, 1, 1, tzinfo=UTC))
    assert findings
    for incident in incidents:
        assert incident.as_entry(findings, ZoneInfo("Asia/Shanghai")).summary["en"]


def test_a_slip_in_the_ordering_costs_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(walk, "concluded", broken)
    source = tmp_path / "bundle"
    source.mkdir()
    write_log(source / "System.evtx", [boot(0), *crashes(10, 20, 30)])
    document = stored_form(analyze(source, tmp_path / "work").document())
    assert rules_of(document) == ["service-terminated-unexpectedly"] and document["incidents"] == []
    assert document["examined"][-1]["outcome"] == "failed"


def rules_of(document: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in document["findings"]]


def test_a_log_that_was_saved_weeks_before_another_does_not_say_that_nothing_came_since(
    tmp_path: Path,
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    write_log(logs / "System.evtx", [crash(at, "1") for at in (0, 60)])
    write_log(logs / "Application.evtx", [replace(ordinary(1, start=30 * DAY)[0], channel="Application")])

    (first, *_) = analyze(logs, tmp_path / "work", readers=1).document().findings

    assert first.rule == "service-terminated-unexpectedly" and first.severity is not Severity.INFO
    assert "It did not come again" not in first.summary["en"]
