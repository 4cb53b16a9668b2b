"""Reports of ``gpresult``."""

from pathlib import Path

from engine.artifacts import State
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
