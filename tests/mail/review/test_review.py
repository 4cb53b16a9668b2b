"""Mails that wait for a person: what she is shown, what she decides, and that she can take it back."""

import re
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from cases.models import Case, CaseEvent, Message, MessageKind
from mail.inbound import placing
from mail.review import services
from mail.review.errors import AlreadyThere, AlreadyUndone, NoSuchCase, NotParked
from mail.review.models import MailDecision
from mail.review.proposals import proposals_for
from mail.store.models import MailMessage, MailState, MatchedBy
from mail.store.reasons import Reason
from tests.mail.mails import HERE, PROVEN, attach, bodies, deliver, letter, read_all
from tests.people import reading_english, report, signed_in, suspended
from uploads.bundles.models import Bundle

PROVEN_ELSEWHERE = f"{HERE}; dmarc=pass header.from=partner.example"


@pytest.fixture
def forged(case: Case) -> MailMessage:
    """In Alice's name, and not proven."""
    return deliver(letter(case, results=None))


@pytest.fixture
def strangers(case: Case) -> MailMessage:
    """A proven mail of somebody whom nobody here knows, with the case's number."""
    return deliver(letter(case, results=PROVEN_ELSEWHERE, From="Chen <chen@partner.example>"))


def test_the_page_says_why_a_mail_stopped_and_which_case_it_may_be(
    forged: MailMessage, case: Case, jia: User
) -> None:
    page = reading_english(jia).get(reverse("mail-review")).content.decode()
    assert "Our mail server has not proven that it comes from this address." in page
    assert "Here are the logs." in page
    assert f"Into {case.number}" in page and "the mail names this case" in page
    assert "Possible" in page and "Likely" not in page, "it may be anybody's"
    desk = reading_english(jia).get("/").content.decode()
    assert '<span class="nav-count">1' in desk


def test_a_mail_goes_into_a_case_by_hand_without_speaking_as_a_person(
    forged: MailMessage, case: Case, jia: User, alice: User
) -> None:
    suspended(case)
    client = signed_in(jia)
    client.post(reverse("mail-into-case", args=[forged.pk]), {"number": case.number.lower()})
    forged.refresh_from_db()
    assert (forged.state, forged.case, forged.matched_by) == (MailState.TAKEN, case, MatchedBy.BY_HAND)
    entry = Message.objects.get(kind=MessageKind.MAIL_IN)
    assert (entry.author, entry.body) == (None, "Here are the logs.")
    case.refresh_from_db()
    assert case.status != "suspended", "she wrote again"
    seen = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert "Sender not proven" in seen and "alice@customer.example" in seen


def test_by_what_a_mail_was_matched_is_said_to_the_vendors_people_alone(
    case: Case, jia: User, alice: User
) -> None:
    message = letter(case)
    message["Date"] = "Fri, 27 Nov 2020 10:18:22 +0800"
    deliver(message)
    hers = reading_english(alice).get(case.get_absolute_url()).content.decode()
    ours = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert "Matched by" not in hers and "Matched by the case number" in ours
    assert "Date of the mail" in hers and "Date of the mail" in ours


def test_a_customer_is_told_who_a_mail_says_it_is_from_and_when_it_was_written(
    case: Case, jia: User, alice: User
) -> None:
    message = letter(case, results=None)
    message["Date"] = "Fri, 27 Nov 2020 10:18:22 +0800"
    services.take_into(deliver(message), case, by=jia)
    page = reading_english(alice).get(case.get_absolute_url()).content.decode()
    marks = " ".join(re.sub(r"<[^>]+>", "", page.partition("Sender not proven")[2]).split())
    assert marks.startswith("Alice alice@customer.example · Date of the mail")
    assert "Matched by" not in page


def test_a_proven_participant_speaks_as_herself(case: Case, jia: User, alice: User) -> None:
    other = report(alice)
    mail = deliver(letter(case, Subject="no number"))
    assert mail.matched_by == MatchedBy.NEW_CASE
    services.take_into(mail, case, by=jia)
    mail.refresh_from_db()
    assert mail.entry is not None and (mail.entry.author, mail.entry.case) == (alice, case)
    assert not bodies(other)


