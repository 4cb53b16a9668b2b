"""One message of a thread as HTML: links that are no trick."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’（）()【】，。；！？、]+", re.IGNORECASE)


MAX_SHOWN = 120
"""Characters of an address: one that is signed runs over several lines."""


def linked(text: str) -> SafeString:
    """``text`` escaped, with links on http and https addresses only; of a long one the beginning is shown."""
    parts: list[SafeString] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?*")
        parts.append(format_html("{}", text[end : match.start()]))
        shown = address if len(address) <= MAX_SHOWN else f"{address[: MAX_SHOWN - 40]}…"
        link = '<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>'
        parts.append(format_html(link, address, shown))
        end = match.start() + len(address)
    parts.append(format_html("{}", text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))
