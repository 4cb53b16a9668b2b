"""A chain of mails, as it was exported or grew by answers, taken apart into single mails.

Nothing is invented: who or when a header does not say stays empty. A mail that is quoted twice is one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from unicodedata import normalize

from cases.thread.quote_lines import ADDRESS, QuoteHeader, is_marked, unmarked
from cases.thread.quoting import Run, SegmentKind, runs
from mail.reading.written_times import written_time

MAX_MAILS = 500
"""Of one chain; what stands below is left over."""
BEGINNING = 24
"""Characters by which two texts of the same minute are told apart: a copy may end earlier."""
MIN_SAME_TEXT = 8
"""Characters that two mails must share for their texts to be called the same."""

_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\((?:mailto:|https?://)?([^()\s]{1,300})\)")
_BOLD = re.compile(r"\*\*([^*\n]{1,300})\*\*")
_ESCAPED = re.compile(r"\\([*_#\[\]])")
_NOT_COUNTED = re.compile(r"[\W_]+")


class LeftOver(StrEnum):
    """Why something is in no mail."""

    NO_TEXT = "no_text"
    TOO_MANY = "too_many"
    FILE = "file"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Remainder:
    """What fits into no mail, as it stands in the source."""

    text: str
    why: LeftOver


@dataclass(frozen=True)
class ChainedMail:
    """One mail of a chain. ``name``, ``address``, ``to`` (with Cc), ``sent_text``, ``subject``: empty
    where not said.

    ``sent_at``: ``None`` where nobody knows; ``placed_at``: ``sent_at``, or by its neighbours, for the order
    alone. ``position``: its place in the source, the topmost 0. ``is_quoted``: known from a quotation, not
    from the mail itself.
    """

    position: int
    body: str
    name: str = ""
    address: str = ""
    to: str = ""
    subject: str = ""
    sent_text: str = ""
    sent_at: datetime | None = None
    placed_at: datetime | None = None
    is_quoted: bool = True


@dataclass(frozen=True)
class Chain:
    """Mails, the oldest first, and what is none."""

    mails: list[ChainedMail]
    remainders: list[Remainder] = field(default_factory=list)


def chain_of(text: str, zone: tzinfo, newest: ChainedMail | None = None) -> Chain:
    """The mails of a text. ``newest``: what is known of the one that is written on top (its body is not)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_marked_down = "](mailto:" in text
    mails: list[ChainedMail] = []
    remainders: list[Remainder] = []
    known, introduction = newest or ChainedMail(0, "", is_quoted=False), ""
    rest: list[str] | None = lines
    while rest is not None:
        if len(mails) == MAX_MAILS:
            remainders.append(Remainder("\n".join(rest).strip(), LeftOver.TOO_MANY))
            break
        own, header, below = _parted(rest)
        if body := _body(own, is_marked_down=is_marked_down):
            mails.append(replace(known, position=len(mails), body=body))
        elif introduction:
            remainders.append(Remainder(introduction, LeftOver.NO_TEXT))
        if header is not None:
            known = _of(header, zone)
            introduction = "\n".join(rest[header.start : header.end]).strip()
        rest = below
    return Chain(merged(placed(_with_addresses(mails))), remainders)


def merged(mails: Iterable[ChainedMail]) -> list[ChainedMail]:
    """Each mail once, the oldest first: the same writer in the same minute with a text that begins alike, or
    the same text where the times do not say otherwise. A mail itself counts more than a quotation of it, a
    known time more than none."""
    kept: list[ChainedMail] = []
    by_time: dict[tuple[str, datetime], list[int]] = {}
    by_text: dict[str, list[int]] = {}
    texts: list[str] = []
    for mail in sorted(mails, key=lambda mail: (mail.is_quoted, mail.sent_at is None, -len(mail.body))):
        written = comparable(mail.body)
        minute = (_who(mail), minute_of(mail.sent_at)) if mail.sent_at and _who(mail) else None
        of_minute = (place for place in by_time.get(minute, ()) if mail.is_quoted) if minute else iter(())
        same = next((place for place in of_minute if begin_alike(texts[place], written)), None)
        if same is None and (mail.sent_at or len(written) >= MIN_SAME_TEXT):
            same = next(
                (place for place in by_text.get(written, ()) if _may_be_same(kept[place], mail)), None
            )
        if same is None:
            same = len(kept)
            kept.append(mail)
            texts.append(written)
            by_text.setdefault(written, []).append(same)
            if minute:
                by_time.setdefault(minute, []).append(same)
    return sorted(kept, key=lambda mail: (mail.placed_at is None, mail.placed_at, -mail.position))


def begin_alike(one: str, other: str) -> bool:
    """Whether two texts (``comparable``) of one writer and minute are the same: a copy may end earlier."""
    return one.startswith(other[:BEGINNING]) or other.startswith(one[:BEGINNING])


