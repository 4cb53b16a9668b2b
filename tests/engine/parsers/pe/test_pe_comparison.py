"""Two copies of one executable: what changed where, what disguises it, and what that means."""

import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from demo import captures, pe_writer
from engine.analyze import analyze
from engine.artifacts import Artifact
from engine.findings import Finding
from engine.parsers.pe.comparison import Comparison, compare_executables
from engine.parsers.pe.facts import read_pe
from engine.schema.versions import stored_form
from tests.engine import signed_pe
from tests.engine.parsers.pe.test_authenticode import signed

RULE = "tampered-executable"


def compared(folder: Path, first: bytes, second: bytes) -> Comparison:
    files = (folder / "one.exe", folder / "two.exe")
    facts = []
    for file, data in zip(files, (first, second), strict=True):
        file.write_bytes(data)
        facts.append(read_pe(Artifact(file.name, file, pe_writer.sha256(data).lower(), len(data), "pe")))
    return compare_executables(facts[0], facts[1], files)


def bundle(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        place = folder / "bundle" / name / "CodeMeter.exe"
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
    return folder / "bundle"


def findings_of(source: Path, work: Path, rule: str = RULE, **options: Any) -> list[Finding]:
    return [finding for finding in analyze(source, work, **options).findings if finding.rule == rule]


# -- The table ---------------------------------------------------------------------------


def test_the_tampered_program_differs_in_its_first_jump_its_hook_and_its_end(tmp_path: Path) -> None:
    table = compared(tmp_path, pe_writer.clean(), pe_writer.tampered())

    changed = [section for section in table.sections if section.state != "same"]
    assert [section.name for section in changed] == [".text"]
    assert [place[0] for place in changed[0].places] == [pe_writer.HEADERS, 3_872_768]
    assert changed[0].places[0][1] == 5 and changed[0].changed == table.changed_bytes <= 101
    assert table.entry == "patched" and table.jump == (0x1000 + 3_872_768 - pe_writer.HEADERS, ".text")
    assert table.overlay_added == pe_writer.ADDED
    assert table.kept == ("version", "link_time", "checksum")


def test_a_copy_of_itself_differs_in_nothing(tmp_path: Path) -> None:
    table = compared(tmp_path, pe_writer.clean(), pe_writer.clean())

    assert table.identical and table.changed_bytes == 0 and table.entry == "same"
    assert not table.headers and not table.overlay_changed


def test_every_difference_of_the_headers_is_listed(tmp_path: Path) -> None:
    image = bytearray(pe_writer.clean())
    struct.pack_into("<I", image, pe_writer.PE_AT + 8, 1_600_000_000)
    struct.pack_into("<H", image, pe_writer.PE_AT + 24 + 68, 3)
    table = compared(tmp_path, pe_writer.clean(), bytes(image))

    assert [field for field, _, _ in table.headers] == ["TimeDateStamp", "Subsystem"]
    assert "link_time" not in table.kept and table.changed_bytes == 0


def test_bytes_of_the_header_that_no_field_tells_of_are_counted(tmp_path: Path) -> None:
    changed = bytearray(pe_writer.clean())
    changed[0x50:0x53] = b"xyz"

    table = compared(tmp_path, pe_writer.clean(), bytes(changed))

    assert (table.header_bytes, table.headers, table.changed_bytes) == (3, (), 0)
    assert compared(tmp_path, pe_writer.clean(), pe_writer.clean()).header_bytes == 0


def test_a_new_section_and_a_moved_entry_point_are_told(tmp_path: Path) -> None:
    clean = pe_writer.clean()
    image = bytearray(clean)
    end = len(image)
    table_at = pe_writer.PE_AT + 24 + 224 + 4 * 40
    struct.pack_into("<H", image, pe_writer.PE_AT + 6, 5)
    struct.pack_into(
        "<8s6I2HI", image, table_at, b".evil", 0x200, 0x800000, 0x200, end, 0, 0, 0, 0, 0x60000020
    )
    struct.pack_into("<I", image, pe_writer.PE_AT + 24 + 16, 0x800000)
    changed = compared(tmp_path, clean, bytes(image) + b"\xe8\0\0\0\0".ljust(0x200, b"\x90"))

    assert [(section.name, section.state) for section in changed.sections][-1] == (".evil", "added")
    assert changed.entry == "moved" and changed.other.entry_section == ".evil"
    assert changed.jump == (0x800005, ".evil")


def test_changed_resources_are_named(tmp_path: Path) -> None:
    image = bytearray(pe_writer.clean())
    at = image.rindex("Runtime Server".encode("utf-16-le"))
    image[at : at + 2] = b"X\0"
    table = compared(tmp_path, pe_writer.clean(), bytes(image))

    assert table.resources_changed == ("version/1/1033",)


def test_many_places_are_counted_and_the_first_listed(tmp_path: Path) -> None:
    image = bytearray(pe_writer.clean())
    for number in range(100):
        image[0x1000 + number * 0x100] ^= 1
    table = compared(tmp_path, pe_writer.clean(), bytes(image))
    (text,) = [section for section in table.sections if section.state == "changed"]

    assert (len(text.places), text.more_places, text.changed) == (20, 80, 100)


def test_the_table_is_json(tmp_path: Path) -> None:
    comparison = compared(tmp_path, pe_writer.clean(), pe_writer.tampered())
    table = msgspec.json.decode(msgspec.json.encode(comparison.as_entry()))

    assert table["overlay"]["size"] == [0, 82_381]
    assert table["entry_point"]["jump"][1] == ".text"


# -- The findings ------------------------------------------------------------------------


def test_two_copies_in_a_bundle_are_compared_without_any_baseline(tmp_path: Path) -> None:
    source = bundle(tmp_path, lab=pe_writer.clean(), site=pe_writer.tampered())
    (finding,) = findings_of(source, tmp_path / "work")

    assert finding.title["en"].startswith("site/CodeMeter.exe: as lab/CodeMeter.exe by name and version")
    assert "same version, link time and checksum" in finding.summary["en"]
    assert finding.summary["en"].startswith("Another program has rewritten")
    assert finding.summary["zh-hans"].startswith("一个完整的程序被别的程序改写过")
    comparison = finding.data.comparison
    assert comparison is not None and comparison.reference == "lab/CodeMeter.exe"
    assert all(
        before == after for before, after in (section.offset or (0, 1) for section in comparison.sections)
    )
    assert {evidence.artifact for evidence in finding.evidence} == {"lab/CodeMeter.exe", "site/CodeMeter.exe"}


def test_a_copy_with_an_appended_end_alone_is_not_called_rewritten(tmp_path: Path) -> None:
    source = bundle(tmp_path, lab=pe_writer.clean(), site=pe_writer.clean() + b"data" * 100)
    (finding,) = findings_of(source, tmp_path / "work")

    assert "The program itself is the same byte for byte" in finding.summary["en"]


def test_the_copy_that_is_the_baseline_is_the_reference_even_if_it_came_last(tmp_path: Path) -> None:
    source = bundle(tmp_path, a=pe_writer.tampered(), b=pe_writer.tampered_before(), z=pe_writer.clean())
    findings = findings_of(source, tmp_path / "work", baselines=[captures.baseline_state()])

    references = {finding.data.comparison and finding.data.comparison.reference for finding in findings}
    assert references == {"z/CodeMeter.exe"}
    assert len(findings) == 2


@pytest.mark.parametrize("field", ["version", "machine"])
def test_other_versions_and_other_processors_are_not_compared(tmp_path: Path, field: str) -> None:
    image = bytearray(pe_writer.clean())
    if field == "machine":
        struct.pack_into("<H", image, pe_writer.PE_AT + 4, 0x1C4)
    else:
        at = image.index("Build 2147".encode("utf-16-le"))
        while at >= 0:
            image[at + 12 : at + 14] = b"9\0"
            at = image.find("Build 2147".encode("utf-16-le"))
    source = bundle(tmp_path, lab=pe_writer.clean(), other=bytes(image))

    assert findings_of(source, tmp_path / "work") == []


# -- Signatures --------------------------------------------------------------------------


def test_a_signed_copy_is_the_reference_and_a_stripped_signature_is_told(tmp_path: Path) -> None:
    stripped = bytearray(signed())
    at, _size = struct.unpack_from("<2I", stripped, signed_pe.DIRECTORY_AT)
    struct.pack_into("<2I", stripped, signed_pe.DIRECTORY_AT, 0, 0)
    stripped[0x500] ^= 1
    source = bundle(tmp_path, a=bytes(stripped[:at]), b=signed())
    (finding,) = findings_of(source, tmp_path / "work")

    comparison = finding.data.comparison
    assert comparison is not None and comparison.reference == "b/CodeMeter.exe"
    assert "Its digital signature (Example Software Ltd) was removed." in finding.summary["en"]


def expired() -> bytes:
    publisher = signed_pe.issue(
        "Late Ltd",
        signed_pe.authorities()[0],
        purpose=ExtendedKeyUsageOID.CODE_SIGNING,
        until=signed_pe.later(30),
    )
    return signed_pe.sign(signed_pe.program(), publisher, stamp=False)


def test_signatures_that_do_not_hold_are_findings_and_valid_ones_are_not(tmp_path: Path) -> None:
    broken = bytearray(signed())
    broken[0x500] ^= 1
    padded = signed_pe.with_table(signed_pe.program(), signed_pe.message_of(signed()), b"hidden" * 20)
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, data in {
        "valid": signed(),
        "plain": signed_pe.program(),
        "broken": bytes(broken),
        "padded": padded,
        "cut": signed()[:-500],
        "expired": expired(),
    }.items():
        (folder / f"{name}.exe").write_bytes(data)
    result = analyze(folder, tmp_path / "work")
    findings = {
        finding.data.state: finding for finding in result.findings if finding.rule == "executable-signature"
    }

    assert {state: finding.severity.value for state, finding in findings.items()} == {
        "broken": "high",
        "padded": "medium",
        "damaged": "low",
        "expired": "low",
    }
    told = findings["expired"].summary
    assert all(word in told["en"] for word in ("2020-01-01 to 2021-04-03", "0x800B0101", "not changed"))
    assert "有效期 2020-01-01 至 2021-04-03" in told["zh-hans"]
    assert "its content is not what was signed" in findings["broken"].summary["en"]
    assert "内容与签名时不同" in findings["broken"].summary["zh-hans"]
    assert "CVE-2013-3900" in findings["padded"].summary["en"]
    executables = {entry["artifact"]: entry for entry in stored_form(result.document())["pe"]}
    assert {name: entry["signature"] for name, entry in executables.items()} == {
        "valid.exe": "valid",
        "plain.exe": "unsigned",
        "broken.exe": "broken",
        "padded.exe": "padded",
        "cut.exe": "damaged",
        "expired.exe": "valid",
    }
    details = {artifact.path: artifact.detail for artifact in result.artifacts}
    assert "time stamp 2021-03-04); offline, trust" in (details["valid.exe"] or {"en": ""})["en"]
    assert "this is not judged" in (details["plain.exe"] or {"en": ""})["en"]
    assert executables["valid.exe"]["signer"] == "Example Software Ltd"
    assert {"artifact", "sha256", "version", "signature", "signer", "sections"} <= set(
        executables["plain.exe"]
    )
