"""Opens an archive of any known format."""

from collections.abc import Generator
from pathlib import Path

from engine.text import Text, text
from engine.unpacking.archives.archive_format import SIGN_BYTES, ArchiveFormat
from engine.unpacking.archives.entry import ArchiveUnreadable, Entry
from engine.unpacking.archives.formats import MAIL, format_of, part_of_many
from engine.unpacking.archives.zip_end import directory_end
from engine.unpacking.archives.zip_entries import ZIP

ARCHIVE_OPENED = text(
    "压缩包，已展开；其中的文件另行列出。", "An archive; it was opened, and its files are listed."
)
MAIL_OPENED = text(
    "邮件，已展开；正文和附件另行列出。", "A mail; it was opened, and its text and files are listed."
)


def entries(file: Path, name: str, password: str | None, scratch: Path) -> Generator[Entry, None, None]:
    """The archive's files in its order; each is taken before the next is asked for.

    ``name`` is what people call the file; ``scratch`` is a path that may be written for the duration.
    Raises ``ArchiveUnreadable`` where reading cannot begin or go on, ``OSError`` of the file itself.
    """
    head = _head(file)
    part = part_of_many(head, name)
    if part is not None:
        raise ArchiveUnreadable(part)
    form = format_of(head) or behind_other_bytes(head, file)
    if form is not None:
        yield from form.entries(form, file, name, password, scratch)


def opened(file: Path) -> Text:
    """What the file is, whose files are listed beside it."""
    return MAIL_OPENED if format_of(_head(file)) is MAIL else ARCHIVE_OPENED


def has_directory(file: Path) -> bool:
    """Whether entries can be passed over without decoding them."""
    head = _head(file)
    form = format_of(head) or behind_other_bytes(head, file)
    return form is not None and form.has_directory


def behind_other_bytes(head: bytes, file: Path) -> ArchiveFormat | None:
    """A zip that does not begin the file: what stands before it (mail headers, a program) is passed over."""
    if ZIP.is_document(head) or directory_end(file) is None:
        return None
    return ZIP


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(SIGN_BYTES)
