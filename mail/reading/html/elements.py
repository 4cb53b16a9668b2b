"""What elements mean to the text of a page: lines of their own, what they end, hidden and cited ones."""

import re

from mail.reading.html.tokens import Tag

OWN_LINE = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "includetail",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "xmp",
    )
)
APART = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))
"""With a blank line before and after."""
PREFORMATTED = frozenset(("pre", "xmp", "textarea"))
SILENT = frozenset(
    (
        "script",
        "style",
        "title",
        "template",
        "iframe",
        "noembed",
        "noframes",
        "object",
        "datalist",
    )
)
CLOSED_BY = {
    "li": ({"li"}, {"ul", "ol", "menu", "table", "blockquote"}),
    "dt": ({"dt", "dd"}, {"dl", "table"}),
    "dd": ({"dt", "dd"}, {"dl", "table"}),
    "tr": ({"tr"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "option": ({"option"}, {"select"}),
}
"""Which open element a start tag ends, and where the search for it stops."""
PARAGRAPH = frozenset(("p",))
CELLS = frozenset(("td", "th"))
OF_TABLES = frozenset(("td", "th", "tr", "table", "tbody", "thead", "tfoot"))
P_STOPS = frozenset(("td", "th", "table", "button", "caption", "object"))
_NO_HEIGHT = r"(?:font-size|line-height|max-height)\s*:\s*0(?:px|pt|em|%)?\s*(?:!important\s*)?(?:;|$)"
_HIDDEN = re.compile(
    rf"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|{_NO_HEIGHT}", re.IGNORECASE
)
_WHITE_SPACE = re.compile(
    r"white-space\s*:\s*(normal|nowrap|pre-wrap|pre-line|pre|break-spaces)\b", re.IGNORECASE
)
_NO_MARGIN = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0", re.IGNORECASE)
_LEFT_LINE = re.compile(r"border-left\s*:[^;]{0,60}(?:solid|dotted|dashed|\dpx)", re.IGNORECASE)
_CITING_CLASS = re.compile(r"quote|cite", re.IGNORECASE)


def first_number(tag: Tag) -> int:
    start = tag.attributes.get("start", "")
    return int(start) if start.isdecimal() and 0 < len(start) < 7 else 1


def is_hidden(tag: Tag) -> bool:
    return "hidden" in tag.attributes or bool(_HIDDEN.search(tag.attributes.get("style", "")[:2000]))


def keeps_line_ends(tag: Tag, *, inherited: bool) -> bool:
    """Whether line ends of the source are line ends of the page: by the element, or by its style."""
    if found := _WHITE_SPACE.search(tag.attributes.get("style", "")[:2000]):
        return found[1].lower() not in {"normal", "nowrap"}
    return inherited or tag.name in PREFORMATTED


def is_cited(tag: Tag) -> bool:
    """Whether a ``blockquote`` has a sign that it cites: mailers indent with it, too."""
    attributes = tag.attributes
    return (
        attributes.get("type", "").lower() == "cite"
        or "cite" in attributes
        or attributes.get("id", "") == "isReplyContent"  # NetEase
        or bool(_CITING_CLASS.search(attributes.get("class", "")))
        or bool(_LEFT_LINE.search(attributes.get("style", "")[:2000]))
    )


def has_no_margin(tag: Tag) -> bool:
    return "mso" in tag.attributes.get("class", "").lower() or bool(
        _NO_MARGIN.search(tag.attributes.get("style", "")[:2000])
    )
