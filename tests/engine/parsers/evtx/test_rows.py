"""Lines of the fast parser cut into columns: as decoding each of them whole would have it."""

from itertools import product
from pathlib import Path

from engine.index.writer import EventIndexWriter
from engine.parsers.evtx.rows import Rows

HEAD = '{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{'
TIME = ',"TimeCreated":{"#attributes":{"SystemTime":"2020-11-20T12:00:00.000000Z"}}'
KINDS = (
    '"EventID":1',
    '"Provider":{"#attributes":{"Name":"甲"}},"EventID":20',
    '"Channel":"A, B","EventID":3',
)
IDS = ("7", "123456", '"8"')
ACTIVITY = ',"Correlation":{{"#attributes":{{"ActivityID":"{}"{}}}}},"Computer":"PC"}}'
BEHIND = (
    ',"Computer":"PC"}',
    ',"Execution":{"#attributes":{"ProcessID":4,"ThreadID":8}},"Computer":"PC-2"}',
    ACTIVITY.format("5BBCA4A8-B209-48DC-A8C7-B23D3E5216FB", ""),
    ACTIVITY.format("0D1C3A70-61E7-4C11-9C4B-1E2F3A4B5C6D", ""),
    ACTIVITY.format("0D1C3A70-61E7-4C11-9C4B-1E2F3A4B5C6D", ',"RelatedActivityID":"1"'),
    ACTIVITY.format("", ""),
    ACTIVITY.format("?", ""),
    ACTIVITY.format('a\\"b', ""),
)
PAYLOADS = (
    ',"EventData":null',
    ',"EventData":{"param1":"值","x":"\\",\\"EventData\\":{"}',
    ',"UserData":{"A":{"b":1}}',
    ',"UserData":{"A":1,"EventData":{"c":2}}',
    ',"EventData":{"a":1,"TimeCreated":{"#attributes":{"SystemTime":"1999-01-01T00:00:00.000000Z"}}}',
    "",
)


def test_every_line_is_cut_as_if_it_stood_alone(tmp_path: Path) -> None:
    lines = [
        f'{HEAD}{kind}{TIME},"EventRecordID":{number}{behind}{payload}}}}}'
        for kind, number, behind, payload in product(KINDS, IDS, BEHIND, PAYLOADS)
    ]
    mixed = [lines[place * 31 % len(lines)] for place in range(len(lines))]
    records = [
        {"event_record_id": 7, "timestamp": "2020-11-20T12:00:00Z UTC", "data": line}
        for line in lines + mixed
    ]
    with EventIndexWriter(tmp_path / "index.sqlite") as index:
        part = index.part("System.evtx", "0" * 64)
        cut = Rows(part).rows(records)
        assert cut == [Rows(part).decoded(part.first + place, record) for place, record in enumerate(records)]
    assert [row[2] for row in cut[: len(PAYLOADS) * 4 * len(BEHIND) : len(PAYLOADS) * len(BEHIND)]] == [
        7,
        123456,
        8,
        7,
    ]
    assert {row[3] for row in cut} == {"2020-11-20T12:00:00.000000Z"}
