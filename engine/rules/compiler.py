"""Sigma documents to SQL on the event index.

Detections become conditions on the view ``event``; of correlations the windows are reckoned in
``time_windows.py``, since SQL for them compares every pair of matches, which no log of a busy machine allows.

Source: the Sigma specification, "Sigma Rules" and "Sigma Correlation Rules", version 2.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from engine.index.derived import CLASSIC
from engine.rules import log_sources
from engine.rules.columns import COLUMNS, UnknownField, expression, is_column, sources
from engine.rules.compiled import Compiled, Needs
from engine.rules.conditions import BadCondition, Node, Test, Tree, joined, parsed
from engine.rules.correlations import referred, window_of
from engine.rules.items import detection, item
from engine.rules.log_sources import Events, UnknownLogSource, events_of
from engine.rules.sigma_strings import Refused
from engine.rules.sql import Where

VERSION = 1
"""Counts up with every change of what a rule is compiled to: what was kept before is compiled anew."""

_LOG_CLEARED = 104


MAX_SIZE = 100_000
MAX_LOOKED_AT = 1_000_000
"""Words of the condition times detections: each “1 of …” looks through all names."""


class NotCompiled(ValueError):
    """The documents are no rule that this engine can run; the argument says why (English)."""


def compile_rule(documents: Sequence[Mapping[str, Any]], identity: Iterable[str] = ()) -> Compiled:
    """Compiles the documents of one file. Raises ``NotCompiled``."""
    try:
        return _compile(documents, list(identity))
    except (Refused, BadCondition, UnknownLogSource) as error:
        raise NotCompiled(str(error)) from error
    except UnknownField as error:
        raise NotCompiled(f"the field name {error} cannot be looked up") from error
    except (TypeError, LookupError, AttributeError, ValueError, RecursionError) as error:
        raise NotCompiled(
            str(error) if isinstance(error, NotCompiled) else f"{type(error).__name__}: {error}"
        ) from error


class _Detection:
    """One detection rule: what it asks for, of which events."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.keys = {str(document[key]) for key in ("name", "id") if document.get(key)}
        source = document.get("logsource")
        if not isinstance(source, Mapping):
            raise Refused("the rule names no log source")
        self.events: Events = events_of(source)
        self.source = " / ".join(
            str(source[part])[:100] for part in ("category", "service") if source.get(part)
        )
        self.asked = _asked(document.get("detection"))
        if _size(self.asked, {}) > MAX_SIZE:
            raise Refused(f"the rule asks for more than {MAX_SIZE:,} values")
        fields = {test.field: test for test in _tests(self.asked) if test.field is not None}
        names = {**COLUMNS, **self.events.names}
        asked_for = [
            entry for test in _tests(self.asked) if test.field == "EventID" for entry in test.entries
        ]
        if any(str(entry[1]) == str(_LOG_CLEARED) for entry in asked_for):
            # Of this event a rule means the channel that was cleared, not the one that says so.
            names["Channel"] = "LogFileCleared.Channel|channel"
        self.names = names | {name: f"{name}|={CLASSIC}{name}" for name in self._classic(fields, names)}
        self.demand = _demand(self.events)
        self.tree = self.asked if self.demand is None else Node("and", (self.demand, self.asked))
        self.where = Where(self.names)

    def _classic(self, fields: Iterable[str], names: Mapping[str, str]) -> list[str]:
        """Which fields may stand in a line of the classic PowerShell log."""
        if not any(log_sources.CLASSIC in str(demand["channel"]) for demand in self.events.demands):
            return []
        return [
            name
            for name in fields
            if name not in names and name.isascii() and name.isalnum() and name != "Data"
        ]

    def column(self, field: str) -> str:
        return expression(self.where.named(field))

    def channels(self) -> set[str] | None:
        """The channels that a match must stand in, ``None`` when any may hold one."""
        return self._bound(self.tree)

    def _bound(self, tree: Tree) -> set[str] | None:
        if isinstance(tree, Test):
            plain = all(entry[0] == "e" for entry in tree.entries) and not tree.null and tree.entries
            is_channel = tree.field is not None and self.where.named(tree.field) == "channel"
            return {entry[1] for entry in tree.entries} if plain and is_channel else None
        bounds = [self._bound(part) for part in tree.parts]
        known = [bound for bound in bounds if bound is not None]
        if tree.kind == "and":
            return _meeting(known)
        if tree.kind == "or":
            return set[str]().union(*known) if known and len(known) == len(bounds) else None
        return None

    def needs(self, grouped: Sequence[str]) -> Needs:
        """What it needs, the fields that it is grouped by included."""
        asked = dict.fromkeys((*_wanted(self.asked), *grouped))
        mapped = {field: self.where.named(field) for field in asked}
        fields = [(field, sources(name)) for field, name in mapped.items() if not is_column(name)]
        possible = [self.where.possible(self.tree)]
        grouped_by = Node("and", tuple(Test(field, exists=True) for field in grouped))
        if grouped:
            possible.append(self.where.possible(grouped_by))
        source = self.where.possible(self.demand) if self.demand is not None else "1"
        return Needs(source, " AND ".join(possible), fields, self.source, self.where.asked(self.tree))


