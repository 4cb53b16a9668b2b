"""Case numbers that are not written in full: what they lead to, and what a person has to look at."""

import pytest
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from mail.store.models import MailMessage, MailState, MatchedBy
from mail.store.reasons import Reason
from tests.mail.mails import deliver, letter
from tests.people import reading_english, report


def count(case: Case) -> str:
    """``03282`` of ``CAS-03282-J6Y6M6``."""
    return case.number.split("-")[1]


@pytest.mark.parametrize("subject", ["案例号: {}", "Case #{} logs", "CAS {}"])
def test_a_number_without_prefix_or_suffix_finds_the_senders_case(case: Case, subject: str) -> None:
    mail = deliver(letter(case, Subject=subject.format(count(case))))
    assert (mail.case, mail.matched_by) == (case, MatchedBy.NUMBER)


def test_a_bare_number_that_leads_to_no_case_of_hers_is_her_own_houses(case: Case, charlie: User) -> None:
    mail = deliver(letter(case, Subject=f"工单号 {count(case)}", From="charlie@customer.example"))
    assert (mail.state, mail.matched_by) == (MailState.TAKEN, MatchedBy.NEW_CASE)
    assert mail.case != case and mail.named_case is None


def test_of_two_bare_numbers_none_is_believed(case: Case, alice: User) -> None:
    other = report(alice, title="Another matter")
    mail = deliver(letter(case, Subject=f"case {count(case)} and case {count(other)}"))
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.SEVERAL)


@pytest.mark.parametrize("subject", ["CAS-{}{}-CCCCCC", "Case #{} {}"])
def test_what_is_nearly_her_cases_number_is_proposed(case: Case, jia: User, subject: str) -> None:
    mail = deliver(letter(case, Subject=subject.format(count(case)[:2], count(case)[2:])))
    assert (mail.state, mail.reason, mail.named_case) == (MailState.PARKED, Reason.ALIKE, None)
    page = reading_english(jia).get(reverse("mail", args=[mail.pk])).content.decode()
    assert "It names a case of its sender&#x27;s, but not to the letter." in page
    assert "a number in the mail may be that of this case" in page and case.number in page


def test_what_is_nearly_the_number_of_anothers_case_is_nothing(case: Case, charlie: User) -> None:
    deliver(letter(case, Subject=f"CAS-{count(case)}-CCCCCC", From="charlie@customer.example"))
    mail = MailMessage.objects.get(direction="in")
    assert mail.case != case and mail.matched_by == MatchedBy.NEW_CASE
