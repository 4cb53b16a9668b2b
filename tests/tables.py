"""Texts written as a table: one a line, `` / `` for a new line within one."""


def table(text: str) -> list[str]:
    return ["\n".join(map(str.strip, line.split("/ "))) for line in text.strip().splitlines()]
