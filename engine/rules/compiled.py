"""A rule ready to run: plain data, so that it can be kept between two runs."""

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Window:
    """A Sigma correlation: how matches of several detections within ``seconds`` belong together.

    ``kind`` is Sigma's name (``event_count``, ``value_count``, ``temporal``,
    ``temporal_ordered``); ``keys`` has, for each detection, the SQL of the group-by fields;
    ``value`` that of the counted field.
    """

    kind: str
    seconds: int
    operator: str
    threshold: float
    group_by: list[str]
    keys: list[list[str]]
    value: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Needs:
    """What a detection needs of the events.

    ``source`` and ``possible`` are SQL on the table ``kind``: whether its log source has events of the
    kind, and whether one of them might fulfil it (``EventIndex.kinds_that``); ``fields`` are those of the
    payload that it asks for: a rule's name, and where the index has it; ``named`` is how the rule calls
    its log source; ``asked`` is SQL on ``kind``, too: whether it asks for all events of the kind but those
    that it excludes.
    """

    source: str
    possible: str
    fields: list[tuple[str, str]]
    named: str = ""
    asked: str = "0"


@dataclass(frozen=True)
class Compiled:
    """``predicates`` are SQL conditions on the view ``event``, one a detection, and ``needs`` what each
    needs; ``channels`` those that can hold a match, ``None`` for any; ``identity`` the SQL of each
    identity field."""

    predicates: list[str]
    channels: list[str] | None
    identity: list[str]
    window: Window | None = None
    needs: list[Needs] = field(default_factory=list)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The reverse of ``dataclasses.asdict``. Raises ``TypeError`` and ``LookupError``."""
        window = value["window"]
        needs = [
            Needs(**need | {"fields": [(name, place) for name, place in need["fields"]]})
            for need in value["needs"]
        ]
        return cls(**value | {"window": Window(**window) if window else None, "needs": needs})
