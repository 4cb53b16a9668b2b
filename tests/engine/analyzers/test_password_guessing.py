"""Thousands of failed sign-ins within minutes: how many, whose, from where, and whether somebody got in."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyze import analyze
from engine.findings import Severity
from engine.schema.document import FindingEntry
from tests.engine.event_logs import crash, moment

AUDIT = "Microsoft-Windows-Security-Auditing"


def sign_in(seconds: float, number: int = 4625, account: str = "administrator", **more: Any) -> Event:
    facts: dict[str, Any] = {"TargetUserName": account, "IpAddress": "203.0.113.77", "LogonType": 3} | more
    return Event(moment(seconds), AUDIT, number, facts, channel="Security", level=0)


def attack(count: int, start: float = 0, *, every: float = 0.05, accounts: int = 3) -> list[Event]:
    """Attempts at several accounts in turn."""
    names = [f"user{number}" for number in range(accounts)]
    return [sign_in(start + every * number, account=names[number % accounts]) for number in range(count)]


def said(folder: Path, events: Sequence[Event], rule: str = "password-guessing") -> list[FindingEntry]:
    (folder / "logs").mkdir()
    for channel in {event.channel for event in events}:
        mine = sorted((event for event in events if event.channel == channel), key=lambda event: event.time)
        write_log(folder / "logs" / f"{channel}.evtx", mine)
    findings = analyze(folder / "logs", folder / "work", readers=1).document().findings
    return [finding for finding in findings if finding.rule == rule]


def test_three_and_a_half_thousand_failures_stand_first_and_once(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    write_log(tmp_path / "logs" / "Security.evtx", [*attack(3560), sign_in(400, 4624, "user1")])
    write_log(tmp_path / "logs" / "System.evtx", [crash(at, "1") for at in (0, 60, 120)])
    findings = analyze(tmp_path / "logs", tmp_path / "work", readers=1).document().findings

    first = findings[0]
    assert (first.rule, first.severity) == ("password-guessing", Severity.HIGH)
    assert first.title["en"] == "3,560 failed sign-ins within 3 minutes"
    assert first.title["zh-hans"] == "3 分钟内登录失败 3,560 次"
    said = first.summary["en"].split("\n\n")[0]
    assert said == (
        "3,560 sign-ins failed (event 4625) between 2020-11-20 20:00:00 and 2020-11-20 20:02:57 "
        "(Asia/Shanghai time). They concern 3 accounts: user0 (1,187), user1 (1,187), user2 (1,186). "
        "They came from 1 address: 203.0.113.77 (3,560). In the day after, 1 sign-in from these addresses "
        "succeeded (event 4624): user1 (at 2020-11-20 20:06:40 from 203.0.113.77)."
    )
    assert not [one for one in findings[1:] if one.rule == "sign-in-failure-burst"], "it is a stage of this"
    assert first.data.count == 3560
    assert [stage.rule for stage in first.data.stages].count("sign-in-failure-burst") == 3


def test_that_nobody_got_in_is_said_where_the_log_tells_of_sign_ins(tmp_path: Path) -> None:
    elsewhere = sign_in(400, 4624, "user1", IpAddress="192.0.2.8")
    (finding,) = said(tmp_path, [*attack(200), elsewhere])
    assert "The logs hold no successful sign-in (event 4624) from these addresses" in finding.summary["en"]
    assert "没有这些地址此后一天内登录成功的记录" in finding.summary["zh-hans"]


def test_a_log_without_sign_ins_says_nothing_of_their_success(tmp_path: Path) -> None:
    (finding,) = said(tmp_path, attack(200))
    assert "whether one succeeded cannot be told" in finding.summary["en"]


@pytest.mark.parametrize(("count", "every", "found"), [(99, 1, 0), (100, 1, 1), (100, 6, 1), (100, 6.1, 0)])
def test_a_hundred_within_ten_minutes_are_nobodys_own_mistakes(
    tmp_path: Path, count: int, every: float, found: int
) -> None:
    assert len(said(tmp_path, attack(count, every=every))) == found


def test_two_waves_are_one_finding_and_what_came_slowly_between_is_none_of_them(tmp_path: Path) -> None:
    slow = [sign_in(10_000 + 700 * number) for number in range(20)]
    (finding,) = said(tmp_path, [*attack(150), *slow, *attack(250, 50_000)])
    assert finding.data.count == 400
    assert finding.title["en"] == "250 failed sign-ins within 1 minute"
    assert "in 2 bursts" in finding.summary["en"]


def test_attempts_without_an_address_name_none(tmp_path: Path) -> None:
    (finding,) = said(tmp_path, [sign_in(number, IpAddress="-") for number in range(150)])
    assert "The records hold no address of another machine." in finding.summary["en"]


def test_a_session_without_an_account_is_nobody_who_got_in(tmp_path: Path) -> None:
    (finding,) = said(tmp_path, [*attack(200), sign_in(400, 4624, "ANONYMOUS LOGON")])
    assert "The logs hold no successful sign-in (event 4624) from these addresses" in finding.summary["en"]


def test_of_many_who_got_in_five_are_named_and_all_counted(tmp_path: Path) -> None:
    (finding,) = said(tmp_path, [*attack(200), *(sign_in(400 + at, 4624, f"u{at}") for at in range(7))])
    assert "In the day after, 7 sign-ins from these addresses succeeded" in finding.summary["en"]
    assert "u4 (at 2020-11-20 20:06:44 from 203.0.113.77) and more." in finding.summary["en"]


def test_who_got_in_is_told_of_the_machine_where_it_was(tmp_path: Path) -> None:
    other = [replace(event, computer="PC-9") for event in attack(200)]
    findings = said(tmp_path, [*attack(200), *other, replace(sign_in(400, 4624, "user1"), computer="PC-9")])
    got_in = {finding.computer: "1 sign-in from these" in finding.summary["en"] for finding in findings}
    assert got_in == {"DESKTOP-CM01": False, "PC-9": True}


def test_who_signed_in_before_he_mistyped_did_not_get_in_afterwards(tmp_path: Path) -> None:
    colleague = [
        sign_in(1, 4624, "li", IpAddress="192.0.2.9"),
        sign_in(2, account="li", IpAddress="192.0.2.9"),
    ]
    (finding,) = said(tmp_path, [*attack(200), *colleague])
    assert "The logs hold no successful sign-in (event 4624) from these addresses" in finding.summary["en"]


def test_who_got_in_between_two_waves_is_told(tmp_path: Path) -> None:
    (finding,) = said(tmp_path, [*attack(150), sign_in(20_000, 4624, "user1"), *attack(150, 50_000)])
    assert "In the day after, 1 sign-in from these addresses succeeded" in finding.summary["en"]
    later = [*attack(150), *attack(150, 50_000), sign_in(50_001, 4624, "user1")]
    (tmp_path / "later").mkdir()
    (finding,) = said(tmp_path / "later", later)
    assert "In the day after, 1 sign-in from these addresses succeeded" in finding.summary["en"]
