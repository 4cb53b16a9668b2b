"""Real message tables, parameter files, and any event there may be: there is always a description."""

import random
from pathlib import Path
from typing import Any

import pytest

from engine.artifacts import Artifact
from engine.messages.captured import Capture
from engine.messages.catalogue import catalogue
from engine.messages.describe import Source, Sources, describe
from engine.messages.parameters import parameter_files
from engine.messages.resources import Resources, read_library
from engine.text import LANGUAGES
from tests.engine.message_files import (
    CHINESE,
    ENGLISH,
    MESSAGE_TABLE,
    artifact,
    library,
    message_table,
    record,
)
from tests.engine.message_files import Resources as Content

EVERY = range(1 << 16)
REAL = {
    "isapi/PyISAPI_loader.dll": 5,
    "win32/perfmondata.dll": 8,
    "win32/servicemanager.pyd": 61,
    "win32/win32evtlog.pyd": 36,
}
"""Public libraries with a message table, and how many messages it has."""


def real(folder: Path, name: str, whole: tuple[str, ...] = ()) -> Resources:
    file = folder / name
    return read_library(Artifact(name, file, "", file.stat().st_size, "pe"), (), EVERY, whole)


@pytest.mark.parametrize("name", REAL)
def test_real_libraries_give_up_all_their_messages(windows_message_files: Path, name: str) -> None:
    resources = real(windows_message_files, name)
    (table,) = resources.tables.values()
    assert len(table) == REAL[name] and not resources.unreadable
    for number, texts in table.items():
        description = describe(
            record(name.rpartition("/")[2], number & 0xFFFF, ["x", "y", "z"], qualifiers=number >> 16),
            Sources(
                resources=resources,
                capture=Capture(files={name.rpartition("/")[2].casefold(): next(iter(resources.tables))}),
            ),
        )
        assert description.source is Source.RESOURCE and description.text["en"].strip(), (hex(number), texts)


def test_a_real_service_speaks_in_the_words_of_its_library(windows_message_files: Path) -> None:
    resources = real(windows_message_files, "win32/servicemanager.pyd")
    capture = Capture(files={"licence agent": "servicemanager.pyd"})
    event = record("Licence Agent", 6, ["agent"], qualifiers=0xC000)
    description = describe(event, Sources(capture=capture, resources=resources))
    assert description.source is Source.RESOURCE
    assert description.text["en"].startswith(
        "An attempt was made to start the service 'agent', but this service"
    )


def test_a_real_parameter_file_says_what_a_number_means(windows_message_files: Path) -> None:
    capture = Capture(parameter_files={"licence agent": "perfmondata.dll"})
    resources = real(windows_message_files, "win32/perfmondata.dll", tuple(parameter_files(capture)))
    event = record("Licence Agent", 6, {"reason": f"%%{0xC00007D0}"})
    description = describe(event, Sources(capture=capture, resources=resources))
    assert "Reason: Unable to open mapped file containing the performance data." in description.text["en"]


def test_windows_own_parameter_files_serve_where_the_bundle_has_them(tmp_path: Path) -> None:
    tables: Content = [
        (MESSAGE_TABLE, CHINESE, message_table({0x2345: "特别的错误\r\n", 5: "拒绝访问，原文"})),
        (MESSAGE_TABLE, ENGLISH, message_table({0x2345: "A special error.\r\n"})),
    ]
    library_file = artifact(tmp_path, "System32/zh-CN/kernel32.dll.mui", library(tables), "pe")
    resources = read_library(library_file, (), (), parameter_files(Capture()))
    event = record("Acme", 6, {"a": f"%%{0x2345}", "b": "%%5", "c": "%%999999"})
    texts = describe(event, Sources(resources=resources)).text
    assert "a：特别的错误" in texts["zh-hans"] and "a: A special error." in texts["en"]
    assert "b：拒绝访问，原文" in texts["zh-hans"] and "b: 5 (access is denied)" in texts["en"]
    # Not known: the number itself, not nothing.
    assert "c: number 999999 (in no table we have)" in texts["en"]
    assert "c：编号 999999（现有的表中没有）" in texts["zh-hans"]
    audit = describe(
        record("Microsoft-Windows-Security-Auditing", 9999, {"a": "%%5"}), Sources(resources=resources)
    )
    assert "原文" not in audit.text["zh-hans"]


def anything(chance: random.Random) -> Any:
    """A payload as some provider somewhere may write it."""
    values = [
        "",
        "x",
        "%1",
        "%%5",
        "%%99999",
        "%n%t%!",
        "\x00\u202e",
        "值" * 50,
        0,
        -1,
        2**63,
        None,
        True,
        1.5,
    ]
    kind = chance.randrange(6)
    if kind == 0:
        return None
    if kind == 1:
        return [chance.choice(values) for _ in range(chance.randrange(6))]
    if kind == 2:
        return {"Outer": {f"k{n}": chance.choice(values) for n in range(chance.randrange(4))}}
    if kind == 3:
        return {"#attributes": {"a": "b"}, "Data": chance.choice(values)}
    return {chance.choice(["param1", "a b", "%1", ""]): chance.choice(values) for _ in range(4)}


def test_no_event_is_without_a_description(tmp_path: Path) -> None:
    chance = random.Random(20201124)
    providers = [
        *{entry.provider: 0 for entry in catalogue().entries},
        "Unheard Of",
        "",
        "a" * 5_000,
        "x\u202ey\x00",
    ]
    tables: Content = [
        (MESSAGE_TABLE, ENGLISH, message_table({7: "", 8: "  ", 9: "%1", 10: "%0", 11: "%n%n", 12: "%99"}))
    ]
    resources = read_library(artifact(tmp_path, "Unheard Of.dll", library(tables), "pe"), (), EVERY)
    sources = Sources(resources=resources)
    for _ in range(6_000):
        event = record(
            chance.choice(providers),
            chance.choice(
                [*range(7, 13), chance.choice(catalogue().entries).event_id, chance.randrange(70_000)]
            ),
            anything(chance),
            version=chance.choice([None, 0, 1, 255]),
            qualifiers=chance.choice([None, 0, 16384, 49152]),
            rendering=chance.choice([None, None, None, ("en-US", ""), ("zz", " \u200b ")]),
        )
        description = describe(event, sources)
        for language in LANGUAGES:
            message = dict(description.text)[language]
            assert isinstance(message, str) and message.strip(), event
            assert len(message) <= 4_000


def test_an_event_without_provider_and_number_is_told_as_such() -> None:
    event = record("", 0, None)
    assert describe(event, Sources()).text["en"] == "Event 0 of an unknown provider"
