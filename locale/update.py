"""Keeps the translations in step with the sources: ``python locale/update.py [--check]``.

Collects every text of the Python files, templates and scripts (with Babel, so that GNU
gettext need not be installed) and writes it to the catalogues ``django.po`` and
``djangojs.po``. ``--check`` writes nothing and fails when a text is missing, empty,
fuzzy, left over, or has lost a place holder.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("jobs", "accounts", "cases", "uploads", "analysis", "mail", "config", "demo")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACE_HOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str, str | None]
"""Context, text, plural text."""


def found_in(source: str, language: str) -> Iterator[Key]:
    """The texts of one source file; ``language`` is ``python`` or ``javascript``."""
    for _line, messages, _comments, context in extract(language, BytesIO(source.encode()), KEYWORDS):
        if isinstance(messages, tuple):
            yield context, messages[0], messages[1]
        else:
            yield context, messages, None


def python_texts() -> set[Key]:
    """The texts of Python files and templates."""
    keys: set[Key] = set()
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            if "migrations" not in file.parts:
                keys.update(found_in(file.read_text("utf-8"), "python"))
    for file in (ROOT / "templates").rglob("*.*"):
        if file.suffix in {".html", ".txt"}:
            # templatize keeps the template's indentation, which Python's tokenizer refuses.
            lines = templatize(file.read_text("utf-8"), origin=str(file)).splitlines()
            keys.update(found_in("\n".join(line.strip() for line in lines), "python"))
    return keys


def javascript_texts() -> set[Key]:
    """The texts of our scripts."""
    return {
        key
        for file in (ROOT / "static" / "src").rglob("*.js")
        for key in found_in(file.read_text("utf-8"), "javascript")
    }


def catalogue(domain: str) -> polib.POFile:
    """The Chinese catalogue of a domain, as it stands; a new one where there is none."""
    path = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / f"{domain}.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    po = polib.POFile(wrapwidth=110)
    po.fpath = str(path)
    po.metadata = {
        "Project-Id-Version": "Anjuan",
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return po


def key_of(entry: polib.POEntry) -> Key:
    """What makes an entry the one it is."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


def update(po: polib.POFile, keys: set[Key]) -> None:
    """Adds the missing texts, drops those left over, and writes the catalogue, sorted."""
    kept = {key_of(entry): entry for entry in po if key_of(entry) in keys and not entry.obsolete}
    for key in keys - kept.keys():
        context, text, plural = key
        kept[key] = polib.POEntry(
            msgctxt=context, msgid=text, msgid_plural=plural or "", msgstr_plural={0: ""} if plural else {}
        )
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = po.metadata
    fresh.extend(
        sorted(kept.values(), key=lambda entry: (entry.msgid.lower(), entry.msgid, entry.msgctxt or ""))
    )
    fresh.save(po.fpath)


def complaints(po: polib.POFile, keys: set[Key]) -> Iterator[str]:
    """What is wrong with a catalogue, a sentence each."""
    entries = {key_of(entry): entry for entry in po if not entry.obsolete}
    for _context, text, _plural in sorted(keys - entries.keys(), key=str):
        yield f"not in the catalogue: {text!r}"
    for _context, text, _plural in sorted(entries.keys() - keys, key=str):
        yield f"no longer used: {text!r}"
    for entry in entries.values():
        translated = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
        if not translated or entry.fuzzy:
            yield f"not translated: {entry.msgid!r}"
        else:
            wanted = set(PLACE_HOLDER.findall(entry.msgid_plural or entry.msgid))
            if set(PLACE_HOLDER.findall(translated)) != wanted:
                yield f"place holders differ: {entry.msgid!r} → {translated!r}"


def main(*, check: bool) -> int:
    """Updates or checks both catalogues; returns the exit code."""
    if not settings.configured:
        settings.configure()
    wrong = 0
    for domain, keys in (("django", python_texts()), ("djangojs", javascript_texts())):
        po = catalogue(domain)
        if not check:
            update(po, keys)
            po = catalogue(domain)
        for complaint in complaints(po, keys):
            wrong += 1
            print(f"{domain}.po: {complaint}")
    if wrong:
        print(f"{wrong} to do; `make messages` adds new texts to locale/, then translate them.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
