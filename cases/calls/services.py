"""Noting down the facts of a call with its entry."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cases.calls.models import Call
from cases.models import MessageKind
from engine.text_safety import one_line, plain

if TYPE_CHECKING:
    from cases.models import Message

KINDS = frozenset({MessageKind.PHONE, MessageKind.REMOTE})


def note_call(
    message: Message,
    *,
    with_whom: str = "",
    began_at: datetime | None = None,
    minutes: int | None = None,
    tool: str = "",
    word: str = "",
) -> Call | None:
    """Adds the facts to a phone note or a note of a remote session; ``None`` where nothing is said."""
    if message.kind not in KINDS or not any((with_whom, began_at, minutes, tool, word)):
        return None
    with_whom, tool, word = (one_line(plain(text)) for text in (with_whom, tool, word))
    return Call.objects.create(
        message=message, with_whom=with_whom, began_at=began_at, minutes=minutes, tool=tool, word=word
    )
