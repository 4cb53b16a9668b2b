"""Every character of a report is drawn: by the report's own face, by a fallback of its script, or written
out as its code point. An empty box tells a reader nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

PREFERRED = ("Noto Sans", "Noto Sans CJK SC")
"""Fallbacks that are asked first; then the other sans-serif ones by name, the emoji, what is left."""
ZWNJ, ZWJ = "\u200c", "\u200d"
REGIONAL = range(0x1F1E6, 0x1F200)
SKIN = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)


def drawn_by(own: Path, folders: tuple[Path, ...], page: Any) -> tuple[Any, list[str]]:
    """A JSON value with text that can be drawn as a whole, and the families of fallbacks that it needs.

    ``own`` is the face that draws what it can; ``folders`` (those that are there) hold the fallbacks.
    """
    pen = _Pen(_letters(own, 0), folders)
    drawable = pen.drawable(page)
    return drawable, [family for family in _fallbacks(folders) if family in pen.used] if pen.used else []


@dataclass
class _Pen:
    own: frozenset[int]
    folders: tuple[Path, ...]
    used: set[str] = field(default_factory=set)

    def drawable(self, page: Any) -> Any:
        if isinstance(page, str):
            return (
                page
                if page.isascii() or self._own_covers(page)
                else "".join(map(self._drawn, clusters(page)))
            )
        if isinstance(page, dict):
            return {key: self.drawable(value) for key, value in page.items()}
        if isinstance(page, list | tuple):
            return [self.drawable(value) for value in page]
        return page

    def _own_covers(self, text: str) -> bool:
        return all(ord(letter) in self.own for letter in set(text) if letter not in "\n\t")

    def _drawn(self, cluster: str) -> str:
        """A cluster is drawn by one face, or not as one."""
        seen = {ord(letter) for letter in cluster if not _is_invisible(letter)}
        if seen <= self.own:
            return _shaped(cluster, self.own)
        for family, letters in _fallbacks(self.folders).items():
            if seen <= letters:
                self.used.add(family)
                return _shaped(cluster, letters)
        if len(cluster) == 1:
            return " " if unicodedata.category(cluster) == "Zs" else f"[U+{ord(cluster):04X}]"
        first, rest = self._drawn(cluster[0]), [letter for letter in cluster[1:] if not _is_invisible(letter)]
        # Emoji that are joined are drawn one by one; a mark without its letter is written out.
        return first + "".join(
            f"[U+{ord(letter):04X}]" if unicodedata.category(letter).startswith("M") else self._drawn(letter)
            for letter in rest
        )


def clusters(text: str) -> Iterator[str]:
    """A letter with its marks, joined emoji, two regional letters: what one face has to draw."""
    cluster = ""
    for letter in text:
        if cluster and (_continues(letter) or cluster[-1] == ZWJ or _is_flag(cluster, letter)):
            cluster += letter
            continue
        if cluster:
            yield cluster
        cluster = letter
    if cluster:
        yield cluster


def _continues(letter: str) -> bool:
    code = ord(letter)
    return (
        letter in (ZWNJ, ZWJ) or code in SKIN or code in TAGS or unicodedata.category(letter).startswith("M")
    )


def _is_flag(cluster: str, letter: str) -> bool:
    return len(cluster) == 1 and ord(cluster) in REGIONAL and ord(letter) in REGIONAL


def _is_invisible(letter: str) -> bool:
    """What shapes its neighbours or does nothing, and is not drawn itself."""
    code = ord(letter)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return letter in "\n\t" or is_selector or unicodedata.category(letter) == "Cf"


def _shaped(cluster: str, letters: frozenset[int]) -> str:
    """The cluster without what is invisible and unknown to the face, but for what parts or joins letters."""
    return "".join(
        letter
        for letter in cluster
        if ord(letter) in letters or letter in ("\n", "\t", ZWNJ, ZWJ) or not _is_invisible(letter)
    )


@cache
def _fallbacks(folders: tuple[Path, ...]) -> dict[str, frozenset[int]]:
    """By family, in the order in which they are asked, what its regular face draws."""
    faces = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders if folder.is_dir()],
    )
    files: dict[str, tuple[Path, int]] = {}
    for face in sorted(faces.fonts(), key=lambda face: (abs(face.weight - 400), face.style != "normal")):
        # All faces of Noto CJK draw the same characters, and each takes a second to read.
        is_again = "CJK" in face.family and face.family not in PREFERRED
        if face.path is not None and face.family.startswith("Noto ") and not is_again:
            files.setdefault(face.family, (Path(face.path), face.index))
    return {family: _letters(*files[family]) for family in sorted(files, key=_rank)}


def _rank(family: str) -> tuple[int, str]:
    if family in PREFERRED:
        return PREFERRED.index(family), family
    return (2 if "Sans" in family else 3 if "Emoji" in family else 4), family


@cache
def _letters(file: Path, index: int) -> frozenset[int]:
    """The code points that a face has a glyph for."""
    with TTFont(file, lazy=True, fontNumber=index if file.suffix in {".ttc", ".otc"} else -1) as face:
        return frozenset(face.getBestCmap() or ())
