"""The facts that a sentence states, as spelled in Chinese or English: numbers with their units, percentages,
dates, times of day, and codes (hashes, paths, addresses, identifiers). For comparing two languages.

What is idiom as often as a count (“一个”, “a”, “third-party”) is *soft*: it may answer a number of the other
side, but asks for none. All patterns are linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from unicodedata import normalize

from analysis.reports.numerals import (
    ENGLISH_HARD,
    ENGLISH_SOFT,
    HAN_COMPOSITE,
    HAN_COUNTED,
    HAN_SINGLE,
    MONTHS,
    MULTIPLIERS,
    UNITS,
    english_value,
    han_value,
)


@dataclass(frozen=True)
class Fact:
    """``kind``: ``number``, ``percent``, ``date``, ``time`` or ``code``. Of ``value`` and ``unit`` a ``None``
    fits anything: a year, seconds or a unit that is not said. ``shown``: as it stands in the text."""

    kind: str
    value: tuple[object, ...]
    unit: str | None
    shown: str

    def fits(self, other: Fact) -> bool:
        """Whether the other may be the same fact."""
        if self.kind != other.kind or (self.unit and other.unit and self.unit != other.unit):
            return False
        pairs = zip(self.value, other.value, strict=True)
        return all(one == another or one is None or another is None for one, another in pairs)


@dataclass
class Facts:
    """``stated`` have to be on the other side as well; ``soft``: numbers that may be."""

    stated: list[Fact] = field(default_factory=list)
    soft: set[str] = field(default_factory=set)

    def lacking(self, other: Facts) -> list[Fact]:
        """What is stated here and not there, each once."""
        alone = [
            fact
            for fact in self.stated
            if not any(fact.fits(there) for there in other.stated)
            and not (fact.kind == "number" and fact.value[0] in other.soft)
        ]
        return list({(fact.kind, fact.value, fact.unit): fact for fact in alone}.values())


MAX_DIGITS = 30
"""Of a number that is counted in thousands or 万."""

_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"({'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_HALF = "上午|下午|晚上|凌晨|中午|早上|夜里"
_LATE = ("下午", "晚上", "夜里", "pm")
_APART = r"(?<![\w.])(?<!\d[-/:])"


def facts_of(text: str) -> Facts:
    """Of a sentence or a paragraph, in either language."""
    facts = Facts()
    rest = normalize("NFKC", text).replace("\u2212", "-").replace("\u00a0", " ")
    for pattern, read in _READERS:
        rest = pattern.sub(partial(_taken, facts, read), rest)
    for match in ENGLISH_SOFT.finditer(rest):
        facts.soft.add(f"{english_value(match.group())}")
    facts.soft |= {f"{han_value(match.group())}" for match in HAN_SINGLE.finditer(rest)}
    return facts


def _taken(facts: Facts, read: Callable[[re.Match[str]], Iterator[Fact]], match: re.Match[str]) -> str:
    found = list(read(match))
    facts.stated += found
    return " \u0001 " if found else match.group()


def _code(match: re.Match[str]) -> Iterator[Fact]:
    shown = match.group().rstrip(".-_:/\\")
    letters = shown.lower().replace("-", "") if "\\" not in shown and "/" not in shown else shown.lower()
    yield Fact("code", (letters,), None, shown)


def _identifier(match: re.Match[str]) -> Iterator[Fact]:
    shown = match.group().rstrip(".-_")
    if not re.search(r"\d", shown) or not re.search(r"[A-Za-z]", shown):
        return
    if _NO_IDENTIFIER.fullmatch(shown):
        return
    yield Fact("code", (shown.lower().replace("-", "").replace("_", ""),), None, shown)


def _date(year: str | None, month: str | int, day: str | None, shown: str) -> Iterator[Fact]:
    yield Fact(
        "date", (int(year) if year else None, int(month), int(day) if day else None), None, shown.strip()
    )


def _slashed(match: re.Match[str]) -> Iterator[Fact]:
    """Where both may be the month, the first is, as Windows in English has it."""
    one, two, year = match.groups()
    month, day = (two, one) if int(one) > 12 else (one, two)
    yield from _date(year, month, day, match.group())


def _time(match: re.Match[str]) -> Iterator[Fact]:
    groups = match.groupdict()
    hour, minute, second = match["hour"], groups.get("minute"), groups.get("second")
    said = (groups.get("half") or groups.get("after") or "").lower().replace(".", "")
    hours = int(hour) % 12 + (12 if said in _LATE else 0) if said and said != "中午" else int(hour)
    minutes = 30 if minute == "半" else int(minute or 0)
    yield Fact("time", (hours, minutes, int(second) if second else None), None, match.group().strip())


def _number(match: re.Match[str]) -> Iterator[Fact]:
    digits = match["whole"].replace(",", "") + (match["decimals"] or "")
    whole = digits if "." in digits else (digits.lstrip("0") or "0")
    factor = MULTIPLIERS.get((match["factor"] or "").strip(" -").lower())
    if factor and len(digits) < MAX_DIGITS and digits.count(".") < 2:
        whole = f"{Decimal(digits) * factor:f}"
        whole = whole.rstrip("0").rstrip(".") if "." in whole else whole
    unit = UNITS.get((match["unit"] or "").strip(" -").lower())
    sign = match["sign"] if match["sign"] == "-" else ""
    kind = "percent" if unit == "%" else "number"
    yield Fact(kind, (sign + whole,), None if unit == "%" else unit, match.group().strip(" -"))


def _per_cent(match: re.Match[str]) -> Iterator[Fact]:
    value = match.group(1)
    yield Fact("percent", (value if value[0].isdigit() else f"{han_value(value)}",), None, match.group())


def _han(match: re.Match[str]) -> Iterator[Fact]:
    unit = UNITS.get((match["unit"] or "").strip().lower())
    yield Fact("number", (f"{han_value(match['han'])}",), unit, match.group().strip())


def _english(match: re.Match[str]) -> Iterator[Fact]:
    unit = UNITS.get((match["unit"] or "").strip(" -").lower())
    yield Fact("number", (f"{english_value(match['words'])}",), unit, match.group().strip())


_UNIT = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
_FACTOR = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
_NO_IDENTIFIER = re.compile(
    r"\d{1,15}(?:st|nd|rd|th)|v?\d{1,6}(?:\.\d{1,6}){0,4}|\d{1,15}-[A-Za-z]{1,20}"
    rf"|\d{{1,15}}(?:\.\d{{1,6}})?(?:{_UNIT}|k|am|pm)",
    re.IGNORECASE,
)
"""Ordinals, versions, “24-hour”, “4GB”: numbers."""
_UNIT_AFTER = rf"(?P<unit>[\s-]?(?:(?:working|business|full|more)\s)?(?:{_UNIT})(?![A-Za-z]))?"

_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Fact]]], ...] = (
    (re.compile(r"https?://[^\s<>\"'“”‘’()（），。；、]{1,500}"), _code),
    (
        re.compile(
            r"(?<![A-Za-z])(?:[A-Za-z]:|%\w{1,30}%|HK[A-Z]{2,30}|\\)\\"
            r"(?:[\w .()+&~$-]{1,80}\\){0,20}[\w.+&~$()-]{1,120}"
        ),
        _code,
    ),
    (
        re.compile(
            r"(?<![\w-])(?:\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?|[0-9A-Fa-f]{32,128})"
        ),
        _code,
    ),
    (
        re.compile(rf"{_APART}((?:19|20)\d\d)([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!\d|[-/.]\d)(?:T(?=\d))?"),
        lambda match: _date(match[1], match[3], match[4], match.group()),
    ),
    (re.compile(rf"{_APART}(\d{{1,2}})/(\d{{1,2}})/((?:19|20)\d\d)(?!\d)"), _slashed),
    (
        re.compile(r"(?:(\d{4})\s?年\s?)?(?<!\d)(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]"),
        lambda match: _date(match[1], match[2], match[3], match.group()),
    ),
    (
        re.compile(r"(?:(\d{4})\s?年\s?)?(?<!\d)(1[0-2]|0?[1-9])\s?月(?!\d)"),
        lambda match: _date(match[1], match[2], None, match.group()),
    ),
    (
        re.compile(r"([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]"),
        lambda match: _date(None, han_value(match[1]), f"{han_value(match[2])}", match.group()),
    ),
    (
        re.compile(rf"\b{_MONTH}\s?{_DAY}(?!\d|:\d)(?:,?\s((?:19|20)\d\d)\b)?", re.IGNORECASE),
        lambda match: _date(match[3], MONTHS[match[1].lower()], match[2], match.group()),
    ),
    (
        re.compile(rf"(?<![\w.:]){_DAY}\s(?:of\s)?{_MONTH}(?:,?\s((?:19|20)\d\d)\b)?", re.IGNORECASE),
        lambda match: _date(match[3], MONTHS[match[2].lower()], match[1], match.group()),
    ),
    (
        re.compile(rf"\b(?!May\b(?!\s(?:19|20)\d\d))(?=[A-Z])(?i:{_MONTH})(?:\s((?:19|20)\d\d)\b)?"),
        lambda match: _date(match[2], MONTHS[match[1].lower()], None, match.group()),
    ),
    (
        re.compile(
            rf"(?<![\d.:])(?:(?P<half>{_HALF})\s?)?(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)"
            r"(?::(?P<second>[0-5]\d)(?:\.\d{1,9})?)?(?!\d|:\d)(?:\s?(?P<after>[AaPp]\.?[Mm]\b\.?))?"
        ),
        _time,
    ),
    (
        re.compile(
            rf"(?<![\d.:])(?:(?P<half>{_HALF})\s?)?(?P<hour>[01]?\d|2[0-4])\s?[点时]\s?"
            r"(?P<minute>[0-5]?\d(?=\s?分)|半)(?:\s?分)?(?:(?P<second>[0-5]?\d)\s?秒)?"
        ),
        _time,
    ),
    (
        re.compile(rf"(?<![\d.:])(?P<half>{_HALF})\s?(?P<hour>[01]?\d|2[0-4])\s?[点时]钟?"),
        _time,
    ),
    (
        re.compile(r"(?<![\d.:])(?P<hour>1?\d)\s?(?P<after>[AaPp]\.?[Mm]\b\.?)"),
        _time,
    ),
    (re.compile(r"(?<![\w\\])[A-Za-z0-9][\w.$-]{1,200}"), _identifier),
    (re.compile(r"百分之\s?([一二两三四五六七八九十百]{1,6}|\d{1,9}(?:\.\d{1,9})?)"), _per_cent),
    (
        re.compile(
            r"(?P<sign>(?<![\w.)）])[-+](?=\d))?(?P<whole>(?<!\d)\d{1,3}(?:,\d{3})+(?![\d,])|\d+)"
            rf"(?P<decimals>(?:\.\d+)*)(?P<factor>\s?(?:{_FACTOR})(?![A-Za-z]))?"
            rf"(?:st|nd|rd|th)?\s?个?{_UNIT_AFTER}",
            re.IGNORECASE,
        ),
        _number,
    ),
    (re.compile(rf"(?P<han>{HAN_COMPOSITE})\s?个?(?P<unit>{_UNIT})?"), _han),
    (re.compile(rf"(?P<han>{HAN_COUNTED})个?(?P<unit>{_UNIT})?"), _han),
    (re.compile(rf"\b(?P<words>{ENGLISH_HARD})\b{_UNIT_AFTER}", re.IGNORECASE), _english),
)
