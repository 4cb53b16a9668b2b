"""Installations of devices."""

from pathlib import Path

from engine.artifacts import State
from tests.engine.parsers.exports.reading import read

LOG = r"""[Device Install Log]
     OS Version = 10.0.19041
[BeginLog]
>>>  [Device Install (Hardware initiated) - USB\VID_0000&PID_0001\1]
>>>  Section start 2021/05/07 09:00:00.123
     dvi: Installing.
!    dvi: A warning.
!!!  dvi: Device not started: Device has problem: 0x1c (CM_PROB_FAILED_INSTALL), problem status: 0x00000000.
<<<  Section end 2021/05/07 09:00:09.456
<<<  [Exit status: FAILURE(0xe0000203)]
>>>  [Setup Import Driver Package - C:\a.inf]
>>>  Section start 2021/05/07 09:01:00.000
<<<  Section end 2021/05/07 09:01:01.000
<<<  [Exit status: SUCCESS]
>>>  [Uninstall Driver Package]
"""
EXAMPLES = [LOG.replace("\n", "\r\n").encode(), LOG.encode()]


def test_a_section_is_an_event_at_its_first_error(tmp_path: Path) -> None:
    artifact, _, events = read(tmp_path, EXAMPLES[0], "setupapi.dev.log")

    assert (artifact.kind, artifact.state) == ("setupapi-log", State.READ)
    assert [(event.record_id, event.level, event.time) for event in events] == [
        (8, 2, "2021-05-07T09:00:00.123000"),
        (11, 4, "2021-05-07T09:01:00.000000"),
        (15, 4, None),
    ]
    assert events[0].data["Device"] == r"USB\VID_0000&PID_0001\1"
    assert events[0].data["ExitStatus"] == "FAILURE(0xe0000203)"
    assert events[0].data["Problem"] == "CM_PROB_FAILED_INSTALL"
    assert str(events[0].data["Error"]).startswith("Device not started: Device has problem: 0x1c")
