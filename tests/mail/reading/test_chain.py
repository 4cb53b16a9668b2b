"""A chain of mails becomes single ones: who, when and what, by hand."""

import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mail.reading.chain import Chain, ChainedMail, LeftOver, chain_of, merged, name_and_address
from mail.reading.written_times import header_time, written_time
from tests.cases.thread.test_quoting import HEADERS

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENGINEER, CUSTOMER = "eng@vendor.example", "cu@client.example"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def facts(chain: Chain) -> list[tuple[datetime | None, str, str]]:
    return [(mail.sent_at, mail.address, mail.body.split("\n")[0]) for mail in chain.mails]


def test_an_exported_chain_becomes_its_mails_the_oldest_first() -> None:
    text = (Path(__file__).parent / "chain.zh.txt").read_text("utf-8")
    chain = chain_of(text, SHANGHAI)
    assert facts(chain) == [
        (at("2021-03-01 10:48"), ENGINEER, "李女士您好, 我们已收到您的案例。"),
        (at("2021-03-02 10:11"), CUSTOMER, "请问现在什么情况了？"),
        (at("2021-03-02 15:52"), ENGINEER, "李女士 您好，"),
        (at("2021-03-02 18:36"), CUSTOMER, "您好："),
        (at("2021-03-04 09:05"), ENGINEER, "李女士 您好,"),
        (None, "", "李女士 您好,"),
    ]
    assert chain.remainders == []
    top, result = chain.mails[-1], chain.mails[-2]
    assert top.placed_at == at("2021-03-04 09:05") + timedelta(seconds=1), "only for the order"
    assert (top.name, top.subject, top.sent_text) == ("", "", "")
    assert "电子邮箱: eng@vendor.example\n" in top.body and "(2) 法律法规要求披露的。" in top.body
    assert "To: 2021-03-01 09:00\n停止 3 次\n\n---\n\nFrom 日志到此为止。" in result.body
    assert result.subject.endswith("% 某电力公司 打印服务停止 % 分析结果 CMIT:0000077")
    assert "分析结果如下: 打印服务由第三方驱动引起停止。" in result.body, "the exporter's marks are not hers"
    assert result.name == "Engineer A", "an address stands in the headers of the others"
    assert chain.mails[0].body.endswith("以上内容是一封有关向某公司提交技术支持事件的邮件。")
    assert "原始邮件" not in "".join(mail.body for mail in chain.mails)


UNKNOWN_TIMES = {"known words alone", "gmail pl", "gmail vi"}
"""“lis” is October or November, by the language."""
WITHOUT_ADDRESS = {
    *("outlook zh, full width", "outlook zh-TW, known words", "outlook en, known words"),
    *("outlook de, known words", "outlook fr, known words", "foxmail", "foxmail en"),
    *("netease master, older", "known words alone", "notes zh, a name of Notes", "notes en, beside the time"),
    *("notes en, in its own order", "notes en, a table without a colon", "notes de, in its own order"),
    *("notes in a browser", "notes in a browser, zh", "notes zh, names beside an address"),
    "notes en, a name with its unit and an address",
}


@pytest.mark.parametrize("client", HEADERS)
def test_writer_and_time_are_read_from_every_clients_header(client: str) -> None:
    chain = chain_of(f"新的一句话。\n\n{HEADERS[client]}\n\n旧的一句话。", SHANGHAI)
    older, newest = chain.mails
    assert older.body == "旧的一句话。" and newest.body.startswith("新的一句话。")
    moment = None if client in UNKNOWN_TIMES else at("2020-11-27 10:18")
    assert (older.sent_at and older.sent_at.replace(second=0)) == moment
    assert older.address == ("" if client in WITHOUT_ADDRESS else ENGINEER)
    assert older.name.partition("/")[0] in {"工程师甲", "工程師甲", "Engineer A", "engineera", ""}
    assert bool(older.name) == (client not in {"known words alone", "foxmail, aligned"})
    assert newest.sent_at is None
    assert newest.placed_at == (older.placed_at and older.placed_at + timedelta(seconds=1))


