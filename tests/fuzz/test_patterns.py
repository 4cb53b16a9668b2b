"""No pattern of the engine takes more than linear time, and the hunt for such patterns finds them."""

import re
import time

import pytest

from engine.parsers.captures.captures import read_text
from tests.fuzz.patterns import Found, collect, hunt


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"^(a+)+$", "match"),
        (r"^(?:a|a)*b", "match"),
        (r"\s+$", "search"),
        (r"^ *(?:x)? *y", "match"),
        (r"^(?:\w+[ .]?)*:", "match"),
        (r"<!--.*?-->", "search"),
        (r"^.*,.*,.*!", "match"),
    ],
)
def test_a_pattern_that_backtracks_is_found(pattern: str, method: str) -> None:
    assert len(hunt([Found("here", re.compile(pattern), method)])) == 1


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"^\s*(\w+)\s*=", "match"),
        (r"(?<!\s)\s+$", "search"),
        (r"<[^<>]{0,200}>", "search"),
        (r"^a.*b", "match"),
    ],
)
def test_a_linear_pattern_is_left_alone(pattern: str, method: str) -> None:
    assert hunt([Found("here", re.compile(pattern), method)]) == []


def test_no_pattern_of_the_engine_takes_more_than_linear_time() -> None:
    patterns = collect()

    assert len(patterns) > 250
    assert not (found := hunt(patterns)), "\n".join(map(str, found))


PUMPS = (
    *("\n", "{\n", "[", "<Objs \n", "<?xml \n", "A=1\n", "Hash,Path\n", "PS C:\\> a\n", "x.exe\n  a: b\n"),
    *(
        "Hash : \nab\n",
        "Length :\n",
        "SHA256 ab\nab\n",
        "- ",
        "hash ",
        "1 ",
        "C:\\",
        "C:\\a.exe ",
        "(a ",
        "'a ",
    ),
    *(
        "SHA256 hash of C:\\x:\n",
        "0123456789abcdef" * 2 + "\n",
        "Name Length LastWriteTime\n",
        "<html><",
        "重\n",
    ),
    *(
        "Get-X : 'a ",
        "SignerCertificate : x\n\n y\n",
        "a: b ",
        "2021/05/07  09:08    1 ",
        "-a---- 1/1/2020 9:08 ",
    ),
)


def test_a_hostile_text_of_five_kilobytes_is_read_in_less_than_a_second() -> None:
    for pump in PUMPS:
        for before in ("", "SHA256 ", "PS C:\\> ", "<html>", "Path : ", "    目录: C:\\"):
            content = before + pump * (5_000 // len(pump))
            began = time.process_time()
            read_text(content)
            assert time.process_time() - began < 1, (before, pump)
