"""File states, two copies and signatures as a reader takes them in."""

import io
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from msgspec import convert, structs

from analysis.reports.pages.comparison import comparison_of
from analysis.reports.pages.file_states import matrix
from analysis.reports.pages.files import MAX_UNFOLDED, files_page
from analysis.reports.pages.findings import FindingPages
from analysis.reports.pages.signatures import facts_of, signatures_page
from engine.analyze import analyze
from engine.parsers.file_state import FileState
from engine.schema.document import FindingEntry, ResultDocument
from engine.schema.facts import Facts
from engine.schema.files import ComparedState, FileCounts, FileMatrix, FilesOverview
from tests.analysis.bundles import GOOD, MORE, SIZE, SLIPPED, TAMPERED, VERSION
from tests.engine import signed_pe

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAB = FileState("C:\\x.exe", GOOD, SIZE, "2016-04-06T12:20:00", VERSION, "Lab")


def state(label: str, sha256: str | None, **facts: Any) -> ComparedState:
    return convert(asdict(LAB) | {"label": label, "sha256": sha256} | facts, ComparedState)


def rows(
    *states: ComparedState, baseline: FileState | None = LAB, ordered: bool = False
) -> list[dict[str, Any]]:
    with override("en"):
        files = FileMatrix(
            file="x.exe", path="C:\\x.exe", baseline=baseline, states=list(states), ordered=ordered
        )
        table: list[dict[str, Any]] = matrix(files)["rows"]
        return table


def test_equal_letters_are_equal_contents_and_a_slip_bears_a_stroke() -> None:
    table = rows(
        state("found", None, verdict="unknown"),
        state("again", SLIPPED, verdict="slip", digits=[38]),
        state("later", TAMPERED, verdict="tampered", size=SIZE + MORE, delta_bytes=MORE),
        state("last", GOOD, verdict="equal"),
    )

    assert [row["mark"] for row in table] == ["A", "?", "A′", "B", "A"]
    assert [row["differs"] for row in table] == [False, False, False, True, False]


def test_what_claims_that_nothing_changed_is_named_where_the_content_differs() -> None:
    table = rows(
        state("later", TAMPERED, verdict="tampered"),
        state("newer", TAMPERED, verdict="tampered", modified="2020-01-01T00:00:00"),
        state("good", GOOD, verdict="equal"),
    )

    assert [row["claim"] for row in table] == [
        "",
        "write time and version claim no change",
        "version claims no change",
        "",
    ]


def test_without_a_baseline_states_are_held_against_the_first() -> None:
    table = rows(state("before", GOOD), state("after", TAMPERED, version=None), baseline=None)

    assert [(row["mark"], row["differs"]) for row in table] == [("A", False), ("B", True)]
    assert table[1]["claim"] == "same write time", "what is in no order did not stay as it was"

    table = rows(state("before", GOOD), state("after", TAMPERED, version=None), baseline=None, ordered=True)
    assert table[1]["claim"] == "write time claims no change"


def test_a_row_says_its_machine_and_of_which_algorithm_its_hash_is() -> None:
    sha1 = {"other_hashes": {"SHA1": "A" * 40}, "modified": None}
    other = {"other_hashes": {"SHA1": "B" * 40}, "modified": None, "size": SIZE - 512}
    table = rows(
        state("hash", None, machine="PC-01", **sha1),
        state("PC-02", None, machine="PC-02", **other),
        state("gone", None, size=None, absent=True),
        state("table", GOOD, cut=True),
        baseline=None,
    )

    assert [(row["machine"], row["algorithm"]) for row in table[:2]] == [("PC-01", "SHA-1"), ("", "SHA-1")]
    assert [row["mark"] for row in table] == ["A", "B", "–", "?"]
    assert (table[1]["delta"], table[1]["differs"]) == ("-512", True)
    assert [row["verdict"] for row in table] == ["no verdict", "no verdict", "not there", "path cut off"]


def overview(count: int) -> FilesOverview:
    states = [state("before", GOOD), state("after", TAMPERED)]
    return FilesOverview(
        differing=[
            FileMatrix(file=f"{number}.dll", path="C:\\x.exe", baseline=None, states=states)
            for number in range(count)
        ],
        same=["C:\\same\u202e.dll"],
        counts=FileCounts(differing=count + 7, same=400),
    )


def test_of_hundreds_of_files_those_that_differ_stand_first_and_the_rest_is_folded() -> None:
    with override("en"):
        page = files_page(overview(MAX_UNFOLDED + 3))

    assert page is not None
    (table,) = page["tables"]
    assert table["heads"] == ("before", "after")
    assert (len(table["rows"]), len(table["folded"])) == (MAX_UNFOLDED, 3)
    assert page["said"] == f"{MAX_UNFOLDED + 10 + 400} files were captured; {MAX_UNFOLDED + 10} differ."
    assert page["unlisted"] == "7 more files differ and are not listed."
    (same,) = page["quiet"]
    assert same["names"] == {"listed": ["C:\\same\ufffd.dll"], "more": "and 399 more"}


