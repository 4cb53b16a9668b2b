"""Comparing the states of a file: tampered, changed, copied wrongly, equal, or not to be judged."""

from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.analyzers import file_equals_baseline, file_state_changed, file_tampered, hash_transcription_slip
from engine.artifacts import Artifact
from engine.files.comparison import compare
from engine.findings import Examined, Finding, NotExamined, Severity
from engine.index.event_index import EventIndex
from engine.index.writer import EventIndexWriter
from engine.material import Material
from engine.parsers.file_state import FileState
from engine.parsers.pe.facts import PeFacts
from engine.registry import ANALYZERS
from engine.schema.facts import Slip
from tests.engine.capture_texts import HASH, MODIFIED, OTHER_HASH, PATH, SIZE, VERSION

BASELINE = FileState(PATH, HASH, SIZE, MODIFIED, VERSION, "lab")
TAMPERED = FileState(PATH, OTHER_HASH, SIZE + 82_381, MODIFIED, VERSION, "after restart", "c.txt", 7)
THIRD_HASH = "07FCF4E9C5077147F804C76655132096F1A77290EBCA6DA9DDC88F42791DF98B"
AS_FOUND = FileState(PATH, THIRD_HASH, None, None, None, "as found", "c.txt", 3)
SLIP = replace(BASELINE, sha256=HASH[:36] + "F" + HASH[37:], label="re-installed", artifact="c.txt", line=5)


@pytest.fixture
def events(tmp_path: Path) -> EventIndex:
    with EventIndexWriter(tmp_path / "index"):
        pass
    return EventIndex(tmp_path / "index")


def material(
    events: EventIndex, *states: FileState, baselines: tuple[FileState, ...] = (BASELINE,)
) -> Material:
    capture = Artifact("c.txt", Path("c.txt"), "00", 1, "capture")
    zone = ZoneInfo("Asia/Shanghai")
    return Material(zone, events, [capture], file_states=list(states), baselines=list(baselines))


def findings(
    events: EventIndex, *states: FileState, baselines: tuple[FileState, ...] = (BASELINE,)
) -> dict[str, Finding]:
    """The findings of all rules by rule."""
    by_rule: dict[str, Finding] = {}
    for analyzer in ANALYZERS:
        outcome = analyzer.examine(material(events, *states, baselines=baselines))
        if isinstance(outcome, Examined):
            by_rule |= {finding.rule: finding for finding in outcome.findings}
    return by_rule


def test_it_says_what_changed_and_what_pretends_not_to_have(events: EventIndex) -> None:
    finding = findings(events, TAMPERED)[file_tampered.RULE]

    assert finding.severity is Severity.HIGH
    assert (
        "82,381 bytes more than the baseline, while write time and version claim nothing changed"
        in finding.summary["en"]
    )
    assert "多 82,381 字节，而修改时间和版本声称一切未变" in finding.summary["zh-hans"]
    assert [dict(e.locator.facts()) for e in finding.evidence] == [
        {"label": "after restart", "line": 7},
        {"baseline": True, "label": "lab"},
    ]


def test_the_case_reads_as_the_case_was(events: EventIndex) -> None:
    numbered = [
        replace(state, heading=f"{number}. {state.label}")
        for number, state in enumerate((AS_FOUND, SLIP, TAMPERED), start=1)
    ]
    by_rule = findings(events, *numbered)

    assert set(by_rule) == {file_tampered.RULE, file_state_changed.RULE, hash_transcription_slip.RULE}
    assert "2 states" in by_rule[file_tampered.RULE].title["en"]
    assert (
        "2 different hashes: the file was changed more than once" in by_rule[file_tampered.RULE].summary["en"]
    )
    assert "still active on this machine" in by_rule[file_state_changed.RULE].summary["en"]
    states = by_rule[file_tampered.RULE].data.states
    assert [(s.verdict, s.delta_bytes, s.digits) for s in states] == [
        ("tampered", None, []),
        ("slip", 0, [37]),
        ("tampered", 82_381, []),
    ]


def test_one_wrong_digit_is_a_slip_neither_tampering_nor_equal(events: EventIndex) -> None:
    by_rule = findings(events, SLIP)

    assert set(by_rule) == {hash_transcription_slip.RULE}
    finding = by_rule[hash_transcription_slip.RULE]
    assert "one digit: a transcription slip, not tampering" in finding.title["en"]
    assert "digit 37 reads F where the baseline has 9" in finding.summary["en"]
    assert finding.data.slip == Slip(label="re-installed", digits=[37])


def test_two_wrong_digits_are_a_slip(events: EventIndex) -> None:
    by_rule = findings(events, replace(SLIP, sha256="00" + HASH[2:]))

    assert set(by_rule) == {hash_transcription_slip.RULE}
    assert "differs from the baseline in two digits" in by_rule[hash_transcription_slip.RULE].title["en"]
    assert by_rule[hash_transcription_slip.RULE].data.slip == Slip(label="re-installed", digits=[1, 2])


def test_a_near_hash_with_another_size_is_no_slip(events: EventIndex) -> None:
    by_rule = findings(events, replace(SLIP, size=SIZE + 1))

    assert hash_transcription_slip.RULE not in by_rule
    assert "capture it again" in by_rule[file_tampered.RULE].summary["en"]


def test_three_wrong_digits_are_no_slip(events: EventIndex) -> None:
    assert set(findings(events, replace(SLIP, sha256="000" + HASH[3:]))) == {file_tampered.RULE}


