"""Which case a mail names, in whatever shape, and which of several it belongs to."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from mail.reading.correlation import Claim, ClaimKind, claims

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
    return [claim.value for claim in claims(read(*facts, **more))]


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
    ],
)
def test_a_number_is_known_in_any_shape(subject: str) -> None:
    assert found(subject) == [NUMBER]
    assert found(text=f"您好：\n{subject}\n谢谢") == [NUMBER]


@pytest.mark.parametrize(
    "subject",
    ["cas 03282 j6y6m6", "CAS03282J6Y6M6", "Re: CAS-03282-J6Y 6M6 logs", "Re: CAS-03282-J6Y6 M6"],
)
def test_where_the_suffix_is_not_sure_the_short_number_follows(subject: str) -> None:
    assert found(subject) == [NUMBER, "CAS-03282"]


@pytest.mark.parametrize(
    "subject", ["Re: [CAS-03282] logs", "cas 03282", "CAS-03282，进度？", "CAS-03282-J6Y", "ＣＡＳ０３２８２"]
)
def test_a_number_whose_suffix_was_cut_off_is_a_claim(subject: str) -> None:
    assert found(subject) == ["CAS-03282"]


@pytest.mark.parametrize(
    "subject",
    ["cascade 12345", "CAS-0328", "CAS-0328212345", "order 12345-678901", "Lucas-03282", "", "CMIT: 12"],
)
def test_other_numbers_are_no_claims(subject: str) -> None:
    assert found(subject) == []


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
    "piece", ["CAS-", "CAS 0 3 2 8 2 - ", "0 ", "12345-", "[", "CMIT:", "+cas-0@", "CAS-03282-J6Y6M6 "]
)
def test_a_text_made_for_it_takes_no_longer_than_it_is_long(piece: str) -> None:
    text = piece * (2**20 // len(piece))
    started = time.process_time()
    assert len(found(text, f"{text}\n>{text}", text)) < 200
    assert time.process_time() - started < 30
