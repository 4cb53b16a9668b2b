"""The subject of a received mail, where it says what neither the portal nor the case's title does."""

from collections.abc import Iterable
from unicodedata import normalize

from cases.models import Case
from cases.thread.simplified import simplified
from engine.text_safety import one_line
from mail.reading.answer_prefixes import without_prefixes
from mail.store.models import Direction, MailMessage


def subjects_of(case: Case) -> set[str]:
    """What the subjects of its mails are without a customer's doing."""
    sent = MailMessage.objects.filter(case=case, direction=Direction.OUT).exclude(subject="")
    return {bare(subject) for subject in (case.title, *sent.values_list("subject", flat=True).distinct())}


def own_subject(subject: str, known: Iterable[str]) -> str:
    """The subject on one line; empty where it is one of ``subjects_of``, answered or passed on."""
    return "" if bare(subject) in {"", *known} else one_line(subject)


def bare(subject: str) -> str:
    """What of a subject counts when two are compared: some programs change its colons and spaces."""
    return "".join(without_prefixes(simplified(normalize("NFKC", subject[:1000]))).lower().split())
