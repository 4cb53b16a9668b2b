"""Event Viewer's "Save as XML" and ``wevtutil``'s XML are events like any others."""

from pathlib import Path

from engine.artifacts import State
from engine.index.values import LogForm
from engine.messages.describe import Source, Sources, describe
from tests.engine.parsers.exports.reading import read

NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"


def event(
    number: int, data: str, more: str = "", event_id: int = 7034, time: str = "01:00:00.1234567Z"
) -> str:
    return (
        f"<Event xmlns='{NAMESPACE}'><System><Provider Name='Service Control Manager' "
        "Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'/>"
        f"<EventID Qualifiers='49152'>{event_id}</EventID><Version>0</Version><Level>2</Level><Task>0</Task>"
        "<Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords>"
        f"<TimeCreated SystemTime='2021-05-07T{time}'/><EventRecordID>{number}</EventRecordID><Correlation/>"
        "<Execution ProcessID='700' ThreadID='800'/><Channel>System</Channel><Computer>PC-01</Computer>"
        f"<Security UserID='S-1-5-18'/></System>{data}{more}</Event>"
    )


NAMED = (
    "<EventData><Data Name='param1'>授权服务</Data><Data Name='param2'>1</Data><Binary>4100</Binary>"
    "</EventData>"
)
UNNAMED = "<EventData><Data>one</Data><Data>two &amp; three</Data></EventData>"
USER = "<UserData><Change xmlns='x'><Old>1</Old><New>2</New></Change></UserData>"
RENDERED = (
    "<RenderingInfo Culture='zh-CN'><Message>授权服务 服务意外停止。</Message><Level>错误</Level>"
    "</RenderingInfo>"
)
HEAD = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n'
SAVED = f"{HEAD}<Events>{event(7, NAMED, RENDERED)}\r\n{event(5, UNNAMED)}</Events>"
BARE = "\n".join([event(1, NAMED), event(2, USER)])
EXAMPLES = [SAVED.encode(), SAVED.replace("utf-8", "utf-16").encode("utf-16"), BARE.encode()]


def test_a_saved_log_is_read_with_windows_own_record_numbers(tmp_path: Path) -> None:
    for content in EXAMPLES[:2]:
        artifact, facts, events = read(tmp_path, content, "系统.xml")

        assert (artifact.kind, artifact.state, artifact.detail) == ("event-xml", State.READ, None)
        assert (facts.form, facts.first_record, facts.last_record) == (LogForm.NUMBERED, 5, 7)
        assert [(record.record_id, record.event_id, record.level) for record in events] == [
            (5, 7034, 2),
            (7, 7034, 2),
        ]
        record = events[1]
        assert record.time == "2021-05-07T01:00:00.123456Z"
        assert (record.channel, record.computer, record.user) == ("System", "PC-01", "S-1-5-18")
        assert (record.qualifiers, record.process_id, record.thread_id) == (49152, 700, 800)
        assert record.data == {"param1": "授权服务", "param2": "1", "Binary": "4100"}
        assert record.binary == "4100"
        assert events[0].data == {"Data": ["one", "two & three"]}


def test_a_rendered_message_is_what_the_event_says(tmp_path: Path) -> None:
    _, _, events = read(tmp_path, EXAMPLES[0], "系统.xml")

    described = describe(events[1], Sources())

    assert described.text["zh-hans"] == "授权服务 服务意外停止。"
    assert described.sources["zh-hans"] is Source.RENDERING


def test_events_without_a_root_are_read_with_elements_of_their_own(tmp_path: Path) -> None:
    _, _, events = read(tmp_path, EXAMPLES[2], "system.xml")

    assert [record.record_id for record in events] == [1, 2]
    assert events[1].data == {"Change": {"Old": "1", "New": "2"}}


def test_attributes_and_repeated_elements_are_kept_as_the_parser_of_evtx_keeps_them(tmp_path: Path) -> None:
    inner = '<Chain><Certificate subjectName="erp.example"/><Error value="1">old</Error><Error>far</Error>'
    _, _, events = read(tmp_path, event(1, f"<UserData>{inner}</Chain></UserData>").encode(), "capi.xml")

    assert events[0].data == {
        "Chain": {
            "Certificate": {"#attributes": {"subjectName": "erp.example"}},
            "Error": {"#attributes": {"value": "1"}, "#text": "old"},
            "Error_1": "far",
        }
    }


def test_a_broken_event_costs_itself_and_is_named_with_its_line(tmp_path: Path) -> None:
    whole = event(1, NAMED)
    content = "\n".join([whole, whole.replace("</Level>", "</Leve>"), whole[:300], event(4, UNNAMED)])

    artifact, facts, events = read(tmp_path, content.encode(), "a.xml")

    assert [record.record_id for record in events] == [1, 4]
    assert artifact.state is State.PARTLY and facts.unreadable == 2
    assert artifact.detail is not None
    assert artifact.detail["en"] == ("Line 2: this is no well-formed event. Line 3: the event has no end.")


def test_control_characters_that_xml_forbids_cost_nothing(tmp_path: Path) -> None:
    content = event(1, "<EventData><Data Name='a'>x\x01&#x0B;&#5;&#13;&#xD;y</Data></EventData>")

    _, facts, events = read(tmp_path, content.encode(), "a.xml")

    assert facts.unreadable == 0
    assert events[0].data == {"a": "x\ufffd\ufffd\ufffd\r\ry"}


def test_entities_of_a_document_type_are_never_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    content = f"{event(1, NAMED)}\n{bomb}\n{event(2, '<EventData><Data>&a;</Data></EventData>')}"

    artifact, _, events = read(tmp_path, content.encode(), "a.xml")

    assert [record.record_id for record in events] == [1]
    assert artifact.state is State.PARTLY


def test_an_event_of_more_values_than_are_kept_is_said_to_be_cut(tmp_path: Path) -> None:
    many = "".join(f"<Data>{number}</Data>" for number in range(501))
    content = f"{event(1, NAMED)}\n{event(2, f'<EventData>{many}</EventData>')}"

    artifact, facts, (_, cut) = read(tmp_path, content.encode(), "a.xml")

    assert artifact.state is State.PARTLY and artifact.detail is not None and facts.unreadable == 0
    assert artifact.detail["en"].startswith("The event of line 2 is too long:")
    assert len(cut.data["Data"]) == 500
