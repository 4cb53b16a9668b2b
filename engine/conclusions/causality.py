"""What can bring about what: a cause stands before its consequences, however grave these are.

``consequences.yaml`` says of each rule which others its trouble brings about, and how soon. Where both were
found on one machine and the times fit, the consequence is explained.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.findings import Finding
from engine.messages.data_files import read_yaml

FILE = Path(__file__).with_name("consequences.yaml")


@dataclass(frozen=True)
class Link:
    """A consequence begins at most ``within`` seconds after its cause was there, and at most ``before`` it
    (a cause that is written down at the next start, or is found out by a test). ``by_name``: a file, of
    whose change nobody knows the moment, is named by the consequence."""

    within: float
    before: float
    by_name: bool = False


@cache
def links() -> Mapping[tuple[str, str], Link]:
    """By the names of two rules, the cause and its consequence; of two entries for a pair the later holds."""
    found: dict[tuple[str, str], Link] = {}
    table = read_yaml(FILE)
    families = table.pop("families")
    for cause, groups in table.items():
        for group in groups:
            within, before = float(group.get("within", 0)), float(group.get("before", 0))
            link = Link(within, before, group.get("by_name", False))
            consequences = [rule for name in group["brings"] for rule in families.get(name, [name])]
            found |= {(cause, rule): link for rule in consequences if rule != cause}
    return found


def explained(findings: Sequence[Finding]) -> dict[int, list[int]]:
    """For the place of each finding that others explain, the places of these."""
    known = links()
    causes: dict[int, list[int]] = {}
    for place, finding in enumerate(findings):
        for other, candidate in enumerate(findings):
            link = known.get((candidate.rule, finding.rule))
            if link is not None and other != place and _fits(candidate, finding, link):
                causes.setdefault(place, []).append(other)
    return causes


def causes_first(order: Sequence[int], causes: Mapping[int, Sequence[int]]) -> list[int]:
    """The same order, but each finding directly after the last of what explains it, if that stood below."""
    placed: list[int] = []
    done: set[int] = set()

    def put(place: int) -> None:
        if place in done:
            return
        done.add(place)
        for cause in sorted(causes.get(place, ()), key=rank.__getitem__):
            put(cause)
        placed.append(place)

    rank = {place: at for at, place in enumerate(order)}
    for place in order:
        put(place)
    return placed


def _fits(cause: Finding, consequence: Finding, link: Link) -> bool:
    """Whether at least half of the consequence's bursts begin while the cause was there, or soon after."""
    if link.by_name:
        name = (cause.data.file or "").casefold()
        return bool(name) and name in f"{consequence.title['en']} {consequence.summary['en']}".casefold()
    if cause.computer != consequence.computer or not cause.bursts:
        return False
    begins = [burst.first for burst in cause.bursts]
    fitting = 0
    for burst in consequence.bursts:
        # The latest that had begun ends latest, too: bursts of one finding do not overlap.
        latest = bisect_right(begins, burst.first + link.before) - 1
        fitting += latest >= 0 and burst.first <= cause.bursts[latest].last + link.within
    return 0 < len(consequence.bursts) <= 2 * fitting
