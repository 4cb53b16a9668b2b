"""The tree of a rule as SQL on the event index.

Every condition is 0 or 1, never NULL: ``not`` of a field that an event lacks holds. Conditions on what
events of a kind share (channel, provider, event id) are plain comparisons, which SQLite asks once a kind.
"""

import json
from collections.abc import Mapping, Sequence

from engine.rules.columns import (
    NUMBERS,
    UNNAMED_VALUES,
    UnknownField,
    expression,
    is_column,
    is_of_a_kind,
    is_several,
    sources,
)
from engine.rules.conditions import Node, Test, Tree

_ANYWHERE = "EXISTS (SELECT 1 FROM json_tree(data) one WHERE {})"
_UNNAMED = f"EXISTS (SELECT 1 FROM json_each(data, {UNNAMED_VALUES}) one WHERE {{}})"  # noqa: S608  Of names alone.
_MAX_IN_A_ROW = 100


class Where:
    """Makes conditions; ``names`` are the index's names for a rule's fields."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def named(self, field: str) -> str:
        """What the index calls a field. Raises ``columns.UnknownField``."""
        if field not in self._names and (field.startswith("=") or "|=" in field):
            raise UnknownField(field)  # so the index's own names of derived values begin
        return self._names.get(field, field)

    def predicate(self, tree: Tree, whole: bool = True) -> str:
        """The condition on the view ``event``, of a ``whole`` rule or of a part that need not hold. Raises
        ``columns.UnknownField``."""
        if isinstance(tree, Test):
            return self._test(tree)
        inside = whole and tree.kind == "and"
        predicate = _joined(tree, [self.predicate(part, inside) for part in tree.parts])
        # SQLite asks an alternative of every record, though its kind may tell: that is asked first then.
        kinds = self._kinds(tree) if whole and tree.kind == "or" else None
        return predicate if kinds in {None, predicate} else f"({kinds} AND {predicate})"

    def _kinds(self, tree: Tree) -> str | None:
        """What the kind of a record that fulfils the tree must fulfil; ``None`` where it may be any."""
        if isinstance(tree, Test):
            return self._test(tree) if tree.field and is_of_a_kind(self.named(tree.field)) else None
        parts = [self._kinds(part) for part in tree.parts]
        known = [part for part in parts if part is not None]
        if tree.kind == "not" or not known or (tree.kind == "or" and len(known) < len(parts)):
            return None
        return _nested(known, f" {tree.kind.upper()} ")

    def possible(self, tree: Tree, surely: bool = False) -> str:
        """A condition on the table ``kind``: whether an event of the kind might fulfil the tree, as far as
        its columns and the fields of its kind tell, or ``surely`` does."""
        if isinstance(tree, Node):
            inside = surely is (tree.kind != "not")
            return _joined(tree, [self.possible(part, inside) for part in tree.parts])
        if tree.field is None:
            return "0" if surely else "1"
        name = self.named(tree.field)
        if is_of_a_kind(name):
            return self._test(tree)
        there = f"PRESENT(id, {quoted(sources(name))})"
        if tree.exists is False or (tree.null and not (tree.all and tree.entries)):
            return f"NOT {there}" if surely else "1"
        if surely:
            return "0"
        other = f" AND PRESENT(id, {quoted(sources(self.named(tree.other)))})" if tree.other else ""
        return "0" if tree.null and tree.all else f"({there}{other})"

    def asked(self, tree: Tree) -> str:
        """A condition on the table ``kind``: whether events of the kind fulfil the tree unless it excludes
        them by their values; where it asks for certain values, the kind alone does not."""
        if isinstance(tree, Node):
            return _joined(tree, [self.asked(part) for part in tree.parts])
        of_a_kind = tree.field is not None and is_of_a_kind(self.named(tree.field))
        return self._test(tree) if of_a_kind else "0"

    def _test(self, test: Test) -> str:
        if test.field is None:
            return self._words(test)
        name = self.named(test.field)
        if test.exists is not None:
            return f"({expression(name)} IS {'NOT ' if test.exists else ''}NULL)"
        if test.other is not None:
            how = quoted(str(test.entries[0][0]))
            return f"REFERS({expression(name)}, {expression(self.named(test.other))}, {how})"
        conditions = [f"({expression(name)} IS NULL)"] if test.null else []
        if test.entries:
            conditions.append(_native(name, test) or self._fits(name, test))
        return conditions[0] if len(conditions) == 1 else f"({_link(test).join(conditions)})"

    def _fits(self, name: str, test: Test) -> str:
        if name != "Data":
            return f"FITS({expression(name)}, {_question(test, test.entries, is_several(name))})"
        if not test.all:
            return _UNNAMED.format(f"FITS(one.value, {_question(test, test.entries)})")
        each = [_UNNAMED.format(f"FITS(one.value, {_question(test, (entry,))})") for entry in test.entries]
        return f"({' AND '.join(each)})"

    def _words(self, test: Test) -> str:
        """A word stands in a value, not in the JSON that writes a backslash twice, or in the message."""

        def anywhere(entries: Sequence[object]) -> str:
            values = _ANYWHERE.format(f"FITS(one.atom, {_question(test, entries)})")
            return f"({values} OR FITS({expression('Message')}, {_question(test, entries, True)}))"

        if not test.all:
            return anywhere(test.entries)
        return f"({' AND '.join(anywhere((entry,)) for entry in test.entries)})"


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def any_of(conditions: list[str]) -> str:
    """The condition that one of them holds."""
    return _nested(conditions, " OR ")


def _question(test: Test, entries: Sequence[object], several: bool = False) -> str:
    asked = {"ask": list(entries), "all": test.all, "cased": test.cased, "several": several}
    return quoted(json.dumps(asked))


def _native(name: str, test: Test) -> str | None:
    """A comparison that SQLite does itself, of a column with plain values."""
    if not is_column(name) or test.all or test.cased:
        return None
    conditions: list[str] = []
    for kind, value, *_ in test.entries:
        if name in NUMBERS:
            number = int(value) if kind == "e" and value.isascii() and value.isdigit() else value
            if kind in {"e", "n"} and isinstance(number, int):
                conditions.append(f"{name} IS {number}")
            elif kind in {"<", "<=", ">", ">="}:
                conditions.append(f"({name} {kind} {value} AND {name} IS NOT NULL)")
            else:
                return None
        elif kind == "e" and value.isascii():
            conditions.append(f"{name} IS {quoted(value)} COLLATE NOCASE")
        else:
            return None
    return _nested(conditions, " OR ")


def _link(test: Test) -> str:
    return " AND " if test.all else " OR "


def _joined(node: Node, parts: list[str]) -> str:
    if node.kind == "not":
        return f"(NOT {parts[0]})"
    return _nested(parts, f" {node.kind.upper()} ")


def _nested(parts: list[str], link: str) -> str:
    """SQLite reads a thousand levels at most, and each link is one: many are put in groups."""
    while len(parts) > _MAX_IN_A_ROW:
        starts = range(0, len(parts), _MAX_IN_A_ROW)
        parts = [_nested(parts[place : place + _MAX_IN_A_ROW], link) for place in starts]
    return parts[0] if len(parts) == 1 else f"({link.join(parts)})"
