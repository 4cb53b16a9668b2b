"""A file of facts read as an analysis reads it, for the tests of all of them."""

from pathlib import Path

from engine.artifacts import Artifact
from engine.parsers.machine_facts import MachineFacts
from engine.parsers.registry import PARSERS
from engine.unpacking.identify import identify

Told = list[tuple[str, str, int, str]]
"""Key, value, line and what it is about."""


def read(tmp_path: Path, content: bytes, name: str) -> tuple[Artifact, Told]:
    """The artifact with its state, and its facts."""
    file = tmp_path / "file"
    file.write_bytes(content)
    artifact = Artifact(name, file, "0" * 64, len(content), identify(file))
    parse = PARSERS[artifact.kind].parse
    assert parse is not None
    facts: MachineFacts
    artifact.state, artifact.detail, facts = parse(lambda word: None, artifact)
    return artifact, [(fact.key, fact.value, fact.line, fact.about) for fact in facts.facts]
