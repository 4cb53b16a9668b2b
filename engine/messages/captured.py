"""Message templates that were captured on the customer's machine: ``anjuan.messages/1``.

The format is described in docs/formats/event-messages.md. Entries that do not fit it are passed
over and counted; a file that is no such document raises ``NotMessages``.
"""

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from engine.encodings import decode
from engine.messages import languages
from engine.messages.template import MAX_TEMPLATE_LENGTH

SCHEMA = "anjuan.messages/1"
MAX_BYTES = 48 << 20
MAX_NAME_LENGTH = 256
MAX_PARAMETER_LENGTH = 500

Key = tuple[str, int]
"""Provider (case folded) and event id."""


class NotMessages(ValueError):
    """The file is not a readable ``anjuan.messages/1`` document; the message is the engineer's."""


@dataclass(frozen=True, slots=True)
class Captured:
    """One template. ``version`` and ``qualifiers`` are ``None`` where it holds for all of them."""

    version: int | None
    qualifiers: int | None
    language: str
    text: str

    def fits(self, version: int | None, qualifiers: int | None) -> bool:
        """Whether it is for an event of this version and these qualifiers."""
        return self.version in (None, version or 0) and self.qualifiers in (None, qualifiers)


@dataclass
class Capture:
    """What one or more files tell: templates by provider and event, texts of ``%%`` parameters by
    provider, and which files hold a provider's messages and the texts of its parameters.
    ``passed_over`` counts bad entries."""

    templates: dict[Key, list[Captured]] = field(default_factory=dict)
    parameters: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    parameter_files: dict[str, str] = field(default_factory=dict)
    count: int = 0
    passed_over: int = 0

    def add(self, other: "Capture") -> None:
        """Takes in what another file tells; what is known already stays."""
        for key, templates in other.templates.items():
            self.templates.setdefault(key, []).extend(templates)
        for number, texts in other.parameters.items():
            self.parameters[number] = texts | self.parameters.get(number, {})
        self.files = other.files | self.files
        self.parameter_files = other.parameter_files | self.parameter_files
        self.count += other.count
        self.passed_over += other.passed_over


def read_messages(file: Path, wanted: Container[Key] | None = None) -> Capture:
    """A file's entries; of templates only those in ``wanted`` are kept.

    Raises ``NotMessages``, ``OSError``.
    """
    into = Capture()
    if file.stat().st_size > MAX_BYTES:
        raise NotMessages(f"more than {MAX_BYTES >> 20} MiB")
    try:
        document = json.loads(decode(file.read_bytes()).text)
    except (ValueError, RecursionError) as error:
        raise NotMessages(f"no JSON: {error}"[:200]) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise NotMessages(f"its schema is not {SCHEMA}")
    for entry in _entries(document, "messages", into):
        _template(entry, into, wanted)
    for entry in _entries(document, "parameters", into):
        _parameter(entry, into)
    for entry in _entries(document, "files", into):
        _file(entry, into)
    return into


def base_name(path: str) -> str:
    """The name that a library and its language files share, e.g. ``a.dll`` of ``C:\\a.dll.mui``."""
    return path.replace("\\", "/").rpartition("/")[2].casefold().removesuffix(".mui")


def _entries(document: dict[str, Any], name: str, into: Capture) -> Iterator[dict[str, Any]]:
    entries = document.get(name, [])
    for entry in entries if isinstance(entries, list) else [None]:
        if isinstance(entry, dict):
            yield entry
        else:
            into.passed_over += 1


def _template(entry: dict[str, Any], into: Capture, wanted: Container[Key] | None) -> None:
    provider, number, sentence = entry.get("provider"), entry.get("id"), entry.get("text")
    version, qualifiers = entry.get("version"), entry.get("qualifiers")
    language = entry.get("language")
    if (
        not (_is_name(provider) and _is_number(number) and _is_name(language))
        or not (isinstance(sentence, str) and sentence.strip() and len(sentence) <= MAX_TEMPLATE_LENGTH)
        or not (version is None or _is_number(version))
        or not (qualifiers is None or _is_number(qualifiers))
    ):
        into.passed_over += 1
        return
    into.count += 1
    key = (provider.casefold(), number)
    if wanted is None or key in wanted:
        captured = Captured(version, qualifiers, languages.of_name(language), sentence)
        into.templates.setdefault(key, []).append(captured)


def _parameter(entry: dict[str, Any], into: Capture) -> None:
    provider, number = entry.get("provider"), entry.get("id")
    sentence, language = entry.get("text"), entry.get("language")
    if _is_name(provider) and _is_number(number) and isinstance(sentence, str) and _is_name(language):
        texts = into.parameters.setdefault((provider.casefold(), number), {})
        texts.setdefault(languages.of_name(language), sentence.strip()[:MAX_PARAMETER_LENGTH])
    else:
        into.passed_over += 1


def _file(entry: dict[str, Any], into: Capture) -> None:
    provider = entry.get("provider")
    known = False
    for key, files in (("message_file", into.files), ("parameter_file", into.parameter_files)):
        name = entry.get(key)
        if _is_name(provider) and _is_name(name):
            files[provider.casefold()] = base_name(name)
            known = True
    into.passed_over += not known


def _is_name(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME_LENGTH


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32
