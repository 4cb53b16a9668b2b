"""Mail out of a folder of an IMAP mailbox (RFC 9051), each once, whatever happens in between.

The mails are walked by UID, never searched by text, which servers do each in their own way. Of each:

1. its bytes are stored, which a second time changes nothing (``mail.inbound.storing``);
2. it is marked as seen, or moved to another folder;
3. its UID is remembered.

A crash after any step repeats from there. What lay seen in the folder before the portal looked into it for
the first time is somebody's work of before, and is left alone; where the server has numbered its folder
anew (UIDVALIDITY), everything else is walked again.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessageFlags,
)
from imap_tools.errors import UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from mail.errors import MailServerDown, NoMail, TooLarge
from mail.inbound.models import ImapFolder
from mail.inbound.storing import keep, store_raw

logger = logging.getLogger(__name__)

TIMEOUT = 60
"""Seconds that the server may take for one answer."""
MAX_IDLE = 5 * 60
"""Seconds; firewalls forget a connection on which nothing is said, RFC 2177 asks for less than 29 minutes."""
MAX_SILENCE = 15 * 60
"""Seconds; a process that has looked into no mailbox for so long is not well."""
BATCH = 200
CLIENT_ID = '("name" "Anjuan" "vendor" "Anjuan")'
"""163, 126 and 188 refuse every folder to a client that does not say who it is (RFC 2971)."""

_UID = re.compile(rb"\bUID ([0-9]+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE ([0-9]+)")
_CONTENT_FIELD = re.compile(rb"^content-[^:\r\n]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n", re.I | re.M)


@dataclass(frozen=True)
class Account:
    """Where the mail lies; ``done_folder`` empty: mails stay and are marked as seen."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str
    done_folder: str = ""

    @property
    def address(self) -> str:
        """By which its state is remembered, without the password."""
        return f"imap://{self.user}@{self.host}:{self.port}/{self.folder}"


class _Facts(NamedTuple):
    is_seen: bool
    size: int
    arrived_at: datetime


def account() -> Account:
    """By the settings."""
    return Account(
        settings.IMAP_HOST,
        settings.IMAP_PORT,
        settings.IMAP_SECURITY,
        settings.IMAP_USER,
        settings.IMAP_PASSWORD,
        settings.IMAP_FOLDER,
        settings.IMAP_DONE_FOLDER,
    )


@contextmanager
def opened(chosen: Account) -> Iterator[BaseMailBox]:
    """The mailbox with its folder selected. Raises ``MailServerDown`` for whatever goes wrong on the line,
    in the body as well."""
    try:
        mailbox = _connected(chosen)
        try:
            _sign_in(mailbox, chosen)
            yield mailbox
        finally:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                mailbox.logout()
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        raise MailServerDown(f"{chosen.address}: {_said(error)}") from error


def _said(error: Exception) -> str:
    """What the server answered, where it did."""
    if isinstance(error, UnexpectedCommandStatusError):
        lines = [line for line in error.command_result[1] if isinstance(line, bytes)]
        if words := b" ".join(lines).decode("utf-8", "replace").strip():
            return words
    return f"{type(error).__name__}: {error}"


def fetch(mailbox: BaseMailBox, chosen: Account) -> int:
    """Takes all that is new in the folder; how many mails were stored.

    Raises what ``keep`` raises, and what the line raises.
    """
    folder = _state(mailbox, chosen)
    stored = 0
    # What comes meanwhile is announced in the answer to another command, and IDLE does not tell it again.
    while found := _walk(mailbox, chosen, folder):
        stored += found
    folder.looked_at, folder.failing_since = timezone.now(), None
    folder.save(update_fields=["looked_at", "failing_since"])
    return stored


def _walk(mailbox: BaseMailBox, chosen: Account, folder: ImapFolder) -> int:
    found = map(int, mailbox.uids(f"UID {folder.last_uid + 1}:*", charset=None))
    # The last mail is always among them, whatever its UID.
    uids = sorted(uid for uid in found if uid > folder.last_uid)
    first_look = folder.since.replace(microsecond=0)  # Servers tell seconds.
    stored = 0
    for start in range(0, len(uids), BATCH):
        batch = uids[start : start + BATCH]
        facts = _facts(mailbox, batch)
        for uid in batch:
            is_old = uid in facts and facts[uid].is_seen and facts[uid].arrived_at < first_look
            if not is_old:
                stored += _take(mailbox, chosen, uid, facts[uid].size if uid in facts else 0)
            folder.last_uid = uid
            folder.save(update_fields=["last_uid"])
    return stored


def is_late(chosen: Account) -> bool:
    """Whether the folder was not looked into for ``MAX_SILENCE`` seconds."""
    lately = timezone.now() - timedelta(seconds=MAX_SILENCE)
    opened_once = ImapFolder.objects.filter(address=chosen.address, uidvalidity__gt=0)
    return not opened_once.filter(looked_at__gt=lately).exists()


def wait(mailbox: BaseMailBox, seconds: int) -> None:
    """Until there may be something new, at most for ``seconds``: by IDLE where the server has it."""
    if "IDLE" in mailbox.client.capabilities:
        mailbox.idle.wait(timeout=min(seconds, MAX_IDLE))
    else:
        time.sleep(seconds)
        mailbox.client.noop()  # What has come is announced after a command: the search before would miss it.


