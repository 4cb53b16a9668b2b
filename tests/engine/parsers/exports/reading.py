"""An export read as an analysis reads it, for the tests of all of them."""

from pathlib import Path

from engine.artifacts import Artifact
from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.index.open_writer import close_index, open_index
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.registry import PARSERS
from engine.unpacking.identify import identify


def read(tmp_path: Path, content: bytes, name: str) -> tuple[Artifact, LogFacts, list[EventRecord]]:
    """The artifact with its state, what is known of the log, and its events by number."""
    file, index = tmp_path / "file", tmp_path / "index"
    file.write_bytes(content)
    artifact = Artifact(name, file, "0" * 64, len(content), identify(file))
    parse = PARSERS[artifact.kind].parse
    assert parse is not None
    index.unlink(missing_ok=True)
    open_index(lambda word: None, index)
    try:
        artifact.state, artifact.detail, facts = parse(lambda word: None, artifact, 1)
    finally:
        close_index(lambda word: None)
    with EventIndex(index) as events:
        return artifact, facts, sorted(events.events(), key=lambda event: event.record_id)