def minute_of(moment: datetime) -> datetime:
    """The minute, whatever zone it was written in: some clients write no seconds."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def placed(mails: Sequence[ChainedMail]) -> list[ChainedMail]:
    """``mails``, the newest first, each with a ``placed_at``: one without a time stands right after the next
    older one that has one, else right before the next newer one."""
    places = [mail.sent_at for mail in mails]
    for index in reversed(range(len(places))):
        if places[index] is None and index + 1 < len(places) and (older := places[index + 1]):
            places[index] = older + timedelta(seconds=1)
    for index in range(len(places)):
        if places[index] is None and index and (newer := places[index - 1]):
            places[index] = newer - timedelta(seconds=1)
    return [replace(mail, placed_at=place) for mail, place in zip(mails, places, strict=True)]


def _parted(lines: list[str]) -> tuple[list[str], QuoteHeader | None, list[str] | None]:
    """The lines of the topmost mail, the header below it and all that this introduces."""
    parts = runs(lines)
    marked = [run for run in parts if run.is_marked and run.header]
    older = next((run for run in parts if run.header and not run.is_marked), None)
    if older is None and len(marked) == 1 and sum(run.is_marked for run in parts) == 1:
        older = marked[0]
    if older is None or older.header is None:
        return lines, None, None
    own = [line for run in parts if run is not older for line in lines[run.start : run.end]]
    below = _unmarked(lines, older) if older.is_marked else lines[older.header.end : older.end]
    return own, older.header, below


def _unmarked(lines: list[str], run: Run) -> list[str]:
    assert run.header is not None
    inner = lines[run.start : run.end]
    if is_marked(lines[run.start]):
        # The header is marked as well; its lines are counted from the first one of the run.
        inner = [unmarked(line) for line in inner]
        return inner[run.header.end :]
    return [unmarked(line) for line in lines[run.header.end : run.end]]


def _body(lines: list[str], *, is_marked_down: bool) -> str:
    """The text; of an export in Markdown without the marks that only its exporter has set."""
    text = "\n".join(line.rstrip() for line in lines).strip()
    if not is_marked_down:
        return text
    text = _BOLD.sub(r"\1", _LINK.sub(_shorter, text))
    return _ESCAPED.sub(r"\1", text)


def _shorter(link: re.Match[str]) -> str:
    """A link that only repeats its address is the address."""
    shown, target = link.groups()
    return (
        shown
        if shown.removeprefix("http://").removeprefix("https://").rstrip("/") == target.rstrip("/")
        else link.group()
    )


def _of(header: QuoteHeader, zone: tzinfo) -> ChainedMail:
    name, address = name_and_address(header.sender)
    return ChainedMail(
        position=0,
        body="",
        name=name,
        address=address,
        to="; ".join(filter(None, (header.to, header.cc))),
        subject=header.subject,
        sent_text=header.sent,
        sent_at=written_time(header.sent, zone),
    )


def name_and_address(sender: str) -> tuple[str, str]:
    """Of a sender as written: her name, and her address in lower case; either may be empty."""
    match = ADDRESS.search(sender)
    if match is None:
        # Exchange writes its own names of mailboxes in the brackets.
        return (sender.partition("<")[0].strip() or sender).strip(" \t\"'“”‘’「」«»<>;；"), ""
    name = sender[: match.start()].removesuffix("mailto:").strip(" \t\"'“”‘’「」«»<>[]();；")
    return name or sender[match.end() :].strip(" \t\"'“”‘’「」«»<>[]();；"), match.group().lower()


def _with_addresses(mails: list[ChainedMail]) -> list[ChainedMail]:
    """Who stands without an address in one header and with it in another is the same person, unless two
    share the name."""
    known: dict[str, set[str]] = {}
    for mail in mails:
        for part in re.split(r"[;；]", mail.to):
            name, address = name_and_address(part)
            if name and address:
                known.setdefault(name, set()).add(address)
        if mail.name and mail.address:
            known.setdefault(mail.name, set()).add(mail.address)
    return [
        replace(mail, address=next(iter(known[mail.name])))
        if not mail.address and len(known.get(mail.name, ())) == 1
        else mail
        for mail in mails
    ]


def _who(mail: ChainedMail) -> str:
    return mail.address or mail.name


def _may_be_same(kept: ChainedMail, mail: ChainedMail) -> bool:
    if kept.sent_at and mail.sent_at and minute_of(kept.sent_at) != minute_of(mail.sent_at):
        return False
    return not (kept.address and mail.address) or kept.address == mail.address


def comparable(body: str) -> str:
    """What of a text counts when two are compared: letters and figures, of what its writer wrote."""
    lines = body.split("\n")
    own = (
        line for run in runs(lines) if run.kind == SegmentKind.WRITTEN for line in lines[run.start : run.end]
    )
    return _NOT_COUNTED.sub("", normalize("NFKC", "".join(own))).lower()
