"""What each mail says: the new words first, in the recipient's language, with what she can do."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.models import Report
from cases import times
from cases.answers.models import Way
from cases.appointments import services as appointments
from cases.appointments.models import Medium
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import ItemState
from cases.models import Case, Message, MessageKind
from cases.pauses import proposals
from cases.scopes import services as scopes
from cases.services import post_message
from cases.signals import ActivityKind, announce
from engine.text import text as both
from mail.notifications import preferences
from mail.notifications.models import CaseFollower, Channel, DigestItem
from mail.outbound.reader_links import opened, text_of
from tests.analysis.conftest import draft, read_once, run, whole_bundle
from tests.mail.mails import last_to, outgoing
from tests.people import suspended

__all__ = ["draft", "read_once", "run", "whole_bundle"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _languages(alice: User, jia: User) -> None:
    """Alice reads Chinese, Jia English."""
    User.objects.filter(pk=jia.pk).update(language="en")


def says(person: User) -> str:
    """The text of the last mail to her, which has a greeting by her name."""
    text = str(last_to(person.email).facts["text"])
    greeting = {"zh-hans": f"{person.name}，您好：\n\n", "en": f"Hello {person.name},\n\n"}
    person.refresh_from_db()
    assert text.startswith(greeting[person.language])
    return text.removeprefix(greeting[person.language])


def opens(person: User) -> str:
    """Where the button of the last mail to her leads, below the portal's address."""
    mail = last_to(person.email)
    return opened(mail.facts["action"]["url"], mail).removeprefix("https://support.vendor.example")


def happens(kind: ActivityKind, case: Case, **facts: Any) -> None:
    announce(kind, case, **{"by": None, "at": timezone.now()} | facts)


def test_a_case_received(case: Case, alice: User, jia: User) -> None:
    due = f"{timezone.localtime(case.next_due_at):%Y-%m-%d %H:%M} (UTC+08:00)"
    assert says(alice) == (
        f"您的问题已受理，案例号 {case.number}。\n\n标题：The certificate service does not start\n\n"
        f"接下来：Jia会查看您的描述，最迟在 {due} 答复您。\n\n"
        "如果手头已有日志或截图，可以在案例页面上传，也可以作为附件直接回复本邮件。"
    )
    # Jia reads English by now, but was written to before that.
    assert "Northwind Power（Alice）提交了新案例。" in last_to(jia.email).facts["text"]
    assert "After a reboot the service is gone." in last_to(jia.email).facts["text"]


