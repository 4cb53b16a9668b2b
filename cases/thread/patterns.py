"""Patterns written as tables. Pure."""


def either(table: str) -> str:
    """One alternative for each line of a table; a blank at a line's end is written ``[ ]``."""
    return f"(?:{'|'.join(filter(None, map(str.strip, table.splitlines())))})"


def words(text: str) -> str:
    """One alternative for each of these words, the longest first; ``_`` is a space within one."""
    return "|".join(word.replace("_", " ") for word in sorted(text.split(), key=len, reverse=True))
