"""An answer to a report's mail ticks its steps; the engineer sees by which mail, and it can be taken back."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from analysis.advice import services as advice
from analysis.reports import services as reports
from analysis.reports.models import Report
from cases.models import Case
from cases.services import post_message
from mail.outbound.models import MailSettings
from mail.outbound.outbox import enqueue
from mail.review import services as review
from mail.store.models import MailState
from tests.analysis.conftest import draft, read_once, run, whole_bundle
from tests.mail.mails import HERE, deliver, letter
from tests.people import reading_english, report

__all__ = ["draft", "read_once", "run", "whole_bundle"]

STEPS = {
    "zh-hans": "1. 全盘查杀。\n2. 重启。\n3. 重新安装。",
    "en": "1. Scan.\n2. Restart.\n3. Install again.",
}


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.ANJUAN_HOME = tmp_path


@pytest.fixture
def sent(draft: Report, jia: User) -> Report:
    """A report of three steps that alice has got by mail."""
    edited = reports.edit(draft, jia, draft.conclusion, STEPS, [])
    return reports.send(edited, jia, seen=edited.edited_at)


def told_of(report: Report, alice: User) -> str:
    """The Message-ID of the mail that told her of the report."""
    mail = enqueue(
        alice.email, kind="report_sent", text="x", case=report.case, person=alice, report=report.pk
    )
    return mail.message_id


def answer(case: Case, text: str, number: int = 1, **fields: str) -> EmailMessage:
    message = letter(case, Message_ID=f"<a{number}@customer.example>", **fields)
    message.set_content(text)
    return message


def done(report: Report) -> list[bool]:
    return [step.done for step in advice.advice_of(report, "en").steps]


def test_an_answer_ticks_and_takes_back(sent: Report, alice: User, jia: User) -> None:
    case, mail_of_report = sent.case, told_of(sent, alice)
    first = deliver(answer(case, "1. 已完成\n3 done\n", In_Reply_To=mail_of_report))
    assert first.state == MailState.TAKEN
    assert done(sent) == [True, False, True]
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert "Ticks step 1" in page and "Ticks step 3" in page and "2 of 3 tried" in page
    assert f'<a href="#entry-{first.entry_id}">by mail</a>' in page
    assert f'<a href="#entry-{first.entry_id}">by mail</a>' in (
        reading_english(alice).get(case.get_absolute_url()).content.decode()
    )
    deliver(answer(case, "第 3 步还没做", 2, In_Reply_To="<a1@customer.example>", References=mail_of_report))
    assert done(sent) == [True, False, False]
    assert "Takes back the tick of step 3" in (
        reading_english(jia).get(case.get_absolute_url()).content.decode()
    )
    advice.tick(sent, 0, alice, done=False)
    assert done(sent) == [False, False, False]


def test_without_a_thread_the_newest_word_of_the_vendor_is_meant(
    sent: Report, alice: User, jia: User
) -> None:
    case = sent.case
    deliver(answer(case, "2 done", 1))
    assert done(sent) == [False, False, False], "a number alone may count anything"
    deliver(answer(case, "步骤2已完成", 2))
    assert done(sent) == [False, True, False]
    post_message(case, by=jia, body="请按以下步骤收集日志：1. 打开…… 2. 导出……")
    deliver(answer(case, "步骤1已完成", 3))
    assert done(sent) == [False, True, False], "the steps of another entry may be meant"
    deliver(answer(case, "步骤1已完成", 4, References=told_of(sent, alice)))
    assert done(sent) == [True, True, False]


def test_an_answer_to_another_mail_of_ours_ticks_nothing(sent: Report, alice: User) -> None:
    request = enqueue(alice.email, kind="evidence_requested", text="1. …", case=sent.case, person=alice)
    deliver(answer(sent.case, "1. 已完成\n步骤2已完成", In_Reply_To=request.message_id))
    assert done(sent) == [False, False, False]


def test_only_a_proven_customer_of_the_case_ticks(sent: Report, alice: User) -> None:
    told = told_of(sent, alice)
    deliver(answer(sent.case, "1 done", 1, results="", In_Reply_To=told))
    vendor = f"{HERE}; dkim=pass header.d=vendor.example header.s=s1"
    mail = deliver(
        answer(sent.case, "1 done", 2, results=vendor, From="jia@vendor.example", In_Reply_To=told)
    )
    assert mail.state == MailState.TAKEN
    assert done(sent) == [False, False, False]


def test_an_answer_to_a_replaced_report_speaks_of_the_same_steps_of_its_revision(
    sent: Report, alice: User, jia: User
) -> None:
    told = told_of(sent, alice)
    changed = {"zh-hans": "1. 重新安装。\n2. 关机再开。", "en": "1. Install again.\n2. Power off and on."}
    revised = reports.revise(sent, jia)
    change = {"zh-hans": "步骤改了。", "en": "The steps are different."}
    edited = reports.edit(revised, jia, revised.conclusion, changed, [], change=change)
    second = reports.send(edited, jia, seen=edited.edited_at)
    deliver(answer(sent.case, "2 done, 3 done", In_Reply_To=told))
    assert done(second) == [True, False], "step 3 of the first is step 1 of the second"


def test_a_mail_that_is_moved_away_ticks_nothing_while_it_is_elsewhere(
    sent: Report, alice: User, jia: User
) -> None:
    MailSettings.load()
    mail = deliver(answer(sent.case, "1 done", In_Reply_To=told_of(sent, alice)))
    other = report(by=alice)
    other.assign(jia, by=jia)
    decision = review.take_into(mail, other, by=jia)
    assert done(sent) == [False, False, False]
    review.undo(decision, by=jia)
    assert done(sent) == [True, False, False]
