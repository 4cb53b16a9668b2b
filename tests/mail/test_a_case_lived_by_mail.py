"""CAS-03282 as it was, lived by two people in their mail programs.

A whole portal by a clock that the test moves; real SMTP and IMAP servers; what needs a page is done as a
browser does it, by the link in a mail. A robot and strangers write in between. At the end the thread is what
happened, each thing once.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests import migrated
from tests.analysis import bundles
from tests.conftest import services
from tests.mail.lived.browser import Browser
from tests.mail.lived.clock import Clock
from tests.mail.lived.mail_program import OUTLOOK, QQ, MailProgram, link_in, new_text_of
from tests.mail.lived.people import CUSTOMER, ENGINEER, NEIGHBOUR
from tests.mail.lived.person import PASSWORD, Person
from tests.mail.lived.portal import LivedPortal
from tests.mail.lived.post_office import PORTAL, PostOffice, post_office

ADDRESS = "casemail@vendor.example"
STRANGER = "eve@elsewhere.example"
FOLDERS = {ADDRESS: PORTAL, CUSTOMER: "customer", ENGINEER: "engineer", NEIGHBOUR: "neighbour"}
TITLE = "工控机重启后 CodeMeter 许可证服务不启动"
ASKED = f"您好：\n\n某某水厂{TITLE}问题，请问什么进度了？领导在催，谢谢"
FIRST, RESULT = "初次响应", "分析结果"

HER, HIM = "客户甲", "工程师甲"
THREAD = [
    # Of the eleven messages the number; when, what, by whom, how it begins.
    (1, "2020-11-09 17:18", "portal", HIM, "客户来电"),
    (2, "2020-11-10 09:43", "scope", HIM, "案例范围，第 1 版"),
    (0, "2020-11-10 09:55", "system", HER, "我同意第 1 版案例范围"),
    (3, "2020-11-10 11:00", "request", HIM, "安装包已收到，但这里无法复现"),
    (4, "2020-11-12 10:48", "system", HIM, "客户甲已于 2020-11-12 10:30 通过电话同意，案例暂时关闭。"),
    (5, "2020-11-27 10:11", "mail_in", HER, ASKED),
    (0, "2020-11-27 10:11", "system", None, "系统根据案例当前状态自动答复"),
    (6, "2020-11-27 10:18", "mail_in", HIM, "抱歉久未回复"),
    (0, "2020-11-27 15:13", "bundle", HER, "日志_1127.zip"),
    (7, "2020-11-27 15:13", "mail_in", HER, "您好：\n\n日志已上传"),
    (8, "2020-11-27 15:52", "mail_in", HIM, "日志已收到"),
    (0, "2020-11-30 18:36", "bundle", HER, "日志_1130.zip"),
    (9, "2020-11-30 18:36", "mail_in", HER, "您好：\n\n新的日志也已上传"),
    (10, "2020-12-02 10:03", "report", HIM, ""),
    (11, "2020-12-03 09:30", "outcome", HIM, "客户甲于 2020-12-03 09:10 通过电话告知：问题已解决。"),
]
TOLD_HER = [
    (1, "2020-11-09 17:18", "case_received", FIRST),
    (2, "2020-11-10 09:43", "scope", FIRST),
    (3, "2020-11-10 11:00", "evidence_requested", FIRST),
    (4, "2020-11-12 10:48", "suspended", FIRST),
    (0, "2020-11-27 10:11", "progress", FIRST),
    (6, "2020-11-27 10:18", "reply", FIRST),
    (0, "2020-11-27 15:13", "upload_checked", FIRST),
    (8, "2020-11-27 15:52", "reply", FIRST),
    (0, "2020-11-30 18:36", "upload_checked", FIRST),
    (10, "2020-12-02 10:03", "report_sent", RESULT),
    (11, "2020-12-03 09:30", "solved", RESULT),
]
TOLD_HIM = [
    (0, "2020-11-10 09:55", "scope", FIRST),
    (5, "2020-11-27 10:11", "reply", FIRST),
    (0, "2020-11-27 15:13", "resumed", FIRST),
    (0, "2020-11-27 15:13", "upload_checked", FIRST),
    (7, "2020-11-27 15:13", "reply", FIRST),
    (0, "2020-11-30 18:36", "upload_checked", FIRST),
    (9, "2020-11-30 18:36", "reply", FIRST),
]
RECEIVED = [
    (CUSTOMER, "taken", ""),
    (CUSTOMER, "set_aside", "auto_reply"),
    (STRANGER, "parked", "unproven"),
    (NEIGHBOUR, "parked", "not_hers"),
    (ENGINEER, "taken", ""),
    (CUSTOMER, "taken", ""),
    (ENGINEER, "taken", ""),
    (CUSTOMER, "taken", ""),
]

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Iterator[Clock]:
    with tempfile.TemporaryDirectory() as folder, Clock(Path(folder, "clock")) as clock:
        yield clock


@pytest.fixture
def office() -> Iterator[PostOffice]:
    # Not in pytest's folder, which root alone may enter: Dovecot's mail is nobody's.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with post_office(Path(folder), FOLDERS) as office:
            yield office


@pytest.fixture
def portal(clock: Clock, office: PostOffice, tmp_path: Path) -> Iterator[LivedPortal]:
    postgres = services.postgres or migrated.server(tmp_path / "pg", tmp_path / "postgres.log")
    if postgres is not services.postgres:
        postgres.start()
    portal = LivedPortal(tmp_path, postgres, office, clock)
    try:
        clock.move_to("2020-11-09 17:00")
        portal.start(PASSWORD)
        yield portal
    finally:
        portal.end()
        if postgres is not services.postgres:
            postgres.stop()


def test_the_whole_case_by_mail(portal: LivedPortal, office: PostOffice) -> None:
    her, him = (
        Person(MailProgram(office, CUSTOMER, HER, QQ)),
        Person(MailProgram(office, ENGINEER, HIM, OUTLOOK)),
    )
    number = _reported_by_phone(portal, him)
    _agreed_on(portal, number, her, him)
    _suspended(portal, number, her, him)
    _asked_for_progress(portal, office, number, her, him)
    _resumed_by_upload(portal, number, her, him)
    result = _result_sent(portal, number, her, him)
    _closed_by_phone(portal, number, her, him)

    thread = portal.thread(number)
    assert [entry[:3] for entry in thread] == [row[1:4] for row in THREAD]
    for (*_, body), (*_, begins) in zip(thread, THREAD, strict=True):
        assert body.startswith(begins)
        assert not re.search(r"/(answer|unsubscribe)/\w", body), "a link that is somebody else's"
    assert _mails(portal, her, number) == sorted(row[1:] for row in TOLD_HER)
    assert _mails(portal, him, number) == sorted(row[1:] for row in TOLD_HIM)
    told = Counter(int(row[0]) for row in (*TOLD_HER, *TOLD_HIM))
    assert all(told[row[0]] == 1 for row in THREAD if row[0]), "each was told to the other side"
    received = (
        "SELECT address, state, reason FROM mail_mailmessage WHERE direction = 'in' ORDER BY created_at"
    )
    assert sorted(portal.rows(received)) == sorted(RECEIVED)
    assert not office.nowhere and not office.mails_in(FOLDERS[NEIGHBOUR])

    _comes_back_and_ends_by_link(portal, number, result, her, him)


def _reported_by_phone(portal: LivedPortal, him: Person) -> str:
    portal.clock.move_to("2020-11-09 17:18")
    page = him.follow(f"{portal.portal.url}/cases/new/")
    happens = "客户来电：重启以后许可证服务没有启动。"
    facts = {"title": TITLE, "product": "Windows 10", "happens": happens, "severity": "C"}
    page = him.submit(page, "title", contact=page.option("contact", HER), **facts)
    him.browser.submit(page, page.form(action="/assign/"))
    portal.settle()
    found = re.search(r"/cases/(CAS-03282-[0-9A-Z]{6})/", page.address)
    assert found is not None
    return found[1]


def _agreed_on(portal: LivedPortal, number: str, her: Person, him: Person) -> None:
    assert number in new_text_of(her.mail.newest())
    portal.clock.move_to("2020-11-10 09:43")
    problem = "CodeMeter 在 CMGE V0-H 上重启以后无法启动。"
    him.submit(him.follow(f"{portal.portal.url}/cases/{number}/scope/"), "problem", problem=problem)
    portal.settle()
    scope = her.newest(problem)
    Browser().open(link_in(scope, "/answer/"))
    assert portal.status(number) == "scoping", "who only opens the link says nothing"
    portal.clock.move_to("2020-11-10 09:55")
    her.answer_by_link(scope, "answer")
    portal.settle()
    assert portal.status(number) == "in_progress"


def _suspended(portal: LivedPortal, number: str, her: Person, him: Person) -> None:
    portal.clock.move_to("2020-11-10 11:00")
    note = "安装包已收到，但这里无法复现。请告诉我们复现步骤，并收集日志。"
    him.submit(him.follow_to_case("我同意第 1 版", "request/"), "note", logs=["System"], note=note)
    portal.settle()
    assert portal.status(number) == "waiting"
    upload = link_in(her.newest(note), "/uploads/link/")
    assert "系统日志" in Browser().open(upload).text, "opens without signing in"
    portal.clock.move_to("2020-11-12 10:48")
    page = him.follow_to_case("我同意第 1 版", "suspension/", "suspend/")
    heard = {"person": page.option("person", HER), "way": "phone", "said_at": "2020-11-12T10:30"}
    him.submit(page, "resumes_when", resumes_when="日志到达时", **heard)
    portal.settle()
    assert portal.status(number) == "suspended"
    assert "恢复条件：日志到达时" in new_text_of(her.mail.newest())


def _asked_for_progress(
    portal: LivedPortal, office: PostOffice, number: str, her: Person, him: Person
) -> None:
    portal.clock.move_to("2020-11-27 10:11")
    first = her.mail.inbox[0]
    thread = {"References": first["Message-ID"]}
    her.mail.answer(her.mail.newest(), ASKED)
    her.mail.write(ADDRESS, f"自动回复: {first['Subject']}", "我正在休假。", **thread)
    for stranger in (
        MailProgram(office, STRANGER, HER, proven=False),
        MailProgram(office, NEIGHBOUR, "客户乙"),
    ):
        stranger.write(str(first["Reply-To"]), f"Re: {first['Subject']}", "请把日志发给我。", **thread)
    portal.settle()
    assert portal.status(number) == "suspended", "to ask resumes nothing"
    answered = her.mail.newest()
    assert answered["Auto-Submitted"] and "还缺：\n- 系统日志" in new_text_of(answered)
    portal.clock.move_to("2020-11-27 10:18")
    proposal = "抱歉久未回复。服务意外停止，原因尚未查明。11:30 方便通话吗？"
    him.mail.answer(him.newest("请问什么进度了？"), proposal)
    portal.settle()
    assert proposal in new_text_of(her.mail.newest())
    assert portal.status(number) == "suspended"


def _resumed_by_upload(portal: LivedPortal, number: str, her: Person, him: Person) -> None:
    portal.clock.move_to("2020-11-27 15:13")
    page = her.submit(her.follow_to_case("恢复条件：日志到达时"), "agree", agree="1")
    her.browser.upload(page, "日志_1127.zip", bundles.whole())
    portal.settle()
    assert portal.resumed_by(number) == (HER, "The customer uploaded files.")
    her.mail.answer(her.newest("11:30"), "您好：\n\n日志已上传，请查收，谢谢")
    portal.settle()
    portal.clock.move_to("2020-11-27 15:52")
    him.mail.answer(him.newest("日志已上传"), "日志已收到，正在下载。")
    portal.settle()
    portal.clock.move_to("2020-11-30 18:36")
    her.browser.upload(her.follow_to_case("正在下载"), "日志_1130.zip", bundles.whole(6))
    portal.settle()
    her.mail.answer(her.newest("正在下载"), "您好：\n\n新的日志也已上传，请查收。")
    portal.settle()
    assert portal.status(number) == "in_progress"


def _result_sent(portal: LivedPortal, number: str, her: Person, him: Person) -> EmailMessage:
    portal.clock.move_to("2020-12-02 10:03")
    page = him.follow_to_case("日志_1130.zip")
    drafts = set(re.findall(rf"/analysis/{number}/report/(\d+)/edit/", page.text))
    assert drafts == {"1", "2"}, "each analysis ends with a draft"
    page = him.follow(f"{portal.portal.url}/analysis/{number}/report/2/")
    him.submit(page, "seen")
    portal.settle()
    assert portal.status(number) == "result_sent"
    result = her.mail.newest()
    (pdf,) = result.iter_attachments()
    assert isinstance(pdf, EmailMessage)
    assert pdf.get_content_type() == "application/pdf" and pdf.get_content().startswith(b"%PDF")
    assert "CodeMeter.exe" in new_text_of(result)
    return result


def _closed_by_phone(portal: LivedPortal, number: str, her: Person, him: Person) -> None:
    portal.clock.move_to("2020-12-03 09:30")
    page = him.follow_to_case("日志_1130.zip", "outcome/record/")
    heard = {"person": page.option("person", HER), "way": "phone", "said_at": "2020-12-03T09:10"}
    him.submit(page, "solved", solved="yes", words="可以结案。", **heard)
    portal.settle()
    assert portal.status(number) == "closed"
    assert portal.outcomes(number) == [(True, "phone", HER, "2020-12-03 09:10", HIM)]


def _comes_back_and_ends_by_link(
    portal: LivedPortal, number: str, result: EmailMessage, her: Person, him: Person
) -> None:
    """What the eleven messages do not tell of."""
    assert Browser().open(link_in(result, "/answer/")).status == 410, "that result is answered"
    portal.clock.move_to("2020-12-04 09:00")
    her.mail.answer(her.mail.newest(), "今天早上服务又停止了。")
    portal.settle()
    assert portal.status(number) == "in_progress"
    portal.clock.move_to("2020-12-04 11:00")
    page = him.follow_to_case("今天早上服务又停止了")
    page = him.follow(f"{portal.portal.url}/analysis/{number}/report/2/")
    answer = him.browser.submit(page, page.form(action="/revise/"))
    changes = {"change_zh": "补充：先卸载，再扫描。", "change_en": "Added: first uninstall, then scan."}
    page = him.submit(answer, "change_zh", preview="1", **changes)
    him.submit(page, "seen")
    portal.settle()
    assert portal.status(number) == "result_sent"
    revised = her.mail.newest()
    assert "补充：先卸载，再扫描。" in new_text_of(revised)
    portal.clock.move_to("2020-12-05 10:00")
    her.answer_by_link(revised, "solved")
    portal.settle()
    assert portal.status(number) == "closed"
    assert portal.outcomes(number)[1:] == [(True, "link", HER, "2020-12-05 10:00", None)]


def _mails(portal: LivedPortal, reader: Person, number: str) -> list[tuple[str, str, str]]:
    """When, what and at which stage her mails told her, as sorted; each once, all in one thread."""
    mails, told = reader.mail.inbox, []
    known = {mail["Message-ID"] for mail in mails}
    assert len(known) == len(mails), "nothing is told twice"
    for mail in mails:
        assert f"<{number.lower()}@vendor.example>" in str(mail["References"])
        stage = re.fullmatch(
            rf"\[案例号: {number}\] % {TITLE} % ({FIRST}|{RESULT}) CMIT:0001866", str(mail["Subject"])
        )
        assert stage is not None, mail["Subject"]
        if mail["X-Anjuan"] != "overdue":  # It depends on how long this machine took.
            step = portal.clock.step_of(parsedate_to_datetime(mail["Date"]))
            told.append((step, str(mail["X-Anjuan"]), stage[1]))
    return sorted(told)
