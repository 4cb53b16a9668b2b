"""What of internal mails is repeated in those that a customer will read: it is left out there.

Compared by sentences, however their lines are broken: a quotation that its header does not show is found as
well. A sentence counts as internal if it stands first in an internal mail; what its writer says to
customers too (a signature), or had from them, does not. Each text is gone through once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from unicodedata import normalize

from cases.thread.quoting import SegmentKind, runs

MIN_LETTERS = 12
"""Letters of a sentence that tells something; a Chinese one says as much in half of them."""
_END = re.compile(r"[。！？；!?;…]|[.:：](?=\s|$)|\t")
_MARKS = re.compile(r"^[>\s|]{1,200}")


@dataclass(frozen=True)
class Said:
    """One mail: who wrote it, when, and what it says."""

    writer: str
    at: datetime
    body: str


class Internal:
    """The sentences of internal mails that stand in no earlier mail of a customer's thread."""

    def __init__(self, internal: Iterable[Said], public: Sequence[Said]) -> None:
        first: dict[str, tuple[datetime, set[str]]] = {}
        for mail in internal:
            for sentence in _written(mail.body):
                at, writers = first.setdefault(sentence, (mail.at, set()))
                first[sentence] = (min(at, mail.at), writers | {mail.writer})
        for mail in public if first else ():
            for sentence in _written(mail.body):
                at, writers = first.get(sentence, (mail.at, set()))
                if mail.at < at or mail.writer in writers:
                    first.pop(sentence, None)
        self.sentences = {sentence: at for sentence, (at, _writers) in first.items()}

    def without(self, mail: Said, note: str) -> tuple[str, list[str]]:
        """The text with ``note`` in the place of what repeats an internal mail, and what was there."""
        if not self.sentences:
            return mail.body, []
        kept: list[str] = []
        withheld: list[str] = []
        for lines in _blocks(mail.body):
            if any(self.sentences.get(sentence, mail.at) < mail.at for sentence in _sentences(lines)):
                withheld.append("\n".join(lines))
                if kept[-1:] != [note]:
                    kept.append(note)
            else:
                kept += lines
        return ("\n".join(kept), withheld) if withheld else (mail.body, [])


def _blocks(body: str) -> Iterator[list[str]]:
    """What stands or falls together: a run of quoted lines, a paragraph; blank lines alone."""
    lines = body.split("\n")
    for run in runs(lines):
        part = lines[run.start : run.end]
        yield from _paragraphs(part) if run.kind == SegmentKind.WRITTEN else [part]


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    for _is_blank, block in groupby(lines, key=lambda line: not line.strip()):
        yield list(block)


def _written(body: str) -> Iterator[str]:
    """The sentences that the writer of a mail wrote herself."""
    lines = body.split("\n")
    for run in runs(lines):
        if run.kind == SegmentKind.WRITTEN:
            for block in _paragraphs(lines[run.start : run.end]):
                yield from _sentences(block)


def _sentences(lines: Sequence[str]) -> Iterator[str]:
    """The letters of each sentence; also of each line, for lists have no full stops."""
    plain = [_MARKS.sub("", line) for line in lines]
    for text in ("\n".join(plain), *plain) if len(plain) > 1 else plain:
        for part in _END.split(text):
            letters = "".join(letter for letter in normalize("NFKC", part).lower() if letter.isalnum())
            if sum(2 if letter >= "\u2e80" else 1 for letter in letters) >= MIN_LETTERS:
                yield letters
