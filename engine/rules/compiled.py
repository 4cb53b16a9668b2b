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
class Compiled:
    """``predicates`` are SQL conditions on the view ``event``, one a detection; ``channels``
    those that can hold a match, ``None`` for any; ``identity`` the SQL of each identity field."""

    predicates: list[str]
    channels: list[str] | None
    identity: list[str]
    window: Window | None = None

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The reverse of ``dataclasses.asdict``."""
        window = value["window"]
        return cls(**value | {"window": Window(**window) if window else None})
