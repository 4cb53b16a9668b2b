"""Who asks to sign in learns nothing of who has an account: the request does the same for every address."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from mail import retention
from mail.outbound.models import MailSettings
from mail.store.models import MailMessage, MailState
from mail.store.reasons import NotSent
from tests.mail.bodies import bodies_of
from tests.mail.mails import outgoing, send_all

NOBODY = "nobody@customer.example"
CHANGING = {"X-Request-ID", "Expires"}
VALUES = re.compile(r"\bNULL\b|'(?:[^']|'')*'(?:::\w+)?|\b\d+\b|\"(?:s\d+_x|_django_curs_)\w+\"")
PLACES = ["/accounts/password/reset/", "/accounts/login/code/"]


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    cache.clear()  # Attempts are counted.
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
    User.objects.filter(pk=alice.pk).update(language="en")
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


@pytest.mark.parametrize(
    ("place", "secret"),
    [
        (PLACES[0], r"https://portal\.example/accounts/password/reset/key/\S+/"),
        (PLACES[1], r"(?<=\n    )[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}(?=\n)"),
    ],
)
def test_it_looks_like_all_mails_and_no_robot_answers_it(
    alice: User, settings: Any, place: str, secret: str
) -> None:
    settings.PORTAL_URL, settings.DEFAULT_FROM_EMAIL = "https://portal.example", "Help <help@vendor.example>"
    MailSettings.objects.create(pk=1, signature="Your support team")
    User.objects.filter(pk=alice.pk).update(language="en")
    Client(headers={"Accept-Language": "zh-CN"}).post(place, {"email": alice.email})
    send_all()
    (sent,) = django_mail.outbox
    message = message_from_bytes(sent.message().as_bytes(), policy=default)
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert (message["From"], message["To"]) == (
        "Help <help@vendor.example>",
        "Alice <alice@customer.example>",
    )
    assert message["Content-Language"] == "en" and message["Message-ID"].endswith("@vendor.example>")
    text, page = bodies_of(message)
    found = re.search(secret, text)
    assert found and found[0] in page and found[0] not in message["Subject"]
    assert '<html lang="en">' in page
    for body in (text, page):
        assert "You did not ask for" in body and "Your support team" in body
    (mail,) = outgoing()
    assert mail.dated_at == parsedate_to_datetime(message["Date"])


@pytest.mark.parametrize("address", ["wang@例子.example", "ſ@customer.example"])
def test_an_odd_address_is_answered_like_any_other(alice: User, address: str) -> None:
    assert Client().post(PLACES[1], {"email": address}).status_code == 302
    assert [mail.kind for mail in outgoing()] == ["unknown_account"]


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
