"""What a customer's post does to her case: a question moves it, thanks and “how far is it?” do not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cases.answers.services import Heard
from cases.desk.progress import progress_of
from cases.desk.progress_answer import progress_text
from cases.models import Case, MessageKind
from cases.pauses import services as pauses
from cases.services import post_message
from cases.status import Status
from tests.people import reading_english

pytestmark = pytest.mark.django_db

HOW_FAR = "您好：\n\n请问什么进度了？"


def put(case: Case, status: Status, by: User) -> Case:
    """The case in this status, with no answer owed."""
    if status == Status.SUSPENDED:
        pauses.suspend(case, Heard(case.contact), by=by, resumes_when="with the logs")
    else:
        change = {"waiting": "wait_for_customer", "closed": "close"}.get(status, "send_result")
        case.change_status(change, by=by, reason="", at=timezone.now())
    assert (case.status, case.next_due_at) == (status, None)
    return case


@pytest.mark.parametrize(
    ("status", "text", "after", "is_owed"),
    [
        (Status.SUSPENDED, HOW_FAR, Status.SUSPENDED, False),
        (Status.SUSPENDED, "好的，谢谢！", Status.SUSPENDED, False),
        (Status.SUSPENDED, "日志明天上传，需要哪些？", Status.IN_PROGRESS, True),
        (Status.SUSPENDED, "问题已解决，谢谢", Status.IN_PROGRESS, True),
        (Status.WAITING, HOW_FAR, Status.WAITING, False),
        (Status.WAITING, "收到，谢谢！", Status.WAITING, False),
        (Status.WAITING, "好的", Status.IN_PROGRESS, True),
        (Status.RESULT_SENT, HOW_FAR, Status.RESULT_SENT, False),
        (Status.RESULT_SENT, "收到，谢谢", Status.RESULT_SENT, False),
        (Status.RESULT_SENT, "问题已解决，非常感谢！", Status.RESULT_SENT, True),
        (Status.RESULT_SENT, "进展如何？服务又停了", Status.IN_PROGRESS, True),
        (Status.RESULT_SENT, "有结果了吗？第3步做不了", Status.IN_PROGRESS, True),
        (Status.RESULT_SENT, "之前一直蓝屏，现在恢复正常了，谢谢", Status.RESULT_SENT, True),
        (Status.WAITING, "有结果了吗？生产系统已经停了，很急", Status.IN_PROGRESS, True),
        (Status.CLOSED, "Please help", Status.IN_PROGRESS, True),
        (Status.CLOSED, "问题已解决，非常感谢！", Status.CLOSED, False),
    ],
)
def test_a_post_moves_the_case_where_it_asks_for_something(
    case: Case, alice: User, jia: User, status: Status, text: str, after: Status, is_owed: bool
) -> None:
    put(case, status, jia)
    post_message(case, by=alice, body=text, kind=MessageKind.MAIL_IN)
    assert (case.status, case.next_due_at is not None) == (after, is_owed)


def test_who_asked_about_a_result_is_told_by_when_she_hears_and_not_that_it_is_her_turn(
    case: Case, alice: User, jia: User
) -> None:
    put(case, Status.RESULT_SENT, jia)
    post_message(case, by=alice, body="Which of the two drivers do you mean?")
    case = Case.objects.get(pk=case.pk)
    assert not progress_of(case).customers_turn
    assert "next answer by" in progress_text(case, "en")
    page = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert "What you wrote waits for your engineer" in page
    assert "Your turn" not in page and "It is solved" in page


@pytest.mark.parametrize("status", [Status.NEW, Status.SCOPING, Status.SUSPENDED])
def test_a_result_can_be_sent_whatever_the_case_waits_for(case: Case, jia: User, status: Status) -> None:
    Case.objects.filter(pk=case.pk).update(status=status)
    case.refresh_from_db()
    case.send_result(by=jia)
    assert (case.status, case.next_due_at) == (Status.RESULT_SENT, None)


def test_thanks_do_not_take_an_answer_away_that_is_owed(case: Case, alice: User) -> None:
    due = timezone.now() + timedelta(hours=1)
    Case.objects.filter(pk=case.pk).update(next_due_at=due)
    case.refresh_from_db()
    post_message(case, by=alice, body="谢谢！")
    case.refresh_from_db()
    assert case.next_due_at == due
