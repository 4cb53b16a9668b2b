"""What a console breaks at its width: hash rows of a table, and lists of ``Name : value`` lines.

A block is one hash row, or one run of values; it stays open until something else begins, since a
value may go on below, even behind a blank line.
"""

import re

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.hashes import DIGITS, DRIVE, HEX, take_hash
from engine.parsers.captures.keys import OF_POWERSHELL, SUB_KEYS, Key, key_of
from engine.parsers.captures.lines import MAX_LINE_LENGTH, Line, Value
from engine.parsers.captures.page import Page
from engine.parsers.captures.properties import property_of
from engine.parsers.captures.starts import ROW, is_header, starts_something
from engine.parsers.captures.values import is_absolute, plain_path, resolve, squeezed, without_cut
from engine.text import text

MAX_PIECES = 40
"""Lines of one value; no console is that narrow."""
BEGINNINGS = frozenset({"algorithm", "pspath"})
"""With these properties PowerShell begins an object."""
EXTENSION = re.compile(r"\.\w{2,4}$")
PATH_REST = re.compile(r"\\|^\s*[A-Za-z0-9._-]{1,6}\s*$|\.\w{2,4}\s*$")
OWNER = re.compile(
    r"^(?P<path>(?:[A-Za-z]:\\|\\\\)[^<>|:]{1,500}|[^\s\\/:<>|]{1,100}\.[A-Za-z0-9]{2,5}) ?[:\uff1a]?$"
)
"""A file's name on a line of its own, its values below."""
INDENTED = re.compile(r"\s{1,40}[^\s:：\\][^:：\\]{0,30}[:：]\s*\S")
LABEL = re.compile(r"^\s{0,40}(?P<name>[^\s:：\\][^:：\\]{0,30})[:：]\s*\S")
"""A value of a list under a name that is not known."""
NO_FACTS = text(
    "这里列出的属性不含文件的哈希、大小、时间或版本，未读取。",
    "The properties listed here hold no hash, size, time or version of a file; they were not read.",
)


