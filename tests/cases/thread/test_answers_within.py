"""An answer that stands in the middle of older mail, without marks, is seen at once where she says so."""

import time

import pytest

from cases.thread.quoting import segments

OLDER = "发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n1. 操作步骤？\n先重启。"


@pytest.mark.parametrize(
    "words",
    [
        "您好，回复见下面红字部分，谢谢。",
        "逐条回复如下。",
        "我的答复写在下文中。",
        "见下方藍色字體。",
        "红色字体是我的回复。",
        "Please see my answers in red below.",
        "My comments are inline.",
        "Hi, see below.",
        "Meine Antworten stehen unten in Rot.",
    ],
)
def test_older_mail_that_holds_answers_is_open(words: str) -> None:
    own, older = segments(f"{words}\n\n{OLDER}")
    assert (own.text, own.is_open) == (words, False)
    assert (older.quoted, older.holds_answers, older.is_open) == (True, True, True)


@pytest.mark.parametrize(
    "words",
    [
        "日志已经传好了，麻烦看一下。",
        "指示灯为红色，屏幕显示蓝色。",
        "重启以后见到红色的图标。",
        "The log is below the folder Temp.",
        "The answer of the server was 1053.",
    ],
)
def test_other_words_leave_it_folded(words: str) -> None:
    assert [segment.is_open for segment in segments(f"{words}\n\n{OLDER}")] == [False, False]


def test_between_marked_lines_answers_are_told_apart_and_the_lines_stay_folded() -> None:
    text = "逐条回复如下：\n\n> 1. 操作步骤？\n\n先重启。\n\n> 2. 杀毒软件？\n\n没有。"
    assert [(segment.quoted, segment.is_open) for segment in segments(text)] == [
        *[(False, False), (True, False)] * 2,
        (False, False),
    ]


@pytest.mark.parametrize("words", ["回复", "见下", "红色", "answer ", "see ", "回复 answer below "])
def test_long_words_take_no_time(words: str) -> None:
    began = time.process_time()
    segments(f"{words * 100_000}\n\n{OLDER}")
    assert time.process_time() - began < 1
