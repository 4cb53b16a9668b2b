"""Decisions about mails: whole or not at all, never lost to a worker, never doubled; and taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from cases.models import Case, Message, MessageKind
from cases.services import post_message
from cases.status import Status
from mail.errors import MovedOn
from mail.inbound import attachments, placing
from mail.inbound import services as inbound
from mail.reading.mail import Mail
from mail.reading.message import read_mail
from mail.review import services
from mail.review.errors import AlreadyUndone
from mail.review.models import MailDecision
from mail.store.models import MailMessage, MailState
from tests.mail.mails import HERE, attach, bodies, deliver, letter, read_all
from tests.people import reading_english, report, suspended
from uploads.bundles.models import Bundle


@pytest.fixture
def parked(case: Case) -> MailMessage:
    return deliver(letter(case, results=None))


def test_to_have_read_a_mail_again_is_nothing_to_take_back(case: Case, jia: User, settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID = "another.example"
    mail = deliver(letter(case))
    settings.MAIL_AUTHSERV_ID = HERE
    services.read_again(mail, by=jia)
    read_all()
    mail.refresh_from_db()
    assert mail.state == MailState.TAKEN
    assert "Take it back" not in reading_english(jia).get(reverse("mail", args=[mail.pk])).content.decode()
    with pytest.raises(AlreadyUndone):
        services.undo(MailDecision.objects.get(), by=jia)
    assert bodies(case) == ["Here are the logs."]


def test_a_decision_that_a_worker_has_overtaken_is_not_taken_back(
    case: Case, jia: User, settings: Any
) -> None:
    settings.MAIL_AUTHSERV_ID = "another.example"
    mail = deliver(letter(case))
    decision = services.set_aside(mail, by=jia)
    settings.MAIL_AUTHSERV_ID = HERE
    services.read_again(mail, by=jia)
    read_all()
    with pytest.raises(AlreadyUndone):
        services.undo(decision, by=jia)
    mail.refresh_from_db()
    assert (mail.state, bodies(case)) == (MailState.TAKEN, ["Here are the logs."])


@pytest.mark.parametrize(
    ("decide", "state"),
    [
        (lambda mail, case, by: services.take_into(mail, case, by=by), MailState.TAKEN),
        (lambda mail, case, by: services.set_aside(mail, by=by), MailState.SET_ASIDE),
    ],
)
def test_what_a_colleague_decides_while_a_worker_reads_stands(
    parked: MailMessage,
    case: Case,
    jia: User,
    decide: Callable[[MailMessage, Case, User], object],
    state: MailState,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.read_again(parked, by=jia)

    def slowly(raw: bytes) -> Mail:
        monkeypatch.setattr(inbound, "read_in_sandbox", read_mail)
        decide(MailMessage.objects.get(pk=parked.pk), case, jia)
        return read_mail(raw)

    monkeypatch.setattr(inbound, "read_in_sandbox", slowly)
    read_all()
    read_all()
    parked.refresh_from_db()
    assert parked.state == state
    assert len(bodies(case)) == (state == MailState.TAKEN)


def test_a_worker_that_knows_an_old_state_changes_nothing(parked: MailMessage, case: Case, jia: User) -> None:
    known = MailMessage.objects.get(pk=parked.pk)
    services.take_into(parked, case, by=jia)
    with pytest.raises(MovedOn):
        known.becomes(MailState.SET_ASIDE)
    known.refresh_from_db()
    assert known.state == MailState.TAKEN


def test_files_of_a_mail_taken_by_hand_come_by_a_worker_after_any_fault(
    case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = deliver(attach(letter(case, results=None)))
    with monkeypatch.context() as full:
        full.setattr(attachments, "take", lambda *_: (_ for _ in ()).throw(OSError("no space left")))
        services.take_into(mail, case, by=jia)
        read_all()
        page = reading_english(jia).get(f"{reverse('mail-review')}?show=unread").content.decode()
        assert "Its files have not all come yet" in page and "no space left" in page
    assert not Bundle.objects.exists()
    services.read_again(mail, by=jia)
    read_all()
    assert [bundle.name for bundle in Bundle.objects.filter(case=case)] == ["system.log"]
    mail.refresh_from_db()
    assert mail.done_at is not None


def test_a_decision_that_cannot_be_carried_out_is_none(
    parked: MailMessage, case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(
            placing, "post_message", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("killed"))
        )
        with pytest.raises(RuntimeError):
            services.take_into(parked, case, by=jia)
    assert not MailDecision.objects.exists()
    services.take_into(parked, case, by=jia)
    services.undo(MailDecision.objects.get(), by=jia)
    parked.refresh_from_db()
    assert (parked.state, parked.case) == (MailState.PARKED, None)


def test_a_new_case_that_is_taken_back_is_closed(parked: MailMessage, alice: User, jia: User) -> None:
    decision = services.take_into_new_case(parked, alice, "New", by=jia)
    assert decision.case is not None
    services.undo(decision, by=jia)
    decision.case.refresh_from_db()
    assert (decision.case.status, decision.case.next_due_at) == (Status.CLOSED, None)


def test_a_new_case_in_which_somebody_wrote_meanwhile_goes_on(
    parked: MailMessage, alice: User, jia: User
) -> None:
    decision = services.take_into_new_case(parked, alice, "New", by=jia)
    assert decision.case is not None
    post_message(decision.case, by=alice, body="One more word.")
    services.undo(decision, by=jia)
    decision.case.refresh_from_db()
    assert decision.case.status != Status.CLOSED


def test_a_customers_mail_that_is_moved_is_news_in_its_case(case: Case, jia: User, alice: User) -> None:
    other = report(alice, title="Another matter")
    mail = deliver(letter(other))
    suspended(case)
    services.take_into(mail, case, by=jia)
    case.refresh_from_db()
    assert case.status != Status.SUSPENDED and case.next_due_at is not None


def test_a_long_mail_read_again_by_a_reader_of_another_language_is_the_same(case: Case, jia: User) -> None:
    message = letter(case)
    message.set_content("line of words\n" * 9000)
    mail = deliver(message)
    before = mail.entry_id
    with override("en"):
        services.read_again(mail, by=None)
    mail.refresh_from_db()
    assert mail.entry_id == before
    assert Message.objects.filter(kind=MessageKind.MAIL_IN).count() == 1


def test_mails_are_read_again_although_one_of_them_cannot_be(
    case: Case, parked: MailMessage, settings: Any
) -> None:
    gone = deliver(letter(case, Message_ID="<gone@customer.example>"))
    MailMessage.objects.filter(pk=gone.pk).update(source="")
    with pytest.raises(CommandError, match=str(gone.pk)):
        call_command("mail", "reread", str(gone.pk), str(parked.pk))
    parked.refresh_from_db()
    assert parked.state == MailState.RECEIVED
