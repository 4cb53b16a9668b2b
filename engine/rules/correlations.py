"""The document of a Sigma correlation as a window.

Source: the Sigma specification, "Sigma Correlation Rules", version 2.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.index.fitting import number_of
from engine.rules.compiled import Window
from engine.rules.sigma_strings import Refused

KINDS = ("event_count", "value_count", "temporal", "temporal_ordered")
_OPERATORS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "eq": "=", "neq": "!="}
_SPAN = re.compile(r"([0-9]{1,9})([smhdwMy])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "M": 2_629_746, "y": 31_556_952}

Column = Callable[[str, str], str]
"""The SQL of a field in the events of a detection (by its name)."""


def referred(correlation: Mapping[str, Any]) -> list[str]:
    """The detections that it counts, by name or id. Raises ``Refused``."""
    rules = correlation.get("rules")
    names = [rules] if isinstance(rules, str) else rules
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise Refused("the correlation names no rules")
    return names


def window_of(correlation: Mapping[str, Any], rules: list[str], column: Column) -> Window:
    """The window of a correlation of ``rules``. Raises ``Refused``."""
    kind = str(correlation.get("type"))
    if kind not in KINDS:
        raise Refused(f"correlations of the type {kind[:50]} are not supported, only {', '.join(KINDS)}")
    group = correlation.get("group-by") or []
    group = [group] if isinstance(group, str) else group
    if not isinstance(group, list) or not all(isinstance(name, str) for name in group):
        raise Refused("group-by is no list of fields")
    aliases = correlation.get("aliases") or {}
    if not isinstance(aliases, Mapping):
        raise Refused("the aliases of the correlation cannot be read")

    def of(field: str, rule: str) -> str:
        named = aliases.get(field)
        return column(str(named.get(rule, field)) if isinstance(named, Mapping) else field, rule)

    operator, threshold, counted = _condition(correlation, kind, len(rules))
    return Window(
        kind=kind,
        seconds=_seconds(correlation.get("timespan")),
        operator=operator,
        threshold=threshold,
        group_by=group,
        keys=[[of(field, rule) for field in group] for rule in rules],
        value=[of(counted, rule) for rule in rules] if counted else [],
    )


def _condition(correlation: Mapping[str, Any], kind: str, rules: int) -> tuple[str, float, str]:
    """Operator, threshold and counted field."""
    condition = correlation.get("condition")
    if condition is None and kind.startswith("temporal"):
        return ">=", float(rules), ""
    if not isinstance(condition, Mapping):
        raise Refused(f"correlations of the type {kind} with this condition are not supported")
    compares = [name for name in condition if name in _OPERATORS]
    strange = [str(name) for name in condition if name not in _OPERATORS and name != "field"]
    if len(compares) != 1 or strange:
        raise Refused("the condition of a correlation is one of lt, lte, gt, gte, eq and neq, and its field")
    number = number_of(str(condition[compares[0]]))
    counted = condition.get("field") or ""
    if number is None:
        raise Refused("a correlation counts up to a number")
    if not isinstance(counted, str):
        raise Refused("counting the values of several fields together is not supported")
    if (kind == "value_count") != bool(counted):
        raise Refused("value_count, and it alone, counts the values of a field")
    return _OPERATORS[compares[0]], number, counted


def _seconds(span: Any) -> int:
    match = _SPAN.fullmatch(str(span))
    if match is None:
        raise Refused(f"the timespan {str(span)[:50]} cannot be read")
    return int(match[1]) * _SECONDS[match[2]]
