"""Whole mails of programs that say in words alone what they are, and of persons who use the same words."""

import pytest

from mail.reading.automatic import Automatic, reason
from tests.mail.reading.test_automatic import letter

RE = "Re: [CAS-03282-J6Y6M6] 节点3死机"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        # Chinese.
        (RE, "您好！我已收到您的邮件，会尽快回复您。\n\n（此邮件由系统自动发送，请勿回复）"),
        (RE, "尊敬的用户：\n您的咨询已收到，客服将在1个工作日内与您联系。\n【本邮件为系统自动回复】"),
        (RE, "您的邮件已经收到，我会在两天内答复。\n\n--\n此为自动回复邮件"),
        (RE, "王工您好：\n邮件收悉。\n\n本邮件由企业邮箱自动回复，请勿直接回复。"),
        (RE, "我12月1日至5日休年假，期间不便查看邮件，回来后第一时间回复您。"),
        (RE, "因公出差，12月3日返回。邮件回复会有延迟，请见谅。紧急事宜请致电运维值班 010-00000000。"),
        (RE, "您好，本人已于11月20日离职，后续事宜请与张工联系，邮箱 zhang@plant.example，谢谢。"),
        (RE, "您好，公司春节放假，放假时间：2月5日至2月12日。节后统一回复，祝您新年快乐！"),
        (RE, "我司中秋放假，9月25日-9月27日，期间邮件会延迟回复，敬请谅解。"),
        (RE, "感谢您的来信！现值国庆假期，我将于10月8日上班后尽快回复。如遇紧急情况请拨打 400-000-0000。"),
        (RE, "我目前正在出差，可能无法及时回复邮件，急事请打手机：13800000000。"),
        (RE, "您好，我今天外出，明天回来后回复您。"),
        (RE, "本人自12月1日起休产假，工作由李工接手，请联系 li@plant.example。"),
        ("回复：日志【国庆假期自动回复】", "国庆快乐！10月8日后回复您。"),
        ("答复: 日志（自动回复）", "本人在外培训，有事请留言。"),
        ("李明 不在办公室 (返回日期 2026/12/07)", "我将在 2026/12/07 之前不在办公室。"),
        ("李明 离开办公室。", "我从 2026/12/01 起离开办公室，2026/12/07 返回。"),
        (RE, "注：这是对您的邮件“节点3死机，请处理”（发送时间 2026/11/27）的自动回复。"),
        (RE, "此邮箱无人值守，请勿回复本邮件。"),
        (RE, "您发送的邮件已成功送达，本邮件为自动应答。"),
        (RE, "您好，现在是下班时间，我将于明早上班后回复您。"),
        (RE, "各位同事、合作伙伴：本人12月1日-3日参加集团培训，邮件将延后处理，谢谢理解。"),
        (
            RE,
            "您好！我因公出差，期间可能无法及时回复邮件。如有急事请致电 13800000000 王工。谢谢！",
        ),
        (RE, "您好，我正在休假，项目由李工负责，请直接与他沟通。"),
        # Traditional Chinese.
        (RE, "您好：本人於12/1至12/5請假，職務代理人為陳小姐（分機 456）。"),
        (RE, "您好，我目前出差中，將於12月7日返回辦公室，期間無法即時回覆郵件，造成不便敬請見諒。"),
        (RE, "感謝您的來信，我們將於兩個工作日內回覆您。\n（此信件為系統自動發送，請勿直接回覆）"),
        (RE, "我正在休假，如有急事請聯絡陳先生 chen@plant.example。"),
        (RE, "本公司春節連假期間為2月5日至2月12日，郵件將於節後統一回覆。"),
        (RE, "您的郵件已收到，我會盡快回覆您，謝謝！（自動回覆）"),
        # English.
        (
            RE,
            "Thank you for your e-mail. We will answer within two business days.\n\n"
            "This message was sent automatically, please do not reply to it.",
        ),
        (RE, "Your request has been received.\n\n(This is an automated response)"),
        (
            RE,
            "Hello,\n\nI am on annual leave from 1 December to 5 December. For urgent matters please contact"
            " Li Ming (li@plant.example).\n\nKind regards\nWang Li",
        ),
        (RE, "I have left the company. Please contact li@plant.example instead."),
        (
            RE,
            "Our office is closed from 24 to 31 December. Your mail will be answered when we are back.",
        ),
        (RE, "I'm currently out of office and will be back on Monday. Responses may be delayed."),
        (
            RE,
            "Dear sender, I will be away from my desk until Tuesday. Please expect a delay in my reply."
            " Thank you for your understanding.",
        ),
        (
            RE,
            "I am out of the office until 3 December with limited access to email.\n"
            "For urgent issues please contact my colleague Li Ming (li@plant.example).\n"
            "Best regards,\nWang Li\nPLANT",
        ),
        (
            RE,
            "Hi, thank you for your message. I am currently on parental leave until March 2027."
            " My projects are covered by Li Ming (li@plant.example).",
        ),
        ("Re: logs (Automatic reply)", "Thanks for writing. I am at a conference this week."),
        # German.
        (
            "AW: Logs",
            "Vielen Dank für Ihre Nachricht. Ich bin bis einschließlich 7. Dezember im Urlaub und habe"
            " keinen Zugriff auf meine E-Mails. In dringenden Fällen wenden Sie sich bitte an Herrn Muster"
            " (muster@plant.example).\n\nMit freundlichen Grüßen\nErika Beispiel",
        ),
        (
            RE,
            "Guten Tag,\n\nich bin derzeit nicht im Büro. Ihre E-Mail wird nicht weitergeleitet."
            " Ich werde Ihre Nachricht nach meiner Rückkehr beantworten.",
        ),
        (
            RE,
            "Ihre Anfrage ist eingegangen. Wir melden uns schnellstmöglich.\n\n"
            "Diese E-Mail wurde automatisch erstellt. Bitte antworten Sie nicht auf diese E-Mail.",
        ),
        (
            RE,
            "Sehr geehrte Damen und Herren,\nunser Büro ist vom 24. Dezember bis zum 2. Januar geschlossen.",
        ),
        # French.
        (
            "Absence : Re: logs",
            "Bonjour,\n\nJe suis en congés jusqu'au 7 décembre inclus. En cas d'urgence, merci de"
            " contacter Mme Dupont (dupont@plant.example).\n\nCordialement",
        ),
        (RE, "Bonjour, je serai absente du 1 au 5 décembre. Je répondrai à votre message dès mon retour."),
        (
            RE,
            "Votre message a bien été reçu.\n\nCeci est un message automatique, merci de ne pas y répondre.",
        ),
        (RE, "Nos bureaux sont fermés du 24 décembre au 2 janvier. Nous vous répondrons à notre retour."),
        # Japanese.
        (
            RE,
            "お問い合わせありがとうございます。担当者より折り返しご連絡いたします。\n※本メールは自動返信です。",
        ),
        (RE, "ただいま休暇中です。12月7日以降に順次ご返信いたします。"),
        (
            RE,
            "誠に勝手ながら12月29日から1月3日まで不在にしております。ご不便をおかけしますが、よろしくお願いいたします。",
        ),
        (RE, "このメールは自動送信されています。"),
        (
            RE,
            "いつもお世話になっております。休暇中のためご連絡が遅くなります。"
            "お急ぎの場合は王までご連絡ください。",
        ),
    ],
)
def test_a_program_says_what_it_is(subject: str, text: str) -> None:
    assert reason(letter(subject), text) == Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "未读: 节点3死机",
            "您的邮件\n\n   收件人: 王爱丽\n   主题: 节点3死机，请处理\n   发送时间: 2026年11月27日 10:18"
            "\n\n未读取即被删除，时间为 2026年11月28日 9:00。",
        ),
        (
            "已读: 日志",
            "您的邮件\n\n   收件人: 王爱丽\n   主题: 日志\n\n阅读时间为 2026年11月27日 10:20"
            " (UTC+08:00) 北京，重庆，香港特别行政区，乌鲁木齐。",
        ),
        (
            "已讀: 日誌",
            "您的郵件\n\n   收件者: 王愛麗\n   主旨: 日誌\n   傳送時間: 2026年11月27日 10:18"
            "\n\n已於 2026年11月27日 10:20 讀取。",
        ),
        (
            "Read: logs, please",
            "Your message\n\n   To: Wang Li\n   Subject: logs, please\n   Sent: Friday, November 27"
            "\n\nwas read on Friday, November 27, 2026 10:20:00 AM (UTC+08:00) Beijing, Chongqing, Urumqi.",
        ),
        (
            "Gelesen: Logs",
            "Ihre Nachricht\n\n   An: Wang Li\n   Betreff: Logs, bitte prüfen\n   Gesendet: Freitag"
            "\n\nwurde am Freitag, 27. November 2026 10:20:00 (UTC+08:00) Peking, Chongqing gelesen.",
        ),
        (
            "Lu : journaux",
            "Votre message\n\n   À : Wang Li\n   Objet : journaux\n\n"
            "a été lu le vendredi 27 novembre 2026 10:20:00 (UTC+08:00) Pékin, Chongqing.",
        ),
        (
            "開封済み: ログ",
            "メッセージ\n\n   宛先: Wang Li\n   件名: ログ\n   送信日時: 2026/11/27 10:18"
            "\n\nは 2026/11/27 10:20:00 (UTC+09:00) 大阪、札幌、東京 に開封されました。",
        ),
        (
            "Return Receipt (displayed) - logs",
            "Your document: node 3 is down, please help\nwas received by: Wang Li\nat: 2026-11-27 10:18",
        ),
        (
            RE,
            "您好！\n您于 2026-11-27 10:18 发送的邮件“节点3死机，请处理”已被 wang 阅读。"
            "\n此为系统自动生成的阅读回执。",
        ),
        (
            "已读回执：关于案例",
            "这是邮件收条。您发给 王爱丽 的邮件已于 2026-11-27 10:20 被阅读，主题：关于案例。",
        ),
        (
            "回执：节点3死机",
            "您于2026-11-27 10:20发送给 王莉(a@x.example) 的邮件《节点3死机，请处理》已被对方打开阅读。",
        ),
    ],
)
def test_a_mail_program_tells_that_a_mail_was_read(subject: str, text: str) -> None:
    assert reason(letter(subject), text) == Automatic.READ_RECEIPT


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("撤回: 节点3", "王爱丽 将撤回邮件“节点3死机，请处理”。"),
        ("Recall: node 3", 'Wang Li would like to recall the message, "node 3 is down".'),
        ("Rückruf: Logs", "Wang Li möchte die Nachricht „Logs“ zurückrufen."),
    ],
)
def test_a_mail_that_is_called_back_says_nothing(subject: str, text: str) -> None:
    assert reason(letter(subject), text) == Automatic.GENERATED


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        # Chinese.
        (RE, "我们同事收到了下面的提示，请问是你们系统发的吗？\n\n自动回复：您的邮件已收到。"),
        (RE, "节点3又死机了。\n\n监控发来的邮件：\n（本邮件由系统自动发送，请勿回复）"),
        (RE, "请看下面这封：\n【此邮件为系统自动回复】\n为什么每小时一封？"),
        (RE, "您好，我正在出差，节点n3每天晚上都死机，请联系王工处理。"),
        (RE, "我在外地出差，服务又停了，麻烦尽快看一下。"),
        (RE, "我休假中，现场由李工负责，机房温度报警。"),
        (RE, "我下周休假，请在周五前给出结论。"),
        (RE, "国庆期间我司放假，但核心系统不能停，请安排值班。"),
        (RE, "公司放假，节点3的硬盘坏了。"),
        (RE, "春节期间集群宕机两次，见日志。"),
        (RE, "我已离职的同事的账号打不开案例，请改成我的。"),
        (RE, "邮件已收到，补丁今晚打。"),
        (RE, "收到您的邮件，我们已按步骤操作，问题依旧。"),
        (RE, "您的邮件已收到，节后再升级。"),
        (RE, "现在是国庆假期，节点4也出现同样的报错。"),
        (RE, "我不在办公室，进不了控制台，请远程看一下。"),
        (RE, "系统自动发送的邮件里乱码，截图见附件。"),
        (RE, "自动生成的报告没有内容。"),
        (RE, "回执没有收到，邮件到底发出去了吗？"),
        ("撤回: 上一封邮件的结论", "上一封写错了，节点是4不是3。"),
        ("未读: 邮件计数不对", "Exchange 里未读邮件计数不对。"),
        ("已读: 方案", "方案已读，第三步不明白。"),
        ("机房断电（自动回复功能也停了）", "UPS 没有切换。"),
        ("王爱丽的电脑不在办公室", "电脑在机房，无法开机。"),
        ("回复：日志（自动回复）", "这个标题是谁加的？我们的日志发了两遍。"),
        (RE, "我正在休假\n\n\n节点3起不来了"),
        (RE, "不在公司，VPN 连不上。"),
        (RE, "我在出差，3号节点死机了。"),
        (RE, "我在休假，服务器很慢。"),
        (RE, "我正在出差，请把报告发我一份。"),
        (RE, "我今天外出，下午三点后可以远程。"),
        (RE, "结论我看了。我下周休假，方案由李工定。"),
        ("已读回执：日志", "好的，明天上午换盘。"),
        ("回执：方案", "您的方案我已阅读，第三步不对，请再看一遍我的邮件后阅读"),
        (RE, "我在休假，请尽快回复。"),
        (RE, "国庆放假，10月8日前请不要动系统。"),
        (RE, "邮件无法及时处理，队列积压三千封。"),
        (RE, "国庆期间邮件也发不出去。"),
        (RE, "因业务需要，请提高优先级。"),
        (RE, "请不要回复。"),
        (RE, "请勿回复。数据全部丢了，业务中断三小时"),
        (RE, "请勿直接回复。"),
        # Traditional Chinese.
        (RE, "我目前休假中，但伺服器又當機了，請盡快處理。"),
        (RE, "本公司連假期間主機無法開機，請派人。"),
        (RE, "這封自動回覆的郵件是你們寄的嗎？\n（此信件為系統自動發送）"),
        # English.
        (RE, "I am on leave, but node 3 is down again. Please call Mr. Wang."),
        (RE, "Our office is closed and the server room is at 40 degrees."),
        (RE, "We get this every hour:\nThis message was sent automatically.\nHow can we stop it?"),
        (RE, "We lost all data, production halted.\nThis message was sent automatically"),
        (RE, "The array is fine.\n" * 41 + "This message was sent automatically"),
        (RE, "The array is fine, " + "as it was " * 40 + "\nThis message was sent automatically"),
        (RE, "I have left the logs on the share."),
        (RE, "I am on leave until Monday. Please close the case."),
        (RE, "I am out of the office until Monday. Let me know when it is fixed."),
        (RE, "I'm on vacation this week. The RAID is degraded."),
        (RE, "I will get back to you on Monday with the dump; the service still fails."),
        (RE, "Your message was received. The patch did not help."),
        (RE, "I am away from the console until noon, restart it then."),
        (RE, "This is an automatic restart that nobody asked for."),
        ("Recall: the last mail", "Please ignore it, node 4 is the right one."),
        ("Read: the dump of node 3", "The dump is on the share."),
        (RE, "We will be closed for the migration, the cluster stays off."),
        (RE, "Our office is closed, our cluster is not. Latency doubled."),
        # German.
        (RE, "Meine E-Mails werden nicht beantwortet."),
        (RE, "Ich bin im Urlaub, aber der Cluster steht wieder."),
        (RE, "Ich bin ratlos, der Knoten ist nicht erreichbar."),
        (RE, "Wir haben keinen Zugriff auf Server. Ich bin bis Montag im Urlaub."),
        (RE, "Diese Meldung kommt stündlich:\nDiese E-Mail wurde automatisch erstellt.\nWarum?"),
        (RE, "Die Hotline kann ich nicht erreichen."),
        (RE, "Ich bin im Urlaub. Bitte schnellstmöglich antworten."),
        (RE, "Ich bin bis Montag im Urlaub. Der Rechner piept."),
        # French.
        (RE, "Je suis absente jusqu'à lundi mais le serveur est en panne."),
        (RE, "Nos bureaux sont fermés, le disque est plein."),
        (RE, "Je suis en congés. Le nœud 3 ne répond plus."),
        # Japanese.
        (RE, "休暇中ですが連絡ください。"),
        (RE, "休暇中です。結果をください。"),
        (RE, "休暇中ですが、サーバーが停止しました。"),
        (RE, "このメールは何ですか。\n※本メールは自動返信です。\nサーバーは動きません。"),
        (RE, "12月7日に再起動します。ログを送ります。"),
    ],
)
def test_a_person_tells_of_it_or_asks(subject: str, text: str) -> None:
    assert reason(letter(subject), text) is None


@pytest.mark.parametrize(
    ("field", "value", "outcome"),
    [
        ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent", Automatic.AUTO_REPLY),
        ("X-ServiceNow-Generated", "true", Automatic.GENERATED),
        ("X-ServiceNow-Generated", "false", None),
        ("X-OTRS-Loop", "yes", Automatic.GENERATED),
        ("X-JIRA-FingerPrint", "0a1b", Automatic.GENERATED),
        ("X-Redmine-Host", "it.plant.example", Automatic.GENERATED),
        ("X-Zendesk-From-Account-Id", "1", None),
        ("RT-Ticket", "it.plant.example #7", None),
        ("X-MS-Exchange-Inbox-Rules-Loop", "wang@plant.example", None),
    ],
)
def test_programs_that_answer_or_file_tickets_put_fields_of_their_own(
    field: str, value: str, outcome: Automatic | None
) -> None:
    message = letter()
    message[field] = value
    assert reason(message, "日志已上传。") == outcome


def test_what_a_rule_passes_on_is_the_persons_who_wrote_it() -> None:
    message = letter("转发: 节点3死机")
    message["X-MS-Exchange-Generated-Message-Source"] = "Mailbox Rules Agent"
    assert reason(message, "日志已上传。") is None
