"""Which events our own rules ask for: of all others the portal knows nothing but their text."""

from collections.abc import Iterator

from engine.index.event_index import EventIndex
from engine.index.frequency import Kind
from engine.rules.compiled import Compiled
from engine.rules.prepared import prepared
from engine.rules.rule_files import own_rules
from engine.rules.sql import any_of, quoted

_TELLING = ("provider", "event_id", "channel")


def known() -> str:
    """An SQL condition on the table ``kind`` (see ``EventIndex.kinds_that``): some rule of ours asks for all
    events of the kind, but for those that it excludes as harmless or another rule's."""
    return any_of([need.asked for compiled in _compiled() for need in compiled.needs if _tells(need.asked)])


def matched(events: EventIndex, kind: Kind) -> bool:
    """Whether a rule of ours that asks for certain values matches an event of the kind."""
    pinned = [
        predicate
        for compiled in _compiled()
        for predicate, need in zip(compiled.predicates, compiled.needs, strict=True)
        if _tells(need.possible)
    ]
    of_the_kind = (
        f"provider IS {quoted(kind.provider)} AND event_id IS {kind.event_id} "
        f"AND channel IS {quoted(kind.channel)} AND computer IS {quoted(kind.computer)}"
    )
    return next(events.matching(f"{of_the_kind} AND {any_of(pinned)}"), None) is not None


def _tells(condition: str) -> bool:
    """What looks for a code in events of every source knows none of them."""
    return any(column in condition for column in _TELLING)


def _compiled() -> Iterator[Compiled]:
    ready = (prepared(file, True).compiled for file in own_rules())
    return (compiled for compiled in ready if compiled is not None)
