"""An HTML page as plain text. Why not by a library: docs/decisions/0016."""

import re
from html.parser import HTMLParser


class _Page(HTMLParser):
    """Collects what a page says."""

    SILENT = ("script", "style", "head", "title", "template")
    BREAKS = ("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "blockquote")

    CELLS = ("td", "th")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = ""
        self.is_preformatted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a line, or a stretch of silence."""
        if tag in self.SILENT and not self.silent:
            self.silent = tag
        elif tag == "body":
            self.silent = ""
        elif tag in self.BREAKS:
            self.said.append("\n")
            self.is_preformatted |= tag == "pre"
        elif tag in self.CELLS:
            self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Ends the silence."""
        if tag == self.silent:
            self.silent = ""
        elif tag in self.BREAKS and tag != "br":
            self.said.append("\n")
            self.is_preformatted &= tag != "pre"

    def handle_data(self, data: str) -> None:
        """Takes a piece of text."""
        if not self.silent:
            self.said.append(data if self.is_preformatted else re.sub(r"\s+", " ", data))


def text_of_html(page: str) -> str:
    """What a page says, in lines, without any markup."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    lines = (line.strip() for line in "".join(parser.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
