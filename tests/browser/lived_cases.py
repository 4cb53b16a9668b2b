"""One case for each state that a case can be in, made by the services that pages and mails use.

Run inside the portal (``manage.py shell``): ``live()`` prints one line of JSON, what it made by name.
"""

import json
import struct
import zlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from analysis.advice import services as advice
from analysis.reports import services as reports
from analysis.reports.models import Report
from analysis.runs import services as runs
from cases.answer_links.kinds import OfAppointment, OfPause, OfResult, OfScope, OfTimes
from cases.answer_links.links import path_of
from cases.answers.services import Heard
from cases.appointments import services as appointments
from cases.appointments.models import Medium
from cases.calls.services import note_call
from cases.canned_replies.services import save
from cases.evidence_requests import services as evidence
from cases.evidence_requests.models import ItemState
from cases.mentions import services as mentions
from cases.models import Case, MessageKind
from cases.outcomes import services as outcomes
from cases.pauses import proposals
from cases.pauses import services as pauses
from cases.relations.kinds import RelationKind
from cases.relations.services import relate
from cases.scopes import services as scopes
from cases.services import post_message, set_incident_time
from demo.loading import ready_bundle, upload
from mail.notifications.followers import add_cc, follow
from mail.store.models import Direction, MailMessage, MailState
from tests.browser.lived_mails import announce_every_kind, receive_mails, send_in_vain
from tests.browser.lived_people import DOMAIN, WORKER_TIME, make_cast, reported, taken_up
from tests.processes import wait_until
from uploads.attachments.services import attach

WAITS = "请把这台服务器上 C:\\Program Files\\CodeMeter\\Runtime\\bin\\CodeMeter.exe 的属性截图发给我。"


def live() -> None:
    """Makes all of it, waits for the worker, and prints the numbers and ids."""
    settings.MAIL_AUTHSERV_ID = f"mx.{DOMAIN}"
    cast = make_cast()
    made = {}
    with transaction.atomic():
        analysed = reported(cast, "工控机重启后 CodeMeter 许可证服务不启动")
        for follower in ("chemist2", "engineer5"):
            follow(analysed, by=cast[follower])
    upload(analysed, cast["chemist"], ready_bundle())
    with transaction.atomic():
        for make in (
            _new,
            _scope,
            _agreed,
            _asked,
            _not_solved,
            _paused,
            _suspended,
            _closed,
            _back,
            _double,
            _followed,
        ):
            made[make.__name__[1:]] = make(cast)
    receive_mails(made["agreed"])
    send_in_vain(made["agreed"])
    with transaction.atomic():
        mailed, begun = announce_every_kind(cast)
    made["analysed"] = _result(analysed, cast)
    answers = _answers(cast, made)
    letters = MailMessage.objects.filter(
        Q(case=mailed, created_at__gte=begun) | Q(case=analysed, kind="report_sent"), direction=Direction.OUT
    )
    wait_until(lambda: not letters.filter(state=MailState.QUEUED).exists(), timeout=WORKER_TIME)
    left_out = letters.exclude(state=MailState.SENT).values_list("kind", "state")
    assert not left_out.exists(), list(left_out)
    rows = letters.select_related("person").order_by("created_at")
    print(
        json.dumps(
            {name: case.number for name, case in made.items()}
            | {"mailed": mailed.number, "answers": answers}
            | {"letters": [_told(row) for row in rows]}
        )
    )


def _told(mail: MailMessage) -> tuple[str, str, str, str, str]:
    """Its id and kind, who reads it, on which side and in which language."""
    if mail.person is None:
        return str(mail.pk), mail.kind, "cc", "customer", "zh-hans"
    side = "customer" if mail.person.is_customer else "vendor"
    return str(mail.pk), mail.kind, mail.person.email.partition("@")[0], side, mail.person.language


def _new(cast: dict[str, User]) -> Case:
    return reported(cast, "时间同步失败")


def _scope(cast: dict[str, User]) -> Case:
    case = reported(cast, "反应釜监控软件启动后白屏")
    first = scopes.draft(case, by=cast["engineer4"], problem="监控软件启动后白屏。", included="查明原因。")
    scopes.send(first, by=cast["engineer4"])
    scopes.answer(first, agrees=False, by=cast["chemist"], words="不只是启动，切换班组以后也会白屏。")
    second = scopes.draft(
        case,
        by=cast["engineer4"],
        problem="监控软件启动后、切换班组后白屏，需要结束进程重新打开。",
        included="查明两种情况的原因；给出不停产的处理办法。",
        excluded="监控软件本身的功能修改。",
    )
    scopes.send(second, by=cast["engineer4"])
    return case


