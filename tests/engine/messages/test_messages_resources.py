"""Messages out of the libraries of a bundle."""

import struct
from pathlib import Path

import pytest

from engine.artifacts import Artifact
from engine.messages.describe import Source, Sources, describe
from engine.messages.resources import Resources, read_library
from tests.engine.message_files import (
    CHINESE,
    ENGLISH,
    MESSAGE_TABLE,
    artifact,
    library,
    manifest,
    message_table,
    record,
)
from tests.engine.message_files import Resources as Content

GUID = "5770385f-c22a-43e0-bf4c-06f5698ffbd9"


def read(*libraries: Artifact) -> Resources:
    resources = Resources()
    for library_file in libraries:
        resources.add(read_library(library_file, (), {7, 8}))
    return resources


def test_a_classic_event_is_said_in_the_words_of_its_providers_library(tmp_path: Path) -> None:
    tables: Content = [
        (MESSAGE_TABLE, CHINESE, message_table({0xC0000007: "服务 %1 出错：%2%r%n", 0x40000007: "另一条"})),
        (MESSAGE_TABLE, ENGLISH, message_table({0xC0000007: "Service %1 failed: %2%r%n"})),
    ]
    resources = read(artifact(tmp_path, "bin/Acme Service.dll", library(tables), "pe"))
    description = describe(record(data=["Lizenz", "%%5"], qualifiers=0xC000), Sources(resources=resources))
    assert description.source is Source.RESOURCE
    assert description.text == {
        "zh-hans": "服务 Lizenz 出错：“拒绝访问”（5）",
        "en": "Service Lizenz failed: 5 (access is denied)",
    }


def test_a_library_of_another_name_says_nothing(tmp_path: Path) -> None:
    tables: Content = [(MESSAGE_TABLE, ENGLISH, message_table({7: "wrong"}))]
    resources = read(artifact(tmp_path, "other.dll", library(tables), "pe"))
    assert describe(record(), Sources(resources=resources)).source is Source.FIELDS


def test_a_manifest_leads_to_the_message_in_the_language_file(tmp_path: Path) -> None:
    events = manifest(GUID, {(7, 0): 0xB0000007, (7, 2): 0xB0020007})
    code: Content = [("WEVT_TEMPLATE", ENGLISH, events)]
    table = message_table({0xB0000007: "旧 %1", 0xB0020007: "新 %1"})
    texts: Content = [(MESSAGE_TABLE, CHINESE, table)]
    resources = read(
        artifact(tmp_path, "System32/acme.dll", library(code), "pe"),
        artifact(tmp_path, "System32/zh-CN/acme.dll.mui", library(texts), "pe"),
    )
    sources = Sources(resources=resources, guids={"acme service": "{" + GUID.upper() + "}"})
    assert describe(record(data={"a": "x"}, version=0), sources).text["zh-hans"] == "旧 x"
    assert describe(record(data={"a": "x"}, version=2), sources).text["zh-hans"] == "新 x"
    assert describe(record(data={"a": "x"}, version=3), sources).source is Source.FIELDS


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"\xff\xff\xff\xff",
        struct.pack("<4I", 1, 0, 0xFFFFFFFF, 16) + b"\x04\0\1\0" * 100,
        struct.pack("<4I", 1, 7, 7, 0xFFFFFFF0),
        struct.pack("<4I", 1, 7, 9, 16) + struct.pack("<2H", 2, 1),
        struct.pack("<4I", 1, 7, 7, 16) + struct.pack("<2H", 0xFFFF, 1) + b"\0\xd8",
    ],
)
def test_a_broken_table_costs_no_more_than_itself(tmp_path: Path, table: bytes) -> None:
    tables: Content = [(MESSAGE_TABLE, ENGLISH, table), ("WEVT_TEMPLATE", ENGLISH, b"CRIM" + table)]
    resources = read(artifact(tmp_path, "Acme Service.dll", library(tables), "pe"))
    assert describe(record(), Sources(resources=resources)).text["en"]


def test_a_broken_library_is_named(tmp_path: Path) -> None:
    broken = artifact(tmp_path, "broken.dll", b"MZ" + b"\xff" * 500, "pe")
    assert read(broken).unreadable == ["broken.dll"]
