"""A flood of one sender is one row of the page of mails, and one decision that is taken back whole."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.models import Case
from mail.review import senders, services
from mail.review.errors import AlreadyUndone
from mail.review.models import BulkDecision, MailDecision
from mail.store.models import Direction, MailMessage, MailState
from mail.store.reasons import Reason
from mail.templatetags.mail_tags import waiting_mails
from tests.people import signed_in


@pytest.fixture(autouse=True)
def _few_make_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "MIN_FLOOD", 3)


def waiting(address: str, count: int, reason: Reason = Reason.UNPROVEN, **facts: Any) -> list[MailMessage]:
    now = timezone.now()
    return MailMessage.objects.bulk_create(
        MailMessage(
            direction=Direction.IN,
            state=MailState.PARKED,
            reason=reason,
            created_at=now - timedelta(minutes=number),
            address=address.replace("#", str(number)),
            subject=f"{address} {number}",
            **facts,
        )
        for number in range(count)
    )


def page_of(user: User, **query: str) -> str:
    return signed_in(user).get(reverse("mail-review"), query).content.decode()


def test_many_mails_of_one_sender_are_one_row_and_the_others_are_found(jia: User) -> None:
    waiting("spam#@Flood.example", 40)
    waiting("chen@partner.example", 1)
    page = page_of(jia)
    assert page.count("data-mail-row") == 1
    assert "chen@partner.example 0" in page and "flood.example" in page and "40 封邮件" in page
    assert page_of(jia, sender="flood.example").count("data-mail-row") == 30
    assert waiting_mails(jia) == "41"


def test_all_of_a_sender_are_set_aside_and_come_back_as_they_were(jia: User) -> None:
    waiting("spam#@flood.example", 4)
    waiting("other#@flood.example", 2, Reason.UNKNOWN)
    kept = waiting("chen@partner.example", 1)
    until = timezone.now().isoformat()
    client = signed_in(jia)
    client.post(reverse("mail-aside-all"), {"sender": "flood.example", "until": until, "show": "parked"})
    assert list(senders.waiting(jia)) == kept
    assert waiting_mails(jia) == "1"
    page = page_of(jia, sender="flood.example")
    assert "没有待处理的邮件" not in page and '<a href="?show=parked">' in page
    bulk = BulkDecision.objects.get()
    assert (bulk.count, bulk.by) == (6, jia)
    assert "flood.example" in client.get(reverse("mail-review"), {"show": "aside"}).content.decode()
    decided = MailMessage.objects.filter(reason=Reason.BY_HAND)
    again = decided.first()
    assert again is not None
    services.undo(MailDecision.objects.get(mail=again), by=jia)
    services.set_aside(again, by=jia)  # Decided about by itself since.
    client.post(reverse("mail-undo-all", args=[bulk.pk]))
    reasons = sorted(senders.waiting(jia).filter(domain="flood.example").values_list("reason", flat=True))
    assert len(reasons) == 5 and set(reasons) == {Reason.UNPROVEN, Reason.UNKNOWN}
    again.refresh_from_db()
    assert again.state == MailState.SET_ASIDE
    with pytest.raises(AlreadyUndone):
        senders.undo_all(bulk, by=jia)


def test_what_came_since_the_page_was_shown_still_waits(jia: User) -> None:
    (newest, older, _oldest) = waiting("spam#@flood.example", 3)
    bulk = senders.set_aside_all("flood.example", until=older.created_at, by=jia)
    assert bulk.count == 2
    assert list(senders.waiting(jia)) == [newest]


def test_nobody_decides_about_what_she_does_not_see(case: Case, jia: User, ding: User, alice: User) -> None:
    waiting("spam#@flood.example", 3, named_case=case)
    assert senders.set_aside_all("flood.example", until=timezone.now(), by=ding).count == 0
    with pytest.raises(NotAllowed):
        senders.set_aside_all("flood.example", until=timezone.now(), by=alice)
    address = reverse("mail-aside-all")
    assert signed_in(alice).post(address, {"sender": "flood.example"}).status_code == 404
    assert signed_in(jia).post(address, {"sender": "flood.example", "until": "x"}).status_code == 404


def test_the_page_asks_as_much_of_a_flood_as_of_a_few(jia: User) -> None:
    client = signed_in(jia)
    counts = []
    for number in (25, 60):
        for sender in range(number):
            waiting(f"x#@s{sender}-{number}.example", 4)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("mail-review"))
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2


def test_very_many_are_told_as_many(jia: User, alice: User) -> None:
    assert (waiting_mails(jia), waiting_mails(alice)) == ("", "")
    waiting("spam#@flood.example", 1001)
    assert waiting_mails(jia) == "999+"
    assert waiting_mails(alice) == ""
    assert "999+" in page_of(jia)
