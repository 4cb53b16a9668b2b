"""Addresses and bodies that nobody honest sends are refused, and never an error of the portal."""

import json

import pytest
from django.test import Client

from accounts.models import User
from cases.models import Case
from tests.people import signed_in

pytestmark = pytest.mark.django_db

ADDRESSES = (
    *("/cases/%00/", "/cases/a%00b/live/", "/cases/search/?q=a%00b", "/cases/?status=open&engineer=%00"),
    *("/api/cases/%00/", "/api/cases/%00/messages/", "/api/cases/%00/bundles/", "/api/cases/?search=%00"),
    *("/api/runs/?case=%00", "/api/runs/%00/", "/api/reports/?case=%00", "/api/runs/\u00b2/"),
    *("/analysis/%00/run/", "/analysis/baselines/?page=%00", "/uploads/cases/%00/panel"),
    *("/analysis/X/report/99999999999999999999/", "/api/runs/99999999999999999999/"),
    "/analysis/X/runs/99999999999999999999/evidence/0/0/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_nothing_can_have_is_not_found(jia: User, case: Case, address: str) -> None:
    answer = signed_in(jia).get(address)
    assert answer.status_code == 404
    if address.startswith("/api/"):
        assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        '{"title": "\\u0000"}',
        '{"title": "\\ud800"}',
        '{"title": {"a": 1}}',
        "[1]",
        "{",
        '{"title": ' + "[" * 9000 + "]" * 9000 + "}",
    ],
    ids=["nul", "surrogate", "object", "list", "cut", "deep"],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(alice: User, case: Case, body: str) -> None:
    answer = signed_in(alice).post("/api/cases/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_no_answer_leads_away_from_the_portal(alice: User) -> None:
    away = (
        "//evil.example/",
        "https://evil.example/",
        "https:evil.example",
        "/\\evil.example",
        "javascript:x",
    )
    for place in away:
        client = Client()
        answers = [
            client.post("/i18n/setlang/", {"language": "en", "next": place}),
            client.get("/accounts/login/", {"next": place}),
            signed_in(alice).get("/accounts/login/", {"next": place}),
            signed_in(alice).post("/accounts/logout/", {"next": place}),
        ]
        for answer in answers:
            assert "evil" not in answer.headers.get("Location", "")
            assert "javascript" not in answer.headers.get("Location", "")


def test_a_foreign_host_name_is_refused(alice: User) -> None:
    answer = Client().post(
        "/accounts/password/reset/", {"email": alice.email}, headers={"Host": "evil.example"}
    )
    assert answer.status_code == 400


def test_a_refusal_names_no_other_case(alice: User, charlie: User, case: Case) -> None:
    answer = signed_in(charlie).get(f"/api/cases/?search={case.number}")
    assert json.loads(answer.content)["count"] == 0
    for place in (f"/cases/{case.number}/", "/cases/CAS-99999-AAAAAA/"):
        assert signed_in(charlie).get(place).status_code == 404
