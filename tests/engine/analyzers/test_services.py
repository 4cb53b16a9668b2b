"""The finding "service terminated unexpectedly": identity, counts, rhythm, counter, gaps."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.evtx import spoil
from demo.evtx.writer import Event, write_log
from demo.system_log import system_log
from engine.analyzers import services
from engine.findings import MAX_FINDINGS, Examined, Finding, NotExamined, Severity
from engine.service_control import parse_time
from engine.service_names import service_key
from engine.text_safety import legible
from tests.engine.event_logs import boot, crash, moment, ordinary, read


def findings(log: Path, events: list[Event]) -> tuple[Finding, ...]:
    write_log(log, events)
    return examined(log).findings


def examined(*logs: Path) -> Examined:
    material, _ = read(*logs)
    outcome = services.examine(material)
    assert isinstance(outcome, Examined)
    return outcome


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "System.evtx"


def test_the_case_reads_aloud(log: Path) -> None:
    write_log(log, system_log())
    outcome = examined(log)
    assert outcome.records == 18_868 and outcome.unreadable == 0
    (finding,) = outcome.findings
    assert finding.severity is Severity.HIGH
    assert finding.title == {
        "zh-hans": "CodeMeter Runtime Server 意外停止 8 次",
        "en": "CodeMeter Runtime Server stopped unexpectedly 8 times",
    }
    zh, en = finding.summary["zh-hans"], finding.summary["en"]
    assert "System.evtx 共 18,868 条事件，其中 8 条" in zh and "8 of 18,868 events" in en
    assert "2020-11-20 20:32:51 至 2020-11-24 09:01:43" in zh and "北京时间" in zh
    assert "3 次开机之后" in zh and "3 starts of the machine" in en
    assert "再过约 10 秒第二次停止，再过约 2 分钟第三次停止" in zh
    assert "the second about 10 s later, the third about 2 min later" in en
    assert "计数与记录的次数一致" in zh and "counter agrees" in en
    assert (
        finding.gaps is not None and "18,868" in finding.gaps["en"] and "without a gap" in finding.gaps["en"]
    )
    assert finding.data.service == "CodeMeter.exe" and finding.data.count == 8
    assert [run.count for run in finding.data.runs] == [2, 3, 3]
    assert len(finding.evidence) == 8
    for evidence in finding.evidence:
        locator = evidence.locator
        assert locator.event_id == 7034 and locator.provider == "Service Control Manager"
        assert locator.second_parser == "agrees" and locator.checksum == "valid"
        assert locator.offset and log.read_bytes()[locator.offset : locator.offset + 4] == b"**\0\0"
        assert locator.time and locator.time.endswith("Z") and "CodeMeter Runtime Server" in evidence.excerpt


@pytest.mark.usefixtures("moved_clock")
def test_times_are_of_the_zone_that_is_named_on_a_machine_of_any_other(log: Path) -> None:
    after_midnight = 4 * 3600 + 60  # 16:01 UTC
    (finding,) = findings(log, [*ordinary(3), crash(after_midnight, "1")])
    assert "2020-11-21 00:01:00" in finding.summary["zh-hans"] and "北京时间" in finding.summary["zh-hans"]
    assert finding.evidence[0].locator.time == "2020-11-20T16:01:00.000000Z"


@pytest.mark.usefixtures("moved_clock")
@pytest.mark.parametrize(
    "time", ["2020-11-20T16:01:00Z", "2020-11-20T16:01:00.0000000", "2020-11-21T00:01:00+08:00"]
)
def test_a_time_of_a_log_is_utc_where_it_names_no_zone(time: str) -> None:
    assert parse_time(time) == datetime(2020, 11, 20, 16, 1, tzinfo=UTC)


def test_a_quiet_log_is_examined_and_silent(log: Path) -> None:
    write_log(log, [boot(0), *ordinary(100, start=5)])
    outcome = examined(log)
    assert outcome.findings == () and outcome.records == 101


def test_without_a_system_log_it_says_what_is_missing(tmp_path: Path) -> None:
    log = tmp_path / "Application.evtx"
    write_log(log, [Event(moment(0), "Application Error", 1000, (), channel="Application")])
    material, _ = read(log)
    outcome = services.examine(material)
    assert isinstance(outcome, NotExamined)
    assert "System.evtx" in outcome.missing_input["zh-hans"] and "System.evtx" in outcome.missing_input["en"]


def test_other_providers_with_the_same_number_are_not_meant(log: Path) -> None:
    assert findings(log, [Event(moment(0), "Somebody Else", 7034, {"param1": "x", "param2": "1"})]) == ()


def test_a_service_is_known_by_its_key_whatever_its_name(log: Path) -> None:
    events = [
        boot(0),
        crash(60, "1", name="Print Spooler", key="Spooler"),
        crash(70, "2", name="打印后台处理程序", key="SPOOLER", event_id=7031),
        crash(80, "1", name="打印后台处理程序", key="Other"),
    ]
    first, second = findings(log, events)
    assert first.data.count == 2 and first.data.event_ids == {"7034": 1, "7031": 1}
    assert first.data.name == "打印后台处理程序"
    assert second.data.service == "Other"
    assert first.fingerprint != second.fingerprint


def test_the_same_service_has_the_same_fingerprint_in_another_case(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path / "a.evtx", [crash(0, "1", name="Print Spooler")])
    (other,) = findings(tmp_path / "b.evtx", [crash(500, "7", name="打印后台处理程序")])
    assert finding.fingerprint == other.fingerprint


def test_without_a_binary_the_display_name_stands_in(log: Path) -> None:
    (finding,) = findings(log, [crash(0, "1", name="Some Service", key=None)])
    assert finding.data.service == "Some Service"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("CodeMeter.exe/2\0", "CodeMeter.exe"),
        ("CodeMeter.exe\0", "CodeMeter.exe"),
        ("a/b/4\0", "a/b"),
        ("a/b", "a/b"),
        ("\0", None),
        ("", None),
    ],
)
def test_the_key_is_read_from_the_binary(text: str, key: str | None) -> None:
    assert service_key(text.encode("utf-16-le").hex()) == key


def test_a_binary_that_is_no_text_is_no_key() -> None:
    assert service_key("ff") is None and service_key("00d8") is None and service_key("zz") is None


def test_a_counter_ahead_of_the_records_exposes_what_is_missing(log: Path) -> None:
    (finding,) = findings(log, [boot(0), crash(60, "3"), crash(70, "4"), boot(5000), crash(5060, "1")])
    assert [run.unrecorded for run in finding.data.runs] == [2, 0]
    assert "2 stops did not reach the log" in finding.summary["en"]
    assert "有 2 次停止没有记录" in finding.summary["zh-hans"]


def test_a_counter_from_before_the_log_begins_is_no_accusation(log: Path) -> None:
    (finding,) = findings(log, [crash(60, "5"), crash(70, "6")])
    assert "earlier stops lie outside this log" in finding.summary["en"]


def test_a_counter_that_falls_within_a_run_is_the_services_own_reset(log: Path) -> None:
    (finding,) = findings(log, [boot(0), crash(60, "1"), crash(90_000, "1")])
    assert finding.data.runs[0].unrecorded == 0 and "counter agrees" in finding.summary["en"]


@pytest.mark.parametrize("counter", ["", "viele", "９９９９９９９９９９９", "-1", None])
def test_a_counter_that_is_no_number_is_said_to_be_unreadable(log: Path, counter: str | None) -> None:
    (finding,) = findings(log, [boot(0), crash(60, counter)])
    assert "no readable count" in finding.summary["en"]


def test_one_stop_is_low_and_reads_as_one(log: Path) -> None:
    (finding,) = findings(log, [boot(0), crash(60, "1")])
    assert finding.severity is Severity.LOW
    assert finding.title["en"].endswith("stopped unexpectedly once")
    assert "1 of 2 events in System.evtx says" in finding.summary["en"]


def test_missing_records_between_the_stops_touch_the_conclusion(log: Path) -> None:
    write_log(log, [boot(0), crash(1, "1"), *ordinary(900, start=5), crash(2000, "2")])
    spoil.overwrite_chunk(log, 2)
    (finding,) = examined(log).findings
    assert finding.gaps is not None
    assert "lie between the stops" in finding.gaps["en"] and "实际次数可能更多" in finding.gaps["zh-hans"]


def test_missing_records_elsewhere_are_told_apart(log: Path) -> None:
    write_log(log, [boot(0), crash(1, "1"), crash(3, "2"), *ordinary(900, start=5)])
    spoil.truncate(log, 2)
    (finding,) = examined(log).findings
    assert finding.gaps is not None
    assert "before or after the stops" in finding.gaps["en"] and "between" not in finding.gaps["en"]


def test_a_cited_record_in_a_tampered_chunk_is_doubted(log: Path) -> None:
    write_log(log, [boot(0), crash(1, "1", name="Print Spooler"), *ordinary(900, start=5)])
    spoil.tamper(log, "Print Spooler", "Paint Spooler")
    (finding,) = examined(log).findings
    assert finding.evidence[0].locator.checksum == "bad"
    assert finding.gaps is not None and "may have been altered" in finding.gaps["en"]


def test_a_cited_record_behind_a_stale_chunk_header_is_found(log: Path) -> None:
    write_log(log, [boot(0), *ordinary(10, start=5), crash(100, "1")], dirty=True)
    spoil.forget_records(log, 0, keep=4)
    (finding,) = examined(log).findings
    assert finding.evidence[0].locator.second_parser == "agrees"
    assert finding.evidence[0].locator.checksum == "not covered"


def test_hundreds_of_stops_are_all_cited_by_number_and_some_in_full(log: Path) -> None:
    (finding,) = findings(log, [boot(0), *(crash(10 + number, str(number + 1)) for number in range(700))])
    assert len(finding.data.record_ids) == finding.data.count == 700
    assert len(finding.evidence) == finding.data.evidence_shown == services.MAX_EVIDENCE
    assert sum(len(run.ends) for run in finding.data.runs) == services.MAX_DETAILED
    assert finding.data.runs[0].unrecorded == 0


def test_the_same_log_twice_in_a_bundle_counts_once(tmp_path: Path) -> None:
    logs = [tmp_path / "System.evtx", tmp_path / "copy.evtx"]
    for log in logs:
        write_log(log, [boot(0), crash(60, "1")])
    assert len(examined(*logs).findings) == 1


def test_names_from_the_log_cannot_disturb_the_page(log: Path) -> None:
    hostile = "A\u202egnp.exe\x00\r\n<b>" + "x" * 5000
    (finding,) = findings(log, [crash(0, "1", name=hostile, key=None)])
    assert "\u202e" not in finding.title["en"] and "\n" not in finding.title["en"]
    assert len(finding.title["en"]) < 400 and len(finding.evidence[0].excerpt) <= 300
    assert legible("a\u2066b\u200fc\x7f") == "abc"


def test_a_log_that_names_a_new_service_in_every_record_yields_the_gravest_and_says_so(log: Path) -> None:
    often = [crash(number, number, key="Often") for number in (1, 2, 3)]
    write_log(log, often + [crash(number, 1, key=f"Service {number}") for number in range(4, 601)])
    outcome = examined(log)
    assert (len(outcome.findings), outcome.left_out) == (MAX_FINDINGS, 598 - MAX_FINDINGS)
    assert outcome.findings[0].data.count == 3


def test_a_service_of_each_signed_in_user_is_told_as_harmless(log: Path) -> None:
    stops = [crash(9 * number, number, name="同步主机_3ab2c", key="OneSyncSvc_3ab2c") for number in (1, 2, 3)]
    (finding,) = findings(log, [boot(0), *stops])
    assert finding.severity is Severity.INFO
    assert "每用户服务" in finding.summary["zh-hans"] and "per-user service" in finding.summary["en"]
    (other,) = findings(log, [boot(0), *(crash(9 * number, number) for number in (1, 2, 3))])
    assert other.severity is Severity.HIGH and "per-user" not in other.summary["en"]
