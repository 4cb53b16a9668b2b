"""The first sentence of a Chinese or English text. A dot inside a file name or a number ends none."""

from __future__ import annotations

import re

_CLOSERS = re.escape("”’\"')]）】」』》")
_END = re.compile(rf"[。！？]+[{_CLOSERS}]{{0,4}}|[.!?]{{1,4}}[{_CLOSERS}]{{0,4}}(?=\s|$|[\u2e80-\u9fff])")
_WORD = re.compile(r"\S{1,40}$")
_SHORTENED = frozenset({"e.g", "i.e", "cf", "vs", "approx", "ca", "mr", "mrs", "ms", "dr", "prof", "st"})
_BEFORE_NUMBERS = frozenset(
    {"no", "nos", "fig", "sec", "p", "pp", "v", "ver"}
    | {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
)


def first_sentence(text: str) -> tuple[str, str]:
    """The first sentence and the rest; all of a text without an end is its first sentence."""
    for end in _END.finditer(text):
        if _ends(text, end):
            return text[: end.end()].strip(), text[end.end() :].strip()
    return text.strip(), ""


def lead_and_rest(conclusion: str) -> tuple[str, list[str]]:
    """The conclusion in one sentence, and the paragraphs that follow."""
    first, *paragraphs = [part.strip() for part in conclusion.split("\n\n") if part.strip()] or [""]
    lead, rest = first_sentence(first)
    return lead, [*([rest] if rest else []), *paragraphs]


def _ends(text: str, end: re.Match[str]) -> bool:
    if not end.group().startswith("."):
        return True
    before = _WORD.search(text, max(0, end.start() - 40), end.start())
    word = before.group().lstrip("(（“\"'").lower() if before else ""
    after = text[end.end() : end.end() + 40].lstrip()
    if word in _SHORTENED or (word in _BEFORE_NUMBERS and after[:1].isdigit()):
        return False
    initial = len(word) == 1 and word.isalpha()
    return not (initial or _goes_on(after))


def _goes_on(after: str) -> bool:
    """Whether an English sentence goes on with this: a small letter, unless a file's name begins the next."""
    first = after.split(maxsplit=1)[0] if after.strip() else ""
    return first[:1].islower() and not re.search(r"[.\\/_\d]\w", first)
