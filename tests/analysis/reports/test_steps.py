"""Advice as the steps that a reader ticks."""

import pytest

from analysis.reports.steps import lead_of, numbered, steps_of


@pytest.mark.parametrize(
    ("advice", "lead", "steps"),
    [
        ("", "", []),
        ("1. Scan it.\n2. Restart.", "", ["Scan it.", "Restart."]),
        ("1、全盘查杀。\n2．重启。\n（3）重装。", "", ["全盘查杀。", "重启。", "重装。"]),
        ("- Scan it.\n\n- Restart.", "", ["Scan it.", "Restart."]),
        ("Scan it.\nRestart.", "", ["Scan it.", "Restart."]),
        (
            "Please:\n1. Scan it.\n   All drives.\n2. Restart.",
            "Please:",
            ["Scan it.\nAll drives.", "Restart."],
        ),
        ("1. Install 6.20 or later.\n3.5 GB are needed.", "", ["Install 6.20 or later.\n3.5 GB are needed."]),
        ("1. Scan it.\n2. Restart.\n\nCompare.\n\n1. Ask.", "", ["Scan it.", "Restart.", "Compare.", "Ask."]),
        ("6.20 is old.", "", ["6.20 is old."]),
    ],
)
def test_steps_are_what_stands_behind_the_numbers(advice: str, lead: str, steps: list[str]) -> None:
    assert steps_of(advice) == steps
    assert lead_of(advice) == lead


def test_steps_that_are_numbered_again_are_the_same_steps() -> None:
    steps = ["Scan it.\nAll drives.", "Restart."]
    assert steps_of(numbered(steps)) == steps
