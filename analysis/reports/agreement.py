"""Whether both languages of a text say the same: what can be compared are its numbers and its steps.

A check of spelling, no translation: it says what differs, and a person says whether that is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from analysis.reports.steps import NUMBER, lead_of, numbered, steps_of
from engine.text import LANGUAGES

if TYPE_CHECKING:
    from analysis.reports.models import Report

MAX_NAMED = 8
"""Numbers that a sentence names."""

FIGURE = re.compile(
    r"(?<![A-Za-z0-9_])(?<![A-Za-z]-)(\d{1,3}(?:,\d{3})+(?![\d,])|\d+)((?:\.\d+)*)(?![A-Za-z]{0,20}\d)\s?([万亿]?)"
)
"""A number that is no part of an identifier (“F1984C2D”, “CmAct64”)."""
TENS = {"万": 10_000, "亿": 100_000_000}
HAN = {
    han: f"{number}"
    for number, hans in enumerate(("一", "二两双", "三", "四", "五", "六", "七", "八", "九", "十"), 1)
    for han in hans
}
ENGLISH = {
    word: f"{number}"
    for number, words in enumerate(
        (
            *("one once first single a an january", "two twice second both february", "three third march"),
            *("four fourth april", "five fifth may", "six sixth june", "seven seventh july"),
            *("eight eighth august", "nine ninth september", "ten tenth october", "november", "december"),
        ),
        start=1,
    )
    for word in words.split()
}
"""Small numbers as each language may write them out, and the months, which Chinese numbers."""


@dataclass(frozen=True)
class Difference:
    """What stands in one language alone: numbers, and how many steps where the counts differ."""

    chinese: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    steps: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.chinese or self.english or self.steps)


def difference(text: Mapping[str, str], *, steps: bool = False) -> Difference:
    """Of a text in both languages. A side without a word is compared with nothing.

    A figure may be written out on the other side (“3 次”, “three times”), with 万, or as a month's name
    (also by its first three letters).
    ``steps``: the text is an advice, and the same step is ticked in both languages.
    """
    chinese, english = (_plain(text.get(language, "")) for language in ("zh-hans", "en"))
    if not chinese.strip() or not english.strip():
        return Difference()
    figures_zh, figures_en = _figures(chinese), _figures(english)
    spelled_zh = {HAN[letter] for letter in set(chinese) & HAN.keys()}
    spelled_en = {
        number
        for word in re.findall("[a-z]+", english.lower())
        for name, number in ENGLISH.items()
        if word == name or (len(word) == 3 and name.startswith(word))
    }
    counts = (len(steps_of(chinese)), len(steps_of(english)))
    return Difference(
        _sorted(figures_zh - figures_en - spelled_en),
        _sorted(figures_en - figures_zh - spelled_zh),
        counts if steps and counts[0] != counts[1] else None,
    )


def what_is_apart(report: Report) -> list[str]:
    """In sentences: which language was not looked at since the other was changed, and what differs."""
    sides = {"zh-hans": _("the Chinese text"), "en": _("the English text")}
    sentences = []
    for name, label in (
        ("conclusion", _("Conclusion")),
        ("advice", _("Advice")),
        ("change", _("What changed")),
    ):
        if language := report.unconfirmed.get(name):
            sentences.append(
                _("%(text)s: %(side)s has not been confirmed since the other was changed.")
                % {"text": label, "side": sides[language]}
            )
        apart = difference(getattr(report, name), steps=name == "advice")
        for language, figures in (("zh-hans", apart.chinese), ("en", apart.english)):
            if figures:
                sentences.append(
                    _("%(text)s: only %(side)s has %(figures)s.")
                    % {
                        "text": label,
                        "side": sides[language],
                        "figures": _(", ").join(figures[:MAX_NAMED]),
                    }
                )
        if apart.steps:
            sentences.append(
                _("%(text)s: %(chinese)s steps in Chinese, %(english)s in English.")
                % {"text": label, "chinese": apart.steps[0], "english": apart.steps[1]}
            )
    return sentences


def sides_of(report: Report) -> list[dict[str, Any]]:
    """Both languages side by side: of each text its ``label`` and ``rows`` of a Chinese and an English part
    (paragraphs; of advice, steps), and the ``unconfirmed`` language."""
    sides = []
    for name, label in _labels().items():
        chinese, english = (_parts(name, getattr(report, name).get(language, "")) for language in LANGUAGES)
        if chinese or english:
            rows = list(zip_longest(chinese, english, fillvalue=""))
            sides.append({"label": label, "rows": rows, "unconfirmed": report.unconfirmed.get(name, "")})
    return sides


def _labels() -> dict[str, str]:
    return {"conclusion": _("Conclusion"), "advice": _("Advice"), "change": _("What changed")}


def _parts(name: str, text: str) -> list[str]:
    if name == "advice":
        lead = lead_of(text)
        return [*([lead] if lead else []), *(numbered([step], n) for n, step in enumerate(steps_of(text), 1))]
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]


def _plain(text: str) -> str:
    """Full-width digits as plain ones; without the numbers of the steps."""
    return "\n".join(NUMBER.sub("", line) for line in unicodedata.normalize("NFKC", text).splitlines())


def _figures(text: str) -> set[str]:
    figures = set()
    for whole, rest, unit in FIGURE.findall(text):
        digits = whole.replace(",", "").lstrip("0") or "0"
        if unit:
            digits, rest = f"{round(float(digits[:30] + rest[:10]) * TENS[unit])}", ""
        figures.add(digits + rest)
    return figures


def _sorted(figures: set[str]) -> tuple[str, ...]:
    return tuple(sorted(figures, key=lambda figure: (len(figure), figure)))