def test_replies(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    post_message(case, by=jia, body="日志已收到，\n正在分析。")
    assert says(alice) == "日志已收到，\n正在分析。\n\nJia"
    # Who greets and signs herself is not greeted and signed for.
    post_message(case, by=jia, body="张女士，您好：\n\n日志已收到。\n\nJia 工程师")
    assert last_to(alice.email).facts["text"] == "张女士，您好：\n\n日志已收到。\n\nJia 工程师"
    post_message(case, by=alice, body="Thank you.\n\n\nAnd now?")
    assert says(jia) == "Alice (Northwind Power) wrote:\n\nThank you.\n\n\nAnd now?"
    post_message(case, by=jia, body="She called.", kind=MessageKind.PHONE)
    assert says(alice) == "电话沟通记录：\n\nShe called.\n\nJia"
    header = "-----Original Message-----\nFrom: Jia\nSent: Monday\nTo: Alice\nSubject: Re"
    quoted = f"New words.\n\n{header}\n\nOld words."
    post_message(case, by=alice, body=quoted, kind=MessageKind.MAIL_IN)
    assert says(jia) == "Alice (Northwind Power) wrote:\n\nNew words."


def test_an_evidence_request_and_its_uploads(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    since = datetime(2020, 11, 20, 1, tzinfo=UTC)
    items = [("log", "System"), ("other", "型号照片")]
    request = evidence_requests.ask(case, by=jia, items=items, since=since, note="请尽快提供。")
    text = says(alice)
    assert text.startswith(
        "请尽快提供。\n\n为继续分析，请您提供以下材料：\n\n1. 系统日志（System.evtx）\n   "
    )
    assert "eventvwr" in text and "\n2. 型号照片\n\n" in text
    assert "2020-11-20 09:00" in text
    assert text.count("请尽快提供。") == 1
    assert "点击下方链接上传，无需登录，也可以作为附件直接回复本邮件" in text
    assert text.endswith("\n\nJia")
    action = last_to(alice.email).facts["action"]
    assert action["label"] == "上传文件" and "/uploads/link/" in action["url"]
    facts = {"bundle": "x", "name": "日志.zip", "checked": True, "settled": 1, "total": 2}
    happens(ActivityKind.ITEMS_MISSING, case, by=alice, missing=[["other", "型号照片"]], **facts)
    assert says(alice).startswith("已收到并检查“日志.zip”，还缺以下 1 项：\n\n1. 型号照片\n\n点击下方")
    happens(ActivityKind.UPLOAD_CHECKED, case, by=alice, missing=[], **facts | {"settled": 2})
    assert says(alice) == "已收到并检查“日志.zip”，所需材料已齐，案例继续处理。"
    assert says(jia) == "“日志.zip” has arrived. Everything that was asked for is settled (2)."
    happens(ActivityKind.UPLOAD_CHECKED, case, by=alice, missing=[], **facts | {"checked": False})
    assert says(alice) == "已收到“日志.zip”，未能自动检查，工程师会人工查看，您无需重新发送。"
    assert says(jia) == "“日志.zip” has arrived and could not be checked. Please look at it yourself."
    happens(ActivityKind.UPLOAD_CHECKED, case, by=alice, missing=[], **facts | {"settled": 0, "total": 0})
    assert says(alice) == "已收到并检查“日志.zip”，分析结果出来后由工程师查看。"
    nothing = [
        both("没有可以分析的内容。", "Nothing can be analysed."),
        both("这是图片。", "A picture."),
    ]
    facts |= {"settled": 0, "total": 0, "nothing": nothing}
    happens(ActivityKind.UPLOAD_CHECKED, case, by=alice, missing=[], **facts)
    assert says(alice).endswith("没有可以分析的内容。\n这是图片。") and "结果" not in says(alice)
    assert says(jia).endswith("Nothing can be analysed.\nA picture.")
    happens(ActivityKind.WAITING_REMINDER, case, suspends_at="2027-01-31T09:00:00+08:00", number=3, total=3)
    text = says(alice)
    asked = f"{timezone.localtime(request.made_at):%Y-%m-%d %H:%M}"
    assert text.startswith(f"我们于 {asked} 请您提供以下材料，目前仍未收到：\n\n1. 系统日志（System.evtx）\n")
    assert "如果到 2027-01-31 09:00 (UTC+08:00) 仍未收到您的消息，我们会将案例暂时关闭。" in text


def test_reminders_name_what_is_still_missing_and_nothing_else(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    items = [("log", "System"), ("other", "型号照片"), ("dump", "")]
    _log, photo, dump = evidence_requests.ask(case, by=jia, items=items).items.all()
    evidence_requests.settle(photo, ItemState.UNAVAILABLE, by=alice, reason="相机坏了")
    evidence_requests.settle(dump, ItemState.WAIVED, by=jia)
    happens(ActivityKind.WAITING_REMINDER, case, suspends_at=None, number=1, total=3)
    assert "1. 系统日志（System.evtx）" in says(alice) and "2. " not in says(alice)
    assert last_to(alice.email).facts["action"]["label"] == "上传文件"


def test_reminders_repeat_the_question_that_is_waited_for(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    case.change("take_up", by=jia)
    case.wait_for_customer(by=jia, reason="重启之后还会出现吗？")
    happens(ActivityKind.WAITING_REMINDER, case, suspends_at=None, number=1, total=3)
    waits = "您的案例正在等待您的答复，收到后即可继续。"
    assert says(alice) == f"{waits}\n\n我们的问题是：\n重启之后还会出现吗？"
    case.send_result(by=jia)
    happens(ActivityKind.WAITING_REMINDER, case, suspends_at=None, number=1, total=3)
    assert says(alice).startswith(f"{waits}\n\n请按建议操作，并回复本邮件或点击链接")
    assert "https://support.vendor.example/answer/" in says(alice)


def test_a_long_wait_is_told_to_the_vendor_with_what_to_do(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    told = len(outgoing())
    facts: dict[str, Any] = {"level": "engineer", "since": "2020-11-12T02:30:00+00:00", "reminded": 2}
    missing = [["log", "System"], ["other", "型号照片"]]
    happens(ActivityKind.LONG_WAIT, case, missing=missing, suspends_at=None, **facts)
    about = "Title: The certificate service does not start\nEngineer: Jia"
    assert says(jia) == (
        "2 things have been waited for from Northwind Power (Alice) since 2020-11-12 10:30 (UTC+08:00):\n\n"
        "1. System log (System.evtx)\n2. 型号照片\n\n"
        f"The customer has been reminded 2 times. Perhaps a call helps.\n\n{about}"
    )
    facts |= {"reminded": 0, "suspends_at": "2020-11-30T02:30:00+00:00"}
    happens(ActivityKind.LONG_WAIT, case, missing=[], **facts)
    assert says(jia) == (
        "Northwind Power (Alice) has not answered since 2020-11-12 10:30 (UTC+08:00).\n\n"
        "Perhaps a call helps.\n\n"
        "Without an answer the case is closed for the time being on 2020-11-30 10:30 (UTC+08:00).\n\n"
        f"{about}"
    )
    assert {mail.address for mail in outgoing()[told:]} == {jia.email}
    assert last_to(jia.email).facts["internal"], "an answer to it is an internal note"


def test_a_reminder_of_a_word_that_is_waited_for(case: Case, alice: User, jia: User) -> None:
    proposals.propose(case, by=jia, resumes_when="日志到达时")
    happens(ActivityKind.WAITING_REMINDER, case, suspends_at=None, number=1, total=3)
    assert says(alice) == "您的案例正在等待您的答复，收到后即可继续。\n\n请您确认是否可以暂时关闭案例。"
    assert "/answer/" in last_to(alice.email).facts["action"]["url"]


def test_changes_of_the_status(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    suspended(case, "现场停产")
    goes_on = "您上传所缺材料或给我们留言后，案例即恢复处理；直接回复本邮件也可以。"
    agreed = f"Alice已于 {times.minute(case.status_since)} 通过电话同意，案例暂时关闭。\n恢复条件：现场停产。"
    assert says(alice) == f"您的案例已暂时关闭。\n\n{agreed}\n\n{goes_on}\n\nJia"
    case.change("resume", by=jia, reason="It goes on.")
    assert says(alice).startswith("您的案例已恢复处理。\n\n原因：It goes on.\n\n我们最迟在 ")
    case.change("close", by=jia, reason="电话确认已解决")
    assert says(alice) == (
        "您的案例已结案。\n\n原因：电话确认已解决\n\n如果问题再次出现，请回复本邮件，或在案例页面留言。\n\nJia"
    )
    assert last_to(alice.email).entry == Message.objects.get(body="电话确认已解决")
    case.change_status("resume", by=None, reason="The customer wrote again.", at=timezone.now())
    assert says(alice).startswith("您的案例已重新打开。\n\n我们最迟在 ")
    assert says(jia) == "Reopened."
    case.change_status("close", by=None, reason="Everything asked for has arrived.", at=timezone.now())
    assert says(jia) == "Closed.\n\nReason: Everything asked for has arrived."
    # A sentence of ours is told in the reader's language.
    assert "原因：所需材料已全部收到。" in says(alice)


def test_what_the_vendors_people_are_told(case: Case, alice: User, jia: User, yi: User, max_: User) -> None:
    case = Case.objects.get()
    User.objects.filter(pk__in=[yi.pk, max_.pk]).update(language="en")
    yi.refresh_from_db()
    happens(ActivityKind.OVERDUE, case, due_at="2027-01-31T09:00:00+08:00")
    late = (
        "Northwind Power waits for an answer that was due by 2027-01-31 09:00 (UTC+08:00).\n\n"
        "Title: The certificate service does not start\nEngineer: Jia"
    )
    assert says(max_) == says(jia) == late
    case.assign(yi, by=max_, reason="Jia is ill.")
    assert says(yi).startswith(
        "Max has given you this case.\n\nReason: Jia is ill.\n\nTitle: The certificate"
    )
    note = post_message(case, by=jia, body="@Yi, have you seen this?", kind=MessageKind.NOTE)
    happens(ActivityKind.MENTIONED, case, by=jia, message=note, people=(yi,))
    assert says(yi) == "Jia mentions you in an internal note:\n\n@Yi, have you seen this?"
    happens(ActivityKind.MAIL_FAILED, case, address=alice.email, answer="550 no such user")
    assert says(yi) == (
        "A mail of this case to Alice (alice@customer.example) could not be delivered.\n\n"
        "The mail server's answer: 550 no such user\n\n"
        "Please reach the customer in another way, and have the address corrected."
    )


def test_a_scope_and_its_answer(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    scope = scopes.draft(case, by=jia, problem="服务无法启动")
    scopes.send(scope, by=jia)
    assert says(alice) == (
        "案例范围，第 1 版\n\n问题：\n服务无法启动\n\n"
        "请告诉我们以上理解是否准确：点击下方链接确认或提出异议，也可以直接回复本邮件。\n\nJia"
    )
    assert last_to(alice.email).facts["action"]["label"] == "确认或提出异议"
    assert Client().get(opens(alice)).status_code == 200
    scopes.answer(scope, by=alice, agrees=True)
    assert says(jia) == "Alice (Northwind Power) wrote:\n\nI agree to the scope, version 1."
    assert Message.objects.latest("pk").body == "我同意第 1 版案例范围。"


def test_without_an_address_of_the_portal_the_page_is_named(
    case: Case, alice: User, jia: User, settings: Any
) -> None:
    settings.PORTAL_URL = ""
    scopes.send(scopes.draft(case, by=jia, problem="x"), by=jia)
    assert "在案例页面确认或提出异议" in says(alice) and "action" not in last_to(alice.email).facts


def test_times_what_is_agreed_and_how_it_is_called_off(case: Case, alice: User, bob: User, jia: User) -> None:
    User.objects.filter(pk=bob.pk).update(language="en")
    CaseFollower.objects.create(case=case, person=bob)
    start = datetime(2199, 1, 31, 1, tzinfo=UTC)
    with time_machine.travel(datetime(2199, 1, 30, tzinfo=UTC)):
        times = appointments.propose(case, by=jia, starts=[start], minutes=30, medium=Medium.PHONE)
        assert "请点击下方链接选择一个时间，或直接回复本邮件告知您方便的时间。" in says(alice)
        assert last_to(alice.email).facts["action"]["label"] == "选择时间"
        assert says(bob).startswith("Phone, 30 min. Which of these times suits you?\n1. 2199-01-31 09:00")
        assert opens(alice) != opens(bob)
        appointments.agree(times, start, by=alice)
        # Her own answer: the file for her calendar, and how she calls it off.
        assert says(alice).startswith("已约定：电话，2199-01-31 09:00")
        assert "可以点击链接取消：https://support.vendor.example/answer/" in says(alice)
        assert "BEGIN:VCALENDAR" in last_to(alice.email).facts["calendar"]
        assert "Agreed: Phone on 2199-01-31 09:00" in says(bob) and "/answer/" in says(bob)
        assert "Agreed: Phone on 2199-01-31 09:00" in says(jia) and "/answer/" not in says(jia)
        moved = appointments.propose(case, by=jia, starts=[start], minutes=30, medium=Medium.PHONE)
        mails = len(outgoing())
        appointments.decline(moved, "下周", by=alice)
        assert {mail.address for mail in outgoing()[mails:]} == {jia.email, bob.email}
        assert says(jia).endswith("None of the proposed times suits.\n\n下周")
        assert "https://" not in says(bob), "nothing is agreed that could be called off"


def test_a_proposed_suspension_and_its_answers(case: Case, alice: User, jia: User) -> None:
    first = proposals.propose(case, by=jia, resumes_when="日志到达时")
    assert says(alice) == (
        "可以把本案例暂时关闭吗？\n恢复条件：日志到达时。\n\n"
        "暂时关闭不会丢失任何内容，您留言或上传后即恢复处理。\n\n"
        "在您同意之前，案例不会有任何变化。请点击下方链接答复，也可以直接回复本邮件。\n\nJia"
    )
    assert last_to(alice.email).facts["action"]["label"] == "同意 / 请继续处理"
    proposals.withdraw(first, by=jia)
    assert says(alice) == "暂时关闭案例的提议已撤回，案例继续处理。\n\nJia"
    second = proposals.propose(case, by=jia, resumes_when="日志到达时")
    proposals.answer(second, agrees=False, by=alice, words="本周就要用")
    begin = "Alice (Northwind Power) wrote:\n\nPlease do not close the case for the time being; go on."
    assert says(jia) == f"{begin}\n\n本周就要用"
    third = proposals.propose(case, by=jia, resumes_when="日志到达时")
    proposals.answer(third, agrees=True, by=alice, way=Way.LINK)
    assert "as Alice agreed by the link in a mail on " in says(jia)
    assert "It goes on: 日志到达时." in says(jia)


def test_a_daily_mail_holds_the_links(case: Case, alice: User, jia: User) -> None:
    preferences.choose(alice, {ActivityKind.SCOPE: Channel.DIGEST})
    scopes.send(scopes.draft(case, by=jia, problem="x"), by=jia)
    kept = DigestItem.objects.get(person=alice)
    assert "确认或提出异议: https://support.vendor.example/answer/" in kept.text


def test_a_report(draft: Report, alice: User, jia: User) -> None:
    conclusion = {"zh-hans": "服务文件被改动。", "en": "The service's file was changed."}
    advice = {"zh-hans": "1. 全盘查毒。\n2. 重新安装。", "en": "1. Scan the disk.\n2. Install it anew."}
    reports.edit(draft, jia, conclusion, advice, [])
    sent = reports.send(draft, by=jia, seen=Report.objects.get().edited_at)
    mail, text = last_to(alice.email), says(alice)
    begin = "分析已完成，结论如下：\n\n服务文件被改动。\n\n处理建议：\n1. 全盘查毒。\n2. 重新安装。\n\n"
    assert text.startswith(
        f"{begin}做完一步，可在案例页面上勾选一步；"
        "也可直接回复本邮件，例如：“步骤 1、2 已完成，步骤 3 还没做”。\n\n"
        "请按建议操作，并回复本邮件或点击链接告诉我们是否解决：https://support.vendor.example/answer/"
    )
    assert text.endswith("\n\nJia")
    assert mail.facts["report"] == sent.pk
    address = f"https://support.vendor.example/analysis/{sent.case.number}/report/1/"
    assert mail.facts["action"] == {"label": "阅读报告", "url": address}


def test_a_reply_that_is_the_result(case: Case, alice: User, bob: User, jia: User) -> None:
    User.objects.filter(pk=bob.pk).update(language="en")
    CaseFollower.objects.create(case=case, person=bob, since=timezone.now())
    post_message(case, by=jia, body="请重启证书服务。", result=True)
    ask = "请按建议操作，并回复本邮件或点击链接告诉我们是否解决：https://support.vendor.example/answer/"
    assert says(alice).startswith(f"请重启证书服务。\n\n{ask}") and says(alice).endswith("\n\nJia")
    assert "in a reply or by this link: https://support.vendor.example/answer/" in says(bob)
    link = re.search(r"https://support.vendor.example(/answer/\S+/)", text_of(last_to(alice.email)))
    assert link is not None
    assert "还没有解决" in Client().get(link[1]).content.decode()
    case.refresh_from_db()
    assert case.status == "result_sent"
    assert Client().post(link[1], {"solved": "yes"}).status_code == 200
    case.refresh_from_db()
    assert (case.status, case.outcomes.get().person) == ("closed", alice)
    post_message(case, by=jia, body="很高兴听到这个消息。")
    assert says(alice) == "很高兴听到这个消息。\n\nJia", "only a result asks"


def test_a_result_that_resumes_a_case_is_one_mail(case: Case, alice: User, jia: User) -> None:
    suspended(case)
    before = len(outgoing())
    post_message(case, by=jia, body="请重启证书服务。", result=True)
    (mail,) = [mail for mail in outgoing()[before:] if mail.address == alice.email]
    assert mail.entry == Message.objects.get(body="请重启证书服务。")
    assert says(alice).startswith("请重启证书服务。\n\n请按建议操作") and "/answer/" in says(alice)


def test_the_deletion_of_her_uploads(case: Case, alice: User) -> None:
    happens(ActivityKind.DELETION, case, deletes_at="2027-01-31T09:00:00+08:00")
    assert "2027-01-31" in says(alice)
    # A promise hangs on it: there is no link that ends such mails.
    assert "unsubscribe" not in last_to(alice.email).facts


def test_an_automatic_answer_is_marked_as_one(case: Case, alice: User) -> None:
    answer = post_message(case, by=None, body="正在处理。", kind=MessageKind.SYSTEM)
    happens(ActivityKind.PROGRESS, case, by=alice, message=answer, people=(alice,))
    assert says(alice) == "正在处理。"
    assert last_to(alice.email).facts["automatic"] is True
