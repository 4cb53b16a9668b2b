"""One file of an archive, as every reader of this package hands it out, and what readers raise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from engine.text import Text, text

LOCKED = text(
    "文件有密码保护，尚未读取。请在案例页面该日志包下方输入密码，系统会重新分析；也可以上传不带密码的压缩包。",
    "The file is protected by a password and was not read. Enter the password below the upload on the case "
    "page and it is analysed again; or upload an archive without one.",
)
WRONG_PASSWORD = text(
    "给出的密码打不开这个文件。请核对密码（注意大小写和输入法）后重新输入；如果密码无误，则文件已损坏。",
    "The password given does not open this file. Check it (capitals, keyboard layout) and enter it again; "
    "if it is right, the file is damaged.",
)
LINK = text(
    "这是一个链接；链接不被跟随，未读取。", "This is a link; links are not followed, it was not read."
)
SPECIAL = text("这不是普通文件，未读取。", "This is no regular file; it was not read.")
PART = text(
    "这是分卷压缩包的一卷；各卷分开时无法读取。请在本地解压全部分卷，再压缩为一个不分卷的文件上传。",
    "This is one part of an archive cut into several; a part alone cannot be read. Please unpack the whole "
    "set on your side, pack the content as one file (zip, 7z or another, not split) and upload that.",
)
BAD_CHECKSUM = text(
    "内容与压缩包中的校验和不符：数据已损坏，以下内容只供参考。",
    "The content does not fit the archive's checksum: it is damaged; take what follows with care.",
)
BROKEN = text(
    "压缩包中的这一部分已损坏，只能读到损坏处。请检查原文件并重新上传。",
    "This part of the archive is damaged; it could be read only up to the damage. "
    "Please check the original and upload it again.",
)


class Damaged(Exception):
    """The bytes of an entry end early or do not fit their checksum."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence


class Locked(Damaged):
    """The entry needs a password: none was given, or a wrong one."""


class ArchiveUnreadable(Exception):
    """The archive cannot be read, or not beyond this point; ``locked``: for want of a password."""

    def __init__(self, sentence: Text, *, locked: bool = False) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence
        self.locked = locked


@dataclass(frozen=True)
class Entry:
    """``name`` as stored: hostile text. ``chunks`` yields the bytes and raises ``Damaged`` or
    ``Locked``; it is good until the next entry is asked for. ``refusal`` says why it is not to be
    called; ``unreadable`` tells a broken entry from one that is left out. ``notes`` grow while the bytes are
    read: what the archive says of the file and is not so, though nothing of it is lost."""

    name: str
    chunks: Callable[[], Iterator[bytes]]
    refusal: Text | None = None
    unreadable: bool = False
    locked: bool = False
    notes: list[Text] = field(default_factory=list)


def locked_entry(name: str, sentence: Text = LOCKED) -> Entry:
    """An entry that waits for its password."""
    return Entry(name, lambda: iter(()), sentence, unreadable=True, locked=True)
