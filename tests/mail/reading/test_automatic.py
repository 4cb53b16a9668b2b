"""Mails that no person wrote are known; those of persons who write about such mails are not among them."""

import time
from email.message import EmailMessage, Message

import pytest

from mail.reading.automatic import Automatic, may_be_answered, reason


def letter(subject: str = "Re: [CAS-03282-J6Y6M6] logs", **fields: str) -> Message:
    message = EmailMessage()
    for name, value in ({"From": "wang@plant.example", "Subject": subject} | fields).items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"Auto_Submitted": "auto-replied (vacation)"}, Automatic.AUTO_REPLY),
        ({"Auto_Submitted": "auto-generated"}, Automatic.GENERATED),
        ({"Auto_Submitted": "No"}, None),
        ({"X_Autoreply": "yes"}, Automatic.AUTO_REPLY),
        ({"X_Autoreply": "no"}, None),
        ({"X_Autorespond": "Re: logs"}, Automatic.AUTO_REPLY),
        ({"X_Autoreply_From": "wang@plant.example"}, Automatic.AUTO_REPLY),
        ({"X_Vacation": "yes"}, Automatic.AUTO_REPLY),
        ({"X_Precedence": "auto_reply"}, Automatic.AUTO_REPLY),
        ({"X_Precedence": "normal"}, None),
        ({"X_QQ_AutoReply": "1"}, Automatic.AUTO_REPLY),
        ({"X_Auto_Response": "yes"}, Automatic.AUTO_REPLY),
        ({"X_Out_Of_Office": "0"}, None),
        ({"X_Precedence": "bulk"}, Automatic.NEWSLETTER),
        ({"Precedence": "Auto_Reply"}, Automatic.AUTO_REPLY),
        ({"Precedence": "list"}, Automatic.LIST),
        ({"Precedence": "bulk"}, Automatic.NEWSLETTER),
        ({"Precedence": "first-class"}, None),
        ({"X_Auto_Response_Suppress": "All"}, None),
        ({"Feedback_ID": "1.eu-west-1.x:AmazonSES"}, None),
        ({"List_Id": "<admins.plant.example>"}, Automatic.LIST),
        ({"List_Unsubscribe": "<https://news.example/out>"}, Automatic.NEWSLETTER),
        ({"Return_Path": "<>"}, Automatic.BOUNCE),
        ({"Return_Path": "<MAILER-DAEMON>"}, Automatic.BOUNCE),
        ({"Return_Path": "<wang@plant.example>"}, None),
        ({"X_Failed_Recipients": "li@plant.example"}, Automatic.BOUNCE),
        ({"From": "Mail Delivery Subsystem <mailer-daemon@plant.example>"}, Automatic.BOUNCE),
        ({"From": "PostMaster@qq.example", "Subject": "来自qq的退信"}, Automatic.BOUNCE),
        ({"From": "postmaster@plant.example", "Subject": "系统退信/Systems bounce"}, Automatic.BOUNCE),
        ({"From": "postmaster@plant.example", "Subject": "Re: CAS-03282-J6Y6M6"}, None),
        ({"From": "postmaster@plant.example", "Subject": "メッセージを配信できません。"}, Automatic.BOUNCE),
        ({"From": "Mail Delivery System <mail@plant.example>"}, Automatic.BOUNCE),
        ({"Content_Type": "multipart/report", "Subject": "Delivery Status"}, Automatic.BOUNCE),
        ({"Content_Type": "multipart/report", "Subject": "Weekly"}, Automatic.GENERATED),
        ({"X_Mailing_List": "admins@plant.example"}, Automatic.LIST),
        ({"X_ML_Name": "admins"}, Automatic.LIST),
        ({"Message_ID": f"<cas-03282-j6y6m6.{'0a' * 16}@vendor.example>"}, Automatic.OWN),
        ({"Message_ID": "<cas-03282-j6y6m6.2@plant.example>"}, None),
    ],
)
def test_a_mail_says_itself_that_no_person_wrote_it(
    fields: dict[str, str], outcome: Automatic | None
) -> None:
    assert reason(letter(**fields), "日志已上传。") == outcome


