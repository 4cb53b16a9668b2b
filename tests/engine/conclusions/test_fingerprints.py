"""The same fault on another machine has the same fingerprint; another fault has another."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyzers import (
    clock_moved_back,
    file_equals_baseline,
    file_state_changed,
    file_tampered,
    hash_transcription_slip,
    log_integrity,
    services,
    sigma,
)
from engine.artifacts import Artifact
from engine.conclusions.fingerprints import PERSONAL, service, stable
from engine.findings import Examined, Finding, Outcome
from engine.material import Material
from engine.parsers.file_state import FileState
from engine.rules.rule_files import own_rules, read_own
from tests.engine import event_logs, rule_examples
from tests.engine.capture_texts import HASH, MODIFIED, OTHER_HASH, PATH, SIZE, VERSION

LAB = FileState(PATH, HASH, SIZE, MODIFIED, VERSION, "lab")
FOUND = FileState(PATH, OTHER_HASH, SIZE + 7, MODIFIED, VERSION, "as found", "c.txt", 7)


def findings_of(outcome: Outcome) -> tuple[Finding, ...]:
    assert isinstance(outcome, Examined)
    return outcome.findings


def elsewhere(value: Any, name: str = "") -> Any:
    """The example as another machine, another person and another day would have written it."""
    if isinstance(value, Mapping):
        return {key: elsewhere(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [elsewhere(inner) for inner in value]
    if name in PERSONAL - {"TargetSid"} and isinstance(value, str):
        return f"{value}2"
    if not isinstance(value, str):
        return value
    return (
        value.replace("PC-7", "OTHER-31").replace("HarddiskVolume3", "HarddiskVolume5").replace("DR0", "DR4")
    )


@pytest.mark.parametrize("file", own_rules(), ids=lambda file: file.stem)
def test_every_rule_knows_the_same_fault_on_another_machine(file: Path, tmp_path: Path) -> None:
    prints = []
    for machine, change in (("here", dict), ("there", elsewhere)):
        events = [
            {**change(event), "at": event["at"] + 86_400 * (machine == "there"), "computer": machine}
            for event in rule_examples.events(read_own(file).fires)
        ]
        folder = tmp_path / machine
        folder.mkdir()
        material = rule_examples.material(folder, events)
        with material.events:
            prints.append(
                sorted({finding.fingerprint for finding in findings_of(sigma.examine(file, True, material))})
            )
    assert prints[0] == prints[1]
    assert all(len(fingerprint) == 64 and int(fingerprint, 16) for fingerprint in prints[0])


SCM = {"provider": "Service Control Manager", "channel": "System", "level": 2, "at": 0}
CRASH = {"provider": "Application Error", "event_id": 1000, "channel": "Application", "level": 2, "at": 0}


def crash(offset: str, code: str = "c0000005") -> dict[str, Any]:
    data = {"AppName": "a.exe", "ModuleName": "m.dll", "ExceptionCode": code, "FaultingOffset": offset}
    return {**CRASH, "data": data}


def start_failed(name: str, key: str | None, error: str = "%%2") -> dict[str, Any]:
    binary = {} if key is None else {"Binary": f"{key}/1\0".encode("utf-16-le").hex().upper()}
    return {**SCM, "event_id": 7000, "data": {"param1": name, "param2": error} | binary}


@pytest.mark.parametrize(
    ("rule", "first", "second", "same"),
    [
        ("service-start-failed", start_failed("Spooler", "Spooler"), start_failed("打印", "Spooler"), True),
        ("service-start-failed", start_failed("S", "Spooler"), start_failed("S", "Fax"), False),
        ("service-start-failed", start_failed("S", "Spooler"), start_failed("S", "Spooler", "%%5"), False),
        ("service-start-failed", start_failed("S", "Wpn_1a2b3"), start_failed("S", "Wpn_9f8e7"), True),
        ("application-crash", crash("1234"), crash("1234"), True),
        ("application-crash", crash("1234"), crash("9999"), False),
        ("application-crash", crash("1234"), crash("1234", "c0000409"), False),
    ],
)  # fmt: skip
def test_what_identifies_the_fault_decides(
    rule: str, first: dict[str, Any], second: dict[str, Any], same: bool, tmp_path: Path
) -> None:
    file = next(file for file in own_rules() if file.stem == rule)
    prints = []
    for number, event in enumerate((first, second)):
        folder = tmp_path / str(number)
        folder.mkdir()
        material = rule_examples.material(folder, [event])
        with material.events:
            (finding,) = findings_of(sigma.examine(file, True, material))
            prints.append(finding.fingerprint)
    assert (prints[0] == prints[1]) is same


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (r"C:\Users\alice\App\x.exe", r"C:\Users\Bob\App\x.exe"),
        ("0x0000009f (0x3, 0xffff)", "0x0000009F (0x1, 0xaaaa)"),
        ("0xC004F074, 0x0, kms.a", "0xC004F074, 0x0, kms.b"),
        (r"\Device\Harddisk0\DR0", r"\Device\Harddisk0\DR3"),
        (r"\Device\HarddiskVolume2\a.sys", r"\Device\HarddiskVolume7\a.sys"),
        (r"USB\VID_064F&PID_2AF9\3-123", r"USB\VID_064F&PID_2AF9\1-9"),
        (r"\Task-S-1-5-21-1-2-3-1001", r"\Task-S-1-5-21-7-8-9-500"),
        ("2026-02 累积更新 (KB5000001)", "2026-02 Cumulative Update (KB5000001)"),
    ],
)
def test_values_are_taken_as_any_machine_would_write_them(here: str, there: str) -> None:
    assert stable(here) == stable(there)


def test_what_tells_faults_apart_stays() -> None:
    assert stable(r"\Device\Harddisk0\DR0") != stable(r"\Device\Harddisk1\DR0")
    assert stable("0x0000009f (0x3)") != stable("0x000000d1 (0x3)")
    assert service("Spooler") != service("Fax") and service("CDPUserSvc_3f2a1") == "cdpusersvc"


FILE_RULES: dict[Callable[[Material], Outcome], list[FileState]] = {
    file_tampered.examine: [FOUND],
    file_state_changed.examine: [FOUND, replace(FOUND, sha256="0" * 64, label="later")],
    hash_transcription_slip.examine: [replace(FOUND, sha256=HASH[:-1] + "0", size=SIZE)],
    file_equals_baseline.examine: [replace(LAB, artifact="c.txt", line=1)],
}


@pytest.mark.parametrize("examine", FILE_RULES, ids=lambda examine: examine.__module__.rpartition(".")[2])
def test_every_file_rule_knows_the_same_file_on_another_machine(
    examine: Callable[[Material], Outcome], tmp_path: Path
) -> None:
    prints = []
    for artifact, label in (("c.txt", "as found"), ("other/d.txt", "somewhere else")):
        states = [
            replace(state, artifact=artifact, label=label + state.label) for state in FILE_RULES[examine]
        ]
        with (
            rule_examples.material(tmp_path, []).events as events,
        ):
            capture = Artifact(artifact, tmp_path / "c", artifact, 1, "capture")
            whole = Material(
                ZoneInfo("Asia/Shanghai"), events, [capture], file_states=states, baselines=[LAB]
            )
            (finding,) = findings_of(examine(whole))
        prints.append(finding.fingerprint)
    assert prints[0] == prints[1] and len(prints[0]) == 64


def test_a_damaged_log_and_a_wrong_clock_are_known_by_the_channel(tmp_path: Path) -> None:
    prints = []
    for number, name in enumerate(("System.evtx", "pc7/系统.evtx")):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        events = [
            Event(event_logs.moment(at + number), "Test", 1, {}, record_id=record, computer=f"PC-{number}")
            for at, record in ((1000, 1), (10, 2), (20, 9))
        ]
        write_log(file, events)
        material, _ = event_logs.read(file)
        with material.events:
            prints.append(
                [
                    findings_of(analyzer.examine(material))[0].fingerprint
                    for analyzer in (log_integrity, clock_moved_back)
                ]
            )
    assert prints[0] == prints[1] and len({*prints[0]}) == 2


def test_a_fingerprint_stands_in_the_result(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, [event_logs.crash(at, str(at)) for at in (1, 2, 3)])
    material, _ = event_logs.read(log)
    with material.events:
        (finding,) = findings_of(services.examine(material))
    assert json.loads(json.dumps(finding.fingerprint)) == finding.fingerprint
