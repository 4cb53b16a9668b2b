"""A Sigma condition as a tree: ``selection and not 1 of filter_*``.

Source: the Sigma specification, "Condition", version 2. Words may be written in any case.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from engine.rules.sigma_strings import Entry

MAX_DEPTH = 100
_TOKEN = re.compile(r"\s*(?:([()|])|([^\s()|]+))")
_QUANTITIES = {"1": "or", "any": "or", "all": "and"}
_WORDS = frozenset(("and", "or", "not", "of"))
_AGGREGATIONS = (
    "Sigma's older aggregations (“| count() > 5”, “| near”) are not supported: a correlation says the same"
)


class BadCondition(ValueError):
    """The condition cannot be read; the argument says why (English)."""


@dataclass(frozen=True)
class Test:
    """A field is held against ``entries`` (as ``engine.index.fitting`` reads them), of which any or ``all``
    must fit; ``null`` asks for its absence too. Without a ``field`` the entries are looked for anywhere.
    ``exists`` asks whether there is the field; ``other`` is a field that it is held against, as
    ``entries[0][0]`` says."""

    field: str | None
    entries: tuple[Entry, ...] = ()
    null: bool = False
    all: bool = False
    cased: bool = False
    exists: bool | None = None
    other: str | None = None


@dataclass(frozen=True)
class Node:
    """``and``, ``or``, ``not``; ``not`` has one part."""

    kind: str
    parts: tuple["Tree", ...] = field(default=())


Tree = Test | Node


def joined(kind: str, parts: list[Tree]) -> Tree:
    """The parts under one node, or the only one as it is."""
    return parts[0] if len(parts) == 1 else Node(kind, tuple(parts))


def parsed(condition: str, detections: Mapping[str, Any], tree: Callable[[str], Tree]) -> Tree:
    """The tree of a condition; ``tree`` makes that of a named detection. Raises ``BadCondition``."""
    tokens: list[str] = []
    place = 0
    condition = condition.rstrip()
    while place < len(condition):
        match = _TOKEN.match(condition, place)
        if match is None:
            raise BadCondition(f"the condition {condition[:200]!r} cannot be read")
        tokens.append(match[1] or match[2])
        place = match.end()
    if "|" in tokens:
        raise BadCondition(_AGGREGATIONS)
    reader = _Reader(tokens, condition, detections, tree)
    result = reader.either(0)
    if reader.rest:
        raise reader.bad()
    return result


class _Reader:
    def __init__(
        self, tokens: list[str], condition: str, detections: Mapping[str, Any], tree: Callable[[str], Tree]
    ) -> None:
        self.rest = tokens[::-1]
        self._condition, self._detections, self._tree = condition[:200], detections, tree

    def bad(self) -> BadCondition:
        if not self.rest:
            return BadCondition(f"the condition {self._condition!r} cannot be parsed: it ends too early")
        return BadCondition(f"the condition {self._condition!r} cannot be parsed at {self.rest[-1][:100]!r}")

    def _next_is(self, word: str) -> bool:
        if self.rest and self.rest[-1].casefold() == word:
            self.rest.pop()
            return True
        return False

    def either(self, depth: int) -> Tree:
        parts = [self._both(depth)]
        while self._next_is("or"):
            parts.append(self._both(depth))
        return joined("or", parts)

    def _both(self, depth: int) -> Tree:
        parts = [self._single(depth)]
        while self._next_is("and"):
            parts.append(self._single(depth))
        return joined("and", parts)

    def _single(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise BadCondition(f"the condition is nested deeper than {MAX_DEPTH}")
        if self._next_is("not"):
            return Node("not", (self._single(depth + 1),))
        if self._next_is("("):
            inner = self.either(depth + 1)
            if not self._next_is(")"):
                raise self.bad()
            return inner
        if not self.rest:
            raise self.bad()
        word = self.rest.pop()
        if len(self.rest) > 1 and self.rest[-1].casefold() == "of":
            return self._of(word)
        if word in self._detections:
            return self._tree(word)
        if word.casefold() in _WORDS or word == ")":
            self.rest.append(word)
            raise self.bad()
        raise BadCondition(f"the condition names the detection {word[:100]!r}, which is not there")

    def _of(self, quantity: str) -> Tree:
        kind = _QUANTITIES.get(quantity.casefold())
        self.rest.pop()
        pattern = self.rest.pop()
        if kind is None:
            raise BadCondition(f"“{quantity[:20]} of” is not supported: only “1 of”, “any of” and “all of”")
        if pattern.casefold() == "them":
            names = [name for name in self._detections if not name.startswith("_")]
        elif any(sign in pattern for sign in "?["):
            raise BadCondition(f"the pattern {pattern[:100]!r} of detections cannot be read")
        else:
            names = [name for name in self._detections if fnmatchcase(name, pattern)]
        if not names:
            raise BadCondition(f"no detection is called like {pattern[:100]!r}")
        return joined(kind, [self._tree(name) for name in names])
