"""A line of a mail as clauses of known words, and the steps that a clause names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.advice.vocabulary import (
    AFTER_STEPS,
    BARE,
    EXPLICIT,
    NUMBERS,
    PART,
    RANGES,
    TOKEN,
    UNKNOWN,
    Word,
)

Clause = list[tuple[Word, str]]
"""Each word and what it is."""
DONE = (Word.DONE, Word.DONE_AFTER)


def sentences(text: str) -> Iterator[list[Clause]]:
    """A line as sentences of clauses of words."""
    sentence: list[Clause] = [[]]
    for word, value in _words(text):
        if word == Word.END:
            yield sentence
            sentence = [[]]
        elif word == Word.BREAK:
            sentence.append([])
        elif word != Word.FILLER or value.strip():
            if word == Word.STEPS and _is_whole(sentence[-1]):
                sentence.append([])
            sentence[-1].append((word, value))
            if word == Word.ASKED:
                sentence.append([])
    yield sentence


def _is_whole(clause: Clause) -> bool:
    """Whether it names a step and says something of it: what follows is about another."""
    kinds = [word for word, _value in clause]
    return Word.STEPS in kinds and any(
        word in (Word.UNDONE, *DONE) for word in kinds[kinds.index(Word.STEPS) :]
    )


def _words(text: str) -> Iterator[tuple[Word, str]]:
    place = 0
    while place < len(text):
        if match := EXPLICIT.match(text, place) or BARE.match(text, place):
            yield Word.STEPS, match.group()
            match = AFTER_STEPS.match(text, match.end())
        elif match := TOKEN.match(text, place):
            yield Word[_kind(match.groupdict())], match.group()
        else:
            match = UNKNOWN.match(text, place)
            yield Word.UNKNOWN, text[place]
        place = max(place + 1, match.end() if match else 0)


def _kind(groups: Mapping[str, str | None]) -> str:
    return next(name for name in Word.__members__ if groups.get(name) is not None)


def places_named(named: str, count: int) -> set[int] | None:
    """“1、3”, “1-3”, “步骤一和步骤三” as places; ``None`` where one is not of the advice."""
    places: list[int] = []
    found: set[int] = set()
    for join, number in PART.findall(named):
        place = (int(number) if number.isdecimal() else NUMBERS[number]) - 1
        if not 0 <= place < count:
            return None
        found |= set(range(places[-1], place + 1)) if places and join.strip() in RANGES else {place}
        places.append(place)
    return found or None


def counts_all(every: str, count: int) -> bool:
    """Whether “all three steps” are as many as there are."""
    match = TOKEN.match(every)
    named = match and (match["count"] or match["named"])
    if every.startswith("both") or named in ("两", "二"):
        return count == 2
    return not named or (int(named) if named.isdecimal() else NUMBERS.get(named)) == count
