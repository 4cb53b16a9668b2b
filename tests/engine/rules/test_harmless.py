"""What a rule's own false-alarm sentence speaks of is told as information, with that sentence."""

from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import sigma
from engine.analyzers.sigma_text import filled
from engine.findings import Examined, Finding, Severity
from engine.rules.dotnet_report import reported
from engine.rules.rule_files import OWN, own_rules, read_own
from engine.text import text
from tests.engine import rule_examples

SCM = {"provider": "Service Control Manager", "channel": "System", "level": 2}


def found(folder: Path, rule: str, *events: dict[str, Any]) -> list[Finding]:
    (file,) = OWN.glob(f"*/{rule}.yml")
    material = rule_examples.material(folder, rule_examples.events(events))
    with material.events:
        outcome = sigma.examine(file, True, material)
    assert isinstance(outcome, Examined), outcome
    return list(outcome.findings)


def failed(event_id: int, name: str) -> dict[str, Any]:
    data = {"param1": "30000", "param2": name} if event_id == 7009 else {"param1": name, "param2": "%%1"}
    return {**SCM, "event_id": event_id, "data": data}


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("service-ended-with-error", failed(7023, "OneSyncSvc_3ab2c")),
        ("service-ended-with-error", failed(7023, "同步主机_3ab2c1")),
        ("service-ended-with-error", failed(7023, "UI0Detect")),
        ("service-start-failed", failed(7000, "CDPUserSvc_5f21b")),
        ("service-start-timeout", failed(7009, "Windows Push Notifications User Service_41d2e0")),
        ("service-start-timeout", failed(7009, "Sync Host_Session2")),
    ],
)
def test_a_service_that_fails_now_and_then(tmp_path: Path, rule: str, event: dict[str, Any]) -> None:
    (one,) = found(tmp_path, rule, event)
    assert one.severity is Severity.INFO
    assert one.summary["en"].endswith(str(one.data.false_alarms["en"]) if one.data.false_alarms else "?")


def test_another_service_weighs_what_it_weighed(tmp_path: Path) -> None:
    events = failed(7023, "OneSyncSvc_3ab2c"), failed(7023, "Example_Licence"), failed(7023, "wuauserv")
    severities = {
        one.data.identity["ServiceKey"]: one.severity
        for one in found(tmp_path, "service-ended-with-error", *events)
        if one.data.identity
    }
    assert severities == {
        "OneSyncSvc_3ab2c": Severity.INFO,
        "Example_Licence": Severity.MEDIUM,
        "wuauserv": Severity.MEDIUM,
    }


def test_a_store_app_in_use_is_no_failed_update(tmp_path: Path) -> None:
    update = {
        "provider": "Microsoft-Windows-WindowsUpdateClient",
        "event_id": 20,
        "channel": "System",
        "level": 2,
    }
    in_use = update | {"data": {"errorCode": 0x80073D02, "updateTitle": "9WZDNCRFJBMP-STORE"}}
    damaged = update | {"data": {"errorCode": 0x800F081F, "updateTitle": "KB5035845"}}
    severities = sorted(one.severity.value for one in found(tmp_path, "update-failed", in_use, damaged))
    assert severities == ["info", "medium"]


def test_only_what_tells_findings_apart_can_be_known_as_harmless() -> None:
    for file in own_rules():
        rule = read_own(file)
        assert all(set(known) <= set(rule.identity) for known in rule.harmless), file


def test_a_phrase_is_left_out_where_the_event_lacks_its_value() -> None:
    sentence = text("文件<“{File}”>不可读<（{Code}）>。", "The file< {File}> cannot be read< ({Code})>.")
    assert filled(sentence, {"File": "gpt.ini"})["en"] == "The file gpt.ini cannot be read."
    assert filled(sentence, {})["zh-hans"] == "文件不可读。"
    assert filled(sentence, {"File": "a", "Code": "5"})["zh-hans"] == "文件“a”不可读（5）。"


@pytest.mark.parametrize(
    ("report", "names"),
    [
        (
            "Application: Reporter.exe\nFramework Version: v4.0.30319\nDescription: The process was "
            "terminated due to an unhandled exception.\n"
            "Exception Info: System.IO.FileNotFoundException\n   at R.Main()",
            {"Program": "Reporter.exe", "Exception": "System.IO.FileNotFoundException"},
        ),
        (
            "应用程序: 报表.exe\n框架版本: v4.0.30319\n说明: 由于未经处理的异常，进程终止。\n"
            "异常信息: System.NullReferenceException",
            {"Program": "报表.exe", "Exception": "System.NullReferenceException"},
        ),
        (
            "Application: a.exe\nexception code c0000005, exception address 0",
            {"Program": "a.exe", "Exception": "c0000005"},
        ),
        ("nothing of the kind", {}),
    ],
)
def test_the_runtime_names_program_and_exception_in_any_language(report: str, names: dict[str, str]) -> None:
    assert reported(report) == names


@pytest.mark.parametrize(
    ("drivers", "severity"),
    [
        ("dam", Severity.INFO),
        ("\r\ndam\r\ncdrom\r\n", Severity.INFO),
        ("\r\ndam\r\nwibukey2", Severity.LOW),
        ("", Severity.LOW),
    ],
)
def test_a_list_is_harmless_only_where_each_of_its_drivers_is(
    tmp_path: Path, drivers: str, severity: Severity
) -> None:
    (one,) = found(tmp_path, "boot-driver-not-loaded", {**SCM, "event_id": 7026, "data": {"param1": drivers}})
    assert one.severity is severity
    assert ("does no harm" in one.summary["en"] or "do no harm" in one.summary["en"]) == (severity == "info")
