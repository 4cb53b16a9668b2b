"""From an uploaded file or a folder to artifacts, safely.

Nothing of an archive decides where bytes are written: entries land in numbered files, their
names are only shown. Headers are not believed: limits count the bytes really produced, in all
archives inside one another together. Whatever cannot be taken out becomes an artifact that says
why; it never costs the others.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

from engine.artifacts import ARCHIVE, OTHER, Artifact, State
from engine.parsers.registry import PARSERS
from engine.text import Text, joined, text
from engine.unpacking import entry_names, self_extracting, unanalysed
from engine.unpacking.archives import opening
from engine.unpacking.archives.budget import DEFAULT_LIMITS, Budget, LimitReached, Limits
from engine.unpacking.archives.entry import LINK, SPECIAL, ArchiveUnreadable, Damaged, Entry, Locked
from engine.unpacking.archives.formats import part_of_many
from engine.unpacking.identify import identify
from engine.unpacking.self_extracting import Carried

PROGRAM = "pe"
CHUNK = 1 << 20
PACE = 64 * CHUNK
PARSED = {kind for kind, parser in PARSERS.items() if parser.parse is not None}
EMPTY_SHA256 = hashlib.sha256().hexdigest()

TWICE = text(
    "压缩包中有两个同名文件；只读取第一个。",
    "The archive holds two files of this name; only the first was read.",
)
EMPTY = text("压缩包中没有文件。", "The archive holds no files.")


class SourceUnreadable(Exception):
    """The path given is no file or folder that can be read; ``sentence`` is for people."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence


Emit = Callable[[str], None]
"""Hears the name of the file in work, at least every 64 MiB; it may raise to stop."""


def unpack(
    source: Path,
    into: Path,
    limits: Limits = DEFAULT_LIMITS,
    emit: Emit = lambda name: None,
    on_artifact: Callable[[Artifact], None] = lambda artifact: None,
    skip: Mapping[int, Text] = MappingProxyType({}),
    password: str | None = None,
) -> list[Artifact]:
    """The artifacts of an archive, a folder or a single file; archives inside are opened, too.

    Entries are written below ``into`` (created) and kept there if a parser reads their kind; a
    folder's files and a single file are read where they are. ``on_artifact`` hears of each artifact as
    soon as it is complete; those whose position (from 0) is in ``skip`` are not touched, but named
    with the reason given there. Raises ``SourceUnreadable``.
    """
    try:
        work = _Unpacking(source, into, limits, emit, on_artifact, skip, password)
        if source.is_dir():
            work.folder()
        elif source.is_file():
            work.single()
        else:
            zh, en = f"{source}：没有这个文件或文件夹。", f"{source}: there is no such file or folder."
            raise SourceUnreadable(text(zh, en))
    except PermissionError as error:
        zh, en = f"{source}：没有读取权限。", f"{source}: it may not be read ({error.strerror})."
        raise SourceUnreadable(text(zh, en)) from error
    return work.artifacts


