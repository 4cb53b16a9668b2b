"""Taking an old thread into a case: looked at first, then its mails become entries with their own times.

History is told, nothing happens: no status changes, no clock starts, nobody is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.secret_links import without_secrets
from cases import rights
from cases.models import Case, Message
from cases.services import MAX_BODY_LENGTH
from engine.sandbox.confinement import confinement
from engine.sandbox.sandbox import Allowance, Sandbox, Stopped
from engine.sandbox.wire import JobFailed
from engine.text_safety import clean_name, storable
from mail.errors import Unreadable
from mail.imports.errors import NoThread, SourceTooLarge, ThreadUnreadable
from mail.imports.models import ImportedMessage, ThreadImport
from mail.imports.plans import Planned, plan
from mail.imports.readership import Readers, Side
from mail.reading.chain import Chain
from mail.reading.old_threads import MODULE, reading
from mail.store.sources import put

if TYPE_CHECKING:
    from accounts.models import User

MAX_SOURCE_BYTES = 20 * 2**20
LOOKED_AT_FOR = timedelta(days=1)
"""How long a source is kept that nobody has imported."""
ALLOWANCE = Allowance(memory=768 * 2**20, file=0, files=64, silence=60.0, cpu=20, cpu_per_mib=2.0)


@dataclass(frozen=True)
class Imported:
    """What an import has done. ``withheld``: quotations of internal mails that were left out of others."""

    new: int
    there: int
    internal: int = 0
    left_out: int = 0
    withheld: int = 0


def read(content: bytes) -> Chain:
    """The mails of a source, read in a process of its own. Raises ``SourceTooLarge``, ``ThreadUnreadable``,
    ``NoThread``."""
    if len(content) > MAX_SOURCE_BYTES:
        raise SourceTooLarge(limit=MAX_SOURCE_BYTES // 2**20)
    try:
        with Sandbox(ALLOWANCE, [confinement([])], module=MODULE) as sandbox:
            zone = timezone.get_default_timezone_name()
            chain: Chain = sandbox.call(reading, content, zone, size=len(content))
    except (Stopped, JobFailed, Unreadable) as error:
        raise ThreadUnreadable() from error
    if not chain.mails:
        raise NoThread()
    # As entries keep them: what is compared, counted and shown is the same text.
    mails = [
        replace(mail, body=without_secrets(mail.body), subject=without_secrets(mail.subject))
        for mail in chain.mails
    ]
    left_over = [replace(each, text=without_secrets(each.text)) for each in chain.remainders]
    return Chain(mails, left_over)


@transaction.atomic
def look_at(case: Case, *, name: str, content: bytes, by: User | None) -> ThreadImport:
    """Keeps a source, to be imported or not; the same one again is the same row. Raises ``NotAllowed`` and
    what ``read`` raises."""
    rights.require(rights.may_note, by, case)
    read(content)
    _forget_what_was_only_looked_at(case)
    source, sha256 = put(content, f"imports/{case.number}")
    thread, _made = ThreadImport.objects.get_or_create(
        case=case,
        sha256=sha256,
        defaults={
            "name": clean_name(name),
            "size": len(content),
            "source": source,
            "added_by": by,
            "added_at": timezone.now(),
        },
    )
    return thread


def source_of(thread: ThreadImport) -> bytes:
    """The source as it came. Raises ``ThreadUnreadable`` once it is deleted."""
    if not thread.source:
        raise ThreadUnreadable()
    with default_storage.open(thread.source, "rb") as file:
        return bytes(file.read())


@transaction.atomic
def import_thread(
    thread: ThreadImport,
    *,
    by: User | None,
    sides: Mapping[str, Side] | None = None,
    choices: Mapping[str, Readers] | None = None,
) -> Imported:
    """Makes each mail that the case does not have yet an entry of it; ``sides`` and ``choices`` as ``plan``
    has them.

    Raises ``NotAllowed`` and what ``read`` raises.
    """
    rights.require(rights.may_note, by, thread.case)
    chain = read(source_of(thread))
    case = Case.objects.locked().get(pk=thread.case_id)
    planned = plan(case, chain, sides, choices)
    missing = [each for each in planned if not each.is_there]
    new = [each for each in missing if each.readers != Readers.NOBODY]
    for each in new:
        _enter(case, thread, each)
    ThreadImport.objects.filter(pk=thread.pk, imported_at=None).update(imported_at=timezone.now())
    return Imported(
        len(new),
        len(planned) - len(missing),
        internal=sum(each.readers == Readers.INTERNAL for each in new),
        left_out=len(missing) - len(new),
        withheld=sum(len(each.withheld) for each in new),
    )


def _enter(case: Case, thread: ThreadImport, planned: Planned) -> None:
    mail = planned.mail
    body: str = storable(planned.body)
    if len(body) > MAX_BODY_LENGTH:
        note = _("[The mail is longer; the rest was left out. Attach long texts as files.]")
        body = f"{body[: MAX_BODY_LENGTH - 200]}\n\n{note}"
    message = Message.objects.create(
        case=case,
        kind=planned.kind,
        author=planned.person,
        body=body,
        internal=planned.readers == Readers.INTERNAL,
        created_at=planned.at,
    )
    ImportedMessage.objects.create(
        message=message,
        thread=thread,
        position=mail.position,
        name=storable(planned.name)[:200],
        address=storable(planned.address)[:320],
        known_by=planned.known_by,
        sent_text=storable(mail.sent_text)[:200],
        sent_at=mail.sent_at,
        subject=storable(mail.subject)[:1000],
        fingerprint=planned.fingerprint,
    )


def _forget_what_was_only_looked_at(case: Case) -> None:
    old = ThreadImport.objects.filter(
        case=case, imported_at=None, added_at__lt=timezone.now() - LOOKED_AT_FOR
    )
    for thread in old:
        source = thread.source
        thread.delete()
        transaction.on_commit(partial(default_storage.delete, source))
