"""Text of strangers: what a reader, a file's name and the database are spared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text_safety import (
    clean_name,
    clean_path,
    comparable,
    disk_name,
    legible,
    legible_lines,
    marked,
    one_line,
    paragraphs,
    plain,
    printable,
    shortened,
    shown,
    storable,
    terminal_line,
)


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


def test_control_and_direction_characters_are_dropped_and_the_rest_stays() -> None:
    assert plain("a\x00b\x1b[31m\u202ecod.exe\u2066\ufeff 日志\n\tC:\\x") == "ab[31mcod.exe 日志\n\tC:\\x"


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert plain("x" * 20, 10) == "x" * 9 + "…"


def test_joiners_of_scripts_and_emoji_stay_in_what_is_read() -> None:
    assert plain("👩\u200d🔧 می\u200cخواهم") == "👩\u200d🔧 می\u200cخواهم"


def test_direction_and_control_characters_are_replaced_and_length_is_limited() -> None:
    assert shown("a\u202eb\x00c\x1b[31m") == "a\ufffdb\ufffdc\ufffd[31m"
    assert shown("line\nline\ttab") == "line\nline\ttab"
    assert len(shown("x" * 10_000, 300)) == 300


def test_what_postgresql_refuses_is_replaced_everywhere() -> None:
    odd = {"a\0": ["\ud800", ("x\0", 1)], "n": None}
    assert storable(odd) == {"a\ufffd": ["\ufffd", ["x\ufffd", 1]], "n": None}


def test_a_name_of_one_line_shows_where_something_was_that_none_should_hold() -> None:
    assert marked("a\nb\u2028c\u202ed\ud800 日志\\x") == "a\ufffdb\ufffdc\ufffdd\ufffd 日志\\x"


@pytest.mark.parametrize(("limit", "cut"), [(5, "abcde"), (4, "abc…"), (1, "…")])
def test_what_is_cut_off_says_so_within_its_limit(limit: int, cut: str) -> None:
    assert shortened("abcde", limit) == cut


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ｃａｓ－０３", "CAS-03"),
        ("cas—03_x·7〜8＿9", "CAS-03-X-7-8-9"),
        ("a\u00adb\u200bc\u202ed\ufeff", "ABCD"),
        ("a\u00a0\t\r\n  b　c", "A B C"),
        ("案例：1", "案例:1"),
    ],
)
def test_what_is_compared_has_one_spelling(text: str, same: str) -> None:
    assert comparable(text) == same


def test_what_a_person_typed_keeps_its_lines_and_a_line_its_words() -> None:
    assert paragraphs(" \r\na\0b\r\n\r\nc\rd\te \n") == "ab\n\nc\rd\te"
    assert one_line(" a\0b\r\n\tc\u3000d ") == "ab c d"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\..\\y.zip", "y.zip"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("\0", "unnamed"),
        ("a" * 196 + ".zip", "a" * 196 + ".zip"),
        ("a" * 197 + ".zip", "a" * 196 + ".zip"),
        ("日" * 70 + ".zip", "日" * 65 + ".zip"),
        ("a" * 201, "unnamed"),
        ("a." + "b" * 199, "unnamed"),
    ],
)
def test_a_name_on_a_disk_has_at_most_200_bytes_and_keeps_its_extension(raw: str, name: str) -> None:
    assert disk_name(raw) == name


def test_in_a_sentence_about_a_log_no_hidden_character_stays() -> None:
    text = " a\x00b\u202ec\u061cd\ud800\ne\tf\u200b "
    assert legible_lines(text) == "abcd\ne\tf"
    assert legible(text) == "abcdef"
    assert legible("x" * 300) == "x" * 256


def test_what_cannot_be_printed_is_replaced_and_never_reaches_a_terminal() -> None:
    text = "日志 a\n\x1b[2J\u3000b\u202ec\ue000\r"
    assert printable(text) == "日志 a\ufffd\ufffd[2J\ufffdb\ufffdc\ufffd\ufffd"
    assert terminal_line(text) == "日志 a \ufffd[2J b\ufffdc\ufffd "
