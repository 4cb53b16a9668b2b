"""Times in words, and hostile text made readable."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from cases import times
from cases.thread import message_text
from tests.clocks import Clock

NOW = datetime(2020, 11, 27, 6, 8, tzinfo=UTC)  # A Friday, 14:08 in Shanghai.


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    "length, words, roughly",
    [
        (timedelta(seconds=-5), "0 min", "0 min"),
        (timedelta(minutes=12), "12 min", "12 min"),
        (timedelta(hours=1, minutes=52), "1 h 52 min", "1 h"),
        (timedelta(days=1, hours=4), "1 d 4 h", "1 d"),
        (timedelta(days=9, hours=4), "9 d", "9 d"),
    ],
)
def test_a_length_is_told_in_its_largest_units(length: timedelta, words: str, roughly: str) -> None:
    assert times.span(length) == words
    assert times.span(length, roughly=True) == roughly


@pytest.mark.parametrize(
    "moment, words",
    [
        (datetime(2020, 11, 27, 8, 0, tzinfo=UTC), "today 16:00"),
        # Late in the evening in UTC is the next day in Shanghai.
        (datetime(2020, 11, 27, 17, 0, tzinfo=UTC), "tomorrow 01:00"),
        (datetime(2020, 11, 26, 2, 11, tzinfo=UTC), "yesterday 10:11"),
        (datetime(2020, 11, 23, 10, 36, tzinfo=UTC), "Mon 18:36"),
        (datetime(2020, 11, 9, 9, 18, tzinfo=UTC), "11-09 17:18"),
        (datetime(2019, 12, 31, 9, 18, tzinfo=UTC), "2019-12-31 17:18"),
    ],
)
def test_a_day_is_told_as_people_say_it(moment: datetime, words: str) -> None:
    assert times.day_and_clock(moment, NOW) == words


def test_today_is_the_day_where_the_portal_stands(moved_clock: Clock) -> None:
    midnight, second = moved_clock.midnight, timedelta(seconds=1)
    assert times.day_and_clock(midnight) == "today 00:00"
    assert times.day_and_clock(midnight - second) == "yesterday 23:59"
    assert times.day_and_clock(midnight + timedelta(days=1)) == "tomorrow 00:00"
    assert times.day(midnight) == f"{moved_clock.today:%Y-%m-%d}"
    assert times.minute(midnight) == f"{moved_clock.today:%Y-%m-%d} 00:00"
    assert times.short_day(midnight) == f"{moved_clock.today:%m-%d}"


def test_a_day_of_another_year_is_told_with_its_year(moved_clock: Clock) -> None:
    year = moved_clock.today.year
    new_year = datetime(year - 1, 12, 31, 16, 0, tzinfo=UTC)  # Midnight in Shanghai.
    assert times.short_day(new_year) == "01-01"
    assert times.short_day(new_year - timedelta(seconds=1)) == f"{year - 1}-12-31"


@pytest.mark.parametrize("back, words", [(20, "just now"), (300, "5 min ago"), (3 * 3600, "3 h ago")])
def test_near_past_is_told_by_its_distance(back: int, words: str) -> None:
    assert times.ago(NOW - timedelta(seconds=back), NOW) == words


def test_the_exact_time_names_its_zone() -> None:
    assert times.exact(NOW) == "2020-11-27 14:08:00 (UTC+0800)"


@pytest.mark.parametrize(
    "text, html",
    [
        ("<b>&", "&lt;b&gt;&amp;"),
        (
            "看 http://a.example/b。好",
            '看 <a href="http://a.example/b" rel="noopener noreferrer nofollow" target="_blank">http://a.example/b</a>。好',
        ),
        (
            "ftp://a.example mailto:b@c.example www.d.example",
            "ftp://a.example mailto:b@c.example www.d.example",
        ),
        ('https://a.example/"onclick=alert(1)', None),
    ],
)
def test_only_web_addresses_become_links(text: str, html: str | None) -> None:
    made = message_text.linked(text)
    assert "<a " not in made or "onclick" not in made.split(">")[0]
    if html is not None:
        assert made == html
