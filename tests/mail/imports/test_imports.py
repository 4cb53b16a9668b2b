"""An old thread comes into a case: each mail once, with its own time, and nothing else happens."""

from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from accounts.errors import NotAllowed
from accounts.models import User
from cases.models import Case, CaseEvent, Message
from cases.services import post_message
from cases.signals import case_activity
from mail.imports import services
from mail.imports.errors import NoThread, SourceTooLarge, ThreadUnreadable
from mail.imports.models import ImportedMessage, ThreadImport
from mail.imports.plans import plan
from mail.imports.readership import Readers, Side
from mail.reading.old_threads import SourceKind, kind_of
from tests.mail.imports.outlook import outlook_mail

pytestmark = pytest.mark.django_db

CHAIN = (Path(__file__).parents[1] / "reading" / "chain.zh.txt").read_bytes()
ELEVEN = (Path(__file__).parent / "eleven.zh.txt").read_bytes()
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ANJUAN_HOME = tmp_path


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def imported(case: Case, content: bytes, by: User, **sides: Side) -> services.Imported:
    thread = services.look_at(case, name="old.txt", content=content, by=by)
    return services.import_thread(thread, by=by, sides=sides)


def test_a_chain_becomes_entries_and_the_same_file_again_adds_none(case: Case, jia: User) -> None:
    case.change("take_up", by=jia)
    case.refresh_from_db()
    before = (case.status, case.status_since, case.next_due_at, CaseEvent.objects.count())
    announced: list[object] = []
    case_activity.connect(lambda **facts: announced.append(facts), weak=False, dispatch_uid="test-import")
    try:
        done = imported(case, CHAIN, jia, **{"eng@vendor.example": Side.VENDOR})
    finally:
        case_activity.disconnect(dispatch_uid="test-import")
    assert (done.new, done.there) == (6, 0) and announced == []
    case.refresh_from_db()
    assert (case.status, case.status_since, case.next_due_at, CaseEvent.objects.count()) == before
    rows = ImportedMessage.objects.select_related("message").order_by("message__created_at")
    assert [(row.message.kind, row.message.author, row.sent_at, row.known_by) for row in rows] == [
        ("mail_out", None, at("2021-03-01 10:48"), "header"),
        ("mail_in", None, at("2021-03-02 10:11"), "header"),
        ("mail_out", None, at("2021-03-02 15:52"), "header"),
        ("mail_in", None, at("2021-03-02 18:36"), "header"),
        ("mail_out", None, at("2021-03-04 09:05"), "header"),
        ("mail_out", None, None, "signature"),
    ]
    assert all(row.message.created_at == row.sent_at for row in rows if row.sent_at)
    last = rows.last()
    assert last is not None and (last.name, last.address) == ("Engineer A", "eng@vendor.example")
    assert at("2021-03-04 09:05") < last.message.created_at < at("2021-03-04 09:06")
    again = imported(case, CHAIN, jia)
    assert (again.new, again.there) == (0, 6)
    grown = "又写了一句。\n\n".encode() + CHAIN
    more = imported(case, grown, jia)
    assert (more.new, more.there) == (1, 5), "the topmost mail alone has another text"
    thread = ThreadImport.objects.get(name="old.txt", size=len(CHAIN))
    assert services.source_of(thread) == CHAIN and thread.imported_at is not None


FIRST = "[案例号: CAS-00452-QWERTZ ] % 造纸二厂复卷机工作站每周一打不开标签软件 % 首次响应 CMIT:0000452"
BROKEN = FIRST.replace("每周一", "每周一 ")
WIDE = FIRST.replace("号: ", "号：").replace(" ]", "]")


