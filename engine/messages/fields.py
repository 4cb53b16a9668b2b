"""The values of an event one a line, each under its name in the reader's language.

data/fields-*.csv say what a field is called: ``field,zh,en,label``; ``field`` is the name in the
record (case, blanks and underscores do not matter), or ``Element.name`` where the name alone says
too little; ``label`` puts its value into words (see ``labels``). A field that is not in the table
keeps the provider's own name.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.messages import data_files, labels
from engine.messages.codes import fields as codes
from engine.messages.languages import CHINESE
from engine.messages.template import Resolver, resolved
from engine.messages.values import Value, Values, plain_name, unnumbered

_NOTHING = {"", "-", "(NULL)", "{00000000-0000-0000-0000-000000000000}"}
_NOISE = re.compile(r"unused\d*|dummy|binarydata(?:size)?")
_COUNTED = re.compile(r"param(?:eter)?(\d{1,3})", re.IGNORECASE)


class Field(NamedTuple):
    """What a field is called, and the label of its values."""

    chinese: str
    english: str
    label: str | None


def lines(
    values: Values,
    language: str,
    resolve: Resolver,
    left_out: Container[int] = frozenset(),
    params: Sequence[str] = (),
) -> Iterator[str]:
    """A line for each value that says something, without those whose ``id`` is in ``left_out``;
    ``params`` names the values of an unnamed payload. What tells another value's length is left out."""
    chinese = language == CHINESE
    colon = "：" if chinese else ": "
    position = 0
    for told in values.told:
        value = told
        position += not value.is_attribute
        if id(value) in left_out or value.text.strip() in _NOTHING or _is_noise(value, values):
            continue
        if value.name is None and position <= len(params):
            value = value._replace(name=params[position - 1])
        name, label = _name(value, position, chinese=chinese)
        said = resolved(value.text, resolve)
        if label:
            said = labels.labelled(said, label, language)
        else:
            said = codes.labelled(value.name, said, language)
        yield f"{name}{colon}{said}"


@lru_cache(maxsize=1)
def table() -> Mapping[str, Field]:
    """The fields by ``plain_name``."""
    return {
        plain_name(row["field"]): Field(row["zh"], row["en"], row["label"] or None)
        for row in data_files.rows("fields-*.csv")
    }


def known(value: Value) -> Field | None:
    """What a named value is called; ``None`` for one that the table does not have."""
    name, parent = unnumbered(value.name or ""), unnumbered(value.parent)
    fields = table()
    return fields.get(plain_name(f"{parent}.{name}")) or fields.get(plain_name(name))


def _name(value: Value, position: int, *, chinese: bool) -> tuple[str, str | None]:
    counted = position if value.name is None else None
    if value.name is not None and (numbered := _COUNTED.fullmatch(value.name)):
        counted = int(numbered[1])
    if counted is not None:
        return (f"值 {counted}" if chinese else f"Value {counted}"), None
    field = known(value)
    if field is None:
        return value.name or "", None
    english = field.english[0].upper() + field.english[1:]
    return (field.chinese if chinese else english), field.label


def _is_noise(value: Value, values: Values) -> bool:
    if value.name is None:
        return False
    plain = plain_name(value.name)
    if _NOISE.fullmatch(plain):
        return True
    shorter = plain.removesuffix("length").removesuffix("len")
    return shorter != plain and value.text.isdecimal() and shorter in values.by_name
