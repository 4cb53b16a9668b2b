"""The API says the same as the pages, to the same people."""

from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from cases.models import Case, MessageKind
from cases.services import post_message
from tests.people import report, signed_in

pytestmark = pytest.mark.django_db


def post(user: User, address: str, facts: dict[str, Any]) -> Any:
    return signed_in(user).post(
        address, facts, content_type="application/json", headers={"Accept-Language": "en"}
    )


def test_a_list_holds_what_the_person_may_see(case: Case, alice: User, charlie: User) -> None:
    assert [row["number"] for row in signed_in(alice).get("/api/cases/").json()["results"]] == [case.number]
    assert signed_in(charlie).get("/api/cases/").json()["count"] == 0
    assert signed_in(None).get("/api/cases/").status_code == 401
    assert signed_in(alice).get("/api/cases/?search=zebra").json()["count"] == 0


def test_a_customer_reports_a_case(alice: User, jia: User) -> None:
    answer = post(alice, "/api/cases/", {"title": "Printing stands still", "severity": "A"})
    assert answer.status_code == 201
    case = Case.objects.get(number=answer.json()["number"])
    assert (case.contact, case.severity) == (alice, "A")
    refused = post(jia, "/api/cases/", {"title": "For whom?"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid")


def test_an_engineer_reports_a_case_for_a_customer(alice: User, jia: User, queue: Any) -> None:
    answer = post(jia, "/api/cases/", {"title": "By telephone", "contact": alice.email})
    assert answer.json()["contact"] == "Alice"


def test_notes_are_read_by_the_vendor_alone(case: Case, alice: User, jia: User) -> None:
    address = f"/api/cases/{case.number}/messages/"
    assert post(jia, address, {"body": "Between us", "internal": True}).status_code == 201
    assert post(alice, address, {"body": "Any news?"}).status_code == 201
    assert [row["body"] for row in signed_in(alice).get(address).json()["results"]][1:] == ["Any news?"]
    assert signed_in(jia).get(address).json()["count"] == 3
    assert case.messages.get(body="Between us").kind == MessageKind.NOTE


def test_a_customer_cannot_write_a_note(case: Case, alice: User) -> None:
    answer = post(alice, f"/api/cases/{case.number}/messages/", {"body": "x", "internal": True})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not-allowed"


def test_a_message_of_the_vendor_can_be_the_result(
    case: Case, alice: User, charlie: User, jia: User, max_: User
) -> None:
    address = f"/api/cases/{case.number}/messages/"
    words: dict[str, Any] = {"body": "Restart the service.", "result": True}
    assert (post(charlie, address, words).status_code, post(alice, address, words).status_code) == (404, 403)
    refused = post(jia, address, words | {"internal": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "internal-result")
    case.refresh_from_db()
    assert (case.status, case.messages.count()) == ("new", 1)
    for person in (jia, max_):
        sent = post(person, address, words)
        assert (sent.status_code, sent.json()["kind"], "result" in sent.json()) == (201, "portal", False)
        assert signed_in(alice).get(f"/api/cases/{case.number}/").json()["status"] == "result_sent"
    assert post(alice, f"/api/cases/{case.number}/outcome", {"solved": True}).json()["status"] == "closed"
    refused = post(jia, address, words)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "illegal-status-change")
    assert case.messages.filter(body="Restart the service.").count() == 2


def test_the_status_is_changed_by_name_or_refused_by_name(case: Case, jia: User, alice: User) -> None:
    address = f"/api/cases/{case.number}/status"
    assert post(jia, address, {"change": "take_up", "reason": "Mine"}).json()["status"] == "in_progress"
    refused = post(jia, address, {"change": "take_up"})
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "illegal-status-change"
    assert "Closed" not in refused.json()["error"]["message"]
    assert post(alice, address, {"change": "close"}).status_code == 403
    for change in ("send_result", "save", "__class__"):
        assert post(jia, address, {"change": change}).status_code == 400


def test_the_history_is_read_by_programs_as_by_pages(
    case: Case, alice: User, yi: User, max_: User, charlie: User
) -> None:
    case.assign(yi, by=max_, reason="Jia is away.")
    case.change("close", by=max_, reason="Alice called: it works.")
    address = f"/api/cases/{case.number}/events/"
    told = [("created", "Alice"), ("assigned", "Max"), ("status", "Max")]
    rows = signed_in(yi).get(address).json()["results"]
    assert [(row["kind"], row["actor"]) for row in rows] == told
    assert rows[1]["assignee"] == "Yi"
    seen = signed_in(alice).get(address).json()["results"]
    assert [(row["kind"], row["actor"]) for row in seen] == [told[0], told[2]]
    assert (seen[1]["from_status"], seen[1]["to_status"]) == ("new", "closed")
    assert seen[1]["reason"] == "Alice called: it works."
    assert signed_in(charlie).get(address).status_code == 404
    assert post(yi, address, {"kind": "status"}).status_code == 405


def test_the_changes_offered_are_those_that_work(case: Case, jia: User, alice: User) -> None:
    address = f"/api/cases/{case.number}/"
    assert signed_in(jia).get(address).json()["changes"] == [
        "scope",
        "take_up",
        "wait_for_customer",
        "close",
    ]
    assert signed_in(alice).get(address).json()["changes"] == []


def test_charlie_is_told_that_there_is_nothing(case: Case, charlie: User) -> None:
    for address in (f"/api/cases/{case.number}/", f"/api/cases/{case.number}/messages/"):
        answer = signed_in(charlie).get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")
    assert post(charlie, f"/api/cases/{case.number}/status", {"change": "close"}).status_code == 404
    assert post(charlie, f"/api/cases/{case.number}/messages/", {"body": "x"}).status_code == 404


def test_a_wrong_form_names_its_fields(alice: User) -> None:
    error = post(alice, "/api/cases/", {"severity": "Z"}).json()["error"]
    assert error["code"] == "invalid"
    assert set(error["fields"]) == {"title", "severity"}


def test_the_api_describes_itself_without_a_warning(
    capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    call_command("spectacular", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    assert "/api/cases/{number}/status" in (tmp_path / "schema.yml").read_text()


def test_a_post_of_the_customer_is_seen_in_the_thread_at_once(case: Case, alice: User, bob: User) -> None:
    post_message(case, by=alice, body="Hello")
    thread = signed_in(bob).get(f"/api/cases/{case.number}/messages/").json()["results"]
    assert thread[-1]["body"] == "Hello"


def test_a_case_is_lived_by_programs_as_by_pages(case: Case, alice: User, jia: User, charlie: User) -> None:
    address = f"/api/cases/{case.number}"
    assert post(jia, f"{address}/correction", {"severity": "A"}).json()["severity"] == "A"
    assert post(alice, f"{address}/correction", {"severity": "C"}).status_code == 403
    paused = {"resumes_when": "when the logs are there", "resumes_on": "2099-01-01", "person": alice.email}
    assert post(jia, f"{address}/suspension", paused).json()["status"] == "suspended"
    assert post(jia, f"{address}/suspension", paused | {"person": jia.email}).status_code == 400
    post(alice, f"{address}/messages/", {"body": "Here they are."})
    case.refresh_from_db()
    case.send_result(by=jia)
    answer = post(alice, f"{address}/outcome", {"solved": False})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "no-reason")
    not_solved = {"solved": False, "words": "It stops again."}
    assert post(alice, f"{address}/outcome", not_solved).json()["status"] == "in_progress"
    word = {"solved": True, "person": alice.email, "said_at": "2020-12-03T10:00:00Z"}
    assert post(jia, f"{address}/outcome", word).json()["error"]["code"] == "before-the-case"
    word["said_at"] = case.created_at.isoformat()
    assert post(jia, f"{address}/outcome", word).json()["status"] == "closed"
    assert post(alice, f"{address}/rating", {"stars": 6}).status_code == 400
    assert post(alice, f"{address}/rating", {"stars": 5}).status_code == 201
    assert post(alice, f"{address}/again", {"words": "Since this morning."}).json()["status"] == "in_progress"
    for act in ("correction", "suspension", "outcome", "rating", "again", "relations/"):
        assert post(charlie, f"{address}/{act}", {}).status_code == 404


def test_cases_are_related_by_programs(case: Case, alice: User, jia: User, queue: Any) -> None:
    other = report(alice, engineer=jia, queue=queue)
    address = f"/api/cases/{other.number}/relations/"
    made = post(jia, address, {"kind": "double", "other": case.number})
    assert (made.status_code, made.json()["other"]) == (201, case.number)
    assert signed_in(alice).get(f"/api/cases/{case.number}/relations/").json() == [made.json()]
    assert post(alice, address, {"kind": "related", "other": case.number}).status_code == 403
    one = f"{address}{made.json()['id']}/"
    assert signed_in(alice).delete(one).status_code == 403
    assert signed_in(jia).delete(one).status_code == 204
    other.refresh_from_db()
    assert other.status == "new" and signed_in(jia).get(address).json() == []
