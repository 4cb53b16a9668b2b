"""What a diagnosis is asked: a machine with one documented trouble, and what must be said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from benchmarks.diagnosis.machine import Language, Machine

Tell = Callable[[Machine], datetime]
"""Writes the trouble and its background to the machine; returns when the customer noticed it."""


@dataclass(frozen=True)
class Scenario:
    """``causes``: rules, a finding of any of which names the cause; ``named``: what its title or summary
    must name (program, file, driver, person, code's words), in English; ``with_it``: rules that may be told
    beside it because the trouble shows itself so, any of them below the cause; ``false``: what would be
    false here, as it would read in English; ``source``: where the trouble is documented."""

    name: str
    title: str
    source: str
    causes: frozenset[str]
    tell: Tell
    language: Language
    named: tuple[str, ...] = ()
    with_it: frozenset[str] = frozenset()
    false: tuple[str, ...] = ()


SCENARIOS: list[Scenario] = []


def scenario(
    title: str,
    *,
    source: str,
    causes: set[str],
    language: Language,
    named: tuple[str, ...] = (),
    with_it: set[str] | None = None,
    false: tuple[str, ...] = (),
) -> Callable[[Tell], Tell]:
    """Registers the function below it, whose name is the scenario's."""

    def register(tell: Tell) -> Tell:
        name = tell.__name__.replace("_", "-")
        assert name not in {known.name for known in SCENARIOS}, name
        rest = (named, frozenset(with_it or ()), false)
        SCENARIOS.append(Scenario(name, title, source, frozenset(causes), tell, language, *rest))
        return tell

    return register
