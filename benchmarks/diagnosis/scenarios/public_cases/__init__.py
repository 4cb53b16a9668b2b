"""Machines of public support cases, written before a rule was looked at."""

from benchmarks.diagnosis.scenarios.public_cases import (
    boards,
    certificates,
    components,
    controllers,
    databases,
    disks,
    hosts,
    keys,
    sessions,
    starting,
    updates,
    wires,
)

__all__ = [
    "boards",
    "certificates",
    "components",
    "controllers",
    "databases",
    "disks",
    "hosts",
    "keys",
    "sessions",
    "starting",
    "updates",
    "wires",
]
