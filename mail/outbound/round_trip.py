"""Each mail is read by our own reader before it leaves, on the bytes as they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from cases.models import Message
from cases.thread.quoting import segments
from mail.errors import NotAsMeant
from mail.outbound.earlier import earlier_entries
from mail.reading.message import read_mail

if TYPE_CHECKING:
    from mail.outbound.composing import Composed
    from mail.store.models import MailMessage

MIN_NOTE_LENGTH = 20
"""Characters; a shorter note says what anybody may say."""
MAX_NOTES = 200


def check(mail: MailMessage, composed: Composed) -> None:
    """Raises ``NotAsMeant`` with what is wrong: it is not sent then, and a person is told.

    The thread is found again, the new text stands open and the old one is folded, and neither an internal
    note nor a path of this machine is in it.
    """
    content = read_mail(composed.raw)
    if content.message_id != mail.message_id:
        raise NotAsMeant("its Message-ID is not read back")
    if list(content.references) != composed.references:
        raise NotAsMeant("its References are not read back")
    parts = segments(content.text)
    shown = _words(" ".join(part.text for part in parts if not part.quoted))
    new = str(mail.facts["text"])
    if _words(" ".join(part.text for part in segments(new) if not part.quoted)) not in shown:
        raise NotAsMeant("its text is not read back")
    for entry in earlier_entries(mail):
        earlier = _words(entry.text)
        if len(earlier) >= MIN_NOTE_LENGTH and earlier in shown and earlier not in _words(new):
            raise NotAsMeant("the thread below it is not folded")
    text = f"{content.text}\n{content.html}"
    whole = _words(text)
    for path in {str(settings.ANJUAN_HOME), str(settings.BASE_DIR)}:
        if path in text:
            raise NotAsMeant("it holds a path of this machine")
    notes = Message.objects.filter(case=mail.case, internal=True).order_by("-created_at")
    for body in notes.values_list("body", flat=True)[:MAX_NOTES]:
        note = _words(body)
        # What an engineer repeats in her own words to the customer, she has decided to say.
        if len(note) >= MIN_NOTE_LENGTH and note in whole and note not in _words(new):
            raise NotAsMeant("it holds an internal note")


def _words(text: str) -> str:
    """Without what mail programs change: spaces and line ends."""
    return "".join(text.split())