def test_an_exported_case_becomes_its_eleven_mails(case: Case, jia: User) -> None:
    done = imported(case, ELEVEN, jia, **{"ming@mill.example": Side.CUSTOMER})
    assert (done.new, done.there) == (11, 0)
    rows = ImportedMessage.objects.select_related("message").order_by("message__created_at")
    ours, hers = ("mail_out", "b.engineer@vendor.example"), ("mail_in", "ming@mill.example")
    told = [
        (row.message.kind, row.address, row.sent_at, row.subject, row.message.body.split("\n\n")[1])
        for row in rows
    ]
    result = BROKEN.replace(" ]", "]").replace("首次响应", "检查结果")
    assert told[:-1] == [
        (*ours, at("2021-09-06 17:47"), FIRST, "您的案例已经登记，由我负责。"),
        (
            *ours,
            at("2021-09-07 10:06"),
            f"回复: {BROKEN}",
            "先把问题说清楚: 标签软件每周一早上打不开, 其他日子正常。",
        ),
        (
            *ours,
            at("2021-09-07 15:12"),
            f"回复: {FIRST}",
            "我们这里装了同一版本, 没有出现这个现象。请把打不开的步骤写给我们, 并收集系统日志。",
        ),
        (
            *ours,
            at("2021-09-09 09:20"),
            f"RE: {FIRST}",
            "电话里您说本周停机不方便收集日志, 征得您同意, 案例先放一放, 日志到了再继续。",
        ),
        (*hers, at("2021-09-20 08:31"), f"回复: RE: {FIRST}", "又到周一了，还是打不开，有结果了吗？"),
        (
            *ours,
            at("2021-09-20 08:52"),
            f"RE: 回复: RE: {FIRST}",
            "很抱歉这么久没有答复。今天 10:15 给您打电话方便吗?",
        ),
        (*hers, at("2021-09-20 13:55"), f"回复: RE: 回复: RE: {FIRST}", "日志传好了, 麻烦看看"),
        (*ours, at("2021-09-20 14:30"), f"RE：回复：RE：{WIDE}", "第一份日志收到了，正在看。"),
        (*hers, at("2021-09-22 08:05"), f"回复：RE：回复：RE：{WIDE}", "第二份日志也传上去了。"),
        (*ours, at("2021-09-24 16:40"), f"RE: 回复: RE: 回复: RE: {result}", "检查结果如下:"),
    ]
    last = rows[10]
    assert (last.message.kind, last.address, last.known_by) == (*ours, "signature")
    assert (last.sent_at, last.sent_text, last.subject) == (None, "", ""), "it has no header"
    assert last.message.body.startswith("明先生 您好,\n刚才您在电话里说周一已经能正常打开,")
    bodies = [row.message.body for row in rows]
    assert [body.count("## 隐私声明") for body in bodies] == [0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1]
    # “From:” within a log, a rule and what looks like code are the writer's own.
    for part in (
        "From: 2021-09-19 23:00\nTo: 2021-09-20 01:00\n删除",
        "Length : 0\n```\n\n---\n\n以上是全部摘录。",
    ):
        assert part in bodies[9]
    assert bodies[0].endswith("---\n\n请使用“全部回复”，您的答复会自动归入本案例。")
    assert not any("发件人" in body or "原始邮件" in body or "Subject" in body for body in bodies)
    assert services.read(ELEVEN).remainders == []


def test_known_people_are_the_authors(case: Case, alice: User, jia: User) -> None:
    text = (
        "From: Jia <jia@vendor.example>\nSent: Friday, November 27, 2020 3:13 PM\nSubject: a\n\n"
        "Please send the log.\n\n"
        "From: Alice <Alice@customer.example>\nSent: Friday, November 27, 2020 10:11 AM\nSubject: a\n\n"
        "What is the progress?\n\n"
        "From: Somebody <x@vendor.example>\nSent: Thursday, November 26, 2020 10:11 AM\nSubject: a\n\n"
        "We received it.\n"
    )
    imported(case, b"hello there\n\n" + text.encode(), jia)
    entries = Message.objects.filter(imported__isnull=False).order_by("created_at")
    assert [(entry.author, entry.kind, entry.body) for entry in entries] == [
        (None, "mail_out", "We received it."),
        (alice, "mail_in", "What is the progress?"),
        (jia, "mail_out", "Please send the log."),
        (None, "mail_in", "hello there"),
    ]


def test_what_the_thread_has_already_is_not_imported(case: Case, alice: User, jia: User) -> None:
    words = "The logs are in the upload space, please have a look."
    post_message(case, by=alice, body=words, at=at("2020-11-27 15:14"))
    sentence = "On Fri, Nov 27, 2020 at 3:13 PM Alice <alice@customer.example> wrote:"
    text = f"thanks a lot for it\n\n{sentence}\n> {words}"
    done = imported(case, text.encode(), jia)
    assert (done.new, done.there) == (1, 1)


