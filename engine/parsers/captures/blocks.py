"""One block of a capture: a hash row, or one run of ``Name : value`` lines, made into facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.parsers.captures import values as capture_values
from engine.parsers.captures.lines import Value
from engine.parsers.captures.states import Gathered
from engine.parsers.captures.values import squeezed
from engine.text import text


@dataclass(frozen=True)
class Block:
    """``row`` is a table's hash and path, ``values`` the properties by lower-case name.

    ``folder`` and ``target`` come from the prompt above: where it stood, which file it asked for.
    """

    label: str
    folder: str
    target: str
    width: int
    values: Mapping[str, Value]
    row: Value | None

    def read_into(self, gathered: Gathered) -> None:
        """Adds the block's facts; what is not understood is named."""
        if self.row is not None:
            self._hash(self.row, self.row, gathered)
            return
        if "hash" in self.values:
            self._hash(self.values["hash"], self.values.get("path"), gathered)
        if {"length", "lastwritetime", "fileversion", "productversion"} & set(self.values):
            self._item(gathered)

    def _hash(self, value: Value, path: Value | None, gathered: Gathered) -> None:
        algorithm = self._text("algorithm").upper() or "SHA256"
        if algorithm != "SHA256":
            zh = f"{algorithm} 哈希不用于比较，请用 SHA-256 采集。"
            gathered.miss(
                value.line, text(zh, f"A {algorithm} hash is not compared; please capture SHA-256.")
            )
            return
        taken = capture_values.take_hash(value.joined(self.width))
        if taken.sha256 is None:
            zh = f"SHA-256 应为 64 位十六进制数字，此处读到 {taken.digits} 个字符，无法使用。"
            en = f"A SHA-256 has 64 hex digits; {taken.digits} characters stand here, it cannot be used."
            gathered.miss(value.line, text(zh, en))
        if path is None or path is self.row:
            where = self._path(taken.rest, value, gathered)
        else:
            where = self._path(path.joined(self.width), path, gathered)
        gathered.draft_with_hash(self.label, where, value.line).sha256 = taken.sha256

    def _item(self, gathered: Gathered) -> None:
        line = min(value.line for value in self.values.values())
        draft = gathered.draft_with_item(self.label, self._item_path(gathered), line)
        if size := self.values.get("length"):
            draft.size = capture_values.read_size(size.joined(self.width))
            if draft.size is None:
                self._miss(size, "Length", gathered)
        if modified := self.values.get("lastwritetime"):
            draft.modified = capture_values.read_date(modified.joined(self.width))
            if draft.modified is None:
                self._miss(modified, "LastWriteTime", gathered)
        draft.version = self._version(gathered)

    def _version(self, gathered: Gathered) -> str | None:
        """The file version, in the spelling of the product version where that is less broken."""
        stated = [self.values[name] for name in ("fileversion", "productversion") if name in self.values]
        texts = [value.joined(self.width) for value in stated]
        if not texts or not texts[0]:
            return None
        for value, version in zip(stated, texts, strict=True):
            gathered.spell(version, value.rank(self.width))
        return texts[0]

    def _path(self, written: str, value: Value, gathered: Gathered) -> str:
        """A row's path; one cut off by the table ("…") or left out comes from the prompt."""
        path = capture_values.plain_path(written)
        cut = re.sub(r"(\.\.\.|…)$", "", path)
        if not path or cut != path:
            fits = squeezed(self.target).startswith(squeezed(cut))
            return self.target if self.target and fits else path
        gathered.spell(path, value.rank(self.width))
        return path

    def _item_path(self, gathered: Gathered) -> str:
        first_path = ""
        for name in ("fullname", "pspath", "file", "filename"):
            value = self.values.get(name)
            path = capture_values.plain_path(value.joined(self.width)) if value else ""
            if value and capture_values.is_absolute(path):
                gathered.spell(path, 0 if value.whole and name == "fullname" else value.rank(self.width))
                first_path = first_path or path
        if first_path or "name" not in self.values:
            return first_path or self.target
        return capture_values.resolve(self._text("directoryname") or self.folder, self._text("name"))

    def _text(self, name: str) -> str:
        value = self.values.get(name)
        return value.joined(self.width) if value else ""

    @staticmethod
    def _miss(value: Value, name: str, gathered: Gathered) -> None:
        gathered.miss(value.line, text(f"{name} 的值无法识别。", f"The value of {name} was not understood."))
