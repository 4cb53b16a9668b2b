"""What a message says of an event's values: main ones in the sentence, every other one by name."""

from typing import Any

import pytest

from engine.messages import labels
from engine.messages.describe import Source, Sources, describe
from tests.engine.message_files import record

SECURITY = "Microsoft-Windows-Security-Auditing"
BITS = "Microsoft-Windows-Bits-Client"


def said(provider: str, event_id: int, data: Any, **more: Any) -> tuple[str, str]:
    description = describe(record(provider, event_id, data, **more), Sources())
    assert description.source is Source.CATALOGUE
    return description.text["zh-hans"], description.text["en"]


def test_a_ticket_is_told_with_its_result_its_encryption_and_its_options_in_words() -> None:
    chinese, english = said(
        SECURITY,
        4769,
        {
            "TargetUserName": "li@SHOP.EXAMPLE",
            "ServiceName": "sql01$",
            "TicketOptions": "0x40810000",
            "TicketEncryptionType": "0x17",
            "IpAddress": "::ffff:10.0.0.7",
            "Status": "0x0",
            "TransmittedServices": "-",
        },
    )
    assert english.splitlines() == [
        "A Kerberos service ticket was asked for: account li@SHOP.EXAMPLE, service sql01$, "
        "from ::ffff:10.0.0.7, result: 0x0 (success); encryption: RC4-HMAC (0x17).",
        "Ticket options: forwardable, renewable, name-canonicalize (0x40810000)",
    ]
    assert "结果：“成功”（0x0）；加密类型：RC4-HMAC（0x17）。" in chinese
    assert "票证选项：可转发、可续订、规范化名称（0x40810000）" in chinese


def test_a_refused_ticket_has_no_encryption_to_tell_of() -> None:
    _, english = said(
        SECURITY,
        4768,
        {"TargetUserName": "li", "Status": "0x18", "IpAddress": "10.0.0.7"},
    )
    assert english == (
        "A Kerberos authentication ticket (TGT) was asked for: account li, from 10.0.0.7, "
        "result: 0x18 (preauthentication failed (wrong password))."
    )


def test_a_directory_right_is_told_by_what_its_guid_means() -> None:
    chinese, english = said(
        SECURITY,
        4662,
        {
            "SubjectUserName": "svc",
            "SubjectDomainName": "SHOP",
            "ObjectType": "%{19195a5b-6da0-11d0-afd3-00c04fd930c9}",
            "ObjectName": "%{2a0b1c2d-0000-0000-0000-000000000001}",
            "AccessList": "%%7688\n\t\t\t\t",
            "Properties": "%%7688\n\t\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}\n",
        },
    )
    assert "DS-Replication-Get-Changes-All ({1131f6ad-9c07-11d1-f79f-00c04fc2dcd2})" in english
    assert "复制所有目录更改（DS-Replication-Get-Changes-All）" in chinese
    assert "by SHOP\\svc." in english and "%%" not in english + chinese


def test_what_a_provider_says_in_attributes_is_said_too() -> None:
    data = {
        "WinVerifyTrust": {
            "FileInfo": {"#attributes": {"filePath": "C:\\a\\b.exe", "hasFileHandle": "true"}},
            "EventAuxInfo": {"#attributes": {"ProcessName": "setup.exe"}},
            "Result": {"#attributes": {"value": "800B0100"}, "#text": "No signature was present."},
        }
    }
    _, english = said("Microsoft-Windows-CAPI2", 81, data)
    assert english.startswith("A signature was verified: C:\\a\\b.exe; process setup.exe, result:")
    assert "0x800B0100" in english
    assert "Has a file handle: yes" in english


