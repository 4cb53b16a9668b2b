"""Each mail says where its reader ends such mails; who has no account has a language of her own."""

from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.scopes import services as scopes
from cases.services import post_message
from cases.signals import ActivityKind, announce
from mail.notifications.digests import send_due
from mail.notifications.followers import add_cc
from mail.notifications.models import CaseCc, Channel, DigestItem
from mail.notifications.preferences import choices_of, choose
from mail.outbound.composing import compose
from tests.mail.bodies import bodies_of, text_of
from tests.mail.mails import as_sent, last_to
from tests.people import report

HOST = "https://support.vendor.example"
SITE = "site@plant.example"


def test_a_person_finds_her_choices_at_the_end_of_each_mail(case: Case, alice: User, jia: User) -> None:
    post_message(case, by=jia, body="日志已收到。")
    mail = last_to(alice.email)
    message = as_sent(mail)
    text, page = bodies_of(message)
    url = mail.facts["unsubscribe"]
    assert f"设置邮件通知：\n{HOST}/mail/notifications/\n" in text
    assert f"不再接收此类邮件：\n{url}\n" in text
    assert text.index("日志已收到。") < text.index("隐私声明") < text.index("设置邮件通知")
    assert f'href="{HOST}/mail/notifications/"' in page and f'href="{url}"' in page
    field = f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    assert field.encode() in compose(mail).raw, "as RFC 8058 has it, in no encoded words"


def test_what_cannot_be_chosen_away_offers_no_end(case: Case, alice: User) -> None:
    announce(
        ActivityKind.DELETION,
        case,
        by=None,
        at=timezone.now(),
        deletes_at="2027-01-31T09:00:00+08:00",
    )
    message = as_sent(last_to(alice.email))
    text = text_of(message)
    assert "设置邮件通知" in text and "不再接收此类邮件" not in text
    assert "List-Unsubscribe" not in message


def test_colleagues_get_no_privacy_statement(case: Case, alice: User, jia: User) -> None:
    post_message(case, by=alice, body="有进展吗？")
    for text in bodies_of(as_sent(last_to(jia.email))):
        assert "隐私声明" not in text and "设置邮件通知" in text
    post_message(case, by=jia, body="正在分析。")
    for text in bodies_of(as_sent(last_to(alice.email))):
        assert "隐私声明" in text


def test_a_daily_mail_of_several_cases_names_the_statement_to_customers(
    case: Case, alice: User, jia: User
) -> None:
    other = report(alice, title="时钟不对", engineer=jia)
    for person in (alice, jia):
        choose(person, {ActivityKind.REPLY: Channel.DIGEST})
    for one in (case, other):
        post_message(one, by=jia, body="正在分析。")
        post_message(one, by=alice, body="有进展吗？")
    DigestItem.objects.update(due_at=timezone.now())
    send_due(timezone.now())
    mail = last_to(alice.email)
    assert (mail.kind, mail.case) == ("digest", None)
    for text in bodies_of(as_sent(mail)):
        assert f"{HOST}/uploads/privacy/2" in text
    for text in bodies_of(as_sent(last_to(jia.email))):
        assert "隐私声明" not in text


def test_who_is_on_the_cc_list_reads_her_own_language_and_leaves_by_the_link(
    case: Case, alice: User, jia: User
) -> None:
    add_cc(case, SITE, by=jia, language="en")
    welcome = last_to(SITE)
    assert welcome.facts["text"].startswith("Hello,\n\nJia has put your address on the Cc list")
    post_message(case, by=jia, body="We have your logs.")
    mail = last_to(SITE)
    message = as_sent(mail)
    text = text_of(message)
    assert mail.facts["text"].startswith("Hello,\n\n") and message["Content-Language"] == "en"
    assert "Privacy statement" in text and "mail/notifications/" not in text
    line = "You are on the Cc list of this case. Leave it, or choose the language of these mails:\n"
    assert f"{line}{mail.facts['unsubscribe']}\n" in text
    address = mail.facts["unsubscribe"].removeprefix(HOST)
    stranger = Client(enforce_csrf_checks=False)
    page = stranger.get(address).content.decode()
    assert '<html lang="en">' in page and "Language of these mails" in page
    stranger.post(address, {"language": "klingon"})
    assert CaseCc.objects.get().language == "en"
    assert '<html lang="zh-hans">' in stranger.post(address, {"language": "zh-hans"}).content.decode()
    cc = CaseCc.objects.get()
    assert (cc.language, cc.removed_at) == ("zh-hans", None), "a language takes nobody off"
    post_message(case, by=jia, body="已收到日志。")
    assert as_sent(last_to(SITE))["Content-Language"] == "zh-Hans"
    stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert CaseCc.objects.get().removed_at is not None
    assert "抄送名单" in stranger.get(address).content.decode()


