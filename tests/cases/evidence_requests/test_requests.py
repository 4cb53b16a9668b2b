"""Asking for evidence: what a request holds, who settles an item, and when the case moves on."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from accounts.errors import NotAllowed
from accounts.models import User
from cases.desk import queries
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.errors import NoReasonWhy, NothingAsked, RequestIsClosed, TooMuchAsked
from cases.evidence_requests.models import Closing, EvidenceItem, EvidenceRequest, ItemState
from cases.evidence_requests.presets import PRESETS
from cases.evidence_requests.texts import command, how_to, label
from cases.models import Case, Message, MessageKind
from cases.services import post_message
from cases.status import Status
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

SYSTEM, DUMPS, ANSWER = ("log", "System"), ("dump", ""), ("other", "Which cable was new?")


def asked(case: Case, by: User, *items: tuple[str, str], **more: Any) -> EvidenceRequest:
    return evidence_requests.ask(case, by=by, items=items or (SYSTEM, DUMPS), **more)


def states(case: Case) -> list[str]:
    return [item.state for item in EvidenceItem.objects.filter(request__case=case, request__closed_at=None)]


def page(user: User, case: Case) -> str:
    return reading_english(user).get(case.get_absolute_url()).content.decode()


def test_a_request_stands_in_the_thread_and_the_case_waits(case: Case, alice: User, jia: User) -> None:
    request = asked(case, jia, note="Please do this <today>.", since=datetime(2020, 11, 20, tzinfo=UTC))
    case.refresh_from_db()
    assert (case.status, case.next_due_at) == (Status.WAITING, None)
    assert (request.message.kind, request.message.internal) == (MessageKind.REQUEST, False)
    # In the customer's language, for mails and programs.
    assert "System.evtx" in request.message.body and "2020-11-20 08:00 (UTC+08:00)" in request.message.body
    assert "Please do this &lt;today&gt;." in page(alice, case)
    assert "eventvwr" in page(alice, case)


def test_only_the_vendor_asks(case: Case, alice: User) -> None:
    with pytest.raises(NotAllowed):
        asked(case, alice)


def test_a_request_of_nothing_is_refused(case: Case, jia: User) -> None:
    with pytest.raises(NothingAsked):
        evidence_requests.ask(case, by=jia, items=[])
    with pytest.raises(TooMuchAsked):
        evidence_requests.ask(case, by=jia, items=[("log", f"Log {number}") for number in range(41)])
    most = evidence_requests.ask(case, by=jia, items=[("log", f"Log {number}") for number in range(40)])
    assert most.items.count() == 40


def test_several_arrivals_together_fulfil_it_and_the_case_goes_on(case: Case, jia: User) -> None:
    request = asked(case, jia)
    first, second = request.items.all()
    evidence_requests.note_arrivals(request, {first.pk: "logs.zip/System.evtx"})
    case.refresh_from_db()
    assert case.status == Status.WAITING and case.awaits_items
    evidence_requests.note_arrivals(request, {second.pk: "0101.dmp"})
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS and case.next_due_at is not None
    request.refresh_from_db()
    assert request.closing == Closing.FULFILLED


def test_what_cannot_be_sent_is_not_waited_for(case: Case, alice: User, jia: User) -> None:
    request = asked(case, jia)
    for item in request.items.all():
        evidence_requests.settle(item, ItemState.UNAVAILABLE, by=alice, reason="Switched off")
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    case.change("close", by=jia, reason="Done.")
    with pytest.raises(RequestIsClosed):
        evidence_requests.settle(request.items.all()[0], ItemState.OPEN, by=alice)
    assert "I can send it after all" not in page(alice, case)


def test_that_it_cannot_be_sent_is_asked_for_with_a_reason_and_can_be_taken_back(
    case: Case, alice: User, jia: User
) -> None:
    log, dumps = asked(case, jia).items.all()
    browser = reading_english(alice)
    address = f"/cases/{case.number}/items/{dumps.pk}/cannot/"
    assert address in page(alice, case)
    assert "Why can it not be sent?" in browser.get(address).content.decode()
    assert states(case) == ["open", "open"], "looking changes nothing"
    assert browser.post(address, {"reason": " "}).status_code == 422
    with pytest.raises(NoReasonWhy):
        evidence_requests.settle(dumps, ItemState.UNAVAILABLE, by=alice)
    browser.post(address, {"reason": "No dumps are <written> here"})
    assert states(case) == ["open", "unavailable"]
    assert "No dumps are &lt;written&gt; here" in page(jia, case)
    assert case.events.filter(kind="request", reason="No dumps are <written> here", actor=alice).exists()
    browser.post(f"/cases/{case.number}/items/{log.pk}/cannot/", {"reason": "Gone"})
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    assert "I can send it after all" in page(alice, case)
    browser.post(f"/cases/{case.number}/items/{dumps.pk}/", {"state": "open"})
    case.refresh_from_db()
    assert case.status == Status.WAITING and states(case) == ["unavailable", "open"]


def test_an_upload_that_brings_what_could_not_be_sent_counts(case: Case, alice: User, jia: User) -> None:
    request = asked(case, jia)
    log, dumps = request.items.all()
    for item in (log, dumps):
        evidence_requests.settle(item, ItemState.UNAVAILABLE, by=alice, reason="Not now")
    assert evidence_requests.settled_without(case) == request
    request = evidence_requests.note_arrivals(request, {log.pk: "logs.zip/System.evtx"})
    log.refresh_from_db()
    assert (log.state, log.found, log.settled_by) == (ItemState.ARRIVED, "logs.zip/System.evtx", None)
    assert case.events.filter(reason="What could not be sent can be had after all.").count() == 1
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS and request.closing == Closing.FULFILLED
    evidence_requests.note_arrivals(request, {dumps.pk: "0101.dmp"})
    assert evidence_requests.settled_without(case) is None


def test_a_customer_says_that_an_answer_is_done_but_not_that_a_log_has_arrived(
    case: Case, alice: User, jia: User
) -> None:
    log, answer = asked(case, jia, SYSTEM, ANSWER).items.all()
    evidence_requests.settle(answer, ItemState.ARRIVED, by=alice)
    with pytest.raises(NotAllowed):
        evidence_requests.settle(log, ItemState.ARRIVED, by=alice)
    assert states(case) == ["open", "arrived"]
    evidence_requests.settle(answer, ItemState.OPEN, by=alice)
    assert states(case) == ["open", "open"]


def test_a_newer_request_replaces_the_open_one_and_keeps_what_has_arrived(case: Case, jia: User) -> None:
    former = asked(case, jia)
    evidence_requests.note_arrivals(former, {former.items.all()[0].pk: "System.evtx"})
    newer = asked(case, jia, ANSWER, SYSTEM)
    former.refresh_from_db()
    assert former.closing == Closing.REPLACED
    assert [(item.kind, item.state) for item in newer.items.all()] == [("other", "open"), ("log", "arrived")]
    # A bundle that was checked against the former one changes nothing any more.
    evidence_requests.note_arrivals(former, {former.items.all()[1].pk: "late.dmp"})
    assert former.items.all()[1].state == ItemState.OPEN


def test_a_withdrawn_request_lets_the_case_go_on(case: Case, alice: User, jia: User) -> None:
    request = asked(case, jia)
    assert "Still missing" in page(alice, case)
    evidence_requests.withdraw(request, by=jia)
    assert "Still missing" not in page(alice, case)
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    assert evidence_requests.open_request(case) is None


def test_a_closed_case_asks_for_nothing(case: Case, jia: User) -> None:
    case.change("close", by=jia, reason="Done.")
    answer = signed_in(jia).post(f"/cases/{case.number}/request/", {"logs": ["System"]})
    assert answer.status_code == 409
    assert not EvidenceRequest.objects.exists() and not Message.objects.filter(kind="request").exists()


def test_an_upload_that_is_not_all_leaves_the_case_with_the_customer(
    case: Case, alice: User, jia: User
) -> None:
    case.change("take_up", by=jia)
    request = asked(case, jia)
    post_message(case, by=alice, body="logs.zip", kind=MessageKind.BUNDLE)
    evidence_requests.note_arrivals(request, {request.items.all()[0].pk: "System.evtx"})
    groups = {group.key: group.cases for group in queries.needs_doing_for(jia)}
    (waiting,) = groups["waiting"]
    assert (waiting.items_settled, waiting.items_asked, waiting.next_due_at) == (1, 2, None)
    assert "1 of 2 items" in reading_english(jia).get("/").content.decode()
    post_message(case, by=alice, body="I have no dumps, what now?")
    assert [case] == {group.key: group.cases for group in queries.needs_doing_for(jia)}["answered"]


def test_the_form_asks_by_a_preset(case: Case, jia: User) -> None:
    browser = signed_in(jia)
    address = f"/cases/{case.number}/request/"
    for name in PRESETS:
        assert browser.get(address, {"preset": name}).status_code == 200
    shown = browser.get(address, {"preset": "bug-check"}).context["form"].initial
    assert (shown["logs"], shown["things"]) == (["System"], ["dump", "msinfo", "picture"])
    form_data = {
        "logs": ["System"],
        "more_logs": "Setup\n\n Microsoft-Windows-CodeIntegrity/Operational ",
        "hashes": r"C:\Program Files\它\a'b.exe",
        "things": ["msinfo"],
        "other": "Which cable was new?",
    }
    assert browser.post(address, form_data).status_code == 302
    request = evidence_requests.open_request(case)
    assert request is not None
    assert [(item.kind, item.detail) for item in request.items.all()] == [
        ("log", "System"),
        ("log", "Setup"),
        ("log", "Microsoft-Windows-CodeIntegrity/Operational"),
        ("hash", r"C:\Program Files\它\a'b.exe"),
        ("msinfo", ""),
        ("other", "Which cable was new?"),
    ]
    again = browser.get(address).context["form"].initial
    assert again["hashes"] == form_data["hashes"] and again["logs"] == ["System"]


def test_the_line_for_a_hash_cannot_be_broken_out_of() -> None:
    line = command("hash", "C:\\a'; Remove-Item C:\\b; '’x.exe")
    assert line.startswith("$f = 'C:\\a''; Remove-Item C:\\b; ''’’x.exe'; & {")
    assert "'hash-b____x.exe.txt'" in line


def test_every_kind_has_a_name_and_a_way() -> None:
    for kind, detail in (
        SYSTEM,
        ("log", "Setup"),
        ("hash", "a.exe"),
        ("file", "b"),
        DUMPS,
        ("msinfo", ""),
        ("picture", ""),
    ):
        assert label(kind, detail) and how_to(kind, detail)
    assert label(*ANSWER) == ANSWER[1] and not how_to(*ANSWER)


def test_both_sides_settle_items_on_the_page(case: Case, alice: User, jia: User, charlie: User) -> None:
    request = asked(case, jia)
    log, dumps = request.items.all()
    address = f"/cases/{case.number}/items/{dumps.pk}/"
    assert signed_in(charlie).post(address, {"state": "unavailable"}).status_code == 404
    assert signed_in(alice).post(address, {"state": "waived"}).status_code == 403
    assert signed_in(alice).post(address, {"state": "unavailable", "reason": "No"}).status_code == 302
    assert states(case) == ["open", "unavailable"]
    assert (
        signed_in(jia).post(f"/cases/{case.number}/items/{log.pk}/", {"state": "waived"}).status_code == 302
    )
    assert states(case) == []


FOUND, HOW_TO, WORD = "found: Logs/System.evtx", "How do I get this?", "said by Alice"
BUTTONS = {"I cannot send this", "Not needed any more", "Ask for it after all", "I can send it after all"}


@pytest.mark.parametrize(
    ("reader", "shown"),
    [
        ("customer", {FOUND, HOW_TO, "I cannot send this", "I can send it after all"}),
        ("vendor", {FOUND, WORD, "Not needed any more", "Ask for it after all"}),
        ("thread", {FOUND}),
        ("link", {HOW_TO}),
    ],
)
def test_each_reader_of_the_items_is_shown_what_is_hers(
    reader: str, shown: set[str], case: Case, alice: User, jia: User
) -> None:
    request = asked(case, jia, SYSTEM, DUMPS, ANSWER)
    request.items.filter(kind="log").update(state=ItemState.ARRIVED, found="Logs/System.evtx")
    request.items.filter(kind="other").update(state=ItemState.UNAVAILABLE, settled_by=alice)
    with override("en"):
        text = rendered("{% request_items request reader %}", request=request, reader=reader)
    assert {part for part in {FOUND, HOW_TO, WORD} | BUTTONS if part in text} == shown


def test_a_reader_of_the_items_that_nobody_has_thought_of_is_shown_nothing(case: Case, jia: User) -> None:
    request = asked(case, jia)
    with pytest.raises(KeyError):
        rendered("{% request_items request 'auditor' %}", request=request)
    with pytest.raises(TemplateSyntaxError):
        rendered("{% request_items request %}", request=request)


def rendered(source: str, **context: Any) -> str:
    return Template("{% load evidence %}" + source).render(Context(context))