def test_a_mail_is_moved_and_nobody_reads_it_in_the_wrong_case(case: Case, jia: User, alice: User) -> None:
    other = report(alice, title="Another matter")
    mail = deliver(letter(other))
    decision = services.take_into(mail, case, by=jia)
    assert bodies(case) == ["Here are the logs."]
    for reader in (alice, jia):
        assert "Here are the logs." not in signed_in(reader).get(other.get_absolute_url()).content.decode()
        assert "Here are the logs." in signed_in(reader).get(case.get_absolute_url()).content.decode()
        assert not Message.objects.visible_to(reader).filter(case=other, kind=MessageKind.MAIL_IN)
    with pytest.raises(AlreadyThere):
        services.take_into(mail, case, by=jia)
    services.undo(decision, by=jia)
    mail.refresh_from_db()
    assert mail.case == other
    assert not Message.objects.visible_to(alice).filter(case=case, kind=MessageKind.MAIL_IN)
    assert Message.objects.visible_to(alice).filter(case=other, kind=MessageKind.MAIL_IN)
    with pytest.raises(AlreadyUndone):
        services.undo(decision, by=jia)


def test_a_decision_about_a_parked_mail_is_taken_back(forged: MailMessage, case: Case, jia: User) -> None:
    decision = services.take_into(forged, case, by=jia)
    services.undo(decision, by=jia)
    forged.refresh_from_db()
    assert (forged.state, forged.reason, forged.case) == (MailState.PARKED, Reason.UNPROVEN, None)
    assert forged.matched_by == ""
    assert not Message.objects.visible_to(jia).filter(kind=MessageKind.MAIL_IN)
    services.take_into(forged, case, by=jia)
    assert Message.objects.visible_to(jia).filter(kind=MessageKind.MAIL_IN).count() == 1


def test_a_mail_opens_a_case_for_the_chosen_customer(
    strangers: MailMessage, case: Case, jia: User, alice: User
) -> None:
    data = {"contact": alice.pk, "title": "From a partner"}
    signed_in(jia).post(reverse("mail-into-new-case", args=[strangers.pk]), data)
    strangers.refresh_from_db()
    assert strangers.case is not None and strangers.case != case
    assert (strangers.case.title, strangers.case.contact, strangers.case.engineer) == (
        "From a partner",
        alice,
        jia,
    )
    assert strangers.entry is not None and strangers.entry.author is None


def test_a_strangers_number_is_never_likely(strangers: MailMessage, case: Case, jia: User) -> None:
    assert (strangers.state, strangers.reason) == (MailState.PARKED, Reason.UNKNOWN)
    (proposal,) = proposals_for(strangers, jia)
    assert proposal.case == case
    assert str(proposal.certainty) != "很可能" and str(proposal.doubts[0])


def test_set_aside_is_kept_and_comes_back(forged: MailMessage, case: Case, jia: User) -> None:
    decision = services.set_aside(forged, by=jia)
    forged.refresh_from_db()
    assert (forged.state, forged.reason) == (MailState.SET_ASIDE, Reason.BY_HAND)
    services.undo(decision, by=jia)
    forged.refresh_from_db()
    assert (forged.state, forged.reason) == (MailState.PARKED, Reason.UNPROVEN)
    services.take_into(forged, case, by=jia)
    with pytest.raises(NotParked):
        services.set_aside(forged, by=jia)


