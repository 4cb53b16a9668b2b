"""Reads a mail in a process of its own, within limits: nothing of a stranger's mail is parsed elsewhere.

See docs/decisions/0006. A mail on which reading fails by time, memory or a crash is read once more without
what may be costly: then it has its header, its plain text and all its parts as files.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.sandbox.confinement import confinement
from engine.sandbox.sandbox import Allowance, JobFailed, Sandbox, Stopped
from engine.sandbox.wire import refusing
from mail.errors import NoMail, Unreadable
from mail.reading.mail import Attachment, Mail, Trouble
from mail.reading.message import read_mail

logger = logging.getLogger(__name__)

ALLOWANCE = Allowance(memory=768 * 2**20, file=0, files=64, silence=60.0, cpu=20, cpu_per_mib=1.0)
"""``memory`` is address space, of which a mail of 50 MB uses less than 256 MiB."""
MODULE = __name__
"""Where the jobs of mails are (``Child``)."""
PIECE = 2**20
MAX_UNPACKED_BYTES = 64 * 2**20
"""What the files of a mail may hold beyond the mail's own size, as TNEF unpacks."""


@dataclass(frozen=True)
class Read:
    """A mail without the bytes of its files, which are told in pieces, and how many each has."""

    mail: Mail
    sizes: list[int]


@refusing(NoMail, Unreadable)
def reading(emit: Callable[[bytes], None], raw: bytes, is_shallow: bool) -> Read:
    """In the child: reads a mail."""
    mail = read_mail(raw, is_shallow=is_shallow)
    files = [*mail.attachments, *mail.pictures]
    for content in (attachment.content for attachment in files):
        for begin in range(0, len(content), PIECE):
            emit(content[begin : begin + PIECE])
    return Read(
        replace(mail, attachments=_without_bytes(mail.attachments), pictures=_without_bytes(mail.pictures)),
        [len(attachment.content) for attachment in files],
    )


def read_in_sandbox(raw: bytes) -> Mail:
    """The mail. Raises ``NoMail``, ``Unreadable`` where nothing of it can be read, ``SandboxBroken``."""
    try:
        return _read(raw, is_shallow=False)
    except (Stopped, JobFailed) as stopped:
        logger.warning("A mail is read without its pages: %s", stopped)
    try:
        mail = _read(raw, is_shallow=True)
    except (Stopped, JobFailed) as stopped:
        raise Unreadable(str(stopped)) from stopped
    return replace(mail, trouble=[*mail.trouble, Trouble.TOO_COSTLY.value])


def plain_text_in_sandbox(raw: bytes) -> str:
    """What its plain text says, without its pages; empty where it has none.

    Raises ``NoMail``, ``Unreadable`` also for one that takes too long, ``SandboxBroken``.
    """
    try:
        return _read(raw, is_shallow=True).text
    except (Stopped, JobFailed) as stopped:
        raise Unreadable(str(stopped)) from stopped


def _read(raw: bytes, *, is_shallow: bool) -> Mail:
    size = len(raw)
    pieces: deque[bytes] = deque()
    room = size + MAX_UNPACKED_BYTES

    def take(piece: bytes) -> None:
        nonlocal room
        room -= len(piece)
        if room < 0:
            raise Unreadable("its files unpack to more than a mail may hold")
        pieces.append(piece)

    with Sandbox(ALLOWANCE, [confinement([])], module=MODULE) as sandbox:
        read: Read = sandbox.call(reading, raw, is_shallow, on_message=take, size=size)
    contents = _contents(pieces, read.sizes)
    return replace(
        read.mail,
        attachments=[replace(each, content=next(contents)) for each in read.mail.attachments],
        pictures=[replace(each, content=next(contents)) for each in read.mail.pictures],
    )


def _contents(pieces: deque[bytes], sizes: list[int]) -> Iterator[bytes]:
    """The bytes of each file; the pieces are given up on the way."""
    for size in sizes:
        parts: list[bytes] = []
        missing = size
        while missing > 0 and pieces:
            parts.append(pieces.popleft())
            missing -= len(parts[-1])
        if missing:
            raise Unreadable("its files came out in no agreed form")
        yield parts[0] if len(parts) == 1 else b"".join(parts)
    if pieces:
        raise Unreadable("its files came out in no agreed form")


def _without_bytes(files: list[Attachment]) -> list[Attachment]:
    return [replace(each, content=b"") for each in files]
