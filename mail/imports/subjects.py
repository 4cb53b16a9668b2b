"""Which subjects of an old thread say something: each once, and none that the case has anyway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cases.models import Message
from mail.store.subjects import bare, own_subject, subjects_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def told_subjects(case: Case, subjects: Sequence[str]) -> list[str]:
    """One for each of ``subjects``, the oldest first; empty where it is the case's own or an older one's,
    answered or passed on."""
    known = subjects_of(case)
    told = []
    for subject in subjects:
        told.append(own_subject(subject, known))
        known.add(bare(subject))
    return told


def subjects_of_entries(case: Case, reader: User) -> dict[int, str]:
    """By entry, of the imported ones that she reads."""
    entries = Message.objects.visible_to(reader).filter(case=case, imported__isnull=False)
    rows = list(entries.order_by("created_at", "pk").values_list("pk", "imported__subject"))
    told = told_subjects(case, [subject for _pk, subject in rows])
    return {pk: subject for (pk, _subject), subject in zip(rows, told, strict=True)}
