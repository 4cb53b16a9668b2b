"""Logs of several machines in one bundle: nothing of one is ever counted for another."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyze import analyze
from engine.analyzers import clock_moved_back, services, sigma
from engine.findings import Examined, Finding, Outcome
from engine.machines import Machines
from engine.renaming import Renaming, Why
from engine.rules.rule_files import own_rules
from tests.engine.event_logs import boot, crash, moment, read


def on(computer: str, *events: Event) -> list[Event]:
    return [replace(event, computer=computer) for event in events]


def rule(name: str) -> Path:
    return next(file for file in own_rules() if file.stem == name)


def findings_of(outcome: Outcome) -> tuple[Finding, ...]:
    assert isinstance(outcome, Examined)
    return outcome.findings


def logged(file: Path, events: Iterable[Event]) -> Path:
    write_log(file, sorted(events, key=lambda event: event.time))
    return file


def test_services_of_two_machines_in_one_log_are_two_findings(tmp_path: Path) -> None:
    log = logged(
        tmp_path / "ForwardedEvents.evtx",
        on("PC-1", boot(0), crash(10, "1"), crash(20, "2")) + on("PC-2", boot(500), crash(510, "1")),
    )
    material, _ = read(log)
    with material.events:
        first, second = findings_of(services.examine(material))
    assert (first.computer, first.data.count) == ("PC-1", 2)
    assert (second.computer, second.data.count) == ("PC-2", 1)
    assert first.summary["en"].startswith("On PC-1:") and second.summary["zh-hans"].startswith("电脑 PC-2：")
    assert first.fingerprint == second.fingerprint


def test_the_start_of_one_machine_is_no_start_of_another(tmp_path: Path) -> None:
    log = logged(
        tmp_path / "ForwardedEvents.evtx",
        on("PC-1", boot(0), crash(10, "1"), crash(3000, "2")) + on("PC-2", boot(2990), boot(8000)),
    )
    material, _ = read(log)
    with material.events:
        (finding,) = findings_of(services.examine(material))
    (run,) = finding.data.runs
    assert run.count == 2 and run.boot == "2020-11-20T12:00:00.000000Z"
    assert run.unrecorded == 0


def test_a_counted_burst_never_adds_up_two_machines(tmp_path: Path) -> None:
    def start(seconds: float) -> Event:
        return Event(moment(seconds), "Microsoft-Windows-Kernel-General", 12, {"BootMode": 0})

    file = logged(
        tmp_path / "ForwardedEvents.evtx",
        on("PC-1", *(start(at) for at in (0, 600, 1200))) + on("PC-2", *(start(at) for at in (300, 900))),
    )
    material, _ = read(file)
    with material.events:
        assert findings_of(sigma.examine(rule("repeated-restarts"), True, material)) == ()


def test_one_fault_on_two_machines_is_a_finding_for_each(tmp_path: Path) -> None:
    def bad_block(seconds: float) -> Event:
        return Event(moment(seconds), "disk", 7, ("\\Device\\Harddisk0\\DR0",), level=2)

    logs = [
        logged(tmp_path / f"{name}-System.evtx", on(name, bad_block(number), bad_block(number + 5)))
        for number, name in enumerate(("PC-1", "PC-2"))
    ]
    material, _ = read(*logs)
    with material.events:
        findings = findings_of(sigma.examine(rule("disk-bad-block"), True, material))
    assert {finding.computer for finding in findings} == {"PC-1", "PC-2"}
    assert [finding.data.count for finding in findings] == [2, 2]
    assert len({finding.fingerprint for finding in findings}) == 1


def test_two_exports_of_one_log_count_each_record_once(tmp_path: Path) -> None:
    events = [crash(at, str(at), event_id=7000) for at in (1, 2, 3, 4)]
    logs = [
        logged(tmp_path / "Monday.evtx", on("PC-1", *events[:3])),
        logged(tmp_path / "Friday.evtx", on("PC-1", *events)),
    ]
    material, _ = read(*logs)
    with material.events:
        (finding,) = findings_of(sigma.examine(rule("service-start-failed"), True, material))
    assert finding.data.count == 4


def test_events_that_arrive_late_from_another_machine_are_no_wrong_clock(tmp_path: Path) -> None:
    file = tmp_path / "ForwardedEvents.evtx"
    write_log(
        file, [*on("PC-1", crash(5000, "1")), *on("PC-2", crash(10, "1")), *on("PC-1", crash(6000, "2"))]
    )
    material, _ = read(file)
    with material.events:
        assert findings_of(clock_moved_back.examine(material)) == ()


@pytest.mark.parametrize(
    ("computers", "names"),
    [
        (["PC-7", "pc-7"], ["pc-7"]),
        (["PC-7", "PC-7.corp.example"], ["PC-7.corp.example"]),
        (["PC-7", "PC-7.a.example", "PC-7.b.example"], ["PC-7", "PC-7.a.example", "PC-7.b.example"]),
        ([], []),
    ],
)
def test_a_machine_is_known_by_its_name_with_and_without_domain(
    computers: list[str], names: list[str]
) -> None:
    machines = Machines(computers)
    assert machines.names == names and machines.several == (len(names) > 1)


def test_a_renamed_machine_stays_one(tmp_path: Path) -> None:
    renaming = Event(moment(15), "EventLog", 6011, ("WIN-OLD", "PC-1"))
    file = logged(
        tmp_path / "System.evtx", on("WIN-OLD", crash(10, "1")) + on("PC-1", renaming, crash(20, "2"))
    )
    material, _ = read(file)
    with material.events:
        (finding,) = findings_of(services.examine(material))
    assert (finding.computer, finding.data.count) == ("PC-1", 2)
    assert material.machines.computers("PC-1") == ("PC-1", "WIN-OLD")


def test_a_machine_that_gets_its_old_name_back_stays_one() -> None:
    assert Machines(["A", "B"], [Renaming("A", "B", Why.EVENT), Renaming("B", "A", Why.EVENT)]).names == ["A"]


def test_two_exports_of_one_log_tell_of_a_service_once(tmp_path: Path) -> None:
    ends = [crash(at, str(at)) for at in (1, 2, 3, 4)]
    logs = [
        logged(tmp_path / "Monday.evtx", on("PC-1", *ends[:3])),
        logged(tmp_path / "Friday.evtx", on("PC-1", *ends)),
    ]
    material, _ = read(*logs)
    with material.events:
        (finding,) = findings_of(services.examine(material))
    assert finding.data.count == 4 and finding.data.log == "Friday.evtx"


def test_a_log_that_names_another_machine_in_every_record_takes_no_longer_for_it() -> None:
    names = [f"PC-{number}" for number in range(20_000)]

    machines = Machines([*names, "PC-7.example.com"])

    assert machines.computers("PC-7.example.com") == ("PC-7", "PC-7.example.com")
    assert [machines.computers(name) for name in names[8:20_000]] == [(name,) for name in names[8:]]
    assert [entry.others for entry in machines.of_several_names()] == [["PC-7"]]


def test_what_names_no_machine_is_of_none_where_the_bundle_tells_of_another() -> None:
    assert Machines(["PC-1"], told=["", "pc-1.corp.example"]).of(None) == "PC-1"
    assert Machines(["PC-1"], told=["PC-2"]).of(None) == ""


def test_a_log_beside_another_machines_systeminfo_is_not_told_of_the_one_with_events(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    logged(bundle / "System.evtx", on("PC-1", boot(0)))
    failing = "2020-11-20 12:00:00 ERROR The licence server does not answer\n" * 3
    (bundle / "client.log").write_text(failing, "utf-8")

    def machines() -> set[str]:
        document = analyze(bundle, tmp_path / "work").document()
        return {finding.computer for finding in document.findings if finding.rule == "text-log-errors"}

    assert machines() == {"PC-1"}
    (bundle / "systeminfo.txt").write_text(SYSTEMINFO, "utf-8")
    assert machines() == {""}


SYSTEMINFO = """
Host Name:                 PC-2
OS Name:                   Microsoft Windows 10 Pro
OS Version:                10.0.19045 N/A Build 19045
OS Manufacturer:           Microsoft Corporation
System Boot Time:          20/11/2020, 08:00:00
System Manufacturer:       Example
"""
