"""Events that PowerShell wrote with ``Export-Clixml``."""

from pathlib import Path

import pytest

from engine.artifacts import Artifact, State
from engine.parsers.exports.event_clixml import KIND, events
from engine.parsers.parser import Unparsable
from engine.parsers.unread import UnreadLines
from tests.engine.parsers.exports.reading import read

OBJECT = """\
  <Obj RefId="{ref}">
    <TN RefId="{ref}"><T>System.Diagnostics.Eventing.Reader.EventLogRecord</T><T>System.Object</T></TN>
    <ToString>System.Diagnostics.Eventing.Reader.EventLogRecord</ToString>
    <Props>
      <I32 N="Id">7034</I32><By N="Version">0</By><I32 N="Qualifiers">49152</I32><By N="Level">2</By>
      <S N="ProviderName">Service Control Manager</S><S N="LogName">System</S><I64 N="RecordId">{number}</I64>
      <S N="MachineName">PC-01</S><DT N="TimeCreated">2021-05-07T09:00:00.1234567+08:00</DT>
      <Obj N="Properties" RefId="9"><LST>
        <Obj RefId="10"><Props><S N="Value">授权服务</S></Props></Obj>
        <Obj RefId="11"><Props><S N="Value">1_x000D_</S></Props></Obj>
      </LST></Obj>
    </Props>
    <MS><S N="Message">授权服务 服务意外停止。</S></MS>
  </Obj>
"""
HEAD = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n'
WHOLE = HEAD + OBJECT.format(ref=0, number=50) + OBJECT.format(ref=20, number=51) + "</Objs>"
EXAMPLES = [WHOLE.encode("utf-16"), WHOLE.encode()]


def test_each_object_is_an_event(tmp_path: Path) -> None:
    artifact, _, read_events = read(tmp_path, EXAMPLES[0], "a.xml")

    assert (artifact.kind, artifact.state) == ("event-clixml", State.READ)
    assert [(event.record_id, event.event_id, event.time) for event in read_events] == [
        (50, 7034, "2021-05-07T01:00:00.123456Z"),
        (51, 7034, "2021-05-07T01:00:00.123456Z"),
    ]
    assert read_events[0].data == {"Data": ["授权服务", "1\r"]}
    assert read_events[0].rendering == ("zh-CN", "授权服务 服务意外停止。")


def test_a_file_that_ends_too_soon_is_read_so_far(tmp_path: Path) -> None:
    artifact, _, read_events = read(tmp_path, WHOLE[: WHOLE.index('N="Level"', 900)].encode(), "a.xml")

    assert [event.record_id for event in read_events] == [50]
    assert artifact.state is State.PARTLY and artifact.detail is not None
    assert "the XML is broken" in artifact.detail["en"]


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(WHOLE.replace("<Objs ", '<!DOCTYPE x [<!ENTITY a "b">]><Objs ', 1), "utf-8")

    with pytest.raises(Unparsable, match="a DTD"):
        list(events(Artifact("a.xml", file, "", 0, KIND), UnreadLines()))
