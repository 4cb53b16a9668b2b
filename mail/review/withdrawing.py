"""The files that a mail brought to a case which it leaves: withdrawn there, kept, back when it comes back.

A bundle does not change its case: its bytes, its seal, the agreement under which it came, its accesses and
its analysis belong to where it came in. So its entry is moved out of the thread, by which nobody finds the
bundle, its findings and its reports there any more, and where the mail goes its files are made once more
from its own source, under that case's agreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from analysis.reports.models import Report
from cases.thread.models import EntryMove, is_moved
from uploads.bundles.models import Bundle

if TYPE_CHECKING:
    from accounts.models import User
    from mail.store.models import MailMessage


def bundles_of(mail: MailMessage) -> list[Bundle]:
    """What it has brought to the case that it is in."""
    uploads = [file["upload"] for file in mail.attachments if "upload" in file]
    there = [file["bundle"] for file in mail.attachments if "bundle" in file]
    return list(Bundle.objects.in_place().filter(Q(upload__in=uploads) | Q(pk__in=there), case=mail.case))


def withdraw(mail: MailMessage, *, by: User, at: datetime) -> list[int]:
    """Takes its files out of the case that it is in; the ids of the moves, for ``bring_back``."""
    bundles = bundles_of(mail)
    reports = Report.objects.filter(run__bundle__in=bundles).exclude(is_moved("message"))
    entries = [bundle.message_id for bundle in bundles] + list(reports.values_list("message", flat=True))
    moves = EntryMove.objects.bulk_create(EntryMove(entry_id=entry, by=by, at=at) for entry in entries)
    return [move.pk for move in moves]


def bring_back(moves: Iterable[int], *, by: User, at: datetime) -> None:
    """What ``withdraw`` took is in its case again."""
    EntryMove.objects.filter(pk__in=moves, back_at=None).update(back_at=at, back_by=by)
