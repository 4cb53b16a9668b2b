"""Exports in a bundle: cited by their line, their local times read in the zone that the bundle tells."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyze import analyze
from engine.result import Result
from tests.engine.event_logs import moment, ordinary

TABLE = (
    "级别,日期和时间,来源,事件 ID,任务类别\n"
    "错误,2021/5/7 9:00:00,Service Control Manager,7034,无,授权服务 服务意外停止。这发生了 2 次。\n"
    "错误,2021/5/7 8:00:00,Service Control Manager,7034,无,授权服务 服务意外停止。这发生了 1 次。\n"
)


def uptime(bias: str) -> Event:
    return Event(moment(0), "EventLog", 6013, ("", "", "", "", "60", "60", bias), qualifiers=32768)


def analysed(tmp_path: Path, *log: Event, zone: str = "Asia/Shanghai") -> Result:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "系统.csv").write_text(TABLE, "utf-8")
    if log:
        write_log(bundle / "System.evtx", list(log))
    return analyze(bundle, tmp_path / "work", zone=ZoneInfo(zone), readers=1)


def test_an_exported_stop_is_found_and_cited_by_its_line(tmp_path: Path) -> None:
    document = analysed(tmp_path).document()

    (finding,) = document.findings
    assert finding.title["zh-hans"] == "授权服务意外停止 2 次"
    assert [
        (piece.locator.line, piece.locator.record_id, piece.locator.time) for piece in finding.evidence
    ] == [
        (3, None, "2021-05-07T00:00:00.000000Z"),
        (2, None, "2021-05-07T01:00:00.000000Z"),
    ]
    assert all(piece.locator.second_parser is None for piece in finding.evidence)
    assert finding.gaps is not None
    assert finding.gaps["en"] == (
        "The source is no .evtx log (2 records read): it has no checksums, and nothing in it tells "
        "whether records were left out."
    )
    assert "clock-moved-back" not in {found.rule for found in document.findings}


def test_without_a_zone_anywhere_the_portals_is_taken_and_named(tmp_path: Path) -> None:
    result = analysed(tmp_path, zone="America/New_York")

    (artifact,) = result.artifacts
    assert artifact.detail is not None
    assert artifact.detail["zh-hans"] == (
        "其中的时间没有时区，材料中也没有说明该电脑的时区；按 America/New_York 时间换算。"
    )
    assert result.logs[0].last_time == "2021-05-07T13:00:00.000000Z"


@pytest.mark.parametrize(
    ("bias", "first", "name"),
    [
        ("-540 Tokyo Standard Time", "2021-05-06T23:00:00.000000Z", "UTC+09:00"),
        ("300 Eastern Standard Time", "2021-05-07T13:00:00.000000Z", "UTC-05:00"),
    ],
)
def test_the_zone_that_the_machines_own_log_tells_is_taken(
    tmp_path: Path, bias: str, first: str, name: str
) -> None:
    result = analysed(tmp_path, *ordinary(3), uptime(bias))

    (log,) = [log for log in result.logs if log.artifact == "系统.csv"]
    (artifact,) = [artifact for artifact in result.artifacts if artifact.path == "系统.csv"]
    assert log.first_time == first
    assert (
        artifact.detail is not None
        and f"({name}, as event 6013 in System.evtx tells)" in artifact.detail["en"]
    )
