"""What can bring about what: a cause stands before its consequences, however grave these are.

``consequences.yaml`` says of each rule which others its trouble brings about, and how soon. Where both were
found on one machine and the times fit, the consequence is explained. So is the failure of a service by what
was written just before it and names that service: its own error, in whatever log.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from engine.findings import Finding, Severity
from engine.messages.data_files import read_yaml
from engine.phrases import joined
from engine.service_names import PROVIDER
from engine.text import text

FILE = Path(__file__).with_name("consequences.yaml")

SERVICES: Final[Mapping[str, tuple[str, ...]]] = {
    "service-ended-with-error": ("ServiceKey", "param1"),
    "service-terminated-unexpectedly": ("ServiceKey", "param1"),
    "service-start-failed": ("ServiceKey", "param1"),
    "service-hung-on-start": ("ServiceKey", "param1"),
    "service-start-timeout": ("ServiceKey", "param2"),
    "service-recovery-failed": ("ServiceKey", "param3"),
}
"""Rules about failures of services, and the fields that name the service."""
MAX_SAID: Final = 20_000
"""Characters of a record in which a name is looked for."""
_PROGRAM = re.compile(r"([^\s\\/:\"<>|]{1,100})\.(?:exe|dll)\b")


@dataclass(frozen=True)
class Link:
    """A consequence begins at most ``within`` seconds after its cause was there, and at most ``before`` it
    (a cause that is written down at the next start, or is found out by a test). ``by_name``: a file, of
    whose change nobody knows the moment, is named by the consequence."""

    within: float
    before: float
    by_name: bool = False


JUST_BEFORE: Final = Link(within=60, before=5)
"""A record that names the service that failed; the two logs do not write at once."""


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
            if link is None and (finding.rule, candidate.rule) not in known and _names(candidate, finding):
                link = JUST_BEFORE
            if link is not None and other != place and _fits(candidate, finding, link):
                causes.setdefault(place, []).append(other)
    return causes


def _names(cause: Finding, failure: Finding) -> bool:
    """Whether somebody else than the Service Control Manager names the service that failed: by a value, by a
    program that is called so (“Label Agent” is LabelAgent.exe), or by several words in a text."""
    fields = SERVICES.get(failure.rule)
    if (
        not fields
        or cause.severity is Severity.INFO
        or cause.values.get("Provider_Name", PROVIDER) == PROVIDER
    ):
        return False
    names = {failure.values.get(field, "").strip().casefold() for field in fields} - {""}
    said = "\n".join(cause.values.values())[:MAX_SAID].casefold()
    bare = {name.replace(" ", "") for name in names}
    return (
        not names.isdisjoint(map(str.strip, said.splitlines()))
        or not bare.isdisjoint(program[1] for program in _PROGRAM.finditer(said))
        or any(" " in name and name in said for name in names)
    )


def with_causes(findings: Sequence[Finding], causes: Mapping[int, Sequence[int]]) -> list[Finding]:
    """The findings; that of a service that failed says what was written of it just before."""
    told = list(findings)
    for place, others in causes.items():
        finding = findings[place]
        before = [
            findings[other]
            for other in others
            if findings[other].rule not in SERVICES and _fits(findings[other], finding, JUST_BEFORE)
        ]
        if finding.rule in SERVICES and before:
            zh, en = before[0].title["zh-hans"], before[0].title["en"]
            said = text(
                f"前后一分钟内还有“{zh}”，请先看那一条。",
                f"Within a minute of it there was “{en}”; see that first.",
            )
            told[place] = replace(finding, summary=joined([finding.summary, said]))
    return told


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
