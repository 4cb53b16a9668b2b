"""Our own messages for the events that matter in support, in both languages and our own words.

The data files group events by provider; how to write an entry stands in
docs/formats/event-messages.md. ``{Name}`` is a value by its name (or, of an unnamed payload, by
its place in ``params``), ``{Element.Name}`` the same inside an element, ``{3}`` a value by its
position, ``{*}`` all of them, ``{Name/Other}`` the first that there is, ``{Name|label}`` see
``labels``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.index.event_index import EventRecord
from engine.messages import data_files, labels
from engine.messages.codes import fields
from engine.messages.languages import CHINESE, ENGLISH
from engine.messages.template import MAX_LENGTH, NO_VALUE, Resolver, resolved
from engine.messages.values import Values, plain_name
from engine.text_safety import shortened

EVERYTHING = "*"
_SLOT = re.compile(r"\{(?P<name>[^{}|]{1,60})(?:\|(?P<label>[a-z0-9_]{1,20}))?\}")


class BadEntry(ValueError):
    """An entry of the catalogue that does not say what it must; the message names it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes."""

    name: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. ``versions`` and ``qualifiers`` are ``None`` where the entry holds for all."""

    provider: str
    event_id: int
    versions: tuple[int, ...] | None
    qualifiers: int | None
    params: tuple[str, ...]
    texts: dict[str, tuple[str | Slot, ...]]
    file: str

    def fits(self, record: EventRecord) -> bool:
        """Whether the entry is for this version and these qualifiers."""
        if self.versions is not None and (record.version or 0) not in self.versions:
            return False
        return self.qualifiers is None or record.qualifiers in (None, self.qualifiers)

    def message(self, values: Values, language: str, resolve: Resolver) -> str:
        """The text in ``zh-hans`` or ``en`` with the event's values."""
        sentences = (
            part if isinstance(part, str) else self._value(part, values, language, resolve)
            for part in self.texts[language]
        )
        return shortened("".join(sentences), MAX_LENGTH)

    def _value(self, slot: Slot, values: Values, language: str, resolve: Resolver) -> str:
        filling: str | None
        if slot.name == EVERYTHING:
            filling = "; ".join(value.text for value in values.all if value.text)
        elif slot.name.isdecimal():
            filling = values.at(int(slot.name))
        else:
            filling = next(filter(None, (self._named(name, values) for name in slot.name.split("/"))), None)
        if not filling:
            return NO_VALUE
        known = resolved(filling, resolve)
        if slot.label:
            return labels.labelled(known, slot.label, language)
        return fields.labelled(slot.name.rpartition("/")[2], known, language)

    def _named(self, name: str, values: Values) -> str | None:
        if name in self.params and values.unnamed:
            return values.at(self.params.index(name) + 1)
        return values.by_name.get(plain_name(name))


class Catalogue:
    """The entries by provider and event id."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._by_event: dict[tuple[str, int], list[Entry]] = {}
        for entry in entries:
            key = (entry.provider.casefold(), entry.event_id)
            self._by_event.setdefault(key, []).append(entry)
        for several in self._by_event.values():
            # What is said of one version goes before what is said of all.
            several.sort(key=lambda entry: (entry.versions is None) + (entry.qualifiers is None))

    def find(self, record: EventRecord) -> Entry | None:
        """The entry for an event, ``None`` when there is none."""
        if record.event_id is None:
            return None
        several = self._by_event.get(((record.provider or "").casefold(), record.event_id), ())
        return next((entry for entry in several if entry.fits(record)), None)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """All entries of the data files, read at the first call. Raises ``BadEntry``."""
    return Catalogue(list(_entries()))


def _entries() -> Iterator[Entry]:
    for file, groups in data_files.events():
        for group in groups:
            providers = group["provider"]
            for provider in [providers] if isinstance(providers, str) else providers:
                for event in group["events"]:
                    ids = event.get("id")
                    for number in ids if isinstance(ids, list) else [ids]:
                        yield _entry(provider, event | {"id": number}, file)


def _entry(provider: str, event: dict[str, Any], file: str) -> Entry:
    versions = event.get("version")
    if isinstance(versions, int):
        versions = [versions]
    try:
        return Entry(
            provider=provider,
            event_id=int(event["id"]),
            versions=None if versions is None else tuple(versions),
            qualifiers=event.get("qualifiers"),
            params=tuple(event.get("params", ())),
            texts={CHINESE: _parts(event["zh"]), ENGLISH: _parts(event["en"])},
            file=file,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadEntry(f"{file}: {provider} {event.get('id')}: {error}") from error


def _parts(template: str) -> tuple[str | Slot, ...]:
    parts: list[str | Slot] = []
    at = 0
    for slot in _SLOT.finditer(template):
        parts += (template[at : slot.start()], Slot(slot["name"], slot["label"]))
        at = slot.end()
        if slot["label"] and slot["label"] not in labels.names():
            raise ValueError(f"there is no label {slot['label']}")
    rest = template[at:]
    if any("{" in part or "}" in part for part in (*parts, rest) if isinstance(part, str)):
        raise ValueError("a brace stands alone")
    return (*parts, rest)
