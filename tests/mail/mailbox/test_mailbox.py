"""In the demo each person reads her own mails on a page; where mails leave the machine there is none."""

from typing import Any

import pytest
from django.core.mail import send_mail
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from mail.outbound.outbox import enqueue
from mail.store.models import MailMessage, MailState
from tests.mail.mails import outgoing, send_all
from tests.people import reading_english, signed_in
from tests.world import body_of

LINK = "https://support.vendor.example/mail/unsubscribe/WyJyZXBseSIsNV0:1xXjWe:r9_lVhIX9_i3NLKz00afWNDE6Y/"


@pytest.fixture(autouse=True)
def _nothing_leaves_the_machine(settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    settings.PORTAL_URL = "https://support.vendor.example"


@pytest.fixture
def mails(case: Case, alice: User, bob: User, jia: User) -> dict[str, MailMessage]:
    """A reply to each of the two customers, a code, and a note among colleagues."""
    code = "Your code"
    send_mail(code, "12345678", None, [alice.email])
    made = {
        name: enqueue(person.email, kind="reply", text=f"Hello {name}.", person=person, case=case, **facts)
        for name, person, facts in (
            ("alice", alice, {"unsubscribe": LINK, "calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}),
            ("bob", bob, {}),
            ("jia", jia, {"internal": True}),
        )
    }
    send_all()
    return made | {"code": next(mail for mail in outgoing() if mail.subject == code)}


def addresses_of(mail: MailMessage) -> list[str]:
    return [
        reverse("mailbox-html", args=[mail.pk]),
        reverse("mailbox-text", args=[mail.pk]),
        reverse("mailbox-file", args=[mail.pk, 0]),
    ]


def test_each_person_finds_her_own_mails_as_she_would_see_them(
    mails: dict[str, MailMessage], alice: User, jia: User
) -> None:
    client = reading_english(alice)
    assert f'href="{reverse("mailbox")}"' in client.get("/").content.decode()
    page = client.get(f"{reverse('mailbox')}?mail={mails['alice'].pk}").content.decode()
    html, text, file = addresses_of(mails["alice"])
    assert html in page and f'href="{file}" download>invite.ics<' in page and page.count("data-mail-row") == 2
    assert "Hello alice." in body_of(client.get(html)) and LINK in body_of(client.get(html))
    assert "Hello alice." in body_of(client.get(text)) and LINK in body_of(client.get(text))
    assert client.get(file)["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert "12345678" in body_of(client.get(addresses_of(mails["code"])[0]))
    ours = reading_english(jia).get(reverse("mailbox")).content.decode()
    assert ours.count("data-mail-row") == 1 and mails["jia"].heading in ours


def test_nobody_finds_anothers_whoever_she_is(
    mails: dict[str, MailMessage], alice: User, bob: User, charlie: User, jia: User, max_: User, root: User
) -> None:
    for person in (bob, charlie, jia, max_, root):
        client = signed_in(person)
        page = client.get(f"{reverse('mailbox')}?mail={mails['alice'].pk}").content.decode()
        assert reverse("mailbox-html", args=[mails["alice"].pk]) not in page and "12345678" not in page
        for name in ("alice", "code"):
            assert [client.get(address).status_code for address in addresses_of(mails[name])] == [404] * 3
    client = signed_in(alice)
    assert client.get(reverse("mail-review")).status_code == 404
    assert [client.get(address).status_code for address in addresses_of(mails["jia"])] == [404] * 3


def test_what_has_not_gone_does_not_lie_there(case: Case, alice: User) -> None:
    for state in (MailState.QUEUED, MailState.WITHHELD, MailState.FAILED):
        mail = enqueue(alice.email, kind="reply", text="Hello.", person=alice, case=case)
        MailMessage.objects.filter(pk=mail.pk).update(state=state)
        assert signed_in(alice).get(reverse("mailbox-html", args=[mail.pk])).status_code == 404
    page = reading_english(alice).get(reverse("mailbox")).content.decode()
    assert "Nothing has been mailed to you yet." in page


def test_where_mails_leave_the_machine_there_is_no_mailbox(
    mails: dict[str, MailMessage], alice: User, root: User, settings: Any
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    for person in (alice, root):
        client = signed_in(person)
        assert client.get(reverse("mailbox")).status_code == 404
        assert reverse("mailbox") not in client.get("/").content.decode()
        assert [client.get(address).status_code for address in addresses_of(mails["alice"])] == [404] * 3


def test_whoever_has_left_finds_nothing(mails: dict[str, MailMessage], alice: User) -> None:
    assert MailMessage.objects.sent_to(alice).count() == 2
    alice.is_active = False
    alice.save()
    assert not MailMessage.objects.sent_to(alice).exists()
