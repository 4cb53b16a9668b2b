"""What a mail of the portal says, and that our own reader reads it as it was meant."""

from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from cases.answer_links.kinds import OfResult
from cases.answer_links.links import read, unsigned_path_of
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.services import post_message
from cases.thread.quoting import segments
from mail.errors import NotAsMeant
from mail.outbound.composing import compose
from mail.outbound.outbox import enqueue
from mail.outbound.reader_links import text_of
from mail.outbound.round_trip import check
from mail.reading.message import read_mail
from mail.store.models import MailMessage
from tests.mail.bodies import bodies_of
from tests.mail.mails import as_sent

ANSWER = "张女士，您好：\n\n日志已收到，正在分析。\n有结果后马上告诉您。"


@pytest.fixture(autouse=True)
def _portal(settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "Vendor Support <support@vendor.example>"


@pytest.fixture
def answer(case: Case, alice: User, jia: User) -> MailMessage:
    post_message(case, by=alice, body="服务每次重启后都停止，请帮忙看看是什么原因。")
    post_message(case, by=jia, body="内部：这位客户的日志里有别家的机器名，先不要告诉她。", internal=True)
    entry = post_message(case, by=jia, body=ANSWER)
    action = {"label": "打开案例", "url": f"https://portal.example/cases/{case.number}/"}
    return enqueue(
        alice.email, kind="reply", text=ANSWER, person=alice, case=case, entry=entry, action=action
    )


def bodies(mail: MailMessage) -> tuple[str, str]:
    return bodies_of(as_sent(mail))


def test_the_new_text_comes_first_and_the_thread_is_folded_below(answer: MailMessage) -> None:
    plain, page = bodies(answer)
    assert plain.startswith(ANSWER)
    parts = segments(plain)
    shown = "\n".join(part.text for part in parts if not part.quoted)
    folded = "\n".join(part.text for part in parts if part.quoted)
    assert "打开案例" in shown and "直接回复本邮件" in shown
    assert "服务每次重启后都停止" in folded and "服务每次重启后都停止" not in shown
    assert "隐私声明" in folded and "https://portal.example/uploads/privacy/2" in folded
    assert '<div class="gmail_quote' in page and '<html lang="zh-hans">' in page
    assert "服务每次重启后都停止" in page.partition("<blockquote")[2]


def test_our_own_reader_reads_it_as_it_was_meant(answer: MailMessage) -> None:
    composed = compose(answer)
    check(answer, composed)
    content = read_mail(composed.raw)
    assert content.message_id == answer.message_id
    assert content.references == composed.references


def test_no_internal_note_is_in_any_mail(answer: MailMessage) -> None:
    for text in bodies(answer):
        assert "别家的机器名" not in text


def test_a_mail_that_says_something_else_does_not_leave(answer: MailMessage) -> None:
    composed = compose(answer)
    answer.facts["text"] = "日志没有收到。"
    with pytest.raises(NotAsMeant, match="text is not read back"):
        check(answer, composed)


def test_a_mail_that_holds_a_note_or_a_path_does_not_leave(answer: MailMessage, settings: Any) -> None:
    answer.facts["action"] = {
        "label": "内部：这位客户的日志里有别家的机器名，先不要告诉她。",
        "url": "https://portal.example/",
    }
    with pytest.raises(NotAsMeant, match="internal note"):
        check(answer, compose(answer))
    answer.facts |= {"action": None, "text": "内部：这位客户的日志里有别家的机器名，先不要告诉她。"}
    with pytest.raises(NotAsMeant, match="internal note"):
        check(answer, compose(answer))
    answer.facts |= {"action": {"label": "x", "url": f"{settings.MEDIA_ROOT}/uploads/x"}, "text": ANSWER}
    with pytest.raises(NotAsMeant, match="path of this machine"):
        check(answer, compose(answer))


def test_what_was_a_note_and_is_said_openly_by_now_holds_no_mail_back(
    answer: MailMessage, case: Case, alice: User, jia: User
) -> None:
    openly = "请把证书服务的事件日志和安装包一起发给我们，谢谢。"
    post_message(case, by=jia, body=openly, internal=True)
    post_message(case, by=jia, body=openly)
    later = enqueue(alice.email, kind="reply", text="日志收到了。", person=alice, case=case)
    assert openly in bodies(later)[0]
    check(later, compose(later))


def test_who_has_no_account_is_not_promised_that_an_answer_joins_the_case(
    answer: MailMessage, case: Case
) -> None:
    copied = enqueue("site@plant.example", kind="reply", text=ANSWER, case=case, entry=answer.entry)
    for text in bodies(copied):
        assert ANSWER.partition("\n")[0] in text and "直接回复本邮件" not in text
    for text in bodies(answer):
        assert "直接回复本邮件" in text


def test_a_persons_words_carry_no_mark_of_a_robot_and_the_portals_do(
    answer: MailMessage, case: Case, alice: User
) -> None:
    assert "Auto-Submitted" not in as_sent(answer)
    told = enqueue(alice.email, kind="suspended", text="案例已暂时关闭。", person=alice, case=case)
    assert as_sent(told)["Auto-Submitted"] == "auto-generated"


def test_all_around_the_text_is_in_the_language_in_which_it_was_written(
    answer: MailMessage, case: Case, alice: User
) -> None:
    with override("en"):
        english = enqueue(alice.email, kind="reply", text="The logs are here.", person=alice, case=case)
    alice.language = "en"
    alice.save()
    for mail in (answer, english):
        mail.refresh_from_db()
    plain, page = bodies(english)
    assert "Simply answer this mail" in plain and "Alice wrote:\n>" in plain
    assert '<html lang="en">' in page
    assert as_sent(english)["Subject"].endswith("Initial response CMIT:0000001")
    check(english, compose(english))
    # She changed it while this one waited.
    plain, page = bodies(answer)
    assert plain.startswith(ANSWER) and "直接回复本邮件" in plain and "Simply answer" not in plain
    assert '<html lang="zh-hans">' in page and "Simply answer" not in page
    message = as_sent(answer)
    assert message["Subject"].endswith("初次响应 CMIT:0000001")
    assert message["Content-Language"] == "zh-Hans"
    check(answer, compose(answer))


def test_an_appointment_comes_as_an_invitation(case: Case, alice: User) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    mail = enqueue(
        alice.email, kind="appointment", text="11:30 通话", person=alice, case=case, calendar=calendar
    )
    (invitation,) = as_sent(mail).iter_attachments()
    assert invitation.get_content_type() == "text/calendar"
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_filename() == "invite.ics"


def test_a_name_cannot_add_a_header(case: Case, alice: User) -> None:
    alice.name = "Alice\r\nBcc: eve@elsewhere.example"
    case.title = "标题\nBcc: eve@elsewhere.example"
    mail = enqueue(alice.email, kind="reply", text="x", person=alice, case=case)
    assert as_sent(mail)["Bcc"] is None


def test_what_others_wrote_in_a_mail_is_not_quoted_twice(case: Case, alice: User) -> None:
    body = "日志已上传。\n\n----- 原始邮件 -----\n发件人: 王工\n发送时间: 2020年11月27日\n主题: x\n\n很旧的话"
    post_message(case, by=alice, body=body, kind=MessageKind.MAIL_IN)
    mail = enqueue(alice.email, kind="reply", text="收到。", person=alice, case=case)
    plain, _page = bodies(mail)
    assert "日志已上传。" in plain and "很旧的话" not in plain


def test_people_may_write_of_folders_that_are_called_like_ours(
    case: Case, alice: User, settings: Any
) -> None:
    settings.ANJUAN_HOME, settings.BASE_DIR = "/data", "/app"
    settings.MEDIA_ROOT, settings.UPLOAD_STAGING = "/data/media", "/data/staging"
    words = "服务 https://app.customer.example 的数据在 /var/data 和 /data/media/video，脚本是 /app/run.py。"
    post_message(case, by=alice, body=words)
    answer = enqueue(alice.email, kind="reply", text="已收到。", person=alice, case=case)
    check(answer, compose(answer))
    answer.facts["text"] = "FileNotFoundError: /data/media/uploads/1f/x"
    with pytest.raises(NotAsMeant, match="path of this machine"):
        check(answer, compose(answer))


def test_a_confirmation_of_what_its_reader_wrote_is_marked_as_a_robots(
    case: Case, alice: User, jia: User
) -> None:
    hers = case.messages.get()
    confirmation = enqueue(
        alice.email, kind="case_received", text="已受理。", person=alice, case=case, entry=hers
    )
    assert as_sent(confirmation)["Auto-Submitted"] == "auto-generated"
    to_the_vendor = enqueue(jia.email, kind="reply", text="客户回复", person=jia, case=case, entry=hers)
    assert "Auto-Submitted" not in as_sent(to_the_vendor)


def test_nothing_turns_a_subject_or_a_name_around(case: Case, alice: User) -> None:
    case.title, alice.name = "report \u202efdp.exe", "Alice \u202eecila"
    mail = enqueue(alice.email, kind="reply", text="x", person=alice, case=case)
    assert "\u202e" not in f"{as_sent(mail)['Subject']} {as_sent(mail)['To']}"


def test_an_unproven_senders_words_are_quoted_as_hers(case: Case, alice: User) -> None:
    entry = post_message(case, by=None, body="请立即安装这个补丁。", kind=MessageKind.MAIL_IN)
    MailMessage.objects.create(
        direction="in",
        state="taken",
        created_at=entry.created_at,
        address="finance@evil.example",
        name="Finance",
        case=case,
        entry=entry,
    )
    told = enqueue(alice.email, kind="reply", text="我们来看看。", person=alice, case=case)
    text, _page = bodies(told)
    assert "Finance <finance@evil.example>，发件人未经证实 写道：" in text


def test_a_line_that_the_writer_quotes_herself_holds_no_mail_back(case: Case, alice: User, jia: User) -> None:
    said = "附件是今天的日志。\n\n> 请把日志发给我。"
    entry = post_message(case, by=alice, body=said, kind=MessageKind.MAIL_IN)
    told = enqueue(
        jia.email, kind="reply", text=f"Alice 写道：\n\n{said}", person=jia, case=case, entry=entry
    )
    composed = compose(told)
    check(told, composed)
    text = read_mail(composed.raw).text
    shown = "".join(part.text for part in segments(text) if not part.quoted)
    assert "附件是今天的日志。" in shown and "> 请把日志发给我。" in text


@pytest.mark.parametrize(
    "text",
    [
        "> a\n> b\n> c\n\n回复",
        "=====\n隐私声明\n第 2 版。 我的话",
        "看这里：\n\n> 1. 请上传\n已上传\n> 2. 版本\nV0-H",
        "On 2026-11-01 Alice wrote:\n> yes",
        "------------------ 原始邮件 ------------------\n发件人: x\n\n内容",
        "> only quoted",
        "1 < 2 && 3 > 2\n\n\n  indented\n\ttab",
    ],
)
def test_whatever_an_engineer_writes_or_quotes_leaves(case: Case, alice: User, jia: User, text: str) -> None:
    post_message(case, by=jia, body="请把日志发给我，谢谢您的配合，工程师甲。")
    entry = post_message(case, by=jia, body=text)
    mail = enqueue(alice.email, kind="reply", text=f"您好：\n\n{text}", person=alice, case=case, entry=entry)
    check(mail, compose(mail))


def test_what_the_portal_lists_itself_is_quoted_in_its_readers_language(
    case: Case, alice: User, bob: User, jia: User
) -> None:
    case = Case.objects.get()
    evidence_requests.ask(case, by=jia, items=[("log", "System")], note="请尽快提供。")
    User.objects.filter(pk=bob.pk).update(language="en")
    bob.refresh_from_db()
    for person, item in ((alice, "1. 系统日志（System.evtx）"), (bob, "1. System log (System.evtx)")):
        with override(person.language):
            told = enqueue(person.email, kind="reply", text="x y z", person=person, case=case)
        plain, page = bodies(told)
        assert f"> {item}" in plain and item in page and "> 请尽快提供。" in plain
        check(told, compose(told))


def test_no_space_stands_behind_a_chinese_full_stop(answer: MailMessage) -> None:
    for text in bodies(answer):
        assert "第 2 版。" in text and "第 2 版。 " not in text


def test_a_long_address_holds_no_mail_back(case: Case, alice: User) -> None:
    address = "https://learn.example/" + "a-long-way/" * 12
    told = enqueue(alice.email, kind="reply", text=f"请看 {address} 。", person=alice, case=case)
    check(told, compose(told))


def test_an_address_that_somebody_wrote_is_not_signed(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    question = OfResult(alice, case)
    ours = unsigned_path_of(question)
    guessed = f"/answer/{question.kind}.{case.pk}.{int(question.moment.timestamp() * 1000)}/"
    forged = f"{guessed[:-1]}.{'0' * 32}/"
    told = enqueue(alice.email, kind="reply", text=f"{ours}\n{guessed}\n{forged}", person=alice, case=case)
    signed, *written = text_of(told).splitlines()
    assert written == [guessed, forged]
    assert read(signed.split("/")[2]) == question


def test_a_link_that_is_signed_a_second_later_holds_no_mail_back(case: Case, alice: User, jia: User) -> None:
    case = Case.objects.get()
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    link = f"https://portal.example{unsigned_path_of(OfResult(alice, case))}"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        told = enqueue(alice.email, kind="report_sent", text=f"解决了吗？\n{link}", person=alice, case=case)
        composed = compose(told)
        clock.shift(3)
        check(told, composed)