def test_one_file_alone_needs_no_table_of_files() -> None:
    assert files_page(FilesOverview(counts=FileCounts(differing=1))) is None
    assert files_page(FilesOverview()) is None


def test_paths_that_were_cut_off_are_counted_and_a_list_is_asked_for() -> None:
    with override("en"):
        page = files_page(FilesOverview(cut=["C:\\Pr…"], counts=FileCounts(cut=1)))

    assert page is not None
    (cut,) = page["quiet"]
    assert cut["said"].endswith("please capture it with Format-List") and cut["names"]["listed"] == [
        "C:\\Pr…"
    ]


# -- Two copies ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> ResultDocument:
    """Two copies of a small program, one with bytes changed and appended; a signed and a broken one."""
    folder = tmp_path_factory.mktemp("copies")
    whole = signed_pe.sign(signed_pe.program())
    plain = signed_pe.with_checksum(signed_pe.program(size=0x1000))
    changed = plain[:0x500] + b"\xe9\x10\x00\x00\x00" + plain[0x505:] + b"\xfe" * 700
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lab/tool.exe", plain)
        archive.writestr("site/tool.exe", changed)
        archive.writestr("good.exe", whole)
        archive.writestr("broken.exe", whole[:0x60] + bytes([whole[0x60] ^ 1]) + whole[0x61:])
    file = folder / "bundle.zip"
    file.write_bytes(packed.getvalue())
    return analyze(file, Path(folder, "work")).document()


def compared(document: ResultDocument) -> FindingEntry:
    return next(finding for finding in document.findings if finding.data.comparison is not None)


def test_the_comparison_names_what_changed_and_counts_what_did_not(document: ResultDocument) -> None:
    with override("en"):
        page = comparison_of(compared(document))

    assert page is not None
    changed = {row["part"]: row for row in page["differing"]}
    assert changed["Appended data"]["state"] == "added" and changed["Appended data"]["delta"] == "+700"
    (section,) = [row for part, row in changed.items() if part.startswith("Section ")]
    assert any("at offset" in line for line in section["detail"])
    assert page["same_said"].startswith("Unchanged: ") and "Headers" in page["same_said"]
    assert "Resources" in page["same_said"]
    assert "the link time" in page["kept"] or "the version" in page["kept"]


def test_the_map_is_to_scale_and_says_the_same_in_words(document: ResultDocument) -> None:
    with override("en"):
        page = comparison_of(compared(document))
    assert page is not None
    reference, other = page["maps"]

    assert float(reference["whole"].rstrip("%")) < float(other["whole"].rstrip("%")) == 100
    assert other["ticks"] and not reference["ticks"]
    appended = other["parts"][-1]
    assert appended["tone"] == "added" and "Appended data: added to it, 700 bytes" in other["alternative"]
    for part in (*reference["parts"], *other["parts"]):
        assert float(part["x"].rstrip("%")) + float(part["width"].rstrip("%")) <= 100.01


def test_a_result_that_tells_no_offsets_has_a_table_and_no_map(document: ResultDocument) -> None:
    finding = compared(document)
    comparison = finding.data.comparison
    assert comparison is not None
    bare = [structs.replace(section, offset=None) for section in comparison.sections]
    old = Facts(comparison=structs.replace(comparison, sections=bare))
    page = comparison_of(structs.replace(finding, data=old))

    assert page is not None and page["maps"] == [] and page["differing"]


def test_the_managers_sentence_stands_first_and_the_details_wait(document: ResultDocument) -> None:
    page = FindingPages("en", SHANGHAI).page(1, compared(document))

    assert len(page["summary"]) == 1 and "vendor released" in page["summary"][0]
    assert "site/tool.exe" in page["in_words"][0]


# -- Signatures ----------------------------------------------------------------------------


def test_signatures_that_do_not_hold_come_first_each_with_what_it_means(document: ResultDocument) -> None:
    with override("en"):
        page = signatures_page(facts_of(document.pe), SHANGHAI)

    assert page is not None
    broken, valid = page["rows"]
    assert (broken["artifact"], broken["label"], broken["digest_fits"]) == ("broken.exe", "broken", False)
    assert (valid["artifact"], valid["digest"]) == ("good.exe", "SHA256 digest matches")
    assert valid["signer"] == "Example Software Ltd" and valid["stamp"] == "2021-03-04 13:06:07"
    assert [link["subject"] for link in valid["chain"]] == ["Example Software Ltd", "Test Root"]
    assert [meaning["label"] for meaning in page["meanings"]] == ["broken", "valid", "not signed"]
    assert page["unsigned"] == "2 programs are not signed."


def test_without_programs_there_is_nothing_to_say_of_signatures() -> None:
    assert signatures_page([], SHANGHAI) is None
