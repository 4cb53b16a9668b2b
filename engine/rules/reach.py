"""Whether a rule could have matched at all: a field that no event has is no evidence of absence.

Only rules of somebody else are asked: ours are held against published events.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.index.event_index import EventIndex
from engine.rules.compiled import Compiled, Needs

Kinds = set[tuple[int, int]]


@dataclass(frozen=True)
class OutOfReach:
    """Why a rule could not match: ``fields`` that ``nowhere`` in its log stand, or not in the events that it
    looks at; without fields, its log ``source`` (as the rule names it) has no event here."""

    fields: tuple[str, ...] = ()
    nowhere: bool = True
    source: str = ""


def out_of_reach(events: EventIndex, rule: Compiled) -> OutOfReach | None:
    """``None`` when events may fulfil the rule. Of a correlation of several detections each must be possible,
    where it asks for them all."""
    reasons = [_reason(events, needs) for needs in rule.needs]
    told = [reason for reason in reasons if reason is not None]
    together = rule.window is not None and rule.window.kind.startswith("temporal")
    if not told or (len(told) < len(reasons) and not together):
        return None
    return next((reason for reason in told if reason.fields), told[0])


def _reason(events: EventIndex, needs: Needs) -> OutOfReach | None:
    source = events.kinds_that(needs.source)
    if not source:
        return OutOfReach(source=needs.named)
    looked_at = events.kinds_that(needs.possible, every_field=True)
    if looked_at:
        if events.kinds_that(needs.possible):
            return None
        return OutOfReach(*_missing(events, source, looked_at, needs.fields))
    # No event of that sort was written, which is an answer, unless nothing of what the rule asks for is
    # known to this log.
    absent = [name for name, place in needs.fields if not events.have_field(source, place)]
    return OutOfReach(tuple(absent)) if absent and len(absent) == len(needs.fields) else None


def _missing(
    events: EventIndex, source: Kinds, looked_at: Kinds, fields: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], bool]:
    nowhere = [name for name, place in fields if not events.have_field(source, place)]
    if nowhere:
        return tuple(nowhere), True
    return tuple(name for name, place in fields if not events.have_field(looked_at, place)), False