def test_a_postmaster_who_repeats_a_servers_answer_reports() -> None:
    text = "Error: Invalid user address\n\nError message below:\n550 - no such user here"
    assert reason(letter(From="post_master@plant.example"), text) == Automatic.BOUNCE
    assert reason(letter(), text) is None
    assert reason(letter(From="post_master@plant.example"), "550 是什么意思？") is None


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: [案例号: CAS-03282-J6Y6M6]",
        "自动答复：日志",
        "【自动回复】日志",
        "[自动回复] Re: 日志",
        "自动回复",
        "假期自动回复: 日志",
        "自動回覆: 記錄",
        "Automatic reply: logs",
        "Auto Reply - logs",
        "AutoReply:logs",
        "Auto: RE: logs",
        "Auto-Re: logs",
        "Vacation reply: logs",
        "AUTO: Wang Li is out of the office (returning 12/01)",
        "Out of Office: logs",
        "Out of office Re: logs",
        "Abwesenheitsnotiz: logs",
        "Automatische Antwort: logs",
        "Réponse automatique : logs",
        "Respuesta automática: logs",
        "自動応答: ログ",
        "부재중: 로그",
        "Wang Li is out of the office",
        "您的邮件已收到（自动回复） [案例号: CAS-03282-J6Y6M6]",
        "来自王爱丽的自动回复: [案例号: CAS-03282-J6Y6M6]",
        "邮件自动回复 [案例号: CAS-03282-J6Y6M6]",
        "OOO: [Case CAS-03282-J6Y6M6]",
        "[OOO] Re: logs",
        "Vacation: logs",
        "Re: logs (Out of Office)",
        "Re: logs - out of office",
        "Out of office until Monday",
        "休假中：日志",
        "On annual leave until 5 December",
    ],
)
def test_the_subject_alone_says_that_it_is_an_automatic_reply(subject: str) -> None:
    assert reason(letter(subject), "今天不在。") == Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复功能不起作用",
        "Re: 自动回复: 日志",
        "回复: 自动回复: 日志",
        "关于自动回复的问题",
        "Automatic replies fail since the update",
        "Automatic reply rule crashes Outlook",
        "Out of office assistant crashes",
        "Re: Out of office",
        "Re: the auto-reply service stops",
        "Away mode of the driver fails",
        "Vacation plan of the server room",
        "Auto: engine control unit",
        "Re: Auto: reboot",
        "退信问题",
        "系统退信怎么办",
        "已读取日志",
        "Read the logs, please",
        "Luna driver: blue screen",
        "away: node 3 fails over",
        "absence: heartbeat of node 3",
        "阅读通知：节点3告警",
        "Vacation: node 3 is down",
        "Re: node 3 - on leave",
        "Delivery status notification service stopped",
    ],
)
def test_a_customer_may_write_about_such_mails(subject: str) -> None:
    assert reason(letter(subject), "请帮忙看一下。\n自动回复：好像不工作。"[:8]) is None


