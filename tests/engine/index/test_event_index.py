"""The event index: typed, read-only, one for many logs."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demo.evtx.writer import Event, write_log
from engine.index.event_index import EventIndex
from engine.index.writer import EventIndexWriter
from tests.engine.event_logs import boot, crash, moment, ordinary, read


def test_columns_carry_their_types(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    activity = uuid.UUID("2593f8b9-4eaf-457c-b68a-50f6b8ea6b54")
    event = Event(
        moment(0.25),
        "Provider",
        41,
        {"param1": "值", "number": 5},
        qualifiers=49152,
        version=3,
        level=1,
        task=63,
        opcode=2,
        keywords=0x8000000000000002,
        user="S-1-5-18",
        activity=activity,
        process_id=4,
        thread_id=8,
        binary=b"\x01\xff",
    )
    write_log(log, [event])
    material, _ = read(log)
    (record,) = material.events.events()
    assert record.artifact == "System.evtx" and record.record_id == 1
    assert record.time == "2020-11-20T12:00:00.250000Z"
    assert (record.provider, record.event_id, record.qualifiers) == ("Provider", 41, 49152)
    assert (record.version, record.level, record.task, record.opcode) == (3, 1, 63, 2)
    assert record.keywords == "0x8000000000000002"
    assert (record.channel, record.computer, record.user) == ("System", "DESKTOP-CM01", "S-1-5-18")
    assert (record.process_id, record.thread_id) == (4, 8)
    assert record.activity_id == str(activity).upper()
    assert record.data == {"param1": "值", "number": 5, "Binary": "01FF"} and record.binary == "01FF"


def test_what_an_event_does_not_say_is_null(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, [Event(moment(0), "EventLog", 6006, (), version=None, opcode=None)])
    material, _ = read(log)
    (record,) = material.events.events()
    absent = (record.qualifiers, record.version, record.opcode, record.user, record.activity_id)
    assert set(absent) == {None} == {record.payload, record.binary}
    assert record.data == {}


def test_unnamed_values_are_a_list(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(
        log,
        [Event(moment(0), "EventLog", 6009, ("10.00.", "", "x")), Event(moment(1), "EventLog", 1, ("one",))],
    )
    material, _ = read(log)
    assert [record.data["Data"] for record in material.events.events()] == [["10.00.", "", "x"], ["one"]]


def test_events_are_asked_for_by_what_they_are_and_when(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, [*ordinary(50), crash(60, "1"), crash(70, "2", event_id=7031)])
    material, _ = read(log)
    index = material.events
    assert index.count() == 52
    assert [e.record_id for e in index.events(event_id=(7031, 7034))] == [51, 52]
    assert [e.record_id for e in index.events(provider="Service Control Manager", event_id=7034)] == [51]
    assert list(index.events(provider="Other")) == []
    window = index.events(since="2020-11-20T12:00:49.000000Z", until="2020-11-20T12:01:10.000000Z")
    assert [e.record_id for e in window] == [50, 51]
    assert index.channels() == {"System.evtx": {"System": 52}}


def test_many_logs_are_one_index(tmp_path: Path) -> None:
    logs = []
    for number in range(20):
        logs.append(tmp_path / f"log{number:02}.evtx")
        write_log(logs[-1], ordinary(10, start=number))
    material, facts = read(*logs)
    index = material.events
    assert index.count() == 200 and index.count(artifact="log07.evtx") == 10
    assert index.logs() == [log.name for log in logs] and [fact.records for fact in facts] == [10] * 20
    times = [event.time or "" for event in index.events()]
    assert times == sorted(times)


def test_the_starts_of_the_machine_are_told_once_each(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    kernel, loader = "Microsoft-Windows-Kernel-General", "Microsoft-Windows-Kernel-Boot"
    events = [
        Event(moment(0), kernel, 12, {"BootMode": 0}),
        Event(moment(1), loader, 27, {"BootType": 0}),
        boot(11),
        Event(moment(4000), loader, 27, {"BootType": 1}),
        boot(9000),
        Event(moment(9500), "Other", 6005, ()),
    ]
    write_log(log, events)
    material, _ = read(log)
    assert material.events.boots() == ["2020-11-20T12:00:00.000000Z", "2020-11-20T14:30:00.000000Z"]
    assert material.events.boots(artifact="other.evtx") == []


def test_the_index_cannot_be_written_once_built(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    with EventIndexWriter(file):
        pass
    with EventIndex(file) as index:
        assert index.count() == 0
        with pytest.raises(sqlite3.OperationalError):
            index.shards[0].execute("DELETE FROM record")


def test_a_missing_index_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        EventIndex(tmp_path / "nothing.sqlite")


def test_values_that_sqlite_cannot_hold_do_not_lose_their_rows(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    with EventIndexWriter(file) as writer:
        part = writer.part("System.evtx", "0" * 64)
        kind = part.kind(("P", {"odd": 1}, 2**70, None, None, None, None, None, "\ud800", None))
        usual, strange = part.origin((None, 4, 8, None)), part.origin((["a"], 2**65, -(2**65), "\ud800"))
        plain = (part.log, 1, "2020-11-20T12:00:00.000000Z", kind, usual, None, 1)
        odd = (part.log, 2**64 - 1, "\ud800", kind, strange, None, 2**64 - 1)
        part.add([(part.first + place, *row) for place, row in enumerate((plain, odd, plain))])
        part.close()
    with EventIndex(file) as index:
        assert index.count() == 3
        assert sorted(event.record_id for event in index.events()) == [1, 1, 2**63 - 1]


def test_a_row_that_sqlite_cannot_hold_among_many_moves_no_other(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    with EventIndexWriter(file) as writer:
        part = writer.part("System.evtx", "0" * 64)
        kind = part.kind(("P", 1, None, None, None, None, None, None, None, None))
        origin = part.origin((None, 4, 8, None))
        payloads: list[Any] = ["8"] * 250
        payloads[123] = "\ud800"
        rows = [
            (part.first + place, part.log, place + 1, None, kind, origin, payload, place + 1)
            for place, payload in enumerate(payloads)
        ]
        part.add(rows)
        part.close()
    with EventIndex(file) as index:
        stored = list(index.ask("SELECT record_id, data FROM record ORDER BY id"))
    assert stored == [(number, "?" if number == 124 else "8") for number in range(1, 251)]


def test_origins_hold_when_more_of_them_come_than_are_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.index.writer._MAX_ORIGINS", 2)
    file = tmp_path / "index.sqlite"
    with EventIndexWriter(file) as writer:
        part = writer.part("System.evtx", "0" * 64)
        kind = part.kind(("P", 1, None, None, None, None, None, None, None, None))
        part.add(
            [
                (part.first + at, part.log, at, None, kind, part.origin((None, 4, at % 4, None)), None, at)
                for at in range(9)
            ]
        )
        part.close()
    with EventIndex(file) as index:
        assert [event.thread_id for event in index.events()] == [0, 1, 2, 3, 0, 1, 2, 3, 0]


def test_an_index_whose_records_hold_their_origin_themselves_is_read(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    with EventIndexWriter(file) as writer:
        part = writer.part("System.evtx", "0" * 64)
        kind = part.kind(("P", 1, None, None, None, None, None, None, None, None))
        time = "2020-11-20T12:00:00.000000Z"
        part.add([(part.first, part.log, 7, time, kind, part.origin((None,) * 4), None, 7)])
        part.close()
    with closing(sqlite3.connect(file)) as earlier:
        (view,) = earlier.execute("SELECT sql FROM sqlite_schema WHERE name = 'event'").fetchone()
        earlier.executescript(
            "DROP VIEW event; DROP TABLE origin; ALTER TABLE record DROP COLUMN origin;"
            "ALTER TABLE record ADD user TEXT DEFAULT 'S-1-5-18';"
            "ALTER TABLE record ADD process_id INTEGER DEFAULT 4;"
            "ALTER TABLE record ADD thread_id INTEGER DEFAULT 8;"
            "ALTER TABLE record ADD activity_id TEXT;" + view.partition("LEFT JOIN")[0]
        )
    with EventIndex(file) as index:
        for events in (index.events(), index.events(since="2020")):
            assert [(event.user, event.process_id, event.thread_id) for event in events] == [
                ("S-1-5-18", 4, 8)
            ]
        assert [row[-1] for row in index.matching("event_id = 1", ["user"])] == ["S-1-5-18"]


def test_the_last_record_before_a_moment_is_known_of_each_machine(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, [Event(moment(at), "P", at % 3, (), computer="PC" if at < 6 else "NB") for at in range(9)])
    index = read(log)[0].events
    assert index.last_before("2020-11-20T12:00:04.000000Z", ("PC",)) == "2020-11-20T12:00:03.000000Z"
    assert index.last_before("9999", ("PC",)) == "2020-11-20T12:00:05.000000Z"
    assert index.last_before("9999", ("PC", "NB")) == "2020-11-20T12:00:08.000000Z"
    assert index.last_before("9999", ("PC-9",)) is None


def test_event_numbers_compare_as_numbers(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, [Event(moment(number), "P", number, ()) for number in (5, 41, 1000)])
    material, _ = read(log)
    query = (
        "SELECT event_id FROM event WHERE event_id > 40 AND event_id < 999 AND typeof(event_id) = 'integer'"
    )
    assert material.events.shards[0].execute(query).fetchall() == [(41,)]