def test_a_mail_is_read_again_after_what_stopped_it_is_mended(case: Case, jia: User, settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID = ""
    mail = deliver(letter(case))
    assert mail.reason == Reason.UNPROVEN
    settings.MAIL_AUTHSERV_ID = HERE
    call_command("mail", "reread")
    read_all()
    mail.refresh_from_db()
    assert (mail.state, mail.case) == (MailState.TAKEN, case)
    assert bodies(case) == ["Here are the logs."]


def test_a_mail_in_a_case_that_was_read_wrongly_is_read_again(
    case: Case, jia: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr(placing, "entry_text", lambda *mail: "Here are")
        mail = deliver(letter(case))
    signed_in(jia).post(reverse("mail-read-again", args=[mail.pk]))
    mail.refresh_from_db()
    visible = Message.objects.visible_to(alice).filter(kind=MessageKind.MAIL_IN)
    assert [(entry.body, entry.author) for entry in visible] == [("Here are the logs.", alice)]
    assert mail.entry == visible.get()
    call_command("mail", "reread", str(mail.pk))
    assert Message.objects.filter(kind=MessageKind.MAIL_IN).count() == 2, "nothing changed, nothing new"


def test_a_mail_whose_subject_says_all_and_that_opened_its_case_keeps_it_when_read_again(
    alice: User, jia: User
) -> None:
    message = EmailMessage()
    message["Authentication-Results"] = PROVEN
    message["From"], message["Subject"] = "Alice <alice@customer.example>", "服务每天停止"
    message.set_content("-- \nAlice\n生产部\n电话：+86 555 0100\n")
    mail = deliver(message)
    assert mail.case is not None and bodies(mail.case)[0].startswith("服务每天停止\n\n")
    call_command("mail", "reread", str(mail.pk))
    mail.refresh_from_db()
    assert mail.entry is not None and mail.entry.body.startswith("服务每天停止\n\n")
    assert Message.objects.count() == 1


def test_files_of_a_mail_that_nobody_proved_are_the_deciders(
    forged: MailMessage, case: Case, jia: User
) -> None:
    mail = deliver(attach(letter(case, results=None, Message_ID="<2@x>")))
    services.take_into(mail, case, by=jia)
    read_all()
    bundle = Bundle.objects.get()
    assert (bundle.case, bundle.user, bundle.name) == (case, jia, "system.log")


def test_who_does_not_see_the_case_decides_nothing_about_it(
    forged: MailMessage, case: Case, ding: User, jia: User, charlie: User
) -> None:
    with pytest.raises(NoSuchCase):
        services.take_into(forged, case, by=ding)
    services.take_into(forged, case, by=jia)
    for person in (ding, charlie):
        client = signed_in(person)
        assert client.get(reverse("mail", args=[forged.pk])).status_code == 404
        assert client.get(reverse("mail-source", args=[forged.pk])).status_code == 404
        decision = MailDecision.objects.get()
        assert client.post(reverse("mail-undo", args=[decision.pk])).status_code == 404
    assert signed_in(charlie).get(reverse("mail-review")).status_code == 404
    assert reading_english(jia).get(reverse("mail-source", args=[forged.pk])).content == bytes(
        letter(case, results=None)
    )


def test_the_history_of_mails_is_not_for_customers(
    forged: MailMessage, case: Case, jia: User, alice: User
) -> None:
    services.take_into(forged, case, by=jia)
    assert CaseEvent.objects.visible_to(jia).filter(kind="mail").count() == 1
    assert not CaseEvent.objects.visible_to(alice).filter(kind="mail")


def test_no_look_at_the_page_reads_a_mail(
    forged: MailMessage, case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = deliver(attach(letter(case, results=None, Message_ID="<2@x>", Cc="Chen <chen@partner.example>")))

    def reads(_raw: bytes) -> None:
        raise AssertionError("a stranger's mail is read for a look at it")

    monkeypatch.setattr(services, "read_in_sandbox", reads)
    client = reading_english(jia)
    page = client.get(f"{reverse('mail-review')}?mail={mail.pk}").content.decode()
    for told in ("Here are the logs.", "system.log", "chen@partner.example", "the mail names this case"):
        assert told in page
    assert "Here are the logs." in client.get(reverse("mail", args=[mail.pk])).content.decode()


def test_a_provider_of_everybody_brings_no_customer_near(case: Case, alice: User, jia: User) -> None:
    alice.email = "alice@outlook.com"
    alice.save()
    mail = deliver(letter(case, results=None, Subject="hello", From="Mallory <mallory@outlook.com>"))
    assert proposals_for(mail, jia) == []