def _agreed(cast: dict[str, User]) -> Case:
    engineer, customer = cast["engineer4"], cast["chemist"]
    case = reported(cast, "配方数据库每天凌晨断开连接")
    scope = scopes.draft(case, by=engineer, problem="每天凌晨两点左右断开。", included="查明原因。")
    scopes.send(scope, by=engineer)
    scopes.answer(scope, agrees=True, by=customer)
    day = (timezone.now() + timedelta(days=2)).replace(hour=2, minute=0, second=0, microsecond=0)
    starts = [day, day + timedelta(hours=5)]
    proposed = appointments.propose(case, by=engineer, starts=starts, minutes=45, medium=Medium.REMOTE)
    appointments.agree(proposed, starts[0], by=customer)
    call = post_message(case, by=engineer, body="她确认断开前有备份任务。", kind=MessageKind.PHONE)
    began = timezone.now() - timedelta(hours=1)
    note_call(call, with_whom="客户戊", began_at=began, minutes=12, word="客户戊同意先停用备份任务。")
    session = post_message(case, by=engineer, body="备份任务已停用，服务恢复。", kind=MessageKind.REMOTE)
    note_call(session, with_whom="客户戊", began_at=began, minutes=25, tool="TeamViewer")
    note = post_message(case, by=engineer, body="@Engineer E 备份软件的日志你看过吗？", kind=MessageKind.NOTE)
    mentions.record(note, by=engineer)
    answer = post_message(case, by=customer, body="今天没有再断开，这是备份任务的设置。")
    attach(answer, name="备份任务.png", content=_png(320, 120), content_type="image/png", by=customer)
    attach(answer, name="备份计划.txt", content=b"02:00", content_type="text/plain", by=customer)
    follow(case, by=cast["chemist2"])
    add_cc(case, "shift.lead@plant.example", by=customer)
    save(
        None,
        name="请上传日志（工控）",
        text_zh="{customer}您好：请把日志上传到 {upload}",
        text_en="Dear {customer}, please upload the logs: {upload}",
        by=engineer,
    )
    return case


def _asked(cast: dict[str, User]) -> Case:
    case = taken_up(cast, "升级以后加密狗识别不到")
    items = [("log", "System"), ("log", "Application"), ("other", WAITS), ("other", "加密狗型号的照片")]
    since = timezone.now() - timedelta(days=2)
    request = evidence.ask(
        case, by=cast["engineer4"], items=items, since=since, note="请在周五停产前收集，谢谢。"
    )
    by_detail = {item.detail: item for item in request.items.all()}
    evidence.settle(
        by_detail["Application"],
        ItemState.UNAVAILABLE,
        by=cast["chemist"],
        reason="这台机器的应用日志被清空过。",
    )
    evidence.settle(by_detail["加密狗型号的照片"], ItemState.WAIVED, by=cast["engineer4"])
    start = timezone.now() + timedelta(days=3)
    times = [start, start + timedelta(hours=3), start + timedelta(days=1)]
    appointments.propose(
        case, by=cast["engineer4"], starts=times, minutes=30, medium=Medium.PHONE, note="商量停产时间。"
    )
    return case


def _with_result(cast: dict[str, User], title: str) -> Case:
    case = taken_up(cast, title)
    post_message(case, by=cast["engineer4"], body="请更换驱动后重启，观察一天。", result=True)
    return Case.objects.get(pk=case.pk)


def _not_solved(cast: dict[str, User]) -> Case:
    case = _with_result(cast, "打印标签错位")
    customer = cast["chemist"]
    post_message(case, by=customer, body="上午印了两张，问题已经解决了。")
    outcomes.answer(
        Case.objects.get(pk=case.pk), by=customer, solved=False, words="换了驱动，第二张标签还是错位。"
    )
    post_message(case, by=customer, body="下午换了纸，问题已经解决了。")
    return case


def _paused(cast: dict[str, User]) -> Case:
    """The customer is asked whether it may be closed for the time being, and which time suits."""
    case = taken_up(cast, "虚拟机迁移以后很慢")
    starts = [timezone.now() + timedelta(days=day) for day in (3, 4)]
    appointments.propose(
        case, by=cast["engineer4"], starts=starts, minutes=30, medium=Medium.PHONE, note="请准备好登录信息。"
    )
    proposals.propose(
        case,
        by=cast["engineer4"],
        resumes_when="大修结束、换好电源之后",
        resumes_on=timezone.localdate() + timedelta(days=20),
    )
    return case