class Console:
    """The block that is open, if any."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.values: dict[str, Value] = {}
        self.row: Value | None = None
        self.open: Value | None = None
        self.parted = False
        """A blank line stands below the last value."""

    # -- Lines ------------------------------------------------------------------------

    def takes(self, at: int) -> bool:
        """Whether it took the line: a row, a value, titles, the rest of what is open."""
        line = self.page.lines[at]
        if row := ROW.match(line.text):
            self.close()
            self.row = self.open = Value(line.number, row.start("rest"), [row["rest"]], [line.width])
            self.values["algorithm"] = Value(line.number, 0, [row["algorithm"]], [0])
        elif key := key_of(line.text):
            self._key(line, key)
        elif is_header(line.text):
            self.open = None
        elif self.values and self.row is None and not self.parted and (label := LABEL.match(line.text)):
            self.values[label["name"].casefold()] = self.open = Value(line.number, 0, [""], [line.width])
        elif self.open is not None and not starts_something(line) and not self._complete(line.text):
            self.open.add(line)
        elif self._rest_of_language(at):
            pass
        else:
            return self._owner(line, at)
        return True

    def takes_digits(self, line: Line) -> bool:
        """Whether the line is the rest of a hash that was broken."""
        if self.open is None or len(self.open.pieces) >= MAX_PIECES or not self._lacks_digits():
            return False
        first = line.text.split(None, 1)[0]
        drive = re.search(r"[A-Za-z]:[\\/]", first)
        if not HEX.issuperset(first[: drive.start()] if drive else first):
            return False
        self.open.add(line)
        return True

    def blank(self, at: int) -> None:
        """A blank line ends a value, unless a mail program put it in its middle."""
        if not self._wants_more(at):
            self.open = None
        self.parted = True

    def close(self) -> None:
        """Says what the block holds."""
        values, row = self.values, self.row
        self.values, self.row, self.open = {}, None, None
        if not values:
            return
        if row is not None:
            self._say_row(values["algorithm"], row)
        else:
            self._say_list(values)

    # -- Parts of a list --------------------------------------------------------------

    def _key(self, line: Line, key: Key) -> None:
        name, content, column = key.name, key.value, key.column
        if key.indent:
            column = key.indent  # a broken value goes on below the name
        known = key.known or name
        top = not key.indent and name not in SUB_KEYS
        if self.row is not None or (top and self._again(name, known)) or name in BEGINNINGS:
            self.close()
        if name == "versioninfo" and (sub := key_of(content)) and sub.name in SUB_KEYS:
            name, content = sub.name, sub.value
        if name in self.values and name in SUB_KEYS:
            self.close()
        self.parted = False
        self.values[name] = self.open = Value(line.number, column, [content], [line.width])

    def _again(self, name: str, known: str) -> bool:
        """The value begins the next entry: its name was there already, or the answer of another command."""
        if name in self.values:
            return True
        return known == "name" and "hash" in self.values and self.parted

    def _owner(self, line: Line, at: int) -> bool:
        """A file's name above its values."""
        owner = OWNER.match(line.text.strip())
        following = self.page.lines[at + 1] if at + 1 < len(self.page.lines) else None
        below = key_of(following.text) if following else None
        if owner is None or following is None:
            return False
        listed = below is not None and below.known not in {None, "path", "algorithm"}
        if not listed and not INDENTED.match(following.text):
            return False
        self.close()
        self.values["path"] = Value(line.number, 0, [owner["path"].strip()], [0])
        return True

    # -- Broken values ----------------------------------------------------------------

    def _is_hash(self) -> bool:
        """The open value is a hash, of which something stands there."""
        name = next((name for name, value in self.values.items() if value is self.open), "")
        known = property_of(name)
        return (known == "hash" or known in DIGITS) and self.open is not None and self.open.length > 0

    def _lacks_digits(self) -> bool:
        assert self.open is not None
        stated = self.values["algorithm"].pieces[0].strip() if "algorithm" in self.values else ""
        digits = DIGITS.get(stated.upper(), 64)
        if self.open is self.row:
            pass
        elif self.open is not self.values.get("hash"):
            name = next((name for name, value in self.values.items() if value is self.open), "")
            known = property_of(name)
            if known not in DIGITS:
                return False
            digits = DIGITS[known]
        taken = take_hash(self.open.joined(self.page.width), digits)
        return taken.digits < digits and not taken.rest and not taken.wrong

    def _wants_more(self, at: int) -> bool:
        """A value cut in two by an empty line, as mail programs do: its rest must fit exactly."""
        if self.open is None or self.row is not self.open:
            return False
        lines = self.page.lines
        following = next((line for line in lines[at + 1 : at + 3] if not line.blank), None)
        if following is None or starts_something(following) or is_header(following.text):
            return False
        algorithm = self.values["algorithm"].pieces[0].upper()
        digits = DIGITS.get(algorithm, 64)
        taken = take_hash(self.open.joined(self.page.width), digits)
        if taken.digits < digits:
            return following.text.strip()[:1] in HEX
        whole = squeezed(taken.rest + following.text)
        return bool(taken.rest) and squeezed(self.page.target).startswith(whole)

    def _rest_of_language(self, at: int) -> bool:
        """``英语(美国)`` comes broken by empty lines too; the properties go on behind it."""
        if list(self.values)[-1:] != ["language"]:
            return False
        lines = self.page.lines[at + 1 : at + 5]
        following = next((key for line in lines if (key := key_of(line.text))), None)
        return following is not None and following.name in {"basename", "target"} - set(self.values)

    def _complete(self, following: str) -> bool:
        """The open value is a whole path and the next line no rest of it, but a heading."""
        assert self.open is not None
        if len(self.open.pieces) >= MAX_PIECES or self.open.length > MAX_LINE_LENGTH:
            return True
        path = self.open.joined(self.page.width)
        target = self.page.target
        if self.open is self.row and target and squeezed(path).endswith(squeezed(target)):
            return True
        if self.open is not self.row and self._is_hash() and not self._lacks_digits():
            return True
        if self.open is not self.row and any(self.open is self.values.get(n) for n in self._fixed()):
            return True
        whole = DRIVE.search(path) is not None and EXTENSION.search(path[-5:]) is not None
        return whole and PATH_REST.search(following) is None

    def _fixed(self) -> list[str]:
        """Values that stand on one line in every form: a size that is written is whole."""
        return [n for n, v in self.values.items() if property_of(n) in {"size", "algorithm"} and v.pieces[0]]

    # -- What it says -----------------------------------------------------------------

    def _say_row(self, algorithm: Value, row: Value) -> None:
        name = algorithm.pieces[0].upper()
        whole = row.joined(self.page.width)
        rest = take_hash(whole, DIGITS[name]).rest if name in DIGITS else ""
        path, cut = without_cut(plain_path(rest))
        if path and not cut:
            self.page.spoken.spell(path, row.rank(self.page.width))
        digits = whole[: len(whole) - len(rest)] if rest else whole
        values = {"algorithm": name, "hash": digits, "path": rest}
        say_entry(self.page, row.line, values)

    def _say_list(self, values: dict[str, Value]) -> None:
        width, spoken = self.page.width, self.page.spoken
        texts = {name: value.joined(width) for name, value in values.items()}
        entry: dict[str, str] = {}
        for name, content in texts.items():
            if (known := property_of(name)) and content and known != "path" and known not in entry:
                entry[known] = content
        paths: list[str] = [n for n in ("fullname", "pspath", "path", "file", "filename") if n in texts]
        paths += [n for n in texts if property_of(n) == "path" and n not in paths]
        for name in paths:
            path = plain_path(texts[name])
            if is_absolute(path) and not without_cut(path)[1]:
                spoken.spell(
                    path, 0 if values[name].whole and name == "fullname" else values[name].rank(width)
                )
            if path and (is_absolute(path) or property_of(name) == "path"):
                entry.setdefault("path", path)
        if "path" not in entry and "folder" in entry and "name" in entry:
            entry["path"] = resolve(plain_path(entry["folder"]), entry["name"])
        for name in ("fileversion", "productversion"):
            if texts.get(name):
                spoken.spell(texts[name], values[name].rank(width))
        line = values["hash"].line if "hash" in values else min(value.line for value in values.values())
        if any(
            name in {"hash", "size", "modified", "version", "productversion"} or name.isupper()
            for name in entry
        ):
            say_entry(self.page, line, entry)
        elif len(set(texts) & OF_POWERSHELL) > 1:
            self.page.miss_once("list", line, NO_FACTS)
