"""What a mail says of the steps of an advice: “1. 已完成”, “steps 1 and 3 are done, 2 not yet”, a box that
is ticked in the copied list, a word beneath the quoted step.

A clause counts where all of it is understood (``vocabulary``); whatever is left of it, a question, a
condition, an exception, and it says nothing. So does a step of which a mail says both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import normalize

from analysis.advice.clauses import DONE, Clause, counts_all, places_named, sentences
from analysis.advice.vocabulary import (
    CHECKED,
    EVERY,
    EXAMPLE,
    EXPLICIT,
    GREETING,
    INTRODUCES,
    UNCHECKED,
    Word,
)
from analysis.reports.steps import NUMBER
from cases.thread.quote_lines import is_marked, unmarked
from cases.thread.quoting import SegmentKind, runs

MAX_LINES = 3_000
MAX_LINE = 400
"""Characters: longer lines are prose."""
MAX_READ = 20_000
"""Characters that are read word by word."""
MAX_STEPS = 60
MAX_WRAPPED = 12
"""Lines over which a quoted step may be wrapped."""
MIN_BEGINNING = 6
"""Letters of a step's text by which a ticked line is known as its first."""


def answered(text: str, steps: Iterable[Sequence[str]], *, direct: bool) -> dict[int, bool]:
    """By step, from 0, whether the mail says that it is done or that it is not done yet.

    ``text`` with all that it quotes. ``steps``: the same advice in each of its languages. ``direct``: the
    mail answers that of the report, so that numbers alone mean its steps, and what stands within an unmarked
    quotation is new.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MAX_LINES]
    answer = _Answer([side[:MAX_STEPS] for side in steps], direct=direct)
    for run in runs(lines):
        if run.kind == SegmentKind.WRITTEN or run.is_marked:
            answer.read(lines[run.start : run.end])
        elif run.kind == SegmentKind.QUOTED and run.header and direct:
            answer.read_beneath_steps(lines[run.header.end : run.end])
    return answer.result()


class _Answer:
    def __init__(self, steps: Sequence[Sequence[str]], *, direct: bool) -> None:
        self.direct = direct
        self.count = max(map(len, steps), default=0)
        self.texts = [
            (place, comparable)
            for side in steps
            for place, step in enumerate(side)
            if (comparable := _letters(step))
        ]
        self.words: dict[int, set[bool]] = {}
        self.quoted: list[str] = []
        self.above: set[int] = set()
        """The step whose text the lines above are, which a word alone is about."""
        self.is_about_others = False
        self.left = MAX_READ

    def result(self) -> dict[int, bool]:
        """Of each step that the mail speaks of in one way alone."""
        return {place: next(iter(words)) for place, words in sorted(self.words.items()) if len(words) == 1}

    def read(self, lines: Iterable[str]) -> None:
        """What somebody wrote, with marked lines of what she answers."""
        for line in lines:
            if is_marked(line):
                self._quote(unmarked(line))
            else:
                self._line(line)

    def read_beneath_steps(self, lines: Sequence[str]) -> None:
        """An unmarked quotation, down to the next header: words beneath the text of a step are new."""
        end = next((run.header.start for run in runs(lines) if run.header), len(lines))
        for line in lines[:end]:
            text = _plain(line)
            if not text:
                continue
            place, rest = self._by_text(text)
            if place is not None:
                self._after_text(place, rest)
            elif self.above:
                self._clauses(text, self.above, bare=False)
                self.above = set()

    def _quote(self, line: str) -> None:
        self.quoted = [*self.quoted, line][-MAX_WRAPPED:]
        text = _plain(line)
        place, rest = self._by_text(text)
        if self.direct and place is not None and rest:
            self._after_text(place, rest)

    def _quoted_step(self) -> set[int]:
        """The step with which the marked lines end, however they are wrapped."""
        quoted, self.quoted = [line for line in self.quoted if line.strip()], []
        for begin in range(len(quoted) - 1, -1, -1):
            place, rest = self._by_text(_plain(" ".join(quoted[begin:])))
            if place is not None:
                return set() if rest else {place}
            if NUMBER.match(quoted[begin]):
                break
        return set()

    def _line(self, line: str) -> None:
        text = _plain(line)
        if not text:
            self.is_about_others = False
            return
        if self.quoted:
            self.above = self._quoted_step()
        above, self.above = self.above, set()
        if len(text) > MAX_LINE or EXAMPLE.search(text):
            return
        text = GREETING.sub("", text, count=1) if GREETING.match(text) else text
        box, text = _box(text)
        place, rest = self._by_text(text)
        if place is not None:
            self._after_text(place, rest, box)
        elif box is None:
            bare = self.direct and not self.is_about_others
            understood = self._clauses(text, above, bare=bare)
            if text.endswith(":") and not understood and not INTRODUCES.search(text):
                self.is_about_others = True
        elif box and (ticked := self._beginning(text)) is not None:
            self._say({ticked}, done=True)

    def _after_text(self, place: int, rest: str, box: bool | None = None) -> None:
        if rest and box is None:
            self._clauses(rest, {place}, bare=False)
        elif box and not rest:
            self._say({place}, done=True)
        elif box is None:
            self.above = {place}

    def _by_text(self, text: str) -> tuple[int | None, str]:
        """The step whose whole text a line begins with, its number before it or not; and what follows."""
        number, text = _number(text)
        for place, letters in self.texts:
            rest = _after(text, letters)
            if rest is not None:
                return (place if number in (None, place) else None), rest
        return None, text

    def _beginning(self, text: str) -> int | None:
        """The step that a ticked line is the first line or the number of."""
        number, text = _number(text if NUMBER.match(text) else f"{text}. ")
        letters = _letters(text)
        if not letters:
            return number if self.direct and number is not None and 0 <= number < self.count else None
        fits = {
            place
            for place, whole in self.texts
            if len(letters) >= MIN_BEGINNING and whole.startswith(letters)
        }
        if number is not None:
            fits &= {number}
        return fits.pop() if len(fits) == 1 else None

    def _say(self, places: Iterable[int], *, done: bool) -> None:
        for place in places:
            self.words.setdefault(place, set()).add(done)

    def _clauses(self, text: str, about: set[int], *, bare: bool) -> bool:
        """Reads one line and says whether it understood all of it. ``about``: the steps that are meant
        until it names one."""
        self.left -= len(text)
        if self.left < 0:
            return False
        understood, is_first = True, True
        for sentence in sentences(text):
            said: list[tuple[set[int], bool]] = []
            for clause in sentence:
                steps, status = self._clause(clause, bare=bare)
                kinds = {word for word, _value in clause}
                if kinds & {Word.UNKNOWN, Word.ASKED, Word.UNCLEAR} or steps is None:
                    if kinds & {Word.ASKED, Word.UNCLEAR} and not steps:
                        # “…, except on one server”: what was said before it is not so.
                        said = said[:-1] if Word.ASKED not in kinds else []
                    understood, about, bare = False, set(), bare and bool(said)
                    is_first = False
                    continue
                if not steps and status is not None and is_first and not about and self._is_of_all(clause):
                    steps = set(range(self.count))
                about = steps or about
                if status is not None and about:
                    said.append((about, status))
                    about, bare = set(), bare or self._calls_them_steps(clause)
                is_first = False
            for places, done in said:
                self._say(places, done=done)
        return understood

    def _calls_them_steps(self, clause: Clause) -> bool:
        return any(word == Word.STEPS and EXPLICIT.match(value) for word, value in clause)

    def _is_of_all(self, clause: Clause) -> bool:
        return (
            self.direct and not self.words and bool(EVERY.search(" ".join(value for _word, value in clause)))
        )

    def _clause(self, clause: Clause, *, bare: bool) -> tuple[set[int] | None, bool | None]:
        """The steps that it names, ``None`` where they are not of the advice; and what it says of them."""
        steps: set[int] = set()
        statuses: set[bool] = set()
        for word, value in clause:
            if word == Word.STEPS:
                named = places_named(value, self.count)
                if named is None or not (bare or EXPLICIT.match(value)):
                    return None, None
                steps |= named
            elif word == Word.ALL:
                if not counts_all(value, self.count):
                    return None, None
                steps |= set(range(self.count))
            elif word == Word.AUXILIARY and not steps and not statuses and clause[0] == (word, value):
                return None, None
            elif word in (Word.UNDONE, *DONE):
                if word == Word.DONE_AFTER and not steps and any(later == Word.STEPS for later, _ in clause):
                    return None, None
                statuses.add(word != Word.UNDONE)
        if len(statuses) > 1:
            return None, None
        return steps, next(iter(statuses), None)


def _box(text: str) -> tuple[bool | None, str]:
    """Whether a box before a line is ticked; ``None`` without one. It may stand behind the number."""
    number = NUMBER.match(text)
    for begin in (0, number.end() if number else 0):
        for pattern, ticked in ((CHECKED, True), (UNCHECKED, False)):
            if match := pattern.match(text, begin):
                return ticked, text[:begin] + text[match.end() :]
    return None, text


def _number(text: str) -> tuple[int | None, str]:
    """The place that a line's number says, and the line without it."""
    match = NUMBER.match(text)
    if match is None:
        return None, text
    digits = "".join(letter for letter in match.group() if letter.isdecimal())
    return (int(digits) - 1 if digits else None), text[match.end() :]


def _plain(line: str) -> str:
    return " ".join(normalize("NFKC", line[: 4 * MAX_LINE]).lower().split())


def _letters(text: str) -> str:
    return "".join(letter for letter in _plain(text.replace("\n", " ")) if letter.isalnum())


def _after(text: str, letters: str) -> str | None:
    """What follows in a line that begins with these letters, whatever stands between them."""
    place = 0
    for index, letter in enumerate(text):
        if letter.isalnum():
            if letter != letters[place]:
                return None
            place += 1
            if place == len(letters):
                return text[index + 1 :].lstrip(" .,;:!。、()-–—\"'“”")
    return None
