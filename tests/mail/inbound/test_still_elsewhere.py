"""Until when files are kept elsewhere is a deadline on the page of the case, until they come."""

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from cases.services import post_message
from mail.store.models import MailMessage
from tests.mail.mails import attach, deliver, letter
from tests.people import reading_english
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.links.models import UploadLink

SENT, LATER, GONE, LONG_GONE = (
    datetime.fromisoformat(f"2026-{day} 10:00+08:00") for day in ("11-29", "12-01", "12-26", "12-31")
)
HEADING = "Files that did not come with a mail"


@pytest.fixture(autouse=True)
def named(case: Case, alice: User, jia: User) -> None:
    agree(alice, case)
    case.assign(jia, by=None)
    message = letter(case)
    message.set_content(
        "从QQ邮箱发来的超大附件\n\nEventLogs.zip (2.1G, 2026年12月15日 15:13 到期)\n进入下载页面：x\n"
    )
    with time_machine.travel(SENT):
        deliver(message)


def page(reader: User, case: Case, at: datetime) -> str:
    with time_machine.travel(at):
        return reading_english(reader).get(case.get_absolute_url()).content.decode()


def test_both_sides_read_it_on_the_case(case: Case, alice: User, jia: User) -> None:
    hers, ours = page(alice, case, LATER), page(jia, case, LATER)
    for text in (hers, ours):
        assert HEADING in text and "EventLogs.zip – kept there until" in text
    assert "Please upload them here" in hers and "Please upload them here" not in ours


def test_a_day_that_is_over_is_told_for_two_weeks(case: Case, jia: User) -> None:
    assert "EventLogs.zip – <span" in page(jia, case, GONE) and "deleted there" in page(jia, case, GONE)
    assert HEADING not in page(jia, case, LONG_GONE)


def test_a_file_that_came_since_is_waited_for_no_more(case: Case, jia: User) -> None:
    with time_machine.travel(LATER):
        deliver(attach(letter(case, Message_ID="<2@x>"), name="other.zip"))
        assert HEADING in page(jia, case, LATER)
        deliver(attach(letter(case, Message_ID="<3@x>"), name="EventLogs.zip"))
    assert HEADING not in page(jia, case, LATER)


def test_a_file_by_the_link_that_asks_for_it_is_it_whatever_its_name(case: Case, jia: User) -> None:
    with time_machine.travel(LATER):
        deliver(attach(letter(case, Message_ID="<2@x>"), name="logs-part.zip"))
    Bundle.objects.update(link=UploadLink.objects.get())
    assert HEADING not in page(jia, case, LATER)


def test_a_link_that_asks_for_a_file_of_a_like_name_brings_another(case: Case, jia: User) -> None:
    with time_machine.travel(LATER):
        deliver(attach(letter(case, Message_ID="<2@x>"), name="part.zip"))
    UploadLink.objects.update(asked="– OtherEventLogs.zip\n– EventLogs.zip.old (kept)")
    Bundle.objects.update(link=UploadLink.objects.get())
    assert HEADING in page(jia, case, LATER)


def test_a_year_that_an_earlier_version_kept_stands_in_no_pages_way(case: Case, jia: User) -> None:
    mail = MailMessage.objects.get(direction="in")
    mail.facts["elsewhere"] = [{"name": "EventLogs.zip", "until": "9999-12-31T23:59:00+00:00"}]
    mail.save(update_fields=["facts"])
    assert HEADING not in page(jia, case, LATER)


def test_a_closed_case_and_an_internal_entry_tell_nothing(case: Case, alice: User, jia: User) -> None:
    note = post_message(case, by=jia, body="x", internal=True)
    MailMessage.objects.filter(entry__kind="mail_in").update(entry=note)
    assert HEADING not in page(alice, case, LATER) and HEADING in page(jia, case, LATER)
    case.change_status("close", by=None, reason="", at=timezone.now())
    assert HEADING not in page(jia, case, LATER)
