"""Reports of ``gpresult``."""

from pathlib import Path

from engine.artifacts import State
from engine.parsers.registry import kind_of
from engine.parsers.sample import Sample
from tests.engine.parsers.machine.reading import read

HTML = "<html><head><title>PC-01</title></head><body>Group Policy Results</body></html>"
TEXT = (
    "Microsoft (R) Windows (R) Operating System Group Policy Result tool v2.0\r\n\r\nRSOP data for "
    "A\\b on PC-01 : Logging Mode\r\n"
)
EXAMPLES = [HTML.encode(), HTML.encode("utf-16"), TEXT.encode()]


def test_the_report_is_named_with_its_machine_and_what_to_send_beside_it(tmp_path: Path) -> None:
    for content in EXAMPLES:
        artifact, told = read(tmp_path, content, "gpresult.html")

        assert (artifact.kind, artifact.state) == ("gpresult", State.PARTLY)
        assert told[0][:2] == ("computer", "PC-01")
        assert artifact.detail is not None
        assert "Microsoft-Windows-GroupPolicy%4Operational.evtx" in artifact.detail["zh-hans"]


def test_a_mail_that_speaks_of_such_a_report_is_none(tmp_path: Path) -> None:
    mail = "你好，附件是组策略结果（Group Policy Results）和日志。\r\n".encode()

    assert kind_of(Sample(mail)) == "other"


def test_a_report_that_does_not_name_its_machine_is_not_said_to(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, "RSoP 数据\r\n".encode(), "gpresult.txt")

    assert not told and artifact.detail is not None
    assert "已记录" not in artifact.detail["zh-hans"] and "on record" not in artifact.detail["en"]
