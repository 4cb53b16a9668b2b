"""A question for the progress and nothing else is answered from the state of the case, once a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.desk.progress_answer import answer_progress, progress_text
from cases.events import EventKind
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.signals import ActivityKind
from tests.activity import listening


@pytest.mark.django_db
def test_the_answer_says_where_it_stands_what_is_missing_and_when_we_answer(case: Case, jia: User) -> None:
    text = progress_text(case, "en")
    assert text.startswith(
        "Your report has arrived; an engineer takes it up shortly.\nLast step: Reported, 20"
    )
    assert "Next step: An engineer answers you\nYou have our next answer by 20" in text
    assert text.endswith("Your engineer: Jia")
    evidence_requests.ask(case, by=jia, items=[("log", "System"), ("other", "A photo of the label")])
    waiting = progress_text(case, "en")
    assert "Next step: You send what was asked for\nStill missing from you:\n- " in waiting
    assert "- A photo of the label" in waiting and "next answer" not in waiting
    assert "还缺：" in progress_text(case, "zh-hans")
    case.change("close", by=jia, reason="Done.")
    assert "next answer" not in progress_text(case, "en")


@pytest.mark.django_db
def test_a_late_answer_is_called_late(case: Case) -> None:
    Case.objects.update(next_due_at=timezone.now() - timedelta(hours=2))
    case.refresh_from_db()
    assert "it is late, and your engineer knows" in progress_text(case, "en")


@pytest.mark.django_db
def test_a_participant_is_answered_once_a_day(
    case: Case, alice: User, bob: User, charlie: User, jia: User
) -> None:
    now, due = timezone.now(), case.next_due_at
    alice.language = "en"
    with listening() as heard:
        message = answer_progress(case, alice, now)
        assert answer_progress(case, alice, now + timedelta(hours=2)) is None
        colleagues = answer_progress(case, bob, now + timedelta(hours=1))
        assert answer_progress(case, bob, now + timedelta(hours=23)) is None
        assert answer_progress(case, jia, now + timedelta(days=3)) is None
        again = answer_progress(case, bob, now + timedelta(hours=26))
    assert message is not None and again is not None
    assert (message.kind, message.author, message.internal) == (MessageKind.SYSTEM, None, False)
    assert message.body.startswith("Automatic answer from the state of the case:\n\nYour report has arrived")
    assert [(activity.kind, activity.by, activity.message) for activity in heard] == [
        (ActivityKind.PROGRESS, alice, message),
        (ActivityKind.PROGRESS, bob, colleagues),
        (ActivityKind.PROGRESS, bob, again),
    ]
    logged = CaseEvent.objects.filter(kind=EventKind.PROGRESS)
    assert list(logged.values_list("actor", flat=True)) == [alice.pk, bob.pk, bob.pk]
    case.refresh_from_db()
    assert case.next_due_at == due, "no robot answers for the engineer"
    with pytest.raises(NotAllowed):
        answer_progress(case, charlie)
    assert Message.objects.filter(kind=MessageKind.SYSTEM).count() == 3
