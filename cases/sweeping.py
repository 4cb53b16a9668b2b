"""Work that beat asks for again and again, on many rows: one that fails keeps none of the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from inspect import isfunction
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded

logger = logging.getLogger(__name__)

T = TypeVar("T")


def one_by_one(rows: Iterable[T], act: Callable[[T], object]) -> None:
    """``act`` for each, which is its own transaction; a failure is logged, the next sweep tries it again."""
    for row in rows:
        try:
            act(row)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("%s failed for %s", _name(act), _name(row))


def _name(thing: object) -> str:
    """What the log calls a function, or the row that it failed for."""
    thing = getattr(thing, "func", thing)
    return f"{thing.__module__}.{thing.__qualname__}" if isfunction(thing) else str(thing)
