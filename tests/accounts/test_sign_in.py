"""People sign in by mail address, with a password or a mailed code; nobody learns who has an account."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import Organisation, User
from tests.people import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(address: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": address, "password": password})
    return client


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_mail_address_in_any_case_and_the_password_sign_in(alice: User) -> None:
    assert is_signed_in(sign_in("Alice@Customer.Example", PASSWORD))
    assert not is_signed_in(sign_in(alice.email, "wrong " + PASSWORD))


def test_somebody_who_left_does_not_get_in(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_signed_in(sign_in(alice.email, PASSWORD))


def test_a_mailed_code_signs_in(alice: User) -> None:
    client = Client()
    client.post("/accounts/login/code/", {"email": alice.email})
    (sent,) = mail.outbox
    assert sent.to == [alice.email]
    code = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", str(sent.body))
    assert code, sent.body
    client.post("/accounts/login/code/confirm/", {"code": code.group()})
    assert is_signed_in(client)


def test_nobody_signs_up(db: None) -> None:
    client = Client()
    facts = {"email": "new@customer.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", facts)
    assert not User.objects.exists()
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_an_unknown_address_gets_the_same_answer(alice: User, address: str) -> None:
    """Of the two mails the outbox sends one: tests/mail/outbound/test_sign_in_mails.py."""
    known = Client().post(address, {"email": alice.email})
    unknown = Client().post(address, {"email": "nobody@customer.example"})
    assert (known.status_code, known.headers.get("Location")) == (
        unknown.status_code,
        unknown.headers.get("Location"),
    )
    assert mail.outbox[1].extra_headers["X-Anjuan"] == "unknown_account"


def test_a_forgotten_password_is_set_anew_by_mail(alice: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": alice.email})
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link, mail.outbox[0].body
    page = client.get(link.group(1), follow=True)
    new = "a quite different sentence"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert is_signed_in(sign_in(alice.email, new))


def test_guessing_ends_after_a_few_attempts(alice: User) -> None:
    for attempt in range(6):
        sign_in(alice.email, f"guess {attempt}")
    assert not is_signed_in(sign_in(alice.email, PASSWORD))


def test_guessing_ends_at_the_administrations_door_as_well(root: User) -> None:
    client = Client()
    for attempt in (*(f"guess {number}" for number in range(6)), PASSWORD):
        client.post("/admin/login/", {"username": root.email, "password": attempt})
        assert not is_signed_in(client)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_nobody_guesses_while_attempts_cannot_be_counted(alice: User, settings: Settings) -> None:
    redis = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": redis, "LOCATION": "redis://127.0.0.1:1/0"}}
    client = Client()
    answer = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert not is_signed_in(client)


def test_people_do_not_change_their_own_address(alice: User) -> None:
    assert signed_in(alice).get("/accounts/email/").status_code == 404


def test_only_the_administrator_opens_the_administration(
    alice: User, jia: User, max_: User, root: User
) -> None:
    for user in (alice, jia, max_):
        assert signed_in(user).get("/admin/").status_code == 302
    assert signed_in(root).get("/admin/").status_code == 200


def test_the_administrator_adds_people(root: User, northwind: Organisation) -> None:
    client = signed_in(root)
    facts = {
        "email": "Dora@Customer.example",
        "name": "Dora",
        "role": "customer",
        "language": "en",
        "is_active": "on",
        "new_password": "",
    }
    page = client.post("/admin/accounts/user/add/", facts)
    assert "organisation" in page.context["adminform"].form.errors
    client.post("/admin/accounts/user/add/", facts | {"organisation": northwind.pk})
    dora = User.objects.get(email="dora@customer.example")
    assert not dora.has_usable_password()
    assert not dora.is_superuser
    changed = facts | {"organisation": northwind.pk, "new_password": PASSWORD}
    client.post(f"/admin/accounts/user/{dora.pk}/change/", changed)
    assert is_signed_in(sign_in("dora@customer.example", PASSWORD))


def test_the_administration_pages_open(root: User, case: object) -> None:
    client = signed_in(root)
    for page in ("accounts/user", "accounts/organisation", "cases/case", "cases/queue"):
        assert client.get(f"/admin/{page}/").status_code == 200
    assert client.get("/admin/cases/case/add/").status_code == 403


def test_an_account_made_administrator_is_one(root: User, jia: User) -> None:
    facts = {"email": jia.email, "name": "Jia", "language": "en", "is_active": "on", "role": "administrator"}
    signed_in(root).post(f"/admin/accounts/user/{jia.pk}/change/", facts)
    jia.refresh_from_db()
    assert jia.is_superuser
    assert jia.is_staff


@pytest.mark.parametrize("address", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_mails_are_ours_and_name_the_portal(alice: User, address: str) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    Client().post(address, {"email": alice.email})
    (sent,) = mail.outbox
    assert sent.subject.startswith("[Anjuan] ")
    assert "http://testserver/" in str(sent.body)
    assert not re.search("Hello from|Thank you for using", str(sent.body))


@pytest.mark.parametrize("address", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_mails_are_in_their_readers_language_whoever_asks(alice: User, address: str) -> None:
    for typed in ("Alice@Customer.example", "nobody@customer.example"):
        Client(headers={"Accept-Language": "en"}).post(address, {"email": typed})
    hers, nobodys = mail.outbox
    assert hers.subject.startswith("[案卷] ") and str(hers.body).startswith("您好")
    assert nobodys.subject.startswith("[Anjuan] ") and str(nobodys.body).startswith("Hello")


@pytest.mark.parametrize("address", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_a_mails_addresses_are_the_portals_whatever_host_a_request_names(
    alice: User, settings: Settings, address: str
) -> None:
    settings.ALLOWED_HOSTS, settings.PORTAL_URL = ["*"], "https://portal.example"
    Client().post(address, {"email": alice.email}, headers={"host": "evil.example"})
    (sent,) = mail.outbox
    assert "https://portal.example/" in str(sent.body)
    assert "evil.example" not in f"{sent.subject} {sent.body}"
