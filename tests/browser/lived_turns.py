"""Cases that ``test_the_case_turns`` goes on with: what only time brings about, mails that wait for somebody.

Run inside the portal (``manage.py shell``): ``live()`` prints one line of JSON, what it made by name.
"""

import json
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from analysis.reports.models import Report
from cases.evidence_requests import services as evidence
from cases.models import Case
from cases.reminders import waiting
from cases.reminders.models import ReminderPlan
from cases.services import post_message
from cases.working_days.counting import WorkingDays
from jobs.models import JobState
from mail.inbound.models import Reading
from mail.inbound.services import take
from mail.inbound.storing import store_raw
from mail.reading.sandboxed import read_in_sandbox
from mail.store.sources import source_of
from tests.browser.lived_mails import receive_mails, send_in_vain, written
from tests.browser.lived_people import DOMAIN, make_cast, reported, taken_up

STEP = timedelta(hours=12)
FLOOD = 12
"""Mails of one machine; from ten on they are one row."""


def live() -> None:
    """Makes all of it and prints the numbers."""
    settings.MAIL_AUTHSERV_ID = f"mx.{DOMAIN}"
    cast = make_cast()
    with transaction.atomic():
        made = {
            "analysing": _analysing(cast),
            "reminded": _waited_for(cast, "报表打印时软件退出", to_the_end=False),
            "silent": _waited_for(cast, "条码扫描枪没有反应", to_the_end=True),
            "met": taken_up(cast, "批次记录无法导出"),
            "steered": taken_up(cast, "数据库备份失败"),
            "double": taken_up(cast, "备份失败（同一台服务器）"),
            "result": _with_result(cast, "屏幕键盘不弹出"),
            "done": _with_result(cast, "时钟每天慢两分钟"),
            "mailed": taken_up(cast, "报警短信发不出去"),
            "other": taken_up(cast, "报警短信重复发送"),
        }
    receive_mails(made["mailed"])
    _receive_many()
    _store_unread(made["mailed"])
    send_in_vain(made["mailed"])
    print(json.dumps({name: case.number for name, case in made.items()}))


def _analysing(cast: dict[str, User]) -> Case:
    """The upload is there and is being read; nothing of it has been found yet."""
    case = reported(cast, "服务每天早上停止")
    case.begin_analysis(by=None, reason="日志_1201.zip")
    return case


def _waited_for(cast: dict[str, User], title: str, *, to_the_end: bool) -> Case:
    """Her logs are waited for: until she was told when the case is closed, or until it was."""
    plan, days, now = ReminderPlan.in_force(), WorkingDays.in_force(), timezone.now()
    back = plan.days[-1] + (plan.suspend_after if to_the_end else 0)
    past = (now - timedelta(days=number) for number in range(back, 100))
    begun = next(at for at in past if days.after(at, back + (4 if to_the_end else 0)) <= now)
    case = taken_up(cast, title, at=begun)
    evidence.ask(case, by=cast["engineer4"], items=[("log", "System"), ("log", "Application")], at=begun)
    moment = begun
    while moment <= now:
        # Of this case alone: others wait in the demo, too.
        waiting._step(case.pk, plan, days, moment)
        moment += STEP
    return case


def _with_result(cast: dict[str, User], title: str) -> Case:
    case = taken_up(cast, title)
    post_message(case, by=cast["engineer4"], body="请更换驱动后重启，观察一天。", result=True)
    assert not Report.objects.filter(case=case).exists()
    return case


def _receive_many() -> None:
    """A monitor that writes every minute."""
    for number in range(FLOOD):
        raw = written(
            "Monitor <monitor@machines.example>",
            f"磁盘空间不足（第 {number + 1} 次）",
            "D: 剩余 3 %。\n",
            f"{number}@machines.example",
        )
        with transaction.atomic():
            mail = store_raw(raw, way="pipe")
            take(mail, read_in_sandbox(source_of(mail)))
            Reading.objects.filter(pk=mail.pk).update(state=JobState.DONE)


def _store_unread(case: Case) -> None:
    """A mail whose reading was put off after a fault."""
    raw = written(
        f"客户戊 <chemist@{DOMAIN}>", f"Re: [案例号: {case.number}] 短信", "日志很大。\n", "unread@lived"
    )
    with transaction.atomic():
        mail = store_raw(raw, way="pipe")
        later = timezone.now() + timedelta(hours=2)
        Reading.objects.filter(pk=mail.pk).update(not_before=later, error="The storage could not be reached.")
