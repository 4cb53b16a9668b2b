"""What an analyzer returns: findings with their evidence, and what it could not look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from engine.schema.evidence import Evidence
from engine.schema.facts import Facts
from engine.text import Text


class Severity(StrEnum):
    """How much a finding matters for the case, most first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Burst(NamedTuple):
    """Events of one finding that stand close together: first and last (seconds since 1970), how many."""

    first: float
    last: float
    events: int


SPELL = 300.0
"""Seconds between two events of one spell at most."""


@dataclass(frozen=True)
class Finding:
    """One conclusion that reads aloud, with its evidence.

    ``data`` carries the structured facts behind the sentence, for tables and charts.
    ``fingerprint`` is equal for the same signature in another case.
    ``gaps`` says whether missing data touches the conclusion. ``computer`` is the machine it is
    about, empty where that is no matter of events; ``bursts`` are when it happened, oldest first, and
    ``spells`` the same by gaps of five minutes at most (empty: as ``bursts``). ``values`` are fields of what
    it is about, several values on lines of their own; they tell which findings are one matter.
    """

    rule: str
    severity: Severity
    title: Text
    summary: Text
    advice: Text
    evidence: tuple[Evidence, ...]
    fingerprint: str
    data: Facts = field(default_factory=Facts)
    gaps: Text | None = None
    computer: str = ""
    bursts: tuple[Burst, ...] = ()
    spells: tuple[Burst, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


MAX_FINDINGS = 100
"""Findings of one rule that a result lists; nobody reads more, and a hostile bundle yields any number."""


@dataclass(frozen=True)
class Examined:
    """The rule read its input. ``records`` and ``unreadable`` count what it looked at,
    ``left_out`` the findings beyond ``MAX_FINDINGS``, which are not listed."""

    findings: tuple[Finding, ...]
    records: int
    unreadable: int = 0
    left_out: int = 0

    def gravest(self) -> "Examined":
        """The same with ``MAX_FINDINGS`` findings at most, the gravest in the rule's own order."""
        if len(self.findings) <= MAX_FINDINGS:
            return self
        order = list(Severity)
        kept = sorted(self.findings, key=lambda finding: order.index(finding.severity))[:MAX_FINDINGS]
        more = len(self.findings) - len(kept)
        return replace(self, findings=tuple(kept), left_out=self.left_out + more)


@dataclass(frozen=True)
class NotExamined:
    """The rule had nothing to read; ``missing_input`` says what would be needed."""

    missing_input: Text


@dataclass(frozen=True)
class Failed:
    """The rule broke; ``error`` is for the engineer, ``reason`` says it to all where it is known what broke.
    The other rules are untouched."""

    error: str
    reason: Text | None = None


Outcome = Examined | NotExamined | Failed
