"""What an event says: the order of the sources, the filling of templates, hostile content."""

import json
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyze import analyze
from engine.artifacts import State
from engine.index.event_index import EventIndex
from engine.messages.captured import Capture, NotMessages, read_messages
from engine.messages.describe import Source, Sources, describe
from engine.messages.reading import read_sources
from engine.messages.template import MAX_LENGTH, Resolver, fill
from engine.messages.values import values_of
from engine.sandbox.sandbox import Sandbox
from engine.schema.document import localised
from engine.schema.versions import stored_form
from engine.unpacking.identify import identify
from tests.engine.event_logs import crash, moment, read
from tests.engine.message_files import (
    ENGLISH,
    MESSAGE_TABLE,
    artifact,
    library,
    message_table,
    record,
)

SCM = "Service Control Manager"


def filled(template: str, *values: str) -> str:
    return fill(template, values_of(record(data=list(values))), Resolver({5: "denied"}.get))


def capture_of(tmp_path: Path, **document: Any) -> Capture:
    file = tmp_path / "messages.json"
    file.write_text(json.dumps({"schema": "anjuan.messages/1"} | document), "utf-8")
    return read_messages(file)


def template(text: str, language: str = "zh-CN", provider: str = SCM, **more: Any) -> dict[str, Any]:
    return {"provider": provider, "id": 7034, "language": language, "text": text} | more


# -- Filling -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("%1 and %2", "a and b"),
        ("%2%n%1%r%n", "b\na"),
        ("%t%1%b%2%.%!", "a b.!"),
        ("100%% of %1", "100% of a"),
        ("%1!s! %1!ws!", "a a"),
        ("%3!x! %3!08X! %3!d!", "ff 000000FF 255"),
        ("%1%0%2", "a"),
        ("%11 %99", "– –"),
        ("%10", "j"),
        ("why: %4", "why: denied"),
        ("why: %%5, %%77", "why: denied, number 77 (in no table we have)"),
        ("why: %%%5", "why: denied"),
        ("% 1 %", "1 %"),
    ],
)
def test_a_template_is_filled_as_windows_fills_it(text: str, message: str) -> None:
    assert filled(text, "a", "b", "255", "%%5", "5", "f", "g", "h", "i", "j") == message


def test_what_a_value_says_is_never_read_as_a_template() -> None:
    assert filled("%1", "%1%2%n{x}") == "%1%2%n{x}"
    description = describe(
        record(SCM, 7034, {"param1": "{2|win32}%2%%99999999999", "param2": "1"}), Sources()
    )
    assert "{2|win32}%2%%99999999999" in description.text["en"]


def test_a_template_cannot_grow_without_end() -> None:
    begun = time.process_time()
    assert len(filled("%1" * 50_000, "x" * 1_000_000)) <= MAX_LENGTH
    assert time.process_time() - begun < 15


def test_hostile_values_are_made_fit_to_show() -> None:
    description = describe(
        record(SCM, 7034, {"param1": "a\x00\u202eexe.b\x1b[31m", "param2": "\u200b1"}), Sources()
    )
    assert "“aexe.b[31m”" in description.text["en"] and "1 time(s)" in description.text["en"]


@pytest.mark.parametrize(
    "payload",
    [
        "not json {",
        "[" * 100_000,
        "7",
        '"text"',
        '{"a":' * 900 + "1" + "}" * 900,
        json.dumps({"Data": {"#text": ["x"] * 5_000}}),
        json.dumps({f"n{i}": "y" * 5_000 for i in range(1_000)}),
        json.dumps({"a": "\ud800"}),
    ],
)
def test_any_payload_has_a_description(payload: str) -> None:
    for provider in ("Acme", SCM):
        description = describe(record(provider, 7034, payload=payload), Sources())
        assert (
            0 < len(description.text["en"]) <= MAX_LENGTH
            and 0 < len(description.text["zh-hans"]) <= MAX_LENGTH
        )
        description.text["en"].encode("utf-8")


