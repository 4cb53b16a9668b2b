"""Mail into a case: its text an entry of the thread, its attachments bundles by the same door as all.

Nothing enters a case that its sender might not have put there on the portal's pages: the From address is
that of an active person, the operator's own mail server has proven it, and the person sees the case.
Every other mail is kept as a file (``mail.unmatched``) and never answered.

A mail server delivers again what was not acknowledged, and a crash may come between any two steps:

1. The row of ``InboundMail`` and the entry in the thread are one transaction: who meets the row posts
   nothing.
2. An upload and its place in ``row.attachments`` are one transaction; appending its bytes and finishing it
   can be repeated as often as need be, as for a browser.
3. The entry that tells of refused attachments and ``row.done_at`` are one transaction; who meets a row that
   is done does nothing. The answer goes out after it: a crash may lose it, and the thread still tells.
"""

from __future__ import annotations

import hashlib
import logging
import re
from io import BytesIO
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error as DatabaseDown
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import Refusal
from accounts.models import User
from cases.models import Case, MessageKind
from cases.numbers import PATTERN
from cases.services import MAX_BODY_LENGTH, post_message
from engine.text_safety import clean_path, plain
from mail.errors import FolderFull, NoMail, NotTaken, Unreadable
from mail.models import InboundMail
from mail.reading.addresses import sender_of
from mail.reading.authentication import proof
from mail.reading.message import read_mail
from mail.unmatched import keep
from uploads.transfer.errors import DiskFull, TakenOver, UploadGone
from uploads.transfer.models import Upload
from uploads.transfer.services import begin_upload, finish
from uploads.transfer.writing import append, settle

if TYPE_CHECKING:
    from typing import BinaryIO

    from mail.reading.message import Attachment, Mail

logger = logging.getLogger(__name__)

TAKEN, NO_MAIL, LATER = 0, 65, 75
"""Exit codes of sysexits.h: EX_OK, EX_DATAERR, EX_TEMPFAIL."""

_ADDRESSED = re.compile(rf"\+({PATTERN.pattern})@")


def receive(stream: BinaryIO) -> int:
    """Takes one message; ``TAKEN`` when it is in a case or kept, ``NO_MAIL``, or ``LATER``: deliver again."""
    try:
        raw = stream.read(settings.MAIL_MAX_SIZE + 1)
        if len(raw) > settings.MAIL_MAX_SIZE:
            logger.error("A mail is larger than MAIL_MAX_SIZE (%s bytes).", settings.MAIL_MAX_SIZE)
            return LATER
        try:
            _take(read_mail(raw), raw)
        except (NotTaken, Unreadable) as error:
            keep(raw, str(error))
    except NoMail:
        return NO_MAIL
    except (DatabaseDown, OSError, FolderFull, DiskFull, TakenOver) as error:
        logger.error("Mail not taken now, %s: %s", type(error).__name__, error)
        return LATER
    except Exception as error:  # Its traceback would be mailed to the sender.
        logger.error("Mail not taken, a fault of the portal, %s: %s", type(error).__name__, error)
        return LATER
    return TAKEN


def _take(mail: Mail, raw: bytes) -> None:
    person = _sender(mail)
    case = _case(mail, person)
    digest = hashlib.sha256(f"{person.email}\n{mail.message_id}".encode())
    if not mail.message_id:
        digest.update(raw)
    with override(person.language):
        row = _entered(mail, case, person, digest.hexdigest())
        if row.done_at:
            return
        for place, attachment in enumerate(mail.attachments):
            _upload(row, place, attachment)
        _close(row, mail)


def _sender(mail: Mail) -> User:
    sender = sender_of([mail.sender])
    if mail.automatic:
        raise NotTaken(f"no person wrote it ({mail.automatic})")
    if sender is None:
        raise NotTaken("From is not one plain address")
    if not proof(sender.address, mail.results, settings.MAIL_AUTHSERV_ID).holds:
        raise NotTaken("its From address is not proven")
    person = User.objects.filter(email=sender.address).first()
    if person is None or not person.may_enter:
        raise NotTaken("its sender is nobody here")
    return person