MAIL = (
    "Message-ID: <1@customer.example>\nFrom: =?utf-8?b?QWxpY2U=?= <alice@customer.example>\n"
    "To: jia@vendor.example\nSubject: logs\nDate: Fri, 27 Nov 2020 07:13:22 +0000\nMIME-Version: 1.0\n"
    'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nHere they are.\n'
    "\nFrom the lab as well.\n--b\nContent-Type: text/plain\n"
    'Content-Disposition: attachment; filename="a.log"\n\nx\n--b--\n'
)


def test_what_the_vendors_people_wrote_to_each_other_is_internal(case: Case, alice: User, jia: User) -> None:
    head = (
        "Message-ID: <3@vendor.example>\nMIME-Version: 1.0\nFrom: Jia <jia@vendor.example>\n"
        "Date: Fri, 27 Nov 2020 15:52:00 +0800\nSubject: logs\nTo: {}\n"
    )
    for recipients in ("yi@vendor.example", "Yi <yi@vendor.example>\nCc: Alice <alice@customer.example>"):
        imported(case, f"{head.format(recipients)}\nThis is for {recipients[:5]}.\n".encode(), jia)
    assert [(entry.body, entry.internal) for entry in Message.objects.filter(imported__isnull=False)] == [
        ("This is for yi@ve.", True),
        ("This is for Yi <y.", False),
    ]
    seen = Message.objects.visible_to(alice).filter(imported__isnull=False)
    assert [entry.body for entry in seen] == ["This is for Yi <y."]


FORWARD = (
    "{top}\n\n"
    "From: Jia <jia@vendor.example>\nSent: Friday, November 27, 2020 3:13 PM\nTo: Yi <yi@vendor.example>\n"
    "{cc}Subject: a\n\nThe customer may have broken it herself, let us wait and see.\n\n"
    "From: Alice <alice@customer.example>\nSent: Friday, November 27, 2020 10:11 AM\n"
    "To: Jia <jia@vendor.example>\nSubject: a\n\nWhat is the progress with our certificate service?\n"
)


def test_a_mail_in_which_no_customer_took_part_is_internal_within_a_chain_too(
    case: Case, alice: User, jia: User
) -> None:
    def readers(top: str, cc: str = "") -> list[str]:
        chain = services.read(FORWARD.format(top=top, cc=cc).encode())
        return [planned.readers for planned in plan(case, chain)]

    hers, ours, unknown = "everybody", "internal", "internal"
    assert readers("hello there") == [hers, ours, unknown]
    assert readers("hello there", "Cc: Alice <alice@customer.example>\n") == [hers, hers, unknown]
    assert readers("Alice, we write to you again: jia@vendor.example") == [hers, ours, hers]
    assert readers("Alice has written again: jia@vendor.example") == [hers, ours, unknown]
    assert readers("Any news of it? alice@customer.example") == [hers, ours, hers]


def test_who_is_named_or_greeted_without_an_address_is_known_by_the_other_mails(
    case: Case, alice: User, jia: User
) -> None:
    head = "From: {}\nSent: Friday, November 27, 2020 {}\nTo: {}\nSubject: a\n\n{}\n\n"
    jia_writes, yi = "Jia <jia@vendor.example>", "Yi <yi@vendor.example>"
    text = "李女士 您好，请查收。 jia@vendor.example\n\n" + "".join(
        (
            head.format(jia_writes, "5:00 PM", "Yi", "Let us wait and see."),
            head.format(jia_writes, "4:00 PM", "Li Na", "The result is attached."),
            head.format(yi, "3:00 PM", jia_writes, "Is there any result?"),
            head.format(
                jia_writes, "2:00 PM", "Li Na <alice@customer.example>", "李女士 您好：\n我们在分析。"
            ),
        )
    )
    planned = plan(case, services.read(text.encode()))
    assert [each.readers for each in planned] == [
        "everybody",
        "internal",
        "everybody",
        "internal",
        "everybody",
    ]


