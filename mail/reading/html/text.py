"""An HTML page as plain text that reads like the page: lists, tables, links, cited blocks.

What is cited becomes lines that begin with ``> ``, as in a plain mail; hidden text is left out. Time and
output grow with the page alone: nesting beyond ``MAX_DEPTH`` is read without its meaning.
"""

import re
from collections import Counter
from collections.abc import Callable, Set
from dataclasses import dataclass
from itertools import islice

from mail.reading.html.elements import (
    APART,
    CELLS,
    CLOSED_BY,
    OF_TABLES,
    OWN_LINE,
    P_STOPS,
    PARAGRAPH,
    PREFORMATTED,
    SILENT,
    first_number,
    has_no_margin,
    is_cited,
    is_hidden,
    keeps_line_ends,
)
from mail.reading.html.lines import Lines
from mail.reading.html.quoted_blocks import ELEMENTS, with_marks
from mail.reading.html.tokens import VOID, Tag, tokens

MAX_TOKENS = 300_000
"""Tags and pieces of text that are read."""
MAX_DEPTH = 100
MAX_CITED_DEPTH = 10
MAX_LIST_DEPTH = 10
MAX_LINK_LENGTH = 2000

_LINKED = re.compile(r"(?:https?|ftp)://[^\s<>]+|mailto:[^\s<>]+", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SCHEME = re.compile(r"(?:mailto:|https?://|ftp://)(?:www\.)?", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    """An open element; ``number``: the next item's of an ordered list, 0 of another list, -1 of no list;
    ``first_line``: where a block begins that may hold older mail, -1 of another element."""

    name: str
    is_cited: bool = False
    is_hidden: bool = False
    is_pre: bool = False
    is_apart: bool = False
    number: int = -1
    link: str = ""
    begins_at: tuple[int, int] = (0, 0)
    first_line: int = -1


class _Page:
    def __init__(self, picture: Callable[[Tag], str]) -> None:
        self.lines = Lines()
        self.open: list[_Open] = []
        self.names: Counter[str] = Counter()
        self.beyond: Counter[str] = Counter()
        self.picture = picture
        self.blocks: list[tuple[int, int]] = []
        self.hidden = self.cited = 0
        self.skips_line_end = False

    @property
    def is_preformatted(self) -> bool:
        return bool(self.open) and self.open[-1].is_pre

    def start(self, tag: Tag) -> None:
        name = tag.name
        if name in CLOSED_BY:
            self._close_open(*CLOSED_BY[name])
        elif name in OWN_LINE:
            self._close_open(PARAGRAPH, P_STOPS)
        if name in VOID:
            if not self.hidden and not is_hidden(tag):
                self._void(tag)
        elif len(self.open) >= MAX_DEPTH:
            self.beyond[name] += 1
            if name in OWN_LINE and not self.hidden:
                self.lines.block()
        else:
            self._open(tag, _Open(name))

    def _open(self, tag: Tag, element: _Open) -> None:
        name, lines = tag.name, self.lines
        element.is_hidden = name in SILENT or is_hidden(tag)
        element.is_pre = keeps_line_ends(tag, inherited=self.is_preformatted)
        element.is_apart = name in APART and not has_no_margin(tag)
        if name == "blockquote":
            last = "".join(lines.line[-1:]) or (lines.done[-1] if lines.done else "")
            element.is_cited = is_cited(tag) or last.rstrip().endswith((":", "："))
        elif name in {"ol", "ul", "menu"}:
            element.number = first_number(tag) if name == "ol" else 0
        elif name == "a":
            element.link = tag.attributes.get("href", "").strip()[: MAX_LINK_LENGTH + 1]
            element.begins_at = (len(lines.done), len(lines.line))
        self.hidden += element.is_hidden
        self.skips_line_end = name in PREFORMATTED
        self.open.append(element)
        self.names[name] += 1
        if self.hidden:
            self.cited += element.is_cited
            return
        if name == "tr":
            lines.flush()
        elif name in OWN_LINE:
            lines.block(is_apart=element.is_apart)
        self.cited += element.is_cited
        if name in ELEMENTS and not self.cited:
            element.first_line = lines.count
        lines.prefix = "> " * min(self.cited, MAX_CITED_DEPTH)
        if name == "li":
            lines.mark = self._mark()
        elif name in {"td", "th"}:
            lines.cell()

    def _mark(self) -> str:
        lists = [element for element in self.open if element.number >= 0][-MAX_LIST_DEPTH:]
        indent = "  " * (len(lists) - 1)
        if not lists or not lists[-1].number:
            return f"{indent}- "
        lists[-1].number += 1
        return f"{indent}{lists[-1].number - 1}. "

    def end(self, name: str) -> None:
        if name == "br":
            self._void(Tag("br"))
        elif self.beyond[name]:
            self.beyond[name] -= 1
            if name in OWN_LINE and not self.hidden:
                self.lines.block()
        else:
            self._close_open({name}, CELLS if name not in OF_TABLES else set())

    def _close_open(self, names: Set[str], stops: Set[str]) -> None:
        """Closes the innermost open element of ``names``, unless one of ``stops`` is nearer."""
        if not any(self.names[name] for name in names):
            return
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].name in names:
                while len(self.open) > place:
                    self._close()
                return
            if self.open[place].name in stops:
                return

    def _close(self) -> None:
        element = self.open.pop()
        self.names[element.name] -= 1
        if not self.hidden:
            if element.link:
                self._link(element)
            if element.first_line >= 0:
                self.blocks.append((element.first_line, self.lines.count))
            if element.name in OWN_LINE:
                self.lines.block(is_apart=element.is_apart)
            elif element.name in CELLS:
                self.lines.is_cell_start = False
        self.hidden -= element.is_hidden
        self.cited -= element.is_cited
        self.lines.prefix = "> " * min(self.cited, MAX_CITED_DEPTH)

    def _link(self, element: _Open) -> None:
        if not _LINKED.fullmatch(element.link) or len(element.link) > MAX_LINK_LENGTH:
            return
        line, place = element.begins_at
        shown = "".join(self.lines.line[place if line == len(self.lines.done) else 0 :]).strip()
        begins = shown.removesuffix("…")
        if begins not in {"", shown} and element.link.startswith(begins) and self.lines.line[-1] == shown:
            # A long one of which its program, as ours does, shows the beginning.
            self.lines.line[-1] = element.link
        elif _bare(element.link) != _bare(shown):
            address = element.link.removeprefix("mailto:")
            self.lines.wants_space = bool(shown)
            self.lines.say(f"<{address}>")

    def _void(self, tag: Tag) -> None:
        if tag.name == "br":
            self.lines.line_end()
        elif tag.name == "hr":
            self.lines.block()
            self.lines.say("-" * 20)
            self.lines.block()
        elif tag.name == "img" and (marker := self.picture(tag)):
            self.lines.say(marker)

    def text(self, text: str) -> None:
        if self.hidden:
            return
        if self.is_preformatted:
            self._lines_as_they_are(text)
            return
        collapsed = _BLANKS.sub(" ", text)
        self.lines.wants_space |= collapsed.startswith(" ")
        if collapsed.strip(" "):
            self.lines.say(collapsed.strip(" ").replace("\xa0", " "))
            self.lines.wants_space = collapsed.endswith(" ")

    def _lines_as_they_are(self, text: str) -> None:
        first, *rest = text.replace("\r\n", "\n").split("\n")
        if first or not rest or not self.skips_line_end:
            if first:
                self.lines.say(first)
        elif rest:
            first = rest.pop(0)
            if first:
                self.lines.say(first)
        self.skips_line_end = False
        for line in rest:
            self.lines.line_end()
            if line:
                self.lines.say(line)


def text_of_html(page: str, picture: Callable[[Tag], str] = lambda tag: "") -> str:
    """What a page says, in lines. ``picture`` says what stands in place of an ``img``; empty: nothing."""
    parser = _Page(picture)
    row = tokens(page)
    for token in islice(row, MAX_TOKENS):
        if isinstance(token, str):
            parser.text(token)
        elif token.closes:
            parser.end(token.name)
        else:
            parser.start(token)
    parser.lines.flush()
    lines = with_marks(parser.lines.done, parser.blocks)
    if next(row, None) is not None:
        lines.append("…")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _bare(address: str) -> str:
    return _SCHEME.sub("", address, count=1).rstrip("/").lower()
