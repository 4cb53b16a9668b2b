"""Sentences that public logs showed to say more than the record does."""

from pathlib import Path
from typing import Any

import pytest

from engine.findings import Severity
from tests.engine.rules.test_harmless import found

SID = "S-1-5-21-1-2-3-1005"
AUDITING = {"provider": "Microsoft-Windows-Security-Auditing", "channel": "Security", "level": 0}
TIME = {"provider": "Microsoft-Windows-Time-Service", "channel": "System", "level": 3}
ADDED = {
    **AUDITING,
    "event_id": 4732,
    "data": {"MemberSid": SID, "TargetSid": "S-1-5-32-544", "SubjectUserName": "admin"},
}


def test_the_reason_of_a_shutdown_is_no_error_code(tmp_path: Path) -> None:
    asked = [
        "C:\\Windows\\explorer.exe (PC-7)",
        "PC-7",
        "Service pack (Planned)",
        "0x80020010",
        "restart",
        "",
    ]
    event = {
        "provider": "USER32",
        "event_id": 1074,
        "channel": "System",
        "level": 4,
        "data": [*asked, "PC-7\\lin"],
    }

    (one,) = found(tmp_path, "restart-requested", event)

    assert "reason “Service pack (Planned)” (0x80020010). These" in one.summary["en"]
    assert "原因为“Service pack (Planned)”（0x80020010）。" in one.summary["zh-hans"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"TimeDifferenceMilliseconds": 5000, "TimeSampleSeconds": 900},
            "differed, by more than 5000 milliseconds for 900 seconds; times",
        ),
        ({"TimeOffsetSeconds": 35999}, "differed, and the clock was set by 35999 seconds; times"),
    ],
)
def test_how_wrong_the_clock_was_is_what_the_record_says(
    tmp_path: Path, data: dict[str, Any], said: str
) -> None:
    event_id = 50 if "TimeSampleSeconds" in data else 52
    (one,) = found(tmp_path, "clock-was-wrong", {**TIME, "event_id": event_id, "data": data})

    assert said in one.summary["en"]


def test_a_controller_without_a_certificate_for_smart_cards_is_information(tmp_path: Path) -> None:
    kdc = {"provider": "Microsoft-Windows-Kerberos-Key-Distribution-Center", "channel": "System", "level": 3}
    unfit, none = found(
        tmp_path,
        "kdc-certificate-unusable",
        {**kdc, "event_id": 20, "data": {"Name": "x"}},
        {**kdc, "event_id": 29, "at": 5, "data": {"Name": "x"}},
    )
    assert {unfit.severity, none.severity} == {Severity.MEDIUM, Severity.INFO}


def test_an_account_is_called_by_its_name_where_the_log_knows_it(tmp_path: Path) -> None:
    created = {"TargetSid": SID, "TargetUserName": "mei"}

    (unknown,) = found(tmp_path, "administrator-added", ADDED)
    assert unknown.title["en"] == f"{SID} was added to the administrators"

    (one,) = found(tmp_path, "administrator-added", ADDED, {**AUDITING, "event_id": 4720, "data": created})
    assert one.title == {"en": "mei was added to the administrators", "zh-hans": "管理员组中增加了成员 mei"}
    assert one.fingerprint == unknown.fingerprint and one.data.identity == {"MemberSid": SID}
