"""What the page of mails shows of a received mail: kept when a worker has read it, so that no look at the
page reads a stranger's mail once more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.text_safety import storable

if TYPE_CHECKING:
    from cases.models import Case
    from mail.reading.mail import Attachment, Mail
    from mail.store.models import MailMessage

MAX_PREVIEW = 20_000
"""Characters of its text."""
MAX_FIELD_LENGTH = 1000
MAX_FILES = 100
MAX_TROUBLES = 20
MAX_NAMED = 20


@dataclass(frozen=True)
class File:
    """A file of a mail, not taken out of it."""

    name: str
    size: int


@dataclass(frozen=True)
class Outline:
    """``more_files``: how many stand behind ``files``; ``pictures``: those within the mail;
    ``is_cut``: the text goes on; ``named``: primary keys of the cases that the mail names, the surest first;
    ``nearly_named``: of those that it may mean."""

    to: str = ""
    cc: str = ""
    reply_to: str = ""
    text: str = ""
    is_cut: bool = False
    files: list[File] = field(default_factory=list)
    more_files: int = 0
    pictures: list[File] = field(default_factory=list)
    has_page: bool = False
    trouble: list[str] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    nearly_named: list[int] = field(default_factory=list)


def noted(content: Mail, named: list[Case], nearly_named: list[Case]) -> dict[str, Any]:
    """All of it but the text, as JSON, for ``MailMessage.facts["outline"]``."""
    files = content.attachments
    return {
        "to": storable(content.to[:MAX_FIELD_LENGTH]),
        "cc": storable(content.cc[:MAX_FIELD_LENGTH]),
        "reply_to": storable(content.reply_to[:MAX_FIELD_LENGTH]),
        "is_cut": len(content.text) > MAX_PREVIEW,
        "files": _named(files),
        "more_files": max(0, len(files) - MAX_FILES),
        "pictures": _named(content.pictures),
        "has_page": bool(content.html),
        "trouble": [storable(trouble[:200]) for trouble in content.trouble[:MAX_TROUBLES]],
        "named": [case.pk for case in named[:MAX_NAMED]],
        "nearly_named": [case.pk for case in nearly_named[:MAX_NAMED]],
    }


def _named(files: list[Attachment]) -> list[tuple[str, int]]:
    return [(storable(file.name[:200]), len(file.content)) for file in files[:MAX_FILES]]


def outline_of(mail: MailMessage) -> Outline:
    """What was kept; of a mail that no worker has read since this is kept, its text alone."""
    kept = mail.facts.get("outline", {})
    files = {
        which: [File(name, size) for name, size in kept.get(which, [])] for which in ("files", "pictures")
    }
    return Outline(**(kept | files), text=mail.preview)
