"""Our own sentences with an event's values in them.

``{Name}`` is a value by its name (or, of an unnamed payload, by its place in ``params``),
``{Element.Name}`` the same inside an element, ``{3}`` a value by its position, ``{*}`` all of them,
``{Name/Other}`` the first that there is, ``{Domain\\User}`` an account, ``{Name|label}`` see
``labels``. ``[[…]]`` is left out of an event that has none of the values in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.messages import labels
from engine.messages.codes import fields
from engine.messages.languages import CHINESE, CHINESE_SIGN
from engine.messages.template import NO_VALUE, Resolver, resolved
from engine.messages.values import Value, Values, plain_name

EVERYTHING = "*"
EMPTY = {"", "-"}
"""How providers write that there is no value."""
_STOPS = {".", "。"}
_SLOT = re.compile(r"\{(?P<name>[^{}|]{1,80})(?:\|(?P<label>[a-z0-9_]{1,30}))?\}")
_OPTIONAL = re.compile(r"\[\[(?P<part>[^\[\]]{1,400})\]\]")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes."""

    name: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Optional:
    """What is only said of an event that has at least one of the values."""

    parts: tuple[str | Slot, ...]


Part = str | Slot | Optional


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with places for values; ``params`` names the values of an unnamed payload."""

    parts: tuple[Part, ...]
    params: tuple[str, ...] = ()

    def slots(self) -> Iterator[Slot]:
        """All places, those in optional parts included."""
        for part in self.parts:
            yield from (inner for inner in _inside(part) if isinstance(inner, Slot))

    def words(self) -> str:
        """The text without its places."""
        return "".join(inner for part in self.parts for inner in _inside(part) if isinstance(inner, str))

    def said_of(self, values: Values, language: str, resolve: Resolver) -> str:
        """The sentence with the values in it; one that the event does not have reads ``–``."""
        pieces = [piece for part in self.parts for piece in self._said(part, values, language, resolve)]
        return _joined(pieces, chinese=language == CHINESE)

    def used(self, values: Values) -> set[int]:
        """The values that the sentence speaks of, by ``id``."""
        spoken: set[int] = set()
        for slot in self.slots():
            if slot.name == EVERYTHING:
                spoken |= {id(value) for value in values.told}
            elif "\\" in slot.name:
                spoken |= {id(self._value(name, values)) for name in slot.name.split("\\", 1)}
            else:
                names = slot.name.split("/")
                serving = next((name for name in names if self._text(name, values)), names[0])
                spoken.add(id(self._value(serving, values)))
        return spoken

    def _said(self, part: Part, values: Values, language: str, resolve: Resolver) -> list[str]:
        if isinstance(part, str):
            return [part]
        if isinstance(part, Slot):
            return [self._filled(part, values, language, resolve) or NO_VALUE]
        inside = [slot for slot in part.parts if isinstance(slot, Slot)]
        if not any(self._filled(slot, values, language, resolve) for slot in inside):
            return []
        return [piece for inner in part.parts for piece in self._said(inner, values, language, resolve)]

    def _filled(self, slot: Slot, values: Values, language: str, resolve: Resolver) -> str:
        if slot.name == EVERYTHING:
            filling = "; ".join(value.text for value in values.all if value.text)
        elif "\\" in slot.name:
            domain, user = (self._text(name, values) for name in slot.name.split("\\", 1))
            filling = f"{domain}\\{user}" if domain and user else user
        else:
            filling = next(filter(None, (self._text(name, values) for name in slot.name.split("/"))), "")
        if not filling:
            return ""
        known = resolved(filling, resolve)
        if slot.label:
            return labels.labelled(known, slot.label, language)
        return fields.labelled(slot.name.rpartition("/")[2], known, language)

    def _text(self, name: str, values: Values) -> str:
        value = self._value(name, values)
        return "" if value is None or value.text.strip() in EMPTY else value.text

    def _value(self, name: str, values: Values) -> Value | None:
        if name.isdecimal():
            return values.value(int(name))
        if name in self.params and values.unnamed:
            return values.value(self.params.index(name) + 1)
        return values.by_name.get(plain_name(name))


def sentence(template: str, params: Sequence[str] = ()) -> Sentence:
    """Raises ``ValueError`` for a template with a slip in it."""
    parts: list[Part] = []
    at = 0
    for optional in _OPTIONAL.finditer(template):
        inside = _parts(optional["part"])
        if not any(isinstance(part, Slot) for part in inside):
            raise ValueError("an optional part has no value")
        parts += (*_parts(template[at : optional.start()]), Optional(inside))
        at = optional.end()
    parts += _parts(template[at:])
    return Sentence(tuple(parts), tuple(params))


def _parts(template: str) -> tuple[str | Slot, ...]:
    parts: list[str | Slot] = []
    at = 0
    for slot in _SLOT.finditer(template):
        parts += (template[at : slot.start()], Slot(slot["name"], slot["label"]))
        at = slot.end()
        if slot["label"] and slot["label"] not in labels.names():
            raise ValueError(f"there is no label {slot['label']}")
    parts.append(template[at:])
    for part in parts:
        if isinstance(part, str) and ("{" in part or "}" in part):
            raise ValueError("a brace stands alone")
        if isinstance(part, str) and ("[[" in part or "]]" in part):
            raise ValueError("a bracket stands alone")
    return tuple(part for part in parts if part)


def _joined(pieces: Sequence[str], *, chinese: bool) -> str:
    """The pieces as one text. A stop that a value brings serves for the sentence's own; Chinese has
    blanks beside Latin letters and digits only: where a value turns out to be Chinese they go."""
    joined = ""
    for piece in pieces:
        if piece[:1] in _STOPS and joined[-1:] in _STOPS:
            joined, piece = (joined[:-1], piece) if chinese else (joined, piece[1:])
        if chinese and joined.endswith(" ") and CHINESE_SIGN.match(piece[:1]):
            joined = joined[:-1]
        if chinese and piece.startswith(" ") and CHINESE_SIGN.match(joined[-1:]):
            piece = piece[1:]
        joined += piece
    return joined


def _inside(part: Part) -> tuple[str | Slot, ...]:
    return part.parts if isinstance(part, Optional) else (part,)