def test_a_colleague_decides_who_reads_a_mail(case: Case, alice: User, jia: User) -> None:
    content = FORWARD.format(top="Please close it. jia@vendor.example", cc="").encode()
    thread = services.look_at(case, name="old.txt", content=content, by=jia)
    oldest, ours, last = plan(case, services.read(content))
    choices = {
        oldest.fingerprint: Readers.NOBODY,
        ours.fingerprint: Readers.INTERNAL,
        last.fingerprint: Readers.EVERYBODY,
    }
    done = services.import_thread(thread, by=jia, choices=choices)
    assert (done.new, done.internal, done.left_out) == (2, 1, 1)
    seen = Message.objects.visible_to(alice).filter(imported__isnull=False)
    assert [entry.body for entry in seen] == ["Please close it. jia@vendor.example"]
    again = services.import_thread(thread, by=jia)
    assert (again.new, again.there) == (1, 2), "what was left out is offered again"


def test_what_a_customer_reads_quotes_no_internal_mail(case: Case, alice: User, jia: User) -> None:
    secret = "The customer may have broken it herself, let us wait and see."
    answer = (
        "From: Alice <alice@customer.example>\nTo: Jia <jia@vendor.example>\nMessage-ID: <9@c.example>\n"
        "Date: Sat, 28 Nov 2020 10:00:00 +0800\nSubject: a\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n\n"
        "What does this mean?\n\n> The customer may have broken it herself,\n> let us wait and see.\n\n"
        "You also wrote:\n\nThe customer may have\nbroken it herself, let us wait and see.\n\n"
        "What is the progress with our certificate service?\n"
    )
    mailbox = "".join(
        f"From x@y.example Fri Nov 27 07:13:22 2020\n{mail}\n\n"
        for mail in (
            "From: Alice <alice@customer.example>\nTo: jia@vendor.example\nMessage-ID: <7@c.example>\n"
            "Date: Fri, 27 Nov 2020 10:11:00 +0800\nSubject: a\n\n"
            "What is the progress with our certificate service?",
            "From: Jia <jia@vendor.example>\nTo: yi@vendor.example\nMessage-ID: <8@v.example>\n"
            f"Date: Fri, 27 Nov 2020 15:13:00 +0800\nSubject: a\n\n{secret}\n\nShe asks:\n"
            "What is the progress with our certificate service?\n\nVendor support, technical department",
            "From: Jia <jia@vendor.example>\nTo: alice@customer.example\nMessage-ID: <10@v.example>\n"
            "Date: Sat, 28 Nov 2020 12:00:00 +0800\nSubject: a\n\nWe are sorry.\n\n"
            "Vendor support, technical department",
            answer,
        )
    )
    done = imported(case, mailbox.encode(), jia)
    assert (done.new, done.internal, done.withheld) == (4, 1, 2)
    seen = [entry.body for entry in Message.objects.visible_to(alice).filter(imported__isnull=False)]
    note = "[此处引用了一封内部邮件，导入时未保留。]"
    assert seen == [
        "What is the progress with our certificate service?",
        f"What does this mean?\n\n{note}\n\nYou also wrote:\n\n{note}\n\n"
        "What is the progress with our certificate service?",
        "We are sorry.\n\nVendor support, technical department",
    ]


def test_a_later_import_quotes_no_internal_entry_of_the_case(case: Case, alice: User, jia: User) -> None:
    post_message(
        case, by=jia, body="We cannot reproduce this at all.", internal=True, at=at("2020-11-26 09:00")
    )
    mail = MAIL.replace("Here they are.", "> We cannot reproduce this at all.\n\nWhy not?")
    (done,) = plan(case, services.read(mail.encode()))
    assert done.withheld == ["> We cannot reproduce this at all."] and "Why not?" in done.body


def test_a_mail_and_a_mailbox_are_read_with_what_they_leave_out(case: Case, jia: User) -> None:
    answer = (
        "Message-ID: <2@vendor.example>\nFrom: Jia <jia@vendor.example>\n"
        "Date: Fri, 27 Nov 2020 15:52:00 +0800\nSubject: Re: logs\nMIME-Version: 1.0\n\n"
        "Received, thank you.\n\n"
        "On Fri, Nov 27, 2020 at 3:13 PM Alice <alice@customer.example> wrote:\n> Here they are.\n>\n"
        "> From the lab as well.\n"
    )
    kept = (mail.replace("\nFrom ", "\n>From ") for mail in (MAIL, answer))
    mailbox = "".join(f"From someone@x.example Fri Nov 27 07:13:22 2020\n{mail}\n" for mail in kept)
    assert kind_of(MAIL.encode()) == SourceKind.MAIL and kind_of(mailbox.encode()) == SourceKind.MAILBOX
    chain = services.read(mailbox.encode())
    assert [(mail.sent_at, mail.address, mail.is_quoted) for mail in chain.mails] == [
        (at("2020-11-27 15:13:22"), "alice@customer.example", False),
        (at("2020-11-27 15:52"), "jia@vendor.example", False),
    ]
    assert chain.mails[0].body == "Here they are.\n\nFrom the lab as well."
    assert [(remainder.why, remainder.text) for remainder in chain.remainders] == [("file", "a.log")]


