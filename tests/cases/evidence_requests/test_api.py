"""Evidence requests by the API: the same rights and the same steps as on the page."""

from typing import Any

import pytest

from accounts.models import User
from cases.evidence_requests import services as evidence_requests
from cases.models import Case
from cases.status import Status
from tests.people import reading_english

pytestmark = pytest.mark.django_db

ITEMS = [{"kind": "log", "detail": "System"}, {"kind": "dump"}]


def send(method: str, user: User, address: str, facts: dict[str, Any] | None = None) -> Any:
    return getattr(reading_english(user), method)(address, facts or {}, content_type="application/json")


@pytest.fixture
def address(case: Case) -> str:
    return f"/api/cases/{case.number}"


def test_an_engineer_asks_and_the_customer_reads_what_is_missing(
    case: Case, alice: User, jia: User, address: str
) -> None:
    facts = {"items": ITEMS, "note": "Please hurry.", "since": "2020-11-20T00:00:00Z"}
    made = send("post", jia, f"{address}/requests/", facts)
    assert made.status_code == 201
    case.refresh_from_db()
    assert case.status == Status.WAITING
    (read,) = send("get", alice, f"{address}/requests/").json()
    assert read["note"] == "Please hurry." and (read["closing"], read["closed_at"]) == ("", None)
    assert [(item["kind"], item["detail"], item["state"]) for item in read["items"]] == [
        ("log", "System", "open"),
        ("dump", "", "open"),
    ]
    assert read["items"][0]["name"] == "System log (System.evtx)"
    assert made.json()["id"] == read["id"]


def test_what_is_asked_for_anew_keeps_what_has_arrived(jia: User, address: str) -> None:
    first = send("post", jia, f"{address}/requests/", {"items": ITEMS}).json()
    accepted = send("patch", jia, f"{address}/items/{first['items'][0]['id']}/", {"state": "arrived"})
    assert (accepted.json()["state"], accepted.json()["settled_by"]) == ("arrived", "Jia")
    more = [*ITEMS, {"kind": "other", "detail": "A photograph"}]
    second = send("post", jia, f"{address}/requests/", {"items": more}).json()
    assert [item["state"] for item in second["items"]] == ["arrived", "open", "open"]
    newest, oldest = send("get", jia, f"{address}/requests/").json()
    assert (newest["closing"], oldest["closing"]) == ("", "replaced")


@pytest.mark.parametrize(
    "facts",
    [
        {"items": []},
        {},
        {"items": [{"kind": "log"}]},
        {"items": [{"kind": "other", "detail": "  "}]},
        {"items": [{"kind": "kitchen sink"}]},
        {"items": ITEMS, "since": "2020-11-20T00:00:00Z", "until": "2020-11-20T00:00:00Z"},
        {"items": [{"kind": "other", "detail": "x" * 401}]},
        {"items": [{"kind": "other", "detail": str(number)} for number in range(41)]},
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    case: Case, jia: User, address: str, facts: dict[str, Any]
) -> None:
    assert send("post", jia, f"{address}/requests/", facts).status_code == 400
    case.refresh_from_db()
    assert case.status == Status.NEW


def test_a_customer_cannot_send_an_item_and_takes_it_back(
    case: Case, alice: User, jia: User, address: str
) -> None:
    asked = send("post", jia, f"{address}/requests/", {"items": ITEMS}).json()
    item = f"{address}/items/{asked['items'][1]['id']}/"
    assert send("patch", alice, item, {"state": "unavailable"}).status_code == 400
    said = send("patch", alice, item, {"state": "unavailable", "reason": "None are written"})
    assert (said.status_code, said.json()["state"], said.json()["reason"]) == (
        *(200, "unavailable"),
        "None are written",
    )
    assert said.json()["settled_by"] is None, "a name is for the vendor"
    assert case.messages.filter(body__contains="None are written", author=alice).exists()
    assert send("patch", alice, item, {"state": "open"}).json()["state"] == "open"
    assert send("patch", alice, item, {"state": "waived"}).status_code == 403
    assert send("patch", alice, item, {"state": "arrived"}).status_code == 403
    assert send("patch", alice, item, {"state": "gone"}).status_code == 400


def test_an_engineer_withdraws_and_only_once(case: Case, alice: User, jia: User, address: str) -> None:
    asked = send("post", jia, f"{address}/requests/", {"items": ITEMS}).json()
    withdraw = f"{address}/requests/{asked['id']}/withdraw"
    assert send("post", alice, withdraw).status_code == 403
    assert send("post", jia, withdraw).json()["closing"] == "withdrawn"
    assert send("post", jia, withdraw).status_code == 409
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    item = f"{address}/items/{asked['items'][0]['id']}/"
    assert send("patch", jia, item, {"state": "arrived"}).status_code == 409


def test_an_item_of_another_case_is_not_found_below_this_one(
    case: Case, alice: User, jia: User, charlie: User
) -> None:
    other = Case.objects.get(pk=case.pk)
    asked = evidence_requests.ask(other, by=jia, items=[("log", "System")])
    strange = f"/api/cases/CAS-00000-AAAAAA/items/{asked.items.get().pk}/"
    assert send("patch", jia, strange, {"state": "waived"}).status_code == 404
    own = f"/api/cases/{case.number}/items/{asked.items.get().pk}/"
    assert send("patch", charlie, own, {"state": "unavailable", "reason": "x"}).status_code == 404
    assert send("get", charlie, f"/api/cases/{case.number}/requests/").status_code == 404
