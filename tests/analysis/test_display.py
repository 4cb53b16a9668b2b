"""What a log or a file name says is shown as text, and a hash so that its odd digit is seen."""

from zoneinfo import ZoneInfo

import pytest

from analysis.display import hash_parts, local_time, short_hash
from tests.analysis import bundles

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_hash_marks_its_differing_digit_and_nothing_else() -> None:
    parts = hash_parts(bundles.SLIPPED, [38])
    assert "".join(part["text"] for part in parts) == bundles.SLIPPED
    assert [part["text"] for part in parts if part["marked"]] == [bundles.SLIPPED[37]]
    assert hash_parts(None) == []


def test_a_short_hash_keeps_the_differing_digit_in_sight() -> None:
    parts = short_hash(bundles.SLIPPED, [37], [37])
    text = "".join(part["text"] for part in parts)
    assert text.startswith("7682DD44…") and text.endswith("9BEA") and len(text) < 30
    assert [part["text"] for part in parts if part["marked"]] == ["F"]


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2020-11-24T01:01:43.123456Z", "2020-11-24 09:01:43"),
        ("2016-04-06T12:20:00", "2016-04-06 12:20:00"),
        ("yesterday\u202e", "yesterday\ufffd"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        (None, ""),
    ],
)
def test_times_are_told_in_the_zone_of_the_report(iso: str | None, expected: str) -> None:
    assert local_time(iso, SHANGHAI) == expected
