"""What follows from a mail by itself: pictures, files kept elsewhere, the progress, what came back."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.mentions import services as mentions
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.services import post_message
from mail.inbound import answers
from mail.notifications.telling import tell
from mail.outbound.addresses import reply_address
from mail.outbound.outbox import enqueue
from mail.reading.elsewhere.files import Elsewhere
from mail.review.services import take_into
from mail.store.models import MailMessage, MatchedBy
from tests.mail.mails import HERE, attach, bodies, deliver, letter, outgoing, read_all
from tests.people import report, signed_in
from uploads.attachments.models import MessageAttachment
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.links.models import UploadLink

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


def test_a_pasted_screenshot_stands_beside_the_text_and_is_no_bundle(
    case: Case, alice: User, jia: User
) -> None:
    agree(alice, case)
    message = letter(case)
    page = '<p>See <img src="cid:shot"> here</p>'
    message.add_alternative(page, subtype="html")
    body = message.get_body(("html",))
    assert body is not None
    body.add_related(PICTURE, "image", "png", cid="<shot>", filename="image001.png")
    mail = deliver(message)
    shot = MessageAttachment.objects.get()
    assert (shot.message, shot.name, shot.is_picture) == (mail.entry, "image001.png", True)
    assert not Bundle.objects.exists()
    assert "[image001.png]" in bodies(case)[0]
    assert shot.get_absolute_url() in signed_in(jia).get(case.get_absolute_url()).content.decode()
    deliver(message)
    assert MessageAttachment.objects.count() == 1


def oversized(case: Case, number: int = 1, name: str = "EventLogs.zip") -> EmailMessage:
    message = letter(case, Message_ID=f"<{number}@x>")
    message.set_content(
        "日志在附件里，请查收。\n\n从QQ邮箱发来的超大附件\n\n"
        f"{name} (2.1G, 2026年12月25日 15:13 到期)\n进入下载页面：http://mail.qq.com/cgi-bin/x\n"
    )
    return message


def test_files_that_a_mailer_kept_elsewhere_are_asked_for_by_a_link_once_a_day(
    case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    case.refresh_from_db()
    deliver(oversized(case))
    answer = next(mail for mail in outgoing() if mail.kind == "files_elsewhere")
    assert "EventLogs.zip（您的邮箱保存至 2026-12-25" in answer.facts["text"]
    link = UploadLink.objects.get()
    assert (link.case, link.mail) == (case, "alice@customer.example")
    assert answer.facts["action"]["url"].startswith("https://portal.example/uploads/")
    other = oversized(case, 2, name="second.zip")
    deliver(other)
    first, second = (mail for mail in outgoing() if mail.kind == "files_elsewhere")
    assert first.delivery.not_before is None
    assert second.delivery.not_before == first.created_at + timedelta(days=1)
    page = signed_in(jia).get(case.get_absolute_url()).content.decode()
    assert "未随邮件送达：second.zip" in page and "自动答复已推迟：随下一封发给发件人的邮件送出" in page
    hers = signed_in(alice).get(case.get_absolute_url()).content.decode()
    assert "未随邮件送达：second.zip" in hers and "自动答复" not in hers


def test_a_list_of_files_that_is_quoted_again_is_not_asked_for_again(
    case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    deliver(oversized(case))
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        again = deliver(oversized(case, 2))
    assert UploadLink.objects.count() == 1
    assert (again.elsewhere, again.why_unanswered) == ([], "")


def test_what_one_mail_gives_reason_for_is_one_answer(case: Case, alice: User, jia: User) -> None:
    case.assign(jia, by=None)
    deliver(attach(oversized(case), name="refused.log"))  # She has not agreed to the privacy statement.
    (answer,) = (mail for mail in outgoing() if mail.facts.get("automatic"))
    assert "EventLogs.zip" in answer.facts["text"] and "refused.log" in answer.facts["text"]
    assert "upload" in answer.facts["action"]["url"]


def asking(case: Case, number: int) -> EmailMessage:
    message = letter(case, Message_ID=f"<{number}@x>")
    message.set_content("您好：\n\n请问什么进度了？\n")
    return message


def test_who_was_answered_today_is_not_told_the_progress_but_what_she_believes_wrongly(
    case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    deliver(asking(case, 1))
    assert len(bodies(case, MessageKind.SYSTEM)) == 1
    deliver(oversized(case, 2))
    assert UploadLink.objects.count() == 1, "she believes that we have the file"
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        deliver(oversized(case, 3, name="third.zip"))
        unanswered = deliver(asking(case, 4))
    assert UploadLink.objects.count() == 2
    assert len(bodies(case, MessageKind.SYSTEM)) == 1
    assert unanswered.facts["unanswered"] == "today"


def test_why_nobody_is_answered_is_said_to_the_engineer(case: Case, alice: User, jia: User) -> None:
    agree(alice, case)
    case.assign(jia, by=None)
    message = oversized(case)
    message["X-Auto-Response-Suppress"] = "All"
    deliver(message)
    assert not outgoing() and not UploadLink.objects.exists()
    assert "对方邮件程序不接受自动答复" in signed_in(jia).get(case.get_absolute_url()).content.decode()


def test_while_nobody_has_the_case_the_portal_gives_the_link(alice: User, root: User) -> None:
    case = report(alice)
    message = letter(case)
    message.set_content(
        "日志见附件。\n\n从QQ邮箱发来的超大附件\n\nwhole.zip (512M, 2026年12月30日 10:00 到期)\n"
    )
    deliver(message)
    (told,) = [told for told in outgoing() if told.kind == "files_elsewhere"]
    link = UploadLink.objects.get()
    assert (link.case, link.person, link.made_by) == (case, alice, None)
    assert "whole.zip" in told.facts["text"] and link.is_open
    assert told.facts["action"] == {
        "label": "上传文件",
        "url": f"https://portal.example{reverse('upload-link', args=[link.pk])}",
    }
    made = CaseEvent.objects.get(case=case, reason="An upload link was made.")
    assert made.actor is None
    assert "由系统生成" in signed_in(root).get(case.get_absolute_url()).content.decode()


def test_a_closed_case_gets_no_link_that_opens_nothing(case: Case, alice: User, jia: User) -> None:
    case.assign(jia, by=None)
    mail = deliver(letter(case))
    Case.objects.get().change_status("close", by=jia, reason="电话确认已解决", at=timezone.now())
    with transaction.atomic():
        answers.answer(
            MailMessage.objects.get(pk=mail.pk),
            answers.Occasion(elsewhere=[Elsewhere("whole.zip")], refused="– refused.log"),
        )
    (told,) = [mail for mail in outgoing() if mail.facts.get("automatic")]
    assert "whole.zip" in told.facts["text"] and "refused.log" in told.facts["text"]
    assert "action" not in told.facts and not UploadLink.objects.exists()


def test_a_forged_mail_gets_no_link(case: Case) -> None:
    message = oversized(case)
    del message["Authentication-Results"]
    deliver(message)
    assert not UploadLink.objects.exists()
    assert not [mail for mail in outgoing() if mail.kind == "files_elsewhere"]


def test_a_question_for_the_progress_is_answered_from_state_once_a_day(case: Case, alice: User) -> None:
    for number in (1, 2):
        message = letter(case, Message_ID=f"<{number}@x>")
        quoted = f"----- 原始邮件 -----\n发件人: 王工\n发送时间: 2020年11月2{number}日\n主题: x\n\n旧"
        message.set_content(f"您好：\n\n请问什么进度了？\n\n{quoted}\n")
        deliver(message)
    assert len(bodies(case, MessageKind.SYSTEM)) == 1


def test_an_answer_finds_its_case_by_reference_or_address_without_any_number(case: Case, alice: User) -> None:
    ours = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    by_reference = deliver(
        letter(case, Subject="回复", In_Reply_To=ours.message_id, References=ours.message_id)
    )
    assert (by_reference.case, by_reference.matched_by) == (case, MatchedBy.REFERENCES)
    by_address = deliver(letter(case, Subject="回复", To=reply_address(case), Message_ID="<2@x>"))
    assert (by_address.case, by_address.matched_by) == (case, MatchedBy.REPLY_ADDRESS)


def test_who_has_left_stands_in_the_way_of_no_mail(case: Case, jia: User, alice: User) -> None:
    jia.is_active = False
    jia.save()
    message = letter(case)
    message.set_content("See\n\n从QQ邮箱发来的超大附件\n\nlogs.zip (1.2G, 2026年12月1日 到期)\n")
    mail = deliver(message)
    assert mail.done_at is not None
    (told,) = [mail for mail in outgoing() if mail.kind == "files_elsewhere"]
    assert "action" in told.facts and UploadLink.objects.get().made_by is None


def test_an_answer_that_is_refused_stands_in_the_way_of_no_mail(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise NotAllowed

    monkeypatch.setattr("mail.inbound.answers.answer", refuses)
    mail = deliver(letter(case))
    assert mail.done_at is not None and bodies(case) == ["Here are the logs."]


def test_a_mail_that_is_moved_is_not_answered_once_more(case: Case, alice: User, jia: User) -> None:
    message = letter(case)
    message.set_content("请问什么进度了?\n")
    mail = deliver(message)
    assert len([told for told in outgoing() if told.kind == "progress"]) <= 1
    before = len(outgoing())
    MailMessage.objects.filter(direction="out").update(kind="reply")
    take_into(mail, report(alice, title="Another", engineer=jia), by=jia)
    read_all()
    assert len(outgoing()) == before


def from_jia(case: Case, ours: str, text: str) -> EmailMessage:
    message = letter(
        case,
        results=f"{HERE}; dmarc=pass header.from=vendor.example",
        From="Jia <jia@vendor.example>",
        Message_ID=f"<{len(text)}@vendor.example>",
        In_Reply_To=ours,
    )
    message.set_content(text)
    return message


def test_an_answer_to_an_internal_note_is_one_with_its_files(
    case: Case, alice: User, jia: User, yi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mail.notifications.receivers.tell", tell)
    note = post_message(case, by=yi, body="@Jia 先别说", kind=MessageKind.NOTE)
    mentions.record(note, by=yi)
    (ours,) = [mail for mail in outgoing() if mail.address == jia.email]
    quoted = 'At 2027-01-01 10:00:00, "Yi" <support@vendor.example> wrote:\n> @Jia 先别说\n'
    message = from_jia(case, ours.message_id, f"Understood.\n\n{quoted}")
    mail = deliver(attach(message, name="plan.docx"))
    assert mail.entry is not None and mail.entry.internal
    assert not Message.objects.visible_to(alice).filter(kind=MessageKind.MAIL_IN)
    assert MessageAttachment.objects.get().message == mail.entry and not Bundle.objects.exists()
    assert [told.address for told in outgoing() if told.entry == mail.entry] == [yi.email]
    assert not [told for told in outgoing() if told.address == alice.email]


def test_a_mail_that_quotes_an_internal_note_does_not_reach_the_customer_and_says_so(
    case: Case, alice: User, jia: User
) -> None:
    note = "这位客户的日志里有别家的机器名，先不要告诉她，等法务回复。"
    post_message(case, by=jia, body=note, internal=True)
    ours = enqueue(jia.email, kind="reply", text="她问进度", person=jia, case=case)
    quoted = f'在 2027-01-01 10:00:00，"Yi" <yi@vendor.example> 写道：\n> {note[:12]}\n> {note[12:]}\n'
    mail = deliver(from_jia(case, ours.message_id, f"好的。\n\n{quoted}"))
    assert mail.entry is not None and mail.entry.internal
    (told,) = [told for told in outgoing() if told.kind == "kept_internal"]
    assert (told.address, told.case) == (jia.email, case)
    # Her own words with the same content are hers to say, and so is what stands openly in the case.
    mail = deliver(from_jia(case, ours.message_id, f"{note}\n"))
    assert mail.entry is not None and not mail.entry.internal
    mail = deliver(from_jia(case, ours.message_id, f"请看。\n\n{quoted}"))
    assert mail.entry is not None and not mail.entry.internal


def test_a_link_to_a_net_disk_is_answered_with_an_upload_link_and_an_engineers_is_not(
    case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    shared = "日志较大，见网盘。\n\n链接: https://pan.baidu.com/s/1abc?pwd=x926 提取码: x926\n"
    hers, ours = letter(case), from_jia(case, "<none@x>", shared)
    hers.set_content(shared)
    deliver(ours)
    assert not UploadLink.objects.exists()
    deliver(hers)
    (answer,) = [mail for mail in outgoing() if mail.kind == "files_elsewhere"]
    assert (answer.address, answer.facts["action"]["label"]) == (alice.email, "上传文件")
    assert "– pan.baidu.com/s/1abc\n" in answer.facts["text"]
    assert "x926" not in answer.facts["text"] + UploadLink.objects.get().asked


def test_who_tells_what_her_virus_scanner_did_is_asked_for_no_file(
    case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    message = letter(case)
    message.set_content("您好：\n系统提示附件 a.dll 被病毒软件删除，软件打不开。\n")
    mail = deliver(message)
    assert mail.elsewhere == [] and not UploadLink.objects.exists()
