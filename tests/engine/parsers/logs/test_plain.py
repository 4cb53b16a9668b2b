"""Logs of any program whose lines begin with a date and a time of day."""

from pathlib import Path

import pytest

from engine.artifacts import State
from engine.parsers.registry import kind_of
from engine.parsers.sample import Sample
from tests.engine.parsers.exports.reading import read

APP = (
    "[2021-05-07 09:00:00.123] [INFO] started, 0 errors\n"
    "[2021-05-07 09:00:01.000] [ERROR] 无法连接数据库\n"
    "   at Main()\n"
    "[2021-05-07 09:00:02.000] 连接失败，稍后重试\n"
    "[2021-05-07 09:00:03.000] WARN slow\n"
)
ZONED = "2021-05-07T09:00:00+08:00 error one\n2021-05-07T09:00:01Z all well\n"
IIS = (
    "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
    "#Fields: date time s-ip cs-method cs-uri-stem sc-status sc-substatus sc-win32-status time-taken\n"
    "2021-05-07 01:00:00 10.0.0.1 GET /a 200 0 0 15\n2021-05-07 01:00:01 10.0.0.1 GET /b 503 0 0 15\n"
)
BUSY = "2021-05-07 09:00:00 busy\n" * 60
EXAMPLES = [APP.encode("gb18030"), ZONED.encode(), IIS.encode()]


def test_levels_are_told_by_their_word_or_by_the_lines_own(tmp_path: Path) -> None:
    artifact, _, events = read(tmp_path, EXAMPLES[0], "logs/app.log")

    assert artifact.kind == "plain-log"
    assert [(event.record_id, event.level, event.provider) for event in events] == [
        (1, 4, "app.log"),
        (2, 2, "app.log"),
        (4, 2, "app.log"),
        (5, 3, "app.log"),
    ]
    assert events[1].data["Message"] == "[ERROR] 无法连接数据库\n   at Main()"
    assert events[0].time == "2021-05-07T09:00:00.123000"


@pytest.mark.parametrize(
    ("content", "times", "levels"),
    [
        (EXAMPLES[1], ["2021-05-07T01:00:00.000000Z", "2021-05-07T09:00:01.000000Z"], [2, 4]),
        (EXAMPLES[2], ["2021-05-07T01:00:00.000000Z", "2021-05-07T01:00:01.000000Z"], [4, 2]),
    ],
    ids=["zones", "iis"],
)
def test_zones_that_a_log_writes_or_its_form_means_are_kept(
    tmp_path: Path, content: bytes, times: list[str], levels: list[int]
) -> None:
    _, _, events = read(tmp_path, content, "a.log")

    assert [event.time for event in events] == times
    assert [event.level for event in events] == levels


@pytest.mark.parametrize(
    "content",
    [
        "2021/05/07  09:00    <DIR>          .\n2021/05/07  09:00           512 a.exe\n",
        "Dear all,\n2021-05-07 09:00:00 it stopped.\nRegards\n",
        "2021-05-07 09:00:00\n",
    ],
)
def test_what_only_names_a_time_is_no_log(content: str) -> None:
    assert kind_of(Sample(content.encode())) != "plain-log"


@pytest.mark.parametrize(
    "below", ["\n".join(f"line {number}" for number in range(1, 42)), "x" * 8_001], ids=["lines", "a line"]
)
def test_an_entry_that_is_not_kept_whole_is_said_to_be_cut(tmp_path: Path, below: str) -> None:
    content = f"{BUSY}2021-05-07 09:00:01 dump\n{below}\n2021-05-07 09:00:02 ended\n"

    artifact, facts, events = read(tmp_path, content.encode(), "app.log")

    assert artifact.state is State.PARTLY and artifact.detail is not None and facts.records == 62
    assert artifact.detail["en"] == (
        "The event of line 61 is too long: of a line the first 8,000 characters are kept, of the lines below "
        "the first 40."
    )
    assert "第 61 行的事件过长：每行只保留前 8,000 个字符" in artifact.detail["zh-hans"]
    assert "line 41" not in events[60].data["Message"] and len(events[60].data["Message"]) <= 8_005


def test_an_entry_of_forty_lines_below_its_first_is_kept_whole(tmp_path: Path) -> None:
    below = "\n".join(f"line {number}" for number in range(1, 41))
    content = f"{BUSY}2021-05-07 09:00:01 dump\n{below}\n2021-05-07 09:00:02 ended\n"

    artifact, _, events = read(tmp_path, content.encode(), "app.log")

    assert artifact.state is State.READ
    assert events[60].data["Message"].endswith("line 40")
