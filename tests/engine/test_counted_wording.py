"""How sentences that count read of one, of two and of many, as the analyzers and conclusions say them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from engine.analyzers import clock_moved_back, collector_manifest, incident_time, services, yara_rules
from engine.analyzers.signatures_text import TITLE
from engine.artifacts import Artifact, State
from engine.conclusions import log_gaps, one_offs, what_was_read
from engine.conclusions.incidents import Incident, Occurrence
from engine.findings import Burst, Examined, Finding, NotExamined, Outcome, Severity
from engine.index.values import LogForm
from engine.parsers.evtx.concluding import notes
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.manifest import LeftOut, Listed, Manifest
from engine.result import counted
from engine.schema.logs import LogKind
from engine.text import LANGUAGES, Text, text
from engine.yara_scan import Match, RuleFile, Scan
from tests.engine import rule_examples
from tests.engine.rule_examples import START
from tests.engine.wording import faults

MANY = (1, 2, 7)
ZONE = ZoneInfo("Asia/Shanghai")
Told = Iterator[tuple[str, Text]]


def of_finding(which: str, finding: Finding) -> Told:
    yield f"{which}: title", finding.title
    for name, both in (
        ("summary", finding.summary),
        ("advice", finding.advice),
        ("gaps", finding.gaps),
        ("causes", finding.data.causes),
        ("false alarms", finding.data.false_alarms),
    ):
        if both is not None:
            yield f"{which}: {name}", both


def of_outcome(which: str, outcome: Outcome) -> Told:
    if isinstance(outcome, NotExamined):
        yield which, outcome.missing_input
    assert isinstance(outcome, Examined | NotExamined)
    for finding in outcome.findings if isinstance(outcome, Examined) else ():
        yield from of_finding(which, finding)


def gaps() -> Told:
    noun = text("停止", "stops")
    for number, kind in product((0, *MANY, 1000), LogKind):
        facts = LogFacts("System.evtx", 2, 1, 9, left_out=number, kind=kind, computers=2, no_time=number)
        for part in notes(facts):
            yield f"notes of {number}, {kind}", text(part["zh-hans"] + "。", part["en"].capitalize() + ".")
        for verdict in ("agrees", "other_form", "bad_checksum", "differs", "not_read"):
            said = log_gaps.gaps(facts, [3], {verdict: number}, noun, ["3: Level 2 ≠ 4"])
            yield f"gaps of {number}, {kind}, {verdict}", said
        for changes in (
            {"missing": [(2, 1 + number)]},
            {"missing": [(4, 3 + number)]},
            {"unreadable": number},
            {"bad_chunks": [*range(number)]},
            {"lost": number},
            {"dirty": True},
            {"cut": 3},
        ):
            damaged = LogFacts("System.evtx", number, 1, 9, kind=kind, **changes)
            yield f"gaps of {changes}, {kind}", log_gaps.gaps(damaged, [2, 3], {}, noun)
        listed = LogFacts("System.csv", number, form=LogForm.LINES, unreadable=number)
        yield f"gaps of a text of {number}", log_gaps.gaps(listed, [1], {}, noun)


def what_is_read() -> Told:
    for number, records, unread in product((0, *MANY), (0, 1, 1000), (0, *MANY)):
        read = Counter({kind: number for kind in ("evtx", "pe", "capture", "systeminfo") if number})
        reasons = [(f"{each}.bin", what_was_read.NO_EVENTS) for each in range(unread)]
        summary = what_was_read._summary(read, records, reasons)
        which = f"{number} read, {records} records, {unread} unread"
        yield which, what_was_read.no_findings(summary)
        for sentence in what_was_read.sentences(summary):
            yield which, sentence


def examined() -> Told:
    for records, unreadable, listed, left_out in product((0, *MANY), repeat=4):
        if left_out and not listed:
            continue
        yield f"{records}, {unreadable}, {listed}, {left_out}", counted(records, unreadable, listed, left_out)


def happened_together() -> Told:
    title = text("服务意外停止", "A service stopped unexpectedly")
    finding = Finding("a", Severity.LOW, title, title, title, (), "f")
    for number, often, length in product((2, 3, 9), MANY, (0.0, 60.0)):
        places = tuple(range(number))
        times = tuple(Occurrence(at * 9e4, at * 9e4 + length, places) for at in range(often))
        for computer in ("", "PC-7"):
            entry = Incident(computer, places, frozenset(places), times).as_entry([finding] * number, ZONE)
            which = f"{number} findings, {often} times"
            yield f"{which}: title", entry.title
            yield which, entry.summary


def came_once() -> Told:
    for days in MANY[1:]:
        burst = Burst(START.timestamp(), START.timestamp(), 1)
        sentence = text("服务启动失败。", "The service did not start.")
        finding = Finding("a", Severity.HIGH, sentence, sentence, sentence, (), "f", bursts=(burst,))
        later = START + timedelta(days=7 * days)
        yield f"{days} weeks", one_offs.faded(finding, "services", later, later).summary
        yield f"{days} weeks", one_offs.faded(finding, "services", None, later).summary


def stops(folder: Path) -> Told:
    for number, boots in product(MANY, (0, 1, 2)):
        starts = [
            {
                "provider": "EventLog",
                "event_id": 6005,
                "channel": "System",
                "at": 10_000.0 * boot,
                "data": ["x"],
            }
            for boot in range(boots)
        ]
        ends: list[dict[str, Any]] = [
            {
                "provider": "Service Control Manager",
                "event_id": 7034,
                "channel": "System",
                "level": 2,
                "at": 100.0 + 60 * end + 10_000 * (end % 2) * (boots > 1),
                "data": {"param1": "许可服务", "param2": str(2 + end)},
            }
            for end in range(number)
        ]
        events = sorted([*starts, *ends], key=lambda event: event["at"])
        with (material := rule_examples.material(folder, events)).events:
            yield from of_outcome(f"{number} stops after {boots} starts", services.examine(material))
        (folder / "events.sqlite").unlink()


def steps_back(folder: Path) -> Told:
    for number in MANY:
        events = [rule_examples.event(a="b", at=100_000.0 * (place % 2)) for place in range(2 * number)]
        with (material := rule_examples.material(folder, events)).events:
            yield from of_outcome(f"{number} steps", clock_moved_back.examine(material))
        (folder / "events.sqlite").unlink()


def incidents(folder: Path) -> Told:
    for copies, days in product(MANY, (-9, 0, 9)):
        events = [rule_examples.event(a="b", at=3600.0 * hour) for hour in range(3)]
        material = rule_examples.material(folder, events, copies)
        material.incident = START + timedelta(days=days, hours=1)
        for log in material.logs:
            log.first_time, log.last_time = (
                (START + timedelta(hours=hours)).isoformat().replace("+00:00", "Z") for hours in (0, 2)
            )
            log.missing = [(2, 2)]
        with material.events:
            yield from of_outcome(f"{copies} logs, {days} days", incident_time.examine(material))
        (folder / "events.sqlite").unlink()


def manifests() -> Told:
    for same, changed, lost, strange in product((0, *MANY), repeat=4):
        names = [
            f"{kind}{number}"
            for kind, count in (("s", same), ("c", changed), ("l", lost))
            for number in range(count)
        ]
        files = tuple(Listed(name, "a" * 64, 5) for name in names)
        left_out = tuple(LeftOut("Security", "denied") for _ in range(strange))
        manifest = Manifest("1", "PC-7", "en", "", "", True, files, left_out, strange)
        here = [
            Artifact(name, Path(name), ("a" if name[0] == "s" else "b") * 64, 5, "txt", State.READ)
            for name in names
            if name[0] != "l"
        ]
        held = collector_manifest.hold(Artifact("manifest.json", Path("m"), "0" * 64, 1, "m"), manifest, here)
        which = f"{same} same, {changed} changed, {lost} lost, {strange} strange"
        yield which, collector_manifest._detail(held)
        for finding in (
            *([collector_manifest._changed(held)] if changed else ()),
            *([collector_manifest._lost(held)] if lost else ()),
        ):
            yield from of_finding(which, finding)


def yara() -> Told:
    for number in MANY:
        file = RuleFile("a.yar", number, ())
        yield f"{number} rules: title", yara_rules.title(file)
        scan = Scan(
            [file],
            scanned=number,
            unread=[(f"{each}.bin", text("太大。", "Too large.")) for each in range(6 + number)],
        )
        artifact = Artifact("a.bin", Path("a.bin"), "0" * 64, 1, "bin")
        match = Match("Dropper", "a.yar", (), (("description", "Writes into a service"),), ())
        scan.matches["a.yar", "Dropper"] = [(artifact, match)] * number
        scan.counts["a.yar", "Dropper"] = number
        yield from of_outcome(f"{number} files", yara_rules.examine(file, scan))
        yield from of_outcome(f"{number} unread", yara_rules.unread(scan))


def signatures() -> Told:
    files: Any = [SimpleNamespace(artifact=f"{number}.exe") for number in range(7)]
    for number, state in product(MANY, TITLE):
        yield f"{number} {state}: title", TITLE[state](files[:number])


def everything(folder: Path) -> Told:
    for part in (gaps, what_is_read, examined, happened_together, came_once, manifests, yara, signatures):
        for which, both in part():
            yield f"{part.__name__}: {which}", both
    for reading in (stops, steps_back, incidents):
        for which, both in reading(folder):
            yield f"{reading.__name__}: {which}", both


def test_whatever_is_counted_reads_well_of_one_and_of_many(tmp_path: Path) -> None:
    said: dict[str, str] = {}
    for which, both in everything(tmp_path):
        for language in LANGUAGES:
            sentence = str({**both}[language])
            for fault in faults(sentence, language, is_title=which.endswith("title")):
                said.setdefault(f"{language}: {fault}", f"{which}: {sentence}")
    assert not said, "\n".join(f"{fault} ({where})" for fault, where in said.items())
