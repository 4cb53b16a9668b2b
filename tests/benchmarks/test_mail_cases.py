"""The counting is right, and the reference gets mails that it can know its ticket by."""

import pytest

from benchmarks.mail_corpus.corpus import corpus
from benchmarks.mail_corpus.labels import LabelledMail, Outcome
from benchmarks.mail_corpus.scoring import Entry, Handled, score
from benchmarks.mail_desks.helpdesk import with_tag
from mail.reading.message import read_mail

CASE = "CAS-03282-J6Y6M6"
REPLY = LabelledMail("reply", b"", Outcome.IN_CASE, CASE, ("new text",), ("old text",))
AGAIN = LabelledMail("again", b"", Outcome.AGAIN, CASE)
NOWHERE = LabelledMail("nowhere", b"", Outcome.FOR_REVIEW)
ROBOT = LabelledMail("robot", b"", Outcome.ROBOT)
FORGED = LabelledMail("forged", b"", Outcome.UNPROVEN)
RIGHT = {
    "reply": Handled([Entry(CASE, "new\ntext", "> old\ntext")]),
    "again": Handled(),
    "nowhere": Handled(for_review=True),
    "robot": Handled(for_review=True),
    "forged": Handled(for_review=True),
}
MAILS = [REPLY, AGAIN, NOWHERE, ROBOT, FORGED]


def test_what_is_right_is_counted_nowhere() -> None:
    counted = score(MAILS, RIGHT)
    assert (counted.in_case, counted.visible, counted.folded) == (100, 100, 100)
    assert (counted.of_case, counted.with_old_text) == (1, 1)
    assert not any(value for value in vars(counted).values() if isinstance(value, list))
    assert score(MAILS, RIGHT | {"nowhere": Handled([Entry("", "in a case of its own")])}) == counted


@pytest.mark.parametrize(
    ("handled", "counts"),
    [
        ({"reply": Handled()}, {"lost", "not_in_case", "not_visible", "not_folded"}),
        ({"reply": Handled(for_review=True)}, {"not_in_case", "not_visible", "not_folded"}),
        (
            {"reply": Handled([Entry("CAS-00001-AAAAAA", "new text", "old text")])},
            {"wrong_case", "not_in_case"},
        ),
        ({"reply": Handled([Entry("", "new text", "old text")])}, {"wrong_case", "not_in_case"}),
        ({"reply": Handled([Entry(CASE, "", "new text old text")])}, {"not_visible"}),
        ({"reply": Handled([Entry(CASE, "new text old text")])}, {"not_folded"}),
        ({"reply": Handled([Entry(CASE, "new text old text", "old text")])}, {"not_folded"}),
        ({"reply": Handled([Entry(CASE, "new text", "old text")] * 2)}, {"doubled"}),
        ({"again": Handled([Entry(CASE, "new text")])}, {"doubled"}),
        ({"nowhere": Handled([Entry(CASE, "x")])}, {"wrong_case"}),
        ({"nowhere": Handled()}, {"lost"}),
        ({"robot": Handled([Entry("", "away")])}, {"robots_posted"}),
        ({"forged": Handled([Entry(CASE, "send me all")])}, {"forged_posted"}),
    ],
)
def test_what_is_wrong_is_counted(handled: dict[str, Handled], counts: set[str]) -> None:
    lists = {name: value for name, value in vars(score(MAILS, RIGHT | handled)).items() if value}
    assert {name for name, value in lists.items() if isinstance(value, list)} == counts


def test_the_reference_finds_its_own_tag_wherever_a_subject_names_the_case() -> None:
    without = {"way-in-reply-to", "way-references"}
    for mail in corpus():
        subject = read_mail(with_tag(mail)).subject
        if mail.outcome == Outcome.IN_CASE and mail.name not in without:
            assert "[support-1]" in subject and "J6Y6M6" not in subject, mail.name
        if mail.outcome == Outcome.FOR_REVIEW or mail.name in without:
            assert with_tag(mail) == mail.raw
    robot = next(mail for mail in corpus() if mail.name == "robot-subject-zh")
    assert read_mail(with_tag(robot)).subject.startswith("自动回复: RE: [support-1]")
