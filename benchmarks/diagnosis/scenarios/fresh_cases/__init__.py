"""Fifteen machines of public support cases, one a family of troubles, by a third author who knew no rule."""

from benchmarks.diagnosis.scenarios.fresh_cases import directory, guards, machines, upkeep, volumes

__all__ = ["directory", "guards", "machines", "upkeep", "volumes"]
