"""API tokens: a program acts as its person, until the token is revoked."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User
from cases.models import Case
from tests.people import PASSWORD, signed_in
from tests.uploads.tus_client import metadata
from uploads.custody.agreements import agree
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db


def machine(secret: str, scheme: str = "Bearer") -> Client:
    return Client(
        enforce_csrf_checks=True,
        headers={"Authorization": f"{scheme} {secret}", "Tus-Resumable": "1.0.0"},
    )


def create(client: Client, case: Case) -> Any:
    headers = {"Upload-Length": "10", "Upload-Metadata": metadata(filename="a.zip", case=case.number)}
    return client.post("/uploads/tus/", headers=headers)


@pytest.mark.parametrize("scheme", ["Bearer", "Token"])
def test_a_program_reads_writes_and_uploads_as_its_person(case: Case, alice: User, scheme: str) -> None:
    agree(alice, case)
    client = machine(tokens.make(alice, "nightly")[1], scheme)
    assert [row["number"] for row in client.get("/api/cases/").json()["results"]] == [case.number]
    answer = client.post(
        f"/api/cases/{case.number}/messages/", {"body": "Hello"}, content_type="application/json"
    )
    assert answer.status_code == 201
    assert create(client, case).status_code == 201
    assert Upload.objects.get().user == alice


def test_a_program_sees_no_more_than_its_person(case: Case, charlie: User) -> None:
    client = machine(tokens.make(charlie, "")[1])
    assert client.get(f"/api/cases/{case.number}/").status_code == 404
    assert create(client, case).status_code == 404


def test_only_a_hash_of_the_token_is_kept(alice: User) -> None:
    row, secret = tokens.make(alice, "nightly")
    assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(ApiToken.objects.values())


def test_a_revoked_token_opens_nothing_at_once(case: Case, alice: User) -> None:
    agree(alice, case)
    row, secret = tokens.make(alice, "nightly")
    client = machine(secret)
    assert client.get("/api/cases/").status_code == 200
    tokens.revoke(alice, row.pk)
    refused = client.get("/api/cases/")
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert create(client, case).status_code == 401
    assert not Upload.objects.exists()


def test_a_token_of_somebody_who_left_opens_nothing(alice: User) -> None:
    secret = tokens.make(alice, "nightly")[1]
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert machine(secret).get("/api/cases/").status_code == 401


def test_a_wrong_token_does_not_fall_back_on_the_session(case: Case, alice: User) -> None:
    agree(alice, case)
    client = machine("anj_wrong")
    client.force_login(alice)
    assert client.get("/api/cases/").status_code == 401
    assert create(client, case).status_code == 401


def test_a_cookie_without_token_still_needs_the_check_against_forgery(case: Case, alice: User) -> None:
    agree(alice, case)
    client = Client(enforce_csrf_checks=True, headers={"Tus-Resumable": "1.0.0"})
    client.force_login(alice)
    assert create(client, case).status_code == 403


def test_a_token_opens_no_page(alice: User) -> None:
    assert machine(tokens.make(alice, "")[1]).get("/cases/").status_code == 302


def test_a_person_makes_a_token_sees_it_once_and_revokes_it(alice: User) -> None:
    browser = signed_in(alice)
    shown = browser.post("/accounts/tokens/", {"name": "nightly <b>"}).content.decode()
    secret = re.search(r"anj_[\w-]{43}", shown)
    assert secret is not None
    again = browser.get("/accounts/tokens/").content.decode()
    assert secret[0] not in again and "nightly &lt;b&gt;" in again
    assert machine(secret[0]).get("/api/cases/").status_code == 200
    token = ApiToken.objects.get()
    assert token.used_at is not None
    browser.post(f"/accounts/tokens/{token.pk}/revoke")
    assert machine(secret[0]).get("/api/cases/").status_code == 401


def test_nobody_revokes_anothers_token(alice: User, bob: User) -> None:
    row, _ = tokens.make(alice, "")
    assert signed_in(bob).post(f"/accounts/tokens/{row.pk}/revoke").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_there_is_an_end_to_the_tokens_of_one_person(alice: User) -> None:
    for _ in range(tokens.MAX_TOKENS):
        tokens.make(alice, "")
    assert signed_in(alice).post("/accounts/tokens/", {"name": "x"}).status_code == 409


def test_a_new_password_ends_every_token(alice: User) -> None:
    secret = tokens.make(alice, "nightly")[1]
    browser = signed_in(alice)
    form = {"oldpassword": PASSWORD, "password1": "another horse, another battery"}
    assert (
        browser.post("/accounts/password/change/", form | {"password2": form["password1"]}).status_code == 302
    )
    assert machine(secret).get("/api/cases/").status_code == 401
    assert ApiToken.objects.get().ended_by_password


def test_the_same_password_hashed_anew_ends_no_token(alice: User) -> None:
    secret = tokens.make(alice, "nightly")[1]
    alice.set_password(PASSWORD)
    alice._password = None  # As Django does when it hashes the password anew at a sign-in.
    alice.save()
    assert machine(secret).get("/api/cases/").status_code == 200


def test_an_expired_token_opens_nothing(alice: User) -> None:
    row, secret = tokens.make(alice, "nightly", days=30)
    assert timedelta(days=29) < row.expires_at - timezone.now() <= timedelta(days=30)
    ApiToken.objects.update(expires_at=timezone.now())
    assert machine(secret).get("/api/cases/").status_code == 401


def test_a_token_lives_for_a_year_at_most(alice: User) -> None:
    row, _ = tokens.make(alice, "nightly", days=4000)
    assert abs(row.expires_at - timezone.now() - timedelta(days=365)) < timedelta(minutes=1)


def test_a_token_remembers_its_first_use(alice: User) -> None:
    client = machine(tokens.make(alice, "nightly")[1])
    client.get("/api/cases/")
    first = ApiToken.objects.get().first_used_at
    assert first is not None
    ApiToken.objects.update(used_at=first - timedelta(hours=1))
    client.get("/api/cases/")
    row = ApiToken.objects.get()
    assert (
        row.first_used_at == first and row.used_at is not None and row.used_at > first - timedelta(minutes=5)
    )
