"""Entries that were moved to another case, or read anew: each stays where it was written, and nobody reads
it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import times

if TYPE_CHECKING:
    from cases.models import Message


class EntryMove(models.Model):
    """One move of an entry; while it is not taken back, ``copy`` in the other case stands for it (none where
    the entry went to no case)."""

    entry = models.ForeignKey("cases.Message", on_delete=models.PROTECT, related_name="moves")
    copy = models.OneToOneField(
        "cases.Message", on_delete=models.PROTECT, null=True, blank=True, related_name="moved_from"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("moved"))
    back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("moved entry")
        verbose_name_plural = _("moved entries")
        constraints = (
            models.UniqueConstraint(
                fields=("entry",), condition=models.Q(back_at=None), name="entry_moved_once"
            ),
        )

    def __str__(self) -> str:
        return times.minute(self.at)


def is_elsewhere(entry: Message, case_id: int | None) -> bool:
    """Whether an entry was taken out of that case; one that was read anew there still says the same."""
    move = entry.moves.filter(back_at=None).select_related("copy").first()
    return move is not None and (move.copy is None or move.copy.case_id != case_id)


def is_moved(entry: str = "pk") -> models.Exists:
    """Whether the entry of the thread that a row names by ``entry`` was moved, for a ``filter``."""
    return models.Exists(EntryMove.objects.filter(entry=models.OuterRef(entry), back_at=None))
