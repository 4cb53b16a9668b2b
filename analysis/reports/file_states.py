"""The table of a file's states beside its baseline, as the file analyzers found them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import grouped, hash_parts, short_hash
from engine.text_safety import shown

ADDABLE = {"unknown", "other_version"}
"""Verdicts of states that may be the good ones that nobody has recorded yet."""

TONES = {"equal": "good", "slip": "warn", "other_version": "info", "tampered": "bad"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def matrix_of(finding: Mapping[str, Any]) -> dict[str, Any] | None:
    """Rows in capture order after the baseline's; ``None`` for a finding that compares no files."""
    data = finding.get("data") or {}
    states = data.get("states")
    return matrix(data) if states and isinstance(states, list) else None


def matrix(data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` is ``engine.comparison.Group.matrix()``; the verdicts are the engine's.

    Each row bears a ``mark``: equal letters are equal contents, a stroke behind it (A′) is the
    same but for a slip of the pen, ``?`` a state whose hash was not captured; ``differs`` says
    that it is another content than the first. ``claim`` names what claims that such a content is
    still the first one.
    """
    states, baseline, slip = data["states"], data.get("baseline"), data.get("slip") or {}
    around = sorted({digit for state in states for digit in _digits(state, slip)})
    marks = _marks(([baseline] if baseline else []) + list(states), slip)
    rows = []
    if baseline:
        rows.append(
            _row(baseline, (), around)
            | {"tone": "good", "verdict": _("baseline"), "is_baseline": True, "mark": next(marks)}
            | {"differs": False, "claim": ""}
        )
    first = baseline or next((state for state in states if state["sha256"]), None)
    for state in states:
        digits = _digits(state, slip)
        differs = _differs(state, first, digits)
        rows.append(
            _row(state, digits, around)
            | {
                "tone": TONES.get(state.get("verdict", ""), "warn" if digits else "quiet"),
                "verdict": _verdict(state, digits),
                "is_baseline": False,
                "mark": next(marks),
                "differs": differs,
                "claim": _claim(state, first) if first and differs else "",
                "addable": state["sha256"] if state.get("verdict") in ADDABLE else "",
            }
        )
    said = ""
    for row in rows:
        # A version is said where it is new; unchanged ones below it would only be noise.
        row["new_version"] = row["version"] if row["version"] not in {said, "–"} else ""
        said = row["new_version"] or said
    return {"file": shown(data.get("file", "")), "path": shown(data.get("path", "")), "rows": rows}


def _marks(states: Sequence[Mapping[str, Any]], slip: Mapping[str, Any]) -> Iterator[str]:
    letters: dict[str, str] = {}
    for state in states:
        sha256 = state["sha256"]
        if not sha256:
            yield "?"
        elif sha256 in letters:
            yield letters[sha256]
        elif _digits(state, slip) and letters:
            yield f"{next(iter(letters.values()))}′"
        else:
            letters[sha256] = LETTERS[len(letters) % len(LETTERS)]
            yield letters[sha256]


def _differs(state: Mapping[str, Any], first: Mapping[str, Any] | None, digits: Sequence[int]) -> bool:
    if first is None or state is first or digits:
        return False
    return any(
        state[name] is not None and first[name] is not None and state[name] != first[name]
        for name in ("sha256", "size")
    )


def _claim(state: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Which facts claim that this is still the file that it is not."""
    time, version = (
        state[name] is not None and state[name] == other[name] for name in ("modified", "version")
    )
    if time and version:
        return _("write time and version claim no change")
    if time:
        return _("write time claims no change")
    return _("version claims no change") if version else ""


def _digits(state: Mapping[str, Any], slip: Mapping[str, Any]) -> list[int]:
    """Where the state's hash differs by a slip from the baseline, or from the state beside it."""
    here = slip.get("digits", []) if state["label"] == slip.get("label") else []
    return list(state.get("digits") or here)


def _row(state: Mapping[str, Any], digits: Any, around: Any) -> dict[str, Any]:
    delta = state.get("delta_bytes")
    return {
        "label": shown(state["label"], 120),
        "hash": hash_parts(state["sha256"], digits),
        "whole": shown(state["sha256"] or "", 64),
        "short": short_hash(state["sha256"], around, digits),
        "size": grouped(state["size"]),
        "delta": f"{delta:+,}" if delta else "",
        "modified": shown(state["modified"] or "–", 30).replace("T", " "),
        "version": shown(state["version"] or "–", 120),
        "source": shown(state.get("artifact") or ""),
    }


def _verdict(state: Mapping[str, Any], digits: Any) -> str:
    verdict = state.get("verdict")
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
