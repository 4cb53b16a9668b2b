"""The table of all captured files: what differs first, the others counted and named."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from engine.files import overview as file_overview
from engine.files.overview import overview
from engine.material import Material
from engine.parsers.file_state import FileState

COUNTS = {"differing": 0, "equal": 0, "same": 0, "single": 0, "cut": 0, "absent": 0, "apart": 0}
ZONE = ZoneInfo("Asia/Shanghai")


def state(name: str, digit: str | None, label: str, **facts: str) -> FileState:
    sha256 = digit * 64 if digit else None
    return FileState(
        rf"C:\App\{name}", sha256, None, facts.get("modified"), facts.get("version"), label, "c.txt", 1
    )


def table_of(states: list[FileState], baselines: list[FileState] | None = None) -> dict[str, Any]:
    no_events: Any = None
    material = Material(ZONE, no_events, file_states=states, baselines=baselines or [])
    table: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(overview(material)))
    return table


def test_what_differs_comes_first_and_the_rest_is_counted() -> None:
    states = [
        *(state("same.dll", "A", label) for label in ("before", "after")),
        state("changed.dll", "A", "before"),
        state("changed.dll", "B", "after"),
        state("once.dll", "C", "before"),
        state("good.dll", "D", "before", version="1"),
        state("bad.dll", "F", "after", version="1"),
    ]
    known = [state(name, "D", "lab", version="1") for name in ("good.dll", "bad.dll")]

    table = table_of(states, known)

    assert [row["file"] for row in table["differing"]] == ["bad.dll", "changed.dll"]
    assert table["equal"] == [r"C:\App\good.dll"]
    assert table["same"] == [r"C:\App\same.dll"]
    assert table["single"] == [r"C:\App\once.dll"]
    assert table["counts"] == COUNTS | {"differing": 2, "equal": 1, "same": 1, "single": 1}


def test_what_was_not_captured_contradicts_nothing() -> None:
    states = [state("a.dll", "A", "before"), state("a.dll", None, "after")]

    assert table_of(states)["counts"] == COUNTS | {"apart": 1}, "and proves nothing either"


def test_cut_paths_and_files_that_are_not_there_are_counted_as_such() -> None:
    cut = replace(state("Pro", "A", "x"), cut=True)
    absent = replace(state("no.exe", None, "x"), absent=True)

    table = table_of([cut, replace(cut, sha256="B" * 64), absent])

    assert table["counts"] == COUNTS | {"cut": 2, "absent": 1}
    assert (table["cut"], table["absent"]) == ([r"C:\App\Pro…"] * 2, [r"C:\App\no.exe"])


def test_of_very_many_the_count_stays_true() -> None:
    many = file_overview.MAX_DIFFERING + 5
    states = [state(f"{n}.dll", digit, digit) for n in range(many) for digit in "AB"]

    table = table_of(states)

    assert len(table["differing"]) == file_overview.MAX_DIFFERING
    assert table["counts"]["differing"] == many