# -- The order of the sources --------------------------------------------------------------


def test_each_language_takes_the_best_source_that_speaks_it(tmp_path: Path) -> None:
    event = record(SCM, 7034, {"param1": "Spooler", "param2": "2"}, version=0)
    sources = Sources(capture_of(tmp_path, messages=[template("%1 服务意外停止（%2 次）")]))
    description = describe(event, sources)
    assert description.text["zh-hans"] == "Spooler 服务意外停止（2 次）"
    assert description.text["en"].startswith("The service “Spooler” ended unexpectedly")
    assert description.source is Source.CAPTURED
    assert description.sources == {"zh-hans": Source.CAPTURED, "en": Source.CATALOGUE}


def test_the_order_is_captured_rendering_resource_catalogue_fields(tmp_path: Path) -> None:
    name = f"{SCM}.dll"
    table = message_table({7034: "resource %1"})
    library_file = artifact(tmp_path, name, library([(MESSAGE_TABLE, ENGLISH, table)]), "pe")
    log = tmp_path / "System.evtx"
    write_log(log, [crash(0, "1")])
    material, _ = read(log)
    with Sandbox() as sandbox:
        sources = read_sources(material.events, [library_file], [], sandbox)
    sources.capture = capture_of(tmp_path, messages=[template("captured %1", "en-US")])
    event = record(SCM, 7034, {"param1": "x"}, rendering=("en-GB", "rendered x"))
    plain = record(SCM, 7034, {"param1": "x"})

    assert describe(event, sources).text["en"] == "captured x"
    sources.capture = Capture()
    assert describe(event, sources).text["en"] == "rendered x"
    assert describe(plain, sources).text["en"] == "resource x"
    assert describe(plain, Sources()).source is Source.CATALOGUE
    assert describe(record("Acme", 1, {"Why": "x"}), Sources()).source is Source.FIELDS


def test_a_message_in_one_language_serves_both_before_the_bare_fields(tmp_path: Path) -> None:
    capture = capture_of(tmp_path, messages=[template("Dienst %1", "de-DE", "Acme", id=7)])
    description = describe(record("Acme", 7, ["x"]), Sources(capture))
    assert description.text == {"zh-hans": "Dienst x", "en": "Dienst x"}


def test_a_template_of_another_version_or_other_qualifiers_does_not_serve(tmp_path: Path) -> None:
    entries = [
        template("two %1", "en", version=2),
        template("any %1", "en"),
        template("other %1", "en", qualifiers=16384),
    ]
    sources = Sources(capture_of(tmp_path, messages=entries))
    data = {"param1": "x"}
    assert describe(record(SCM, 7034, data, version=2), sources).text["en"] == "two x"
    assert describe(record(SCM, 7034, data, version=0, qualifiers=49152), sources).text["en"] == "any x"


def test_fields_are_laid_out_one_a_line_and_never_empty() -> None:
    description = describe(record("Acme", 7, {"Path": "C:\\a", "Empty": None, "Code": "%%5"}), Sources())
    assert description.text["en"] == "Event 7 of Acme\nPath: C:\\a\nCode: 5 (access is denied)"
    assert description.text["zh-hans"] == "Acme 的事件 7\n路径：C:\\a\n代码：“拒绝访问”（5）"
    assert describe(record("", 0), Sources()).text["en"] == "Event 0 of an unknown provider"


def test_captured_parameters_go_before_our_own(tmp_path: Path) -> None:
    entry = {"provider": SCM, "id": 5, "language": "zh-CN", "text": "访问被拒。"}
    sources = Sources(capture_of(tmp_path, parameters=[entry]))
    description = describe(record(SCM, 7000, {"param1": "x", "param2": "%%5"}), sources)
    assert description.text["zh-hans"] == "服务“x”未能启动：访问被拒。"


