"""One message of a thread as HTML: links that are no trick."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’（）()【】，。；！？、]+", re.IGNORECASE)


def linked(text: str) -> SafeString:
    """``text`` escaped, with links on http and https addresses only."""
    parts: list[SafeString] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?*")
        parts.append(format_html("{}", text[end : match.start()]))
        parts.append(
            format_html('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>', address)
        )
        end = match.start() + len(address)
    parts.append(format_html("{}", text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))
