"""The log writer: two independent parsers read the same, and every checksum holds."""

import json
import uuid
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from evtx import PyEvtxParser
from Evtx.Evtx import Evtx
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.evtx.values import Datum, Value, ValueType
from demo.evtx.writer import Event, EventTooLarge, write_log
from demo.system_log import CRASHES, EVENTS, system_log
from tests.engine.event_logs import START, moment, ordinary


def by_rust(log: Path) -> list[dict[str, Any]]:
    parser = PyEvtxParser(str(log), number_of_threads=1, validate_checksums=True, indent=False)
    return [
        json.loads(record["data"])["Event"] | {"id": record["event_record_id"]}
        for record in cast("Iterable[dict[str, Any]]", parser.records_json())
    ]


def by_python(log: Path) -> list[tuple[int, ElementTree.Element]]:
    with Evtx(str(log)) as parsed:
        return [(record.record_num(), ElementTree.fromstring(record.xml())) for record in parsed.records()]


def named(element: ElementTree.Element) -> dict[str, str]:
    return {data.get("Name", ""): data.text or "" for data in element.iterfind("{*}EventData/{*}Data")}


def test_both_parsers_read_the_same_records(tmp_path: Path) -> None:
    log = tmp_path / "log.evtx"
    events = ordinary(700)
    assert write_log(log, events) == 700
    rust, python = by_rust(log), by_python(log)
    assert [record["id"] for record in rust] == [number for number, _ in python] == list(range(1, 701))
    for event, fast, (_, slow) in zip(events, rust, python, strict=True):
        data = {name: str(value) for name, value in fast["EventData"].items() if name != "Binary"}
        assert data == named(slow) == event.data
        assert bytes.fromhex(fast["EventData"]["Binary"]) == event.binary
        assert fast["System"]["EventID"]["#text"] == int(slow.findtext("{*}System/{*}EventID") or 0) == 7036


def test_every_checksum_holds(tmp_path: Path) -> None:
    log = tmp_path / "log.evtx"
    write_log(log, ordinary(1000))
    with Evtx(str(log)) as parsed:
        header = parsed.get_file_header()
        assert header.verify() and not header.is_dirty()
        assert header.next_record_number() == 1001
        chunks = list(header.chunks(include_inactive=True))
        assert len(chunks) == header.chunk_count() > 1
        assert all(chunk.verify() for chunk in chunks)
        # Each name stands once in a chunk and is found through the header's table.
        names = [name.string() for name in chunks[0].strings().values()]
        assert len(names) == len(set(names)) and {"Event", "System", "param1"} - set(names) == {"param1"}
        assert len(chunks[0].templates()) == 1


def test_every_value_type_arrives(tmp_path: Path) -> None:
    log = tmp_path / "log.evtx"
    guid = uuid.UUID("2593f8b9-4eaf-457c-b68a-50f6b8ea6b54")
    data: dict[str, Datum] = {
        "text": "名称 <&>\"' \U0001f5c2",
        "unsigned": 7,
        "large": 2**40,
        "negative": -4,
        "deep": -(2**40),
        "yes": True,
        "time": START,
        "guid": guid,
        "sid": Value(ValueType.SID, "S-1-5-21-1-2-3-1001"),
        "hex32": Value(ValueType.HEX32, 0x80070005),
        "hex64": Value(ValueType.HEX64, 0x80000000000000FF),
        "byte": Value(ValueType.UINT8, 255),
        "bytes": b"\x01\xff",
        "nothing": None,
    }
    write_log(log, [Event(START, "Provider", 1, data, user="S-1-5-18", activity=guid)])
    (fast,) = by_rust(log)
    ((_, slow),) = by_python(log)
    assert fast["EventData"] == {
        "text": "名称 <&>\"' \U0001f5c2",
        "unsigned": 7,
        "large": 2**40,
        "negative": -4,
        "deep": -(2**40),
        "yes": True,
        "time": "2020-11-20T12:00:00.000000Z",
        "guid": str(guid).upper(),
        "sid": "S-1-5-21-1-2-3-1001",
        "hex32": "0x80070005",
        "hex64": "0x80000000000000ff",
        "byte": 255,
        "bytes": "01FF",
        "nothing": "",
    }
    assert named(slow)["text"] == data["text"]
    assert named(slow)["sid"] == "S-1-5-21-1-2-3-1001"
    assert named(slow)["guid"] == f"{{{guid}}}"
    assert fast["System"]["Security"]["#attributes"]["UserID"] == "S-1-5-18"
    assert fast["System"]["Correlation"]["#attributes"]["ActivityID"] == str(guid).upper()


