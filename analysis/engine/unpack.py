"""From an uploaded file or a folder to artifacts, safely.

Nothing of an archive decides where bytes are written: entries land in numbered files, their
names are only shown. Headers are not believed: limits count the bytes really produced.
Whatever cannot be taken out becomes an artifact that says why; it never costs the others.
Source: APPNOTE.TXT 6.3.10 (flags 4.4.4, Info-ZIP Unicode path 4.6.9).
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from analysis.engine import entry_names, zip_entries
from analysis.engine.artifacts import Artifact, Kind, State
from analysis.engine.identify import identify
from analysis.engine.text import Text, text

CHUNK = 1 << 20
PACE = 64 * CHUNK
PARSED = {Kind.EVTX, Kind.CAPTURE, Kind.PE, Kind.MESSAGES, Kind.MANIFEST}
EMPTY_SHA256 = hashlib.sha256().hexdigest()


@dataclass(frozen=True)
class Limits:
    """``entries`` in number, the rest in bytes. The ratio of produced to packed bytes counts only
    above ``ratio_floor``: a memory dump of zeros is honestly extreme. ``keep``: files that no parser
    reads stay on the disk, too."""

    entries: int = 20_000
    file: int = 16 * 2**30
    total: int = 64 * 2**30
    ratio: int = 250
    ratio_floor: int = 4 * 2**30
    free_disk: int = 256 * 2**20
    keep: bool = False


DEFAULT_LIMITS = Limits()


class SourceUnreadable(Exception):
    """The path given is no file or folder that can be read; ``sentence`` is for people."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence

    def __reduce__(self) -> tuple[type["SourceUnreadable"], tuple[Text]]:
        return type(self), (self.sentence,)  # it travels between processes


class LimitReached(Exception):
    """One of the limits; ``sentence`` says which. ``final`` ends the whole unpacking."""

    def __init__(self, sentence: Text, *, final: bool) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence
        self.final = final


Tell = Callable[[str], None]
"""Hears the name of the file in work, at least every 64 MiB; it may raise to stop."""


def unpack(
    source: Path,
    into: Path,
    limits: Limits = DEFAULT_LIMITS,
    tell: Tell = lambda name: None,
    found: Callable[[Artifact], None] = lambda artifact: None,
    skip: Mapping[int, Text] = MappingProxyType({}),
) -> list[Artifact]:
    """The artifacts of a zip file, a folder or a single file.

    Entries of a zip are written below ``into`` (created) and kept there if a parser reads their
    kind; a folder's files and a single file are read where they are. ``found`` hears of each
    artifact as soon as it is complete; those whose position (from 0) is in ``skip`` are not
    touched, but named with the reason given there. Raises ``SourceUnreadable``.
    """
    try:
        if source.is_dir():
            return _told(_of_folder(source, limits, tell, skip), found)
        if not source.is_file():
            zh, en = f"{source}：没有这个文件或文件夹。", f"{source}: there is no such file or folder."
            raise SourceUnreadable(text(zh, en))
        if zip_entries.is_zip(source):
            into.mkdir(parents=True, exist_ok=True)
            return _told(_of_zip(source, into, limits, tell, skip), found)
        if 0 in skip:
            return [_nothing(entry_names.shown(source.name), State.UNREADABLE, skip[0])]
        return _told(iter([_in_place(source, entry_names.shown(source.name), tell)]), found)
    except PermissionError as error:
        zh, en = f"{source}：没有读取权限。", f"{source}: it may not be read ({error.strerror})."
        raise SourceUnreadable(text(zh, en)) from error


def _told(artifacts: Iterator[Artifact], found: Callable[[Artifact], None]) -> list[Artifact]:
    every = []
    for artifact in artifacts:
        every.append(artifact)
        found(artifact)
    return every


# -- Folders and single files -----------------------------------------------------------


def _of_folder(source: Path, limits: Limits, tell: Tell, skip: Mapping[int, Text]) -> Iterator[Artifact]:
    names = entry_names.Unique()
    count = 0
    for folder, folders, files in os.walk(source, followlinks=False):
        folders.sort()
        for name in sorted([*files, *(n for n in folders if Path(folder, n).is_symlink())]):
            count += 1
            if count > limits.entries:
                yield _not_read(names, "…", State.SKIPPED, _too_many(limits))
                return
            file = Path(folder, name)
            path = names.take(entry_names.shown(file.relative_to(source).as_posix()))
            mode = file.lstat().st_mode
            if count - 1 in skip:
                yield _nothing(path, State.UNREADABLE, skip[count - 1])
            elif stat.S_ISLNK(mode):
                yield _nothing(path, State.SKIPPED, LINK)
            elif not stat.S_ISREG(mode):
                yield _nothing(path, State.SKIPPED, SPECIAL)
            else:
                yield _in_place(file, path, tell)


def _in_place(file: Path, path: str, tell: Tell) -> Artifact:
    digest, size = hashlib.sha256(), 0
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                if size % PACE == 0:
                    tell(path)
                digest.update(chunk)
                size += len(chunk)
        kind = identify(file)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return _nothing(
            path, State.UNREADABLE, text(f"文件无法读取（{why}）。", f"The file cannot be read ({why}).")
        )
    return _judged(Artifact(path, file, digest.hexdigest(), size, kind))


# -- Zip files --------------------------------------------------------------------------