def _connected(chosen: Account) -> BaseMailBox:
    if chosen.security == "none":
        return MailBoxUnencrypted(chosen.host, chosen.port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    if chosen.security == "starttls":
        return MailBoxStartTls(chosen.host, chosen.port, timeout=TIMEOUT, ssl_context=context)
    return MailBox(chosen.host, chosen.port, timeout=TIMEOUT, ssl_context=context)


def _sign_in(mailbox: BaseMailBox, chosen: Account) -> None:
    is_ascii = f"{chosen.user}{chosen.password}".isascii()
    (mailbox.login if is_ascii else mailbox.login_utf8)(chosen.user, chosen.password, initial_folder=None)
    # Servers offer more after the sign-in.
    _, lines = mailbox.client.capability()
    mailbox.client.capabilities = tuple(lines[-1].decode("ascii", "replace").upper().split())
    if "ID" in mailbox.client.capabilities:
        mailbox.client.xatom("ID", CLIENT_ID)
    if chosen.done_folder and not mailbox.folder.exists(chosen.done_folder):
        mailbox.folder.create(chosen.done_folder)
    mailbox.folder.set(chosen.folder)


def _state(mailbox: BaseMailBox, chosen: Account) -> ImapFolder:
    _, values = mailbox.client.response("UIDVALIDITY")
    if not values or not values[-1]:
        values = [str(mailbox.folder.status(chosen.folder, ["UIDVALIDITY"])["UIDVALIDITY"]).encode()]
    validity = int(values[-1])
    folder, _ = ImapFolder.objects.get_or_create(address=chosen.address, defaults={"uidvalidity": validity})
    if not folder.uidvalidity:
        folder.uidvalidity, folder.since = validity, timezone.now()
        folder.save(update_fields=["uidvalidity", "since"])
    if folder.uidvalidity != validity:
        logger.warning("%s is numbered anew; all of it is walked again.", chosen.address)
        folder.uidvalidity, folder.last_uid = validity, 0
        folder.save(update_fields=["uidvalidity", "last_uid"])
    return folder


def _facts(mailbox: BaseMailBox, uids: Sequence[int]) -> dict[int, _Facts]:
    numbers = ",".join(map(str, uids))
    found = {}
    for line in _fetched(mailbox, numbers, "UID FLAGS RFC822.SIZE INTERNALDATE"):
        uid, size = _UID.search(line), _SIZE.search(line)
        if uid and size:  # Servers tell of other mails' flags in between.
            moment = imaplib.Internaldate2tuple(line)
            arrived_at = datetime.fromtimestamp(time.mktime(moment), UTC) if moment else datetime.now(UTC)
            is_seen = MailMessageFlags.SEEN.encode().lower() in line.lower()
            found[int(uid[1])] = _Facts(is_seen, int(size[1]), arrived_at)
    return found


def _take(mailbox: BaseMailBox, chosen: Account, uid: int, size: int) -> bool:
    is_whole = size <= settings.MAIL_MAX_SIZE
    raw = _content(mailbox, uid, "BODY.PEEK[]" if is_whole else "BODY.PEEK[HEADER]")
    if raw is None:
        return False  # Deleted meanwhile.
    try:
        store_raw(raw if is_whole else _stand_in(raw, size), way="imap", left=0 if is_whole else size)
    except TooLarge:  # The server told another size.
        return _take(mailbox, chosen, uid, len(raw))
    except NoMail:
        keep(raw, way="imap")
    if chosen.done_folder and is_whole:
        _move(mailbox, uid, chosen.done_folder)
    elif is_whole:
        mailbox.flag([str(uid)], MailMessageFlags.SEEN, True)
    return True


def _move(mailbox: BaseMailBox, uid: int, folder: str) -> None:
    """By MOVE (RFC 6851) where the server has it: to expunge takes away what others have marked as well."""
    if "MOVE" not in mailbox.client.capabilities:
        mailbox.move([str(uid)], folder)
        return
    status, answer = mailbox.client.uid("MOVE", str(uid), encode_folder(folder).decode())
    if status != "OK":
        raise imaplib.IMAP4.error(f"MOVE {uid}: {status} {answer!r}"[:300])


def _content(mailbox: BaseMailBox, uid: int, part: str) -> bytes | None:
    return next((piece[1] for piece in _fetched(mailbox, str(uid), part) if isinstance(piece, tuple)), None)


def _fetched(mailbox: BaseMailBox, uids: str, parts: str) -> list[Any]:
    """Lines as bytes, a literal as a tuple with the line before it. After a NO nothing counts as gone."""
    status, pieces = mailbox.client.uid("FETCH", uids, f"({parts})")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH {uids}: {status} {pieces!r}"[:300])
    return [piece for piece in pieces if piece]


def _stand_in(header: bytes, size: int) -> bytes:
    """A mail by the same sender that says that the real one was too large; that one stays where it is."""
    head = _CONTENT_FIELD.sub(b"", header.rstrip(b"\r\n") + b"\r\n")
    facts = {"size": filesizeformat(size), "most": filesizeformat(settings.MAIL_MAX_SIZE)}
    text = (
        "[这封邮件有 {size}，超过系统可接收的 {most}：正文和附件都没有取入，原件仍在收件邮箱里。"
        "附件请用上传链接提交，正文请不带附件重新发送。]\n"
        "[This mail of {size} is larger than the {most} that the portal takes: neither its text nor its "
        "files were fetched; it was left in the mailbox. Please send the files by an upload link, and mail "
        "the text again without them.]\n"
    ).format(**facts)
    return head + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()
