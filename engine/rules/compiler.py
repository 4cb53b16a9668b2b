"""Sigma documents to SQL on the event index, by pySigma and its SQLite backend.

Detections become conditions on the view ``event``. Of correlations pySigma reads the document;
the windows are reckoned in ``time_windows.py``: the backend's SQL for them compares every pair of
matches and reads the whole log for each rule, which no log of a busy machine allows.

Source: the Sigma specification, "Sigma Rules" and "Sigma Correlation Rules", version 2.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from sigma.backends.sqlite.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionItem,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.conversion.state import ConversionState
from sigma.correlations import SigmaCorrelationCondition, SigmaCorrelationRule
from sigma.exceptions import SigmaError, SigmaFeatureNotSupportedByBackendError
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import AddConditionTransformation, FieldMappingTransformation
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaLogSource, SigmaRule
from sigma.types import SigmaExists, SigmaFieldReference, SigmaNull, SigmaNumber, SigmaString

from engine.rules.columns import COLUMNS, ITEM, UNNAMED_VALUES, UnknownField, expression, is_column
from engine.rules.compiled import Compiled, Window
from engine.rules.log_sources import UnknownLogSource, events_of

# A slip in a rule's tags or dates is no reason not to run it.
_NEEDED = ("title", "id", "name", "logsource", "detection", "correlation", "filter", "action")
_OPERATORS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">=", "EQ": "=", "NEQ": "!="}
_TRUTHS = {"true": 1, "false": 0}
_LOG_CLEARED = 104
_KINDS = ("event_count", "value_count", "temporal", "temporal_ordered")


class NotCompiled(ValueError):
    """The documents are no rule that this engine can run; the argument says why (English)."""


def compile_rule(documents: Sequence[dict[str, Any]], identity: Iterable[str] = ()) -> Compiled:
    """Compiles the documents of one file. Raises ``NotCompiled``."""
    try:
        return _compile(documents, list(identity))
    except NotCompiled:
        raise
    except SigmaError as error:
        raise NotCompiled(str(error)) from error
    except UnknownField as error:
        raise NotCompiled(f"the field name {error} cannot be looked up") from error
    except UnknownLogSource as error:
        raise NotCompiled(str(error)) from error
    except (ValueError, TypeError, LookupError, AttributeError, NotImplementedError, RecursionError) as error:
        raise NotCompiled(f"{type(error).__name__}: {error}") from error


def _compile(documents: Sequence[dict[str, Any]], identity: list[str]) -> Compiled:
    collection = SigmaCollection.from_dicts(
        [{key: document[key] for key in _NEEDED if key in document} for document in documents]
    )
    backend = _Backend()
    correlations = [rule for rule in collection.rules if isinstance(rule, SigmaCorrelationRule)]
    detections = [rule for rule in collection.rules if isinstance(rule, SigmaRule)]
    if len(detections) + len(correlations) != len(collection.rules):
        raise NotCompiled("only detections and correlations can be run, not filters")
    if len(correlations) > 1 or (not correlations and len(detections) != 1):
        raise NotCompiled("one file holds one rule: a detection, or a correlation with its detections")
    if correlations:
        collection.resolve_rule_references()
        detections = [_detection(reference.rule) for reference in correlations[0].rules or []]
    predicates, channels = [], []
    for rule in detections:
        predicates.append(backend.predicate(rule))
        channels.append(_channels(rule))
    known = None if None in channels else sorted({name for names in channels for name in names or ()})
    window = _window(correlations[0]) if correlations else None
    return Compiled(predicates, known, [expression(COLUMNS.get(name, name)) for name in identity], window)


def _detection(rule: Any) -> SigmaRule:
    if not isinstance(rule, SigmaRule):
        raise NotCompiled("a correlation of correlations is not supported")
    return rule


def _window(rule: SigmaCorrelationRule) -> Window:
    kind = rule.type.name.lower()
    condition = rule.condition
    if kind not in _KINDS or not isinstance(condition, SigmaCorrelationCondition):
        raise NotCompiled(f"correlations of the type {kind} with this condition are not supported")
    references = rule.rules or []
    group = list(rule.group_by or [])

    def column(field: str, detection: Any) -> str:
        for alias in rule.aliases:
            if alias.alias == field:
                for target, name in alias.mapping.items():
                    if target.reference in (detection.reference, detection.rule.name, str(detection.rule.id)):
                        field = name
        return expression(_names(detection.rule.logsource).get(field, field))

    counted = condition.fieldref
    if isinstance(counted, list):
        raise NotCompiled("counting the values of several fields together is not supported")
    if (kind == "value_count") != bool(counted):
        raise NotCompiled("value_count, and it alone, counts the values of a field")
    return Window(
        kind=kind,
        seconds=rule.timespan.seconds,
        operator=_OPERATORS[condition.op.name],
        threshold=float(condition.count),
        group_by=group,
        keys=[[column(field, reference) for field in group] for reference in references],
        value=[column(counted, reference) for reference in references] if counted else [],
    )


class _Backend(sqliteBackend):
    """Conditions on the view ``event``, with the payload's values where they are."""

    def predicate(self, rule: SigmaRule) -> str:
        """The condition of one detection; several conditions are alternatives."""
        pipeline = _pipeline(rule)
        pipeline.apply(rule)
        parts = []
        for condition in rule.detection.parsed_condition:
            state = ConversionState(processing_state=dict(pipeline.state))
            part = self.convert_condition(condition.parsed, state)
            if not isinstance(part, str):
                raise NotCompiled("its condition cannot be written in SQL")
            parts.append(f"({part})")
        return " OR ".join(parts)

    def __init__(self) -> None:
        super().__init__(table="event", fulltext_field="data", collate_nocase=True)  # type: ignore[no-untyped-call]  # pySigma declares no types of it.

    def _fulltext_column(self) -> str:
        return "one.atom"

    def convert_condition_val_str(self, cond: ConditionValueExpression, state: ConversionState) -> str:
        """A word stands in a value, not in the JSON that writes a backslash twice."""
        return _anywhere(super().convert_condition_val_str(cond, state))

    def convert_condition_val_num(self, cond: ConditionValueExpression, state: ConversionState) -> str:
        """As for words."""
        return _anywhere(super().convert_condition_val_num(cond, state))

    def convert_condition_val_re(self, cond: ConditionValueExpression, state: ConversionState) -> str:
        """As for words."""
        return _anywhere(super().convert_condition_val_re(cond, state))

    def escape_and_quote_field(self, field: str) -> str:
        return expression(field)

    def convert_condition_field_eq_val(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """``Data`` stands for each of the unnamed values; any of them may fit."""
        if cond.field != "Data" or isinstance(cond.value, SigmaNull | SigmaExists | SigmaFieldReference):
            return super().convert_condition_field_eq_val(cond, state)
        item = copy(cond)
        item.field = ITEM
        fits = super().convert_condition_field_eq_val(item, state)
        return f"EXISTS (SELECT 1 FROM json_each(data, {UNNAMED_VALUES}) one WHERE {fits})"  # noqa: S608  As above.

    def convert_condition_field_eq_val_num(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """In the payload a number may be written as text."""
        field, number = expression(cond.field), str(cond.value)
        if is_column(cond.field):
            return f"{field} = {number}"
        return f"CAST({field} AS TEXT) = '{number}'"

    def convert_condition_field_eq_val_str(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """A rule may quote what the log has as a number, and a yes or no, which SQLite reads as 1 or 0."""
        condition = super().convert_condition_field_eq_val_str(cond, state)
        field = expression(cond.field)
        if is_column(cond.field) or not condition.startswith(f"{field}="):
            return str(condition)
        condition = f"CAST({field} AS TEXT)={condition[len(field) + 1 :]}"
        truth = _TRUTHS.get(str(cond.value).casefold())
        return condition if truth is None else f"({condition} OR CAST({field} AS TEXT) = '{truth}')"

    def convert_condition_field_compare_op_val(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """For SQLite every text is greater than every number: compare only what is one."""
        operator = self.compare_operators.get(getattr(cond.value, "op", None))
        number = getattr(cond.value, "number", None)
        if operator is None or not isinstance(number, SigmaNumber):
            raise SigmaFeatureNotSupportedByBackendError("comparison with something that is no number")
        field = expression(cond.field)
        if is_column(cond.field):
            return f"{field} {operator} {number}"
        return (
            f"CASE WHEN typeof({field}) IN ('integer', 'real') OR ({field} GLOB '[0-9]*' AND "
            f"{field} NOT GLOB '*[^0-9.]*' AND {field} NOT GLOB '*.*.*') "
            f"THEN CAST({field} AS REAL) {operator} {number} ELSE 0 END"
        )


def _anywhere(condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM json_tree(data) one WHERE {condition})"  # noqa: S608  The backend quoted it.


def _names(source: SigmaLogSource) -> dict[str, str]:
    """The names that the event index has for a rule's fields."""
    return {**COLUMNS, **events_of(source).names}


def _pipeline(rule: SigmaRule) -> ProcessingPipeline:
    """What a log source demands of every event, and the names of the index for its fields."""
    names: Any = _names(rule.logsource)
    if any(_asks_for(part, _LOG_CLEARED) for part in rule.detection.detections.values()):
        # Of this event a rule means the channel that was cleared, not the one that says so.
        names["Channel"] = "LogFileCleared.Channel|channel"
    items = [ProcessingItem(FieldMappingTransformation(names))]
    if demands := events_of(rule.logsource).demands:
        # A list of detections is read as alternatives, which the annotation does not say.
        condition: Any = demands if len(demands) > 1 else demands[0]
        items.append(ProcessingItem(AddConditionTransformation(condition)))
    return ProcessingPipeline(items)


def _asks_for(part: SigmaDetection | SigmaDetectionItem, event_id: int) -> bool:
    if isinstance(part, SigmaDetection):
        return any(_asks_for(item, event_id) for item in part.detection_items)
    return part.field == "EventID" and any(str(value) == str(event_id) for value in part.value)


def _channels(rule: SigmaRule) -> list[str] | None:
    """The channels that a match must stand in, ``None`` when any may hold one."""
    channels: set[str] = set()
    for condition in rule.detection.parsed_condition:
        bound = _bound(condition.parsed)
        if bound is None:
            return None
        channels |= bound
    return sorted(channels)


def _bound(item: Any) -> set[str] | None:
    if isinstance(item, ConditionFieldEqualsValueExpression):
        value = item.value
        plain = isinstance(value, SigmaString) and not value.contains_special()
        return {str(value)} if item.field == "channel" and plain else None
    if not isinstance(item, ConditionItem):
        return None
    bounds = [_bound(argument) for argument in item.args]
    if isinstance(item, ConditionAND):
        known = [bound for bound in bounds if bound is not None]
        return set.intersection(*known) if known else None
    if isinstance(item, ConditionOR):
        known = [bound for bound in bounds if bound is not None]
        return set.union(*known) if known and len(known) == len(bounds) else None
    return None