def test_somebody_known_elsewhere_is_written_in_her_language(
    case: Case, charlie: User, alice: User, jia: User
) -> None:
    User.objects.filter(pk=charlie.pk).update(language="en")
    add_cc(case, charlie.email, by=jia, language="zh-hans")
    add_cc(case, SITE, by=jia)
    spoken = dict(CaseCc.objects.values_list("address", "language"))
    assert spoken == {charlie.email: "en", SITE: alice.language}


def test_the_daily_mail_ends_with_one_click(case: Case, alice: User, jia: User) -> None:
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    post_message(case, by=jia, body="日志已收到。")
    DigestItem.objects.update(due_at=timezone.now())
    send_due(timezone.now())
    mail = last_to(alice.email)
    message = as_sent(mail)
    text = text_of(message)
    assert mail.kind == "digest" and "不再接收此类邮件" in text
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail.facts["unsubscribe"].removeprefix(HOST)
    assert alice.email in Client().get(address).content.decode()
    assert choices_of(alice)[ActivityKind.REPLY] == Channel.DIGEST
    Client().post(address, {"List-Unsubscribe": "One-Click"})
    assert choices_of(alice)[ActivityKind.REPLY] == Channel.PORTAL
    assert choices_of(alice)[ActivityKind.CLOSED] == Channel.AT_ONCE


def test_a_copy_asks_its_reader_for_nothing_that_she_cannot_do(case: Case, alice: User, jia: User) -> None:
    add_cc(case, SITE, by=jia)
    case = Case.objects.get()
    scopes.send(scopes.draft(case, by=jia, problem="服务无法启动"), by=jia)
    asks, copy = text_of(as_sent(last_to(alice.email))), text_of(as_sent(last_to(SITE)))
    assert "以上理解是否准确" in asks and "直接回复本邮件即可" in asks
    assert "服务无法启动" in copy and "以上理解是否准确" not in copy
    assert "本邮件抄送给您，供您了解情况。" in copy and "直接回复本邮件" not in copy
    evidence_requests.ask(case, by=jia, items=[("other", "型号照片")])
    asks, copy = text_of(as_sent(last_to(alice.email))), text_of(as_sent(last_to(SITE)))
    assert "型号照片" in copy and "点击下方链接上传" in asks and "点击下方链接上传" not in copy
    assert "请您提供以下材料" in asks and "我们已请客户提供以下材料" in copy
    announce(ActivityKind.WAITING_REMINDER, Case.objects.get(), by=None, at=timezone.now(), number=1, total=3)
    copy = text_of(as_sent(last_to(SITE)))
    assert "此案例正在等待客户答复" in copy and "型号照片" in copy and "请您" not in copy
    case.change("close", by=jia, reason="电话确认已解决")
    asks, copy = text_of(as_sent(last_to(alice.email))), text_of(as_sent(last_to(SITE)))
    assert "如果问题再次出现，请回复本邮件" in asks and "请回复本邮件" not in copy


def test_an_engineer_is_told_who_reads_her_answer(case: Case, alice: User, jia: User, yi: User) -> None:
    post_message(case, by=alice, body="有进展吗？")
    assert "直接回复本邮件，内容会进入案例，客户可以看到。" in text_of(as_sent(last_to(jia.email)))
    note = post_message(case, by=jia, body="@Yi 你看过这台机器吗？", kind=MessageKind.NOTE)
    announce(ActivityKind.MENTIONED, case, by=jia, at=timezone.now(), message=note, people=(yi,))
    text = text_of(as_sent(last_to(yi.email)))
    assert "客户看不到" in text and "客户可以看到" not in text
