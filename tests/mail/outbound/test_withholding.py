"""A mail that was put off is looked at again before it goes: what does not hold any more is not sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.models import Case, MessageKind
from cases.outcomes import services as outcomes
from cases.pauses import proposals
from cases.services import post_message
from cases.signals import ActivityKind
from mail.notifications.models import CaseCc, Channel
from mail.notifications.preferences import choose
from mail.outbound.models import Delivery
from mail.outbound.outbox import enqueue
from mail.review import services as review
from mail.store.models import MailMessage, MailState
from mail.store.reasons import NotSent
from tests.mail.mails import HERE, deliver, letter, outgoing, send_all
from tests.people import reading_english, report


@pytest.fixture(autouse=True)
def _transport(settings: Any, tmp_path: Any) -> None:
    settings.UPLOAD_STAGING = tmp_path / "staging"
    settings.MAIL_AUTHSERV_ID = HERE
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def waiting(case: Case, alice: User, jia: User) -> MailMessage:
    entry = post_message(case, by=jia, body="日志已收到。")
    return enqueue(alice.email, kind="reply", text="日志已收到。", person=alice, case=case, entry=entry)


def became_of(mail: MailMessage) -> tuple[str, str]:
    send_all()
    mail.refresh_from_db()
    return mail.state, mail.reason


def test_nothing_is_sent_to_somebody_who_has_left(waiting: MailMessage, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert became_of(waiting) == (MailState.WITHHELD, NotSent.LEFT)
    assert not django_mail.outbox
    assert Delivery.objects.get().state == "done"


def test_nothing_is_sent_of_a_case_that_she_does_not_see_any_more(
    case: Case, charlie: User, alice: User, waiting: MailMessage
) -> None:
    User.objects.filter(pk=alice.pk).update(organisation=charlie.organisation)
    assert became_of(waiting) == (MailState.WITHHELD, NotSent.NOT_SEEN)
    assert not django_mail.outbox


@pytest.mark.parametrize("composed", [False, True])
def test_a_new_address_gets_what_the_old_one_did_not(
    waiting: MailMessage, alice: User, monkeypatch: pytest.MonkeyPatch, composed: bool
) -> None:
    from django.core.mail.backends import locmem

    def fail(*_: Any) -> int:
        raise ConnectionRefusedError

    if composed:
        with monkeypatch.context() as patch:
            patch.setattr(locmem.EmailBackend, "send_messages", fail)
            send_all()
    User.objects.filter(pk=alice.pk).update(email="alice@northwind.example")
    assert became_of(waiting) == (MailState.WITHHELD, NotSent.NEW_ADDRESS)
    send_all()
    (sent,) = django_mail.outbox
    assert sent.to == ["alice@northwind.example"]
    again = outgoing()[-1]
    assert (again.state, again.entry, again.facts["text"]) == (MailState.SENT, waiting.entry, "日志已收到。")


def test_a_code_follows_nobody_to_a_new_address(alice: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    send_mail("Your code", "12345678", None, [alice.email])
    (mail,) = outgoing()
    User.objects.filter(pk=alice.pk).update(email="alice@northwind.example")
    assert became_of(mail) == (MailState.WITHHELD, NotSent.NEW_ADDRESS)
    assert mail.source == "" and not django_mail.outbox
    assert len(outgoing()) == 1


def test_an_entry_that_went_to_another_case_is_not_told_in_this_one(
    case: Case, alice: User, jia: User
) -> None:
    received = deliver(letter(case))
    assert received.entry is not None
    mail = enqueue(
        jia.email, kind="reply", text="Here are the logs.", person=jia, case=case, entry=received.entry
    )
    review.take_into(received, report(alice, engineer=jia), by=jia)
    assert became_of(mail) == (MailState.WITHHELD, NotSent.ENTRY_GONE)


def test_an_entry_that_came_back_is_told(case: Case, alice: User, jia: User) -> None:
    received = deliver(letter(case))
    mail = enqueue(
        jia.email, kind="reply", text="Here are the logs.", person=jia, case=case, entry=received.entry
    )
    decision = review.take_into(received, report(alice, engineer=jia), by=jia)
    review.undo(decision, by=jia)
    assert became_of(mail) == (MailState.SENT, "")


def test_what_she_has_chosen_away_since_is_not_sent(waiting: MailMessage, alice: User) -> None:
    choose(alice, {ActivityKind.REPLY: Channel.PORTAL})
    assert became_of(waiting) == (MailState.WITHHELD, NotSent.NOT_WANTED)


def test_who_is_off_the_cc_list_gets_nothing_more(case: Case, jia: User) -> None:
    cc = CaseCc.objects.create(case=case, address="site@plant.example", added_by=jia, added_at=timezone.now())
    mail = enqueue(cc.address, kind="reply", text="日志已收到。", case=case, cc=cc.pk)
    CaseCc.objects.update(removed_at=timezone.now())
    assert became_of(mail) == (MailState.WITHHELD, NotSent.OFF_LIST)


def test_a_reminder_of_what_she_has_done_by_now_is_not_sent(case: Case, alice: User, jia: User) -> None:
    case.wait_for_customer(by=jia)
    reminds = enqueue(
        alice.email, kind="waiting_reminder", text="您的案例正在等待。", person=alice, case=case
    )
    post_message(Case.objects.get(), by=alice, body="材料已上传。", kind=MessageKind.MAIL_IN)
    assert became_of(reminds) == (MailState.WITHHELD, NotSent.SETTLED)
    case = Case.objects.get()
    Case.objects.update(next_due_at=timezone.now() - timedelta(hours=1))
    late = enqueue(jia.email, kind="overdue", text="客户在等待。", person=jia, case=case)
    post_message(Case.objects.get(), by=jia, body="正在处理。")
    assert became_of(late) == (MailState.WITHHELD, NotSent.SETTLED)


def test_a_reminder_of_her_word_is_sent_until_she_has_given_it(case: Case, alice: User, jia: User) -> None:
    proposal = proposals.propose(case, by=jia, resumes_when="日志到达时")
    facts: dict[str, Any] = {"kind": "waiting_reminder", "person": alice, "case": case}
    assert became_of(enqueue(alice.email, text="您的案例正在等待。", **facts)) == (MailState.SENT, "")
    late = enqueue(alice.email, text="您的案例正在等待。", **facts)
    proposals.answer(proposal, agrees=False, by=alice)
    assert became_of(late) == (MailState.WITHHELD, NotSent.SETTLED)


def test_a_customer_is_not_reminded_of_a_question_that_she_has_answered_and_a_colleague_is(
    case: Case, alice: User, jia: User
) -> None:
    case.send_result(by=jia)
    facts: dict[str, Any] = {"kind": "own_reminder", "text": "您要求提醒。", "case": case}
    assert became_of(enqueue(alice.email, person=alice, **facts)) == (MailState.SENT, "")
    hers, jias = (enqueue(person.email, person=person, **facts) for person in (alice, jia))
    outcomes.answer(case, by=alice, solved=True)
    assert became_of(hers) == (MailState.WITHHELD, NotSent.SETTLED)
    assert became_of(jias) == (MailState.SENT, "")


def test_its_page_says_why_and_what_it_would_have_told(waiting: MailMessage, alice: User, jia: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    became_of(waiting)
    page = reading_english(jia).get(reverse("mail", args=[waiting.pk])).content.decode()
    assert "Its recipient may not sign in any more." in page
    assert "It was never put together, as it was not to be sent any more." in page
    assert "日志已收到。" in page
    assert "cannot be read" not in page
