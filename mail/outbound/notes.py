"""Whether a text gives away an internal note of a case: on its way out, or in a colleague's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.models import CaseEvent, Message

if TYPE_CHECKING:
    from cases.models import Case

MIN_NOTE_LENGTH = 20
"""Characters; a shorter note says what anybody may say."""
MAX_ENTRIES = 200


def words(text: str) -> str:
    """Without what mail programs change: spaces, line ends, and the marks of a quotation, which stand within
    a line where its ends are gone."""
    return "".join(text.replace(">", " ").split())


def holds_note(case: Case | None, text: str, *, said: str) -> bool:
    """Whether ``text`` holds an internal note of the case that nobody has said openly: neither ``said``, the
    writer's own words, nor an entry that everybody on the case reads has its words."""
    whole, own = words(text), words(said)
    entries = Message.objects.filter(case=case).order_by("-created_at")
    notes = entries.filter(internal=True).values_list("body", flat=True)[:MAX_ENTRIES]
    found = [note for note in map(words, notes) if len(note) >= MIN_NOTE_LENGTH and note in whole]
    found = [note for note in found if note not in own]
    if not found:
        return False
    openly = [words(written) for written in said_openly(case)]
    return any(not any(note in written for written in openly) for note in found)


def said_openly(case: Case | None) -> list[str]:
    """What people wrote for everybody on the case: its entries, and the reasons that its customer reads."""
    if case is None:
        return []
    entries = Message.objects.filter(case=case, internal=False).in_place().values_list("body", flat=True)
    reasons = CaseEvent.objects.visible_to(case.contact).filter(case=case).values_list("reason", flat=True)
    return [case.title, *entries, *reasons]
