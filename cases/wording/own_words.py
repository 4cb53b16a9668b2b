"""What the writer of a post says herself, in the form that patterns read. Pure."""

import re

from cases.thread.quoting import SegmentKind, runs
from cases.thread.signatures import without_signature
from cases.thread.simplified import simplified

MARKED = re.compile(r"^\s{0,20}>", re.MULTILINE)
"""A line with ``>`` that the thread shows as hers: a console's, or a quoted one. That it tells of trouble
counts; that it thanks, asks or says something is over does not."""


def own_words(text: str) -> str:
    """``text`` without what it quotes and without its signature: plain forms, simplified Chinese, small
    letters; one line alone is no signature. Nothing where it only quotes, though a thread shows that as if
    its writer said it."""
    lines = text.splitlines()
    written = "\n".join(
        line for run in runs(lines) if run.kind == SegmentKind.WRITTEN for line in lines[run.start : run.end]
    )
    above = without_signature(written)
    if not above and "\n" not in written.strip():
        above = written  # “Merry Christmas” alone looks like a name.
    return simplified(above).lower().strip()
