"""A conclusion begins with one sentence, in either language, whatever names and numbers stand in it."""

import pytest

from analysis.reports.sentences import first_sentence, lead_and_rest


@pytest.mark.parametrize(
    "cut",
    [
        "服务意外停止了 12 次。¦文件被改动过。",
        "他说“重启后就好了。”¦之后又停了。",
        "CodeMeter.exe 7.60.6089.500 被改动过，大小为 1.5 MB！¦请先核对。",
        "CodeMeter.exe 已损坏.¦请重新安装",
        "The service stopped 12 times. ¦The file was changed.",
        "CodeMeter.exe 7.60.6089 stopped. ¦svchost.exe did not.",
        r"C:\Program Files (x86)\A.B\c.exe was changed. ¦Restore it.",
        "Its SHA-256 is 0A1B…FF vs. 1C2D…EE, e.g. after an update. ¦Compare them.",
        "Check No. 5 of J. Doe failed on 3 Nov. 2020 (see fig. 2). ¦Then it ended.",
        "The answer is no. ¦It took 5 min. at most.",
        "Disks, cables etc. were checked by Contoso Ltd. ¦None was bad.",
        "It was stopped at 10:05 p.m. by hand. ¦Nobody knows why.",
        "Is it solved? ¦Not yet.",
        "He said “it is gone.” ¦It was not.",
        "No end\nin two lines¦",
        "¦",
    ],
)
def test_the_first_sentence_ends_where_it_ends(cut: str) -> None:
    first, _, rest = cut.partition("¦")
    assert first_sentence(first + rest) == (first.strip(), rest)


def test_what_follows_the_first_sentence_is_the_rest_in_paragraphs() -> None:
    assert lead_and_rest("One. Two. Three.\n\nFour.\n\n\nFive.") == (
        "One.",
        ["Two. Three.", "Four.", "Five."],
    )
    assert lead_and_rest(" \n\n ") == ("", [])
