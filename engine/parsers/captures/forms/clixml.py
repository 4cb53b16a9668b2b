"""CLIXML of ``Export-Clixml`` and the XML of ``ConvertTo-Xml``: objects with named values.

Source: Microsoft, MS-PSRP 2.2.5 (serialization of objects); PowerShell, ``ConvertTo-Xml``.
"""

import re
from xml.parsers import expat

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.page import Page
from engine.parsers.captures.properties import property_of, tells_of_files
from engine.text import text

OPENING = re.compile(r"^ *(?:<\?xml [^>]{0,200}\?> *)?(?:<Objs[ >]|<Objects[ >]|<\?xml )")
ENDS = ("</Objs>", "</Objects>")
MAX_DEPTH = 100
MAX_VALUE = 4_000
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
BROKEN = text(
    "XML 不完整或已损坏，只读取了前面的部分。",
    "This XML is incomplete or damaged; only its beginning was read.",
)


class Refused(ValueError):
    """A document type or a depth that no PowerShell writes."""


def read(page: Page, at: int) -> int:
    """The document that begins here."""
    if "<" not in page.lines[at].text[:60] or not OPENING.match(page.lines[at].text):
        return at
    if not any("<Obj" in line.text for line in page.lines[at : at + 3]):
        return at
    end = at
    while end < len(page.lines) and not any(close in page.lines[end].text for close in ENDS):
        end += 1
    content = "\n".join(line.raw for line in page.lines[at : end + 1])
    behind = [content.find(close) + len(close) for close in ENDS if close in content]
    content = content[: max(behind, default=len(content))]
    reader = _Reader(page, page.lines[at].number)
    try:
        reader.read(re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", content))
    except (expat.ExpatError, Refused):
        page.miss(page.lines[at].number, BROKEN)
    return end + 1


class _Reader:
    """Gathers the named values of each object; an object ends with its element."""

    def __init__(self, page: Page, first: int) -> None:
        self.page, self.first = page, first
        self.objects: list[dict[str, str]] = []
        self.lines: list[int] = []
        self.open: list[str] = []
        self.name: str | None = None
        self.value = ""

    def read(self, content: str) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.Parse(content.encode("utf-8", "replace"), True)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        self.open.append(element)
        if len(self.open) > MAX_DEPTH:
            raise Refused
        if element in {"Obj", "Object"}:
            self.objects.append({})
            self.lines.append(self.parser.CurrentLineNumber)
        self.name, self.value = attributes.get("N") or attributes.get("Name"), ""

    def _text(self, content: str) -> None:
        if self.name is not None and len(self.value) < MAX_VALUE:
            self.value += content

    def _end(self, element: str) -> None:
        self.open.pop()
        known = property_of(self.name) if self.name else None
        if known and self.objects and self.value.strip():
            value = ESCAPED.sub(lambda code: chr(int(code[1], 16)), self.value)
            self.objects[-1].setdefault(known, value.replace("\ud800", ""))
            if known == "hash" or known.isupper():
                self.lines[-1] = self.parser.CurrentLineNumber
        self.name = None
        if element in {"Obj", "Object"}:
            values, line = self.objects.pop(), self.lines.pop()
            if tells_of_files(frozenset(values)):
                say_entry(self.page, self.first + line - 1, values)


def _refuse(*_: object) -> None:
    raise Refused
