"""The message of an event as Event Viewer shows it, in both languages.

Sources, the first that serves a language: templates captured on the machine, the rendering that
a forwarded event carries, message tables and manifests in the bundle, our catalogue, and at last
the event's fields. A language that only the fields would serve takes the other's message instead.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.index.event_record import EventRecord
from engine.index.values import LogForm
from engine.messages import fields, languages, parameters
from engine.messages.captured import Capture
from engine.messages.catalogue import Catalogue, catalogue
from engine.messages.codes import words
from engine.messages.resources import Resources, library_name
from engine.messages.template import MAX_LENGTH, fill
from engine.messages.values import Values, clean, values_of
from engine.text import LANGUAGES, Text, text
from engine.text_safety import shortened


class Source(StrEnum):
    """Where a message comes from, the best first."""

    CAPTURED = "captured"
    RENDERING = "rendering"
    RESOURCE = "resource"
    CATALOGUE = "catalogue"
    FIELDS = "fields"


@dataclass(frozen=True)
class Description:
    """``source`` is the best that served; ``sources`` tells for each language which one did."""

    text: Text
    source: Source
    sources: Mapping[str, Source]


@dataclass
class Sources:
    """All that messages are taken from; without arguments our catalogue alone. ``guids`` are the
    providers' own, by name (case folded), as the records state them."""

    capture: Capture = field(default_factory=Capture)
    resources: Resources = field(default_factory=Resources)
    guids: Mapping[str, str] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=catalogue)


def describe(record: EventRecord, sources: Sources) -> Description:
    """The message; never empty, at most ``template.MAX_LENGTH`` characters a language, never raises
    for what a record contains."""
    values = values_of(record)
    sentences: dict[str, tuple[str, Source]] = {}
    spare: tuple[str, Source] | None = None
    for source, messages in _SOURCES:
        for language, message in messages(record, values, sources):
            if not message:
                continue
            if language in LANGUAGES:
                sentences.setdefault(language, (message, source))
            spare = spare or (message, source)
        if len(sentences) == len(LANGUAGES):
            break
    for language in LANGUAGES:
        if language not in sentences:
            sentences[language] = spare or (_fields(record, values, sources, language), Source.FIELDS)
    served = {language: source for language, (_message, source) in sentences.items()}
    chinese, english = (
        shortened(words.annotated(sentences[language][0], language), MAX_LENGTH)
        for language in (languages.CHINESE, languages.ENGLISH)
    )
    return Description(
        text(chinese, english),
        min(served.values(), key=list(Source).index),
        served,
    )


Messages = Iterator[tuple[str, str]]
"""Pairs of language and finished message."""


def _captured(record: EventRecord, values: Values, sources: Sources) -> Messages:
    key = ((record.provider or "").casefold(), record.event_id or 0)
    fitting = [
        template
        for template in sources.capture.templates.get(key, ())
        if template.fits(record.version, record.qualifiers)
    ]
    # What names this version goes before what is said of all.
    for template in sorted(
        fitting, key=lambda template: (template.version is None) + (template.qualifiers is None)
    ):
        yield template.language, _filled(template.text, record, values, sources, template.language)


def _rendered(record: EventRecord, values: Values, sources: Sources) -> Messages:
    rendering = record.rendering
    if rendering is not None:
        culture, message = rendering
        yield languages.of_name(culture), shortened(clean(message, 2 * len(message) + 1), MAX_LENGTH)


def _logged(record: EventRecord, values: Values, sources: Sources) -> Messages:
    """A line of a text log is its own message, in whatever language."""
    if record.event_id is None and record.form == LogForm.LINES and "message" in values.by_name:
        yield languages.OTHER, values.by_name["message"].text


def _from_resources(record: EventRecord, values: Values, sources: Sources) -> Messages:
    resources, provider = sources.resources, record.provider or ""
    if not resources.tables or record.event_id is None:
        return
    folded = provider.casefold()
    guid = sources.guids.get(folded)
    texts = resources.of_manifest(guid, record.event_id, record.version or 0) if guid else {}
    library = sources.capture.files.get(folded) or resources.names.get(library_name(provider))
    if not texts and library:
        texts = resources.of_library(library, record.event_id, record.qualifiers)
    for language, template in texts.items():
        yield language, _filled(template, record, values, sources, language)


def _from_catalogue(record: EventRecord, values: Values, sources: Sources) -> Messages:
    entry = sources.catalogue.find(record)
    if entry is not None:
        for language in LANGUAGES:
            resolve = parameters.resolver(record.provider or "", language, sources.capture, sources.resources)
            yield language, entry.message(values, language, resolve)


_SOURCES: tuple[tuple[Source, Callable[[EventRecord, Values, Sources], Messages]], ...] = (
    (Source.CAPTURED, _captured),
    (Source.RENDERING, _rendered),
    (Source.RENDERING, _logged),
    (Source.RESOURCE, _from_resources),
    (Source.CATALOGUE, _from_catalogue),
)


def _filled(template: str, record: EventRecord, values: Values, sources: Sources, language: str) -> str:
    resolve = parameters.resolver(record.provider or "", language, sources.capture, sources.resources)
    message = fill(template, values, resolve)
    return clean(message, 2 * len(message) + 1)


def _fields(record: EventRecord, values: Values, sources: Sources, language: str) -> str:
    """The values by name, one a line; without any, at least what the event is."""
    resolve = parameters.resolver(record.provider or "", language, sources.capture, sources.resources)
    chinese = language == languages.CHINESE
    provider = clean(record.provider or "", 200)
    if record.event_id is None:
        head = (
            f"{f'{provider} ' if provider else '未知来源'}的记录"
            if chinese
            else f"Record of {provider or 'an unknown provider'}"
        )
    elif chinese:
        head = f"{provider} 的事件 {record.event_id}" if provider else f"未知来源的事件 {record.event_id}"
    else:
        head = f"Event {record.event_id} of {provider or 'an unknown provider'}"
    return shortened("\n".join([head, *fields.lines(values, language, resolve)]), MAX_LENGTH)
