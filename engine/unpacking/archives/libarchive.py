"""7z, rar, cab, tar and compressed streams through libarchive, the library inside the ``archi`` wheel.

The wheel's own Python interface tells neither links from files nor locked entries from damaged
ones, so the library is called through ``ctypes``. Only the formats asked for are switched on, and
no filter that would start a program. Source: libarchive's manual pages archive_read(3),
archive_read_data(3), archive_entry(3) and their siblings.
"""

import ctypes
import locale
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Self

from engine.encodings import decode_name
from engine.text import Text, text
from engine.unpacking.archives.archive_format import ArchiveFormat
from engine.unpacking.archives.entry import (
    BAD_CHECKSUM,
    BROKEN,
    LINK,
    LOCKED,
    SPECIAL,
    ArchiveUnreadable,
    Damaged,
    Entry,
    Locked,
)

BLOCK = 1 << 18
OK, EOF, WARN = 0, 1, -20

TAR_BLOCK = 512

LIBRARY_MISSING = text(
    "本机无法载入读取此格式的库（archi 中的 libarchive，需要 libexpat1）。请管理员安装后再分析，或改传 zip。",
    "The library that reads this format cannot be loaded on this machine (libarchive in the package archi; "
    "it needs libexpat1). Ask the administrator to install it and analyse again, or upload a zip file.",
)
LOCKED_FOR_GOOD = text(
    "这个 rar 文件有密码保护，系统无法打开带密码的 rar。请在本地解压后，改用 zip 或 7z（可以带密码）上传。",
    "This rar file is protected by a password, and rar files with one cannot be opened here. Please unpack "
    "it on your side and upload a zip or 7z file instead; that may have a password.",
)
UNSUPPORTED = text(
    "这里使用了不支持的压缩方法，无法读取。请用普通 zip 格式重新压缩后上传。",
    "This uses a compression method that is not supported; it cannot be read. Please pack it as an ordinary "
    "zip and upload that.",
)
TOO_MUCH_MEMORY = text(
    "解压需要的内存超过上限（压缩时使用了过大的字典），未读取。请用默认设置重新压缩后上传。",
    "Unpacking needs more memory than is allowed (it was packed with a very large dictionary); it was not "
    "read. Please pack it again with the tool's default settings.",
)

_READ = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))


@lru_cache(maxsize=1)
def library() -> ctypes.CDLL:
    """The loaded library with its functions' types; raises ``ImportError`` or ``OSError``."""
    import archi  # its extension module pulls the library in, and symbols are found through it

    lib = ctypes.CDLL(archi.__file__)
    pointer, text_out = ctypes.c_void_p, ctypes.c_char_p
    for name, returns, takes in (
        ("read_new", pointer, ()),
        ("read_free", ctypes.c_int, (pointer,)),
        ("read_open_filename", ctypes.c_int, (pointer, ctypes.c_char_p, ctypes.c_size_t)),
        ("read_open", ctypes.c_int, (pointer, pointer, pointer, _READ, pointer)),
        ("read_next_header", ctypes.c_int, (pointer, ctypes.POINTER(pointer))),
        (
            "read_data_block",
            ctypes.c_int,
            (
                pointer,
                ctypes.POINTER(pointer),
                ctypes.POINTER(ctypes.c_size_t),
                ctypes.POINTER(ctypes.c_int64),
            ),
        ),
        ("read_has_encrypted_entries", ctypes.c_int, (pointer,)),
        ("error_string", text_out, (pointer,)),
        ("entry_pathname", text_out, (pointer,)),
        ("entry_pathname_utf8", text_out, (pointer,)),
        ("entry_hardlink", text_out, (pointer,)),
        ("entry_filetype", ctypes.c_uint, (pointer,)),
        ("entry_is_encrypted", ctypes.c_int, (pointer,)),
    ):
        function = getattr(lib, f"archive_{name}")
        function.restype, function.argtypes = returns, takes
    # Names are turned into the locale's encoding; in the C locale everything Chinese would be lost.
    with suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    return lib


def entries(
    form: ArchiveFormat, file: Path, name: str, password: str | None, scratch: Path
) -> Iterator[Entry]:
    """Every entry in the archive's order, folders left out; each is taken before the next is asked for.

    ``name`` is the file's, from which a single compressed stream gets its own. Raises
    ``ArchiveUnreadable`` where reading cannot go on.
    """
    try:
        lib = library()
    except (ImportError, OSError) as error:
        raise ArchiveUnreadable(LIBRARY_MISSING) from error
    inside: tuple[str, ...] = ()
    if form.stream_suffixes:
        inside = ("format_tar",) if _holds_tar(lib, file, form) else ("format_raw",)
    with _Archive(lib, file, form, form.switches + inside) as archive:
        while archive.next():
            entry = archive.entry(name)
            if entry is not None:
                yield entry


def _holds_tar(lib: ctypes.CDLL, file: Path, form: ArchiveFormat) -> bool:
    """Whether the stream begins with a tar header that fits its checksum (POSIX.1-1988, 10.1.1).

    The library itself would take a stream that begins with zeros, a memory dump say, for an empty tar.
    """
    head = b""
    with (
        suppress(Damaged, ArchiveUnreadable),
        _Archive(lib, file, form, (*form.switches, "format_raw")) as raw,
    ):
        if raw.next():
            for chunk in raw.chunks():
                head += chunk
                if len(head) >= TAR_BLOCK:
                    break
    stated = head[148:156].strip(b" \0")
    if len(head) < TAR_BLOCK or not stated.isdigit():
        return False
    try:
        return int(stated, 8) == sum(head[:148]) + 8 * ord(" ") + sum(head[156:TAR_BLOCK])
    except ValueError:
        return False