class _Unpacking:
    """One unpacking; ``artifacts`` grows in an order that is the same every time."""

    def __init__(
        self,
        source: Path,
        into: Path,
        limits: Limits,
        emit: Emit,
        on_artifact: Callable[[Artifact], None],
        skip: Mapping[int, Text],
        password: str | None,
    ) -> None:
        self.artifacts: list[Artifact] = []
        self._source, self._into, self._limits = source, into, limits
        self._emit, self._on_artifact, self._skip, self._password = emit, on_artifact, skip, password
        self._names = entry_names.Unique()
        self._files = 0
        self._budget = Budget(limits, 1)

    # -- Folders and single files -------------------------------------------------------

    def folder(self) -> None:
        """Every file below the source; links are named, not followed."""
        for folder, folders, files in os.walk(self._source, followlinks=False):
            folders.sort()
            for name in sorted([*files, *(n for n in folders if Path(folder, n).is_symlink())]):
                file = Path(folder, name)
                path = self._names.take(entry_names.shown(file.relative_to(self._source).as_posix()))
                try:
                    self._budget.one_more()
                except LimitReached as reached:
                    return self._without_bytes("…", State.SKIPPED, reached.sentence)
                self._on_disk(file, path)
        return None

    def single(self) -> None:
        """The source itself, or what is in it."""
        name = entry_names.shown(self._source.name)
        if identify(self._source) == ARCHIVE:
            self._budget.packed = max(self._source.stat().st_size, 1)
            self._open(self._source, "", name, 0, None)
        else:
            self._names.take(name)
            self._on_disk(self._source, name)

    def _on_disk(self, file: Path, path: str) -> None:
        mode, dead = file.lstat().st_mode, self._dead()
        if dead is not None:
            return self._without_bytes(path, State.UNREADABLE, dead)
        if file != self._source and not stat.S_ISREG(mode):
            return self._without_bytes(path, State.SKIPPED, LINK if stat.S_ISLNK(mode) else SPECIAL)
        digest, size = hashlib.sha256(), 0
        try:
            with file.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    if size % PACE == 0:
                        self._emit(path)
                    digest.update(chunk)
                    size += len(chunk)
            kind = identify(file)
        except OSError as error:
            why = error.strerror or type(error).__name__
            unread = text(f"文件无法读取（{why}）。", f"The file cannot be read ({why}).")
            return self._without_bytes(path, State.UNREADABLE, unread)
        self._budget.packed += size
        return self._add(Artifact(path, file, digest.hexdigest(), size, kind), 0)

    # -- Archives -----------------------------------------------------------------------

    def _open(self, file: Path, inside: str, name: str, depth: int, container: Artifact | None) -> None:
        """Takes out every entry; ``inside`` goes before their names. The container tells what is wrong."""
        self._into.mkdir(parents=True, exist_ok=True)
        before = len(self.artifacts)
        scratch = self._new_file()
        try:
            with closing(opening.entries(file, name, self._password, scratch)) as entries:
                self._take_all(entries, inside, depth, one_by_one=opening.has_directory(file))
        except ArchiveUnreadable as error:
            if container is None:
                path = self._names.take(entry_names.shown(name))
                return self._without_bytes(path, State.UNREADABLE, error.sentence, error.locked, ARCHIVE)
            nothing = len(self.artifacts) == before
            container.state = State.UNREADABLE if nothing else State.PARTLY
            container.detail, container.locked = error.sentence, error.locked
        if container is None and len(self.artifacts) == before:
            self._without_bytes(self._names.take(name), State.SKIPPED, EMPTY, kind=ARCHIVE)
        return None

    def _take_all(self, entries: Iterator[Entry], inside: str, depth: int, *, one_by_one: bool) -> None:
        while True:
            stop = self._budget.stop or self._dead()
            if stop is not None and not one_by_one:
                # The next entry lies behind bytes that would have to be decoded.
                return self._rest(inside, stop, State.SKIPPED if self._budget.stop else State.UNREADABLE)
            entry = next(entries, None)
            if entry is None:
                return None
            try:
                self._budget.one_more()
            except LimitReached as reached:
                return self._rest(inside, reached.sentence)
            self._take(entry, inside, depth)

    def _rest(self, inside: str, why: Text, state: State = State.SKIPPED) -> None:
        """One line for all that is left out of an archive, unless the line before says it already."""
        if not self.artifacts or self.artifacts[-1].detail is not why:
            self._without_bytes(self._names.take(inside + "…"), state, why)

    def _take(self, entry: Entry, inside: str, depth: int) -> None:
        path, dead = entry_names.shown(inside + entry.name), self._dead()
        refusal = self._budget.stop or entry.refusal or dead or self._name_refusal(entry.name)
        if refusal is None and self._names.taken(path):
            refusal = TWICE
        path = self._names.take(path)
        if refusal is not None:
            broken = entry.unreadable or dead is not None
            state = State.UNREADABLE if broken else State.SKIPPED
            return self._without_bytes(path, state, refusal, entry.locked)
        file = self._new_file()
        try:
            digest, size, damage = self._write(entry, path, file)
        except LimitReached as reached:
            file.unlink(missing_ok=True)
            return self._without_bytes(path, State.SKIPPED, reached.sentence)
        if damage is not None and (size == 0 or isinstance(damage, Locked)):
            file.unlink()
            locked = isinstance(damage, Locked)
            return self._without_bytes(path, State.UNREADABLE, damage.sentence, locked)
        artifact = Artifact(path, file, digest, size, identify(file))
        artifact.note = joined(*entry.notes) if entry.notes else None
        if damage is not None:
            artifact.state, artifact.detail = State.PARTLY, damage.sentence
        self._add(artifact, depth)
        if artifact.kind not in PARSED and not self._limits.keep:
            file.unlink()  # no parser will read it; its place on the disk may be needed
            artifact.file = Path(os.devnull)
        return None

    def _write(self, entry: Entry, path: str, file: Path) -> tuple[str, int, Damaged | None]:
        """SHA-256, size and damage of the entry's bytes, now in ``file``; raises ``LimitReached``."""
        digest, size = hashlib.sha256(), 0
        self._emit(path)
        self._budget.look_at_disk(self._into)
        with file.open("wb") as out:
            try:
                for chunk in entry.chunks():
                    if (size + len(chunk)) // PACE > size // PACE:
                        self._emit(path)
                        self._budget.look_at_disk(self._into)
                    size += len(chunk)
                    self._budget.spend(len(chunk), size)
                    out.write(chunk)
                    digest.update(chunk)
            except Damaged as error:
                return digest.hexdigest(), size, error
        return digest.hexdigest(), size, None

    # -- Artifacts ----------------------------------------------------------------------

    def _add(self, artifact: Artifact, depth: int) -> None:
        """Judges a file that is there; archives are opened as long as they are not too deep."""
        part = _part(artifact)
        if artifact.kind == ARCHIVE and part is None:
            if depth >= self._limits.depth:
                return self._say(_skipped(artifact, self._too_deep()))
            if artifact.state is State.READ:
                artifact.detail = opening.opened(artifact.file)
            self._say(artifact)
            if self._budget.stop is None:
                name = artifact.path.rpartition("/")[2]
                self._open(artifact.file, artifact.path + "/", name, depth + 1, artifact)
            return None
        if artifact.kind in {OTHER, ARCHIVE}:
            artifact = _skipped(artifact, part) if part else looked_at(artifact)
        if artifact.kind == PROGRAM:
            return self._program(artifact, depth)
        return self._say(artifact)

    def _program(self, artifact: Artifact, depth: int) -> None:
        """A program, and the archive that it may carry."""
        found = self_extracting.carried(artifact.file)
        if isinstance(found, str):
            artifact.note = joined(artifact.note, self_extracting.not_unpacked(found))
        opens = isinstance(found, Carried) and depth < self._limits.depth and self._budget.stop is None
        if isinstance(found, Carried) and not opens:
            artifact.note = joined(artifact.note, self._budget.stop or self._too_deep())
        if opens and isinstance(found, Carried):
            artifact.note = joined(artifact.note, self_extracting.OPENED)
        self._say(artifact)
        if opens and isinstance(found, Carried):
            self._carried(artifact, found, depth)

    def _carried(self, artifact: Artifact, found: Carried, depth: int) -> None:
        archive = artifact.file
        try:
            if found.offset:
                archive = self._without_the_program(artifact, found.offset)
            container = Artifact(artifact.path, archive, "", 0, ARCHIVE)
            name = artifact.path.rpartition("/")[2]
            self._open(archive, artifact.path + "/", name, depth + 1, container)
        except LimitReached as reached:
            container = _skipped(Artifact(artifact.path, archive, "", 0, ARCHIVE), reached.sentence)
        finally:
            if archive != artifact.file:
                archive.unlink(missing_ok=True)
        if container.state is not State.READ:
            artifact.note = container.detail

    def _without_the_program(self, artifact: Artifact, offset: int) -> Path:
        """What lies behind the program, in a file of its own; raises ``LimitReached``."""
        self._into.mkdir(parents=True, exist_ok=True)
        archive = self._new_file()
        with artifact.file.open("rb") as stream, archive.open("wb") as out:
            stream.seek(offset)
            while chunk := stream.read(CHUNK):
                self._budget.look_at_disk(self._into)
                out.write(chunk)
        return archive

    def _without_bytes(
        self, path: str, state: State, why: Text, locked: bool = False, kind: str = OTHER
    ) -> None:
        """An artifact without bytes: size 0 and the hash of nothing."""
        self._say(Artifact(path, Path(os.devnull), EMPTY_SHA256, 0, kind, state, why, locked))

    def _say(self, artifact: Artifact) -> None:
        self.artifacts.append(artifact)
        self._on_artifact(artifact)

    # -- Small things -------------------------------------------------------------------

    def _dead(self) -> Text | None:
        """Why the artifact that comes next is not touched: an earlier attempt ended there."""
        return self._skip.get(len(self.artifacts))

    def _new_file(self) -> Path:
        self._files += 1
        return self._into / f"{self._files:06d}"

    def _name_refusal(self, name: str) -> Text | None:
        if len(name) > self._limits.path:
            return text(
                f"文件名（含路径）超过 {self._limits.path:,} 个字符，未读取。",
                f"The name with its path is longer than {self._limits.path:,} characters; it was not read.",
            )
        return entry_names.refusal(name)

    def _too_deep(self) -> Text:
        return text(
            f"压缩包嵌套超过 {self._limits.depth} 层，未展开。请解压后上传其中的内容。",
            f"Archives inside one another are opened {self._limits.depth} deep; this one lies deeper. Please "
            "unpack it and upload its content.",
        )


def _part(artifact: Artifact) -> Text | None:
    """What to do about a part of a divided archive."""
    if artifact.kind not in {ARCHIVE, OTHER}:
        return None
    with artifact.file.open("rb") as stream:
        return part_of_many(stream.read(CHUNK >> 8), artifact.path)


def looked_at(artifact: Artifact) -> Artifact:
    """Says what a file is that no parser reads; one that is not what it should be is unreadable."""
    with artifact.file.open("rb") as stream:
        thing = unanalysed.thing_of(stream.read(CHUNK >> 8), artifact.path)
    artifact.form = thing.form if thing else ""
    if artifact.form in unanalysed.BROKEN_FORMS and artifact.state is State.READ:
        artifact.state, artifact.detail = State.UNREADABLE, thing.said if thing else None
    return _skipped(artifact, thing.said if thing else unanalysed.NOT_ANALYSED)


def _skipped(artifact: Artifact, why: Text) -> Artifact:
    if artifact.state is State.READ:
        artifact.state, artifact.detail = State.SKIPPED, why
    return artifact
