"""What a case says of itself can be corrected, and the history keeps what it was."""

import re
from datetime import timedelta

import pytest

from accounts.errors import NotAllowed
from accounts.models import Organisation, User
from cases.corrections.errors import CannotBeCorrected
from cases.corrections.services import correct
from cases.errors import NoTitle, NotOfThisOrganisation
from cases.models import Case, CaseEvent, Queue
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db


def history(case: Case) -> list[tuple[str, str, str]]:
    events = CaseEvent.objects.filter(case=case, kind="corrected")
    return list(events.values_list("field", "before", "after"))


def test_the_engineer_corrects_and_the_history_tells_old_and_new(
    case: Case, bob: User, jia: User, queue: Queue
) -> None:
    servers = Queue.objects.create(name="Servers")
    address = f"/cases/{case.number}/edit/"
    browser = reading_english(jia)
    assert address in browser.get(case.get_absolute_url()).content.decode()
    form = {
        "title": "CodeMeter <does> not start",
        "severity": "B",
        "product": "CodeMeter",
        "edition": "V0-H",
        "contact": bob.pk,
        "queue": servers.pk,
    }
    assert browser.post(address, form).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.product, case.contact, case.queue) == (form["title"], "CodeMeter", bob, servers)
    assert history(case) == [
        ("title", "The certificate service does not start", "CodeMeter <does> not start"),
        ("product", "", "CodeMeter"),
        ("edition", "", "V0-H"),
        ("contact", "Alice", "Bob"),
        ("queue", "Windows", "Servers"),
    ]
    assert {event.actor for event in CaseEvent.objects.filter(kind="corrected")} == {jia}
    page = browser.get(case.get_absolute_url()).content.decode()
    assert "CodeMeter &lt;does&gt; not start" in page and "Windows → <span" in page
    browser.post(address, form)
    assert len(history(case)) == 5, "the same again is no correction"


def test_another_severity_moves_the_promise_from_the_same_moment(case: Case, jia: User) -> None:
    due = case.next_due_at
    assert due is not None
    correct(case, by=jia, severity="A")
    assert case.next_due_at == due - timedelta(hours=20)
    case.wait_for_customer(by=jia)
    correct(case, by=jia, severity="C")
    assert case.next_due_at is None and case.severity == "C"


def test_what_cannot_be_is_refused_and_nothing_changes(
    case: Case, alice: User, charlie: User, ding: User, jia: User, contoso: Organisation
) -> None:
    for by, facts, refusal in (
        (jia, {"title": " "}, NoTitle),
        (jia, {"contact": charlie}, NotOfThisOrganisation),
        (jia, {"contact": jia}, NotOfThisOrganisation),
        (jia, {"organisation": contoso}, CannotBeCorrected),
        (jia, {"status": "closed"}, CannotBeCorrected),
        (alice, {"title": "Mine"}, NotAllowed),
        (ding, {"title": "Mine"}, NotAllowed),
    ):
        with pytest.raises(refusal):
            correct(case, by=by, **facts)
    assert history(case) == []


def test_an_engineer_who_gives_the_case_to_another_queue_is_not_left_on_a_page_that_is_gone(
    case: Case, yi: User, jia: User
) -> None:
    servers = Queue.objects.create(name="Servers")
    form = {"title": case.title, "severity": "B", "contact": case.contact_id, "queue": servers.pk}
    answer = signed_in(yi).post(f"/cases/{case.number}/edit/", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_the_administrations_queue_is_recorded_as_well(case: Case, root: User) -> None:
    servers = Queue.objects.create(name="Servers")
    form = {"queue": servers.pk, "events-TOTAL_FORMS": 0, "events-INITIAL_FORMS": 0}
    assert signed_in(root).post(f"/admin/cases/case/{case.pk}/change/", form).status_code == 302
    assert history(case) == [("queue", "Windows", "Servers")]


def test_an_older_page_takes_no_correction_back_that_it_did_not_show(case: Case, jia: User) -> None:
    browser, address = reading_english(jia), f"/cases/{case.number}/edit/"
    page = browser.get(address).content.decode()
    shown = dict(re.findall(r'name="(initial-\w+)"(?: value="([^"]*)")?', page))
    assert len(shown) == 6
    typed = {name.removeprefix("initial-"): value for name, value in shown.items()}
    correct(case, by=jia, title="Corrected meanwhile", severity="A")
    assert browser.post(address, shown | typed | {"product": "CodeMeter"}).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.severity, case.product) == ("Corrected meanwhile", "A", "CodeMeter")
    refused = browser.post(address, shown | typed | {"title": "My title", "product": "CodeMeter"})
    page = refused.content.decode()
    assert refused.status_code == 422 and "It is now: Corrected meanwhile" in page and "My title" in page
    again = dict(re.findall(r'name="(initial-\w+)"(?: value="([^"]*)")?', page))
    assert again["initial-title"] == "Corrected meanwhile"
    assert (
        browser.post(
            address, again | {"contact": case.contact_id, "title": "My title", "severity": "A"}
        ).status_code
        == 302
    )
    case.refresh_from_db()
    assert case.title == "My title"


def test_in_which_queue_a_case_was_is_not_for_customers(case: Case, alice: User, jia: User) -> None:
    correct(case, by=jia, queue=Queue.objects.create(name="Difficult customers"), title="Another")
    seen = CaseEvent.objects.visible_to(alice).filter(kind="corrected")
    assert [event.field for event in seen] == ["title"]
