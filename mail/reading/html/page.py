"""A mail's page made fit to be shown: what ammonia (nh3) lets through, nothing from elsewhere.

To be shown in a sandboxed frame with a Content-Security-Policy all the same. Before nh3 reads it, the page is
written anew with its nesting bounded: a browser's way of building a tree, which nh3 follows, takes quadratic
time for deep nesting (500 kB of open ``div``: 8 s, 1 MB: 42 s).
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import islice

import nh3

from mail.reading.html.pictures import content_id
from mail.reading.html.tokens import VOID, Tag, tokens

MAX_DEPTH = 60
MAX_LENGTH = 2**20
"""Characters of a page that are shown; pictures written into it were taken out before."""
MAX_TOKENS = 100_000
MAX_REFERENCES = 20_000
"""Signs that are written as references (``&amp;``), over which nh3 takes quadratic time as well."""

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del",
    "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "ol", "p", "pre", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
_SIZE = {"width", "height"}
_CELL = {"colspan", "rowspan", "align", "valign", "bgcolor", *_SIZE}
_ATTRIBUTES = {
    "*": {"style", "dir", "align", "title"},
    "a": {"href"},
    "img": {"src", "alt", *_SIZE},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor", "width"},
    "td": _CELL,
    "th": _CELL,
    "col": {"span", "width"},
    "ol": {"start", "type"},
}
_STYLES = {
    "color", "background-color", "font-family", "font-size", "font-style", "font-weight", "text-align",
    "text-decoration", "line-height", "white-space", "vertical-align", "width", "display",
    "margin", "margin-left", "margin-right", "margin-top", "margin-bottom",
    "padding", "padding-left", "padding-right", "padding-top", "padding-bottom",
    "border", "border-left", "border-right", "border-top", "border-bottom", "border-collapse",
    "border-color", "border-style", "border-width", "list-style-type",
}  # fmt: skip
"""None that loads (``background``) or leaves its place (``position``)."""
_WITHOUT_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "iframe",
    "object",
    "noembed",
    "noframes",
    "noscript",
}
_SCHEMES = {"http", "https", "mailto", "ftp", "tel", "cid"}


@dataclass(frozen=True)
class CleanedPage:
    """``html``: safe elements alone; ``remote_images``: how many pictures from elsewhere were taken out;
    ``is_cut``: the page goes on."""

    html: str
    remote_images: int
    is_cut: bool = False


def cleaned_html(page: str, picture_address: Callable[[str], str]) -> CleanedPage:
    """``picture_address``: where the picture of a content id (``Mail.pictures``) is served, or empty."""
    remote = 0
    pieces: list[str] = []
    open_names: list[str] = []
    row = tokens(page[:MAX_LENGTH])
    references = 0
    for token in islice(row, MAX_TOKENS):
        if isinstance(token, str):
            references += sum(token.count(sign) for sign in "&<>")
            if references > MAX_REFERENCES:
                break
            pieces.append(escape(token, quote=False))
            continue
        references += sum(value.count(sign) for value in token.attributes.values() for sign in "&<>\"'")
        if references > MAX_REFERENCES:
            break
        if token.closes:
            pieces += _closed(open_names, token.name)
        elif token.name == "img":
            source = token.attributes.pop("src", "")
            identifier = content_id(source[:600])
            address = picture_address(identifier) if identifier else ""
            if address:
                token.attributes["src"] = address
            elif not identifier:
                remote += 1
            pieces.append(_written(token))
        elif token.name in VOID:
            pieces.append(_written(token))
        elif len(open_names) < MAX_DEPTH and token.name in _TAGS | _WITHOUT_CONTENT:
            pieces.append(_written(token))
            open_names.append(token.name)
    is_cut = len(page) > MAX_LENGTH or references > MAX_REFERENCES or next(row, None) is not None
    cleaned = nh3.clean(
        "".join(pieces),
        tags=_TAGS,
        clean_content_tags=_WITHOUT_CONTENT,
        attributes=_ATTRIBUTES,
        filter_style_properties=_STYLES,
        attribute_filter=_kept,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return CleanedPage(cleaned, remote, is_cut)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "style" and ("url(" in value.lower() or "\\" in value or "expression" in value.lower()):
        return None
    return value


def _closed(open_names: list[str], name: str) -> list[str]:
    """The end tags that one end tag means; none where nothing of its name is open."""
    if name not in open_names:
        return []
    closed = []
    while open_names:
        last = open_names.pop()
        closed.append(f"</{last}>")
        if last == name:
            break
    return closed


def _written(tag: Tag) -> str:
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in tag.attributes.items()
        if name.isascii() and name.isalpha()
    )
    return f"<{tag.name}{attributes}>"
