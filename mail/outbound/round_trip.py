"""Each mail is read by our own reader before it leaves, on the bytes as they are sent: its text and page. The
files that go along are a stranger's, and stay closed."""

from __future__ import annotations

import hashlib
import re
from email.utils import getaddresses
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from accounts.secret_links import without_secrets
from cases.thread.quoting import segments
from mail.errors import NotAsMeant
from mail.outbound.addresses import recipient
from mail.outbound.composing import how_to_answer
from mail.outbound.earlier import earlier_entries
from mail.outbound.notes import MIN_NOTE_LENGTH, holds_note, said_openly, words
from mail.outbound.reader_links import text_of
from mail.reading.message import read_mail

if TYPE_CHECKING:
    from mail.outbound.composing import Composed
    from mail.store.models import MailMessage


HOLDS_PATH = "it holds a path of this machine"


def check(mail: MailMessage, composed: Composed) -> None:
    """Raises ``NotAsMeant`` with what is wrong: it is not sent then, and a person is told.

    The thread is found again, the new text stands open and the old one is folded, what stands around it is in
    the same language, and neither an internal note nor a path of this machine is in it.
    """
    with override(mail.language):
        _check(mail, composed)


def _check(mail: MailMessage, composed: Composed) -> None:
    content = read_mail(composed.raw, is_ours=True)
    if content.message_id != mail.message_id:
        raise NotAsMeant("its Message-ID is not read back")
    if list(content.references) != composed.references:
        raise NotAsMeant("its References are not read back")
    if content.in_reply_to != composed.references[-1:]:
        raise NotAsMeant("its In-Reply-To is not read back")
    page = f'<html lang="{mail.language}">'
    is_said = words(how_to_answer(mail)) in words(content.text)
    if content.language.lower() != mail.language or page not in content.html or not is_said:
        raise NotAsMeant("it is not in the language of its text")
    files = (*content.attachments, *content.pictures)
    if not composed.files <= {hashlib.sha256(file.content).hexdigest() for file in files}:
        raise NotAsMeant("a file of it is not read back")
    # Whoever signs a link twice gets two tokens: the time is in it.
    read = without_secrets(content.text)
    parts = segments(read)
    shown = words(" ".join(part.text for part in parts if not part.quoted))
    new = without_secrets(text_of(mail))
    # What quotes or cites by itself is folded by its own rights, in its new surroundings more or less of it.
    quotes = any(part.quoted for part in segments(new)) or re.search(r"^\s*>", new, re.MULTILINE)
    if words(new) not in (words(read) if quotes else shown):
        raise NotAsMeant("its text is not read back")
    for entry in earlier_entries(mail):
        earlier = words(entry.text)
        if len(earlier) >= MIN_NOTE_LENGTH and earlier in shown and earlier not in words(new):
            raise NotAsMeant("the thread below it is not folded")
    text = f"{content.text}\n{content.html}"
    if _paths_of_ours(text) - _paths_of_ours("\n".join(said_openly(mail.case))):
        raise NotAsMeant(HOLDS_PATH)
    if not mail.facts.get("internal") and holds_note(mail.case, text, said=""):
        raise NotAsMeant("it holds an internal note")


def check_code(mail: MailMessage, raw: bytes) -> None:
    """As ``check``, of a mail that was composed elsewhere (sign-in codes, links for a password): that it is
    found again under its name, goes to nobody else, says something and holds no path. What it should say is
    kept nowhere: it opens a door."""
    content = read_mail(raw, is_ours=True)
    if content.message_id != mail.message_id:
        raise NotAsMeant("its Message-ID is not read back")
    addresses = [address.lower() for _name, address in getaddresses([content.recipients]) if address]
    if addresses != [recipient("", mail.address).addr_spec.lower()]:
        raise NotAsMeant("it goes to somebody else")
    if not content.text.strip():
        raise NotAsMeant("its text is not read back")
    if _paths_of_ours(f"{content.text}\n{content.html}"):
        raise NotAsMeant(HOLDS_PATH)


def _paths_of_ours(text: str) -> set[str]:
    """Where our uploads and our sources lie, as a fault's text would name them; people write of /data and
    of https://app… as well."""
    folders = "|".join(re.escape(str(folder)) for folder in (settings.MEDIA_ROOT, settings.UPLOAD_STAGING))
    sources = rf"{re.escape(str(settings.BASE_DIR))}/[\w./-]{{1,200}}\.py"
    return set(re.findall(rf"(?<![\w.:/-])(?:(?:{folders})/[^\s<\"]*|{sources})", text))
