"""What the portal says by itself about the keeping of data, in the language of the case's contact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from cases import times
from engine.text_safety import plain
from uploads.attachments.models import MessageAttachment
from uploads.bundles.models import Bundle
from uploads.custody.models import Consent, Deletion, DeletionRule

if TYPE_CHECKING:
    from cases.models import Case

MAX_NAMED = 200
"""Files that a certificate names one by one; each has its own entry in the thread besides."""


def announced(case: Case, deletes_at: datetime) -> str:
    """The notice in the thread."""
    with override(case.contact.language):
        return announcement(case, deletes_at)


def announcement(case: Case, deletes_at: datetime) -> str:
    """The same, in the language in force."""
    return _(
        "The uploads of case %(number)s will be deleted on %(day)s, as agreed: the case is closed. "
        "The conversation and the reports that were sent stay. If you still need the files, or the problem "
        "is not solved, write in the case before that day."
    ) % {"number": case.number, "day": times.day(deletes_at)}


def certificate(deletion: Deletion) -> str:
    """The entry that says what was deleted, when and by which rule."""
    with override(deletion.case.contact.language):
        bundles: list[Bundle | MessageAttachment] = [
            *deletion.bundles.in_place().order_by("received_at"),
            *deletion.attachments.all(),
        ]
        assert deletion.finished_at is not None
        facts = {"at": times.minute(deletion.finished_at), "count": len(bundles)}
        lines = [_("Certificate of deletion, %(at)s. Uploads deleted: %(count)s.") % facts]
        lines.append(_("Rule: %(rule)s.") % {"rule": _rule(deletion)})
        lines += [_line(bundle) for bundle in bundles[:MAX_NAMED]]
        if len(bundles) > MAX_NAMED:
            rest = len(bundles) - MAX_NAMED
            lines.append(_("… and %(rest)s more; each is marked in its own entry.") % {"rest": rest})
        lines.append(
            _(
                "With them went everything that repeats their contents: the event index, extracted files, "
                "and what the analyses had quoted, named or concluded from them. Names, sizes and SHA-256 of "
                "the files, the conversation and the reports that were sent stay."
            )
        )
        return "\n".join(lines)


def held(reason: str) -> str:
    """The note of a legal hold."""
    return _(
        "Legal hold: the uploads of this case are not deleted until it is lifted. Reason: %(reason)s"
    ) % {"reason": reason}


def lifted(reason: str) -> str:
    """The note of its end."""
    return _("The legal hold is lifted. Reason: %(reason)s") % {"reason": reason}


def withdrawn(consent: Consent, by: User) -> str:
    """The entry that tells of a withdrawal."""
    with override(consent.case.contact.language):
        facts = {"name": plain(by.name), "version": consent.version, "count": _covered(consent)}
        if consent.link_id:
            sentence = _(
                "%(name)s withdrew the agreement to the privacy statement (version %(version)s) that was "
                "given by an upload link."
            )
        else:
            sentence = _("%(name)s withdrew the agreement to the privacy statement (version %(version)s).")
        rest = _("The uploads under it (%(count)s) are deleted, after a legal hold at the latest.")
        return f"{sentence} {rest}" % facts


def _covered(consent: Consent) -> int:
    return consent.bundles.count() + consent.attachments.count()


def _rule(deletion: Deletion) -> str:
    if deletion.rule == DeletionRule.RETENTION:
        return _("%(days)s days after the case was closed") % {"days": deletion.days}
    return str(DeletionRule(deletion.rule).label)


def _line(bundle: Bundle | MessageAttachment) -> str:
    facts = {"name": plain(bundle.name), "size": f"{bundle.size:,}", "sha256": bundle.sha256}
    return _("– %(name)s, %(size)s bytes, SHA-256 %(sha256)s") % facts
