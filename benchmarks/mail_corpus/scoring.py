"""What a desk has made of the corpus, counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.mail_corpus.labels import LabelledMail, Outcome


@dataclass(frozen=True)
class Entry:
    """What a mail has added to a thread. ``case``: a number of the corpus, empty for a case that the mail
    has opened; ``shown``: what its reader sees without a click; ``folded``: what a click shows."""

    case: str
    shown: str
    folded: str = ""


@dataclass(frozen=True)
class Handled:
    """What has become of one mail. ``for_review``: it stands, with the reason, where the vendor's people see
    it; ``trouble``: what went wrong."""

    entries: Sequence[Entry] = ()
    for_review: bool = False
    trouble: str = ""


@dataclass
class Score:
    """The names of the mails that each count is of."""

    wrong_case: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    robots_posted: list[str] = field(default_factory=list)
    forged_posted: list[str] = field(default_factory=list)
    not_in_case: list[str] = field(default_factory=list)
    not_visible: list[str] = field(default_factory=list)
    not_folded: list[str] = field(default_factory=list)
    of_case: int = 0
    with_old_text: int = 0

    @property
    def in_case(self) -> float:
        """Percent of the mails of a case that are in it."""
        return percent(self.not_in_case, self.of_case)

    @property
    def visible(self) -> float:
        """Percent of the mails of a case whose new text is seen."""
        return percent(self.not_visible, self.of_case)

    @property
    def folded(self) -> float:
        """Percent of the mails with old text in which all of that is folded away."""
        return percent(self.not_folded, self.with_old_text)


def percent(missed: Sequence[str], whole: int) -> float:
    """Of ``whole`` mails, those that are not among ``missed``."""
    return 100 * (whole - len(missed)) / whole


def score(mails: Iterable[LabelledMail], handled: Mapping[str, Handled]) -> Score:
    """Counts. A mail is lost that is in no thread and nowhere for review; doubled, what has more than one
    entry, or any where it came before; in a wrong case also, what opened one though it belongs to another.
    New text counts as visible in whichever case it stands."""
    counted = Score()
    for mail in mails:
        done = handled[mail.name]
        cases = [entry.case for entry in done.entries]
        _count_places(mail, done, cases, counted)
        if mail.outcome != Outcome.IN_CASE:
            continue
        counted.of_case += 1
        if cases[:1] != [mail.case]:
            counted.not_in_case.append(mail.name)
        shown = [squeezed(entry.shown) for entry in done.entries]
        if not shown or any(squeezed(text) not in shown[0] for text in mail.visible):
            counted.not_visible.append(mail.name)
        if mail.folded:
            counted.with_old_text += 1
            folded = squeezed(done.entries[0].folded) if shown else ""
            old = [squeezed(text) for text in mail.folded]
            if any(text not in folded or text in shown[0] for text in old):
                counted.not_folded.append(mail.name)
    return counted


def _count_places(mail: LabelledMail, done: Handled, cases: list[str], counted: Score) -> None:
    if not cases and not done.for_review and mail.outcome != Outcome.AGAIN:
        counted.lost.append(mail.name)
    match mail.outcome:
        case Outcome.ROBOT if cases:
            counted.robots_posted.append(mail.name)
        case Outcome.UNPROVEN if any(cases):
            counted.forged_posted.append(mail.name)
        case Outcome.IN_CASE | Outcome.FOR_REVIEW if any(case != mail.case for case in cases):
            counted.wrong_case.append(mail.name)
    if len(cases) > (mail.outcome != Outcome.AGAIN):
        counted.doubled.append(mail.name)


def squeezed(text: str) -> str:
    """With one space between words: how lines are broken is not judged."""
    return " ".join(text.split())
