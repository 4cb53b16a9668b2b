"""The table of a file's states beside its baseline, as the file analyzers found them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import grouped, hash_parts, short_hash
from engine.parsers.file_state import FileState
from engine.schema.document import FindingText
from engine.schema.facts import Slip
from engine.schema.files import ComparedState, FileMatrix
from engine.text_safety import shown

State = FileState | ComparedState

ADDABLE = {"unknown", "other_version"}
"""Verdicts of states that may be the good ones that nobody has recorded yet."""

TONES = {"equal": "good", "slip": "warn", "other_version": "info", "tampered": "bad"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def matrix_of(finding: FindingText) -> dict[str, Any] | None:
    """Rows in capture order after the baseline's; ``None`` for a finding that compares no files."""
    file_matrix = finding.data.matrix
    return matrix(file_matrix, finding.data.slip) if file_matrix else None


def matrix(file_matrix: FileMatrix, slip: Slip | None = None) -> dict[str, Any]:
    """The verdicts are the engine's.

    Each row bears a ``mark``: equal letters are equal contents, a stroke behind it (A′) is the
    same but for a slip of the pen, ``?`` a state whose hash was not captured; ``differs`` says
    that it is another content than the first. ``claim`` names what claims that such a content is
    still the first one.
    """
    states, baseline = file_matrix.states, file_matrix.baseline
    around = sorted({digit for state in states for digit in _digits(state, slip)})
    marks = _marks([*([baseline] if baseline else []), *states], slip)
    rows = []
    if baseline:
        rows.append(
            _row(baseline, (), around)
            | {"tone": "good", "verdict": _("baseline"), "is_baseline": True, "mark": next(marks)}
            | {"differs": False, "claim": ""}
        )
    first = baseline or next((state for state in states if state.sha256), None)
    for state in states:
        digits = _digits(state, slip)
        differs = _differs(state, first, digits)
        rows.append(
            _row(state, digits, around)
            | {
                "tone": TONES.get(state.verdict, "warn" if digits else "quiet"),
                "verdict": _verdict(state, digits),
                "is_baseline": False,
                "mark": next(marks),
                "differs": differs,
                "claim": _claim(state, first) if first and differs else "",
                "addable": state.sha256 if state.verdict in ADDABLE else "",
            }
        )
    last_version = ""
    for row in rows:
        # A version is said where it is new; unchanged ones below it would only be noise.
        row["new_version"] = row["version"] if row["version"] not in {last_version, "–"} else ""
        last_version = row["new_version"] or last_version
    return {"file": shown(file_matrix.file), "path": shown(file_matrix.path), "rows": rows}


def _marks(states: Sequence[State], slip: Slip | None) -> Iterator[str]:
    letters: dict[str, str] = {}
    for state in states:
        sha256 = state.sha256
        if not sha256:
            yield "?"
        elif sha256 in letters:
            yield letters[sha256]
        elif _digits(state, slip) and letters:
            yield f"{next(iter(letters.values()))}′"
        else:
            letters[sha256] = LETTERS[len(letters) % len(LETTERS)]
            yield letters[sha256]


def _differs(state: ComparedState, first: State | None, digits: Sequence[int]) -> bool:
    if first is None or state is first or digits:
        return False
    return any(
        mine is not None and theirs is not None and mine != theirs
        for mine, theirs in ((state.sha256, first.sha256), (state.size, first.size))
    )


def _claim(state: ComparedState, other: State) -> str:
    """Which facts claim that this is still the file that it is not."""
    time = state.modified is not None and state.modified == other.modified
    version = state.version is not None and state.version == other.version
    if time and version:
        return _("write time and version claim no change")
    if time:
        return _("write time claims no change")
    return _("version claims no change") if version else ""


def _digits(state: State, slip: Slip | None) -> list[int]:
    """Where the state's hash differs by a slip from the baseline, or from the state beside it."""
    own = state.digits if isinstance(state, ComparedState) else []
    return own or (slip.digits if slip and state.label == slip.label else [])


def _row(state: State, digits: Collection[int], around: Collection[int]) -> dict[str, Any]:
    delta = state.delta_bytes if isinstance(state, ComparedState) else None
    return {
        "label": shown(state.label, 120),
        "hash": hash_parts(state.sha256, digits),
        "whole": shown(state.sha256 or "", 64),
        "short": short_hash(state.sha256, around, digits),
        "size": grouped(state.size),
        "delta": f"{delta:+,}" if delta else "",
        "modified": shown(state.modified or "–", 30).replace("T", " "),
        "version": shown(state.version or "–", 120),
        "source": shown(state.artifact or ""),
    }


def _verdict(state: ComparedState, digits: Collection[int]) -> str:
    verdict = state.verdict
    if verdict == "equal":
        return _("same as the baseline")
    if verdict == "slip" or digits:
        count = len(digits)
        return ngettext("%(n)s digit differs: copying slip", "%(n)s digits differ: copying slip", count) % {
            "n": count
        }
    if verdict == "tampered":
        return _("tampered with")
    if verdict == "other_version":
        return _("another version")
    return _("no verdict")