class _Archive:
    """The library's handle on one file, and the entry in work."""

    def __init__(self, lib: ctypes.CDLL, file: Path, form: ArchiveFormat, support: tuple[str, ...]) -> None:
        self._lib, self._file, self._form, self._support = lib, file, form, support
        self._handle = ctypes.c_void_p(lib.archive_read_new())
        self._entry = ctypes.c_void_p()
        self._feed: Any = None
        self._open = False

    def __enter__(self) -> Self:
        for what in self._support:
            switch_on = getattr(self._lib, f"archive_read_support_{what}")
            switch_on.argtypes = (ctypes.c_void_p,)
            switch_on(self._handle)
        if self._form.decompress is not None:
            self._feed = _Decompressed(self._form.decompress(self._file))
            status = self._lib.archive_read_open(self._handle, None, None, self._feed.callback, None)
        else:
            status = self._lib.archive_read_open_filename(self._handle, os.fsencode(self._file), BLOCK)
        if status != OK:
            raise self._unreadable()
        self._open = True
        return self

    def __exit__(self, *_: object) -> None:
        self._lib.archive_read_free(self._handle)
        if self._feed is not None:
            self._feed.close()

    def next(self) -> bool:
        """Goes to the next entry; raises ``ArchiveUnreadable``."""
        status = self._lib.archive_read_next_header(self._handle, ctypes.byref(self._entry))
        if status == EOF:
            return False
        if status < WARN:
            raise self._unreadable()
        return True

    def entry(self, name: str) -> Entry | None:
        """The entry in work; ``None`` for a folder."""
        kind = self._lib.archive_entry_filetype(self._entry)
        if stat.S_ISDIR(kind):
            return None
        own = self._name_inside(name) if "format_raw" in self._support else self._name()
        if stat.S_ISLNK(kind) or self._lib.archive_entry_hardlink(self._entry):
            return Entry(own, self.chunks, LINK)
        if kind and not stat.S_ISREG(kind):
            return Entry(own, self.chunks, SPECIAL)
        if self._lib.archive_entry_is_encrypted(self._entry):
            sentence = self._locked_sentence()
            return Entry(own, self.chunks, sentence, unreadable=True, locked=sentence is LOCKED)
        return Entry(own, self.chunks)

    def chunks(self) -> Iterator[bytes]:
        """The entry's bytes, holes of a sparse file as the zeros they stand for; raises ``Damaged``."""
        block, size, offset = ctypes.c_void_p(), ctypes.c_size_t(), ctypes.c_int64()
        written, damage = 0, None
        while True:
            offset.value = 0
            status = self._lib.archive_read_data_block(
                self._handle, ctypes.byref(block), ctypes.byref(size), ctypes.byref(offset)
            )
            if status < WARN:
                raise self._damage()
            if status == WARN:
                damage = self._damage()
            while written < offset.value:
                zeros = bytes(min(offset.value - written, BLOCK))
                written += len(zeros)
                yield zeros
            if status == EOF:
                break
            if size.value and block.value:
                yield ctypes.string_at(block.value, size.value)
                written += size.value
        if damage is not None:
            raise damage

    def _name_inside(self, name: str) -> str:
        """``System.evtx`` of ``System.evtx.gz``."""
        last = name.replace("\\", "/").rpartition("/")[2]
        stem, dot, suffix = last.rpartition(".")
        return stem if stem and dot and suffix.lower() in self._form.stream_suffixes else last

    def _name(self) -> str:
        raw = self._lib.archive_entry_pathname(self._entry)
        if raw is None:
            raw = self._lib.archive_entry_pathname_utf8(self._entry)
        return decode_name(raw or b"")

    def _is_locked(self) -> bool:
        # On a file that it could not open the library would follow a null pointer.
        return self._open and bool(self._lib.archive_read_has_encrypted_entries(self._handle) == 1)

    def _locked_sentence(self) -> Text:
        return LOCKED_FOR_GOOD if self._form.locked_for_good else LOCKED

    def _error(self) -> str:
        return (self._lib.archive_error_string(self._handle) or b"").decode("utf-8", "replace").lower()

    def _unreadable(self) -> ArchiveUnreadable:
        if self._is_locked() or "encrypt" in self._error():
            sentence = self._locked_sentence()
            return ArchiveUnreadable(sentence, locked=sentence is LOCKED)
        return ArchiveUnreadable(self._sentence())

    def _damage(self) -> Damaged:
        if "encrypt" in self._error():
            return Damaged(LOCKED_FOR_GOOD) if self._form.locked_for_good else Locked(LOCKED)
        return Damaged(self._sentence())

    def _sentence(self) -> Text:
        error = self._error()
        if "memory" in error:
            return TOO_MUCH_MEMORY
        if "crc" in error or "checksum" in error:
            return BAD_CHECKSUM
        return UNSUPPORTED if "support" in error or "unknown method" in error else BROKEN


class _Decompressed:
    """Feeds the library from a stream of Python's; its faults end it with an error."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._block: Any = None
        self.callback = _READ(self._read)

    def _read(self, archive: Any, client: Any, buffer: Any) -> int:
        try:
            data = self._stream.read(BLOCK)
        except (OSError, EOFError, ValueError):
            return -1
        # Kept until the next call: the library reads from it in place.
        self._block = ctypes.create_string_buffer(data, len(data)) if data else None
        buffer[0] = ctypes.cast(self._block, ctypes.c_void_p).value if data else None
        return len(data)

    def close(self) -> None:
        self._stream.close()
