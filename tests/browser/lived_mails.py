"""Mails as they come to and go from the cases of ``lived_cases``: of each kind one."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.appointments import services as appointments
from cases.appointments.models import Medium
from cases.evidence_requests import services as evidence
from cases.models import Case, MessageKind
from cases.pauses import proposals
from cases.scopes import services as scopes
from cases.services import post_message
from cases.signals import ActivityKind, announce
from jobs.models import JobState
from mail.inbound.bounces import record
from mail.inbound.models import Reading
from mail.inbound.services import take
from mail.inbound.storing import store_raw
from mail.notifications.digests import send_due
from mail.notifications.followers import add_cc, follow, unfollow
from mail.notifications.kinds import KINDS
from mail.notifications.models import Channel, DigestItem
from mail.notifications.preferences import choose
from mail.outbound.outbox import enqueue
from mail.reading.bounces import FailedRecipient
from mail.reading.sandboxed import read_in_sandbox
from mail.store.models import MailMessage, MailState
from mail.store.sources import source_of
from tests.browser.lived_people import DOMAIN, WORKER_TIME, taken_up
from tests.processes import wait_until


def receive_mails(case: Case) -> None:
    """Mails as they come in: into a case, parked for two reasons, set aside."""
    proven = f"mx.{DOMAIN}; dmarc=pass header.from={DOMAIN}"
    known, unknown = f"客户戊 <chemist@{DOMAIN}>", "Chen <chen@partner.example>"
    number = f"Re: [案例号: {case.number}] 日志"
    for place, (results, sender, subject, body, more) in enumerate(
        (
            (proven, known, number, "附件是今天的日志。\n\n> 请把日志发给我。\n", ""),
            ("", known, number, "请看一下这封邮件，急。\n", ""),
            (
                f"mx.{DOMAIN}; dmarc=pass header.from=partner.example",
                unknown,
                "关于贵司配方数据库每天凌晨断开连接一事：备份软件厂商的答复以及升级之后仍需要确认的几个问题",
                "我们是备份软件的厂商，客户请我们直接联系您。\n\n请问断开的时间是几点？\n",
                "",
            ),
            (
                proven,
                known,
                f"自动回复: {number}",
                "我在休假，下周一回来。\n",
                "Auto-Submitted: auto-replied\n",
            ),
        )
    ):
        raw = written(sender, subject, body, f"{place}@{case.number}", results=results, more=more)
        with transaction.atomic():  # The worker of this portal has no mail server that proves anything.
            mail = store_raw(raw, way="pipe")
            take(mail, read_in_sandbox(source_of(mail)))
            Reading.objects.filter(pk=mail.pk).update(state=JobState.DONE)


def written(sender: str, subject: str, body: str, key: str, *, results: str = "", more: str = "") -> bytes:
    """A mail as it comes in, with what our own mail server says of its sender."""
    header = f"Authentication-Results: {results}\n" if results else ""
    return (
        f"{header}From: {sender}\nTo: support@{DOMAIN}\nSubject: {subject}\nMessage-ID: <{key}>\n"
        f"{more}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    ).encode()


def send_in_vain(case: Case) -> None:
    """A mail that the worker has sent and another server has sent back."""
    mail = enqueue("gone@plant.example", kind="reply", text="请确认备份任务。", case=case)
    wait_until(lambda: MailMessage.objects.get(pk=mail.pk).state == MailState.SENT, timeout=WORKER_TIME)
    failed = FailedRecipient(mail.address, "5.1.1", "failed", "550 5.1.1 User unknown", mail.message_id)
    record([failed], reporter="mailer-daemon@plant.example")


def announce_every_kind(cast: dict[str, User]) -> tuple[Case, datetime]:
    """Each kind announced once, to people of both sides and languages, and one daily mail; all after the
    moment that is returned. Others did what is told: nobody is told of her own doing. A report is announced
    by sending one."""
    customer, engineer, now = cast["operator"], User.objects.get(email=f"manager@{DOMAIN}"), timezone.now()
    customers, engineers = (cast["chemist"], cast["chemist2"]), (cast["engineer4"], cast["engineer5"])
    case = taken_up(cast, "许可证服务时好时坏")
    for person in cast.values():
        choose(person, dict.fromkeys(KINDS, Channel.AT_ONCE))
    follow(case, by=cast["chemist2"])
    follow(case, by=cast["engineer5"])
    add_cc(case, "shift.lead@plant.example", by=cast["chemist"])
    reply = post_message(case, by=engineer, body="日志已收到，正在分析，明天上午答复您。")
    thanks = post_message(case, by=customer, body="好的，今天又出现了两次。")
    request = evidence.ask(
        case, by=engineer, items=[("log", "System"), ("other", "型号照片")], note="请尽快提供。"
    )
    scope = scopes.draft(case, by=engineer, problem="许可证服务时好时坏。", included="查明原因。")
    scoped = scopes.send(scope, by=engineer)
    start = now + timedelta(days=3)
    times = [start, start + timedelta(hours=3)]
    met = appointments.propose(case, by=engineer, starts=times, minutes=30, medium=Medium.REMOTE)
    asked = proposals.propose(case, by=engineer, resumes_when="新日志到达时")
    note = post_message(case, by=engineer, body="@Engineer E @工程师丁 请看一下。", kind=MessageKind.NOTE)
    word = post_message(case, by=customer, body="已经解决了。", kind=MessageKind.SYSTEM)
    for person in (customer, engineer):
        unfollow(case, by=person)
    # Of what is not late nobody is told that it is; and by the portal itself not once more.
    late = now - timedelta(hours=1)
    Case.objects.filter(pk=case.pk).update(next_due_at=late, overdue_told=late)
    begun = timezone.now()
    missing, later = [["other", "型号照片"]], (now + timedelta(days=5)).isoformat()
    bundle = {"bundle": "", "name": "日志_1130.zip", "checked": True, "total": 2}
    kinds: dict[ActivityKind, dict[str, Any]] = {
        ActivityKind.CASE_RECEIVED: {"by": customer},
        ActivityKind.REPLY: {"by": engineer, "message": reply},
        ActivityKind.EVIDENCE_REQUESTED: {
            "by": engineer,
            "message": request.message,
            "reason": "请尽快提供。",
            "items": [["log", "System"], ["other", "型号照片"]],
        },
        ActivityKind.UPLOAD_CHECKED: {"by": customer, "settled": 2, "missing": [], **bundle},
        ActivityKind.ITEMS_MISSING: {"by": customer, "settled": 1, "missing": missing, **bundle},
        ActivityKind.WAITING_REMINDER: {"number": 3, "total": 3, "since": later, "suspends_at": later},
        ActivityKind.LONG_WAIT: {
            "level": "engineer",
            "missing": missing,
            "since": now.isoformat(),
            "reminded": 2,
            "suspends_at": later,
        },
        ActivityKind.SCOPE: {"by": engineer, "message": scoped, "state": "sent", "scope": scope.pk},
        ActivityKind.APPOINTMENT: {
            "by": engineer,
            "message": met.message,
            "state": "proposed",
            "appointment": met.pk,
        },
        ActivityKind.SOLVED: {"by": customer, "message": word, "way": "button", "contradicted": False},
        ActivityKind.NOT_SOLVED: {"by": customer, "message": thanks, "way": "mail", "contradicted": True},
        ActivityKind.SUSPENSION_PROPOSED: {
            "by": engineer,
            "message": asked.message,
            "state": "proposed",
            "proposal": asked.pk,
        },
        ActivityKind.SUSPENDED: {"by": engineer, "reason": "现场停产", "from_status": "waiting"},
        ActivityKind.RESUMED: {"by": engineer, "from_status": "suspended"},
        ActivityKind.CLOSED: {"by": engineer, "reason": "电话确认已解决", "from_status": "result_sent"},
        ActivityKind.REOPENED: {"by": customer, "reason": "又出现了", "from_status": "closed"},
        ActivityKind.MERGED: {"by": engineer, "other": case.number, "undone": False},
        ActivityKind.ASSIGNED: {"people": (cast["engineer4"],), "reason": "换班"},
        ActivityKind.MENTIONED: {"by": engineer, "message": note, "people": engineers},
        ActivityKind.OVERDUE: {"due_at": now.isoformat()},
        ActivityKind.OWN_REMINDER: {"people": (*customers, *engineers), "made_at": now.isoformat()},
        ActivityKind.PROGRESS: {"by": cast["chemist"], "message": reply, "people": customers},
        ActivityKind.DELETION: {"deletes_at": later},
        ActivityKind.MAIL_FAILED: {"address": "gone@plant.example", "answer": "550 no such user"},
    }
    assert set(kinds) | {ActivityKind.REPORT_SENT} == set(ActivityKind)
    for kind, facts in kinds.items():
        announce(kind, case, **{"by": None, "at": timezone.now()} | facts)
    for person in (*customers, *engineers):
        for kind, text in ((ActivityKind.REPLY, "好的。"), (ActivityKind.RESUMED, "案例已恢复处理。")):
            DigestItem.objects.create(person=person, case=case, kind=kind, text=text, at=now, due_at=now)
    send_due(timezone.now())
    return case, begun
