"""Is the right cause named first? Machines with one documented trouble each, in a month of ordinary events.

Each scenario (benchmarks/diagnosis/scenarios/) writes the logs of one machine and says which rule names the
cause, what the sentence must name, and what would be false. Counted are the cause's place, findings above
information that have nothing to do with it, false sentences, and pairs of findings on the same records.

Run: ``.venv/bin/python -m benchmarks.bench_diagnosis [--show] [--unknown] [NAME…]``
"""

import argparse
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from benchmarks.diagnosis.machine import Machine
from benchmarks.diagnosis.scenario import Scenario
from benchmarks.diagnosis.scenarios import SCENARIOS
from benchmarks.diagnosis.scoring import Verdict, verdict
from engine.analyze import analyze
from engine.rules.rule_files import own_rules
from engine.schema.document import ResultDocument

FIRST, AMONG, NOISE = 90.0, 100.0, 2.0
"""Targets: percent first, percent among the first three, findings that matter to nobody a bundle."""


def main() -> int:
    """Measures and prints; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("names", nargs="*", help="only these scenarios")
    parser.add_argument("--show", action="store_true", help="print the findings of each")
    parser.add_argument("--unknown", action="store_true", help="without the rules that know the cause")
    wanted = parser.parse_args()
    verdicts = []
    for seed, scenario in enumerate(SCENARIOS):
        if wanted.names and scenario.name not in wanted.names:
            continue
        document = diagnose(scenario, seed, scenario.causes if wanted.unknown else ())
        verdicts.append(verdict(scenario, document.findings))
        print(line(verdicts[-1]), flush=True)
        if wanted.show:
            for place, finding in enumerate(document.findings, 1):
                print(f"    {place}. [{finding.severity}] {finding.rule}: {finding.title['en']}")
    return tell(verdicts)


def diagnose(scenario: Scenario, seed: int, without: Collection[str] = ()) -> ResultDocument:
    """What the engine says of the scenario's machine, ``without`` rules of these names."""
    kept = [file for file in own_rules() if file.stem not in without]
    machine = Machine(scenario.language, seed)
    noticed = scenario.tell(machine)
    with (
        patch("engine.registry.own_rules", lambda: kept),
        patch("engine.rules.known_kinds.own_rules", lambda: kept),
        tempfile.TemporaryDirectory(prefix="anjuan-diagnosis-") as name,
    ):
        logs, work = Path(name, "logs"), Path(name, "work")
        logs.mkdir()
        machine.write(logs)
        return analyze(logs, work, zone=ZoneInfo("Asia/Shanghai"), incident=noticed).document()


def line(one: Verdict) -> str:
    """A row of the table."""
    place = (
        str(one.place or "–") if not one.unnamed else f"{one.place or '–'}, without {', '.join(one.unnamed)}"
    )
    rest = [f"first: {one.first}"] if one.place != 1 else []
    rest += [f"as a new error: {one.told}"] if one.told and not one.is_right else []
    rest += [f"beside: {', '.join(one.noise)}"] if one.noise else []
    rest += [f"FALSE: {'; '.join(one.false)}"] if one.false else []
    rest += [f"twice: {'; '.join(one.twice)}"] if one.twice else []
    return f"| {one.scenario.name} | {one.scenario.language} | {place} | {'; '.join(rest)} |"


def tell(verdicts: Sequence[Verdict]) -> int:
    """The figures; 1 if one misses its target."""
    many = len(verdicts)
    first = 100 * sum(one.is_right for one in verdicts) / many
    among = 100 * sum(one.is_among for one in verdicts) / many
    noise = sum(len(one.noise) for one in verdicts) / many
    false = sum(len(one.false) for one in verdicts)
    print(f"ratio diagnosis/cause first {first:.0f} of 100, {many} machines (target at least {FIRST:g})")
    told = 100 * sum(one.is_among or 0 < one.told <= 3 for one in verdicts) / many
    print(f"ratio diagnosis/cause among the first three {among:.0f} of 100 (target {AMONG:g})")
    print(f"ratio diagnosis/cause or a new error that names it among the first three {told:.0f} of 100")
    print(f"ratio diagnosis/findings that matter to nobody {noise:.1f} a machine (target at most {NOISE:g})")
    twice = sum(len(one.twice) for one in verdicts)
    print(f"ratio diagnosis/false sentences {false} (target 0)")
    print(f"ratio diagnosis/matters told twice {twice} (target 0)")
    return int(first < FIRST or among < AMONG or noise > NOISE or false > 0 or twice > 0)


if __name__ == "__main__":
    sys.exit(main())
