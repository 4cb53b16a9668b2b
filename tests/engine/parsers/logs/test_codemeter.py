"""The log of the licence service CodeMeter."""

from pathlib import Path

from engine.artifacts import State
from engine.index.values import LogForm
from tests.engine.parsers.exports.reading import read

LOG = (
    "2020-11-27 14:28:30: Logging started\r\n"
    "2020-11-27 14:28:31: CodeMeter 7.10c of 2020-09-24 (Build 4201) started\r\n"
    "2020-11-27 14:28:38: API Event WB218 (NO LICENSE AVAILABLE) occurred (returned to caller)\r\n"
    "2020-11-27 14:29:01: Access from local(IPV6) to FC:6000010 PC:13 NOT successful, API Error 200\r\n"
    "2020-11-27 14:29:05: Service stopped\r\n"
)
EXAMPLES = [LOG.encode("utf-16"), LOG.encode()]


def test_what_programs_were_refused_stands_with_its_code(tmp_path: Path) -> None:
    artifact, facts, events = read(tmp_path, EXAMPLES[0], "CodeMeter2020-11-27-142800.log")

    assert (artifact.kind, artifact.state, facts.form) == ("codemeter-log", State.READ, LogForm.LINES)
    assert [(event.record_id, event.level, event.data.get("Code")) for event in events] == [
        (1, 4, None),
        (2, 4, None),
        (3, 2, "WB218"),
        (4, 2, "WB200"),
        (5, 4, None),
    ]
    assert events[2].data["Reason"] == "NO LICENSE AVAILABLE"
    assert (events[3].data["FirmCode"], events[3].data["ProductCode"]) == ("6000010", "13")
    assert (events[2].time, events[2].provider, events[2].channel) == (
        "2020-11-27T14:28:38.000000",
        "CodeMeter",
        "CodeMeter.log",
    )
