"""The table of a file's states beside its baseline, as the file analyzers found them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import MAX_HASH, grouped, hash_parts, short_hash
from engine.files.content import Relation, best_hash, classes, held, name_of
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
    same but for a slip of the pen, ``?`` a state of which it cannot be told; ``differs`` says
    that it is another content than the first. ``claim`` names what is the same nonetheless.
    ``hash_head`` is what the column of hashes is called; ``order`` says that the rows stand in it.
    """
    states, baseline = file_matrix.states, file_matrix.baseline
    around = sorted({digit for state in states for digit in _digits(state, slip)})
    marks = _marks([*([baseline] if baseline else []), *states], slip)
    rows = []
    if baseline:
        rows.append(
            _row(baseline, (), around, None)
            | {"tone": "good", "verdict": _("baseline"), "is_baseline": True, "mark": next(marks)}
            | {"differs": False, "claim": ""}
        )
    first = baseline or next((state for state in states if best_hash(state)), states[0] if states else None)
    in_time = file_matrix.ordered or baseline is not None
    for state in states:
        digits = _digits(state, slip)
        differs = _differs(state, first, digits)
        rows.append(
            _row(state, digits, around, first if baseline is None else None)
            | {
                "tone": TONES.get(state.verdict, "warn" if digits else "quiet"),
                "verdict": _verdict(state, digits),
                "is_baseline": False,
                "mark": next(marks),
                "differs": differs,
                "claim": _claim(state, first, in_time=in_time) if first and differs else "",
                "addable": state.sha256 if state.verdict in ADDABLE else "",
            }
        )
    last_version = ""
    for row in rows:
        # A version is said where it is new; unchanged ones below it would only be noise.
        row["new_version"] = row["version"] if row["version"] not in {last_version, "–"} else ""
        last_version = row["new_version"] or last_version
    weaker = any(row["algorithm"] for row in rows)
    return {
        "file": shown(file_matrix.file),
        "path": shown(file_matrix.path),
        "rows": rows,
        "hash_head": _("Hash") if weaker else "SHA-256",
        "order": _("The states stand in the order in which they were taken.") if file_matrix.ordered else "",
    }


def _marks(states: Sequence[State], slip: Slip | None) -> Iterator[str]:
    for state, number in zip(states, classes(states), strict=True):
        if state.absent:
            yield "–"
        elif number is None:
            yield "?"
        else:
            yield LETTERS[number % len(LETTERS)] + ("′" if _digits(state, slip) else "")


def _differs(state: ComparedState, first: State | None, digits: Sequence[int]) -> bool:
    if first is None or state is first or digits:
        return False
    return held(state, first).relation is Relation.DIFFERENT


def _claim(state: ComparedState, other: State, *, in_time: bool) -> str:
    """Which facts claim that this is still the file that it is not; without an order nothing claims to
    have stayed, it is only the same."""
    time = state.modified is not None and state.modified == other.modified
    version = state.version is not None and state.version == other.version
    if time and version:
        return _("write time and version claim no change") if in_time else _("same write time and version")
    if time:
        return _("write time claims no change") if in_time else _("same write time")
    if version:
        return _("version claims no change") if in_time else _("same version")
    return ""


def _digits(state: State, slip: Slip | None) -> list[int]:
    """Where the state's hash differs by a slip from the baseline, or from the state beside it."""
    own = state.digits if isinstance(state, ComparedState) else []
    return own or (slip.digits if slip and state.label == slip.label else [])


def _row(
    state: State, digits: Collection[int], around: Collection[int], first: State | None
) -> dict[str, Any]:
    """``first`` is the state that sizes are held against where there is no baseline."""
    delta = state.delta_bytes if isinstance(state, ComparedState) else None
    if first is not None and first.size is not None and state.size is not None:
        delta = state.size - first.size
    algorithm, digest = best_hash(state) or ("SHA256", "")
    machine = shown(state.machine, 80)
    label = shown(state.label, 120)
    return {
        "label": label,
        "machine": machine if machine.casefold() not in label.casefold() else "",
        "algorithm": "" if algorithm == "SHA256" else name_of(algorithm),
        "hash": hash_parts(digest, digits),
        "whole": shown(digest, MAX_HASH),
        "short": short_hash(digest, around, digits),
        "size": grouped(state.size),
        "delta": f"{delta:+,}" if delta else "",
        "modified": shown(state.modified or "–", 30).replace("T", " "),
        "version": shown(state.version or "–", 120),
        "source": shown(state.artifact or ""),
    }


def _verdict(state: ComparedState, digits: Collection[int]) -> str:
    verdict = state.verdict
    if state.absent:
        return _("not there")
    if state.cut and verdict != "equal":
        return _("path cut off")
    if verdict == "equal":
        if state.by and state.by != "SHA256":
            return _("same %(algorithm)s as the baseline") % {"algorithm": name_of(state.by)}
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
