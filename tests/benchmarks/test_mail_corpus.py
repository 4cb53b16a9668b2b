"""The generated mails are what their labels say, before anybody is measured by them."""

from collections import Counter

import pytest

from benchmarks.mail_corpus.corpus import corpus
from benchmarks.mail_corpus.labels import Desk, LabelledMail, Outcome, Thread
from cases.thread.quoting import segments
from demo.case import NUMBER
from mail.reading.message import read_mail

MAILS = {mail.name: mail for mail in corpus()}
IN_CASE = [mail for mail in MAILS.values() if mail.outcome == Outcome.IN_CASE]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_there_are_mails_of_every_kind() -> None:
    assert len(MAILS) >= 250
    counts = Counter(mail.outcome for mail in MAILS.values())
    assert counts[Outcome.ROBOT] >= 30 and counts[Outcome.UNPROVEN] >= 20
    assert counts[Outcome.IN_CASE] >= 200 and counts[Outcome.FOR_REVIEW] >= 5 and counts[Outcome.AGAIN] >= 3
    assert all((mail.case == NUMBER) == bool(mail.case) for mail in MAILS.values())
    for mail in MAILS.values():
        assert b"\r\nTo: " in mail.raw and b"\r\n\r\n" in mail.raw
        assert (mail.outcome in {Outcome.IN_CASE, Outcome.AGAIN}) == bool(mail.case), mail.name
        assert bool(mail.visible) == (mail.outcome == Outcome.IN_CASE), mail.name
        assert all(MAILS[name] for name in mail.follows)


def test_the_corpus_is_the_same_each_time_and_speaks_of_the_desk_under_test() -> None:
    assert list(corpus()) == list(MAILS.values())
    desk = Desk(
        {NUMBER: Thread("<t@desk.example>", "in@desk.example", "DESK:1")},
        "in@desk.example",
        "mx.desk.example",
    )
    mails = {mail.name: mail.raw for mail in corpus(desk)}
    assert b"In-Reply-To: <t@desk.example>" in mails["way-in-reply-to"]
    assert b"mx.desk.example; dkim=pass" in mails["way-in-reply-to"]
    assert b"vendor.example; " not in b"".join(mails.values())


@pytest.mark.parametrize("mail", IN_CASE, ids=lambda mail: mail.name)
def test_new_text_is_shown_and_old_text_is_folded(mail: LabelledMail) -> None:
    parts = segments(read_mail(mail.raw).text)
    shown = squeezed("\n".join(part.text for part in parts if not part.quoted))
    folded = squeezed("\n".join(part.text for part in parts if part.quoted))
    assert [text for text in mail.visible if squeezed(text) not in shown] == []
    assert [text for text in mail.folded if squeezed(text) not in folded] == []
