"""Texts for tests, as people read them."""

from pathlib import Path


def table(text: str) -> list[str]:
    """One text a line, `` / `` for a new line within it."""
    return ["\n".join(map(str.strip, line.split("/ "))) for line in text.strip().splitlines()]


def sections(file: Path) -> dict[str, str]:
    """Texts by name: each begins below a line ``=== name``."""
    blocks = (block.partition("\n") for block in f"\n{file.read_text('utf-8')}".split("\n=== ")[1:])
    return {title: body.strip("\n") for title, _, body in blocks}
