"""Which case a mail names, in whatever shape, and which of several it belongs to."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from mail.reading.correlation import Claim, ClaimKind, Weight, claims
from mail.reading.message import read_mail

NUMBER = "CAS-03282-J6Y6M6"


def read(
    subject: str = "",
    text: str = "",
    recipients: str = "",
    delivered_to: str = "",
    references: Any = (),
    in_reply_to: Any = (),
) -> Any:
    """A mail as far as claims look at it."""
    return SimpleNamespace(
        subject=subject,
        text=text,
        recipients=recipients,
        delivered_to=delivered_to,
        references=list(references),
        in_reply_to=list(in_reply_to),
    )


def found(*facts: Any, **more: Any) -> list[str]:
    """What is believed where it leads to a case."""
    sure = {Weight.STATED, Weight.QUOTED}
    return [claim.value for claim in claims(read(*facts, **more)) if claim.weight in sure]


def weighed(*facts: Any, **more: Any) -> list[tuple[str, Weight]]:
    return [(claim.value, claim.weight) for claim in claims(read(*facts, **more))]


@pytest.mark.parametrize(
    "subject",
    [
        "Re: [案例号: CAS-03282-J6Y6M6] % 重启后无法启动 % 初次响应",
        "回复：【案例号：ＣＡＳ－０３２８２－Ｊ６Ｙ６Ｍ６】",
        "logs of cas-03282-j6y6m6!",
        "logs cas_03282_j6y6m6.zip",
        "CAS–03282–J6Y6M6",
        "CAS—03282—J6Y6M6",
        "CAS - 03282 - J6Y6M6",
        "CAS-03282-\u200bJ6Y6M6",
        "CAS\u00a003282-J6Y6M6",
        "Re: CAS-03282- J6Y6M6 logs",
        "Re: CAS-032 82-J6Y6M6 logs",
        "CAS/03282/J6Y6M6",
        "CAS·03282·J6Y6M6",
        "案例 03282-J6Y6M6 的日志",
        "CAS-03282-J6Y6M6日志",
        "案例编号：CAS-03282-J6Y6M6",
        "C A S - 0 3 2 8 2 - J 6 Y 6 M 6",
        "Ｃ Ａ Ｓ － ０ ３ ２ ８ ２ － Ｊ ６ Ｙ ６ Ｍ ６",
        "C A S-03282-J6Y6M6",
        "CAS＿03282＿J6Y6M6",
        "CAS⸺03282〜J6Y6M6",
        "CAS➖03282ーJ6Y6M6",
        "CAS\u00ad-03\u00ad282-J6Y6M6",
        "\u2066CAS\u2069-\u202d03282\u202c-J6Y6M6",
        "CAS-\n        03282-J6Y6M6",
        "CAS-03\n 282-J6Y6M6",
        "CAS-3282-J6Y6M6",
        "案例号 3282-J6Y6M6",
        "https://portal.example/cases/CAS-03282-J6Y6M6/",
    ],
)
def test_a_number_is_known_in_any_shape(subject: str) -> None:
    assert found(subject) == [NUMBER]
    assert found(text=f"您好：\n{subject}\n谢谢") == [NUMBER]


@pytest.mark.parametrize(
    "subject",
    [
        "cas 03282 j6y6m6",
        "CAS03282J6Y6M6",
        "Re: CAS-03282-J6Y 6M6 logs",
        "Re: CAS-03282-J6Y6 M6",
    ],
)
def test_where_the_suffix_is_not_sure_the_short_number_follows(subject: str) -> None:
    assert found(subject) == [NUMBER, "CAS-03282"]


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        ("Re: CAS-03282 - Please send the logs", "PLEASE"),
        ("CAS-03282-SERVER is down", "SERVER"),
        ("CAS-03282 - 000001 again", "000001"),
    ],
)
def test_a_word_or_figure_behind_the_number_takes_nothing_from_it(subject: str, word: str) -> None:
    assert found(subject) == [f"CAS-03282-{word}", "CAS-03282"]


@pytest.mark.parametrize(
    "subject",
    [
        "Re: [CAS-03282] logs",
        "cas 03282",
        "CAS-03282，进度？",
        "CAS-03282-J6Y",
        "ＣＡＳ０３２８２",
        "CAS—03282",
        "CAS\u202f03282",
        "CAS-\u200b03282",
        "案例编号：CAS-03282",
        "C A S - 0 3 2 8 2",
        "C A S 0 3 2 8 2 logs",
        "CAS - 0 3 2 8 2",
        "CAS-03282 12 disks",
    ],
)
def test_a_number_whose_suffix_was_cut_off_is_a_claim(subject: str) -> None:
    assert found(subject) == ["CAS-03282"]


@pytest.mark.parametrize(
    "subject",
    ["cascade 12345", "CAS-0328", "CAS-0328212345", "order 12345-678901", "Lucas-03282", "", "CMIT: 12"],
)
def test_other_numbers_are_no_claims(subject: str) -> None:
    assert weighed(subject) == []


@pytest.mark.parametrize(
    "text",
    [
        "案例号: 03282",
        "案例号: 03282 日志",
        "案例编号03282日志上传",
        "案例号：０３２８２",
        "案例 03282 的进度",
        "案例编号 03282",
        "案件号03282",
        "案號：03282",
        "工单号 #03282",
        "案例号为 03282",
        "案例号（03282）",
        "案例号【03282】",
        "ケース番号：03282",
        "チケット 03282",
        "case 03282",
        "Case #03282",
        "Case: 03282, any news?",
        "CASE NO. 03282.",
        "case number 03282",
        "The case number is 03282",
        "Case ID=03282",
        "Ticket 03282",
        "CAS 编号 03282",
        "CAS No. 03282",
        # Where the number is said to be one, it may have lost its zeros.
        "case no. 3282",
        "案例号 3282",
        "Case #3282",
        "CAS-3282",
        "案例号: 0003282",
    ],
)
def test_a_bare_number_with_a_label_is_a_claim_of_less_weight(text: str) -> None:
    assert weighed(text) == [("CAS-03282", Weight.LABELLED)]
    assert weighed(text=f"您好：\n{text}\n谢谢") == [("CAS-03282", Weight.LABELLED)]


@pytest.mark.parametrize(
    "text",
    [
        "03282",
        "event 03282",
        "事件 ID 03282",
        "1003282",
        "case 3282",
        "Case: 150 machines fail",
        "案例3282",
        "案例：2020年的日志",
        "案例 10000 台",
        "案例号 0328",
        "case no. 32",
        "case 13800138000",
        "tel. 010-03282000",
        "test case 03282",
        "测试案例 03282",
        "in case 03282 machines fail",
        "use case #03282",
        "showcase 03282",
        "档案号 03282",
        "京ICP备案号03282",
        "方案 03282",
        "case 2020-11-27",
        "案例 20201127-03",
        "工单 2020.11",
        "case 10000:30",
        "case 03282.5",
        "CAS 7732-18-5",
        "case opened 03282",
        "2026-11-27 09:12:30 WARN ticket 03282 expired",
        "Case solidbolts",
    ],
)
def test_a_number_without_a_label_of_its_own_is_none(text: str) -> None:
    assert weighed(text=f"您好：\n{text}\n谢谢") == []


def test_the_vendors_label_is_one_whatever_stands_in_it() -> None:
    mail = read("问题单(新)： 03282")
    assert [claim.value for claim in claims(mail, label=" 问题单(新)")] == ["CAS-03282"]
    assert claims(mail, label="(") == claims(mail, label=" \u200b") == []


@pytest.mark.parametrize(
    "subject",
    [
        "CAS-O3282-J6Y6M6",
        "CAS-0328Z",
        "cas o3282",
        "C A S-O3282",
        "案例号: O3282",
        "CAS-03 282",
        "Case #03 282",
    ],
)
def test_what_is_nearly_a_number_is_proposed_alone(subject: str) -> None:
    assert weighed(subject) == [("CAS-03282", Weight.ALIKE)]


def test_a_number_with_a_wrong_suffix_proposes_the_one_that_it_counts() -> None:
    assert weighed("Re: CAS-03282-J6Y6M7") == [
        ("CAS-03282-J6Y6M7", Weight.STATED),
        ("CAS-03282", Weight.ALIKE),
    ]


def test_what_is_stated_goes_before_what_is_quoted_and_that_before_bare_numbers() -> None:
    quoted = "On 2026-11-01 10:00, Anjuan <s@v.example> wrote:\n> [CAS-\n> 03117-D4G7K3] logs"
    assert weighed("ticket 04000", f"CAS-05000 please\n\n{quoted}") == [
        ("CAS-05000-PLEASE", Weight.STATED),
        ("CAS-05000", Weight.STATED),
        ("CAS-03117-D4G7K3", Weight.QUOTED),
        ("CAS-04000", Weight.LABELLED),
    ]


@pytest.mark.parametrize(
    "field",
    [
        "Re: [Case CAS-03\r\n 282-J6Y6M6] logs",
        "=?utf-8?Q?Re:_CAS-03?=\r\n =?utf-8?Q?282-J6Y6M6_logs?=",
        "=?utf-8?B?UmU6IENBUy0w?= =?utf-8?B?MzI4Mi1KNlk2TTY=?=",
    ],
)
def test_a_number_that_a_client_cut_between_two_lines_or_words_is_whole(field: str) -> None:
    mail = read_mail(f"From: a@b.example\r\nSubject: {field}\r\n\r\nhello\r\n".encode())
    assert [claim.value for claim in claims(mail) if claim.weight == Weight.STATED] == [NUMBER]


@pytest.mark.parametrize(
    "subject", ["RE: CMIT:0001866", "cmit：０００１８６６", "CMIT 0001866", "CMIT#0001866!"]
)
def test_the_token_alone_names_the_case(subject: str) -> None:
    assert found(subject) == ["0001866"]


def test_the_token_has_the_vendors_label() -> None:
    mail = read("[X.1:77812] CMIT:0001866")
    assert claims(mail, token_prefix=" x.1：") == [Claim(ClaimKind.TOKEN, "77812")]
    assert claims(mail, token_prefix=" ") == []


@pytest.mark.parametrize(
    "subject",
    [
        "FW: see CAS-03117-D4G7K3 RE: [Case: CAS-03282-J6Y6M6] % t %",
        "CAS-03117-D4G7K3? Re: CAS-03282-J6Y6M6",
        "[案例号: CAS-03282-J6Y6M6] % the same as CAS-03117-D4G7K3 % CMIT:0001866",
        "[see CAS-03117-D4G7K3] RE: [案例号：CAS-03282-J6Y6M6] t",
        "Re: CAS-03282-J6Y6M6, and not CAS-03117-D4G7K3",
        "CAS-03117 RE: 【CAS-03282-J6Y6M6】",
    ],
)
def test_of_several_numbers_that_of_the_thread_comes_first(subject: str) -> None:
    assert found(subject)[0] == NUMBER
    assert len(found(subject)) > 1


def test_a_token_goes_before_a_number_in_passing() -> None:
    assert found("see CAS-03117-D4G7K3 RE: logs CMIT:0001866") == ["0001866", "CAS-03117-D4G7K3"]


def test_a_copy_that_nobody_was_told_of_is_known_by_the_envelope() -> None:
    assert found(
        recipients="other@plant.example", delivered_to="a@b.example, help+cas-03282-j6y6m6@v.example"
    ) == ["help+cas-03282-j6y6m6@v.example"]


def test_what_a_mail_answers_and_where_it_went_goes_before_what_it_says() -> None:
    signed, unsigned = (
        f"help+{NUMBER.lower()}.{'0a' * 10}@vendor.example",
        "help+cas-03117-d4g7k3@vendor.example",
    )
    assert found(
        subject="Re: CAS-04000-CCCCCC",
        text="about CAS-05000-DDDDDD\n\n> old\n> CAS-06000-FFFFFF\n\nnot CAS-07000-GGGGGG",
        recipients=f"Help <{unsigned.upper()}>, help@vendor.example, Help <{signed}>, a+b@c.example",
        references=["<1@x.example>", "<3@x.example>"],
        in_reply_to=["<2@x.example>"],
    ) == [
        "<2@x.example>",
        "<3@x.example>",
        "<1@x.example>",
        signed,
        unsigned,
        "CAS-04000-CCCCCC",
        "CAS-05000-DDDDDD",
        "CAS-07000-GGGGGG",
        "CAS-06000-FFFFFF",
    ]


@pytest.mark.parametrize(
    "piece",
    [
        *("CAS-", "CAS 0 3 2 8 2 - ", "0 ", "12345-", "[", "CMIT:", "+cas-0@", "CAS-03282-J6Y6M6 "),
        *("案例号: 03282 ", "CASE NO IS ", "工单", "CAS-O3282 ", "C A S 0 3 ", "\u00ad", "ß" * 9, "> \n"),
    ],
)
def test_a_text_made_for_it_takes_no_longer_than_it_is_long(piece: str) -> None:
    text = piece * (2**20 // len(piece))
    started = time.process_time()
    assert len(weighed(text, f"{text}\n>{text}", text)) < 300
    assert time.process_time() - started < 30
