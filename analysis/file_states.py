"""The table of a file's states beside its baseline, as the file analyzers found them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import grouped, hash_parts, short_hash, shown

ADDABLE = {"unknown", "other_version"}
"""Verdicts of states that may be the good ones that nobody has recorded yet."""

TONES = {"equal": "good", "slip": "warn", "other_version": "info", "tampered": "bad"}


def matrix_of(finding: Mapping[str, Any]) -> dict[str, Any] | None:
    """Rows in capture order after the baseline's; ``None`` for a finding that compares no files.

    ``finding["data"]`` is ``engine.comparison.Group.matrix()``; the verdicts are the engine's.
    """
    data = finding.get("data") or {}
    states = data.get("states")
    if not states or not isinstance(states, list):
        return None
    baseline, slip = data.get("baseline"), data.get("slip") or {}
    around = sorted({digit for state in states for digit in _digits(state, slip)})
    rows = []
    if baseline:
        rows.append(
            _row(baseline, (), around) | {"tone": "good", "verdict": _("baseline"), "is_baseline": True}
        )
    for state in states:
        digits = _digits(state, slip)
        tone = TONES.get(state.get("verdict", ""), "quiet")
        rows.append(
            _row(state, digits, around)
            | {
                "tone": tone,
                "verdict": _verdict(state, digits),
                "is_baseline": False,
                "addable": state["sha256"] if state.get("verdict") in ADDABLE else "",
            }
        )
    return {"file": shown(data.get("file", "")), "path": shown(data.get("path", "")), "rows": rows}


def _digits(state: Mapping[str, Any], slip: Mapping[str, Any]) -> list[int]:
    """Where the state's hash differs by a slip from the baseline, or from the state beside it."""
    here = slip.get("digits", []) if state["label"] == slip.get("label") else []
    return list(state.get("digits") or here)


def _row(state: Mapping[str, Any], digits: Any, around: Any) -> dict[str, Any]:
    delta = state.get("delta_bytes")
    return {
        "label": shown(state["label"], 120),
        "hash": hash_parts(state["sha256"], digits),
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
