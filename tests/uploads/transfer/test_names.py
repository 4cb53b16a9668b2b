"""File names are hostile text until they are cleaned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.transfer.names import clean_name, clean_path


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("logs.zip", "logs.zip"),
        ("系统日志 2020-11-27.zip", "系统日志 2020-11-27.zip"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Li\\System.evtx", "System.evtx"),
        ("a\x00b\r\nSet-Cookie: x.zip", "abSet-Cookie: x.zip"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\u2066hidden\u2069.txt", "hidden.txt"),
        ("  .. ", "unnamed"),
        ("", "unnamed"),
        ("/", "unnamed"),
        ("<script>alert(1)</script>.zip", "script>.zip"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_a_name_becomes_its_visible_last_part(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


def test_a_name_of_300_characters_keeps_its_extension() -> None:
    name = clean_name("日" * 300 + ".evtx")
    assert len(name) == 255
    assert name.endswith("….evtx")


@given(st.text(max_size=600))
def test_no_name_is_empty_or_too_long_or_a_path(raw: str) -> None:
    name = clean_name(raw)
    assert 0 < len(name) <= 255
    assert name not in {".", ".."}
    assert not set(name) & set("/\\\0\r\n\u202e")
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("logs/old/System.evtx", "logs/old/System.evtx"),
        ("logs\\old\\System.evtx", "logs/old/System.evtx"),
        ("/../../etc/./passwd", "etc/passwd"),
        ("logs/\u202egpj.exe", "logs/gpj.exe"),
        ("logs//a.txt", "logs/a.txt"),
        ("../..", "unnamed"),
        ("a" * 200 + "/" + "b" * 100 + "/c.evtx", "…/" + "b" * 100 + "/c.evtx"),
    ],
)
def test_a_path_within_a_folder_keeps_its_harmless_parts(raw: str, path: str) -> None:
    assert clean_path(raw) == path
