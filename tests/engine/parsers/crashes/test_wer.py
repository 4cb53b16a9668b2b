"""Windows Error Reporting's ``Report.wer``."""

from pathlib import Path

from engine.artifacts import State
from tests.engine.parsers.exports.reading import read

REPORT = (
    "Version=1\r\nEventType=APPCRASH\r\nEventTime=132648000000000000\r\nReportIdentifier=abc\r\n"
    "Sig[0].Name=应用程序名\r\nSig[0].Value=Licence.exe\r\nSig[3].Name=故障模块名称\r\nSig[3]"
    ".Value=ntdll.dll\r\n"
    "Sig[6].Name=异常代码\r\nSig[6].Value=c0000005\r\n"
)
HANG = "Version=1\r\nEventType=AppHangB1\r\nEventTime=x\r\nSig[0].Name=a\r\nSig[0].Value=b.exe\r\n"
EXAMPLES = [REPORT.encode("utf-16"), HANG.encode("utf-16")]


def test_a_crash_is_an_event_with_module_and_exception(tmp_path: Path) -> None:
    artifact, _, (event,) = read(tmp_path, EXAMPLES[0], "Report.wer")

    assert (artifact.kind, artifact.state) == ("wer-report", State.READ)
    assert (event.record_id, event.time, event.level) == (2, "2021-05-06T18:40:00.000000Z", 2)
    assert (event.provider, event.channel) == ("Windows Error Reporting", "Report.wer")
    assert event.data == {
        "EventType": "APPCRASH",
        "AppName": "Licence.exe",
        "ModuleName": "ntdll.dll",
        "ExceptionCode": "0xc0000005",
        "ReportId": "abc",
        "Message": "应用程序名: Licence.exe\n故障模块名称: ntdll.dll\n异常代码: c0000005",
    }


def test_a_report_without_a_time_is_an_event_without_one(tmp_path: Path) -> None:
    _, _, (event,) = read(tmp_path, EXAMPLES[1], "Report.wer")

    assert event.time is None and event.data["AppName"] == "b.exe"
