"""A question to a person, or one how far the case is, whatever name it gives the matter."""

import time
from pathlib import Path

import pytest

from cases.wording.progress_question import asks_for_progress
from cases.wording.words import is_thanks
from tests.tables import sections, table

QUESTIONS = {
    title: table(text) for title, text in sections(Path(__file__).with_name("questions.txt")).items()
}
TITLE = "重启电脑后无法启用 CodeMeter 证书服务"


@pytest.mark.parametrize("text", QUESTIONS["asks a person"])
def test_how_she_does_something_or_how_a_machine_is_is_asked_of_a_person(text: str) -> None:
    assert not asks_for_progress(text, TITLE) and not is_thanks(text)


@pytest.mark.parametrize("text", QUESTIONS["asks how far it is"])
def test_who_names_the_matter_asks_how_far_it_is(text: str) -> None:
    assert asks_for_progress(text)


@pytest.mark.parametrize("line", QUESTIONS["names the case by words of its title"])
def test_words_of_the_title_name_the_case(line: str) -> None:
    title, _, text = line.partition(" :: ")
    assert asks_for_progress(text, title) and not asks_for_progress(text)


@pytest.mark.parametrize("line", QUESTIONS["names another matter, or tells of it anew"])
def test_another_matter_and_what_happened_anew_wait_for_a_person(line: str) -> None:
    title, _, text = line.partition(" :: ")
    assert not asks_for_progress(text, title)


@pytest.mark.parametrize("text", QUESTIONS["trouble in her words, whatever the title"])
def test_trouble_beside_the_name_of_the_matter_waits_for_a_person(text: str) -> None:
    assert not asks_for_progress(text) and not asks_for_progress(text, TITLE)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, "您好：\n\n示例能源重启电脑后无法启用codemeter 证书服务问题，请问什么进度了？"),
        (TITLE, "重启电脑后无法启用 CodeMeter 证书服务，请问什么进度了？"),
        (TITLE, "重启电脑后无法启用\nCodeMeter 证书服务，请问有进展吗？"),
        (TITLE, "重啟電腦後無法啟用 CodeMeter 證書服務，請問什麼進度了？"),
        ("Server crashes after the update", "Server crashes after the update: any news?"),
        ("Server crashes after the update", "What is the status of “Server crashes after the update”?"),
        ("服务器又停了", "服务器又停了，请问什么进度了？"),
        ("请问什么进度了", "请问什么进度了？"),
    ],
)
def test_the_title_of_the_case_is_no_new_trouble(title: str, text: str) -> None:
    assert asks_for_progress(text, title)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("服务停了", "服务停了两次，请问什么进度了？"),
        ("服务停了", "今天服务停了，请问什么进度了？"),
        ("蓝屏", "又蓝屏，请问什么进度了？"),
        ("怎么卸载服务", "请问怎么卸载服务？"),
        ("Server crashes", "Server crashes again, any news?"),
        ("?", "进展如何？服务又停了"),
        ("", "服务停了，请问什么进度了？"),
    ],
)
def test_trouble_that_says_more_than_the_title_is_new(title: str, text: str) -> None:
    assert not asks_for_progress(text, title)


@pytest.mark.parametrize(
    "text",
    [
        "请问" * 249,
        "我们" * 240 + "问题",
        "the " * 124,
        "regarding " + "a " * 240,
        "案例" * 249,
        "领导" + "都正" * 240,
    ],
)
def test_however_often_a_matter_is_named_it_is_read_at_once(text: str) -> None:
    began = time.process_time()
    asks_for_progress(text, text)
    asks_for_progress(text, "案" * 200)
    assert time.process_time() - began < 1