@pytest.mark.parametrize(
    ("version", "data", "english"),
    [
        (0, {"string": "job", "string2": "PC\\li"}, "BITS created the transfer job “job”, owner PC\\li."),
        (
            2,
            {"jobTitle": "job", "jobOwner": "PC\\li", "processPath": "C:\\a.exe", "processId": 7},
            "BITS created the transfer job “job”, owner PC\\li, by the process C:\\a.exe (7).",
        ),
    ],
)
def test_each_version_of_an_event_is_told_with_the_values_that_it_has(
    version: int, data: dict[str, Any], english: str
) -> None:
    assert said(BITS, 3, data, version=version)[1] == english


def test_values_that_a_sentence_leaves_out_follow_under_their_names() -> None:
    data = {
        "SubjectUserName": "li",
        "SubjectDomainName": "PC",
        "ShareName": "\\\\*\\C$",
        "IpAddress": "10.0.0.7",
        "IpPort": "50000",
        "AccessList": "%%4416\n\t\t\t\t",
        "AccessMask": "0x1",
        "ObjectType": "File",
        "Nothing": "-",
        "Whatever": "x",
    }
    chinese, english = said(SECURITY, 5140, data)
    assert english.splitlines()[1:] == ["Access mask: 0x1", "Object type: file", "Whatever: x"]
    assert chinese.splitlines()[1:] == ["访问掩码：0x1", "对象类型：文件（File）", "Whatever：x"]


def test_a_value_in_the_place_of_another_is_told_by_its_place() -> None:
    _, english = said("MsiInstaller", 1022, ["Acme Suite", "KB1", "(NULL)", "", "extra"])
    assert english == "The update “KB1” of the product Acme Suite was installed.\nValue 5: extra"


def test_a_named_instance_of_sql_server_speaks_as_sql_server() -> None:
    for provider in ("MSSQLSERVER", "MSSQL$SHOP"):
        _, english = said(provider, 15457, ["show advanced options", "0", "1"])
        assert (
            english == "The SQL Server configuration option “show advanced options” was changed from 0 to 1."
        )


def test_an_unknown_event_of_an_unknown_provider_names_all_its_values() -> None:
    description = describe(
        record(
            "Acme", 77, {"ProcessName": "a.exe", "Gadget": {"#attributes": {"tone": "blue"}, "#text": "g"}}
        ),
        Sources(),
    )
    assert description.source is Source.FIELDS
    assert description.text["zh-hans"] == "Acme 的事件 77\n进程：a.exe\ntone：blue\nGadget：g"


def test_a_sid_is_shown_without_the_marks_of_the_log() -> None:
    data = {
        "TargetUserName": "li",
        "TargetDomainName": "SHOP",
        "LogonType": 3,
        "EventIdx": 1,
        "EventCountTotal": 1,
        "GroupMembership": "\n\t\t%{S-1-5-32-544}\n\t\t%{S-1-1-0}",
    }
    chinese, english = said(SECURITY, 4627, data)
    assert english.endswith("logon type network (3): S-1-5-32-544, S-1-1-0")
    assert chinese.endswith("登录类型网络（3）：S-1-5-32-544、S-1-1-0")


def test_a_stop_that_a_value_brings_serves_for_the_sentence() -> None:
    data = {"ReasonString": "Reason Code: 2(Server Configuration)."}
    chinese, english = said("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 101, data)
    assert english.endswith("(Server Configuration).") and not english.endswith("..")
    assert chinese.endswith("(Server Configuration)。")


def test_an_event_of_an_unknown_provider_is_told_without_a_stray_blank() -> None:
    assert describe(record("", 7), Sources()).text["zh-hans"] == "未知来源的事件 7"


def test_the_accounts_of_windows_are_told_by_name() -> None:
    assert labels.labelled("S-1-5-18", "account_sid", "en") == "SYSTEM (S-1-5-18)"
    assert labels.labelled("S-1-5-32-544", "account_sid", "zh-hans") == "本机管理员组（S-1-5-32-544）"
    assert labels.labelled("S-1-5-21-1-2-3-500", "account_sid", "en") == "S-1-5-21-1-2-3-500"
