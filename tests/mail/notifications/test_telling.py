"""Who is told of what: each kind, each side, and those who are not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from cases.models import Case, Message, MessageKind, Queue
from cases.outcomes import services as outcomes
from cases.services import post_message, report_case
from cases.signals import ActivityKind, announce
from mail.notifications.kinds import KINDS
from mail.notifications.models import CaseCc, CaseFollower
from mail.store.models import MailMessage
from tests.mail.mails import outgoing
from tests.people import customer, report, suspended

pytestmark = pytest.mark.django_db

SITE = "site@plant.example"


@pytest.fixture
def crowd(
    case: Case,
    northwind: Organisation,
    alice: User,
    bob: User,
    charlie: User,
    jia: User,
    yi: User,
    ding: User,
    max_: User,
    root: User,
) -> Case:
    """The case with all who could be told of it: Bob and Yi follow, the site is on the Cc list; so did
    Carol, who has left, Dora, who never may enter again, and Charlie and Ding, who do not see it."""
    dora = customer("Dora", northwind)
    for person in (bob, yi, dora, charlie, ding):
        CaseFollower.objects.create(case=case, person=person)
    User.objects.filter(pk=dora.pk).update(is_active=False)
    CaseCc.objects.create(case=case, address=SITE, added_by=jia, added_at=timezone.now())
    gone = {"removed_at": timezone.now(), "removed_by": jia}
    CaseCc.objects.create(
        case=case, address="carol@plant.example", added_by=jia, added_at=timezone.now(), **gone
    )
    return case


@contextmanager
def acting() -> Iterator[dict[str, MailMessage]]:
    """Fills in the mails that an act writes, by the name in their address; nobody gets two."""
    before = {mail.pk for mail in outgoing()}
    told: dict[str, MailMessage] = {}
    yield told
    mails = [mail for mail in outgoing() if mail.pk not in before]
    told |= {mail.address.partition("@")[0]: mail for mail in mails}
    assert len(told) == len(mails), [mail.address for mail in mails]


def told_by(act: Callable[[], object]) -> dict[str, MailMessage]:
    """As above."""
    with acting() as told:
        act()
    return told


CUSTOMERS = {"alice", "bob", "site"}
AUDIENCES: dict[ActivityKind, tuple[set[str], set[str], set[str]]] = {
    # kind: told where Alice did it, where Jia did it, where nobody did; by mail at once and by default
    ActivityKind.CASE_RECEIVED: (CUSTOMERS | {"jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.REPLY: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.EVIDENCE_REQUESTED: ({"bob", "site"}, CUSTOMERS, CUSTOMERS),
    # The vendor's own uploads are no news to the customer.
    ActivityKind.UPLOAD_CHECKED: (CUSTOMERS | {"jia", "yi"}, {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.ITEMS_MISSING: (CUSTOMERS, set(), CUSTOMERS),
    ActivityKind.REPORT_SENT: ({"bob", "site"}, CUSTOMERS, CUSTOMERS),
    ActivityKind.WAITING_REMINDER: ({"bob", "site"}, CUSTOMERS, CUSTOMERS),
    ActivityKind.LONG_WAIT: ({"jia", "yi"}, {"yi"}, {"jia", "yi"}),
    ActivityKind.SCOPE: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    # Also her own answer: her calendar is told of it.
    ActivityKind.APPOINTMENT: (CUSTOMERS | {"jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.SOLVED: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.NOT_SOLVED: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.SUSPENSION_PROPOSED: (
        {"bob", "site", "jia", "yi"},
        CUSTOMERS | {"yi"},
        CUSTOMERS | {"jia", "yi"},
    ),
    ActivityKind.SUSPENDED: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.RESUMED: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.CLOSED: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.REOPENED: ({"bob", "site", "jia", "yi"}, CUSTOMERS | {"yi"}, CUSTOMERS | {"jia", "yi"}),
    ActivityKind.MERGED: ({"bob", "site"}, CUSTOMERS, CUSTOMERS),
    ActivityKind.ASSIGNED: ({"jia", "yi"}, {"yi"}, {"jia", "yi"}),
    ActivityKind.MENTIONED: (set(), set(), set()),
    ActivityKind.OVERDUE: ({"jia", "yi", "max", "root"}, {"yi", "max", "root"}, {"jia", "yi", "max", "root"}),
    ActivityKind.OWN_REMINDER: (set(), set(), set()),
    ActivityKind.PROGRESS: (set(), set(), set()),
    ActivityKind.DELETION: ({"bob"}, {"alice", "bob"}, {"alice", "bob"}),
    ActivityKind.MAIL_FAILED: ({"jia", "yi", "root"}, {"yi", "root"}, {"jia", "yi", "root"}),
}


def test_every_kind_says_whom_it_reaches() -> None:
    assert set(KINDS) == set(AUDIENCES) == set(ActivityKind)


def facts_of(kind: ActivityKind) -> dict[str, Any]:
    return {"deletes_at": "2027-01-31T09:00:00+08:00"} if kind == ActivityKind.DELETION else {}


def moments() -> Iterator[datetime]:
    """Each another: two acts never happen at the same moment."""
    start = timezone.now()
    return (start + timedelta(milliseconds=number) for number in count())


def test_a_kind_reaches_those_whom_it_concerns_and_nobody_else(crowd: Case, alice: User, jia: User) -> None:
    at = moments()
    for kind, audiences in AUDIENCES.items():
        for by, names in zip((alice, jia, None), audiences, strict=True):
            with acting() as told:
                announce(kind, crowd, by=by, at=next(at), **facts_of(kind))
            assert set(told) == names, (kind, by)


def test_whom_an_activity_names_is_told_as_far_as_she_sees_the_case(
    crowd: Case, alice: User, charlie: User, jia: User, yi: User, ding: User
) -> None:
    at = moments()
    for kind in ActivityKind:
        with acting() as told:
            people = (alice, charlie, yi, ding)
            announce(kind, crowd, by=jia, at=next(at), people=people, **facts_of(kind))
        assert not {"charlie", "ding", "dora", "carol", "jia"} & set(told), kind
        if kind == ActivityKind.MENTIONED:
            # A note is the vendor's alone, whomever it names.
            assert set(told) == {"yi"}
        if kind == ActivityKind.OWN_REMINDER:
            assert set(told) == {"alice", "yi"}
        if kind == ActivityKind.PROGRESS:
            assert set(told) == {"alice"}


def test_an_internal_entry_reaches_no_customer_by_any_kind(crowd: Case, jia: User) -> None:
    note = post_message(crowd, by=jia, body="She is angry.", kind=MessageKind.NOTE)
    at = moments()
    for kind in ActivityKind:
        with acting() as told:
            announce(kind, crowd, by=jia, at=next(at), message=note, **facts_of(kind))
        assert not CUSTOMERS & set(told), kind


def test_the_queue_is_told_of_a_case_that_nobody_has(alice: User, queue: Queue) -> None:
    told = told_by(lambda: report(alice, queue=queue))
    assert set(told) == {"alice", "jia", "yi"}
    case = Case.objects.get()
    # What one of them answers is no news to all the others.
    jia = User.objects.get(name="Jia")
    assert set(told_by(lambda: post_message(case, by=jia, body="I take a look."))) == {"alice"}
    assert set(told_by(lambda: post_message(case, by=alice, body="Thanks."))) == {"jia", "yi"}


def test_a_case_whose_engineer_has_left_is_the_queues(case: Case, alice: User, jia: User) -> None:
    User.objects.filter(pk=jia.pk).update(is_active=False)
    case.refresh_from_db()
    assert set(told_by(lambda: post_message(case, by=alice, body="Hello?"))) == {"yi"}


def test_a_contact_who_has_left_is_told_nothing(case: Case, alice: User, jia: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    case.refresh_from_db()
    assert set(told_by(lambda: post_message(case, by=jia, body="Hello?"))) == set()


def test_a_reported_case_is_confirmed_to_who_reported_it(
    northwind: Organisation, alice: User, jia: User
) -> None:
    told = told_by(
        lambda: report_case(by=jia, organisation=northwind, contact=alice, title="T", engineer=jia)
    )
    assert set(told) == {"alice"}
    assert told["alice"].facts["text"].startswith("Alice，您好：\n\nJia已为您登记问题，案例号 CAS-")


def test_one_act_is_one_mail_in_which_what_matters_leads(case: Case, alice: User, jia: User) -> None:
    case.wait_for_customer(by=jia)
    suspended(case, "The plant is shut.")
    User.objects.filter(pk=jia.pk).update(language="en")
    case = Case.objects.get()
    told = told_by(lambda: post_message(case, by=alice, body="The plant runs again."))
    assert set(told) == {"jia"}
    mail = told["jia"]
    assert mail.kind == ActivityKind.REPLY
    assert mail.entry == Message.objects.latest("pk")
    assert mail.facts["text"] == (
        "Hello Jia,\n\nAlice (Northwind Power) wrote:\n\nThe plant runs again.\n\nResumed by Alice."
    )


def test_an_answer_to_a_result_and_the_closing_are_one_mail(case: Case, alice: User, jia: User) -> None:
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    User.objects.filter(pk=jia.pk).update(language="en")
    case = Case.objects.get()
    told = told_by(lambda: outcomes.answer(case, by=alice, solved=True, words="It starts again."))
    assert set(told) == {"jia"}
    assert told["jia"].kind == ActivityKind.SOLVED
    text = told["jia"].facts["text"]
    assert text.index("It starts again.") < text.index("Closed by Alice.")
    assert text.count("It starts again.") == 1


def test_two_acts_are_two_mails(case: Case, alice: User, jia: User) -> None:
    before = len(outgoing())
    post_message(case, by=jia, body="First.")
    post_message(case, by=jia, body="Second.")
    assert [mail.facts["text"] for mail in outgoing()[before:]] == [
        "Alice，您好：\n\nFirst.\n\nJia",
        "Alice，您好：\n\nSecond.\n\nJia",
    ]


def test_what_is_taken_back_is_told_to_nobody(case: Case, jia: User) -> None:
    before = len(outgoing())
    with pytest.raises(RuntimeError), transaction.atomic():
        post_message(case, by=jia, body="Never said.")
        raise RuntimeError
    assert len(outgoing()) == before


def test_history_that_is_told_is_mailed_to_nobody(alice: User, jia: User) -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    case = report(alice, engineer=jia, at=long_ago)
    post_message(case, by=jia, body="Long ago.", at=long_ago)
    assert outgoing() == []
    post_message(case, by=jia, body="Now.", at=timezone.now() - timedelta(minutes=50))
    assert [mail.address for mail in outgoing()] == [alice.email]


def test_a_mail_of_hers_is_not_told_back_to_her(case: Case, alice: User) -> None:
    told = told_by(lambda: post_message(case, by=alice, body="By mail.", kind=MessageKind.MAIL_IN))
    assert set(told) == {"jia"}


def test_a_cc_address_of_somebody_who_is_told_anyway_gets_one_mail(
    case: Case, alice: User, jia: User
) -> None:
    CaseCc.objects.create(case=case, address=alice.email, added_by=jia, added_at=timezone.now())
    assert set(told_by(lambda: post_message(case, by=jia, body="Once."))) == {"alice"}


def test_a_mail_shows_a_button_only_to_who_can_sign_in(crowd: Case, jia: User) -> None:
    told = told_by(lambda: post_message(crowd, by=jia, body="We look at it."))
    address = f"https://support.vendor.example/cases/{crowd.number}/"
    assert told["alice"].facts["action"] == {"label": "打开案例", "url": address}
    assert "action" not in told["site"].facts
    assert told["site"].facts["text"].startswith("您好：\n\nWe look at it.")


def test_a_portal_that_does_not_know_its_address_writes_no_links(
    case: Case, jia: User, settings: Any
) -> None:
    settings.PORTAL_URL = ""
    told = told_by(lambda: post_message(case, by=jia, body="Hello"))
    assert "action" not in told["alice"].facts
    assert "unsubscribe" not in told["alice"].facts


@pytest.mark.parametrize("kind", ["assigned", "overdue", "mail_failed", "mentioned"])
def test_an_answer_to_what_customers_do_not_read_is_an_internal_note(
    crowd: Case, jia: User, kind: str
) -> None:
    people = (jia,) if kind == "mentioned" else ()
    told = told_by(lambda: announce(ActivityKind(kind), crowd, by=None, at=timezone.now(), people=people))
    assert told["jia"].facts["internal"] is True


def test_an_answer_to_what_both_sides_read_joins_the_case(crowd: Case, alice: User) -> None:
    told = told_by(lambda: post_message(crowd, by=alice, body="Here it is."))
    assert "internal" not in told["jia"].facts


def test_words_that_nobody_proved_are_told_with_who_says_she_wrote_them(case: Case, alice: User) -> None:
    told = told_by(
        lambda: post_message(
            case,
            by=None,
            body="Please install the patch.",
            kind=MessageKind.MAIL_IN,
            writer="Finance <finance@evil.example>, sender not proven",
        )
    )
    for reader in ("alice", "jia"):
        said = told[reader].facts["text"]
        assert said.index("finance@evil.example>, ") < said.index("Please install the patch.")
