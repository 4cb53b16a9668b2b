"""Customers' short posts in both scripts and in English: what each says of the trouble, and whether it waits
for a person. One section a meaning; one sentence a line."""

from pathlib import Path

import pytest

from cases.wording.progress_question import asks_for_progress
from cases.wording.verdict import says_solved, says_unsolved
from cases.wording.words import is_thanks, reads_as
from tests.tables import sections, table

SENTENCES = {
    title: table(text) for title, text in sections(Path(__file__).with_name("sentences.txt")).items()
}


@pytest.mark.parametrize("text", SENTENCES["still there"])
def test_trouble_that_is_there_is_read_as_such(text: str) -> None:
    assert says_unsolved(text) and not says_solved(text) and reads_as(text) is False


@pytest.mark.parametrize("text", SENTENCES["was and is over"])
def test_past_trouble_that_is_gone_is_over(text: str) -> None:
    assert not says_unsolved(text) and says_solved(text) and reads_as(text) is True


@pytest.mark.parametrize("text", SENTENCES["over"])
def test_what_is_over_is_over(text: str) -> None:
    assert not says_unsolved(text) and says_solved(text) and reads_as(text) is True


@pytest.mark.parametrize("text", SENTENCES["says neither"])
def test_what_is_supposed_hoped_remembered_or_declined_says_nothing(text: str) -> None:
    assert not says_unsolved(text) and not says_solved(text) and reads_as(text) is None


@pytest.mark.parametrize("text", SENTENCES["over in part"])
def test_what_is_over_in_part_is_not_over(text: str) -> None:
    assert says_unsolved(text) and not says_solved(text) and reads_as(text) is not True


@pytest.mark.parametrize("text", SENTENCES["quoted"])
def test_trouble_that_is_quoted_is_not_hers(text: str) -> None:
    assert not says_unsolved(text) and reads_as(text) is not False and is_thanks(text)


@pytest.mark.parametrize("words", ["还是不行", "已解决", "谢谢", "请问进展如何？"])
def test_who_only_quotes_says_nothing(words: str) -> None:
    text = f"发件人: 工程师 <a@vendor.example>\n主题: 案例\n\n{words}"
    assert not says_unsolved(text) and not says_solved(text) and reads_as(text) is None
    assert not is_thanks(text) and not asks_for_progress(text)


@pytest.mark.parametrize("text", SENTENCES["trouble beside a question"])
def test_trouble_beside_the_question_waits_for_a_person(text: str) -> None:
    assert not asks_for_progress(text) and not is_thanks(text)


@pytest.mark.parametrize("text", SENTENCES["only asks"])
def test_courtesy_around_the_question_is_none(text: str) -> None:
    assert asks_for_progress(text) and not says_unsolved(text) and reads_as(text) is None


@pytest.mark.parametrize("text", [text for texts in SENTENCES.values() for text in texts])
def test_both_readings_of_one_text_agree(text: str) -> None:
    said = reads_as(text)
    assert said is not True or not says_unsolved(text)
    assert said is not False or (says_unsolved(text) and not says_solved(text))
