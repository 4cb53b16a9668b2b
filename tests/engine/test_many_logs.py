"""A folder of many logs, whole and damaged, is one analysis: nothing stops it, nothing goes unmentioned."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from evtx import PyEvtxParser

from demo.evtx.writer import write_log
from engine.analyze import analyze
from engine.findings import Failed
from engine.result import Result
from engine.schema.document import localised
from engine.schema.versions import stored_form
from tests.engine.event_logs import boot, crash, ordinary

SETS = 40
HEADER, CHUNK = 4096, 65536


def cut(log: bytes) -> bytes:
    return log[: HEADER + CHUNK // 2]


def zeroed(log: bytes) -> bytes:
    return log[: HEADER + 3000] + bytes(2000) + log[HEADER + 5000 :]


def flipped(log: bytes) -> bytes:
    return log[: HEADER + 2500] + bytes([log[HEADER + 2500] ^ 0x40]) + log[HEADER + 2501 :]


def longer(log: bytes) -> bytes:
    return log + random.Random(len(log)).randbytes(CHUNK)


def headless(log: bytes) -> bytes:
    return b"XXXXXXXX" + log[8:]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "whole": bytes,
    "cut": cut,
    "zeroed": zeroed,
    "flipped": flipped,
    "longer": longer,
    "headless": headless,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    for number in range(SETS):
        into = folder / f"part{number % 3}"
        into.mkdir(exist_ok=True)
        start = number * 3600
        events = [boot(start), *ordinary(8, start=start + 1, filler=200), crash(start + 60, "1")]
        file = into / f"{number:02}-whole.evtx"
        write_log(file, events)
        for name, damage in DAMAGE.items():
            (into / f"{number:02}-{name}.evtx").write_bytes(damage(file.read_bytes()))
    (folder / "empty.evtx").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def result(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return analyze(folder, tmp_path_factory.mktemp("work"))


def by_rust(file: Path) -> int:
    """What the Rust parser itself reads of a log, past the places where it stumbles."""
    records, count = iter(PyEvtxParser(str(file), number_of_threads=1).records()), 0
    while True:
        try:
            next(records)
        except StopIteration:
            return count
        except RuntimeError:
            continue
        count += 1


def test_every_file_is_mentioned_and_none_stops_the_others(folder: Path, result: Result) -> None:
    names = {str(file.relative_to(folder)) for file in folder.rglob("*.evtx")}
    assert {artifact.path for artifact in result.artifacts} == names
    assert len(names) == SETS * len(DAMAGE) + 1


def test_the_records_counted_are_those_that_the_parser_reads(folder: Path, result: Result) -> None:
    counted = {log.artifact: log.records for log in result.logs}
    assert len(counted) == SETS * len(DAMAGE)
    # The parser by itself refuses a log without its file header; ours reads it as the whole one beside it.
    of_which = {name: name.replace("headless", "whole") for name in counted}
    assert counted == {name: by_rust(folder / of_which[name]) for name in counted}


def test_what_is_missing_is_named(result: Result) -> None:
    for log in result.logs:
        damaged = log.missing or log.unreadable or log.bad_chunks or log.cut or not log.header_valid
        assert bool(damaged) is not log.artifact.endswith("-whole.evtx"), log


def test_every_rule_is_examined_or_says_what_it_lacks(result: Result) -> None:
    document = stored_form(result.document())
    assert not [outcome for *_, outcome in result.outcomes if isinstance(outcome, Failed)]
    assert sum(entry["outcome"] == "examined" for entry in document["examined"]) >= 80
    chinese, english = (
        localised(document, language)["examined"][0]["title"] for language in ("zh-hans", "en")
    )
    assert chinese != english
