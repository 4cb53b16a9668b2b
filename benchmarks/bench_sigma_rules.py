"""Sigma rules read and compiled, and taken from what was kept, against pySigma that only parses them.

pySigma gets them from the same YAML parser in C, and is not asked to compile: reading and compiling
ours takes at most 1.5 times as long, processor time. Taking them from what an earlier process kept: at most
0.25 times.

Run: ``.venv/bin/python -m benchmarks.bench_sigma_rules [FOLDER]``, of rules; else rules of our making.
"""

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import yaml
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError

from engine.registry import prepare_rules
from engine.rules import prepared
from engine.rules.rule_files import foreign_rules

RULES = 2_400
ROUNDS = 3
MOST, MOST_KEPT = 1.5, 0.25
_SOURCES = ("process_creation", "process_creation", "registry_set", "file_event", "image_load", "ps_script")


def written(folder: Path, count: int) -> None:
    """Rules of the usual shapes: lists of ends and parts, filters, a pattern now and then."""
    chance = random.Random(7)

    def word() -> str:
        return "".join(chance.choices("abcdefghijklmnop-./", k=chance.randrange(4, 16)))

    for number in range(count):
        detection: dict[str, Any] = {
            "selection_image": [
                {"Image|endswith": [f"\\{word()}.exe" for _ in range(chance.randrange(1, 6))]},
                {"OriginalFileName": f"{word()}.exe"},
            ],
            "selection_cli": {"CommandLine|contains": [word() for _ in range(chance.randrange(1, 12))]},
            "selection_more": {"CommandLine|contains|all": [f" {word()}", f"{word()} "]},
            "filter_main_parent": {"ParentImage|startswith": f"C:\\Program Files\\{word()}\\"},
            "condition": "all of selection_* and not 1 of filter_main_*",
        }
        if number % 15 == 0:
            detection["selection_re"] = {"CommandLine|re": rf"{chance.choice('abc')}\s+[a-z]{{1,8}}\.exe"}
        rule = {
            "title": f"Rule {number}",
            "id": f"0b8c5b53-6d0f-4c2b-9d4c-{number:012x}",
            "status": "test",
            "description": " ".join(word() for _ in range(20)),
            "references": [f"https://example.com/{word()}" for _ in range(3)],
            "author": "Example",
            "date": "2026-01-01",
            "tags": ["attack.execution", "attack.t1059"],
            "logsource": {"category": chance.choice(_SOURCES), "product": "windows"},
            "detection": detection,
            "falsepositives": ["Unknown"],
            "level": "medium",
        }
        (folder / f"rule_{number:04}.yml").write_text(yaml.safe_dump(rule, sort_keys=False), "utf-8")


def parsed(folder: Path) -> None:
    """What pySigma does before it compiles."""
    for file in foreign_rules(folder):
        with file.open("rb") as stream:
            documents = list(yaml.load_all(stream, yaml.CSafeLoader))
        try:
            SigmaCollection.from_dicts(documents)
        except SigmaError:
            continue


def took(work: Callable[[], None]) -> float:
    """Seconds of processor time, the least of some rounds."""
    times = []
    for _ in range(ROUNDS):
        prepared._ready.clear()
        started = process_time()
        work()
        times.append(process_time() - started)
    return min(times)


def main(folder: Path | None) -> int:
    """Measures and prints the ratios; returns 1 when a target was missed."""
    with tempfile.TemporaryDirectory(prefix="bench-sigma-") as name:
        kept = Path(name) / "kept"
        if folder is None:
            folder = Path(name) / "rules"
            folder.mkdir()
            written(folder, RULES)
        rules = folder
        reference = took(lambda: parsed(rules))
        anew = took(lambda: prepare_rules(rules))
        prepare_rules(rules, kept)
        again = took(lambda: prepare_rules(rules, kept))
    print(f"pySigma parses {reference:.2f} s; read and compiled {anew:.2f} s; kept ones {again:.2f} s")
    print(f"ratio sigma-compiled {anew / reference:.2f} (target at most {MOST})")
    print(f"ratio sigma-kept {again / reference:.2f} (target at most {MOST_KEPT})")
    return int(anew / reference > MOST or again / reference > MOST_KEPT)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
