"""Facts and steps that stand in one language alone: what they are, and where."""

from pathlib import Path

import pytest
import yaml

from analysis.reports.agreement import Difference, differences
from analysis.reports.facts import facts_of

RULES = Path(__file__).parents[3] / "engine" / "rules"
HASH = "07FCF4E9C5077147F804C76655132096F1A77290EBCA6DA9DDC88F42791DF98B"


def both(chinese: str, english: str) -> dict[str, str]:
    return {"zh-hans": chinese, "en": english}


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("8 次，多 82,381 字节", "8 times, 82,381 bytes more"),
        ("８次", "8 times"),
        ("多 82381 字节", "82,381 bytes more"),
        ("8 万条", "80,000 records"),
        ("1.5 亿", "150,000,000"),
        ("1.5 亿", "150 million"),
        ("一千条", "1,000 records"),
        ("十二台服务器", "twelve servers"),
        ("二十五次", "25 times"),
        ("重试 3 次", "Retry three times"),
        ("重试三次", "Retry 3 times"),
        ("停止了两次", "It stopped twice"),
        ("请再试一次", "Please try again"),
        ("第三方程序", "a third-party program"),
        ("50%", "50 percent"),
        ("百分之五十", "50 %"),
        ("11月9日", "Nov 9"),
        ("十一月九日", "9 November"),
        ("2020 年 11 月 9 日 17:18", "November 9th, 2020, 5:18 PM"),
        ("2020-11-09", "11/9/2020"),
        ("12 月 1 日 09:03", "December 1, 9:03"),
        ("下午3点半", "3:30 p.m."),
        ("11 月", "November"),
        ("24 小时内", "within a 24-hour window"),
        ("3 个工作日", "3 working days"),
        ("4 GB 内存", "4GB of memory"),
        ("Windows 10 64 位", "64-bit Windows 10"),
        ("1 项结论", "1 finding"),
        ("请安装 6.20 版", "Install version 6.20"),
        ("更新 KB5034441", "Install the update KB5034441"),
        (r"C:\Program Files (x86)\A\a.exe 被改动", r"C:\Program Files (x86)\A\a.exe was changed"),
        (f"SHA-256 为 {HASH}", f"The SHA-256 is {HASH.lower()}"),
        ("系统会停顿数十秒", "the system pauses for up to half a minute"),
        ("第一步：查杀。", "First step: scan."),
        ("", "8 times"),
    ],
)
def test_equal_facts_are_equal_however_they_are_written(chinese: str, english: str) -> None:
    assert differences(both(chinese, english)) == []


@pytest.mark.parametrize(
    ("chinese", "english", "alone"),
    [
        ("8 次", "9 times", (("8",), ("9",))),
        ("多 82,381 字节", "82,318 bytes more", (("82,381 字节",), ("82,318 bytes",))),
        ("8 万条", "8,000 records", (("8 万",), ("8,000",))),
        ("一千条", "100 records", (("一千",), ("100",))),
        ("十二台", "eleven servers", (("十二",), ("eleven",))),
        ("停止 8 次", "It stopped", (("8",), ())),
        ("停止", "It stopped three times", ((), ("three",))),
        ("5 台", "It may stop", (("5",), ())),
        ("1,000 条", "1.000 records", (("1,000",), ("1.000",))),
        ("6.20 版", "version 6.2", (("6.20",), ("6.2",))),
        ("50%", "50 times", (("50%",), ("50",))),
        ("８０％", "8%", (("80%",), ("8%",))),
        ("11月9日", "Nov 10", (("11月9日",), ("Nov 10",))),
        ("2020年11月9日", "November 9, 2021", (("2020年11月9日",), ("November 9, 2021",))),
        ("上午9:03", "9:03 PM", (("上午9:03",), ("9:03 PM",))),
        ("3 天", "3 hours", (("3 天",), ("3 hours",))),
        ("4 GB", "4 MB", (("4 GB",), ("4 MB",))),
        ("KB5034441", "KB5034442", (("KB5034441",), ("KB5034442",))),
        ("错误 0x80070005", "error 0x80070006", (("0x80070005",), ("0x80070006",))),
        (r"C:\Windows\a.exe", r"C:\Windows\b.exe", ((r"C:\Windows\a.exe",), (r"C:\Windows\b.exe",))),
        ("https://a.example/x1", "See the page", (("https://a.example/x1",), ())),
        (f"{HASH} 与基线不同", "The hash differs", ((HASH,), ())),
    ],
)
def test_a_fact_that_only_one_language_has_is_named(
    chinese: str, english: str, alone: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert differences(both(chinese, english)) == [Difference(*alone)]


def test_what_differs_is_named_with_its_place() -> None:
    assert differences(both("8 次。\n\n3 台。", "8 times.\n\n4 machines.")) == [
        Difference(("3",), ("4",), place=2)
    ]
    swapped = both("8 次。\n\n3 台。", "3 times.\n\n8 machines.")
    assert [apart.place for apart in differences(swapped)] == [1, 2]
    advice = both("先备份 2 份。\n1. 查杀 3 次。\n2. 重启。", "Keep 2 copies.\n1. Scan.\n2. Restart.")
    assert differences(advice, steps=True) == [Difference(("3",), (), place=1)]


def test_advice_has_the_same_steps_in_both_languages() -> None:
    advice = both("1. 查杀。\n2. 重启。", "1. Scan.")
    assert differences(advice, steps=True) == [Difference(steps=(2, 1))]
    assert differences(both("1. 查杀。\n2. 重启。", "1) Scan.\n2) Restart."), steps=True) == []


def test_the_end_of_a_code_before_may_is_no_day_of_may() -> None:
    stated = facts_of("The error 0x800423F3 may be retried.")
    assert [(fact.kind, fact.shown) for fact in stated.stated] == [("code", "0x800423F3")]


def test_the_rules_own_texts_state_the_same_facts() -> None:
    texts = 0
    for file in sorted(RULES.rglob("*.yml")):
        for rule in yaml.safe_load_all(file.read_text("utf-8")):
            own = (rule or {}).get("anjuan", {})
            for key, chinese in (own.get("zh-hans") or {}).items():
                texts += 1
                chinese_facts, english_facts = facts_of(f"{chinese}"), facts_of(f"{own['en'][key]}")
                assert not chinese_facts.lacking(english_facts), (file.name, key)
                assert not english_facts.lacking(chinese_facts), (file.name, key)
    assert texts > 600


def test_a_long_text_is_compared_in_bounded_steps() -> None:
    for hostile in ("1" * 20_000, "1," * 10_000, "1A" * 10_000, "1.1" * 6_000, "万" * 20_000, "1:" * 10_000):
        assert differences(both(hostile, hostile), steps=True) == []
