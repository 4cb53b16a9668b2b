"""When something happened, and in what rhythm, as the event analyzers found it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo


def rhythm_of(finding: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any] | None:
    """The finding's times; ``None`` for one that is not about events."""
    return None
