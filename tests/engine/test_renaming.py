"""A machine that was renamed or joined a domain is one machine; two machines stay two."""

from dataclasses import replace
from pathlib import Path

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyzers import services
from engine.findings import Examined
from engine.machines import Machines
from tests.engine.event_logs import boot, crash, moment, ordinary, read

SID = "S-1-5-21-1111111111-2222222222-3333333333"


def on(computer: str, *events: Event) -> list[Event]:
    return [replace(event, computer=computer) for event in events]


def machines(*logs: tuple[Path, list[Event]], saved: bool = False) -> Machines:
    for file, events in logs:
        write_log(file, events, saved=saved)
    material, _ = read(*(file for file, _ in logs))
    with material.events:
        return Machines.read(material.events)


def signed_in(seconds: float, computer: str, domain: str, sid: str = SID) -> Event:
    data = {"TargetUserSid": f"{sid}-1001", "TargetUserName": "user", "TargetDomainName": domain}
    provider = "Microsoft-Windows-Security-Auditing"
    return Event(moment(seconds), provider, 4624, data, channel="Security", computer=computer)


@pytest.mark.parametrize("saved", [False, True])
def test_the_numbers_of_one_log_that_go_on_tell_of_one_machine(tmp_path: Path, saved: bool) -> None:
    events = [
        *on("WIN-ABC123", boot(0), *ordinary(5, start=1)),
        *on("PC-01", boot(100), *ordinary(4, start=101)),
        *on("pc-01.corp.example.", boot(300), *ordinary(3, start=301)),
    ]
    events[0] = replace(events[0], record_id=731)
    known = machines((tmp_path / "System.evtx", events), saved=saved)
    assert known.names == ["pc-01.corp.example"] and not known.several
    assert known.of("WIN-ABC123") == known.of("PC-01") == known.of("PC-01.corp.example.") == known.names[0]
    assert known.computers("pc-01.corp.example") == ("PC-01", "WIN-ABC123", "pc-01.corp.example.")
    (entry,) = known.of_several_names()
    assert entry.said == {
        "zh-hans": "pc-01.corp.example 与 PC-01、WIN-ABC123 是同一台电脑（改过名或加入了域）："
        "名称只差所在的域；同一日志的记录编号由前一名称延续到后一名称。",
        "en": "pc-01.corp.example, PC-01 and WIN-ABC123 are one machine, renamed or joined to a domain: "
        "the names differ by the domain alone; "
        "the record numbers of one log go on from one name to the next.",
    }


def test_stops_before_and_after_a_renaming_are_counted_together(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    write_log(
        file,
        on("WIN-ABC123", boot(0), crash(10, "1"), crash(20, "2")) + on("PC-01", boot(900), crash(910, "1")),
    )
    material, _ = read(file)
    with material.events:
        outcome = services.examine(material)
    assert isinstance(outcome, Examined)
    (finding,) = outcome.findings
    assert (finding.computer, finding.data.count) == ("PC-01", 3)


def test_the_machine_sid_ties_names_that_were_not_in_use_together(tmp_path: Path) -> None:
    """Each name has a log of its own: no number goes on."""
    known = machines(
        (tmp_path / "old.evtx", [signed_in(at, "WIN-ABC123", "WIN-ABC123") for at in (0, 1)]),
        (tmp_path / "new.evtx", [signed_in(at, "PC-01.corp.example", "PC-01") for at in (900, 901)]),
    )
    assert known.names == ["PC-01.corp.example"]
    assert "the machine SID is the same" in known.of_several_names()[0].said["en"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Copied from one image, in use side by side.
        ([("PC-A", "PC-A", SID, 0), ("PC-A", "PC-A", SID, 900)], [("PC-B", "PC-B", SID, 400)]),
        # Of one domain, whose SID both tell.
        ([("PC-A", "CORP", SID, 0)], [("PC-B", "CORP", SID, 900)]),
        ([("PC-A", "PC-A", SID, 0)], [("PC-B", "PC-B", SID[:-1] + "4", 900)]),
    ],
)
def test_two_machines_stay_two_whatever_sids_they_share(
    tmp_path: Path, first: list[tuple[str, str, str, int]], second: list[tuple[str, str, str, int]]
) -> None:
    logs = [
        (
            tmp_path / f"{number}.evtx",
            [signed_in(at, computer, domain, sid) for computer, domain, sid, at in one],
        )
        for number, one in enumerate((first, second))
    ]
    known = machines(*logs)
    assert known.names == ["PC-A", "PC-B"] and known.of_several_names() == []


def test_machines_that_take_turns_in_one_log_stay_two(tmp_path: Path) -> None:
    turns = [replace(event, computer=f"PC-{'AB'[at % 2]}") for at, event in enumerate(ordinary(40))]
    assert machines((tmp_path / "System.evtx", turns)).names == ["PC-A", "PC-B"]


def test_collected_records_of_two_machines_stay_two(tmp_path: Path) -> None:
    """Each keeps its own numbers; here they follow each other, but leave a hole or come twice."""
    first = [replace(event, record_id=10 + at) for at, event in enumerate(on("PC-A", *ordinary(5)))]
    later = [replace(event, record_id=40 + at) for at, event in enumerate(on("PC-B", *ordinary(5, start=50)))]
    same = [replace(event, record_id=12 + at) for at, event in enumerate(on("PC-B", *ordinary(5, start=50)))]
    for number, other in enumerate((later, same)):
        known = machines((tmp_path / f"{number}.evtx", first + other), saved=True)
        assert known.names == ["PC-A", "PC-B"]


def test_two_domains_with_machines_of_one_name_are_two_unless_the_numbers_go_on(tmp_path: Path) -> None:
    names = ["PC-7.a.example", "PC-7.b.example"]
    apart = [(tmp_path / f"{name}.evtx", on(name, *ordinary(3))) for name in names]
    assert machines(*apart).names == names
    moved = on(names[0], *ordinary(3)) + on(names[1], boot(60), *ordinary(3, start=61))
    assert machines((tmp_path / "System.evtx", moved)).names == names[1:]