@pytest.mark.parametrize(
    ("sha256", "rule"),
    [
        ("0" + HASH[1:], hash_transcription_slip.RULE),
        ("00" + HASH[2:], hash_transcription_slip.RULE),
        ("000" + HASH[3:], file_state_changed.RULE),
    ],
)
def test_a_slip_is_seen_between_two_captures_without_a_baseline(
    events: EventIndex, sha256: str, rule: str
) -> None:
    first = replace(BASELINE, label="first", artifact="c.txt", line=2)
    assert set(findings(events, first, replace(SLIP, sha256=sha256), baselines=())) == {rule}


def test_an_equal_state_is_said_to_be_equal(events: EventIndex) -> None:
    by_rule = findings(events, replace(BASELINE, label="now", artifact="c.txt", line=2))

    assert set(by_rule) == {file_equals_baseline.RULE}
    assert by_rule[file_equals_baseline.RULE].severity is Severity.INFO


def test_paths_are_compared_without_case_and_broken_blanks(events: EventIndex) -> None:
    written = PATH.upper().replace("PROGRAM FILES (X86)", "PROGRAM FILES(X86)")

    assert file_tampered.RULE in findings(events, replace(TAMPERED, path=written))
    # Of an unknown version the path alone says that it is the same file.
    assert file_tampered.RULE in findings(events, replace(TAMPERED, path=written, version=None))


def test_another_version_is_not_called_tampering(events: EventIndex) -> None:
    by_rule = findings(events, replace(TAMPERED, version="Version 7.00"))

    assert by_rule[file_tampered.RULE].severity is Severity.LOW
    assert "another version" in by_rule[file_tampered.RULE].title["en"]


def test_a_namesake_in_another_folder_is_not_judged(events: EventIndex) -> None:
    assert findings(events, replace(TAMPERED, path=r"D:\other\CodeMeter.exe", version=None)) == {}


def test_being_none_of_the_versions_in_a_reference_list_is_no_tampering(events: EventIndex) -> None:
    listed = [FileState("CodeMeter.exe", digit * 64, None, None, None, "RDS") for digit in "12"]

    assert file_tampered.RULE not in findings(events, AS_FOUND, baselines=tuple(listed))
    assert file_tampered.RULE in findings(events, AS_FOUND, baselines=tuple(listed[:1]))
    known = replace(AS_FOUND, sha256="2" * 64)
    assert "file-equals-baseline" in findings(events, known, baselines=tuple(listed))


def test_of_several_baselines_the_one_of_the_claimed_version_is_taken(events: EventIndex) -> None:
    newer = replace(BASELINE, sha256="AB" * 32, version="Version 7.00", size=5)

    by_rule = findings(events, TAMPERED, baselines=(newer, BASELINE))
    baseline = by_rule[file_tampered.RULE].data.baseline
    assert baseline is not None and baseline.sha256 == HASH


def test_a_file_in_the_bundle_is_no_second_capture(events: EventIndex) -> None:
    itself = replace(TAMPERED, label="Files/CodeMeter.exe", line=None)

    assert file_state_changed.RULE not in findings(events, AS_FOUND, itself, baselines=())


def test_a_state_is_known_good_by_any_baseline_of_its_name(events: EventIndex) -> None:
    newer = replace(BASELINE, sha256=THIRD_HASH, version="Version 7.00", size=5)
    before = replace(BASELINE, label="before", artifact="c.txt", line=2)
    after = replace(newer, label="after", artifact="c.txt", line=9)

    by_rule = findings(events, before, after, baselines=(BASELINE, newer))
    assert set(by_rule) == {file_equals_baseline.RULE, file_state_changed.RULE}


def test_without_a_baseline_a_change_is_still_told(events: EventIndex) -> None:
    by_rule = findings(events, AS_FOUND, TAMPERED, baselines=())

    assert set(by_rule) == {file_state_changed.RULE}
    assert by_rule[file_state_changed.RULE].severity is Severity.HIGH


def program(sha256: str, *, cut: bool = False) -> PeFacts:
    """``CodeMeter.exe`` as the bundle holds it; hashes of files are written in lower case."""
    unknown: dict[str, Any] = {field.name: None for field in fields(PeFacts) if field.default is MISSING}
    known = {"artifact": "Files/CodeMeter.exe", "sha256": sha256.lower(), "size": SIZE}
    return PeFacts(**unknown | known | {"file_version": VERSION}, cut=cut)


@pytest.mark.parametrize(
    ("executable", "states"),
    [
        (program(OTHER_HASH), [("after restart", "Files/CodeMeter.exe")]),
        (program(THIRD_HASH), [("after restart", None), ("Files/CodeMeter.exe", "Files/CodeMeter.exe")]),
        (program(THIRD_HASH, cut=True), [("after restart", None)]),
    ],
    ids=["it is the captured one", "it is another one", "it is cut off"],
)
def test_a_program_in_the_bundle_joins_the_captured_state_of_its_hash(
    events: EventIndex, executable: PeFacts, states: list[tuple[str, str | None]]
) -> None:
    given = material(events, TAMPERED)
    given.executables.append(executable)
    (group,) = compare(given)
    assert [(state.label, state.file_in_bundle) for state in group.matrix().states] == states


def test_what_is_missing_for_a_verdict_is_named(events: EventIndex) -> None:
    nothing = file_tampered.examine(material(events))
    no_baseline = file_tampered.examine(material(events, TAMPERED, baselines=()))

    assert isinstance(nothing, NotExamined) and "Get-FileHash" in nothing.missing_input["en"]
    assert isinstance(no_baseline, NotExamined) and "CodeMeter.exe" in no_baseline.missing_input["en"]


def test_a_size_alone_can_tell(events: EventIndex) -> None:
    by_rule = findings(events, replace(TAMPERED, sha256=None))

    assert "the hash was not captured; 82,381 bytes more" in by_rule[file_tampered.RULE].summary["en"]
