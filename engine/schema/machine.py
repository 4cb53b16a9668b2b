"""What a result says of the machine that the bundle is from, as the outputs of its tools tell it."""

import msgspec

from engine.text import Text


class FactEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One fact: ``key`` is stable, ``name`` for readers, ``value`` as the file writes it (hostile text),
    ``line`` from 1; ``about`` names the service, adapter or registry key it is of, empty for the machine
    itself."""

    key: str
    name: Text
    value: str
    line: int
    about: str


class MachineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one file of the bundle; ``left_out`` counts those that are not listed."""

    artifact: str
    artifact_sha256: str
    kind: str
    facts: list[FactEntry]
    left_out: int
