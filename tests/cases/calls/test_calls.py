"""Phone notes and notes of remote sessions: with whom, when, how long; whose word for what."""

from typing import Any

import pytest

from accounts.models import User
from cases.calls.models import Call
from cases.models import Case, Message
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

FACTS = {
    "with_whom": "Alice\nof Northwind",
    "began_at": "2020-11-27T10:18",
    "began_at_zone": "Asia/Shanghai",
    "minutes": "25",
    "tool": "TeamViewer <x>",
    "word": "Alice agrees that we suspend",
}


def posted(case: Case, by: User, **form: Any) -> Any:
    return reading_english(by).post(f"/cases/{case.number}/reply/", {"body": "We looked"} | form)


def test_a_remote_session_is_internal_unless_it_is_ticked(case: Case, jia: User, alice: User) -> None:
    posted(case, jia, kind="remote", **FACTS)
    entry = Message.objects.get(kind="remote")
    assert entry.internal and (entry.call.with_whom, entry.call.minutes) == ("Alice of Northwind", 25)
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    for words in ("Remote session, internal", "with Alice of Northwind", "25 min", "TeamViewer &lt;x&gt;"):
        assert words in page
    assert "Alice agrees that we suspend" in page
    assert "TeamViewer" not in signed_in(alice).get(case.get_absolute_url()).content.decode()
    assert not Call.objects.visible_to(alice).exists()
    posted(case, jia, kind="remote", customer_reads="on", **FACTS)
    assert "TeamViewer" in signed_in(alice).get(case.get_absolute_url()).content.decode()
    rows = signed_in(alice).get(f"/api/cases/{case.number}/messages/").json()["results"]
    (call,) = [row["call"] for row in rows if row["call"]]
    assert call["began_at"].startswith("2020-11-27T") and call["word"] == "Alice agrees that we suspend"


def test_a_phone_note_may_say_none_of_it(case: Case, jia: User) -> None:
    assert posted(case, jia, kind="phone").status_code == 302
    assert Message.objects.filter(kind="phone").exists() and not Call.objects.exists()


def test_what_cannot_be_read_is_told_and_the_text_stays(case: Case, jia: User) -> None:
    answer = posted(case, jia, kind="phone", minutes="many")
    assert answer.status_code == 422 and "We looked" in answer.content.decode()
    # What was left in the hidden fields is nothing to a reply.
    assert posted(case, jia, kind="reply", minutes="many").status_code == 302


def test_a_customers_reply_is_no_call(case: Case, alice: User) -> None:
    posted(case, alice, kind="phone", **FACTS)
    assert not Call.objects.exists() and Message.objects.latest("pk").kind == "portal"
