"""An analysis whose parsers hang, crash or forge goes on: what that costs is named, all else is there."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from demo import captures
from demo.evtx.writer import write_log
from engine import log_readers
from engine.analyze import analyze
from engine.artifacts import State
from engine.index import open_writer
from engine.index.event_index import EventIndex
from engine.index.writer import EventIndexWriter, Forged
from engine.parsers import manifest
from engine.progress import Progress
from engine.sandbox import jobs as sandbox_jobs
from engine.sandbox.confinement import confinement
from engine.sandbox.sandbox import Allowance, Sandbox
from engine.schema.versions import stored_form
from engine.unpacking.unpack import SourceUnreadable
from tests.engine import misbehaviour as jobs
from tests.engine.event_logs import ordinary
from tests.engine.registered import parse_by

QUICK = Allowance(cpu=1, memory=2**30)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    for name, count in (("A.evtx", 300), ("Bad.evtx", 12_000), ("C.evtx", 300)):
        write_log(folder / name, ordinary(count))
    return folder


@pytest.mark.parametrize("reader", [jobs.dies_in_mid_log, jobs.raises_in_mid_log])
def test_a_log_whose_reader_breaks_leaves_nothing_in_the_index_and_the_others_all(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: object
) -> None:
    monkeypatch.setattr(log_readers, "READER", reader)
    result = analyze(logs, tmp_path / "work")

    states = {artifact.path: artifact.state for artifact in result.artifacts}
    assert states == {"A.evtx": State.READ, "Bad.evtx": State.UNREADABLE, "C.evtx": State.READ}
    assert [log.artifact for log in result.logs] == ["A.evtx", "C.evtx"]
    assert result.index is not None
    with EventIndex(result.index) as index:
        assert index.logs() == ["A.evtx", "C.evtx"] and index.count() == result.events == 600
        assert {event.provider for event in index.events()} != {None}
    failed = [entry for entry in stored_form(result.document())["examined"] if entry["outcome"] == "failed"]
    assert [entry["rule"] for entry in failed] == ["read-evtx"] and "Bad.evtx" in failed[0]["detail"]["en"]


def test_the_index_needs_no_file_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    prepare = [confinement([], [tmp_path]), (open_writer.open_index, (file,))]
    with Sandbox(prepare=prepare) as sandbox:
        assert sandbox.call(jobs.stores_backwards) == 3_000


def test_a_writer_that_was_killed_can_be_resumed(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    kind = ("provider", 1, None, None, 4, None, None, None, "System", "PC")
    with Sandbox(QUICK, prepare=[(open_writer.open_index, (file,))]) as sandbox:
        sandbox.call(jobs.echo, None)
    with EventIndexWriter(file, resume=True) as writer:
        number = writer.kind(kind)
        with pytest.raises(ZeroDivisionError), writer.whole():
            part = writer.part("lost", "0")
            writer.kind(("other", *kind[1:]))
            origin = part.origin(("S-1-5-18", 4, 8, None))
            part.add([(part.first, part.log, 1, None, number, origin, None, 1)])
            raise ZeroDivisionError
        with writer.whole():
            part = writer.part("kept", "0")
            origin = part.origin((None, 4, 8, None))
            other = writer.kind(("third", *kind[1:]))
            part.add([(part.first, part.log, 1, None, other, origin, None, 1)])
            part.close()

    with EventIndex(file) as index:
        assert index.logs() == ["kept"]
        assert [(event.provider, event.user, event.thread_id) for event in index.events()] == [
            ("third", None, 8)
        ]


@pytest.mark.parametrize(
    "forged",
    [
        "DROP VIEW event; CREATE VIEW event AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) "
        "SELECT i AS artifact FROM n;",
        "CREATE TRIGGER trap AFTER DELETE ON record BEGIN DELETE FROM log; END;",
    ],
)
def test_an_index_that_a_parser_has_forged_is_not_asked(tmp_path: Path, forged: str) -> None:
    file = tmp_path / "index.sqlite"
    EventIndexWriter(file).leave()
    EventIndexWriter(file, resume=True).leave()
    with closing(sqlite3.connect(file)) as index:
        index.executescript(forged)

    with pytest.raises(Forged, match=r"index.sqlite holds \('(view|trigger)'"):
        EventIndexWriter(file, resume=True)


def test_a_hanging_parser_costs_its_artifact_and_says_so_in_both_languages(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (logs / "capture.txt").write_bytes(captures.capture_files()[0].data)
    parse_by(monkeypatch, "capture", jobs.hangs)
    result = analyze(logs, tmp_path / "work", allowance=Allowance(silence=4.0))

    (hung,) = [artifact for artifact in result.artifacts if artifact.kind == "capture"]
    assert hung.state is State.UNREADABLE and hung.detail is not None
    assert "no progress for 4 s" in hung.detail["en"] and "没有任何进展" in hung.detail["zh-hans"]
    assert result.events == 12_600


def test_when_time_is_used_up_the_rest_is_named_and_conclusions_are_drawn(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (logs / "B.txt").write_bytes(captures.capture_files()[0].data)
    parse_by(monkeypatch, "capture", jobs.hangs)
    result = analyze(logs, tmp_path / "work", allowance=Allowance(seconds=24.0))

    artifacts = {artifact.path: artifact for artifact in result.artifacts}
    assert {path: artifact.state for path, artifact in artifacts.items()} == {
        "A.evtx": State.READ,
        "B.txt": State.SKIPPED,
        "Bad.evtx": State.SKIPPED,
        "C.evtx": State.SKIPPED,
    }
    assert [log.artifact for log in result.logs] == ["A.evtx"] and result.events == 300
    assert "while this file was read" in (artifacts["B.txt"].detail or {"en": ""})["en"]
    assert "before this file" in (artifacts["C.evtx"].detail or {"en": ""})["en"]
    (short,) = [entry for entry in stored_form(result.document())["examined"] if entry["rule"] == "time"]
    assert "3 of 4 files were not read" in short["detail"]["en"] and "3 个" in short["detail"]["zh-hans"]
    assert any(entry["outcome"] == "examined" for entry in stored_form(result.document())["examined"])


def test_what_analyzers_look_into_is_read_in_the_sandbox_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text('{"schema": "anjuan.manifest/1", "files": []}')
    monkeypatch.setattr(manifest, "parse", jobs.aborts)
    result = analyze(tmp_path / "manifest.json", tmp_path / "work")

    (artifact,) = result.artifacts
    assert artifact.state is State.UNREADABLE and artifact.detail is not None
    assert "crashed (SIGABRT)" in artifact.detail["en"]


def test_progress_flows_while_a_log_is_read(logs: Path, tmp_path: Path) -> None:
    reports: list[Progress] = []
    analyze(logs, tmp_path / "work", report=reports.append, readers=1)

    assert {5_300, 10_300} <= {progress.records for progress in reports}


def test_an_entry_at_which_unpacking_dies_is_left_out_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        for name in ("a.txt", "deadly.txt", "c.txt", "deadly2.txt"):
            archive.writestr(name, "nothing")
    monkeypatch.setattr(sandbox_jobs, "unpacked", jobs.unpacks_to_death)
    result = analyze(bundle, tmp_path / "work")

    artifacts = {artifact.path: artifact for artifact in result.artifacts}
    assert list(artifacts) == ["a.txt", "deadly.txt", "c.txt", "deadly2.txt"]
    assert [artifact.state for artifact in artifacts.values()].count(State.UNREADABLE) == 2
    assert "crashed" in (artifacts["deadly.txt"].detail or {"en": ""})["en"]


def test_a_bundle_that_kills_the_unpacking_for_ever_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(b"PK")
    monkeypatch.setattr(sandbox_jobs, "unpacked", jobs.aborts)
    with pytest.raises(SourceUnreadable, match="again and again"):
        analyze(file, tmp_path / "work")
