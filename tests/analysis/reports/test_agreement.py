"""Numbers and steps that stand in one language alone."""

import pytest

from analysis.reports.agreement import Difference, difference


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("8 次，多 82,381 字节", "8 times, 82,381 bytes more"),
        ("８次", "8 times"),
        ("8 万条", "80,000 records"),
        ("1.5 亿", "150,000,000"),
        ("重试 3 次", "Retry three times"),
        ("重试三次", "Retry 3 times"),
        ("12 月 1 日 09:03", "December 1, 9:03"),
        ("11月30日", "30 Nov"),
        ("请安装 6.20 版", "Install version 6.20"),
        ("F1984C2D… 与 SHA-256 不同", "The hash differs"),
        ("更新 KB5034441", "Install the update KB5034441"),
        ("1. 查杀。\n2. 重启。", "1) Scan.\n2) Restart."),
        ("", "8 times"),
        ("第一步：查杀。", "First step: scan."),
    ],
)
def test_equal_numbers_are_equal_however_they_are_written(chinese: str, english: str) -> None:
    assert not difference({"zh-hans": chinese, "en": english}, steps=True)


@pytest.mark.parametrize(
    ("chinese", "english", "apart"),
    [
        ("8 次", "9 times", (("8",), ("9",))),
        ("多 82,381 字节", "82,318 bytes more", (("82381",), ("82318",))),
        ("8 万条", "8,000 records", (("80000",), ("8000",))),
        ("6.20 版", "version 6.2", (("6.20",), ("6.2",))),
        ("停止 8 次", "It stopped", (("8",), ())),
    ],
)
def test_a_number_that_only_one_language_has_is_named(
    chinese: str, english: str, apart: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert difference({"zh-hans": chinese, "en": english}) == Difference(*apart)


def test_advice_has_the_same_steps_in_both_languages() -> None:
    advice = {"zh-hans": "1. 查杀。\n2. 重启。", "en": "1. Scan."}
    assert difference(advice, steps=True).steps == (2, 1)
    assert not difference(advice)


def test_a_long_text_is_compared_in_a_blink() -> None:
    for hostile in ("1" * 20_000, "1," * 10_000, "1A" * 10_000, "1.1" * 6_000, "万" * 20_000):
        difference({"zh-hans": hostile, "en": hostile}, steps=True)
