"""The tokens of links in mails, in texts: whoever holds one answers, or ends mails, in its reader's name."""

import re
from functools import cache

from django.urls import reverse

HIDDEN = "…"
ADDRESSES = ("answer-link", "unsubscribe")


@cache
def _link() -> re.Pattern[str]:
    before = "|".join(re.escape(reverse(name, args=["TOKEN"]).partition("TOKEN")[0]) for name in ADDRESSES)
    return re.compile(rf"({before})[\w:=-]{{8,2000}}(/)?")


def without_tokens(text: str) -> str:
    """The text with the token of each link cut out: mails are quoted, passed on, and read by others."""
    return _link().sub(rf"\1{HIDDEN}\2", text)
