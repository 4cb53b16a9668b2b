"""What changed shortly before a trouble began is told beside it, as what came before and not as its cause."""

from dataclasses import replace
from pathlib import Path

from demo.evtx.writer import Event, write_log
from engine.analyzers.beside.changes import with_changes
from engine.analyzers.beside.lockouts import with_sources
from engine.findings import Burst, Finding, Severity
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.text import text
from tests.engine.event_logs import moment, ordinary, read

HOUR, DAY = 3600.0, 86_400.0
SAID = text("电脑蓝屏。", "Blue screens.")
BEGAN = 10 * DAY
MACHINE = "DESKTOP-CM01"
MINE = "the service or driver “Example Filter” (exfilter.sys) was installed"


def screens(*, computer: str = MACHINE, severity: Severity = Severity.HIGH, events: int = 3) -> Finding:
    begin = moment(BEGAN).timestamp()
    bursts = (Burst(begin, begin + HOUR, events),)
    cited = (Evidence("log.evtx", "00", Locator(record_id=1), ""),)
    return Finding("bugcheck", severity, SAID, SAID, SAID, cited, "", computer=computer, bursts=bursts)


def installed(at: float, name: str = "Example Filter") -> Event:
    data = {"ServiceName": name, "ImagePath": "exfilter.sys", "ServiceType": "kernel mode driver"}
    return Event(moment(at), "Service Control Manager", 7045, data)


def program(at: float, status: str = "0") -> Event:
    data = ("Example Reader", "21.4", "2052", status, "Example Software", "(NULL)", "")
    return Event(moment(at), "MsiInstaller", 1033, data, channel="Application")


def told(folder: Path, finding: Finding, *events: Event, begins: float = 0) -> str:
    log = folder / "log.evtx"
    write_log(log, sorted([*ordinary(1, start=begins), *events], key=lambda event: event.time))
    material, _ = read(log)
    with material.events:
        (said,) = with_changes([finding], {"bugcheck": "boot"}, material)
    return said.summary["en"]


def test_a_driver_that_was_installed_a_day_before_is_named(tmp_path: Path) -> None:
    said = told(tmp_path, screens(), installed(BEGAN - 40 * HOUR))
    assert MINE in said
    assert said.endswith("What came before need not be the cause; please check it.")


def test_where_the_log_begins_with_the_trouble_nobody_knows_what_came_before_it(tmp_path: Path) -> None:
    change = installed(BEGAN - 40 * HOUR)
    assert MINE in told(tmp_path, screens(), change, begins=BEGAN - 48 * HOUR)
    assert told(tmp_path, screens(), change, begins=BEGAN - 47 * HOUR) == SAID["en"]


def test_what_came_earlier_or_afterwards_is_not(tmp_path: Path) -> None:
    assert told(tmp_path, screens(), installed(BEGAN - 49 * HOUR), installed(BEGAN + 60)) == SAID["en"]


def test_what_changes_every_other_day_is_not(tmp_path: Path) -> None:
    often = [program(BEGAN - day * DAY) for day in (1, 3, 5)]
    assert told(tmp_path, screens(), *often) == SAID["en"]
    assert "the program “Example Reader” (21.4) was installed" in told(tmp_path, screens(), *often[:2])


def test_a_program_whose_installation_failed_changed_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, screens(), program(BEGAN - HOUR, "1603")) == SAID["en"]


def test_another_machine_a_single_event_and_information_are_not_asked(tmp_path: Path) -> None:
    before = installed(BEGAN - HOUR)
    assert told(tmp_path, screens(computer="PC-8"), before) == SAID["en"]
    assert told(tmp_path, screens(events=1), before) == SAID["en"]
    assert told(tmp_path, screens(severity=Severity.INFO), before) == SAID["en"]


def test_three_are_told_the_newest_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    said = told(
        tmp_path, screens(), *(installed(BEGAN - hour * HOUR, f"Driver {hour}") for hour in range(1, 6))
    )
    assert said.index("“Driver 1”") < said.index("“Driver 2”") < said.index("“Driver 3”")
    assert "“Driver 4”" not in said and "; 5 changes in all." in said


def test_a_locked_account_says_where_its_failed_sign_ins_came_from(tmp_path: Path) -> None:
    def failed(at: float, account: str, process: str, domain: str = "", computer: str = MACHINE) -> Event:
        data = {"TargetUserName": account, "ProcessName": process, "IpAddress": "203.0.113.7"}
        data |= {"WorkstationName": "-", "TargetDomainName": domain}
        source = "Microsoft-Windows-Security-Auditing"
        return Event(moment(at), source, 4625, data, channel="Security", computer=computer)

    log = tmp_path / "log.evtx"
    mine = [failed(BEGAN - 60 * minute, "Wang", "w3wp.exe") for minute in (3, 2)]
    mine.append(failed(BEGAN - 60, "Wang", "w3wp.exe", "EXAMPLE", "PC-8"))
    other = [failed(BEGAN - 30, "li", "svchost.exe"), failed(BEGAN - 2 * DAY, "wang", "old.exe")]
    other += [failed(BEGAN - at, "wang", "local.exe", name, "PC-8") for at, name in ((20, "pc-8"), (10, "-"))]
    events = sorted([*mine, *other], key=lambda event: event.time)
    write_log(log, events)
    again = tmp_path / "exported-once-more.evtx"
    write_log(again, [replace(event, record_id=place) for place, event in enumerate(events, 1)][1:])
    material, _ = read(log, again)
    locked = replace(
        screens(), rule="account-locked", data=Facts(identity={"TargetUserName": "wang"}), computer=MACHINE
    )
    with material.events:
        (said,) = with_sources([locked], material)
    assert said.summary["en"].endswith(
        "its sign-in failed 3 times (4625), 3 of these from the process w3wp.exe, the address 203.0.113.7."
    )
