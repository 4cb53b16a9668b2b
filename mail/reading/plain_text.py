"""Bodies of text/plain and text/enriched: what stands in the lines, and files within them."""

import re

from mail.reading.parts import uu_line

_UU_BLOCK = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_QUOTED = re.compile(r">*")
_ENRICHED = re.compile(r"<<|<(/?)([a-zA-Z-]{1,60})>")
_SOFT_BREAKS = re.compile(r"\n+")


def without_uuencoded(content: bytes, most: int) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The body without its first ``most`` uuencoded blocks, ``[name]`` in their place, and the files: name,
    content."""
    files: list[tuple[bytes, bytes]] = []
    kept: list[bytes] = []
    position = 0
    while len(files) < most and (begin := _UU_BLOCK.search(content, position)):
        end = _UU_END.search(content, begin.end())
        if end is None:
            break
        lines = [uu_line(line) for line in content[begin.end() : end.start()].splitlines() if line.strip()]
        if lines and None not in lines:
            files.append((begin[1].strip(), b"".join(line or b"" for line in lines)))
            kept += [content[position : begin.start()], b"[", begin[1].strip(), b"]"]
        else:
            kept.append(content[position : end.end()])
        position = end.end()
    return (b"".join([*kept, content[position:]]) if kept else content), files


def unflowed(text: str, *, deletes_space: bool) -> str:
    """Paragraphs of ``format=flowed`` (RFC 3676) in one line each; quote marks stay."""
    lines: list[str] = []
    pieces: list[str] = []
    depth_before = -1
    for line in text.split("\n"):
        marks = _QUOTED.match(line)
        depth = marks.end() if marks else 0
        words = line[depth:].removeprefix(" ")
        if not pieces or depth != depth_before or words == "-- ":
            if pieces:
                lines.append("".join(pieces))
            pieces = [f"{'>' * depth} " if depth else ""]
        is_open = words.endswith(" ") and words != "-- "
        pieces.append(words[:-1] if is_open and deletes_space else words)
        depth_before = depth
        if not is_open:
            lines.append("".join(pieces))
            pieces = []
    if pieces:
        lines.append("".join(pieces))
    return "\n".join(lines)


def unenriched(text: str) -> str:
    """``text/enriched`` (RFC 1896) without its commands: one line end is a space, each further one a line."""
    pieces: list[str] = []
    position = silent = 0
    for command in _ENRICHED.finditer(text):
        if not silent:
            pieces.append(text[position : command.start()])
        position = command.end()
        if command[0] == "<<":
            pieces.append("" if silent else "<")
        elif command[2].lower() == "param":
            silent = max(0, silent + (-1 if command[1] else 1))
    pieces.append("" if silent else text[position:])
    return _SOFT_BREAKS.sub(lambda ends: "\n" * (len(ends[0]) - 1) or " ", "".join(pieces)).strip()