def _answers(cast: dict[str, User], made: dict[str, Case]) -> dict[str, str]:
    """Addresses of links that answer without signing in, by name and language."""
    paths = {}
    for name, kind, case in (
        ("scope", OfScope, made["scope"]),
        ("times", OfTimes, made["paused"]),
        ("pause", OfPause, made["paused"]),
        ("appointment", OfAppointment, made["agreed"]),
        ("result", OfResult, made["analysed"]),
    ):
        for person, language in ((cast["chemist"], "zh"), (cast["chemist2"], "en")):
            question = kind.in_case(person, case)
            assert question is not None, name
            paths[f"{name}-{language}"] = path_of(question)
    return paths | {"void": "/answer/x/"}


def _suspended(cast: dict[str, User]) -> Case:
    case = taken_up(cast, "蓝屏 DRIVER_POWER_STATE_FAILURE")
    pauses.suspend(
        case,
        Heard(cast["chemist"], said_at=timezone.now() - timedelta(hours=2)),
        by=cast["engineer4"],
        resumes_when="大修结束、换好电源之后",
        resumes_on=timezone.localdate() + timedelta(days=20),
    )
    return case


def _closed(cast: dict[str, User]) -> Case:
    case = _with_result(cast, "远程桌面黑屏")
    outcomes.answer(case, by=cast["chemist"], solved=True, words="换驱动以后正常了。")
    outcomes.rate(case, by=cast["chemist"], stars=4, words="处理得很快")
    return case


def _back(cast: dict[str, User]) -> Case:
    case = _with_result(cast, "共享文件夹复制很慢")
    outcomes.record(
        case,
        Heard(cast["chemist"], said_at=timezone.now() - timedelta(minutes=5)),
        by=cast["engineer4"],
        solved=True,
    )
    outcomes.came_back(Case.objects.get(pk=case.pk), by=cast["chemist"], words="今天早上又变慢了。")
    return case


def _double(cast: dict[str, User]) -> Case:
    case = taken_up(cast, "复制文件慢（同一台服务器）")
    back = Case.objects.get(title="共享文件夹复制很慢")
    relate(
        back, Case.objects.get(title="配方数据库每天凌晨断开连接"), RelationKind.RELATED, by=cast["engineer4"]
    )
    relate(case, back, RelationKind.DOUBLE, by=cast["engineer4"])
    return case


def _followed(cast: dict[str, User]) -> Case:
    """What goes on with a case that was closed long ago."""
    long_ago = timezone.now() - timedelta(days=settings.CASE_REOPEN_DAYS + 2)
    case = taken_up(cast, "报警声音不响", long_ago)
    case.send_result(by=cast["engineer4"], at=long_ago)
    outcomes.answer(Case.objects.get(pk=case.pk), by=cast["chemist"], solved=True, at=long_ago)
    return outcomes.came_back(
        Case.objects.get(pk=case.pk), by=cast["chemist"], words="昨天换班以后又不响了。"
    ).case


def _result(case: Case, cast: dict[str, User]) -> Case:
    """The worker's analysis, sent and revised, with a draft of it and one of an analysis anew; the first
    step is ticked. When the trouble happened was said later."""
    engineer = User.objects.get(email=f"manager@{DOMAIN}")
    wait_until(lambda: Report.objects.filter(case=case).exists(), timeout=WORKER_TIME)
    draft = Report.objects.get(case=case)
    steps = {
        "zh-hans": "1. 断网后用离线杀毒全盘扫描。\n2. 重新安装 CodeMeter Runtime 8.10。\n3. 重启并观察两天。",
        "en": "1. Scan the whole disk offline.\n2. Install CodeMeter Runtime 8.10 anew.\n3. Restart and "
        "watch it for two days.",
    }
    draft = reports.edit(draft, engineer, draft.conclusion, steps, [])
    sent = reports.send(draft, by=engineer, seen=draft.edited_at, same_in_both=True)
    draft = reports.revise(sent, engineer)
    change = {
        "zh-hans": "补充了重新安装之后要观察两天。",
        "en": "That it has to be watched for two days was added.",
    }
    draft = reports.edit(draft, engineer, draft.conclusion, steps, [], change=change)
    revised = reports.send(draft, by=engineer, seen=draft.edited_at, same_in_both=True)
    advice.tick(revised, 0, cast["chemist"], done=True)
    reports.revise(revised, engineer)
    with transaction.atomic():  # The worker finds it done.
        again = runs.claim(runs.queue_again(revised.run.bundle).pk)
        assert again is not None
        runs.complete(again, revised.run.result)
    case = Case.objects.get(pk=case.pk)
    case.send_result(by=engineer)
    set_incident_time(case, timezone.now() - timedelta(days=3), by=cast["chemist"])
    return case


def _png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes((120, 150, 190)) * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