def _case(mail: Mail, person: User) -> Case:
    in_subject = PATTERN.search(mail.subject.upper())
    addressed = _ADDRESSED.search(mail.recipients.upper())
    number = in_subject.group() if in_subject else addressed.group(1) if addressed else None
    if number is None:
        raise NotTaken("it names no case")
    case = Case.objects.visible_to(person).filter(number=number).first()
    if case is None:
        raise NotTaken("its sender sees no case of the number it names")
    return case


def _entered(mail: Mail, case: Case, person: User, digest: str) -> InboundMail:
    body = mail.text or mail.subject
    if not (body or mail.attachments):
        raise NotTaken("it says nothing")
    with transaction.atomic():
        row, is_new = InboundMail.objects.get_or_create(
            digest=digest, defaults={"case": case, "person": person}
        )
        if is_new and body:
            post_message(case, by=person, body=_fitting(body, mail.pictures), kind=MessageKind.MAIL_IN)
    return row


def _fitting(body: str, pictures: int) -> str:
    left_out = []
    if pictures:
        note = _("[Pictures within the text were left out: %(count)s. Attached as files they are taken.]")
        left_out.append(note % {"count": pictures})
    if len(body) > MAX_BODY_LENGTH - 1000:
        left_out.append(_("[The mail is longer; the rest was left out. Attach long texts as files.]"))
        body = body[: MAX_BODY_LENGTH - 1000]
    return "\n\n".join([body, *left_out])


def _upload(row: InboundMail, place: int, attachment: Attachment) -> None:
    """Makes the attachment a bundle, or notes why it is refused. Raises ``DiskFull``, ``TakenOver``."""
    with transaction.atomic():
        now = InboundMail.objects.select_for_update().get(pk=row.pk)
        if len(now.attachments) == place:
            now.attachments.append(_begun(now, attachment))
            now.save(update_fields=["attachments"])
        row.attachments = now.attachments
    if "upload" not in row.attachments[place]:
        return
    try:
        upload = settle(Upload(pk=row.attachments[place]["upload"]))
    except UploadGone:
        return  # Cancelled by the person meanwhile.
    append(upload, BytesIO(attachment.content[upload.offset :]), upload.offset)
    finish(upload)


def _begun(row: InboundMail, attachment: Attachment) -> dict[str, str]:
    try:
        upload = begin_upload(
            user=row.person, case=row.case, name=attachment.name, size=len(attachment.content)
        )
    except DiskFull:
        raise
    except Refusal as error:
        return {"name": clean_path(attachment.name), "refused": str(error)}
    return {"upload": str(upload.pk)}


def _close(row: InboundMail, mail: Mail) -> None:
    refused = [attachment for attachment in row.attachments if "refused" in attachment]
    lines = "\n".join(f"– {plain(attachment['name'])}: {attachment['refused']}" for attachment in refused)
    with transaction.atomic():
        mine = InboundMail.objects.filter(pk=row.pk, done_at=None).update(done_at=timezone.now())
        if mine and refused:
            heading = _("Attachments of %(name)s's mail that were not taken:") % {
                "name": plain(row.person.name)
            }
            post_message(row.case, by=None, body=f"{heading}\n{lines}", kind=MessageKind.SYSTEM)
    if mine and refused:
        _answer(row, mail, lines)


def _answer(row: InboundMail, mail: Mail, lines: str) -> None:
    """Tells the sender what was not taken and what to do."""
    facts = {"number": row.case.number, "lines": lines}
    subject = _("Case %(number)s: attachments that were not taken") % facts
    body = _(
        "Your mail is in case %(number)s. These attachments were not taken:\n\n%(lines)s\n\n"
        "You can upload them on the page of the case:"
    )
    headers = {"Auto-Submitted": "auto-replied"}
    if mail.message_id and mail.message_id.isascii() and mail.message_id.isprintable():
        headers |= {"In-Reply-To": mail.message_id, "References": mail.message_id}
    address = f"{settings.PORTAL_URL}{row.case.get_absolute_url()}"
    try:
        EmailMessage(
            get_adapter().format_email_subject(subject),
            f"{body % facts}\n{address}",
            to=[row.person.email],
            headers=headers,
        ).send()
    except OSError as error:  # SMTP's errors are among them.
        logger.error("The answer to a mail of case %s was not sent: %s", row.case.number, error)
