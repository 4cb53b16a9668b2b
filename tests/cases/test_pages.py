"""What each person finds on her pages, and what she must not find."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import User
from cases.canned_replies.services import save
from cases.errors import InternalResult
from cases.models import Case, Message, MessageKind, Queue
from cases.services import post_message
from tests.clocks import Clock
from tests.people import report, signed_in

pytestmark = pytest.mark.django_db

SECRET = "The baseline laptop of the lab is infected."


def see(user: User, address: str, status: int = 200) -> str:
    """The page at ``address`` as this person gets it, in English."""
    User.objects.filter(pk=user.pk).update(language="en")
    answer = signed_in(User.objects.get(pk=user.pk)).get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def send(user: User, address: str, **fields: str) -> tuple[int, str]:
    """Posts a form and follows it: the last status and page."""
    User.objects.filter(pk=user.pk).update(language="en")
    answer = signed_in(User.objects.get(pk=user.pk)).post(address, fields, follow=True)
    return answer.status_code, answer.content.decode()


def offered(page: str) -> set[str]:
    """The status changes that the case page offers."""
    form = re.search(r'name="change".*?</select>', page, re.S)
    return set(re.findall(r'<option value="(\w+)"', form.group())) if form else set()


@pytest.mark.parametrize(
    "address", ["/", "/cases/", "/cases/new/", "/cases/search/?q=x", "/cases/CAS-00001-AAAAAA/"]
)
def test_a_visitor_is_asked_to_sign_in_and_comes_back(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_a_customer_without_cases_is_invited_to_report_one(alice: User) -> None:
    assert "No case yet" in see(alice, "/")


def test_a_customer_sees_in_a_sentence_where_her_case_stands(alice: User, case: Case) -> None:
    page = see(alice, "/")
    assert case.number in page and "an engineer takes it up shortly" in page


def test_a_customer_reads_what_the_engineer_asks_of_her(alice: User, jia: User, case: Case) -> None:
    case.wait_for_customer(by=jia, reason="Please upload System.evtx.")
    page = see(alice, case.get_absolute_url())
    assert "Your turn" in page and "Please upload System.evtx." in page


@pytest.mark.parametrize("part", ["", "live/"])
def test_an_internal_note_is_on_the_engineers_page_and_not_on_the_customers(
    alice: User, jia: User, case: Case, part: str
) -> None:
    post_message(case, by=jia, body=SECRET, kind=MessageKind.NOTE)
    assert SECRET in see(jia, case.get_absolute_url() + part)
    assert SECRET not in see(alice, case.get_absolute_url() + part)


def test_an_internal_note_is_not_found_by_a_customers_search(alice: User, jia: User, case: Case) -> None:
    post_message(case, by=jia, body=SECRET, kind=MessageKind.NOTE)
    assert case.number in see(jia, "/cases/search/?q=infected")
    assert case.number not in see(alice, "/cases/search/?q=infected")


def test_the_findings_panel_is_empty_for_a_customer(alice: User, case: Case) -> None:
    assert see(alice, f"/cases/{case.number}/findings/").strip() == ""


def test_a_customers_search_says_nothing_of_drafts_and_desks(alice: User, case: Case) -> None:
    post_message(case, by=None, body="", kind=MessageKind.REPORT, internal=True)
    page = see(alice, f"/cases/search/?q={case.title.split()[0]}")
    assert case.title in page
    assert not re.search("Draft to send|Unchanged for|clock stands still", page)


def test_the_search_goes_straight_to_a_whole_case_number(alice: User, case: Case) -> None:
    answer = signed_in(alice).get("/cases/search/", {"q": case.number.lower()})
    assert answer.status_code == 302 and answer["Location"] == case.get_absolute_url()


def test_a_stranger_gets_a_page_that_says_what_to_do(charlie: User, case: Case) -> None:
    page = see(charlie, case.get_absolute_url(), status=404)
    assert "This page does not exist" in page and case.title not in page


def test_a_reply_joins_the_thread(alice: User, jia: User, case: Case) -> None:
    status, page = send(alice, f"/cases/{case.number}/reply/", body="It happens again.")
    assert status == 200 and "It happens again." in page
    assert "It happens again." in see(jia, case.get_absolute_url())


def test_an_empty_reply_is_refused_next_to_its_box(alice: User, case: Case) -> None:
    before = Message.objects.count()
    status, page = send(alice, f"/cases/{case.number}/reply/", body="  ")
    assert status == 422 and 'id="write-error"' in page
    assert Message.objects.count() == before


def test_a_customer_cannot_write_a_note_by_sending_the_engineers_fields(alice: User, case: Case) -> None:
    send(alice, f"/cases/{case.number}/reply/", body="hello", kind="note", then="wait_for_customer")
    message = Message.objects.get(body="hello")
    case.refresh_from_db()
    assert message.kind == MessageKind.PORTAL and not message.internal
    assert case.status == "new"


def test_a_phone_note_is_internal_unless_the_engineer_opens_it(alice: User, jia: User, case: Case) -> None:
    send(jia, f"/cases/{case.number}/reply/", body="closed note", kind="phone")
    send(jia, f"/cases/{case.number}/reply/", body="open note", kind="phone", customer_reads="on")
    page = see(alice, case.get_absolute_url())
    assert "open note" in page and "closed note" not in page


def test_a_reply_can_hand_the_case_to_the_customer(alice: User, jia: User, case: Case) -> None:
    send(
        jia, f"/cases/{case.number}/reply/", body="Which build is it?", kind="reply", then="wait_for_customer"
    )
    case.refresh_from_db()
    assert case.status == "waiting"
    assert see(alice, case.get_absolute_url()).count("Which build is it?") == 2  # The turn, and the thread.


def comes_after(page: str) -> set[str]:
    """What may come after an entry that the page lets its reader write."""
    chooser = re.search(r'<select[^>]* name="then".*?</select>', page, re.S)
    return set(re.findall(r'<option value="(\w+)"', chooser.group())) if chooser else set()


def test_a_reply_can_be_the_result_where_the_case_may_get_one(
    alice: User, jia: User, max_: User, case: Case
) -> None:
    assert "This is the result: ask whether it is solved" in see(jia, case.get_absolute_url())
    assert comes_after(see(max_, case.get_absolute_url())) == {"wait_for_customer", "send_result"}
    assert comes_after(see(alice, case.get_absolute_url())) == set()
    case.change("close", by=jia, reason="Done.")
    assert comes_after(see(jia, case.get_absolute_url())) == set()


def test_a_reply_that_is_the_result_asks_the_customer_whether_it_is_solved(
    alice: User, jia: User, case: Case
) -> None:
    canned = save(None, name="Restart", text_zh="{number}：请重启。", text_en="{number}: restart.", by=jia)
    text = re.search(
        r"<textarea[^>]*>(.*?)</textarea>", see(jia, f"{case.get_absolute_url()}?canned={canned.pk}")
    )
    assert text is not None
    send(jia, f"/cases/{case.number}/reply/", body=text[1], kind="reply", then="send_result")
    case.refresh_from_db()
    assert (case.status, case.next_due_at) == ("result_sent", None)
    sent = case.events.filter(to_status="result_sent").get()
    assert (sent.actor, sent.reason) == (jia, "The result was sent as a message.")
    assert sent.at == Message.objects.get(body=text[1]).created_at
    page = see(alice, case.get_absolute_url())
    assert "Your turn" in page and "Is your problem solved?" in page
    assert "Result sent" in page and "Your engineer wrote" not in page


def test_what_colleagues_alone_read_is_no_result(alice: User, jia: User, case: Case) -> None:
    for kind in ("note", "phone"):
        send(jia, f"/cases/{case.number}/reply/", body="Solved it", kind=kind, then="send_result")
        case.refresh_from_db()
        assert case.status == "new"
    with pytest.raises(InternalResult):
        post_message(case, by=jia, body="Solved it", kind=MessageKind.NOTE, result=True)
    facts = {"kind": "phone", "customer_reads": "on", "then": "send_result"}
    send(jia, f"/cases/{case.number}/reply/", body="We restarted it together.", **facts)
    case.refresh_from_db()
    assert case.status == "result_sent" and "Is your problem solved?" in see(alice, case.get_absolute_url())


def test_a_result_that_comes_too_late_is_refused_and_its_text_stays(jia: User, case: Case) -> None:
    case.change("close", by=jia, reason="Done.")
    before = Message.objects.count()
    status, page = send(
        jia, f"/cases/{case.number}/reply/", body="Restart it.", kind="reply", then="send_result"
    )
    assert status == 409 and "“Send the result” is not possible while the case is “Closed”" in page
    assert re.search(r"<textarea[^>]*>Restart it.</textarea>", page)
    assert Message.objects.count() == before


def test_a_customer_cannot_send_a_result(alice: User, case: Case) -> None:
    send(alice, f"/cases/{case.number}/reply/", body="hello", then="send_result")
    case.refresh_from_db()
    assert case.status == "new"


def test_only_legal_status_changes_are_offered(jia: User, case: Case) -> None:
    assert offered(see(jia, case.get_absolute_url())) == {
        "scope",
        "take_up",
        "wait_for_customer",
        "close",
    }
    case.change("close", by=jia, reason="Done.")
    assert offered(see(jia, case.get_absolute_url())) == {"resume"}


def test_an_illegal_status_change_is_refused_by_name(jia: User, case: Case) -> None:
    case.change("close", by=jia, reason="Done.")
    _status, page = send(jia, f"/cases/{case.number}/status/", change="take_up")
    case.refresh_from_db()
    assert case.status == "closed" and "is not possible while the case is" in page


def test_a_customer_is_offered_no_status_change_and_refused_one(alice: User, case: Case) -> None:
    assert offered(see(alice, case.get_absolute_url())) == set()
    send(alice, f"/cases/{case.number}/status/", change="close")
    case.refresh_from_db()
    assert case.status == "new"


def test_an_engineer_takes_a_case_of_her_queue(alice: User, yi: User, queue: Queue) -> None:
    case = report(alice, queue=queue)
    assert "Assign to me" in see(yi, case.get_absolute_url())
    send(yi, f"/cases/{case.number}/assign/", engineer=str(yi.pk))
    case.refresh_from_db()
    assert case.engineer == yi


def test_an_engineer_sees_her_cases_by_what_needs_doing(jia: User, case: Case) -> None:
    page = see(jia, "/")
    assert 'id="group-todo"' in page and case.number in page


def test_a_manager_sees_all_cases_and_filters_them(max_: User, jia: User, alice: User, case: Case) -> None:
    closed = report(alice, title="Another one")
    closed.change_status("close", by=jia if closed.engineer else None, reason="", at=timezone.now())
    page = see(max_, "/")
    assert case.number in page and closed.number not in page
    assert closed.number in see(max_, "/?status=closed")
    assert case.number in see(max_, f"/?status=open&engineer={jia.pk}")
    assert case.number not in see(max_, "/?status=open&overdue=on")


def test_a_managers_today_is_the_portals(moved_clock: Clock, max_: User) -> None:
    User.objects.filter(pk=max_.pk).update(language="zh-hans")
    today = moved_clock.today
    assert f"{today.year}年{today.month}月{today.day}日" in signed_in(max_).get("/").content.decode()


def test_a_filter_with_nonsense_shows_a_page(max_: User, case: Case) -> None:
    see(max_, "/?status=nonsense&engineer=-1&page=99999999999")
    see(max_, "/cases/?status=&engineer=abc&page=x")


def test_a_case_is_reported_in_one_form(alice: User, queue: Queue) -> None:
    status, page = send(
        alice, "/cases/new/", title="No start", happens="It stops.", since="Since Monday", severity="A"
    )
    case = Case.objects.get()
    assert status == 200 and case.number in page
    assert case.organisation == alice.organisation and case.severity == "A"
    assert "Since Monday" in case.messages.get().body


def test_a_report_without_a_title_says_so_at_the_field(alice: User) -> None:
    status, page = send(alice, "/cases/new/", happens="It stops.", severity="B")
    assert status == 422 and 'aria-invalid="true"' in page and "It stops." in page
    assert not Case.objects.exists()


def test_the_live_parts_are_sent_once(jia: User, case: Case) -> None:
    client = signed_in(jia)
    first = client.get(f"/cases/{case.number}/live/")
    again = client.get(f"/cases/{case.number}/live/", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    post_message(case, by=jia, body="news")
    assert (
        client.get(f"/cases/{case.number}/live/", headers={"If-None-Match": first["ETag"]}).status_code == 200
    )


def test_older_entries_are_folded(jia: User, case: Case) -> None:
    for number in range(12):
        post_message(case, by=jia, body=f"entry {number}")
    page = see(jia, case.get_absolute_url())
    fold = page.index('<details class="older">')
    assert page.index("entry 11") < fold < page.index("entry 0")


def test_hostile_text_stays_text(alice: User, jia: User, case: Case) -> None:
    body = "<script>alert(1)</script> javascript:alert(2) https://a.example/?x=1&y=2 \u202egnp.exe"
    post_message(case, by=alice, body=body)
    page = see(jia, case.get_absolute_url())
    assert "<script>alert" not in page and "\u202e" not in page
    assert '<a href="https://a.example/?x=1&amp;y=2" rel="noopener noreferrer nofollow"' in page
    assert 'href="javascript:' not in page


def test_pages_carry_no_inline_script_and_no_inline_style(
    alice: User, jia: User, max_: User, case: Case
) -> None:
    for user, address in (
        (alice, "/"),
        (alice, case.get_absolute_url()),
        (jia, "/"),
        (jia, case.get_absolute_url()),
        (max_, "/"),
    ):
        page = see(user, address)
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), address
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), address


@pytest.mark.parametrize("language, word", [("zh-hans", 'lang="zh-hans"'), ("en", 'lang="en"')])
def test_the_language_is_switched_from_the_sign_in_page_on(language: str, word: str) -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": language, "next": "/accounts/login/"})
    assert word in client.get("/accounts/login/").content.decode()


def test_a_form_that_is_too_old_says_what_to_do(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    User.objects.filter(pk=alice.pk).update(language="en")
    client.force_login(User.objects.get(pk=alice.pk))
    answer = client.post("/cases/new/", {"title": "x"})
    assert answer.status_code == 403 and "load the page again" in answer.content.decode()


def test_the_page_for_our_own_errors_needs_nothing_that_may_have_failed() -> None:
    page = render_to_string("500.html")
    assert "已上传的内容不会丢失" in page and "reload the page" in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "429.html", "refusal.html"])
def test_error_pages_show_without_a_person(name: str, rf: RequestFactory) -> None:
    assert "<h1>" in render_to_string(name, {"sentence": "No.", "status": 409}, rf.get("/"))


@pytest.mark.parametrize(
    "address", ["/accounts/login/code/", "/accounts/password/reset/", "/accounts/password/reset/done/"]
)
def test_sign_in_pages_are_ours(address: str) -> None:
    page = Client().get(address).content.decode()
    assert 'class="desk-customer entrance"' in page and "app.css" in page


def test_a_list_of_cases_asks_the_database_no_more_for_more_cases(
    alice: User, max_: User, queue: Queue, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        post_message(report(alice, title=f"Case {number}"), by=alice, body="more")
    for user in (alice, max_):
        client = signed_in(user)
        with django_assert_max_num_queries(14):
            client.get("/")


QUOTING = (
    "It is there now.\n\nFrom: Jia <jia@vendor.example>\nSent: Friday, November 27, 2020 10:18 AM\n"
    "Subject: certificate service\n\nPlease send the log.\n\nDISCLAIMER: this e-mail is confidential."
)


def test_older_mail_is_folded_in_mails_and_nowhere_else(case: Case, alice: User, jia: User) -> None:
    def folded() -> list[str]:
        page = see(jia, case.get_absolute_url())
        return re.findall(r'<details class="quoted">.*?</details>', page, re.S)

    post_message(case, by=alice, body=QUOTING)
    post_message(case, by=jia, body=QUOTING, kind=MessageKind.NOTE)
    assert folded() == []
    for kind in (MessageKind.MAIL_IN, MessageKind.MAIL_OUT):
        post_message(case, by=alice, body=QUOTING, kind=kind)
        last = folded()[-1]
        assert "Please send the log." in last and "It is there now." not in last
    assert len(folded()) == 2


def test_older_mail_that_holds_her_answers_and_forwarded_mail_are_open(case: Case, alice: User) -> None:
    forwarded = QUOTING.replace("From:", "---- Forwarded message ----\nFrom:")
    for body in (QUOTING.replace("It is there now.", "My answers are in red below."), forwarded):
        post_message(case, by=alice, body=body, kind=MessageKind.MAIL_IN)
    page = see(alice, case.get_absolute_url())
    assert page.count('<details class="quoted" open>') == 2
    assert '<details class="quoted">' not in page
