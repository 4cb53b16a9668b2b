"""Whose mail is believed: what enters no case by its sender."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from cases.models import Case, Message, MessageKind
from mail.inbound import services
from mail.inbound.correlation import cases_of
from mail.outbound.models import MailSettings
from mail.review.services import take_into
from mail.store.models import MailMessage, MailState
from mail.store.reasons import Reason
from mail.store.sources import source_of
from tests.mail.mails import HERE, PROVEN, attach, bodies, deliver, letter, outgoing
from tests.people import reading_english
from uploads.custody.agreements import agree
from uploads.transfer.models import Upload


def test_an_engineer_writes_to_the_customer_by_mail(case: Case, jia: User, ding: User) -> None:
    proven = f"{HERE}; dkim=pass header.d=vendor.example header.s=s1"
    assert deliver(letter(case, results=proven, From="jia@vendor.example")).state == MailState.TAKEN
    assert not Message.objects.get(kind=MessageKind.MAIL_IN).internal
    deliver(letter(case, results=proven, From="ding@vendor.example", Message_ID="<2@x>"))
    assert MailMessage.objects.get(message_id="<2@x>").reason == Reason.NOT_HERS


def test_who_has_left_writes_into_no_case_by_mail(case: Case, alice: User) -> None:
    alice.is_active = False
    alice.save()
    mail = deliver(letter(case))
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.UNKNOWN)
    assert not bodies(case)


FORGED = {
    "no proof": None,
    "another server's word": PROVEN.replace(HERE, "mx.evil.example"),
    "a server whose name begins like ours": PROVEN.replace(HERE, f"{HERE}.evil.example"),
    "failed": f"{HERE}; dkim=pass header.d=customer.example; dmarc=fail header.from=customer.example",
    "a pass of another domain": f"{HERE}; dmarc=pass header.from=evil.example",
    "not aligned": f"{HERE}; dkim=pass header.d=evil.example",
    "a signer whose name ends alike": f"{HERE}; dkim=pass header.d=tomer.example",
    "the top domain as signer": f"{HERE}; dkim=pass header.d=example",
    "a failed signature": f"{HERE}; dkim=fail header.d=customer.example",
    "quoted by the server": f'{HERE}; spf=pass smtp.mailfrom="a; {PROVEN.partition("; ")[2]}"@evil.example',
    "in a comment": f"{HERE}; spf=none (; dmarc=pass header.from=customer.example)",
    "an open quote": f'{HERE}; spf=none smtp.mailfrom="; dmarc=pass header.from=customer.example',
}


@pytest.mark.parametrize("results", FORGED.values(), ids=FORGED)
def test_a_forged_sender_writes_into_no_case(case: Case, alice: User, results: str | None) -> None:
    agree(alice, case)
    sent = bytes(attach(letter(case, results=results)))
    mail = deliver(sent)
    assert (mail.state, mail.reason, mail.person) == (MailState.PARKED, Reason.UNPROVEN, None)
    assert not bodies(case)
    assert not Upload.objects.exists()
    assert not outgoing(), "no answer to one who may be anybody"
    assert source_of(mail) == sent


def test_only_the_topmost_word_of_our_server_counts(case: Case) -> None:
    ours = f"Authentication-Results: {HERE}; dmarc=none header.from=customer.example\n".encode()
    assert deliver(ours + bytes(letter(case))).reason == Reason.UNPROVEN
    assert not bodies(case)
    other = b"Authentication-Results: relay.example; dmarc=fail header.from=customer.example\n"
    assert deliver(other + bytes(letter(case))).state == MailState.TAKEN
    assert bodies(case)


def test_without_the_setting_no_mail_enters_a_case(case: Case, settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID = ""
    assert deliver(letter(case, results=PROVEN.removeprefix(HERE))).reason == Reason.UNPROVEN
    assert deliver(letter(case)).reason == Reason.UNPROVEN
    assert not bodies(case)


@pytest.mark.parametrize(
    ("field", "reason"),
    [("From: alice@customer.example", Reason.NO_SENDER), ("Content-Type: text/html", Reason.UNPROVEN)],
)
def test_a_second_sender_or_type_enters_no_case(case: Case, field: str, reason: Reason) -> None:
    mail = deliver(f"{field}\n".encode() + bytes(letter(case)))
    assert (mail.state, mail.reason) == (MailState.PARKED, reason)
    assert mail.preview == "Here are the logs."
    assert not bodies(case)


def test_a_doubled_field_that_says_nothing_of_the_sender_keeps_no_mail_out(case: Case) -> None:
    on_top = b"Subject: [external] CAS-99999-ABCDEF\nMessage-ID: <top@gateway.example>\n"
    mail = deliver(on_top + bytes(letter(case)))
    assert (mail.state, mail.message_id) == (MailState.TAKEN, letter(case)["Message-ID"])
    assert bodies(case) == ["Here are the logs."]


@pytest.mark.parametrize(
    "sender",
    [
        "Alice <mailto:alice@customer.example>",
        "Alice <@relay.example:alice@customer.example>",
        "=?utf-8?Q?=3Calice=40customer.example=3E?=",
    ],
)
def test_an_address_that_others_may_not_see_is_proven_by_dmarc_alone(case: Case, sender: str) -> None:
    def sent(results: str, number: int) -> MailMessage:
        raw = bytes(letter(case, results=f"{HERE}; {results}", Message_ID=f"<{number}@x>"))
        return deliver(raw.replace(b"From: Alice <alice@customer.example>", f"From: {sender}".encode()))

    signed, other = "dkim=pass header.d=customer.example", "dmarc=pass header.from=relay.example"
    for number, results in enumerate((signed, f"{signed}; {other}")):
        mail = sent(results, number)
        assert (mail.reason, mail.address) == (Reason.UNPROVEN, "alice@customer.example")
        assert not mail.is_proven
    assert sent("dmarc=pass header.from=customer.example", 3).state == MailState.TAKEN


def test_nobody_writes_into_a_case_of_others(case: Case, charlie: User, alice: User) -> None:
    deliver(letter(case, From="charlie@customer.example"))
    assert MailMessage.objects.get().reason == Reason.NOT_HERS
    alice.is_active = False
    alice.save()
    deliver(letter(case))
    deliver(letter(case, From="nobody@customer.example"))
    assert not bodies(case)
    reasons = set(MailMessage.objects.values_list("state", "reason"))
    assert reasons == {(MailState.PARKED, Reason.UNKNOWN), (MailState.PARKED, Reason.NOT_HERS)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("List-Id", "<all.customer.example>"),
        ("Precedence", "Bulk"),
        ("Return-Path", "<>"),
        ("Return-Path", "<MAILER-DAEMON>"),
        ("X-Cron-Env", "<HOME=/root>"),
    ],
)
def test_what_no_person_wrote_is_not_posted(case: Case, field: str, value: str) -> None:
    assert deliver(letter(case, **{field: value})).state == MailState.SET_ASIDE
    assert not bodies(case)
    assert not outgoing()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("自动回复: 日志", "今天不在。"),
        ("OOO: {}", "Back on Monday."),
        ("Re: {}", "I am out of the office until Monday."),
        ("Re: 日志", "您的来信已收到，我会尽快回复。"),
    ],
)
def test_where_words_alone_say_that_no_person_wrote_it_somebody_looks(
    case: Case, subject: str, text: str
) -> None:
    message = letter(case, Subject=subject.format(case.number))
    message.set_content(text)
    mail = deliver(message)
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.AUTO_REPLY)
    assert not bodies(case)
    assert not outgoing()


def test_a_receipt_with_words_of_its_own_is_looked_at(case: Case) -> None:
    message = letter(case, Subject="已读回执：日志")
    message.set_content("好的，明天上午再说。")
    assert deliver(message).state == MailState.PARKED


def test_a_comment_that_a_ticket_system_passes_on_is_looked_at(case: Case) -> None:
    message = letter(case, Subject="Re: RAID", X_Redmine_Host="it.customer.example")
    message.set_content("数据全丢了")
    mail = deliver(message)
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.GENERATED)


@pytest.mark.parametrize(
    ("results", "state"),
    [(PROVEN, MailState.PARKED), (None, MailState.PARKED), (FORGED["failed"], MailState.SET_ASIDE)],
)
def test_an_unknown_colleagues_absence_needs_nobody_only_where_it_is_forged(
    case: Case, results: str | None, state: MailState
) -> None:
    message = letter(case, results=results, From="helpdesk@customer.example", Subject="日志")
    message.set_content("我正在休假，12月7日回来。")
    mail = deliver(message)
    assert (mail.state, mail.reason) == (state, Reason.AUTO_REPLY)
    sure = letter(case, results=results, From="helpdesk@customer.example", Auto_Submitted="auto-replied")
    assert deliver(sure).state == MailState.SET_ASIDE


def test_an_absence_of_two_senders_that_no_server_has_judged_is_looked_at(case: Case) -> None:
    message = letter(case, results=None, From="a@customer.example, b@customer.example", Subject="日志")
    message.set_content("我正在休假，12月7日回来。")
    mail = deliver(message)
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.AUTO_REPLY)


def test_an_absence_beyond_the_cap_is_looked_at(case: Case) -> None:
    MailSettings.objects.create(pk=1, most_an_hour=1)
    deliver(letter(case))
    message = letter(case, Message_ID="<2@x>")
    message.set_content("I am out of the office until Monday.")
    assert deliver(message).state == MailState.PARKED


def test_who_is_away_and_reports_is_read_as_a_person(case: Case) -> None:
    message = letter(case, From="helpdesk@customer.example")
    message.set_content("我不在公司，机器已经宕机两小时，请马上派人。")
    mail = deliver(message)
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.UNKNOWN)


def test_a_storm_of_one_sender_is_parked(case: Case) -> None:
    MailSettings.objects.create(pk=1, most_an_hour=2)
    reasons = [deliver(letter(case, Message_ID=f"<{n}@x>")).reason for n in range(4)]
    assert reasons == ["", "", Reason.STORM, Reason.STORM]


def test_of_a_strangers_mail_little_is_looked_up_and_after_the_proof(
    case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(claimed: Any) -> Any:
        assert MailMessage.objects.get().proof == "missing"
        asked.append(len(claimed))
        return cases_of(claimed)

    monkeypatch.setattr(services, "cases_of", counted)
    message = letter(case, results=None, References=" ".join(f"<{n}@x>" for n in range(90)))
    mail = deliver(message)
    assert (mail.reason, asked) == (Reason.UNPROVEN, [20])


def test_what_a_strangers_mail_names_still_decides_who_looks_at_it(case: Case, ding: User) -> None:
    mail = deliver(letter(case, results=None))
    assert mail.named_case == case
    assert not MailMessage.objects.visible_to(ding).filter(pk=mail.pk).exists()


def test_a_proven_address_that_nobody_here_has_is_told_apart_from_an_unproven_one(
    case: Case, jia: User
) -> None:
    mail = deliver(letter(case, From="helpdesk@customer.example", Subject="自动回复: 日志"))
    assert (mail.state, mail.reason, mail.proof) == (MailState.PARKED, Reason.AUTO_REPLY, "dmarc")
    client = reading_english(jia)
    assert "✓ DMARC" in client.get(reverse("mail", args=[mail.pk])).content.decode()
    take_into(mail, case, by=jia)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Sender takes no part in the case" in page and "Sender not proven" not in page
