"""A text log's lines become events like any others, read in the sandbox."""

from pathlib import Path

import pytest

from demo.evtx.writer import write_log
from engine.analyze import analyze
from engine.artifacts import Artifact, State
from engine.index.event_index import EventIndex
from engine.parsers.registry import PARSERS, kind_of
from engine.parsers.sample import Sample
from engine.sandbox.sandbox import Sandbox
from engine.unpacking import unpack
from tests.engine.event_logs import ordinary
from tests.engine.parsers import text_log_example

LOG = "#Example log\n2026-01-31T08:00:00Z INFO begun\n\nno entry\n2026-01-31T08:00:01Z ERROR 磁盘已满\n"


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example stands first in the registry, in this process; the child unpacks by its own."""
    others = dict(PARSERS)
    monkeypatch.setitem(PARSERS, "example", text_log_example.PARSER)
    for kind in others:
        monkeypatch.delitem(PARSERS, kind)
        monkeypatch.setitem(PARSERS, kind, others[kind])


def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str = LOG) -> Path:
    folder = tmp_path / "bundle"
    folder.mkdir()
    write_log(folder / "A.evtx", ordinary(30, start=0))
    (folder / "B.log").write_text(content, "utf-8")
    write_log(folder / "C.evtx", ordinary(20, start=0))

    def unpack_here(sandbox: Sandbox, source: Path, into: Path, *more: object) -> list[Artifact]:
        return unpack.unpack(source, into)

    monkeypatch.setattr("engine.sandbox.jobs.unpack_in", unpack_here)
    return folder


def test_its_kind_is_told_from_the_registry() -> None:
    assert kind_of(Sample(LOG.encode())) == "example"
    assert kind_of(Sample(LOG.encode("utf-16"))) == "example"
    assert kind_of(Sample(b"Another log\n")) == "other"


def test_its_lines_are_events_between_those_of_other_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = analyze(bundle(tmp_path, monkeypatch), tmp_path / "work", readers=2)

    assert [log.artifact for log in result.logs] == ["A.evtx", "B.log", "C.evtx"]
    assert [(artifact.path, artifact.state) for artifact in result.artifacts] == [
        ("A.evtx", State.READ),
        ("B.log", State.READ),
        ("C.evtx", State.READ),
    ]
    assert result.events == 52 and result.index is not None
    with EventIndex(result.index) as index:
        read = list(index.events(provider="Example"))
    assert [(event.artifact, event.record_id, event.time, event.level, event.data) for event in read] == [
        ("B.log", 2, "2026-01-31T08:00:00.000000Z", 4, {"Message": "begun"}),
        ("B.log", 5, "2026-01-31T08:00:01.000000Z", 2, {"Message": "磁盘已满"}),
    ]


def test_a_log_without_any_entry_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = analyze(bundle(tmp_path, monkeypatch, "#Example log\nnothing\n"), tmp_path / "work")

    (log,) = [artifact for artifact in result.artifacts if artifact.path == "B.log"]
    assert log.state is State.SKIPPED and log.detail is not None
    assert log.detail["en"] == "The file holds no line that is understood."