def test_marked_lines_are_older_mail_and_an_answer_below_them_is_new() -> None:
    text = (
        "On 11/27/2020 10:18 AM, Engineer A <eng@vendor.example> wrote:\n> Please send the log.\n>\n"
        "> On 11/26/2020 9:00 AM, Customer A <cu@client.example> wrote:\n>> It is broken.\n\nHere it is."
    )
    assert facts(chain_of(text, SHANGHAI)) == [
        (at("2020-11-26 09:00"), CUSTOMER, "It is broken."),
        (at("2020-11-27 10:18"), ENGINEER, "Please send the log."),
        (None, "", "Here it is."),
    ]


def test_answers_between_the_lines_stay_one_mail() -> None:
    text = "On 11/27/2020 10:18 AM, E <eng@vendor.example> wrote:\n> one?\nyes\n\n> two?\nno"
    (mail,) = chain_of(text, SHANGHAI).mails
    assert mail.body == text


def mail(body: str, sent: str = "", address: str = "", *, is_quoted: bool = True) -> ChainedMail:
    moment = at(sent) if sent else None
    return ChainedMail(0, body, address=address, sent_at=moment, placed_at=moment, is_quoted=is_quoted)


def test_a_mail_and_its_quotations_are_one() -> None:
    itself = mail(
        "日志已经上传，请查收。\n\n发自我的 iPhone", "2021-03-02 18:36:20", CUSTOMER, is_quoted=False
    )
    copies = [
        mail("日志已经上传，请查收。", "2021-03-02 18:36", CUSTOMER),
        mail("**日志已经上传, 请查收.**\n\n发自我的 iPhone", address=CUSTOMER),
        mail("日志已经上传，请查收。 发自我的 iPhone"),
    ]
    assert merged([*copies, itself]) == [itself]


def test_the_same_words_at_two_times_or_of_two_people_are_two_mails() -> None:
    words = "日志已经上传，请查收。"
    two = [mail(words, "2021-03-02 18:36", CUSTOMER), mail(words, "2021-03-03 09:00", CUSTOMER)]
    assert merged(two) == two
    people = [mail(words, "2021-03-02 18:36", CUSTOMER), mail(words, "", ENGINEER)]
    assert len(merged(people)) == 2
    minute = [
        mail("第一封：日志。", "2021-03-02 18:36", CUSTOMER),
        mail("第二封。", "2021-03-02 18:36", CUSTOMER),
    ]
    assert len(merged(minute)) == 2
    short = [mail("好的。", "2021-03-02 18:36", CUSTOMER), mail("好的。")]
    assert len(merged(short)) == 2, "two people say “yes” more than once"