def _compile(documents: Sequence[Mapping[str, Any]], identity: list[str]) -> Compiled:
    documents = _whole(documents)
    correlations = [document for document in documents if "correlation" in document]
    detections = [document for document in documents if "detection" in document and "filter" not in document]
    if any("filter" in document for document in documents):
        raise Refused("only detections and correlations can be run, not filters")
    if len(detections) + len(correlations) != len(documents):
        raise Refused("a rule needs a detection")
    if len(correlations) > 1 or (not correlations and len(detections) != 1):
        raise Refused("one file holds one rule: a detection, or a correlation with its detections")
    rules = [_Detection(document) for document in detections]
    window = None
    if correlations:
        correlation = correlations[0]["correlation"]
        if not isinstance(correlation, Mapping):
            raise Refused("the correlation cannot be read")
        names = referred(correlation)
        by_name = {name: _named(rules, name) for name in names}
        rules = [by_name[name] for name in names]
        window = window_of(correlation, names, lambda field, name: by_name[name].column(field))
    channels = [rule.channels() for rule in rules]
    known = [bound for bound in channels if bound is not None]
    return Compiled(
        [rule.where.predicate(rule.tree) for rule in rules],
        sorted(set[str]().union(*known)) if len(known) == len(channels) else None,
        [expression(COLUMNS.get(name, name)) for name in identity],
        window,
        [rule.needs(() if window is None else _plain_keys(correlation)) for rule in rules]
        if window
        else [rules[0].needs(())],
    )


def _plain_keys(correlation: Mapping[str, Any]) -> list[str]:
    """The fields that all detections are grouped by under the same name."""
    group = correlation.get("group-by") or []
    group = [group] if isinstance(group, str) else group
    aliases = correlation.get("aliases") or {}
    return [field for field in group if field not in aliases]


def _named(rules: Sequence[_Detection], name: str) -> _Detection:
    for rule in rules:
        if name in rule.keys:
            return rule
    raise Refused(
        f"the correlation is of the rule {name[:100]}, which is not in its file, or is a correlation itself"
    )


def _whole(documents: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The documents with those of older rules put in that stand for all others (``action: global``)."""
    common: dict[str, Any] = {}
    whole: list[Mapping[str, Any]] = []
    for document in documents:
        match document.get("action"):
            case None:
                whole.append(_merged(common, document) if common else document)
            case "global":
                common = _merged(common, {key: value for key, value in document.items() if key != "action"})
            case "reset":
                common = {}
            case action:
                raise Refused(f"the action {str(action)[:50]} is not supported")
    return whole


def _merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(first)
    for key, value in second.items():
        before = merged.get(key)
        both = isinstance(before, Mapping) and isinstance(value, Mapping)
        merged[key] = _merged(before, value) if both and isinstance(before, Mapping) else value
    return merged


def _asked(detections: Any) -> Tree:
    if not isinstance(detections, Mapping):
        raise Refused("a rule needs a detection")
    conditions = detections.get("condition")
    named = {str(name): value for name, value in detections.items() if name not in {"condition", "timeframe"}}
    if not isinstance(conditions, str | list) or not conditions:
        raise Refused("the detection has no condition")
    trees: dict[str, Tree] = {}

    def tree(name: str) -> Tree:
        if name not in trees:
            trees[name] = detection(named[name])
        return trees[name]

    each = [str(condition) for condition in (conditions if isinstance(conditions, list) else [conditions])]
    if sum(len(condition.split()) for condition in each) * len(named) > MAX_LOOKED_AT:
        raise Refused("the condition is too long for so many detections")
    return joined("or", [parsed(condition, named, tree) for condition in each])


def _tests(tree: Tree) -> Iterable[Test]:
    if isinstance(tree, Test):
        yield tree
    else:
        for part in tree.parts:
            yield from _tests(part)


def _size(tree: Tree, known: dict[int, int]) -> int:
    """How many values a rule asks for, each as often as its condition names it."""
    if isinstance(tree, Test):
        return 1 + len(tree.entries)
    if id(tree) not in known:
        known[id(tree)] = sum(_size(part, known) for part in tree.parts)
    return known[id(tree)]


def _wanted(tree: Tree, negated: bool = False) -> Iterable[str]:
    """The fields that must be there for the tree to hold, or not to."""
    if isinstance(tree, Node):
        for part in tree.parts:
            yield from _wanted(part, negated is not (tree.kind == "not"))
    elif tree.field is not None:
        absence = tree.exists is False or (tree.null and not tree.entries)
        if absence is negated:
            yield tree.field
            yield from [tree.other] if tree.other else ()


def _demand(events: Events) -> Tree | None:
    return _demanded(repr(events.demands), tuple(map(_frozen, events.demands))) if events.demands else None


def _frozen(demand: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in demand.items())


@lru_cache(maxsize=256)
def _demanded(key: str, demands: tuple[tuple[tuple[str, Any], ...], ...]) -> Tree:
    """What a log source demands of every event."""
    alternatives = []
    for demand in demands:
        items = [item(name, list(value) if isinstance(value, tuple) else value) for name, value in demand]
        alternatives.append(joined("and", items))
    return joined("or", alternatives)


def _meeting(bounds: Sequence[set[str]]) -> set[str] | None:
    """What all of them hold, in whatever case."""
    if not bounds:
        return None
    met = {name.casefold() for name in bounds[0]}.intersection(
        *({name.casefold() for name in one} for one in bounds[1:])
    )
    return {name for name in bounds[0] if name.casefold() in met}
