"""Parsers of hostile bytes: a hang or a crash costs one artifact, is named, and the run goes on."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
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
from engine.sandbox.sandbox import Allowance, JobFailed, Sandbox, SandboxBroken, Spare, Stopped
from engine.schema.versions import stored_form
from engine.unpacking.archives.budget import DEFAULT_LIMITS
from engine.unpacking.unpack import SourceUnreadable
from tests.engine import misbehaviour as jobs
from tests.engine.event_logs import ordinary
from tests.engine.registered import parse_by

QUICK = Allowance(cpu=1, memory=2**30)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(QUICK) as sandbox:
        yield sandbox


# -- The child ---------------------------------------------------------------------------


def test_one_child_does_all_jobs(sandbox: Sandbox) -> None:
    children = {sandbox.call(jobs.process_id) for _ in range(20)}

    assert len(children) == 1 and children != {os.getpid()}


def test_it_hears_what_a_job_tells_in_order(sandbox: Sandbox) -> None:
    heard: list[int] = []

    assert sandbox.call(jobs.counts, 1000, on_message=heard.append) == 1000
    assert heard == list(range(1000))


def test_what_a_job_raises_comes_through_and_costs_no_child(sandbox: Sandbox) -> None:
    before = sandbox.call(jobs.process_id)
    with pytest.raises(JobFailed, match="RuntimeError: broken"):
        sandbox.call(jobs.raises)
    with pytest.raises(JobFailed, match="Locked: cannot travel"):
        sandbox.call(jobs.raises_locked)

    assert sandbox.call(jobs.process_id) == before and sandbox.stops == 0


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (jobs.segfaults, "crashed (SIGSEGV)"),
        (jobs.aborts, "crashed (SIGABRT)"),
        (jobs.spins, "all the processor time"),
        (jobs.devours, "all the memory"),
    ],
)
def test_a_job_that_misbehaves_is_stopped_and_named_and_the_next_one_works(
    sandbox: Sandbox, job: object, reason: str
) -> None:
    with pytest.raises(Stopped, match="other files are not affected") as stopped:
        sandbox.call(job)  # type: ignore[arg-type]

    assert reason in stopped.value.sentence["en"] and stopped.value.sentence["zh-hans"]
    assert sandbox.call(jobs.echo, "alive") == "alive"


def test_a_job_that_falls_silent_is_stopped_and_named_and_the_next_one_works() -> None:
    # Not of the fixture's: on a busy machine a second without a word is no rarity in the other tests.
    with Sandbox(Allowance(silence=1.0)) as sandbox:
        with pytest.raises(Stopped, match="other files are not affected") as stopped:
            sandbox.call(jobs.hangs)
        assert "no progress for 1 s" in stopped.value.sentence["en"] and stopped.value.sentence["zh-hans"]
        assert sandbox.call(jobs.process_id) != os.getpid()


def test_the_last_words_of_a_crash_are_kept_for_the_engineer(sandbox: Sandbox) -> None:
    with pytest.raises(Stopped, match="assertion failed in the parser"):
        sandbox.call(jobs.aborts)


def test_files_are_limited_in_size_and_number(tmp_path: Path) -> None:
    with Sandbox(Allowance(file=2**20, files=40)) as sandbox:
        sandbox.call(jobs.writes, tmp_path / "a", 2**20)
        with pytest.raises(OSError, match="too large"):
            sandbox.call(jobs.writes, tmp_path / "b", 2**20 + 1)
        with pytest.raises(OSError, match="Too many open files"):
            sandbox.call(jobs.opens, 60)


def test_the_child_knows_no_secrets(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:secret@host/db")

    assert "secret" not in repr(sandbox.call(jobs.environment))


@pytest.mark.skipif(os.geteuid() != 0, reason="without root the system may forbid it")
def test_the_child_has_no_network(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(OSError):
        sandbox.call(jobs.connects, server.getsockname()[1])


def test_what_the_listener_raises_ends_the_child(sandbox: Sandbox) -> None:
    def stop(word: object) -> None:
        raise KeyError("lease lost")

    first = sandbox.call(jobs.process_id)
    with pytest.raises(KeyError, match="lease lost"):
        sandbox.call(jobs.spins, on_message=stop)

    assert sandbox.call(jobs.process_id) != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_silent_job_can_be_given_up_from_outside() -> None:
    def idle() -> None:
        raise KeyError("lease lost")

    with Sandbox(Allowance(silence=60), idle=idle) as sandbox, pytest.raises(KeyError):
        sandbox.call(jobs.hangs)


def test_a_child_that_cannot_begin_is_an_error_of_the_machine() -> None:
    with (
        Sandbox(QUICK, prepare=[(jobs.aborts, ())]) as sandbox,
        pytest.raises(SandboxBroken, match="SIGABRT"),
    ):
        sandbox.call(jobs.echo, 1)


def test_no_child_outlives_its_sandbox() -> None:
    with Sandbox(QUICK) as sandbox:
        child = sandbox.call(jobs.process_id)

    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_what_the_unpacking_refuses_comes_through_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        sandbox_jobs.unpack_in(sandbox, tmp_path / "none", tmp_path, DEFAULT_LIMITS, lambda name: None)

    assert "没有这个文件" in refused.value.sentence["zh-hans"]


def test_a_hanging_child_dies_with_a_killed_worker() -> None:
    code = (
        "from engine.sandbox.sandbox import Sandbox\n"
        "from tests.engine import misbehaviour as jobs\n"
        "with Sandbox() as sandbox:\n"
        "    print(sandbox.call(jobs.process_id), flush=True)\n"
        "    sandbox.call(jobs.hangs)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        child = int(worker.stdout.readline())
        worker.kill()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        if "Z" in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2][:3]:
            break  # dead, and waiting for a parent that never asks
        time.sleep(0.02)

    assert time.monotonic() < deadline


# -- The event index ---------------------------------------------------------------------


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
            part.add([(part.first, part.log, 1, None, number, "", None, None, "", None)])
            raise ZeroDivisionError
        with writer.whole():
            part = writer.part("kept", "0")
            other = writer.kind(("third", *kind[1:]))
            part.add([(part.first, part.log, 1, None, other, "", None, None, "", None)])
            part.close()

    with EventIndex(file) as index:
        assert index.logs() == ["kept"]
        assert [event.provider for event in index.events()] == ["third"]


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


# -- The run -----------------------------------------------------------------------------


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
    result = analyze(logs, tmp_path / "work", allowance=Allowance(seconds=12.0))

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


def test_a_spare_child_serves_one_sandbox_and_no_second(tmp_path: Path) -> None:
    spare = Spare()
    spare.restock()
    waiting = spare._child
    assert waiting is not None
    try:
        with Sandbox(spare=spare) as sandbox:
            assert sandbox.call(jobs.process_id) == waiting._process.pid
            with pytest.raises(Stopped):
                sandbox.call(jobs.aborts)
            assert sandbox.call(jobs.process_id) != waiting._process.pid
        with Sandbox(spare=spare) as sandbox:
            assert sandbox.call(jobs.process_id) != waiting._process.pid
    finally:
        spare.close()
    assert not waiting.lives


def test_a_spare_child_that_died_while_it_waited_is_replaced() -> None:
    spare = Spare()
    spare.restock()
    assert spare._child is not None
    dead = spare._child._process
    dead.kill()
    dead.wait()

    with Sandbox(spare=spare) as sandbox:
        assert sandbox.call(jobs.echo, "alive") == "alive"


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
