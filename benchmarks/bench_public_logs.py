"""What the engine says of other people's event logs: every .evtx below the folders given.

Of each log every record is described; the first records of each kind, which stand for all that may be
cited, are read by the second parser too; all analyzers and our own rules look at it. Counted are records
that the second parser reads otherwise or not at all, ``%%`` parameters and bare codes that are left in
messages and findings, records that have a message (by our catalogue or their own log), rules that failed,
and the logs that are not read whole. ``--list`` names each, ``--kinds`` the events without a message,
``--findings`` the findings by rule, with samples of each to be held against the records.

Run: ``.venv/bin/python -m benchmarks.bench_public_logs [--list] [--kinds] [--findings] FOLDER…``
"""

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.artifacts import Artifact, State
from engine.findings import Examined, Failed, Finding
from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.index.writer import EventIndexWriter
from engine.material import Material
from engine.messages.codes.words import names_no_error
from engine.messages.describe import Source, describe
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.evtx.records import read_log
from engine.parsers.evtx.reread import AGREES, NOT_READ, OTHER_FORM
from engine.registry import ANALYZERS, rule_analyzers
from engine.text import LANGUAGES, Text, in_language

ZONE = ZoneInfo("Asia/Shanghai")
EACH_KIND = 2
"""Records of one kind in one log that the second parser reads: it is some hundred times slower."""

PARAMETER = re.compile(r"(?<![\w=\"\\&])%%\d+(?!\w)")
"""But not what stands in a command line, an address or a value of the registry (``"%%1"``, ``%%20``)."""
CODE = re.compile(r"(?<![\w.>-])0x[89c-dC-D][0-9a-fA-F]{7}(?![\w<-])")
"""An error code as Windows writes one; beside what it means it stands in brackets. Success, masks and the
numbers within XML that a record quotes are none."""
SAMPLES = 6
"""Findings of a rule that are shown, each of another title."""
MEANING = re.compile(r"[（(][^（）()]*$")


@dataclass
class Told:
    """Counts of one log or of all, and where what is not as it should be was met."""

    counts: Counter[str] = field(default_factory=Counter)
    places: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    kinds: Counter[tuple[str, int]] = field(default_factory=Counter)
    findings: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, what: str, place: str) -> None:
        """Counts it and keeps where."""
        self.counts[what] += 1
        self.places[what].append(place)

    def add(self, other: "Told") -> None:
        """Takes in what was told of another log."""
        self.counts += other.counts
        self.kinds += other.kinds
        for rule, said in other.findings.items():
            self.findings[rule] += said
        for what, places in other.places.items():
            self.places[what] += places


def main(arguments: list[str]) -> int:
    """Prints the counts; 1 when a parser was doubted, a rule failed or a parameter was left."""
    parser = argparse.ArgumentParser(prog="bench_public_logs")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--findings", action="store_true")
    asked = parser.parse_args(arguments)
    if not asked.folders:
        print("no folder of logs was given: nothing is measured")
        return 0
    logs = [log for folder in asked.folders for log in _logs(folder)]
    told, started = Told(), time.perf_counter()
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for of_one in pool.map(examined, logs, chunksize=4):
            told.add(of_one)
    _print(told, len(logs), time.perf_counter() - started, asked)
    failing = ("doubts", "not_read_twice", "parameters", "failed")
    return int(any(told.counts[what] for what in failing))


def _logs(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".evtx" and path.is_file())


def examined(log: Path) -> Told:
    """What there is to tell of one log."""
    told = Told()
    content = log.read_bytes()
    artifact = Artifact(log.name, log, hashlib.sha256(content).hexdigest(), len(content), "evtx")
    with tempfile.TemporaryDirectory(prefix="bench-public-logs-") as folder:
        index = Path(folder, "events.sqlite")
        with EventIndexWriter(index) as writer:
            facts = read_log(artifact, writer, lambda records: None)
        with EventIndex(index) as events:
            material = Material(ZONE, events, artifacts=[artifact], logs=[facts])
            _judge_log(told, artifact, facts, log)
            _judge_records(told, material, facts, log)
            _judge_findings(told, material, log)
    return told


def _judge_log(told: Told, artifact: Artifact, facts: LogFacts, log: Path) -> None:
    told.counts["records"] += facts.records
    if artifact.state is not State.READ:
        told.note("not_whole", f"{log}: {artifact.state} {artifact.detail['en'] if artifact.detail else ''}")


