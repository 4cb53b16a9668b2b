"""The documents of a YAML file, as ``yaml.safe_load_all`` gives them, in half its time.

Thousands of rules are read at once. The parser in C is quick; resolving and constructing each scalar in
Python is not, and nearly all of them are plain words.
"""

from typing import IO, Any

import yaml

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT, _LIST, _MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
_PLAIN = frozenset("abcdeghijklmpqrsuvwxzABCDEGHIJKLMPQRSUVWXZ*\\/%$")
"""What begins no number, date, yes, no, null or merge."""


class _Loader(_Parser):
    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is yaml.ScalarNode and value and (value[0] in _PLAIN or not implicit[0]):
            return _TEXT
        return super().resolve(kind, value, implicit)


MAX_NODES = 200_000
"""Values that a document may have, each counted as often as it is named."""


def documents(stream: IO[bytes]) -> list[Any]:
    """The documents. Raises ``yaml.YAMLError``, ``ValueError`` (for one that is larger than its file lets
    think, too), ``RecursionError``."""
    loader = _Loader(stream)
    try:
        found = []
        while loader.check_node():
            node = loader.get_node()
            if _nodes(node, {}) > MAX_NODES:
                raise ValueError(f"a document has more than {MAX_NODES:,} values")
            found.append(_constructed(node, loader, {}))
        return found
    finally:
        loader.dispose()


def _nodes(node: Any, counted: dict[int, int]) -> int:
    """How many values a node has, those that it names again included; one that holds itself, without end."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    known = counted.get(id(node))
    if known is None:
        counted[id(node)] = MAX_NODES + 1
        parts = (
            node.value
            if isinstance(node, yaml.SequenceNode)
            else [part for pair in node.value for part in pair]
        )
        known = counted[id(node)] = min(1 + sum(_nodes(part, counted) for part in parts), MAX_NODES + 1)
    return known


def _constructed(node: Any, loader: Any, made: dict[int, Any]) -> Any:
    """What a node stands for; one that several places name is made once."""
    if node.tag == _TEXT:
        return node.value
    if node.tag == _MAP and isinstance(node, yaml.MappingNode):
        if id(node) in made:
            return made[id(node)]
        if any(key.tag not in {_TEXT, "tag:yaml.org,2002:int"} for key, _ in node.value):
            return loader.construct_document(node)
        mapping: dict[Any, Any] = {}
        made[id(node)] = mapping
        for key, value in node.value:
            mapping[_constructed(key, loader, made)] = _constructed(value, loader, made)
        return mapping
    if node.tag == _LIST and isinstance(node, yaml.SequenceNode):
        if id(node) not in made:
            items: list[Any] = []
            made[id(node)] = items
            items.extend(_constructed(item, loader, made) for item in node.value)
        return made[id(node)]
    return loader.construct_document(node)
