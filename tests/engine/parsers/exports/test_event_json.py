"""Events as JSON: PowerShell's, and lines of log readers."""

import json
from pathlib import Path

from engine.artifacts import State
from tests.engine.parsers.exports.reading import read

POWERSHELL = {
    "Id": 7034,
    "Version": 0,
    "Qualifiers": 49152,
    "Level": 2,
    "ProviderName": "Service Control Manager",
    "LogName": "System",
    "RecordId": 1234,
    "MachineName": "PC-01",
    "UserId": None,
    "TimeCreated": "\\/Date(1620349200000)\\/",
    "Message": "授权服务 服务意外停止。这发生了 1 次。",
    "Properties": [{"Value": "授权服务"}, {"Value": 1}],
}
SEVEN = POWERSHELL | {"RecordId": 1235, "TimeCreated": "2021-05-07T09:00:00.5+08:00", "Properties": []}
SYSTEM = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "disk"}},
            "EventID": {"#attributes": {"Qualifiers": 49156}, "#text": 7},
            "Level": 2,
            "TimeCreated": {"#attributes": {"SystemTime": "2021-05-07T01:00:00.123456Z"}},
            "EventRecordID": 5,
            "Channel": "System",
            "Computer": "PC-01",
        },
        "EventData": {"Data": {"#text": ["\\Device\\Harddisk0\\DR0"]}},
    }
}


def text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=4).replace("\\\\/", "\\/")


EXAMPLES = [
    text([POWERSHELL, SEVEN]).encode("utf-16"),
    text(POWERSHELL).encode(),
    "\n".join(json.dumps(SYSTEM) for _ in range(2)).encode(),
]


def test_powershells_objects_are_events_with_their_values(tmp_path: Path) -> None:
    artifact, _, events = read(tmp_path, EXAMPLES[0], "a.json")

    assert (artifact.kind, artifact.state) == ("event-json", State.READ)
    assert [(event.record_id, event.time) for event in events] == [
        (1234, "2021-05-07T01:00:00.000000Z"),
        (1235, "2021-05-07T01:00:00.500000Z"),
    ]
    assert events[0].data == {"Data": ["授权服务", "1"]}
    assert events[1].data == {"param1": "授权服务", "param2": "1"}


def test_a_single_object_and_lines_of_a_log_reader_are_read(tmp_path: Path) -> None:
    _, _, (event,) = read(tmp_path, EXAMPLES[1], "a.json")
    assert (event.event_id, event.channel) == (7034, "System")

    _, _, events = read(tmp_path, EXAMPLES[2], "a.jsonl")
    assert [(event.provider, event.event_id, event.qualifiers) for event in events] == [
        ("disk", 7, 49156)
    ] * 2


def test_a_broken_object_costs_itself(tmp_path: Path) -> None:
    lines = [json.dumps(SYSTEM), json.dumps(SYSTEM)[:-3], json.dumps(SYSTEM)]

    artifact, facts, events = read(tmp_path, "\n".join(lines).encode(), "a.jsonl")

    assert len(events) == 2 and facts.unreadable == 1
    assert artifact.detail is not None
    assert artifact.detail["en"] == "Line 2: this is no whole JSON object."


def test_objects_that_never_end_cost_no_more_than_a_hundred_readings(tmp_path: Path) -> None:
    nested = '{"Event": {"System": {"a": [' + "1," * 200 + "\n"

    artifact, facts, events = read(tmp_path, (json.dumps(SYSTEM) + "\n" + nested * 3_000).encode(), "a.jsonl")

    assert len(events) == 1 and facts.unreadable == 101
    assert artifact.state is State.PARTLY


def test_an_object_of_more_values_than_are_kept_is_said_to_be_cut(tmp_path: Path) -> None:
    value = {"Id": 7, "ProviderName": "disk", "TimeCreated": "2021-05-07T09:00:00Z"}
    value |= {"Properties": [{"Value": number} for number in range(501)]}

    artifact, _, (cut,) = read(tmp_path, json.dumps([value]).encode(), "a.json")

    assert artifact.state is State.PARTLY and artifact.detail is not None
    assert artifact.detail["en"].startswith("The event of line 1 is too long:")
    assert len(cut.data["Data"]) == 500
