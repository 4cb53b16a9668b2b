"""WindowsUpdate.log in its two forms."""

from pathlib import Path

import pytest

from tests.engine.parsers.exports.reading import read

NEW = (
    "2021/05/07 09:00:00.1234567 4812  5100  Agent           Search for updates began\n"
    "2021/05/07 09:00:01.0000000 4812  5100  WebServices     *FAILED* [80240438] Web service call\n"
    "1601/01/01 08:00:00.0000000 4812  5100  Agent           Unknown( 10): GUID=0\n"
)
OLD = (
    "2021-05-07\t09:00:00:123\t 948\t1a4c\tAgent\tSearch for updates began\n"
    "2021-05-07\t09:00:01:000\t 948\t1a4c\tMisc\tWARNING: Send failed with hr = 80072ee7.\n"
)
EXAMPLES = [NEW.encode(), OLD.encode()]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (EXAMPLES[0], [(1, 4, None), (2, 2, "0x80240438"), (3, 4, None)]),
        (EXAMPLES[1], [(1, 4, None), (2, 2, "0x80072ee7")]),
    ],
    ids=["decoded", "old"],
)
def test_failures_are_told_with_their_code(
    tmp_path: Path, content: bytes, codes: list[tuple[int, int, str | None]]
) -> None:
    artifact, _, events = read(tmp_path, content, "WindowsUpdate.log")

    assert artifact.kind == "update-log"
    assert [(event.record_id, event.level, event.data.get("HResult")) for event in events] == codes
    assert (events[0].time or "")[:23] == "2021-05-07T09:00:00.123"


def test_a_trace_without_symbols_has_no_time(tmp_path: Path) -> None:
    _, _, events = read(tmp_path, EXAMPLES[0], "WindowsUpdate.log")

    assert events[2].time is None
