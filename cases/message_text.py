"""One message of a thread as HTML: links that are no trick, and the mail that it quotes folded away."""

import re
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from engine.text_safety import plain

_ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’（）()【】，。；！？、]+", re.IGNORECASE)
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:>|-{3,}\s*(?:original message|原始邮件|转发邮件|forwarded message)|_{10,}\s*$"
    r"|(?:from|发件人)\s*[:：]\s*\S|on .{5,100} wrote:\s*$|.{5,80}写道[:：]\s*$)",
    re.IGNORECASE,
)


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


@dataclass(frozen=True)
class Body:
    """One message: what was written, and the earlier mail that it quotes."""

    written: str
    quoted: str


def unquoted(text: str) -> Body:
    """Parts a message at the first line that begins a quotation; one that begins with it is all said."""
    lines = plain(text).strip().split("\n")
    begins = next((number for number, line in enumerate(lines) if _QUOTE_BEGINS.match(line)), 0)
    if not begins:
        return Body("\n".join(lines), "")
    return Body("\n".join(lines[:begins]).strip(), "\n".join(lines[begins:]).strip())
