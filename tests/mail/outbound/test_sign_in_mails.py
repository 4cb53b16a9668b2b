"""Who asks to sign in learns nothing of who has an account: the request does the same for every address."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from mail import retention
from mail.store.models import MailMessage, MailState
from mail.store.reasons import NotSent
from tests.mail.mails import outgoing, send_all

NOBODY = "nobody@customer.example"
CHANGING = {"X-Request-ID", "Expires"}
VALUES = re.compile(r"\bNULL\b|'(?:[^']|'')*'(?:::\w+)?|\b\d+\b|\"(?:s\d+_x|_django_curs_)\w+\"")
PLACES = ["/accounts/password/reset/", "/accounts/login/code/"]


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


def asked(place: str, address: str) -> tuple[list[str], dict[str, Any]]:
    """What the database is asked, its values aside, and what the browser is answered."""
    client = Client()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.post(place, {"email": address})
    shapes = [VALUES.sub("?", query["sql"]) for query in queries]
    headers = {name: value for name, value in answer.headers.items() if name not in CHANGING}
    return shapes, {"status": answer.status_code, "cookies": sorted(client.cookies), **headers}


@pytest.mark.parametrize("place", PLACES)
def test_the_request_asks_and_answers_the_same(alice: User, place: str) -> None:
    asked(place, "first@customer.example")  # What is read once and kept.
    known, unknown = asked(place, alice.email), asked(place, NOBODY)
    assert known == unknown
    assert any("mail_mailmessage" in query for query in known[0])


@pytest.mark.parametrize("place", PLACES)
def test_only_who_has_an_account_gets_a_mail(alice: User, bob: User, place: str) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    for address in (alice.email, NOBODY, bob.email):
        Client().post(place, {"email": address})
    send_all()
    assert [mail.to for mail in django_mail.outbox] == [[alice.email]]
    became = {mail.address: (mail.state, mail.reason) for mail in outgoing()}
    assert became == {
        alice.email: (MailState.SENT, ""),
        NOBODY: (MailState.WITHHELD, NotSent.NOBODY),
        bob.email: (MailState.WITHHELD, NotSent.NOBODY),
    }
    assert not MailMessage.objects.exclude(source="").exists(), "neither is kept longer than it takes"


def test_an_address_that_somebody_typed_is_not_kept_for_ever(alice: User) -> None:
    Client().post(PLACES[0], {"email": NOBODY})
    Client().post(PLACES[0], {"email": alice.email})
    send_all()
    retention.sweep()
    assert MailMessage.objects.filter(address=NOBODY).exists()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        retention.sweep()
    assert not MailMessage.objects.filter(address=NOBODY).exists()
    assert MailMessage.objects.filter(address=alice.email).exists()
