"""The thread below a mail is quoted as its reader's mail program quotes."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from cases.services import post_message
from cases.thread.quoting import segments
from mail.outbound.composing import compose
from mail.outbound.outbox import enqueue
from mail.outbound.round_trip import check
from mail.reading.message import read_mail
from mail.store.models import MailMessage
from tests.mail.bodies import page_of, text_of
from tests.mail.mails import as_sent, deliver, letter

OLD = "证书服务每次重启后都停止。"


@pytest.fixture(autouse=True)
def _portal(settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "示例技术支持 <support@vendor.example>"


def told(case: Case, alice: User, jia: User) -> MailMessage:
    post_message(case, by=jia, body="请看附件中的日志，谢谢配合。")
    post_message(case, by=alice, body=OLD)
    return enqueue(alice.email, kind="reply", text="正在分析。", person=alice, case=case)


def wrote_last_with(case: Case, alice: User, message_id: str, mailer: str) -> None:
    row = {"direction": "in", "state": "taken", "created_at": timezone.now(), "case": case}
    facts = {"mailer": mailer} if mailer else {}
    MailMessage.objects.create(**row, address=alice.email, message_id=message_id, facts=facts)


@pytest.mark.parametrize(
    ("message_id", "mailer", "sign"),
    [
        ("", "", 'class="gmail_quote'),
        ("<CAxyz@mail.gmail.com>", "", 'class="gmail_quote'),
        ("<1@x>", "Apple Mail (2.3776.700.51)", '<blockquote type="cite"'),
        ("<1@x>", "Mozilla Thunderbird", '<blockquote type="cite"'),
        ("<1@x>", "Microsoft Outlook 16.0", 'id="divRplyFwdMsg"'),
        ("<PH0PR01MB1@PH0PR01MB1.apcprd01.prod.outlook.com>", "", 'id="divRplyFwdMsg"'),
        ("<1@x>", "Foxmail 7.2.25.228[cn]", "background:#efefef"),
        ("<tencent_0123@qq.com>", "QQMail 2.x", "background:#efefef"),
        ("<tencent_0123@qq.com>", "", "background:#efefef"),
    ],
)
def test_it_is_quoted_as_her_program_quotes_and_our_own_reader_folds_it(
    case: Case, alice: User, jia: User, message_id: str, mailer: str, sign: str
) -> None:
    if message_id:
        wrote_last_with(case, alice, message_id, mailer)
    mail = told(case, alice, jia)
    assert sign in page_of(as_sent(mail))
    composed = compose(mail)
    check(mail, composed)
    parts = segments(read_mail(composed.raw).text)
    shown = "".join(part.text for part in parts if not part.quoted)
    folded = "".join(part.text for part in parts if part.quoted)
    for old in (OLD, "请看附件中的日志，谢谢配合。"):
        assert old in folded and old not in shown
    assert "正在分析。" in shown


def test_in_plain_text_every_old_line_is_marked(case: Case, alice: User, jia: User) -> None:
    mail = told(case, alice, jia)
    lines = text_of(as_sent(mail)).rstrip().split("\n")
    begin = next(index for index, line in enumerate(lines) if line.endswith("Alice 写道："))
    assert all(line.startswith(">") for line in lines[begin + 1 :])
    assert f"> {OLD}" in lines[begin:]


def test_which_program_she_writes_with_is_read_from_her_mail(case: Case) -> None:
    message = letter(case)
    message["X-Mailer"] = "Foxmail 7.2.25.228[cn]"
    assert deliver(message).facts["mailer"] == "Foxmail 7.2.25.228[cn]"
