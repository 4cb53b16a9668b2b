"""A mail's text parted into what its sender wrote and what is folded away: older mail, small print.

Only with evidence, and nothing is left out: the segments in their order are the whole text. What follows a
header (``cases.thread.quote_headers``) is older mail: the lines with ``>`` where there are any, else all to
the end. Lines with ``>`` without a header are older mail where they stand apart, are no single line and are
not what a program said to a mail server.
No Django here: mail is read without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cases.thread.answers_within import says_answers_are_within
from cases.thread.footers import footers
from cases.thread.quote_headers import is_of_raw_mail, quote_header_at
from cases.thread.quote_lines import QuoteHeader, first_written, is_marked, unmarked

MAX_LINES = 100_000
"""Lines that are looked at; what stands below them is shown. A message of the thread has fewer."""


class SegmentKind(StrEnum):
    """What a part of a mail is."""

    WRITTEN = "written"
    QUOTED = "quoted"
    FORWARDED = "forwarded"
    FOOTER = "footer"


@dataclass(frozen=True)
class Segment:
    """Lines of a mail that belong together, without blank lines at the ends. ``holds_answers``: older mail of
    which the text above says that answers stand within."""

    text: str
    kind: SegmentKind
    holds_answers: bool = False

    @property
    def quoted(self) -> bool:
        """Whether it is folded away."""
        return self.kind != SegmentKind.WRITTEN

    @property
    def is_open(self) -> bool:
        """Whether it is folded away, but open at first."""
        return self.kind == SegmentKind.FORWARDED or self.holds_answers


@dataclass(frozen=True)
class Run:
    """``lines[start:end]`` of one kind. ``header``: what introduces it; ``is_marked``: quoted by ``>``."""

    start: int
    end: int
    kind: SegmentKind
    header: QuoteHeader | None = None
    is_marked: bool = False


def segments(text: str) -> list[Segment]:
    """The parts of a mail in their order; one that has nothing of its own is shown as it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    made: list[Segment] = []
    above = ""
    found = runs(lines)
    is_parted = sum(run.is_marked for run in found) > 1
    for run in found:
        begin = first_written(lines, run.start)
        if begin >= run.end:
            continue
        part = "\n".join(lines[begin : run.end]).rstrip()
        if run.kind == SegmentKind.WRITTEN:
            above = part
        # Between several marked runs answers are told apart.
        is_whole = run.kind == SegmentKind.QUOTED and not (run.is_marked and is_parted)
        made.append(Segment(part, run.kind, is_whole and says_answers_are_within(above)))
    if not any(segment.kind == SegmentKind.WRITTEN for segment in made):
        return [Segment(text.strip(), SegmentKind.WRITTEN)] if text.strip() else []
    return made


def own_text(text: str) -> str:
    """What the sender of a mail wrote, without what is folded away."""
    return "\n\n".join(part.text for part in segments(text) if not part.quoted)


def runs(lines: Sequence[str]) -> list[Run]:
    """All of ``lines`` in runs; those that a person wrote are what is left between the others."""
    made: list[Run] = []
    place = 0
    head = lines[:MAX_LINES]
    for quoted in _quoted(head):
        made += [*_written(head, place, quoted.start), quoted]
        place = quoted.end
    made += _written(head, place, len(head))
    return [*made, Run(MAX_LINES, len(lines), SegmentKind.WRITTEN)] if len(lines) > MAX_LINES else made


def _quoted(lines: Sequence[str]) -> list[Run]:
    introduced: list[Run] = []
    alone: list[Run] = []
    index = 0
    while index < len(lines):
        if is_marked(lines[index]):
            end = _end_of_marked(lines, index)
            header = _within(lines, index, end)
            (introduced if header else alone).append(Run(index, end, _kind(header), header, is_marked=True))
            index = end
        elif header := quote_header_at(lines, index):
            run = _introduced(lines, header)
            if run:
                introduced.append(run)
            index = run.end if run else header.end
        else:
            index += 1
    alone = [run for run in alone if not is_of_raw_mail(unmarked(lines[run.start]))]
    marked = [run for run in introduced if run.is_marked]
    if marked:
        # A client marks all its lines alike: “>net start” beneath “> Dear …” is somebody's own.
        is_spaced = all(_is_spaced(lines, run) for run in marked)
        alone = [run for run in alone if _is_spaced(lines, run) or not is_spaced]
    else:
        alone = [run for run in alone if _stands_apart(lines, run)]
        if len(alone) == 1 and _count(lines, alone[0]) == 1:
            alone = []
    return sorted([*introduced, *alone], key=lambda run: run.start)


def _introduced(lines: Sequence[str], header: QuoteHeader) -> Run | None:
    below = first_written(lines, header.end)
    if below == len(lines):
        return None
    if is_marked(lines[below]):
        return Run(header.start, _end_of_marked(lines, below), _kind(header), header, is_marked=True)
    return Run(header.start, len(lines), _kind(header), header) if header.is_complete else None


def _kind(header: QuoteHeader | None) -> SegmentKind:
    return SegmentKind.FORWARDED if header and header.is_forward else SegmentKind.QUOTED


def _end_of_marked(lines: Sequence[str], start: int) -> int:
    """Past the last line with ``>``; blank lines between two of them count in."""
    end = start + 1
    while (index := first_written(lines, end)) < len(lines) and is_marked(lines[index]):
        end = index + 1
    return end


def _within(lines: Sequence[str], start: int, end: int) -> QuoteHeader | None:
    """The header that a run of ``>`` lines begins with, itself quoted."""
    first = [unmarked(line) for line in lines[start : min(end, start + 40)]]
    place = first_written(first, 0)
    return quote_header_at(first, place) if place < len(first) else None


def _stands_apart(lines: Sequence[str], run: Run) -> bool:
    """Whether blank lines or the text's ends are around it: in a console's output they are not."""
    before, after = lines[run.start - 1] if run.start else "", lines[run.end] if run.end < len(lines) else ""
    return _is_spaced(lines, run) and not before.strip() and not after.strip()


def _is_spaced(lines: Sequence[str], run: Run) -> bool:
    marked = (line.lstrip(" ") for line in lines[run.start : run.end] if is_marked(line))
    return all(line[1:2] in {"", " ", ">", "\r"} for line in marked)


def _count(lines: Sequence[str], run: Run) -> int:
    return sum(bool(unmarked(line).strip()) for line in lines[run.start : run.end])


def _written(lines: Sequence[str], start: int, stop: int) -> Iterator[Run]:
    """What a person wrote there, and the footers that it ends with."""
    place = start
    for begin, end in footers(lines, start, stop):
        if place < begin:
            yield Run(place, begin, SegmentKind.WRITTEN)
        yield Run(begin, end, SegmentKind.FOOTER)
        place = end
    if place < stop:
        yield Run(place, stop, SegmentKind.WRITTEN)
