"""Executables: what is read of them, and which bytes a tampered one has more."""

import struct
from pathlib import Path

import pefile
import pytest

from demo import pe_writer
from engine.artifacts import Artifact, State
from engine.parsers.pe.facts import NotPe, PeFacts, read_pe


def artifact(folder: Path, data: bytes) -> Artifact:
    file = folder / "a.exe"
    file.write_bytes(data)
    return Artifact("a.exe", file, pe_writer.sha256(data).lower(), len(data), "pe")


def facts(folder: Path, data: bytes) -> PeFacts:
    return read_pe(artifact(folder, data))


def test_the_clean_demo_program_is_a_valid_executable(tmp_path: Path) -> None:
    clean = pe_writer.clean()
    pe = pefile.PE(data=clean)

    assert len(clean) == 4_562_920
    assert pe.get_warnings() == [] and pe.is_exe() and pe.verify_checksum()


def test_it_reads_version_sections_and_checksum(tmp_path: Path) -> None:
    read = facts(tmp_path, pe_writer.clean())

    assert read.file_version == "Version 6.20 of 2016-Apr-06 (Build 2147)"
    assert (read.product, read.original_name, read.machine) == ("CodeMeter", "CodeMeter.exe", "x86")
    assert [s.name for s in read.sections] == [".text", ".rdata", ".data", ".rsrc"]
    assert all(len(s.sha256) == 64 and 0 < s.entropy < 8 for s in read.sections)
    assert read.checksum_fits and read.entry_section == ".text"
    assert read.time == "2016-04-06T04:20:00Z"


def test_its_checksum_is_pefiles(tmp_path: Path) -> None:
    for data in (pe_writer.clean(), pe_writer.tampered()):
        assert facts(tmp_path, data).checksum_computed == pefile.PE(data=data).generate_checksum()


def test_the_symbol_table_behind_the_sections_is_no_overlay(tmp_path: Path) -> None:
    assert facts(tmp_path, pe_writer.clean()).overlay_size == 0


def test_the_tampered_program_keeps_its_version_and_hides_bytes_behind_its_end(tmp_path: Path) -> None:
    clean, tampered = facts(tmp_path, pe_writer.clean()), facts(tmp_path, pe_writer.tampered())

    assert tampered.size - clean.size == tampered.overlay_size == 82_381
    assert tampered.overlay_offset == clean.size
    assert tampered.overlay_entropy is not None and tampered.overlay_entropy > 7.9
    assert tampered.file_version == clean.file_version
    assert not tampered.checksum_fits
    assert tampered.sections[0].sha256 != clean.sections[0].sha256
    assert tampered.sections[1:] == clean.sections[1:]


def test_certificates_are_no_overlay(tmp_path: Path) -> None:
    image = bytearray(pe_writer.clean())
    at = len(image)
    struct.pack_into("<2I", image, pe_writer.PE_AT + 24 + 96 + 8 * 4, at, 64)
    signed = facts(tmp_path, bytes(image) + b"\x40\0\0\0\0\x02\x02\0" + b"c" * 56)
    appended = facts(tmp_path, bytes(image) + b"\x40\0\0\0\0\x02\x02\0" + b"c" * 56 + b"x" * 10)

    assert (signed.overlay_size, signed.certificate_size) == (0, 64)
    assert (appended.overlay_size, appended.overlay_offset) == (10, at + 64)


@pytest.mark.parametrize("size", [2, 64, 200, 600, 5000])
def test_a_cut_executable_is_read_as_far_as_it_goes_or_refused_by_name(tmp_path: Path, size: int) -> None:
    try:
        read = facts(tmp_path, pe_writer.clean()[:size])
    except NotPe:
        return
    assert read.size == size


def test_a_broken_version_resource_costs_only_itself(tmp_path: Path) -> None:
    image = bytearray(pe_writer.clean())
    resources = image.index(b".rsrc\0\0\0")
    offset = struct.unpack_from("<I", image, resources + 20)[0]
    image[offset : offset + 600] = b"\xff" * 600
    broken = artifact(tmp_path, bytes(image))
    read = read_pe(broken)

    assert len(read.sections) == 4 and read.file_version is None
    assert broken.state in {State.READ, State.PARTLY}


def test_no_bytes_behind_the_mark_break_it(tmp_path: Path) -> None:
    head = pe_writer.clean()[:1024]
    for position in range(0x3C, 0x200, 7):
        image = bytearray(head)
        image[position] ^= 0xFF
        try:
            facts(tmp_path, bytes(image))
        except NotPe:
            pass


def test_sections_that_all_claim_the_whole_file_are_refused(tmp_path: Path) -> None:
    image = bytearray(pe_writer.clean())
    for number in range(4):
        struct.pack_into("<2I", image, pe_writer.PE_AT + 24 + 224 + 40 * number + 16, len(image), 0x200)

    with pytest.raises(NotPe, match="overlap"):
        facts(tmp_path, bytes(image))


def test_the_two_tampered_programs_differ(tmp_path: Path) -> None:
    hashes = {
        pe_writer.sha256(make()) for make in (pe_writer.clean, pe_writer.tampered, pe_writer.tampered_before)
    }

    assert len(hashes) == 3
