"""Blocks of a page that hold older mail without a sign that they cite: Foxmail, Aliyun and QQ wrap what they
quote, with the header above it, into such a block. What stands below it is new: somebody answers there."""

from collections.abc import Iterable, Sequence

from cases.thread.quote_headers import quote_header_at
from cases.thread.quote_lines import first_written
from cases.thread.signatures import is_by_program

ELEMENTS = frozenset(("blockquote", "includetail"))
MAX_BLOCKS = 100
"""Of a page, the outermost first; what is in a further one is read like the text around it."""


def with_marks(lines: Sequence[str], blocks: Iterable[tuple[int, int]]) -> list[str]:
    """``lines`` with a mark on those of each block (where it begins, and past its end) that begins with a
    client's header, goes on below it and has a person's text beneath: without that, the header says enough,
    and she may have answered at the end of the block itself."""
    marked = list(lines)
    written = (index for index, line in enumerate(lines) if line.strip() and not is_by_program(line))
    last = max(written, default=0)
    outermost_first = sorted(blocks, key=lambda block: (block[0], -block[1]))
    end = 0
    for start, stop in outermost_first[:MAX_BLOCKS]:
        if end <= start and stop <= last and _is_older_mail(marked, start, stop):
            marked[start:stop] = [f"> {line}".rstrip() for line in marked[start:stop]]
            end = stop
    return marked


def _is_older_mail(lines: Sequence[str], start: int, stop: int) -> bool:
    first = first_written(lines, start)
    header = quote_header_at(lines, first) if first < stop else None
    return header is not None and header.is_complete and first_written(lines, header.end) < stop
