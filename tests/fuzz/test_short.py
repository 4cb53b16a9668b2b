"""The first of the mutated files; ``make fuzz`` tries ten thousand of each kind."""

from pathlib import Path

import pytest

from engine.artifacts import Artifact
from engine.parsers.pe.facts import read_pe
from tests.fuzz.mutations import mutated
from tests.fuzz.parsers import PARSERS
from tests.fuzz.run import fuzz
from tests.fuzz.seeds import executables

SECONDS = 1.2
FILES = 400
MAX_PEAK = 200


@pytest.mark.parametrize("name", PARSERS)
def test_mutated_files_break_nothing(name: str) -> None:
    outcome = fuzz(name, FILES, SECONDS)

    assert not outcome.failures, "\n".join(outcome.failures)
    assert outcome.files > 0 and outcome.peak < MAX_PEAK


@pytest.mark.parametrize("name", PARSERS)
def test_a_number_is_the_same_file_for_ever(name: str) -> None:
    seeds = PARSERS[name].seeds()

    assert [mutated(name, number, seeds) for number in range(20)] == [
        mutated(name, number, seeds) for number in range(20)
    ]


def test_the_executables_to_begin_with_are_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.exe"
    read = []
    for data in executables():
        file.write_bytes(data)
        read.append(read_pe(Artifact("a.exe", file, "0" * 64, len(data), "pe")))

    assert read[0].imports == ("kernel32.dll!CreateFileW", "kernel32.dll!ReadFile")
    assert read[0].resources[0].name == "version/1/1033" and read[0].product == "CodeMeter"
    assert [facts.signature.state for facts in read] == ["unsigned", "valid", "valid", "padded"]