def _of_zip(
    source: Path, into: Path, limits: Limits, tell: Tell, skip: Mapping[int, Text]
) -> Iterator[Artifact]:
    names = entry_names.Unique()
    packed = max(source.stat().st_size, 1)
    produced = 0
    stop: Text | None = None
    for number, entry in enumerate(zip_entries.entries(source), start=1):
        if number > limits.entries:
            yield _not_read(names, "…", State.SKIPPED, _too_many(limits))
            return
        refusal = stop or entry.refusal or skip.get(number - 1)
        if refusal is None and names.taken(entry.path):
            refusal = TWICE
        if refusal is not None:
            yield _not_read(
                names,
                entry.path,
                State.UNREADABLE if entry.unreadable or number - 1 in skip else State.SKIPPED,
                refusal,
            )
            continue
        path = names.take(entry.path)
        file = into / f"{number:06d}"
        digest, size, damage = hashlib.sha256(), 0, None
        try:
            with file.open("wb") as out:
                for chunk in entry.chunks():
                    if (size + len(chunk)) // PACE > size // PACE or not size:
                        tell(path)
                        _check_disk(into, limits)
                    size += len(chunk)
                    _check(size, produced + size, packed, limits)
                    out.write(chunk)
                    digest.update(chunk)
        except LimitReached as reached:
            file.unlink()
            stop = reached.sentence if reached.final else None
            produced += 0 if reached.final else size
            yield _nothing(path, State.SKIPPED, reached.sentence)
            continue
        except zip_entries.Damaged as error:
            damage = error.sentence
        produced += size
        if damage is not None and size == 0:
            yield _nothing(path, State.UNREADABLE, damage)
            continue
        artifact = Artifact(path, file, digest.hexdigest(), size, identify(file))
        if damage is not None:
            artifact.state, artifact.detail = State.PARTLY, damage
        judged = _judged(artifact)
        if judged.kind not in PARSED and not limits.keep:
            file.unlink()  # no parser will read it; its place on the disk may be needed
            judged.file = Path(os.devnull)
        yield judged


def _check(size: int, produced: int, packed: int, limits: Limits) -> None:
    if size > limits.file:
        raise LimitReached(
            text(
                f"解压后超过单个文件的上限（{limits.file:,} 字节），未读取。",
                f"Unpacked it exceeds the limit for one file ({limits.file:,} bytes); it was not read.",
            ),
            final=False,
        )
    if produced > limits.total:
        raise LimitReached(
            text(
                f"解压总量已达上限（{limits.total:,} 字节），此文件及其后的文件未读取。",
                f"The limit for the whole bundle ({limits.total:,} bytes) is reached; this file and "
                "those after it "
                "were not read.",
            ),
            final=True,
        )
    if produced > limits.ratio_floor and produced > packed * limits.ratio:
        raise LimitReached(
            text(
                f"解压后的数据超过压缩包的 {limits.ratio} 倍，为安全起见停止解压。",
                f"The unpacked data exceeds {limits.ratio} times the archive's size; unpacking "
                "stopped for safety.",
            ),
            final=True,
        )


def _check_disk(into: Path, limits: Limits) -> None:
    if shutil.disk_usage(into).free < limits.free_disk:
        raise LimitReached(
            text(
                "分析服务器的磁盘空间不足，此文件及其后的文件未读取。请联系管理员后重新分析。",
                "The analysis machine is short of disk space; this file and those after it were not read. "
                "Ask the administrator, then analyse again.",
            ),
            final=True,
        )


# -- Judgements -------------------------------------------------------------------------

LINK = text(
    "这是一个链接；链接不被跟随，未读取。", "This is a link; links are not followed, it was not read."
)
SPECIAL = text("这不是普通文件，未读取。", "This is no regular file; it was not read.")
TWICE = text(
    "压缩包中有两个同名文件；只读取第一个。",
    "The archive holds two files of this name; only the first was read.",
)
NESTED = text(
    "压缩包中的压缩包尚不自动展开。请解压后单独上传。",
    "An archive inside the bundle is not opened yet. Please unpack it and upload its content.",
)
ARCHIVE = text(
    "这种压缩格式不被支持。请改用 zip 格式上传。",
    "This archive format is not supported. Please upload a zip file instead.",
)
OTHER = text(
    "不属于可分析的类型；只记录了大小和哈希。",
    "Not a kind that is analysed; its size and hash are on record.",
)


def _judged(artifact: Artifact) -> Artifact:
    """Files that no parser reads are skipped by name."""
    if artifact.kind is Kind.ARCHIVE:
        return _skipped(artifact, NESTED)
    return _skipped(artifact, OTHER) if artifact.kind is Kind.OTHER else artifact


def _skipped(artifact: Artifact, why: Text) -> Artifact:
    if artifact.state is State.READ:
        artifact.state, artifact.detail = State.SKIPPED, why
    return artifact


def _not_read(names: entry_names.Unique, path: str, state: State, why: Text) -> Artifact:
    return _nothing(names.take(path), state, why)


def _nothing(path: str, state: State, why: Text) -> Artifact:
    """An artifact without bytes: size 0 and the hash of nothing."""
    return Artifact(path, Path(os.devnull), EMPTY_SHA256, 0, Kind.OTHER, state, why)


def _too_many(limits: Limits) -> Text:
    return text(
        f"文件数量超过上限（{limits.entries:,} 个），其余文件未读取。",
        f"There are more files than the limit ({limits.entries:,}); the rest was not read.",
    )