def test_unnamed_values_keep_their_order(tmp_path: Path) -> None:
    log = tmp_path / "log.evtx"
    write_log(log, [Event(START, "EventLog", 6009, ("10.00.", "17763", "", "Multiprocessor Free"))])
    (fast,) = by_rust(log)
    assert fast["EventData"]["Data"]["#text"] == ["10.00.", "17763", "", "Multiprocessor Free"]
    ((_, slow),) = by_python(log)
    texts = [data.text or "" for data in slow.iterfind("{*}EventData/{*}Data")]
    assert texts == ["10.00.", "17763", "", "Multiprocessor Free"]


def test_given_record_ids_leave_the_gaps_they_say(tmp_path: Path) -> None:
    log = tmp_path / "log.evtx"
    first, second, third = ordinary(3)
    events = [first, Event(second.time, second.provider, 7036, second.data, record_id=41), third]
    write_log(log, events, first_record_id=7)
    assert [record["id"] for record in by_rust(log)] == [7, 41, 42]


def test_an_event_larger_than_a_chunk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EventTooLarge):
        write_log(tmp_path / "log.evtx", [Event(START, "P", 1, ["x" * 30_000, "y" * 30_000])])
    with pytest.raises(EventTooLarge):
        write_log(tmp_path / "log.evtx", [Event(START, "P", 1, ["x" * 40_000])])


def test_a_log_without_events_is_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log.evtx"
    assert write_log(log, []) == 0
    assert by_rust(log) == []


plain = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300),
    st.integers(-(2**63), 2**64 - 1),
    st.booleans(),
    st.binary(max_size=200),
    st.uuids(),
)
names = st.text("abcXYZ_", min_size=1, max_size=12)
payloads = st.one_of(st.dictionaries(names, plain, max_size=8), st.lists(plain, max_size=8))


@settings(max_examples=60, deadline=None)
@given(payloads=st.lists(payloads, min_size=1, max_size=40), ids=st.integers(1, 2**40))
def test_any_events_are_read_by_both_parsers(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[Any], ids: int
) -> None:
    log = tmp_path_factory.mktemp("any") / "log.evtx"
    events = [Event(moment(number), "提供者", number, data) for number, data in enumerate(payloads)]
    write_log(log, events, first_record_id=ids)
    rust, python = by_rust(log), by_python(log)
    expected = list(range(ids, ids + len(events)))
    assert [record["id"] for record in rust] == [number for number, _ in python] == expected
    for event, fast in zip(events, rust, strict=True):
        if isinstance(event.data, dict) and event.data:
            assert {name: value for name, value in event.data.items() if isinstance(value, str | int)} == {
                name: fast["EventData"][name]
                for name, value in event.data.items()
                if isinstance(value, str | int)
            }


def test_the_demo_log_is_the_case(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    assert write_log(log, system_log()) == EVENTS == 18_868
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        records = by_rust(log)
    assert len(records) == EVENTS
    times = [record["System"]["TimeCreated"]["#attributes"]["SystemTime"] for record in records]
    assert times == sorted(times)
    ends = [record for record in records if "7034" in json.dumps(record["System"]["EventID"])]
    assert [int(end["EventData"]["param2"]) for end in ends] == [counter for _, counter in CRASHES]
    assert {end["EventData"]["param1"] for end in ends} == {"CodeMeter Runtime Server"}
    assert times[-1][:15] == "2020-11-24T01:1"


def test_the_demo_log_is_the_same_every_time() -> None:
    assert list(system_log()) == list(system_log())
