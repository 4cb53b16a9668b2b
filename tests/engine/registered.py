"""Parsers whose job is another one, for the rest of a test."""

from dataclasses import replace
from typing import cast

import pytest

from engine.parsers.registry import PARSERS
from engine.sandbox.wire import Job


def parse_by(monkeypatch: pytest.MonkeyPatch, kind: str, job: object) -> None:
    """Files of this kind are read by ``job``."""
    monkeypatch.setitem(PARSERS, kind, replace(PARSERS[kind], parse=cast(Job, job)))
