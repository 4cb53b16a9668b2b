"""Whether two states are one content: by their hashes, by their sizes, and how surely.

Two different hashes of one algorithm prove two contents, whichever algorithm it is. Equal ones prove one
content as far as nobody can make a second file of the same hash; for MD5 and SHA-1 somebody can.
Source: NIST, "Policy on Hash Functions"; RFC 6151 (MD5), RFC 6194 (SHA-1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

SHA256 = "SHA256"
NAMES = {
    SHA256: "SHA-256",
    "SHA512": "SHA-512",
    "SHA384": "SHA-384",
    "SHA1": "SHA-1",
    "MD5": "MD5",
}
"""What the algorithms are called, the most trusted first."""

WEAK = frozenset({"SHA1", "MD5", "RIPEMD160"})
NO_PROOF_OF_EQUALITY = frozenset({"CRC32", "CRC64", "ADLER32"})
"""So short that two files of one value are no rarity."""

KEYED = frozenset({"MACTRIPLEDES"})
"""Differ with the key, so they tell nothing."""

MAX_SLIP_DIGITS = 2
"""Up to so many differing digits are a slip: of two SHA-256, chance gives 60 of 64."""

MIN_SLIP_LENGTH = 32
"""Shorter values may come so near by chance."""

MAX_COMPARED = 300
"""States of one file that are held against each other."""


class HasContent(Protocol):
    """What tells of a content: of a ``FileState`` and of a ``ComparedState``."""

    @property
    def sha256(self) -> str | None: ...
    @property
    def other_hashes(self) -> Mapping[str, str]: ...
    @property
    def size(self) -> int | None: ...
    @property
    def absent(self) -> bool: ...


class Relation(StrEnum):
    """Of the contents of two states."""

    SAME = "same"
    SLIP = "slip"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Held:
    """One state held against another. ``by`` is the algorithm that decides, ``size``, ``absence``, or
    empty; ``digits`` are the differing places (from 1) of that hash; ``delta`` the bytes that the first
    has more; ``unlike`` says that both have hashes, of different algorithms."""

    relation: Relation
    by: str = ""
    digits: tuple[int, ...] = ()
    delta: int | None = None
    unlike: bool = False

    @property
    def weak(self) -> bool:
        """The equality rests on an algorithm for which a second file can be made."""
        return self.relation is Relation.SAME and self.by in WEAK


def hashes_of(state: HasContent) -> dict[str, str]:
    """All hashes by algorithm, the most trusted first."""
    known = {name: value.upper() for name, value in state.other_hashes.items() if name not in KEYED}
    if state.sha256:
        known[SHA256] = state.sha256
    order = [*(name for name in NAMES if name in known), *sorted(set(known) - set(NAMES))]
    return {name: known[name] for name in order}


def best_hash(state: HasContent) -> tuple[str, str] | None:
    """The most trusted hash with its algorithm."""
    return next(iter(hashes_of(state).items()), None)


def held(mine: HasContent, theirs: HasContent) -> Held:
    """``mine`` against ``theirs``."""
    if mine.absent or theirs.absent:
        both = mine.absent and theirs.absent
        return Held(Relation.SAME if both else Relation.DIFFERENT, "absence")
    delta = mine.size - theirs.size if mine.size is not None and theirs.size is not None else None
    my_hashes, their_hashes = hashes_of(mine), hashes_of(theirs)
    common = [name for name in my_hashes if name in their_hashes]
    for name in common:
        digits = differing(my_hashes[name], their_hashes[name])
        if digits:
            near = len(digits) <= MAX_SLIP_DIGITS and len(my_hashes[name]) >= MIN_SLIP_LENGTH and not delta
            return Held(Relation.SLIP if near else Relation.DIFFERENT, name, digits, delta)
    proof = next((name for name in common if name not in NO_PROOF_OF_EQUALITY), None)
    if proof and (not delta or proof not in WEAK):
        return Held(Relation.SAME, proof, (), delta)
    unlike = bool(my_hashes and their_hashes and not common)
    if delta:
        return Held(Relation.DIFFERENT, "size", (), delta, unlike)
    return Held(Relation.UNKNOWN, "", (), delta, unlike)


def differing(mine: str, theirs: str) -> tuple[int, ...]:
    """Places from 1 at which two hashes differ; all of them where they are not of one length."""
    if len(mine) != len(theirs):
        return tuple(range(1, max(len(mine), len(theirs)) + 1))
    return tuple(place for place, (a, b) in enumerate(zip(mine, theirs, strict=True), start=1) if a != b)


def classes(states: Sequence[HasContent]) -> list[int | None]:
    """A number for each content in order of appearance; a slip has that of what it was copied from.
    ``None`` where it cannot be told which of them a state is."""
    members: list[list[HasContent]] = []
    found: dict[int, int | None] = {}
    # What bears a hash first: a size alone could be of several.
    order = sorted(range(min(len(states), MAX_COMPARED)), key=lambda at: best_hash(states[at]) is None)
    for at in order:
        found[at] = _number(states[at], members)
    first = list(dict.fromkeys(number for at in sorted(found) if (number := found[at]) is not None))
    return [
        first.index(number) if (number := found.get(at)) is not None else None for at in range(len(states))
    ]


def _number(state: HasContent, members: list[list[HasContent]]) -> int | None:
    certain = True
    slip: int | None = None
    for number, known in enumerate(members):
        for other in known:
            relation = held(state, other).relation
            if relation is Relation.SAME:
                known.append(state)
                return number
            if relation is Relation.SLIP and slip is None:
                slip = number
            certain = certain and relation is Relation.DIFFERENT
    if slip is not None:
        members[slip].append(state)
        return slip
    if not certain or not (state.absent or state.size is not None or hashes_of(state)):
        return None
    members.append([state])
    return len(members) - 1


def name_of(algorithm: str) -> str:
    """``SHA-256`` of ``SHA256``."""
    return NAMES.get(algorithm, algorithm)


def count_of(numbers: Iterable[int | None]) -> int:
    """How many different contents there are for certain."""
    return len({number for number in numbers if number is not None})
