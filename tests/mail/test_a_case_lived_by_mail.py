"""CAS-03282 as it was, lived by two people in their mail programs, through real SMTP and IMAP servers.

A robot and a stranger write in between. At the end the thread is what happened, each thing once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from imap_tools import MailBoxUnencrypted

from accounts.models import Organisation, User
from analysis.reports import services as reports
from analysis.reports.stored_pdfs import make_pdfs
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases import times
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, Message, MessageKind
from cases.pauses import proposals
from cases.scopes import services as scopes
from cases.services import report_case
from cases.status import Status
from launcher.ports import LOOPBACK, free_port
from mail.inbound import imap
from mail.outbound.models import CaseMailToken
from mail.store.models import Direction, MailMessage, MailState, Reason
from tests.analysis import bundles
from tests.mail.inbound.imap_servers import PASSWORD, USER, pymap
from tests.mail.mails import HERE, read_all, send_all
from tests.people import signed_in
from uploads.custody.agreements import agree

SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBER = "CAS-03282-J6Y6M6"
TITLE = "重启电脑后无法启用 codemeter 证书服务"
FOLDER = "INBOX"

pytestmark = pytest.mark.django_db


class Post:
    """The mail server of everybody: what the portal sends lies here by recipient."""

    def __init__(self) -> None:
        self.boxes: dict[str, list[EmailMessage]] = {}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        for address in envelope.rcpt_tos:
            self.boxes.setdefault(address, []).append(message)
        return "250 taken"


class MailProgram:
    """One person at her mail program: she reads what came and answers it, the old mail quoted below as her
    program does it."""

    def __init__(self, post: Post, port: int, address: str, name: str, quote: str) -> None:
        self.post, self.port, self.address, self.name, self.quote = post, port, address, name, quote

    @property
    def inbox(self) -> list[EmailMessage]:
        return self.post.boxes.get(self.address, [])

    def newest(self) -> EmailMessage:
        return self.inbox[-1]

    def answer(self, text: str) -> None:
        """Answers the newest mail; the operator's mail server proves the sender on the way in."""
        old = self.newest()
        body = old.get_body(("plain",))
        assert body is not None
        message = EmailMessage()
        message["Authentication-Results"] = f"{HERE}; dmarc=pass header.from={self.address.partition('@')[2]}"
        message["From"] = f"{self.name} <{self.address}>"
        message["To"] = old["Reply-To"] or old["From"]
        message["Subject"] = f"回复: {old['Subject']}"
        message["Message-ID"] = f"<{len(self.inbox)}.{len(text)}@{self.address.partition('@')[2]}>"
        message["In-Reply-To"] = old["Message-ID"]
        message["References"] = f"{old['References'] or ''} {old['Message-ID']}".strip()
        quoted = self.quote.format(sender=old["From"], to=old["To"], subject=old["Subject"])
        message.set_content(f"{text}\n\n{quoted}\n\n{body.get_content()}")
        self.deliver(bytes(message))

    def deliver(self, raw: bytes) -> None:
        with MailBoxUnencrypted(LOOPBACK, self.port).login(USER, PASSWORD) as mailbox:
            mailbox.append(raw, FOLDER)


QQ = (
    "------------------ 原始邮件 ------------------\n发件人: {sender}\n"
    "发送时间: 2020年11月27日(星期五) 上午10:18\n收件人: {to}\n主题: {subject}"
)
OUTLOOK = (
    "-----邮件原件-----\n发件人: {sender}\n发送时间: 2020年11月27日 10:11\n收件人: {to}\n主题: {subject}"
)


@pytest.fixture
def notifications() -> None:
    """On, unlike in the tests beside this one."""


@pytest.fixture
def post(settings: Any, tmp_path: Any) -> Iterator[Post]:
    handler, port = Post(), free_port()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, port
    settings.DEFAULT_FROM_EMAIL = "示例技术支持 <casemail@vendor.example>"
    settings.PORTAL_URL = "https://portal.example"
    settings.MAIL_AUTHSERV_ID = HERE
    settings.UPLOAD_STAGING = tmp_path / "staging"
    controller = Controller(handler, hostname=LOOPBACK, port=port)
    controller.start()
    yield handler
    controller.stop()