def _judge_records(told: Told, material: Material, facts: LogFacts, log: Path) -> None:
    first_ones: list[EventRecord] = []
    met: Counter[tuple[str | None, int | None]] = Counter()
    for event in material.events.events():
        kind = (event.provider, event.event_id)
        met[kind] += 1
        if met[kind] <= EACH_KIND:
            first_ones.append(event)
        description = describe(event, material.messages)
        if description.source is Source.FIELDS:
            told.kinds[event.provider or "", event.event_id or 0] += 1
        else:
            told.counts["with_message"] += 1
        _judge_text(told, description.text, f"{log}: record {event.record_id}")
    artifact = material.artifacts[0]
    readings = material.reread(artifact.file, facts.chunks, first_ones)
    told.counts["read_twice"] += len(first_ones)
    for event in first_ones:
        reading = readings.get(event.id)
        place = f"{log}: record {event.record_id} ({event.event_id} {event.provider})"
        verdict = NOT_READ if reading is None else reading.verdict
        if verdict == NOT_READ and artifact.state is not State.READ:
            told.counts["not_read_twice_in_damaged"] += 1
        elif verdict == NOT_READ:
            told.note("not_read_twice", place)
        elif verdict == OTHER_FORM:
            told.counts["of_another_form"] += 1
        elif verdict != AGREES:
            told.note("doubts", f"{place}: {verdict}")


def _judge_findings(told: Told, material: Material, log: Path) -> None:
    for analyzer in (*ANALYZERS, *rule_analyzers()):
        outcome = analyzer.examine(material)
        if isinstance(outcome, Failed):
            told.note("failed", f"{log}: {analyzer.rule}: {outcome}")
        elif isinstance(outcome, Examined):
            for finding in outcome.findings:
                told.counts["findings"] += 1
                told.findings[analyzer.rule].append(_shown(finding, log))
                for sentence in filter(None, (finding.title, finding.summary, finding.advice, finding.gaps)):
                    _judge_text(told, sentence, f"{log}: {analyzer.rule}")


def _shown(finding: Finding, log: Path) -> str:
    """What it says in both languages, of which log, and what it cites."""
    cited = [evidence.excerpt for evidence in finding.evidence[:1]]
    lines = [f"[{finding.severity}] {finding.title['en']}", finding.title["zh-hans"]]
    return "\n      ".join([*lines, finding.summary["en"], *cited, str(log)])


def _judge_text(told: Told, said: Text, place: str) -> None:
    for language in LANGUAGES:
        sentence = in_language(said, language)
        if PARAMETER.search(sentence):
            told.note("parameters", f"{place} [{language}]: {_around(sentence, PARAMETER)}")
        if any(_bare(sentence)):
            told.note("bare_codes", f"{place} [{language}]: {_around(sentence, CODE)}")


def _bare(sentence: str) -> Iterator[str]:
    """Codes that stand alone where their meaning should: not in brackets behind it, nor before one;
    ids, masks and addresses are no codes."""
    for code in CODE.finditer(sentence):
        before, after = sentence[: code.start()], sentence[code.end() :]
        if names_no_error(before[-40:]) or MEANING.search(before[-80:]):
            continue
        if not re.match(r"\s*[（(:：]", after):
            yield code[0]


def _around(sentence: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(sentence)
    assert found is not None
    return " ".join(sentence[max(0, found.start() - 50) : found.end() + 30].split())


def _print(told: Told, logs: int, seconds: float, asked: argparse.Namespace) -> None:
    counts = told.counts
    share = counts["with_message"] / max(counts["records"], 1)
    print(json.dumps({"logs": logs, "seconds": round(seconds, 1), "message_share": round(share, 4)} | counts))
    print(f"{counts['records']:,} records of {logs:,} logs in {seconds:.0f} s")
    print(f"doubts between the parsers: {counts['doubts']} of {counts['read_twice']:,} records read twice")
    print(f"records that the second parser did not read: {counts['not_read_twice']}")
    print(f"%% parameters left: {counts['parameters']}; bare codes: {counts['bare_codes']}")
    print(f"records with a message: {share:.1%}; rules that failed: {counts['failed']}")
    print(f"logs not read whole: {counts['not_whole']}")
    if asked.list:
        for what, places in told.places.items():
            print(f"== {what}", *places, sep="\n   ")
    if asked.findings:
        print("== findings by rule")
        for rule, said in sorted(told.findings.items(), key=lambda entry: (-len(entry[1]), entry[0])):
            samples = {one.partition("\n")[0]: one for one in reversed(said)}
            print(f"   {len(said):,} × {rule}", *list(samples.values())[:SAMPLES], sep="\n   - ")
    if asked.kinds:
        print("== events without a message")
        for (provider, event_id), number in told.kinds.most_common():
            print(f"   {number:,} × {event_id} {provider}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