@pytest.mark.parametrize(
    "text",
    [
        "您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。",
        "您好：\n\n这是来自QQ邮箱的假期自动回复邮件。\n\n收到。",
        "【自动回复】\n本人外出",
        "本邮件由系统自动发送，请勿直接回复。",
        "此郵件為系統自動回覆，請勿回覆",
        "This is an automatic reply. I am away.",
        "Hello,\nThis is an automated message from the ticket system.",
        "您的来信已收到，我会尽快回复您。谢谢！ --这是一封自动回复邮件",
        "您好，本人正在外出，邮件已收到，此邮件为自动回复，请勿回复。",
        "您的邮件已收到，谢谢！（自动回复）",
        "收到您的来信，我会尽快给您回信。——自动回复",
        "Out of office",
        "I am out of the office until 1 December.",
        "Dies ist eine automatische Antwort.",
        "Thank you for your email. I am out of the office until Monday.",
        "I will be out of office from 1 to 5 Dec.",
        "I'm on annual leave until 5 December.",
        "Hello,\n\nI am currently away and will reply when I return.\n\nNeed help? Call the service desk.",
        "Your message was received. We will respond as soon as possible.",
        "Thanks. We have received your message and will get back to you within 24 hours.",
        "我正在休假，无法及时回复您的邮件。",
        "您的来信已收到，我会尽快回复",
        "您好！\n\n邮件已收到，我会尽快回复。\n\n王爱丽\n13800000000",
        "您好，本人目前在外出差，邮件回复可能不及时，敬请谅解。",
        "本人于12月1日至12月5日出差，期间无法及时查看邮件。",
        "目前不在辦公室，將於12/7回覆",
        "我已离职，工作请联系王工。",
        "Ich bin bis 7. Dezember nicht im Büro.",
        "大家好，我12月1日至12月5日在北京出差，邮件回复可能不及时。"
        "如有急事请致电 138 0000 0000。给您带来不便，敬请谅解！",
        "您好！我正在休假（12月1日—12月7日），紧急事宜请联系王爱丽处理，电话：010-00000000。\n\n李工\n运维部",
        "因国庆放假，本人10月1日至7日不在办公室，8日恢复上班后会尽快回复您的邮件。",
        "Dear sender,\n\nThank you for your message. I am out of the office from 1 Dec until 5 Dec with"
        " limited access to e-mail. For urgent matters please contact Alice Wang (alice@plant.example,"
        " +86 10 0000 0000) or the service desk. I will reply as soon as possible after my return."
        "\n\nBest regards\nLi Ming",
        "I am travelling this week and will be slow to respond. Sorry for any inconvenience.",
        "Our office is closed for the Spring Festival holiday from February 5 to February 12.",
        "Je suis actuellement en congés.",
        "Hi,\n\nI'm OOO this week.\n\n> 日志已上传。\n> 请问怎么处理？",
    ],
)
def test_the_first_lines_say_that_a_program_wrote_it(text: str) -> None:
    assert reason(letter(), text) == Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "日志已上传。\n\n\n\n\n> 这是一封自动回复邮件",
        "我们收到了一封系统自动发送的邮件，附件里是截图。",
        "贵方的来信写着：这是一封自动回复邮件。请问谁负责？",
        "附件是启动记录，这是自动生成的。",
        "我们没收到邮件（自动回复）",
        "请检查这三项：通知，自动回复，日历",
        "收到贵方邮件，这是一封自动回复吗？",
        "The log says: this is an automated message.",
        "We are out of office space, so the server moved.",
        "客户收到了自动回复，内容是我正在休假。请问是什么原因？",
        "I was out of the office yesterday, here are the logs.",
        "The auto-reply service stops after the update.",
        "我昨天出差，日志明天上传。",
        "我正在出差，日志明天上传。",
        "我出差回来了，服务还是停止。",
        "您的邮件已收到，我会尽快上传日志。",
        "We have received your email. We will reboot tonight.",
        "好的，我会尽快回复您。",
        "I am out of the office today. Could you look at the logs until then?",
        "您好，我正在出差，节点n3每天晚上都死机，请联系王工处理。",
        "我不在公司，机器已经宕机两小时，请马上派人。",
        "我正在休假期间节点死机了，请尽快处理。",
        "我出差中。\n\n节点死机",
        "Our offices are closed but the cluster is down and needs you tonight.",
        "I will be on leave from Monday; node n3 still crashes every night, please call Mr. Wang at once.",
        "I am on leave until Friday since the node broke my finger.",
        "I am out of the office, please call me at once.",
        "Hello the node crashed. I am away until Monday.",
        "I am out of the office." + "\n" * 20_000 + "The node is down.",
        "I am out of the office." + " " * 20_000 + "The node is down.",
        "I am away until Monday.\n" + "Until Monday.\n" * 50 + "The node is down.",
        "重启完成。\n\n> I am out of the office until Monday.",
        "",
    ],
)
def test_a_person_may_quote_such_lines(text: str) -> None:
    assert reason(letter(), text) is None