# -- Files of templates ----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_of_templates_is_known_by_its_content(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "whatever.txt"
    document = {"machine": "PC-01", "schema": "anjuan.messages/1", "messages": [template("Hash : %1")]}
    file.write_text(json.dumps(document, indent=1), encoding)
    assert identify(file) == "messages"
    assert read_messages(file).count == 1


def test_other_json_is_no_file_of_templates(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"schema": "anjuan.baselines/1"}')
    assert identify(file) != "messages"
    with pytest.raises(NotMessages):
        read_messages(file)
    file.write_text("[" * 200_000)
    with pytest.raises(NotMessages):
        read_messages(file)


def test_entries_that_do_not_fit_are_counted_and_passed_over(tmp_path: Path) -> None:
    odd = [
        None,
        7,
        {},
        template(""),
        template("x", id="7"),
        template("x", id=True),
        template("x") | {"language": 7},
    ]
    odd += [template("x", version=-1), template("x" * 40_000), template("x", provider="p" * 300)]
    capture = capture_of(
        tmp_path, messages=[*odd, template("good")], parameters=[7], files=[{"provider": "a"}]
    )
    assert capture.count == 1 and capture.passed_over == len(odd) + 2


# -- The whole walk --------------------------------------------------------------------------


def test_a_cited_event_shows_its_message_in_both_languages(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "messages").mkdir(parents=True)
    write_log(source / "System.evtx", [crash(n, str(n + 1), name="许可服务") for n in range(3)])
    document = {"schema": "anjuan.messages/1", "messages": [template("%1 服务意外停止（%2 次）"), None]}
    (source / "messages" / "scm.json").write_text(json.dumps(document), "utf-8")

    result = stored_form(analyze(source, tmp_path / "work").document())
    finding = next(
        finding for finding in result["findings"] if finding["rule"] == "service-terminated-unexpectedly"
    )
    message = finding["evidence"][0]["message"]
    assert message["zh-hans"] == "许可服务 服务意外停止（1 次）"
    assert message["en"] == "The service “许可服务” ended unexpectedly, 1 time(s) so far."
    english = localised(result, "en")
    assert english["findings"][0]["evidence"][0]["message"] == message["en"]
    (messages,) = [entry for entry in result["artifacts"] if entry["kind"] == "messages"]
    assert messages["state"] == State.PARTLY
    assert messages["detail"]["en"] == "1 event message templates read, 1 entries not understood."


def test_a_forwarded_event_keeps_its_values_and_its_rendering(tmp_path: Path) -> None:
    log = tmp_path / "ForwardedEvents.evtx"
    forwarded = Event(
        moment(0), "Acme", 7, {"Path": "C:\\a"}, rendering=("zh-CN", "路径 C:\\a 无法访问。"), computer="PC-2"
    )
    bare = Event(moment(1), "Acme", 7, {"Path": "C:\\b"})
    write_log(log, [forwarded, bare, forwarded])
    material, (facts,) = read(log)
    events = list(material.events.events())
    assert facts.records == 3
    assert [event.data["Path"] for event in events] == ["C:\\a", "C:\\a", "C:\\b"]
    description = describe(events[0], Sources())
    assert description.text == {"zh-hans": "路径 C:\\a 无法访问。", "en": "路径 C:\\a 无法访问。"}
    assert description.source is Source.RENDERING
    assert describe(events[2], Sources()).source is Source.FIELDS


def test_the_index_tells_providers_and_single_records(tmp_path: Path) -> None:
    log = tmp_path / "a.evtx"
    guid = uuid.UUID("5770385f-c22a-43e0-bf4c-06f5698ffbd9")
    write_log(log, [Event(moment(n), "Acme", 7, {"n": n}, guid=guid) for n in range(3)])
    material, _ = read(log)
    index: EventIndex = material.events
    assert index.kinds() == {("acme", 7)}
    assert index.providers()["Acme"].strip("{}").lower() == str(guid)
    event = index.numbered("a.evtx", 2)
    assert event is not None and event.data == {"n": 1}
    assert index.numbered("a.evtx", 99) is None
