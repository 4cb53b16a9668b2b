"""Numbers, months and units as Chinese and English write them out."""

from __future__ import annotations

import re

_HAN = {han: number for number, han in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "双": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_DIGIT = "[一二两三四五六七八九]"
HAN_COMPOSITE = (
    rf"(?:{_DIGIT}[十百千万亿]|十(?={_DIGIT})|十(?=[万亿]))[零〇一二两三四五六七八九十百千万亿]{{0,12}}"
)
"""“十二”, “一千”, “三十五万”; “万一” and “十分” are none."""
_COUNTED = "次|个|台|步|条|项|天|小时|分钟|秒|周|星期|份|遍|倍|层|种|件|套|块|张|页|行|封|组|批|轮|名|人"
HAN_COUNTED = rf"(?<![第几数])[三四五六七八九十](?=个?(?:{_COUNTED}))"
"""A numeral above two with what it counts."""
HAN_SINGLE = re.compile("[一二两双三四五六七八九十]")

_UNITS_EN = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS_EN = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN = (
    {word: number for number, word in enumerate(_UNITS_EN)}
    | {word: 10 * number for number, word in enumerate(_TENS_EN, start=2)}
    | {"a": 1, "an": 1, "once": 1, "single": 1, "first": 1, "twice": 2, "both": 2, "second": 2, "third": 3}
    | {"fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "dozen": 12}
)
_FACTORS_EN = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ENGLISH_WORD = "|".join((*_TENS_EN, *reversed(_UNITS_EN[2:])))
ENGLISH_HARD = (
    rf"(?:twice|(?:{_ENGLISH_WORD}|(?:a|one)(?=[\s-](?:{'|'.join(_FACTORS_EN)})\b))"
    rf"(?:[\s-](?:and\s)?(?:{_ENGLISH_WORD}|one|{'|'.join(_FACTORS_EN)})\b){{0,8}})"
)
"""“twelve”, “twenty-five”, “a thousand”; from two on."""
ENGLISH_SOFT = re.compile(
    r"\b(?:an?|one|once|single|first|both|(?<!\ba\s)second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)

_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
MONTHS = (
    {name: number for number, name in enumerate(_NAMES, start=1)}
    | {name[:3]: number for number, name in enumerate(_NAMES, start=1)}
    | {"sept": 9}
)
MULTIPLIERS = {
    **dict.fromkeys(("千", "k", "thousand"), 1_000),
    **dict.fromkeys(("百万", "million"), 1_000_000),
    "万": 10_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "billion": 1_000_000_000,
}
_SPELLINGS = {
    "%": ("%", "percent", "per cent"),
    "byte": ("字节", "byte", "bytes"),
    "kb": ("kb", "kib"),
    "mb": ("mb", "mib", "兆"),
    "gb": ("gb", "gib"),
    "tb": ("tb", "tib"),
    "bit": ("bit", "bits"),
    "ms": ("毫秒", "ms", "millisecond", "milliseconds"),
    "s": ("秒", "秒钟", "s", "sec", "second", "seconds"),
    "min": ("分钟", "min", "minute", "minutes"),
    "h": ("小时", "h", "hour", "hours"),
    "d": ("天", "day", "days", "工作日"),
    "week": ("周", "星期", "week", "weeks"),
    "month": ("月", "month", "months"),
    "year": ("年", "year", "years"),
}
UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
"""What is measured in; other nouns are words."""


def han_value(han: str) -> int:
    """“三千五百” as 3500."""
    total = section = digit = 0
    for letter in han:
        factor = _HAN_TENS.get(letter)
        if factor is None:
            digit = _HAN[letter]
        elif factor < 10_000:
            section, digit = section + (digit or 1) * factor, 0
        else:
            total, section, digit = (total + section + digit or 1) * factor, 0, 0
    return total + section + digit


def english_value(words: str) -> int:
    """“two hundred and five” as 205."""
    total = section = 0
    for word in re.split(r"[\s-]+", words.lower()):
        factor = _FACTORS_EN.get(word)
        if factor is None:
            section += _EN.get(word, 0)
        elif factor == 100:
            section = (section or 1) * factor
        else:
            total, section = total + (section or 1) * factor, 0
    return total + section
