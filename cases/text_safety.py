"""Text from mails, file names and logs, made fit to be read: no markup, no tricks of direction."""

import re
from dataclasses import dataclass
from unicodedata import category

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’（）()【】，。；！？、]+", re.IGNORECASE)
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:>|-{3,}\s*(?:original message|原始邮件|转发邮件|forwarded message)|_{10,}\s*$"
    r"|(?:from|发件人)\s*[:：]\s*\S|on .{5,100} wrote:\s*$|.{5,80}写道[:：]\s*$)",
    re.IGNORECASE,
)


def plain(text: object, limit: int = 100_000) -> str:
    """``text`` without control and direction-changing characters, at most ``limit`` characters.

    Line ends and tabs stay. Unicode's Bidi_Control characters are all of category Cf
    (Unicode Standard Annex #9); the joiners U+200C and U+200D stay, scripts and emoji need them.
    """
    shown = "".join(c for c in str(text) if c in "\n\t\u200c\u200d" or category(c) not in {"Cc", "Cf", "Cs"})
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


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

    said: str
    quoted: str


def unquoted(text: str) -> Body:
    """Parts a message at the first line that begins a quotation; one that begins with it is all said."""
    lines = plain(text).strip().split("\n")
    begins = next((number for number, line in enumerate(lines) if _QUOTE_BEGINS.match(line)), 0)
    if not begins:
        return Body("\n".join(lines), "")
    return Body("\n".join(lines[:begins]).strip(), "\n".join(lines[begins:]).strip())
