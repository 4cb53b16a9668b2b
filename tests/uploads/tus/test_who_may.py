"""Who may upload to a case, and go on with an upload."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from tests.uploads.tus_client import Tus, sentence, upload_at
from uploads.custody.models import Statement

pytestmark = pytest.mark.django_db

NOWHERE = "/uploads/tus/00000000-0000-4000-8000-000000000000"


def test_nobody_uploads_without_signing_in(tus: Tus) -> None:
    url = tus.begin_upload(4)
    stranger = Tus(None)
    for answer in (
        stranger.create(4, case="CAS-00001-ABCDEF"),
        stranger.patch(url, 0, b"1234"),
        stranger.ask("DELETE", url),
    ):
        assert answer.status_code == 401
        assert "Sign in" in sentence(answer)
    assert stranger.ask("HEAD", url).status_code == 401


def test_charlie_cannot_upload_to_alices_case(case: Case, charlie: User) -> None:
    answer = Tus(charlie).create(4, case=case.number)
    assert answer.status_code == 404
    assert sentence(answer) == sentence(Tus(charlie).create(4, case="CAS-99999-ZZZZZZ"))


@pytest.mark.parametrize("name", ["charlie", "bob", "jia", "max_"])
def test_nobody_else_touches_alices_upload(tus: Tus, name: str, request: pytest.FixtureRequest) -> None:
    url = tus.begin_upload(4)
    other = Tus(request.getfixturevalue(name))
    assert other.ask("HEAD", url).status_code == 404
    assert other.patch(url, 0, b"1234").status_code == 404
    assert other.ask("DELETE", url).status_code == 404
    assert tus.offset(url) == 0


def test_an_upload_that_does_not_exist_is_not_found(tus: Tus) -> None:
    assert tus.ask("HEAD", NOWHERE).status_code == 404
    assert tus.patch(NOWHERE, 0, b"1234").status_code == 404


def test_no_upload_before_the_customer_agrees(alice: User, case: Case) -> None:
    answer = Tus(alice).create(4, case=case.number)
    assert answer.status_code == 403
    assert "privacy statement" in sentence(answer)


def test_a_new_version_of_the_statement_asks_again(tus: Tus) -> None:
    Statement.objects.create(version="9", text_zh="新", text_en="New", published_at=timezone.now())
    assert tus.create(4).status_code == 403


def test_the_vendors_people_upload_without_being_asked(jia: User, case: Case) -> None:
    url = Tus(jia, case).begin_upload(4)
    assert upload_at(url).consent is None


def test_a_request_without_the_token_is_refused_with_a_sentence(alice: User, case: Case) -> None:
    tus = Tus(alice, case)
    tus.client = Client(enforce_csrf_checks=True)
    tus.client.force_login(alice)
    answer = tus.create(4)
    assert answer.status_code == 403
    assert "Reload" in sentence(answer)
    tus.client.get("/uploads/privacy")
    token = "a" * 32
    tus.client.cookies["csrftoken"] = token
    tus.always["X-CSRFToken"] = token
    assert tus.create(4).status_code == 201


def test_who_is_no_longer_on_the_case_cannot_go_on_with_her_upload(jia: User, case: Case) -> None:
    tus = Tus(jia, case)
    url = tus.begin_upload(4)
    case.engineer, case.queue = None, None
    case.save()
    assert tus.ask("HEAD", url).status_code == 404
    assert tus.patch(url, 0, b"1234").status_code == 404
    assert tus.ask("DELETE", url).status_code == 404
    assert upload_at(url).offset == 0


def test_who_left_cannot_go_on_with_her_upload(tus: Tus, alice: User) -> None:
    url = tus.begin_upload(4)
    alice.is_active = False
    alice.save()
    assert tus.patch(url, 0, b"1234").status_code == 401
    assert upload_at(url).offset == 0
