"""HTML of mails and of ``ConvertTo-Html`` as lines: a row of a table is one line, its cells parted by tabs.

No tree is built; tags are skipped one after the other, so the time is that of the length.
"""

import html
import re

from engine.parsers.captures.lines import MAX_LINES, Line, numbered

SIGN = re.compile(r"<(?:!doctype html|html|head|body|table|pre|div|p|meta)\b", re.IGNORECASE)
NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9:]{0,30}")
ENDS_LINE = frozenset(
    [
        "br",
        "p",
        "div",
        "tr",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "pre",
        "blockquote",
        "hr",
        "title",
        "body",
        "html",
    ]
)
ENDS_EMPTY = frozenset({"br", "/p", "/table", "/pre", "hr"})
"""They make a blank line where nothing stands before them."""
CELLS = frozenset({"td", "th"})
SKIPPED = frozenset({"script", "style"})
IN_HEAD = 4_000


def looks_like_html(content: str) -> bool:
    """Whether it begins as a page or a mail in HTML does."""
    head = content[:IN_HEAD].lstrip()
    return head[:1] == "<" and not head.startswith(("<Obj", "<?xml")) and SIGN.search(head) is not None


def lines_of_html(content: str) -> list[Line]:
    """The text of a page; a line has the number of the line of the source where it begins."""
    page = _Page()
    at = number = 0
    while at < len(content):
        opening = content.find("<", at)
        if opening < 0:
            page.text(content[at:], number)
            break
        page.text(content[at:opening], number)
        number += content.count("\n", at, opening)
        closing = _end_of_tag(content, opening)
        if closing < 0:
            page.text(content[opening:], number)
            break
        name = NAME.match(content, opening + 1)
        if name is not None:
            page.tag(name.group().lower(), number)
            if name.group().lower() in SKIPPED:
                end = content.lower().find(f"</{name.group().lower()}", closing) if page.may_skip() else -1
                closing = end - 1 if end >= 0 else closing
        elif not content.startswith(("<!", "<?"), opening):
            page.text(content[opening : closing + 1], number)
        number += content.count("\n", opening, closing + 1)
        at = closing + 1
    page.end_line(number)
    return numbered(page.lines[:MAX_LINES])


def _end_of_tag(content: str, opening: int) -> int:
    if content.startswith("<!--", opening):
        end = content.find("-->", opening)
        return end + 2 if end >= 0 else -1
    return content.find(">", opening)


class _Page:
    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.line = ""
        self.first: int | None = None
        self.pre = 0
        self.skips = 0

    def may_skip(self) -> bool:
        """A page has few scripts and styles; each is a search of its own."""
        self.skips += 1
        return self.skips <= 50

    def text(self, content: str, number: int) -> None:
        if not content:
            return
        plain = html.unescape(content)
        if self.pre:
            first, *others = plain.replace("\r\n", "\n").split("\n")
            self._add(first, number)
            for distance, other in enumerate(others, start=1):
                self.end_line(number)
                self._add(other, number + distance)
        else:
            words = re.sub(r"[ \t\r\n]+", " ", plain)
            if words.strip() or (words and self.line):
                self._add(words if self.line else words.lstrip(" "), number + _leading(content))

    def tag(self, name: str, number: int) -> None:
        plain = name.removeprefix("/")
        if plain == "pre":
            self.pre = max(0, self.pre + (-1 if name.startswith("/") else 1))
        if plain in ENDS_LINE and (self.line or name in ENDS_EMPTY):
            self.end_line(number)
        elif plain in CELLS and not name.startswith("/") and self.line:
            self.line = self.line.rstrip(" ") + "\t"

    def end_line(self, number: int) -> None:
        self.lines.append((number + 1 if self.first is None else self.first, self.line.rstrip(" \t\n")))
        self.line, self.first = "", None

    def _add(self, content: str, number: int) -> None:
        if self.first is None and content.strip():
            self.first = number + 1
        self.line += content


def _leading(content: str) -> int:
    """Line ends before the first word."""
    return content.count("\n", 0, len(content) - len(content.lstrip()))
