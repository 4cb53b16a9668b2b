"""Whether a post says that the trouble is over, or that it is not. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from cases.wording.in_part import LEFT_OVER
from cases.wording.not_now import ASKED, SUPPOSED, is_past, is_remembered
from cases.wording.own_words import MARKED, own_words
from cases.wording.trouble import NOT_AGAIN, SOLVED, UNSOLVED

MAX_READ = 2_000
"""Characters of a post that are read for what it says."""

_CLAUSE_ENDS = re.compile(r"[。!;,、\n~]+|\.(?=\s|$)|(?<=\?)")


def says_unsolved(text: str) -> bool:
    """Whether a post says that the trouble is still there, or there again."""
    return is_unsolved(own_words(text))


def says_solved(text: str) -> bool:
    """Whether a post says that the trouble is over, and nothing to the contrary."""
    words = own_words(text)
    return any(map(_is_over, clauses(words))) and not (is_unsolved(words) or MARKED.search(words))


def is_unsolved(words: str) -> bool:
    """As ``says_unsolved``, of ``own_words``."""
    is_over_later = False
    said = [*clauses(words)]
    if any(_is_over(first) and LEFT_OVER.fullmatch(second) for first, second in pairwise(said)):
        return True
    for clause in reversed(said):
        if tells_of_trouble(clause) and not is_past(clause, is_over_later=is_over_later):
            return True
        is_over_later = is_over_later or _is_over(clause)
    return False


def tells_of_trouble(clause: str) -> bool:
    """Whether a clause says so, of now or of another time."""
    return _is_said(UNSOLVED, NOT_AGAIN.sub(" – ", clause))


def _is_over(clause: str) -> bool:
    return _is_said(SOLVED, clause) and not ASKED.search(clause) and not is_remembered(clause)


def _is_said(pattern: re.Pattern[str], clause: str) -> bool:
    match = pattern.search(clause)
    return match is not None and not SUPPOSED.search(clause, 0, match.start())


def clauses(words: str) -> Iterator[str]:
    """The clauses of ``own_words``; each says something of its own."""
    return (clause.strip() for clause in _CLAUSE_ENDS.split(words[:MAX_READ]))
