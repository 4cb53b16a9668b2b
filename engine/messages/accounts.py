"""Accounts in messages: ``li (S-1-5-21-…)``, where records of the bundle's Security log bear both.

Rules' sentences take the names from the same place (``engine.index.accounts``).
"""

import re

from engine.index.accounts import account_of
from engine.index.event_index import EventIndex
from engine.text import Text, text

MAX_ASKED, MAX_MISSED = 20, 5
"""SIDs of one bundle that are looked for, and how many of them in vain: that takes 0.2 s of processor time
each in a log of 150,000 sign-ins."""
_SID = re.compile(r"(?<![\w(（-])S-1-5-21(?:-\d{1,10}){3,11}(?![\w-])")


class Accounts:
    """What is known of the accounts of one bundle."""

    def __init__(self, events: EventIndex) -> None:
        self._events = events
        self._known: dict[str, str | None] = {}

    def told(self, message: Text) -> Text:
        """The message with the name of each account before its SID, unless it names the account anyway."""
        return text(self._in(message["zh-hans"], "（{}）"), self._in(message["en"], " ({})"))

    def _in(self, message: str, behind: str) -> str:
        def put(mark: re.Match[str]) -> str:
            name = self._name(mark[0])
            if name is None or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message, re.IGNORECASE):
                return mark[0]
            return name + behind.format(mark[0])

        return _SID.sub(put, message)

    def _name(self, sid: str) -> str | None:
        missed = sum(name is None for name in self._known.values())
        if sid not in self._known and len(self._known) < MAX_ASKED and missed < MAX_MISSED:
            self._known[sid] = account_of(self._events, sid)
        return self._known.get(sid)
