"""What a customer's last words say: thanks, wishes and a farewell alone, or that one thing is over and
another is not."""

import time
from pathlib import Path

import pytest

from cases.wording.verdict import says_solved, says_unsolved
from cases.wording.words import is_thanks, reads_as
from tests.tables import sections, table

LAST_WORDS = {
    title: table(text) for title, text in sections(Path(__file__).with_name("last_words.txt")).items()
}


@pytest.mark.parametrize("text", LAST_WORDS["thanks"])
def test_thanks_wishes_and_farewells_ask_for_nothing(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", LAST_WORDS["more than thanks"])
def test_what_says_more_beside_them_is_no_thanks(text: str) -> None:
    assert not is_thanks(text)


@pytest.mark.parametrize("text", LAST_WORDS["one is over and one is not"])
def test_where_one_is_over_and_one_is_not_nothing_is_proposed_and_work_goes_on(text: str) -> None:
    assert reads_as(text) is None and says_unsolved(text) and not says_solved(text)


@pytest.mark.parametrize("text", LAST_WORDS["nothing is over"])
def test_where_nothing_is_over_it_is_not_solved(text: str) -> None:
    assert reads_as(text) is False and says_unsolved(text)


@pytest.mark.parametrize("text", LAST_WORDS["all is over"])
def test_where_all_is_over_it_is_solved(text: str) -> None:
    assert reads_as(text) is True and not says_unsolved(text)


@pytest.mark.parametrize("text", LAST_WORDS["says neither"])
def test_what_waits_or_is_not_begun_says_nothing(text: str) -> None:
    assert reads_as(text) is None and not says_unsolved(text) and not says_solved(text)


@pytest.mark.parametrize(
    "text",
    [
        "以后有问题我再" * 20_000,
        "就会我们" * 30_000,
        "好了，" * 30_000,
        "还有" * 60_000,
        "is so " * 30_000,
        "😀" * 100_000,
    ],
)
def test_however_long_the_text_it_is_read_at_once(text: str) -> None:
    began = time.process_time()
    for short in (text, text[:190]):
        is_thanks(short)
        reads_as(f"还是不行 {short}"[:2_000])
        says_unsolved(short)
    assert time.process_time() - began < 5
