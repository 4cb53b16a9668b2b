"""An HTML page as a flat row of tags and texts, in one pass that never looks back.

By the HTML standard (13.2.5, tokenization), as far as mails need it. No library: Python's parser is quadratic
on unclosed comments; those that build a tree (lxml, selectolax, html5ever beneath nh3) lose or are quadratic
on deep nesting; see docs/decisions/0016.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

MAX_ATTRIBUTES = 50
"""Of one tag; the rest is passed over."""
VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
_RAW = frozenset(("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"))
"""Elements whose text is no markup."""
_SHOWN_RAW = frozenset(("textarea", "xmp"))
_TAG_NAME = re.compile(r"[a-zA-Z][^\s/>]{0,63}")
_SPACE = re.compile(r"[\s/]*")
_ATTRIBUTE_NAME = re.compile(r"=?[^\s/>=]*")
_EQUALS = re.compile(r"\s*=\s*")
_UNQUOTED = re.compile(r"[^\s>]*")
_COMMENT_END = re.compile(r"--!?>")
_MANY_DIGITS = re.compile(r"&#\d{8,};?")


@dataclass(slots=True)
class Tag:
    """A start or end tag; ``attributes`` decoded, names in lower case. ``places``: where in the page the
    value of each stands."""

    name: str
    closes: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def plain_text(markup: str) -> str:
    """Text with its character references resolved."""
    if "&" not in markup:
        return markup
    return unescape(_MANY_DIGITS.sub("\ufffd", markup))


def tokens(page: str) -> Iterator[Tag | str]:
    """Tags and texts in order; without comments, scripts and styles."""
    position, length = 0, len(page)
    while position < length:
        sign = page.find("<", position)
        if sign < 0:
            yield plain_text(page[position:])
            return
        if sign > position:
            yield plain_text(page[position:sign])
        follows = page[sign + 1 : sign + 2]
        if follows == "!" or follows == "?":
            position = _after_comment(page, sign)
        elif follows == "/" and page[sign + 2 : sign + 3].isalpha():
            name = _TAG_NAME.match(page, sign + 2)
            end = page.find(">", sign)
            if name:
                yield Tag(name[0].lower(), closes=True)
            position = end + 1 if end >= 0 else length
        elif (name := _TAG_NAME.match(page, sign + 1)) and "@" in name[0]:
            # Mailers that forget to escape “<a@b.example>”: no element has such a name.
            yield "<"
            position = sign + 1
        elif name:
            tag, position = _start_tag(page, name[0].lower(), name.end())
            yield tag
            if tag.name in _RAW:
                begin, (end, position) = position, _raw_end(page, tag.name, position)
                if tag.name in _SHOWN_RAW:
                    yield plain_text(page[begin:end])
                yield Tag(tag.name, closes=True)
        else:
            yield "<"
            position = sign + 1


def _after_comment(page: str, sign: int) -> int:
    if page.startswith("<!--", sign):
        if page.startswith((">", "->"), sign + 4):
            return page.index(">", sign) + 1
        end = _COMMENT_END.search(page, sign + 4)
        return end.end() if end else len(page)
    end_of_declaration = page.find(">", sign)
    return end_of_declaration + 1 if end_of_declaration >= 0 else len(page)


def _start_tag(page: str, name: str, position: int) -> tuple[Tag, int]:
    """The tag and where the page goes on; a tag that never ends takes the rest, as in a browser."""
    tag, length = Tag(name), len(page)
    while True:
        blank = _SPACE.match(page, position)
        position = blank.end() if blank else position
        if position >= length:
            return tag, length
        if page[position] == ">":
            return tag, position + 1
        key = _ATTRIBUTE_NAME.match(page, position)
        assert key is not None
        position = key.end()
        value, begin = "", position
        if equals := _EQUALS.match(page, position):
            begin = position = equals.end()
            quote = page[position : position + 1]
            if quote and quote in "\"'":
                end = page.find(quote, position + 1)
                if end < 0:
                    return tag, length
                begin, value, position = position + 1, page[position + 1 : end], end + 1
            elif unquoted := _UNQUOTED.match(page, position):
                value, position = unquoted[0], unquoted.end()
        if len(tag.attributes) < MAX_ATTRIBUTES and key[0]:
            label = key[0][:100].lower()
            if label not in tag.attributes:
                tag.attributes[label] = plain_text(value)
                tag.places[label] = (begin, begin + len(value))


def _raw_end(page: str, name: str, position: int) -> tuple[int, int]:
    """Where the element's text ends, and where the page goes on after its end tag."""
    closing = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(page, position)
    if closing is None:
        return len(page), len(page)
    end = page.find(">", closing.end())
    return closing.start(), end + 1 if end >= 0 else len(page)