def test_a_mail_of_outlooks_is_read(case: Case) -> None:
    quoted = "在 2020-11-27 10:18:22，“工程师甲” <eng@vendor.example> 写道：\r\n请传日志。"
    sent = at("2020-11-27 15:13")
    raw = outlook_mail("日志", "客户甲", "Cu@client.example", sent, f"日志已传。\r\n\r\n{quoted}")
    assert kind_of(raw) == SourceKind.OUTLOOK
    mails = services.read(raw).mails
    assert [(mail.sent_at, mail.name, mail.address, mail.subject, mail.body) for mail in mails] == [
        (at("2020-11-27 10:18:22"), "工程师甲", "eng@vendor.example", "", "请传日志。"),
        (sent, "客户甲", "cu@client.example", "日志", "日志已传。"),
    ]


def test_what_is_no_thread_is_refused(
    case: Case, alice: User, jia: User, ding: User, monkeypatch: Any
) -> None:
    with pytest.raises(NoThread):
        services.look_at(case, name="x", content=b" \n", by=jia)
    with pytest.raises(ThreadUnreadable):
        services.look_at(case, name="x.msg", content=bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, by=jia)
    monkeypatch.setattr(services, "MAX_SOURCE_BYTES", 10)
    with pytest.raises(SourceTooLarge):
        services.look_at(case, name="x", content=b"x" * 11, by=jia)
    for user in (alice, ding):
        with pytest.raises(NotAllowed):
            services.look_at(case, name="x", content=b"x", by=user)
    assert not ThreadImport.objects.exists()


def test_who_nobody_knows_may_be_said_by_a_colleague(case: Case) -> None:
    chain = services.read(b"All is well again.\n\n" + MAIL.encode())
    (nobody,) = plan(case, chain)
    assert (nobody.side, nobody.known_by, nobody.kind) == (Side.UNKNOWN, "nobody", "mail_in")
    (said,) = plan(case, chain, {nobody.key: Side.VENDOR})
    assert (said.side, said.known_by, said.kind) == (Side.VENDOR, "hand", "mail_out")


def test_the_command_shows_first_and_imports_then(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "chain.txt"
    file.write_bytes(CHAIN)

    def run(*options: str) -> list[str]:
        out = StringIO()
        call_command("import_thread", str(file), "--case", case.number.lower(), *options, stdout=out)
        return out.getvalue().splitlines()

    shown = run("--dry-run", "--vendor", "eng@vendor.example")
    assert shown[0].startswith(
        "  1  2021-03-01 10:48  vendor    internal       Engineer A: 李女士您好, 我们已收到您的案例。"
    )
    assert shown[-1].startswith("  6  time unknown      vendor    internal       Engineer A: 李女士 您好,")
    assert not ImportedMessage.objects.exists() and not ThreadImport.objects.exists()
    with pytest.raises(CommandError, match="--leave-out 7: there are 6 mails"):
        run("--leave-out", "7")
    customer = ("--customer", "cu@client.example")
    chosen = run("--dry-run", *customer, "--leave-out", "1", "--internal", "6")
    assert [line[31:44].strip() for line in chosen] == [
        "nobody",
        *("everybody",) * 4,
        "internal",
    ]
    quotations = "0 quotations of internal mails left out"
    assert run(*customer, "--leave-out", "1")[-1] == (
        f"5 imported, 0 of them internal; 1 left out, {quotations}; 0 were there already."
    )
    assert run(*customer)[-1] == (
        f"1 imported, 0 of them internal; 0 left out, {quotations}; 5 were there already."
    )
    with pytest.raises(CommandError, match="There is no case CAS-1"):
        call_command("import_thread", str(file), "--case", "CAS-1")
