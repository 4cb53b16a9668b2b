"""One block of a capture: a hash row, or one run of ``Name : value`` lines, made into facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.parsers.captures import values as capture_values
from engine.parsers.captures.facts import FileFact
from engine.parsers.captures.lines import Value
from engine.parsers.captures.spoken import Spoken
from engine.parsers.captures.values import squeezed
from engine.text import text


@dataclass(frozen=True)
class Block:
    """``row`` is a table's hash and path, ``values`` the properties by lower-case name.

    ``folder`` and ``target`` come from the prompt above: where it stood, which file it asked for.
    """

    folder: str
    target: str
    width: int
    values: Mapping[str, Value]
    row: Value | None

    def read_into(self, spoken: Spoken) -> None:
        """Adds the block's facts; what is not understood is named."""
        if self.row is not None:
            self._hash(self.row, self.row, spoken)
            return
        if "hash" in self.values:
            self._hash(self.values["hash"], self.values.get("path"), spoken)
        if {"length", "lastwritetime", "fileversion", "productversion"} & set(self.values):
            self._item(spoken)

    def _hash(self, value: Value, path: Value | None, spoken: Spoken) -> None:
        algorithm = self._text("algorithm").upper() or "SHA256"
        if algorithm != "SHA256":
            zh = f"{algorithm} 哈希不用于比较，请用 SHA-256 采集。"
            spoken.miss(value.line, text(zh, f"A {algorithm} hash is not compared; please capture SHA-256."))
            return
        taken = capture_values.take_hash(value.joined(self.width))
        if taken.sha256 is None:
            zh = f"SHA-256 应为 64 位十六进制数字，此处读到 {taken.digits} 个字符，无法使用。"
            en = f"A SHA-256 has 64 hex digits; {taken.digits} characters stand here, it cannot be used."
            spoken.miss(value.line, text(zh, en))
        if path is None or path is self.row:
            where = self._path(taken.rest, value, spoken)
        else:
            where = self._path(path.joined(self.width), path, spoken)
        path_written, cut = where
        hashes = {algorithm: taken.sha256} if taken.sha256 else {}
        spoken.say(FileFact(value.line, path_written, cut, hashes, bad_hash=taken.sha256 is None))

    def _item(self, spoken: Spoken) -> None:
        size = modified = None
        if stated := self.values.get("length"):
            size = capture_values.read_size(stated.joined(self.width))
            if size is None:
                self._miss(stated, "Length", spoken)
        if stated := self.values.get("lastwritetime"):
            modified = capture_values.read_date(stated.joined(self.width))
            if modified is None:
                self._miss(stated, "LastWriteTime", spoken)
        line = min(value.line for value in self.values.values())
        path, version = self._item_path(spoken), self._version(spoken)
        spoken.say(FileFact(line, path, size=size, modified=modified, version=version))

    def _version(self, spoken: Spoken) -> str | None:
        """The file version, in the spelling of the product version where that is less broken."""
        stated = [self.values[name] for name in ("fileversion", "productversion") if name in self.values]
        texts = [value.joined(self.width) for value in stated]
        if not texts or not texts[0]:
            return None
        for value, version in zip(stated, texts, strict=True):
            spoken.spell(version, value.rank(self.width))
        return texts[0]

    def _path(self, written: str, value: Value, spoken: Spoken) -> tuple[str, bool]:
        """A row's path, and whether it is cut; one cut off by the table ("…") or left out comes from the
        prompt."""
        path = capture_values.plain_path(written)
        kept = re.sub(r"(\.\.\.|…)$", "", path)
        if not path or kept != path:
            fits = squeezed(self.target).startswith(squeezed(kept))
            return (self.target, False) if self.target and fits else (kept, kept != path)
        spoken.spell(path, value.rank(self.width))
        return path, False

    def _item_path(self, spoken: Spoken) -> str:
        first_path = ""
        for name in ("fullname", "pspath", "file", "filename"):
            value = self.values.get(name)
            path = capture_values.plain_path(value.joined(self.width)) if value else ""
            if value and capture_values.is_absolute(path):
                spoken.spell(path, 0 if value.whole and name == "fullname" else value.rank(self.width))
                first_path = first_path or path
        if first_path or "name" not in self.values:
            return first_path or self.target
        name, asked = self._text("name"), re.split(r"[\\/]", self.target)[-1]
        if name and squeezed(name) == squeezed(asked):
            return self.target
        return capture_values.resolve(self._text("directoryname") or self.folder, name)

    def _text(self, name: str) -> str:
        value = self.values.get(name)
        return value.joined(self.width) if value else ""

    @staticmethod
    def _miss(value: Value, name: str, spoken: Spoken) -> None:
        spoken.miss(value.line, text(f"{name} 的值无法识别。", f"The value of {name} was not understood."))
