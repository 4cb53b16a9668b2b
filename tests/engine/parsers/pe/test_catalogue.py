"""Files signed by a catalogue: judged by it where it is in the bundle, else said to be not judged."""

import hashlib
from pathlib import Path

import pytest

from engine.analyze import analyze
from engine.parsers.pe.authenticode import file_digest
from tests.engine import signed_pe
from tests.engine.signed_pe import FIELDS, catalogue

PROGRAM = signed_pe.program()
EXAMPLES = [catalogue([bytes(32)])]


def own(algorithm: str) -> bytes:
    return bytes.fromhex(file_digest(PROGRAM, algorithm, FIELDS, (len(PROGRAM), 0)) or "")


def details(folder: Path, **files: bytes) -> dict[str, tuple[str, str]]:
    """State and English detail by name."""
    source = folder / "bundle"
    source.mkdir()
    for name, data in files.items():
        (source / name.replace("__", ".")).write_bytes(data)
    artifacts = analyze(source, folder / "work").document().artifacts
    return {artifact.path: (artifact.state.value, artifact.detail["en"]) for artifact in artifacts}


LISTED = {
    "Authenticode SHA-1": own("sha1"),
    "Authenticode SHA-256": own("sha256"),
    "whole file SHA-1": hashlib.sha1(PROGRAM).digest(),
    "whole file SHA-256": hashlib.sha256(PROGRAM).digest(),
    "digits": own("sha256").hex().upper().encode("utf-16-le") + b"\0\0",
}


@pytest.mark.parametrize("how", LISTED)
def test_a_program_that_a_catalogue_lists_is_signed_by_it(tmp_path: Path, how: str) -> None:
    said = details(tmp_path, tool__sys=PROGRAM, oem__cat=catalogue([bytes(20), LISTED[how]]))

    assert said["tool.sys"][1] == (
        "Signed by the catalogue oem.cat (signer Example Software Ltd); its content is what that lists."
    )
    assert "A catalogue (signed by Example Software Ltd) of 2 hashes" in said["oem.cat"][1]


def test_a_program_that_no_catalogue_lists_says_so(tmp_path: Path) -> None:
    said = details(tmp_path, tool__sys=PROGRAM, oem__cat=catalogue([bytes(32)]))

    assert "no catalogue (.cat) of the bundle lists it" in said["tool.sys"][1]


def test_a_catalogue_whose_signature_does_not_hold_vouches_for_nothing(tmp_path: Path) -> None:
    said = details(tmp_path, tool__sys=PROGRAM, oem__cat=catalogue([own("sha1")], spoiled=True))

    assert said["oem.cat"][0] == "partly" and "does not hold" in said["oem.cat"][1]
    assert "the catalogue's own signature does not hold" in said["tool.sys"][1]


def test_without_a_catalogue_an_unsigned_program_is_not_judged(tmp_path: Path) -> None:
    said = details(tmp_path, tool__sys=PROGRAM, signed__exe=signed_pe.sign(PROGRAM))

    assert (
        "may be signed by a catalogue (.cat); none is in the bundle, so this is not judged"
        in (said["tool.sys"][1])
    )
    assert "catalogue" not in said["signed.exe"][1]


def test_a_damaged_catalogue_is_named(tmp_path: Path) -> None:
    said = details(tmp_path, oem__cat=catalogue([bytes(32)])[:300])

    assert said["oem.cat"] == ("unreadable", "The catalogue (.cat) is damaged and cannot be read.")
