"""One matter is told once: what happened to one service, one restart, one threat, with its stages."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from benchmarks.bench_diagnosis import diagnose
from benchmarks.diagnosis.scenarios import SCENARIOS
from benchmarks.diagnosis.scoring import told_twice
from demo.evtx.writer import Event, write_log
from engine.analyze import analyze
from engine.conclusions.incidents import RETROSPECTIVE
from engine.conclusions.matters import kinds, once
from engine.findings import Burst, Finding, Severity
from engine.registry import ANALYZERS, rule_analyzers
from engine.render.plain import lines_of
from engine.rules.rule_files import own_rules, read_own
from engine.schema.document import FindingEntry
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.text import text
from tests.engine.event_logs import moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
SCM, SECURITY = "Service Control Manager", "Microsoft-Windows-Security-Auditing"
DAY = 86_400


def event(
    seconds: float, provider: str, number: int, data: Any = (), channel: str = "System", **more: Any
) -> Event:
    return Event(moment(seconds), provider, number, data, channel=channel, level=2, **more)


def said(folder: Path, events: Sequence[Event]) -> list[FindingEntry]:
    """The findings of a machine that wrote these."""
    (folder / "logs").mkdir()
    for channel in {event.channel for event in events}:
        mine = sorted((event for event in events if event.channel == channel), key=lambda event: event.time)
        write_log(folder / "logs" / f"{channel}.evtx", mine)
    return analyze(folder / "logs", folder / "work", zone=SHANGHAI, readers=1).document().findings


def of_service(seconds: float, number: int, data: dict[str, str], key: str = "ExLic") -> Event:
    return event(seconds, SCM, number, data, qualifiers=49152, binary=f"{key}\0".encode("utf-16-le"))


def troubles(name: str = "Example Licence", key: str = "ExLic") -> list[Event]:
    """A service is installed, is late twice, and in the end stops by itself."""
    installed = {"ServiceName": name, "ImagePath": "C:\\Licence\\licsrv.exe", "StartType": "auto start"}
    return [
        event(0, SCM, 7045, installed | {"ServiceType": "user mode service", "AccountName": "LocalSystem"}),
        of_service(600, 7009, {"param1": "30000", "param2": name}, key),
        of_service(601, 7000, {"param1": name, "param2": "%%1053"}, key),
        of_service(1200, 7009, {"param1": "30000", "param2": name}, key),
        of_service(1201, 7000, {"param1": name, "param2": "%%1053"}, key),
        of_service(4000, 7034, {"param1": name, "param2": "1"}, key),
    ]


def unclean(seconds: float) -> Event:
    return event(seconds, "EventLog", 6008, ("9:59:13", "2020/11/20", "", "", "99", "", ""))


def restart(seconds: float, code: int) -> list[Event]:
    """After a blue screen, as three sources tell of it."""
    stopped = {"param1": f"0x{code:08x} (0x3, 0x0, 0x0, 0x0)", "param2": "C:\\Windows\\MEMORY.DMP"}
    return [
        event(seconds, "Microsoft-Windows-Kernel-Power", 41, {"BugcheckCode": code}),
        unclean(seconds + 10),
        event(seconds + 30, "Microsoft-Windows-WER-SystemErrorReporting", 1001, stopped),
    ]


def test_what_happened_to_one_service_is_one_finding_told_in_order_of_time(tmp_path: Path) -> None:
    (finding,) = said(tmp_path, troubles())

    assert [stage.rule for stage in finding.data.stages] == [
        "service-installed",
        "service-start-timeout",
        "service-start-failed",
        "service-terminated-unexpectedly",
    ]
    assert finding.rule == "service-start-timeout" and finding.severity is Severity.MEDIUM
    assert sorted(piece.locator.event_id or 0 for piece in finding.evidence) == [
        *(7000, 7000, 7009, 7009, 7034, 7045),
    ]
    lines = finding.summary["en"].split("\n\n")[1].splitlines()
    assert lines[0] == "All of this matter, in order of time (Asia/Shanghai time):"
    assert lines[1].startswith(
        "2020-11-20 20:00:00: The new service or driver “Example Licence” was registered"
    )
    assert (
        lines[2]
        == "2020-11-20 20:10:00 to 20:20:00: The service “Example Licence” did not start in time (2 times)."
    )
    assert lines[3].startswith(
        "2020-11-20 20:10:01 to 20:20:01, twice: The Service Control Manager could not"
    )
    assert lines[4] == "2020-11-20 21:06:40: Example Licence stopped unexpectedly once."
    zh = finding.summary["zh-hans"].split("\n\n")[1].splitlines()
    assert zh[0] == "同一件事的各项记录，按时间先后（北京时间）："
    assert zh[2] == "2020-11-20 20:10:00 至 20:20:00：服务“Example Licence”启动超时（2 次）。"


def test_what_is_in_order_asks_nothing_on_the_command_line(tmp_path: Path) -> None:
    def lines(name: str, events: Sequence[Event]) -> list[str]:
        (tmp_path / name).mkdir()
        said(tmp_path / name, events)
        document = analyze(tmp_path / name / "logs", tmp_path / name / "again", readers=1).document()
        return [line for line in lines_of(document, "en") if line.startswith("   Advice: ")]

    assert lines("installed", troubles()[:1]) == []
    assert len(lines("late", troubles()[1:2])) == 1


def test_what_came_again_is_not_called_over_because_one_of_its_stages_is(tmp_path: Path) -> None:
    """Disabled once, three weeks before the end; it has not started since."""
    disabled = {"param1": "Example Licence", "param2": "auto start", "param3": "disabled", "param4": "ExLic"}
    failed = {"param1": "Example Licence", "param2": "%%1058"}
    starts = (DAY, 2 * DAY, 20 * DAY)
    events = [event(0, SCM, 7040, disabled), *(of_service(at, 7000, failed) for at in starts)]
    (finding,) = said(tmp_path, events)
    assert finding.rule == "service-disabled" and finding.severity is Severity.HIGH
    assert "It did not come again" not in finding.summary["en"]


def test_a_matter_of_long_ago_is_background_however_many_tell_of_it(tmp_path: Path) -> None:
    later = event(20 * DAY, "Example", 1, ("ok",))
    findings = [one for one in said(tmp_path, [*restart(1000, 159), later]) if one.data.stages]
    (stopped,) = findings
    assert (stopped.rule, len(stopped.data.stages), stopped.severity) == ("bugcheck", 3, Severity.LOW)
    assert stopped.summary["en"].endswith("probably it has nothing to do with it.")


def test_two_services_are_two_matters(tmp_path: Path) -> None:
    findings = said(tmp_path, [*troubles(), *troubles("Example Update", "ExUpd")])
    assert {finding.data.identity["ServiceKey"] for finding in findings} == {"ExLic", "ExUpd"}


def test_the_records_of_one_restart_are_one_matter_and_a_power_loss_of_another_day_is_none_of_it(
    tmp_path: Path,
) -> None:
    power = event(1000 + DAY, "Microsoft-Windows-Kernel-Power", 41, {"BugcheckCode": 0})
    findings = said(tmp_path, [*restart(1000, 159), power])

    assert [(finding.rule, [stage.rule for stage in finding.data.stages]) for finding in findings] == [
        ("bugcheck", ["restart-after-bugcheck", "unexpected-shutdown", "bugcheck"]),
        ("unexpected-restart", []),
    ]


def test_a_note_of_two_restarts_belongs_to_neither(tmp_path: Path) -> None:
    power = event(1000 + DAY, "Microsoft-Windows-Kernel-Power", 41, {"BugcheckCode": 0})
    findings = said(tmp_path, [*restart(1000, 159), power, unclean(1010 + DAY)])

    assert [(finding.rule, len(finding.data.stages)) for finding in findings] == [
        ("bugcheck", 2),
        ("unexpected-restart", 0),
        ("unexpected-shutdown", 0),
    ]


def test_one_installation_that_failed_is_told_once(tmp_path: Path) -> None:
    ended = ("Example Kit", "6.20.2147.500", "2052", "1603", "Example Vendor", "(NULL)")
    failed = ("产品: Example Kit -- 安装失败。", "(NULL)", "(NULL)", "(NULL)", "(NULL)", "(NULL)", "")
    other = ("Other Tool", "1.0", "2052", "1618", "Example Vendor", "(NULL)")
    findings = said(
        tmp_path,
        [
            event(0, "MsiInstaller", 11708, failed, "Application"),
            event(1, "MsiInstaller", 1033, ended, "Application"),
            event(2, "MsiInstaller", 1033, other, "Application"),
        ],
    )
    assert sorted(len(finding.data.stages) for finding in findings) == [0, 2]


def test_a_service_that_both_logs_tell_of_is_one_matter(tmp_path: Path) -> None:
    tool = {"ServiceName": "PSEXESVC", "ImagePath": "%SystemRoot%\\PSEXESVC.exe"}
    audited = {"ServiceName": "PSEXESVC", "ServiceFileName": "%SystemRoot%\\PSEXESVC.exe"}
    (finding,) = said(
        tmp_path,
        [
            event(0, SCM, 7045, tool | {"StartType": "demand start"}),
            event(1, SECURITY, 4697, audited, "Security"),
        ],
    )
    assert finding.rule == "remote-execution-service"
    assert {piece.artifact for piece in finding.evidence} == {"System.evtx", "Security.evtx"}


def test_a_locked_account_and_its_failed_sign_ins_are_one_matter(tmp_path: Path) -> None:
    failed = {"TargetUserName": "lihua", "IpAddress": "192.0.2.7", "LogonType": 3, "Status": "0xc000006d"}
    events = [event(20 * number, SECURITY, 4625, failed, "Security") for number in range(12)]
    locked = {"TargetUserName": "lihua", "TargetDomainName": "PC-7"}
    (finding,) = said(tmp_path, [*events, event(250, SECURITY, 4740, locked, "Security")])
    assert [stage.rule for stage in finding.data.stages] == ["sign-in-failure-burst", "account-locked"]


# -- By themselves -----------------------------------------------------------------------


def finding(
    rule: str,
    records: Sequence[int],
    severity: Severity = Severity.LOW,
    count: int | None = None,
    **more: Any,
) -> Finding:
    title = text(f"{rule}。", f"{rule}.")
    cited = [Evidence("Security.evtx", "00", Locator(record_id=number), "") for number in records]
    data = Facts(count=len(records) if count is None else count)
    return Finding(rule, severity, title, title, title, tuple(cited), rule, data, computer="PC-7", **more)


def groups(*findings: Finding) -> list[list[str]]:
    _, places = once(findings, {}, SHANGHAI)
    told: dict[int, list[str]] = {}
    for place, one in zip(places, findings, strict=True):
        told.setdefault(place, []).append(one.rule)
    return list(told.values())


def test_rules_of_somebody_else_that_match_the_same_records_are_one_matter_that_names_both() -> None:
    one, other = finding("sigma-a", [1, 2]), finding("sigma-b", [1, 2], Severity.MEDIUM)
    (matter,), places = once([one, other], {}, SHANGHAI)
    assert places == [0, 0]
    assert (matter.rule, matter.severity, len(matter.evidence)) == ("sigma-b", Severity.MEDIUM, 2)
    assert "sigma-a." in matter.summary["en"] and "sigma-b." in matter.summary["en"]


def test_rules_of_somebody_else_that_match_some_of_the_same_records_are_two() -> None:
    assert groups(finding("sigma-a", [1, 2]), finding("sigma-b", [1])) == [["sigma-a"], ["sigma-b"]]
    of_more = finding("sigma-b", [1, 2], count=400)
    assert groups(finding("sigma-a", [1, 2]), of_more) == [["sigma-a"], ["sigma-b"]]


def test_rules_of_ours_that_share_most_records_of_one_are_one_matter() -> None:
    assert groups(finding("slow-boot", [1, 2, 3, 4]), finding("slow-shutdown", [3, 4, 5])) == [
        ["slow-boot", "slow-shutdown"]
    ]
    assert len(groups(finding("slow-boot", [1, 2, 3, 4]), finding("slow-shutdown", [4, 5]))) == 2


def test_the_order_of_a_log_is_another_matter_than_what_its_records_say() -> None:
    assert len(groups(finding("link-lost", [1, 2]), finding("clock-moved-back", [1, 2]))) == 2


def test_what_explains_the_others_tells_the_matter_and_the_gravest_of_all_says_how_grave_it_is() -> None:
    disabled = finding("service-disabled", [1], Severity.LOW, values={"param4": "dhcp"})
    failed = finding("service-start-failed", [2], Severity.HIGH, values={"ServiceKey": "Dhcp"})
    (matter,), _ = once([failed, disabled], {0: [1]}, SHANGHAI)
    assert (matter.rule, matter.severity) == ("service-disabled", Severity.HIGH)
    (matter,), _ = once([failed, disabled], {}, SHANGHAI)
    assert matter.rule == "service-start-failed"


@pytest.mark.parametrize(("at", "count"), [(60, 1), (61, 2)])
def test_what_must_come_together_is_one_matter_within_its_seconds(at: float, count: int) -> None:
    program = {"Program": "a.exe", "AppName": "a.exe"}
    thrown = finding("dotnet-unhandled", [1], values=program, spells=(Burst(1000, 1000, 1),))
    crashed = finding("application-crash", [2], values=program, spells=(Burst(1000 + at, 1000 + at, 1),))
    assert len(groups(thrown, crashed)) == count
    elsewhere = replace(crashed, values={"AppName": "b.exe"})
    assert len(groups(thrown, elsewhere)) == 2


def test_equal_names_on_two_machines_are_two_matters() -> None:
    here = finding("service-start-failed", [1], values={"ServiceKey": "Dhcp"})
    there = replace(finding("service-start-timeout", [2], values={"ServiceKey": "Dhcp"}), computer="PC-8")
    assert len(groups(here, there)) == 2


@pytest.mark.parametrize("name", ["", "-", "?"])
def test_nothing_is_no_name(name: str) -> None:
    one = finding("service-start-failed", [1], values={"ServiceKey": name})
    assert len(groups(one, finding("service-start-timeout", [2], values={"ServiceKey": name}))) == 2


def test_every_rule_that_is_named_is_there() -> None:
    known = {analyzer.rule for analyzer in (*ANALYZERS, *rule_analyzers())}
    assert {rule for kind in kinds() for rule in kind.rules} <= known


@pytest.mark.parametrize(
    ("field", "kind"), [("ServiceKey", "service"), ("Threat Name", "threat"), ("PackageIdentifier", "update")]
)
def test_a_new_rule_about_a_known_thing_belongs_to_its_matter(field: str, kind: str) -> None:
    rules = {file.stem for file in own_rules() if field in (read_own(file).identity or ())}
    assert rules and rules <= next(one.rules.keys() for one in kinds() if one.name == kind)


def test_a_new_rule_about_an_unclean_end_belongs_to_the_matter_of_its_restart() -> None:
    assert next(one.rules.keys() for one in kinds() if one.name == "restart") >= RETROSPECTIVE


@pytest.mark.parametrize("name", ["bad-driver", "ransomware", "two-guards"])
def test_no_two_findings_of_a_machine_rest_on_the_same_records(name: str) -> None:
    """The benchmark asks it of every machine."""
    seed, scenario = next((seed, one) for seed, one in enumerate(SCENARIOS) if one.name == name)
    assert told_twice(diagnose(scenario, seed).findings) == ()


def full(seconds: float, drive: str = "") -> Event:
    """A program finds no space, at a path where a drive is given."""
    if not drive:
        return event(
            seconds,
            "Microsoft-Windows-User Profiles Service",
            1508,
            {"Error": "磁盘空间不足。"},
            "Application",
        )
    values = [
        "svchost",
        "1420,D,0",
        "X: ",
        f"{drive}\\x\\edb.log",
        "0",
        "4096",
        "-1808",
        "112 (0x00000070)",
        "x",
        "0",
    ]
    return event(seconds, "ESENT", 482, values, "Application")


@pytest.mark.parametrize(("drives", "matters"), [(["C:"], 1), (["C:", "D:"], 3), ([], 1)])
def test_what_names_no_volume_is_of_the_only_one_that_was_full(
    tmp_path: Path, drives: list[str], matters: int
) -> None:
    events = [full(60), *(full(90 + 900 * place, drive) for place, drive in enumerate(drives))]

    assert len([one for one in said(tmp_path, events) if one.rule == "disk-full"]) == matters


def late(name: str, *moments: float) -> Finding:
    """A service that did not answer at these moments."""
    spells = tuple(Burst(at, at, 1) for at in moments)
    return finding(
        "service-transaction-timeout",
        [int(at) + len(name) for at in moments],
        spells=spells,
        values={"param2": name},
    )


def test_many_services_that_hang_whenever_one_does_are_one_matter() -> None:
    together = [late("a", 1000, 9000), late("bb", 1100, 9100), late("ccc", 1200, 8900)]

    (matter,), places = once([*together], {}, SHANGHAI)

    assert matter.title["en"].endswith(", and 2 more like it") and len(matter.data.stages) == 3
    assert places == [0, 0, 0]
    assert len(groups(*together[:2])) == 2, "two may be so by chance"
    assert len(groups(*together, late("dddd", 1000))) == 2, "it did not hang the second time"
    assert len(groups(late("a", 1000), late("bb", 5000), late("ccc", 9000))) == 3
