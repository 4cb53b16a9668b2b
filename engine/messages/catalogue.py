"""Our own messages for the events that matter in support, in both languages and our own words.

The data files group events by provider; how to write an entry stands in
docs/formats/event-messages.md, how its texts are written in ``sentence``. A provider's groups are
read when its first event asks for them: all files together would take longer than a small log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from engine.index.event_index import EventRecord
from engine.messages import data_files, fields
from engine.messages.languages import CHINESE, ENGLISH
from engine.messages.sentence import Sentence, sentence
from engine.messages.template import MAX_LENGTH, Resolver
from engine.messages.values import Values
from engine.text_safety import shortened


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
        self._by_provider: dict[str, dict[int, list[Entry]]] = {}

    @property
    def entries(self) -> Sequence[Entry]:
        """All there are; reads every file."""
        providers = [self._events(provider) for provider in data_files.providers()]
        return [entry for events in providers for entry in chain.from_iterable(events.values())]

    def find(self, record: EventRecord) -> Entry | None:
        """The entry for an event, ``None`` when there is none. Raises ``BadEntry``."""
        if record.event_id is None:
            return None
        several = self._events((record.provider or "").casefold()).get(record.event_id, ())
        return next((entry for entry in several if entry.fits(record)), None)

    def _events(self, provider: str) -> dict[int, list[Entry]]:
        if provider not in data_files.providers():
            return {}
        known = self._by_provider.get(provider)
        if known is None:
            known = self._by_provider[provider] = _by_event(provider)
        return known


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of the data files, shared."""
    return Catalogue()


def _by_event(provider: str) -> dict[int, list[Entry]]:
    events: dict[int, list[Entry]] = {}
    for file, group in data_files.groups(provider):
        for event in group["events"]:
            ids = event.get("id")
            for number in ids if isinstance(ids, list) else [ids]:
                events.setdefault(number, []).append(_entry(provider, event | {"id": number}, file))
    for several in events.values():
        # What is said of one version goes before what is said of all.
        several.sort(key=lambda entry: (entry.versions is None) + (entry.qualifiers is None))
    return events


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