@pytest.mark.parametrize(
    ("subject", "text", "outcome"),
    [
        ("已读: 日志", "您的邮件已于 2026年11月27日 10:20 阅读。", Automatic.READ_RECEIPT),
        ("已读回执：日志", "", Automatic.READ_RECEIPT),
        ("已阅读：日志", "您发送给 a@b.example 的邮件已被阅读。", Automatic.READ_RECEIPT),
        ("已阅读：日志", "日志已阅读，请看第三行。", None),
        ("Read: logs", "Your message\n  To: Support\nwas read on Friday.", Automatic.READ_RECEIPT),
        ("Not read: logs", "Your message was deleted without being read.", Automatic.READ_RECEIPT),
        ("Gelesen: logs", "Ihre Nachricht wurde am Freitag gelesen.", Automatic.READ_RECEIPT),
        ("Return Receipt (displayed) - logs", "This is a Return Receipt.", Automatic.READ_RECEIPT),
        ("读取回执: 日志", "此邮件于 10:20 打开过。", Automatic.READ_RECEIPT),
        ("Receipt read: logs", "On Friday at 10:20.", Automatic.READ_RECEIPT),
        ("已读：请确认重启步骤", "好的，明天上午重启。", None),
        ("Read: me first", "Three logs are attached.", None),
        ("Read: me first", "Your message came too late.\nThe node is down.", None),
        ("已读回执：日志", "您的邮件已阅读。节点3死机了。", None),
        ("阅读通知：节点3告警", "节点3每天晚上告警。", None),
        ("阅读通知：日志", "您发送给 a@b.example 的邮件已被阅读。", Automatic.READ_RECEIPT),
    ],
)
def test_a_read_receipt_is_known_where_nobody_added_a_word(
    subject: str, text: str, outcome: Automatic | None
) -> None:
    assert reason(letter(subject), text) == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("disposition-notification", Automatic.READ_RECEIPT),
        ("delivery-status", Automatic.BOUNCE),
        ("feedback-report", Automatic.GENERATED),
    ],
)
def test_reports_are_known_by_their_type(kind: str, outcome: Automatic) -> None:
    message = letter()
    message["Content-Type"] = f'multipart/report; report-type="{kind}"; boundary=b'
    message.set_payload("--b\n\nwritten by a program\n--b--\n")
    assert reason(message, "written by a program") == outcome


def invitation(method: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "接受: 电话会议"
    message.set_content("")
    message.add_alternative(f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n", subtype="calendar")
    return message


def test_an_invitation_answered_without_a_word_is_no_entry() -> None:
    assert reason(invitation("REPLY"), "") == Automatic.CALENDAR_ANSWER
    stock = "Wang Li has accepted this invitation.\n\nPhone call, Friday"
    assert reason(invitation("REPLY"), stock) == Automatic.CALENDAR_ANSWER
    assert reason(invitation("REPLY"), "王莉已接受会议邀请") == Automatic.CALENDAR_ANSWER
    assert reason(invitation("REPLY"), "好的，11:30 可以。") is None
    assert reason(invitation("REQUEST"), "") is None


def test_a_mail_program_may_ask_not_to_be_answered() -> None:
    assert may_be_answered(letter())
    assert may_be_answered(letter(X_Auto_Response_Suppress="RN, NRN"))
    assert not may_be_answered(letter(X_Auto_Response_Suppress="DR, OOF"))
    assert not may_be_answered(letter(X_Auto_Response_Suppress="All"))


@pytest.mark.parametrize(
    "piece",
    ["自动回复 ", "您的", "邮件《", "已读 ", "hi ", "a ", "这是", "[", "\n", "Mr ", "1-1 ", "期", "or "],
)
def test_lines_made_for_it_take_no_longer_than_they_are_long(piece: str) -> None:
    started = time.process_time()
    reason(letter((piece * 20_000)[:60_000].replace("\n", " ")), piece * 200_000)
    assert time.process_time() - started < 10
