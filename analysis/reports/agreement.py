"""Whether both languages of a text say the same: what can be compared are its facts and its steps.

A check of spelling, no translation: it says what differs and where, and a person says whether that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from analysis.reports.draft import drafted_conclusion
from analysis.reports.facts import Facts, facts_of
from analysis.reports.steps import lead_of, numbered, steps_of
from engine.text import LANGUAGES, in_language

if TYPE_CHECKING:
    from analysis.reports.models import Report

MAX_NAMED = 8
"""Facts that a sentence names."""
MAX_NAME = 80
"""Characters of one that are shown."""


_HAN = "[\u4e00-\u9fff]"
_ANYTHING = "[个项条种件份]"
_COUNT = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d{1,15}) ?"
    rf"([A-Za-z]{{3,30}}|{_ANYTHING}{_HAN}{{2}}|(?!{_ANYTHING}){_HAN})"
)
"""A number and what it counts: “个” counts anything, what that is stands behind it."""


@dataclass(frozen=True)
class Difference:
    """What stands in one language alone, as it is written there; or how many steps where the counts differ.
    ``place``: the paragraph, or of an advice the step, from 1; 0 for what stands before the steps, ``None``
    where the two cannot be held against each other part by part."""

    chinese: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    steps: tuple[int, int] | None = None
    place: int | None = None


def differences(text: Mapping[str, str], *, steps: bool = False) -> list[Difference]:
    """Of a text in both languages; empty where none is seen. A side without a word is compared with nothing.

    ``steps``: the text is an advice, and the same step is ticked in both languages.
    """
    sides = [text.get(language, "") for language in LANGUAGES]
    if not all(side.strip() for side in sides):
        return []
    parts = [[lead_of(side), *steps_of(side)] if steps else _paragraphs(side) for side in sides]
    found: list[Difference] = []
    if len(parts[0]) != len(parts[1]):
        if steps:
            found.append(Difference(steps=(len(parts[0]) - 1, len(parts[1]) - 1)))
        parts = [["\n".join(part)] for part in parts]
        places: list[int | None] = [None]
    else:
        places = [number if steps or len(parts[0]) > 1 else None for number in range(len(parts[0]))]
    for place, chinese, english in zip(places, *parts, strict=True):
        number = place if place is None or steps else place + 1
        found += _between(facts_of(chinese), facts_of(english), number)
    return found


def _between(chinese: Facts, english: Facts, place: int | None) -> Iterator[Difference]:
    only_chinese, only_english = (
        tuple(fact.shown[:MAX_NAME] for fact in side.lacking(other))
        for side, other in ((chinese, english), (english, chinese))
    )
    if only_chinese or only_english:
        yield Difference(only_chinese, only_english, place=place)


def what_is_apart(report: Report) -> list[str]:
    """In sentences: which language was not looked at since the other was changed, and what differs where."""
    return [sentence for sentences in apart_of(report).values() for sentence in sentences]


def apart_of(report: Report) -> dict[str, list[str]]:
    """By the name of a text, what is apart in it, or from the analysis; only those in which something is."""
    apart = {}
    for name, label in _labels().items():
        sentences = []
        if language := report.unconfirmed.get(name):
            sentence = _("%(text)s: %(side)s has not been confirmed since the other was changed.")
            sentences.append(sentence % {"text": label, "side": _side(language)})
        for each in differences(getattr(report, name), steps=name == "advice"):
            sentences += _said(each, label, name)
        if name == "conclusion":
            sentences += _contrary(report, label)
        if sentences:
            apart[name] = sentences
    return apart


def _contrary(report: Report, label: str) -> Iterator[str]:
    """Counts in the conclusion where the analysis, and the figures beside it, have another of the same."""
    drafted = drafted_conclusion(report.run, report.left_out)
    for language in LANGUAGES:
        written, known = _counts(report.conclusion.get(language, "")), _counts(in_language(drafted, language))
        for what in written.keys() & known.keys():
            other, gone = (
                [shown for number, shown in sorted(one.items()) if number not in another]
                for one, another in ((written[what], known[what]), (known[what], written[what]))
            )
            if other and gone:
                yield _("%(text)s: %(side)s says %(figures)s; the analysis has %(known)s.") % {
                    "text": label,
                    "side": _side(language),
                    "figures": _(", ").join(other[:MAX_NAMED]),
                    "known": _(", ").join(gone[:MAX_NAMED]),
                }


def _counts(text: str) -> dict[str, dict[int, str]]:
    """By the word that is counted its numbers, each as it stands in the text: “8 times”, “8 次”."""
    counts: dict[str, dict[int, str]] = {}
    for match in _COUNT.finditer(text):
        counts.setdefault(match[2].lower(), {})[int(match[1].replace(",", ""))] = match[0]
    return counts


def _said(apart: Difference, label: str, name: str) -> Iterator[str]:
    if apart.steps:
        yield _("%(text)s: %(chinese)s steps in Chinese, %(english)s in English.") % {
            "text": label,
            "chinese": apart.steps[0],
            "english": apart.steps[1],
        }
    where = label
    if apart.place:
        where = (_("%(text)s, step %(n)s") if name == "advice" else _("%(text)s, paragraph %(n)s")) % {
            "text": label,
            "n": apart.place,
        }
    for language, facts in zip(LANGUAGES, (apart.chinese, apart.english), strict=True):
        if facts:
            more = _(" and %(n)s more") % {"n": len(facts) - MAX_NAMED} if len(facts) > MAX_NAMED else ""
            yield _("%(text)s: only %(side)s has %(figures)s.") % {
                "text": where,
                "side": _side(language),
                "figures": _(", ").join(facts[:MAX_NAMED]) + more,
            }


def _side(language: str) -> str:
    return {"zh-hans": _("the Chinese text"), "en": _("the English text")}[language]


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
    return _paragraphs(text)


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
