"""Our own messages for the events that matter in support, in both languages and our own words.

The data files group events by provider; how to write an entry stands in
docs/formats/event-messages.md, how its texts are written in ``sentence``. An entry is parsed when
the first event asks for it: all files together would take longer than a small log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.index.event_record import EventRecord
from engine.messages import data_files, fields
from engine.messages.languages import CHINESE, ENGLISH
from engine.messages.sentence import Sentence, sentence
from engine.messages.template import MAX_LENGTH, Resolver
from engine.messages.values import Values
from engine.text_safety import shortened

_OF_INSTANCES = {"mssql": "mssqlserver", "sqlagent": "sqlserveragent"}
"""Products whose instances write as providers of their own."""


class BadEntry(ValueError):
    """An entry of the catalogue that does not say what it must; the message names it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. ``versions`` and ``qualifiers`` are ``None`` where the entry holds for all."""

    provider: str
    event_id: int
    versions: tuple[int, ...] | None
    qualifiers: int | None
    params: tuple[str, ...]
    texts: dict[str, Sentence]
    file: str

    def fits(self, record: EventRecord) -> bool:
        """Whether the entry is for this version and these qualifiers."""
        if self.versions is not None and (record.version or 0) not in self.versions:
            return False
        return self.qualifiers is None or record.qualifiers in (None, self.qualifiers)

    def message(self, values: Values, language: str, resolve: Resolver) -> str:
        """The text in ``zh-hans`` or ``en``: the sentence, then each value that it leaves out."""
        said = self.texts[language]
        rest = fields.lines(values, language, resolve, said.used(values), self.params)
        return shortened("\n".join([said.said_of(values, language, resolve), *rest]), MAX_LENGTH)


class Catalogue:
    """The entries by provider and event id."""

    def __init__(self) -> None:
        self._texts: dict[str, Mapping[int, Sequence[tuple[str, str]]]] = {}
        self._known: dict[tuple[str, int], Sequence[Entry]] = {}

    @property
    def entries(self) -> Sequence[Entry]:
        """All there are; parses every file. Raises ``BadEntry``."""
        return [
            entry
            for provider in data_files.providers()
            for number in self._stated(provider)
            for entry in self._of(provider, number)
        ]

    def find(self, record: EventRecord) -> Entry | None:
        """The entry for an event, ``None`` when there is none. Raises ``BadEntry``."""
        if record.event_id is None:
            return None
        several = self._of(_family(record.provider or ""), record.event_id)
        return next((entry for entry in several if entry.fits(record)), None)

    def _of(self, provider: str, number: int) -> Sequence[Entry]:
        known = self._known.get((provider, number))
        if known is None:
            texts = self._stated(provider).get(number, ())
            entries = [
                _entry(provider, data_files.entry(text) | {"id": number}, file) for file, text in texts
            ]
            # What is said of one version goes before what is said of all.
            entries.sort(key=lambda entry: (entry.versions is None) + (entry.qualifiers is None))
            if not entries:
                return ()
            known = self._known[provider, number] = entries
        return known

    def _stated(self, provider: str) -> Mapping[int, Sequence[tuple[str, str]]]:
        if provider not in data_files.providers():
            return {}
        if provider not in self._texts:
            self._texts[provider] = data_files.events(provider)
        return self._texts[provider]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of the data files, shared."""
    return Catalogue()


def _family(provider: str) -> str:
    """The provider case folded; that of a named instance (``MSSQL$SHOP``) is that of its product."""
    product, instance, _name = provider.casefold().partition("$")
    return _OF_INSTANCES.get(product, product) if instance else product


def _entry(provider: str, event: dict[str, Any], file: str) -> Entry:
    versions = event.get("version")
    if isinstance(versions, int):
        versions = [versions]
    try:
        params: Iterable[str] = event.get("params", ())
        texts = {
            language: sentence(event[key], tuple(params))
            for language, key in ((CHINESE, "zh"), (ENGLISH, "en"))
        }
        return Entry(
            provider=provider,
            event_id=int(event["id"]),
            versions=None if versions is None else tuple(versions),
            qualifiers=event.get("qualifiers"),
            params=tuple(params),
            texts=texts,
            file=file,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadEntry(f"{file}: {provider} {event.get('id')}: {error}") from error