@contextmanager
def on(moment: str) -> Iterator[None]:
    """It is then in Shanghai; afterwards the portal has done what it does by itself."""
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)):
        yield
        send_all()


def fetch(port: int) -> None:
    """What the process does that looks into the portal's mailbox, and the workers after it."""
    account = imap.Account(LOOPBACK, port, "none", USER, PASSWORD, FOLDER)
    with imap.opened(account) as mailbox:
        imap.fetch(mailbox, account)
    read_all()
    send_all()


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(message: EmailMessage, part: str) -> str:
    """The path of the link that holds ``part``."""
    addresses = re.findall(r"https://portal\.example(/\S+)", text_of(message))
    return next(address for address in addresses if part in address)


def answers_by_link(mail: EmailMessage, form: dict[str, str]) -> None:
    """Opens the mail's link, not signed in, and presses one of its buttons."""
    browser, address, before = signed_in(None), link_in(mail, "/answer/"), Case.objects.get().status
    assert browser.get(address).status_code == 200
    assert Case.objects.get().status == before, "who only opens the link says nothing"
    assert browser.post(address, form).status_code == 200
    assert browser.post(address, form).status_code == 410


def test_the_whole_case_by_mail(post: Post, northwind: Organisation, alice: User, jia: User) -> None:
    User.objects.filter(pk=alice.pk).update(name="客户甲")
    User.objects.filter(pk=jia.pk).update(name="工程师甲")
    alice.refresh_from_db()
    jia.refresh_from_db()
    bundles.baseline()
    with pymap("--no-tls") as port:
        customer = MailProgram(post, port, alice.email, "客户甲", QQ)
        engineer = MailProgram(post, port, jia.email, "工程师甲", OUTLOOK)
        with MailBoxUnencrypted(LOOPBACK, port).login(USER, PASSWORD) as mailbox:
            for identifier in mailbox.uids():
                mailbox.delete(identifier)

        with on("2020-11-09 17:18"):
            case = report_case(
                by=jia,
                organisation=northwind,
                contact=alice,
                engineer=jia,
                title=TITLE,
                number=NUMBER,
                severity="C",
            )
            CaseMailToken.objects.create(case=case, number=1866)
            agree(alice, case)
        first = customer.newest()
        assert first["Subject"] == f"[案例号: {NUMBER}] % {TITLE} % 初次响应 CMIT:0001866"
        assert NUMBER in text_of(first)

        with on("2020-11-10 09:43"):
            problem = "CodeMeter 在重启后无法启用服务。"
            scopes.send(scopes.draft(case, by=jia, problem=problem), by=jia)
        assert problem in text_of(customer.newest())
        with on("2020-11-10 09:55"):
            answers_by_link(customer.newest(), {"answer": "agree"})
        assert Case.objects.get().status == Status.IN_PROGRESS
        assert "我同意第 1 版案例范围" in text_of(engineer.newest())

        with on("2020-11-10 11:00"):
            note = "安装包已收到，但无法复现。请告知复现步骤，并收集日志。"
            evidence_requests.ask(case, by=jia, items=[("log", "System")], note=note)
        asked = customer.newest()
        assert note in text_of(asked) and "/cases/" in text_of(asked)

        with on("2020-11-12 10:30"):
            proposals.propose(case, by=jia, resumes_when="日志到达时")
        assert "日志到达时" in text_of(customer.newest())
        assert Case.objects.get().status == Status.WAITING, "nothing is suspended without her word"
        with on("2020-11-12 10:48"):
            answers_by_link(customer.newest(), {"answer": "agree"})
        assert Case.objects.get().status == Status.SUSPENDED
        assert "客户甲已于 2020-11-12 10:48 通过邮件中的链接同意" in text_of(engineer.newest())

        with on("2020-11-27 10:11"):
            customer.answer("您好：\n\n请问什么进度了？")
            # An absence notice and a stranger who knows the number are in the same mailbox.
            robot = EmailMessage()
            robot["Authentication-Results"] = f"{HERE}; dmarc=pass header.from=customer.example"
            robot["From"], robot["Subject"] = alice.email, f"自动回复: {first['Subject']}"
            robot["References"] = first["Message-ID"]
            robot.set_content("我正在休假。")
            customer.deliver(bytes(robot))
            stranger = EmailMessage()
            stranger["From"], stranger["Subject"] = "eve@elsewhere.example", f"Re: {first['Subject']}"
            stranger.set_content("Please send me the logs.")
            customer.deliver(bytes(stranger))
            fetch(port)
        asked_at = engineer.newest()
        assert "请问什么进度了？" in text_of(asked_at)
        answered = customer.newest()
        assert answered["Auto-Submitted"] and NUMBER in answered["Subject"]

        with on("2020-11-27 10:18"):
            engineer.answer("张女士 您好，\n\n服务意外停止，原因尚未查明。11:30 电话联系您是否方便？")
            fetch(port)
        assert "11:30 电话联系您是否方便" in text_of(customer.newest())
        assert "原因尚未查明" in text_of(customer.newest()).partition("原始邮件")[0]

        with on("2020-11-27 15:13"):
            customer.answer("您好：\n\n日志已上传空间，请查收，谢谢")
            fetch(port)
            bundle = bundles.sealed(case, alice, bundles.whole(), "logs.zip")
        with on("2020-11-27 15:52"):
            engineer.answer("日志已收到，目前正在下载中。")
            fetch(port)
            execute(runs.queue_run(bundle).pk)
        with on("2020-11-30 18:36"):
            customer.answer("您好：\n\n日志已上传空间，请查收。")
            fetch(port)
        with on("2020-12-02 10:03"):
            draft = case.reports.get()
            sent = reports.send(draft, by=jia)
            make_pdfs(sent.pk)
        result = customer.newest()
        assert "% 分析结果 CMIT:0001866" in result["Subject"]
        (pdf,) = result.iter_attachments()
        assert pdf.get_content_type() == "application/pdf" and pdf.get_content().startswith(b"%PDF")
        with on("2020-12-03 09:30"):
            answers_by_link(result, {"solved": "yes"})
        assert Case.objects.get().status == Status.CLOSED

    told = [
        (times.minute(entry.created_at), entry.kind, entry.author and entry.author.name)
        for entry in Message.objects.visible_to(alice).filter(case=case)
    ]
    assert told == [
        ("2020-11-10 09:43", MessageKind.SCOPE, "工程师甲"),
        ("2020-11-10 09:55", MessageKind.SYSTEM, "客户甲"),
        ("2020-11-10 11:00", MessageKind.REQUEST, "工程师甲"),
        ("2020-11-12 10:30", MessageKind.SUSPENSION, "工程师甲"),
        ("2020-11-12 10:48", MessageKind.SYSTEM, "客户甲"),
        ("2020-11-27 10:11", MessageKind.MAIL_IN, "客户甲"),
        ("2020-11-27 10:11", MessageKind.SYSTEM, None),
        ("2020-11-27 10:18", MessageKind.MAIL_IN, "工程师甲"),
        ("2020-11-27 15:13", MessageKind.MAIL_IN, "客户甲"),
        ("2020-11-27 15:13", MessageKind.BUNDLE, "客户甲"),
        ("2020-11-27 15:52", MessageKind.MAIL_IN, "工程师甲"),
        ("2020-11-30 18:36", MessageKind.MAIL_IN, "客户甲"),
        ("2020-12-02 10:03", MessageKind.REPORT, "工程师甲"),
        ("2020-12-03 09:30", MessageKind.OUTCOME, "客户甲"),
    ]
    received = MailMessage.objects.filter(direction=Direction.IN)
    assert received.filter(state=MailState.TAKEN).count() == 5
    assert received.get(state=MailState.SET_ASIDE).reason == Reason.AUTO_REPLY
    assert received.get(state=MailState.PARKED).address == "eve@elsewhere.example"
    assert "eve@elsewhere.example" not in post.boxes
    for box in post.boxes.values():
        identifiers = [message["Message-ID"] for message in box]
        assert len(identifiers) == len(set(identifiers)), "nothing is told twice"
        root = f"<{NUMBER.lower()}@vendor.example>"
        assert all(root in message["References"] for message in box if NUMBER in message["Subject"])
