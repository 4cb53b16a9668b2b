"""Whether a post says that the trouble is over, or that it is not. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from cases.thread.patterns import either
from cases.wording.in_part import LEFT_OVER
from cases.wording.not_now import ASKED, SUPPOSED, is_past, is_remembered
from cases.wording.own_words import MARKED, own_words
from cases.wording.trouble import NOT_AGAIN, SOLVED, UNSOLVED

MAX_READ = 2_000
"""Characters of a post that are read for what it says."""

_CLAUSE_ENDS = re.compile(r"[。!;,、\n~]+|\.(?=\s|$)|(?<=\?)")

_ALL = "all"
_OF_ALL = re.compile(r"都|全部|所有|一切|\b(?:all|both|every\w{0,5})\b")
_THING = re.compile(
    either(r"""
    第[一二三四五六七八九十两\d]{1,3}(?:台|套|项|点|号|个(?!方法|办法|方案|步骤|补丁|建议))(?!.{0,4}后)
    (?:(?<![a-z\d])[a-z\d]{1,3}|[一二三四五六七八九十甲乙丙])\s?(?:号机?|机|服务器|节点|楼)(?!.{0,4}后)
    (?:另外?一?[台个]|主机|备机)(?!.{0,4}后)|问题[一二三四五\d]
    \b(?:server|node|machine|pc|computer|host|client|site|printer|vm|cluster) ?#?(?:[a-z]|\d{1,4}|one|two)\b
    \b(?:issue|problem) ?#?(?:[a-h]|\d{1,2}|one|two)\b
    \bthe (?:first|second|third|other|last)(?= (?:one|server|node|machine|pc|computer|host|is|works?)\b)
    """)
)
_SPACES = re.compile(r"\s")


def says_unsolved(text: str) -> bool:
    """Whether a post says that the trouble is still there, or there again."""
    return is_unsolved(own_words(text))


def says_solved(text: str) -> bool:
    """Whether a post says that the trouble is over, and nothing to the contrary."""
    words = own_words(text)
    return any(map(_is_over, clauses(words))) and not (is_unsolved(words) or MARKED.search(words))


def is_unsolved(words: str) -> bool:
    """As ``says_unsolved``, of ``own_words``."""
    over: set[str] = set()
    said = [*clauses(words)]
    if any(_is_over(first) and LEFT_OVER.fullmatch(second) for first, second in pairwise(said)):
        return True
    for clause in reversed(said):
        things = _things(clause)
        if tells_of_trouble(clause) and not is_past(clause, is_over_later=things <= over or _ALL in over):
            return True
        if _is_over(clause):
            over |= things
    return False


def _things(clause: str) -> set[str]:
    """Which of several machines or matters a clause speaks of."""
    named = {_SPACES.sub("", found[0]) for found in _THING.finditer(clause)}
    return named if named and not _OF_ALL.search(clause) else {_ALL}


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
