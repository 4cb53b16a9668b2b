"""How well the findings of an analysis name the cause of a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from benchmarks.diagnosis.background import HARMLESS
from benchmarks.diagnosis.scenario import Scenario
from engine.analyzers.unexplained import new_errors
from engine.conclusions.matters import APART, records
from engine.findings import Severity
from engine.schema.document import FindingEntry


@dataclass(frozen=True)
class Verdict:
    """``place`` of the first finding that names the cause, from 1, 0 where none does; ``unnamed``: what that
    finding does not name; ``first``: the rule that stands first; ``noise``: rules of findings above
    information that have nothing to do with the trouble; ``false``: what is said and is false; ``told``: the
    place of the first new error that no rule knows and that names what must be named, 0 where none does;
    ``twice``: pairs of rules that tell of the same records."""

    scenario: Scenario
    place: int
    unnamed: tuple[str, ...]
    first: str
    noise: tuple[str, ...]
    false: tuple[str, ...]
    told: int = 0
    twice: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """The cause stands first, and names what it is about."""
        return self.place == 1 and not self.unnamed

    @property
    def is_among(self) -> bool:
        """It stands among the first three, and names what it is about."""
        return 0 < self.place <= 3 and not self.unnamed


def verdict(scenario: Scenario, findings: Sequence[FindingEntry]) -> Verdict:
    """Holds the findings, in their order, against the scenario."""
    causes = [place for place, finding in enumerate(findings) if finding.rule in scenario.causes]
    naming = [place for place in causes if not _unnamed(scenario, findings[place])]
    chosen = (naming or causes or [-1])[0]
    known = scenario.causes | scenario.with_it | {new_errors.RULE}
    new = [place for place, finding in enumerate(findings, 1) if finding.rule == new_errors.RULE]
    return Verdict(
        scenario,
        chosen + 1,
        _unnamed(scenario, findings[chosen]) if causes else scenario.named,
        findings[0].rule if findings else "",
        tuple(
            finding.rule
            for finding in findings
            if finding.severity is not Severity.INFO
            and (finding.rule not in known or any(name in finding.title["en"] for name in HARMLESS))
        ),
        tuple(words for words in scenario.false if any(words in _said(finding) for finding in findings)),
        next((place for place in new if not _unnamed(scenario, findings[place - 1])), 0),
        told_twice(findings),
    )


def told_twice(findings: Sequence[FindingEntry]) -> tuple[str, ...]:
    """Rules of findings of one machine that share more than half of the records that one of them cites."""
    cited = [(finding, records(finding)) for finding in findings if finding.rule not in APART]
    return tuple(
        f"{one.rule} and {other.rule}"
        for (one, mine), (other, theirs) in combinations(cited, 2)
        if one.computer == other.computer and 2 * len(mine & theirs) > min(len(mine), len(theirs))
    )


def _unnamed(scenario: Scenario, finding: FindingEntry) -> tuple[str, ...]:
    said = (finding.title["en"] + " " + finding.summary["en"]).casefold()
    return tuple(name for name in scenario.named if name.casefold() not in said)


def _said(finding: FindingEntry) -> str:
    return " ".join((finding.title["en"], finding.summary["en"], finding.advice["en"]))
