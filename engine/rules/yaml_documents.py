"""The documents of a YAML file, as ``yaml.safe_load_all`` gives them, in half its time.

Thousands of rules are read at once. The parser in C is quick; resolving and constructing each scalar in
Python is not, and nearly all of them are plain words.
"""

import re
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


MAX_DEPTH = 100
"""Lists and maps within one another: the parser in C calls itself for each, and a full stack is its end."""
_MANY_SIGNS = re.compile(rb"[\s\0?:-]{100}")
"""What deep nesting without brackets takes: an indentation, or dashes in a row (in UTF-16 with zeros)."""


def documents(stream: IO[bytes]) -> list[Any]:
    """The documents. Raises ``yaml.YAMLError``, ``ValueError`` (for one that is larger than its file lets
    think, too), ``RecursionError``."""
    content = stream.read()
    if content.count(b"[") + content.count(b"{") > MAX_DEPTH or _MANY_SIGNS.search(content):
        _check_depth(content)
    loader = _Loader(content)
    try:
        found = []
        while loader.check_node():
            node = loader.get_node()
            if _nodes(node, {}) > MAX_NODES:
                raise ValueError(f"a document has more than {MAX_NODES:,} values")
            found.append(_constructed(node, loader, {}))
        return found
    except (LookupError, AttributeError, TypeError) as error:  # PyYAML's own, of a tag that its value belies
        raise ValueError(f"a value is not of the kind that it is said to be ({error})") from error
    finally:
        loader.dispose()


def _check_depth(content: bytes) -> None:
    """Raises ``ValueError`` where the documents are nested too deep."""
    depth = 0
    for event in yaml.parse(content, Loader=_Parser):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError(f"a document is nested deeper than {MAX_DEPTH}")


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
    if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):
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
