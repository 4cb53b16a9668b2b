"""Fields that are made of what a payload tells, and the names that a silent rule's records hold."""

import json
from typing import Any

import pytest

from engine.index.derived import derived
from engine.messages.named_in_records import named


@pytest.mark.parametrize(
    ("payload", "drive"),
    [
        ({"Data": {"#text": ["svchost", "1420,D,0", "X: ", "E:\\Queue\\trn.log", "-1808"]}}, "E:"),
        ({"Data": {"#text": "E:"}}, "E:"),
        ({"Source": "c:\\Users\\Default", "Destination": "C:\\Users\\TEMP"}, "C:"),
        ({"Source": "C:\\a", "Destination": "D:\\b"}, None),
        ({"Program": "C:\\Program Files\\a.exe", "Path": "\\\\?\\D:\\b"}, "D:"),
        ({"Address": "http://example.com/", "Error": "112"}, None),
    ],
)
def test_the_one_drive_that_the_paths_name(payload: dict[str, Any], drive: str | None) -> None:
    assert derived("drive", json.dumps(payload)) == drive


@pytest.mark.parametrize(
    "values",
    [
        [
            "0x800423f4",
            "\n\nOperation:\n   PostSnapshot Event\n\n   Writer Name: SqlServerWriter\n   Writer Instance: x",
        ],
        ["0x800423f4", "\n\n操作:\n   PostSnapshot 事件\n\n   编写器名称: SqlServerWriter\n"],
        ["0x800423f4", "PostSnapshot", "SqlServerWriter"],
    ],
)
def test_the_writer_of_shadow_copies(values: list[str]) -> None:
    assert derived("writer", json.dumps({"Data": {"#text": values}})) == "SqlServerWriter"


def test_paths_and_hosts_are_named_before_other_names_and_none_twice() -> None:
    values = {
        "NodeName": "NODE2",
        "Data1": "D:\\Data\\shop.mdf",
        "param1": "D:\\Data\\shop.mdf",
        "FileName": "shop.mdf",
        "Status": "0xc0000022",
        "Id": "{a65faa63-5ea8-4ebc-9dbd-a0c4db26912a}",
        "Version": "10.0.19041.1",
        "Address": "192.0.2.7",
        "Mode": "Manual",
    }
    told = named(values, "A file could not be opened.")
    assert told is not None
    assert told["en"] == "The records cited name “D:\\Data\\shop.mdf”, “192.0.2.7”, “NODE2”."
    assert told["zh-hans"] == "所引记录中写有：“D:\\Data\\shop.mdf”、“192.0.2.7”、“NODE2”。"


def test_what_is_said_already_and_what_is_no_name_is_not_told() -> None:
    assert named({"FileName": "shop.mdf", "Count": "12", "Sid": "S-1-5-18"}, "shop.mdf is damaged") is None
