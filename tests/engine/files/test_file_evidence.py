"""What two captures of one file prove: of whom, in which order, by which number; and what is not compared."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import file_state_changed, file_tampered
from engine.artifacts import Artifact
from engine.files.agreement import same_version
from engine.files.comparison import compare
from engine.files.content import Relation, classes, held
from engine.files.moments import settled
from engine.files.order import in_order
from engine.findings import Examined, Finding, NotExamined
from engine.machines import Machines
from engine.material import Material
from engine.parsers.file_state import FileState
from engine.parsers.paths import are_twins, place_of
from engine.schema.files import Verdict
from tests.engine.files.test_file_overview import ZONE

PATH = r"C:\Program Files\Agent\AgentService.exe"


def state(artifact: str = "c.txt", **facts: Any) -> FileState:
    """A state of the agent; a hash is one digit, written out."""
    lengths = {"MD5": 32, "SHA1": 40, "SHA384": 96, "SHA512": 128}
    other = {name: facts.pop(name) * length for name, length in lengths.items() if name in facts}
    known = {"path": PATH, "sha256": None, "size": None, "modified": None, "version": None, "line": 1}
    digit = facts.pop("digit", None)
    label = facts.pop("label", artifact.rpartition("/")[2].removesuffix(".txt"))
    more = {"sha256": digit * 64} if digit else {}
    return FileState(label=label, artifact=artifact, other_hashes=other, **known | more | facts)


def material(*states: FileState, baselines: tuple[FileState, ...] = ()) -> Material:
    names = dict.fromkeys(one.artifact or "" for one in states)
    artifacts = [Artifact(name, Path(name), "00", 1, "capture") for name in names]
    no_events: Any = None
    return Material(ZONE, no_events, artifacts, file_states=list(states), baselines=list(baselines))


def changes(*states: FileState) -> list[Finding]:
    outcome = file_state_changed.examine(material(*states))
    assert isinstance(outcome, Examined)
    return list(outcome.findings)


# -- Order ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("before.txt", "after.txt"),
        ("1-b.txt", "2-a.txt"),
        ("第一次.txt", "第二次.txt"),
        ("重装前/哈希.txt", "重装后/哈希.txt"),
        ("修复之前.txt", "修复后的哈希.txt"),
        ("z 20210506_0901.txt", "a 20210507.txt"),
        ("5月7日.txt", "5月8日.txt"),
        ("BeforeReinstall.txt", "AfterReinstall.txt"),
    ],
)
def test_times_numbers_and_before_and_after_order_states(first: str, second: str) -> None:
    early, late = state(first, digit="A"), state(second, digit="B")

    assert in_order([late, early]) == [early, late]
    (finding,) = changes(late, early)
    assert "changed between the captures" in finding.title["en"]
    assert f"“{early.label}” AAAAAAAA… → “{late.label}” BBBBBBBB…" in finding.summary["zh-hans"]
    assert finding.data.ordered and [one.label for one in finding.data.states] == [early.label, late.label]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("问题状态/哈希.txt", "重装后/哈希.txt"),
        ("当前.txt", "重装后.txt"),
        ("重启前.txt", "重装后.txt"),
        ("hash1.txt", "hash2.txt"),
        ("32-bit.txt", "64-bit.txt"),
        ("2021-05-07 0901.txt", "2021-05-07.txt"),
    ],
)
def test_where_nothing_says_the_order_none_is_claimed(one: str, other: str) -> None:
    (finding,) = changes(state(one, digit="A"), state(other, digit="B"))

    assert "differs between the captures" in finding.title["en"]
    for sentence in (finding.summary["zh-hans"], finding.summary["en"], finding.title["zh-hans"]):
        assert "→" not in sentence and "变化" not in sentence and "changed" not in sentence
    assert "no order is claimed" in finding.summary["en"] and not finding.data.ordered


def test_lines_of_one_transcript_are_in_order_and_those_of_a_file_are_not() -> None:
    pasted = [state(digit="A", line=3), state(digit="B", line=9)]
    recorded = [replace(one, taken="2021-05-07T09:08:07") for one in pasted]

    assert in_order(pasted) is None
    assert in_order(recorded[::-1]) == recorded


# -- Machines -------------------------------------------------------------------------------


def test_two_machines_differ_and_did_not_change() -> None:
    (finding,) = changes(
        state("1.txt", digit="A", size=150_016, machine="PC-01", label="1-before"),
        state("2.txt", digit="B", size=149_504, machine="PC-02", label="2-after"),
    )

    assert finding.title["en"] == "AgentService.exe is not the same on PC-01 and PC-02"
    assert "PC-01: AAAAAAAA… (150,016 bytes); PC-02: BBBBBBBB… (149,504 bytes)." in finding.summary["en"]
    assert "512 bytes less" in finding.summary["en"] and "少 512 字节" in finding.summary["zh-hans"]
    assert "→" not in finding.summary["en"]


def test_a_change_on_one_of_two_machines_is_told_beside_their_difference() -> None:
    titles = [
        finding.title["en"]
        for finding in changes(
            state("PC-01/before.txt", digit="A", machine="PC-01"),
            state("PC-01/after.txt", digit="B", machine="PC-01"),
            state("PC-02/after.txt", digit="A", machine="PC-02"),
        )
    ]

    assert titles == [
        "AgentService.exe is not the same on PC-01 and PC-02",
        "AgentService.exe changed between the captures on PC-01",
    ]


def test_folders_manifests_and_shares_say_the_machine() -> None:
    states = settled(
        [
            state("pc-01/hash.txt", digit="A"),
            state("sent/collected/hash.txt", digit="A"),
            state("note.txt", digit="A", path="\\\\PC-03\\c$\\x.exe", machine="PC-09"),
            state("unknown/hash.txt", digit="A"),
        ],
        Machines({"PC-01.example.test"}),
        {"sent": "PC-02"},
    )

    assert [one.machine for one in states] == ["PC-01.example.test", "PC-02", "PC-03", ""]


# -- Labels ---------------------------------------------------------------------------------


def labels(*states: FileState) -> list[str]:
    return [one.label for one in settled(states, Machines(()))]


def test_folders_name_states_whose_files_are_called_alike() -> None:
    folders = ("问题状态", "重装后", "测试环境")

    assert labels(*(state(f"logs/{folder}/哈希.txt", digit="A") for folder in folders)) == list(folders)


def test_file_names_and_then_headings_name_states() -> None:
    assert labels(state("x/重装前.txt", digit="A"), state("x/重装后.txt", digit="A")) == ["重装前", "重装后"]
    assert labels(
        state("hash.txt", digit="A", heading="as found", label="as found"),
        state("hash.txt", digit="B", heading="after restart", label="after restart"),
    ) == ["as found", "after restart"]
    assert labels(state("a/CodeMeter 哈希.txt", digit="A", heading="重装后", label="重装后")) == [
        "CodeMeter 哈希"
    ]


def test_a_label_says_nothing_twice() -> None:
    named = [
        state("PC-01 重装前.txt", digit="A", machine="PC-01"),
        state("PC-01 重装后.txt", digit="A", machine="PC-01"),
        state("PC-02.txt", digit="A", machine="PC-02"),
    ]

    assert labels(*named) == ["PC-01 重装前", "PC-01 重装后", "PC-02"]
    assert labels(
        state("room 7.txt", digit="A"), state("room 7.txt", digit="B", heading="重启后", label="重启后")
    ) == ["room 7", "重启后"]


def test_states_that_nothing_names_are_counted() -> None:
    assert labels(
        state("hash.txt", digit="A", label="hash"), state("hash.txt", digit="B", label="hash (2)")
    ) == [
        "hash (1)",
        "hash (2)",
    ]


def test_hash_and_attributes_in_two_files_of_one_named_folder_are_one_state() -> None:
    states = settled(
        [
            state("重装后/哈希.txt", digit="A"),
            state("重装后/文件信息.txt", size=7),
            state("问题状态/哈希.txt", digit="B"),
            state("问题状态/文件信息.txt", size=9),
        ],
        Machines(()),
    )

    assert [(one.label, one.sha256 and one.sha256[0], one.size) for one in states] == [
        ("重装后", "A", 7),
        ("问题状态", "B", 9),
    ]


# -- Content --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "relation", "by"),
    [
        ({"SHA1": "A"}, {"SHA1": "B"}, Relation.DIFFERENT, "SHA1"),
        ({"MD5": "A", "size": 5}, {"MD5": "A", "size": 5}, Relation.SAME, "MD5"),
        ({"MD5": "A", "size": 5}, {"MD5": "A", "size": 6}, Relation.DIFFERENT, "size"),
        ({"MD5": "A"}, {"SHA1": "A"}, Relation.UNKNOWN, ""),
        ({"size": 5}, {"size": 6}, Relation.DIFFERENT, "size"),
        ({"size": 5}, {"size": 5}, Relation.UNKNOWN, ""),
        ({"digit": "A", "MD5": "A"}, {"digit": "A", "MD5": "B"}, Relation.DIFFERENT, "MD5"),
        ({"absent": True}, {"digit": "A"}, Relation.DIFFERENT, "absence"),
    ],
)
def test_what_proves_that_contents_are_the_same_or_not(
    mine: dict[str, Any], theirs: dict[str, Any], relation: Relation, by: str
) -> None:
    found = held(state(**mine), state(**theirs))

    assert (found.relation, found.by) == (relation, by)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (({"SHA1": "A"}, {"SHA1": "B"}), "The two SHA-1 differ, which is enough to prove a change."),
        (({"MD5": "A"}, {"MD5": "B"}), "The two MD5 differ, which is enough to prove a change."),
        (({"size": 150_016}, {"size": 149_504}), "from 150,016 to 149,504 bytes: 512 bytes less."),
        (({"size": 150_016}, {"size": 149_504}), "The sizes alone prove a change."),
        (({"size": 1}, {"size": 2}), "from 1 to 2 bytes: 1 byte more."),
    ],
)
def test_a_weaker_hash_or_a_size_proves_a_change_and_is_said_with_its_number(
    facts: tuple[dict[str, Any], dict[str, Any]], sentence: str
) -> None:
    (finding,) = changes(state("before.txt", **facts[0]), state("after.txt", **facts[1]))

    assert sentence in finding.summary["en"]
    assert finding.severity == "high"


def test_hashes_of_different_algorithms_are_not_compared_and_that_is_said() -> None:
    (finding,) = changes(state("before.txt", digit="A"), state("after.txt", MD5="B"))

    assert (
        "SHA-256) and “after” (MD5) are of different algorithms and are not compared" in finding.summary["en"]
    )
    assert finding.severity == "info"


def test_an_equality_by_a_weaker_hash_alone_is_called_weaker() -> None:
    (finding,) = changes(state("before.txt", MD5="A"), state("after.txt", MD5="A"))

    assert finding.title["en"] == "The captures of AgentService.exe are equal by MD5 alone"
    assert "weaker evidence" in finding.summary["en"] and "较弱的证据" in finding.summary["zh-hans"]


def test_a_file_that_is_gone_is_told_as_gone() -> None:
    (finding,) = changes(state("before.txt", digit="A"), state("after.txt", absent=True))

    assert finding.title["en"] == "AgentService.exe was not there at every capture"
    assert finding.summary["en"].startswith("2 captures: “before” AAAAAAAA… → “after” not there.")
    assert "“before” AAAAAAAA… → “after”文件不存在。" in finding.summary["zh-hans"]


def test_another_version_or_write_time_alone_is_said_as_what_it_is() -> None:
    (updated,) = changes(
        state("before.txt", digit="A", version="1"), state("after.txt", digit="B", version="2")
    )
    (copied,) = changes(
        state("before.txt", digit="A", modified="2021-01-01T00:00:00"),
        state("after.txt", digit="A", modified="2021-01-02T00:00:00"),
    )

    assert updated.severity == "low" and "The versions differ" in updated.summary["en"]
    assert copied.severity == "info" and "the content did not change" in copied.summary["en"]
    assert copied.title["en"] == "Of AgentService.exe only the write time differs"


def test_a_time_without_seconds_is_no_other_time() -> None:
    listed = state("dir.txt", digit="A", modified="2021-01-01T10:12")

    assert changes(state("item.txt", digit="A", modified="2021-01-01T10:12:11"), listed) == []
    (rewritten,) = changes(state("item.txt", digit="A", modified="2021-01-01T10:13:00"), listed)
    assert rewritten.title["en"] == "Of AgentService.exe only the write time differs"


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("10.0.19041.1 (WinBuild.160101.0800)", "10.0.19041.1", True),
        ("1, 2, 0, 0", "1.2.0.0", True),
        ("1.2", "1.2.0.0", True),
        ("Version 7.00", "7.0", True),
        ("V1.2", "v1.2.0", True),
        ("1.2.0.10", "1.2.0.1", False),
        ("1.20", "1.2", False),
        ("2.0", "2", False),
        ("1.2 beta", "1.2", False),
        ("(unknown)", "(none)", False),
        ("1.2", None, None),
    ],
)
def test_a_version_is_what_it_says_and_not_how_a_tool_writes_it(
    mine: str, theirs: str | None, same: bool | None
) -> None:
    assert same_version(mine, theirs) is same


def test_a_changed_file_is_no_other_version_for_the_name_of_its_build() -> None:
    known = FileState(PATH, "A" * 64, 5, None, "10.0.19041.1", "lab")
    changed = state(digit="B", size=5, version="10.0.19041.1 (WinBuild.160101.0800)")

    (group,) = compare(material(changed, baselines=(known,)))

    assert group.states[0].verdict is Verdict.TAMPERED


def test_what_cannot_be_compared_is_named_beside_what_is_equal() -> None:
    (finding,) = changes(
        state("1.txt", digit="A", modified="2021-01-01T00:00:00"),
        state("2.txt", digit="A", modified="2021-01-01T00:00:00"),
        state("3.txt", modified="2021-01-02T00:00:00"),
    )

    assert (
        "The 2 captures with a hash hold the same content; whether “3” does cannot" in finding.summary["en"]
    )
    assert "“3”没有可以比较的哈希" in finding.summary["zh-hans"]


def test_a_size_alone_can_be_of_either_content() -> None:
    states = [state(size=5), state(digit="A", size=5), state(digit="B", size=5), state(digit="A", size=5)]

    assert classes(states) == [None, 0, 1, 0]


def test_baselines_are_held_against_weaker_hashes_too() -> None:
    known = FileState(PATH, "A" * 64, 5, None, "1", "lab", other_hashes={"MD5": "C" * 32})
    (group,) = compare(
        material(state(MD5="C", size=5), state(MD5="D", size=5), state(SHA1="E"), baselines=(known,))
    )

    assert [one.verdict for one in group.states] == [Verdict.EQUAL, Verdict.TAMPERED, Verdict.UNKNOWN]


# -- Paths ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "c:/program files/agent/AGENTSERVICE.EXE",
        '"C:\\Program Files\\Agent\\AgentService.exe"',
        "\\\\?\\C:\\Program Files\\Agent\\AgentService.exe",
        "\\??\\C:\\Program Files\\Agent\\AgentService.exe",
        "%ProgramFiles%\\Agent\\AgentService.exe",
        "%Program Files%\\Agent\\AgentService.exe",
        "$env:ProgramFiles\\Agent\\AgentService.exe",
        "C:\\Program Files\\Agent\\bin\\..\\.\\AgentService.exe",
        "Microsoft.PowerShell.Core\\FileSystem::C:\\Program Files\\Agent\\AgentService.exe",
        "\\\\localhost\\C$\\Program Files\\Agent\\AgentService.exe",
        "\\\\?\\UNC\\PC-01\\c$\\Program Files\\Agent\\AgentService.exe",
    ],
)
def test_one_file_is_one_place_however_its_path_is_written(written: str) -> None:
    assert place_of(written).key == place_of(PATH).key


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (PATH, PATH.replace("Files", "Files (x86)")),
        (r"C:\Windows\System32\a.dll", r"C:\Windows\SysWOW64\a.dll"),
        (r"C:\Windows\System32\a.dll", r"C:\Windows\WinSxS\amd64_a\a.dll"),
    ],
)
def test_copies_of_two_widths_are_two_files_and_neither_is_tampered_with(mine: str, theirs: str) -> None:
    known = FileState(mine, "A" * 64, 5, None, "1", "lab")
    states = [state(path=mine, digit="A", version="1"), state(path=theirs, digit="B", version="1", size=9)]
    given = material(*states, baselines=(known,))

    assert are_twins(place_of(mine), place_of(theirs))
    assert len(compare(given)) == 2
    outcome = file_tampered.examine(given)
    assert isinstance(outcome, Examined) and not outcome.findings
    assert isinstance(file_state_changed.examine(given), NotExamined)


def test_a_bare_name_is_the_one_file_of_its_name_unless_something_contradicts() -> None:
    narrow = PATH.replace("Files", "Files (x86)")
    bare = state(path="AgentService.exe", digit="B", version="2")

    assert len(compare(material(bare, state(digit="A")))) == 1
    assert len(compare(material(bare, state(digit="A", version="1")))) == 2
    assert len(compare(material(bare, state(digit="A"), state(path=narrow, digit="A")))) == 3


def test_cut_paths_are_never_compared_and_a_list_is_asked_for() -> None:
    cut = [state(digit=digit, path="C:\\Progr", cut=True) for digit in "AB"]
    outcome = file_state_changed.examine(material(*cut))

    assert len(compare(material(*cut))) == 2
    assert isinstance(outcome, NotExamined) and "Format-List" in outcome.missing_input["en"]


def test_a_cut_path_with_the_hash_of_a_known_file_equals_it() -> None:
    known = FileState(PATH, "A" * 64, 5, None, "1", "lab")
    (group,) = compare(material(state(digit="A", path="C:\\Pr", cut=True), baselines=(known,)))

    assert (group.name, group.states[0].verdict) == ("AgentService.exe", Verdict.EQUAL)


def test_very_many_states_of_one_file_take_no_time_to_compare() -> None:
    states = [state(sha256=f"{number:04X}" * 16, line=number) for number in range(5_000)]
    began = time.process_time()
    (finding,) = changes(*states)

    assert time.process_time() - began < 10
    assert finding.gaps is not None and "4,700 of them were not held against each other" in finding.gaps["en"]