def test_what_fits_into_no_mail_is_told() -> None:
    header = HEADERS["outlook zh"]
    chain = chain_of(f"新的。\n\n{header}\n\n{HEADERS['qq']}\n\n旧的。", SHANGHAI)
    assert [mail.body for mail in chain.mails] == ["旧的。", "新的。"]
    assert [(remainder.why, remainder.text) for remainder in chain.remainders] == [(LeftOver.NO_TEXT, header)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020年11月27日(星期五)下午3:52", "2020-11-27 15:52"),
        ("2020 年 11 月 27 日(星期五) 上午 10:18", "2020-11-27 10:18"),
        ("2020年11月27日 中午12:30", "2020-11-27 12:30"),
        ("2020年11月27日 凌晨12:30", "2020-11-27 00:30"),
        ("2020年11月27日 晚上8点05分", "2020-11-27 20:05"),
        ("Friday, November 27, 2020 3:13 PM", "2020-11-27 15:13"),
        ("Friday, 27 November 2020 15:13", "2020-11-27 15:13"),
        ("Fri, Nov 27, 2020 at 12:05 AM", "2020-11-27 00:05"),
        ("27 Nov 2020, at 10:18", "2020-11-27 10:18"),
        ("Freitag, 27. November 2020 10:18", "2020-11-27 10:18"),
        ("27.11.20 um 10:18", "2020-11-27 10:18"),
        ("vendredi 27 novembre 2020 10:18", "2020-11-27 10:18"),
        ("27/11/2020 à 10:18", "2020-11-27 10:18"),
        ("05/11/2020 à 10:18", "2020-11-05 10:18"),
        ("11/05/2020 10:18 AM", "2020-11-05 10:18"),
        ("11/27/2020 10:18", "2020-11-27 10:18"),
        ("2020-11-27 10:18:22 (星期五)", "2020-11-27 10:18:22"),
        ("2020/11/27 下午 10:18", "2020-11-27 22:18"),
        ("11/05/2020 10:18", None),
        ("2020年11月27日", None),
        ("Friday 10:18", None),
        ("2020-13-27 10:18", None),
        ("2020-11-27 25:18", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_written_or_not_at_all(text: str, moment: str | None) -> None:
    assert written_time(text, SHANGHAI) == (at(moment) if moment else None)


def test_a_time_with_its_own_offset_keeps_it() -> None:
    assert written_time("Fri, 27 Nov 2020 10:18:22 +0100", SHANGHAI) == datetime(
        2020, 11, 27, 10, 18, 22, tzinfo=timezone(timedelta(hours=1))
    )
    assert written_time("Friday, November 27, 2020, 2:18 AM UTC", SHANGHAI) == at("2020-11-27 10:18")
    assert header_time("Fri, 27 Nov 2020 02:18:22 +0000 (GMT)", SHANGHAI) == datetime(
        2020, 11, 27, 2, 18, 22, tzinfo=UTC
    )
    assert header_time("Fri, 27 Nov 2020 10:18:22", SHANGHAI) == at("2020-11-27 10:18:22")
    assert header_time("2020-11-27 10:18", SHANGHAI) == at("2020-11-27 10:18")
    assert header_time("yesterday", SHANGHAI) is None


def test_a_writer_is_a_name_and_an_address_as_written() -> None:
    assert name_and_address('"Engineer A" <Eng@Vendor.example>;') == ("Engineer A", ENGINEER)
    assert name_and_address("工程师甲 [mailto:eng@vendor.example]") == ("工程师甲", ENGINEER)
    assert name_and_address("eng@vendor.example") == ("", ENGINEER)
    assert name_and_address("“客户甲”") == ("客户甲", "")
    assert name_and_address('"客户甲" </O=EXCHANGE/CN=A>') == ("客户甲", "")


@pytest.mark.parametrize(
    "shape",
    ["From: a@b.example\nSent: 2020-11-27 10:18\nSubject: x\n\nwords\n\n", "> " * 40 + "\n", "[a](b) "],
)
def test_a_chain_without_end_is_taken_apart_in_seconds(shape: str) -> None:
    began = time.process_time()
    chain = chain_of(shape * (1_000_000 // len(shape)), SHANGHAI)
    assert time.process_time() - began < 15
    assert chain.mails


def test_a_chain_of_notes_is_taken_apart() -> None:
    text = (
        "新的。\n\n工程师甲 <eng@vendor.example>\n2020/11/27 10:18\n\n"
        "收件人\n客户甲/信息中心/客户公司\n抄送\n\n主题\nRE: 证书\n\n\n请重启。\n\n"
        "客户甲/信息中心/客户公司\n2020-11-26 09:00\n\n"
        "收件人\n工程师甲/技术部/示例公司\n抄送\nCRM/技术部/示例公司\n主题\n证书\n\n服务停了。\n"
    )
    chain = chain_of(text, SHANGHAI)
    assert [(mail.name, mail.sent_at, mail.to, mail.subject, mail.body) for mail in chain.mails] == [
        (
            "客户甲/信息中心/客户公司",
            at("2020-11-26 09:00"),
            "工程师甲/技术部/示例公司; CRM/技术部/示例公司",
            "证书",
            "服务停了。",
        ),
        ("工程师甲", at("2020-11-27 10:18"), "客户甲/信息中心/客户公司", "RE: 证书", "请重启。"),
        ("", None, "", "", "新的。"),
    ]
    assert chain.remainders == []


def test_of_a_mail_that_apple_passes_on_the_marked_fields_are_its_header() -> None:
    chain = chain_of(
        "看看。\n\nBegin forwarded message:\n\n> From: Engineer A <eng@vendor.example>\n> Subject: x\n"
        "> Date: November 27, 2020 at 10:18:02 GMT+8\n>\n> 旧的。\n",
        SHANGHAI,
    )
    older, newest = chain.mails
    assert (older.address, older.subject, older.body) == (ENGINEER, "x", "旧的。")
    assert older.sent_at == at("2020-11-27 10:18").replace(second=2)
    assert newest.body == "看看。"
