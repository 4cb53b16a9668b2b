"""Error codes in words: the field's family decides, the number stays, the unknown is said to be so."""

import pytest

from engine.analyzers.sigma_text import filled
from engine.messages.codes import fields, tables, words
from engine.messages.describe import Sources, describe
from engine.messages.labels import labelled
from engine.rules.rule_files import own_rules, read_own
from engine.text import text
from tests.engine.message_files import record


@pytest.mark.parametrize(
    ("label", "value", "chinese", "english"),
    [
        # One number, several families.
        ("win32", "5", "“拒绝访问”（5）", "5 (access is denied)"),
        ("code", "0xC0000005", "“访问冲突”（0xC0000005）", "0xC0000005 (access violation)"),
        (
            "kerberos",
            "0x18",
            "“预身份验证失败（密码错误）”（0x18）",
            "0x18 (preauthentication failed (wrong password))",
        ),
        ("exitcode", "5", "5（程序自定）", "5 (the program's own)"),
        (
            "exitcode",
            "3010",
            None,
            "3010 (the operation succeeded; a restart is needed for it to take effect)",
        ),
        ("exitcode", "-1073741819", "“访问冲突”（0xC0000005）", "0xC0000005 (access violation)"),
        # The forms in which logs write the same code.
        ("hresult", "-2147024891", "“拒绝访问”（0x80070005）", "0x80070005 (access denied)"),
        ("hresult", "2147942405", "“拒绝访问”（0x80070005）", "0x80070005 (access denied)"),
        ("hresult", "80070005", "“拒绝访问”（0x80070005）", "0x80070005 (access denied)"),
        ("win32", "0x80070005", "“拒绝访问”（0x80070005）", "0x80070005 (access denied)"),
        ("code", "0xFFFFFFFF80070005", "“拒绝访问”（0x80070005）", "0x80070005 (access denied)"),
        ("ntstatus", "c000006a", "“密码错误”（0xC000006A）", "0xC000006A (wrong password)"),
        # A Win32 error inside an HRESULT, an NTSTATUS inside an HRESULT, one of COM and RPC.
        ("hresult", "0x80070422", "“服务已被禁用”（0x80070422）", "0x80070422 (the service is disabled)"),
        (
            "hresult",
            "0x80070032",
            "“不支持该请求”（0x80070032）",
            "0x80070032 (the request is not supported)",
        ),
        ("hresult", "0xD0000022", "“拒绝访问”（0xD0000022）", "0xD0000022 (access denied)"),
        (
            "hresult",
            "0x800706BA",
            "“RPC 服务器不可用”（0x800706BA）",
            "0x800706BA (the RPC server is not available)",
        ),
        ("ntstatus", "0xC0070005", "“拒绝访问”（0xC0070005）", "0xC0070005 (access is denied)"),
        # What no table has.
        (
            "hresult",
            "0x8024ABCD",
            "0x8024ABCD（Windows 更新的代码，现有的表中没有）",
            "0x8024ABCD (a code of Windows Update that is in no table we have)",
        ),
        ("win32", "64999", "64999（现有的表中没有）", "64999 (a code that is in no table we have)"),
        ("bugcheck", "0x1000007E", None, "0x1000007E (SYSTEM_THREAD_EXCEPTION_NOT_HANDLED_M)"),
        ("sign_in", "0x18", None, "0x18 (preauthentication failed (wrong password))"),
        ("sign_in", "0xc000006a", "“密码错误”（0xC000006A）", "0xC000006A (wrong password)"),
        ("livekernel", "141", None, "0x00000141 (VIDEO_ENGINE_TIMEOUT_DETECTED)"),
        ("jet", "-1811", "“找不到文件”（-1811）", "-1811 (the file was not found)"),
        ("jet", "-1032 (0xfffffbf8)", None, "-1032 (the file cannot be accessed (in use, or no permission))"),
        (
            "bugcheck",
            "0x0000001a (0x41792, 0x0)",
            None,
            "0x0000001A (MEMORY_MANAGEMENT), parameters 0x41792, 0x0",
        ),
        ("tls_alert", "40", None, "handshake failure (no common protocol version or cipher suite) (40)"),
        ("device_problem", "52", None, "the digital signature of the driver cannot be verified (52)"),
        # What is no number stays.
        ("code", "Access is denied.", "Access is denied.", "Access is denied."),
    ],
)
def test_a_code_is_told_in_the_family_of_its_field(
    label: str, value: str, chinese: str | None, english: str
) -> None:
    assert labelled(value, label, "en") == english
    assert chinese is None or labelled(value, label, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("name", "value", "english"),
    [
        ("ErrorCode", "5", "5 (access is denied)"),
        ("hr", "2147942405", "0x80070005 (access denied)"),
        ("Status", "0xc000006a", "0xC000006A (wrong password)"),
        ("Status", "3", "3"),
        ("RuleStatus", "65536", "65536"),
        ("ProcessId", "0xC0000005", "0xC0000005"),
    ],
)
def test_a_field_without_a_label_is_a_code_where_its_name_says_so(
    name: str, value: str, english: str
) -> None:
    assert fields.labelled(name, value, "en") == english
    assert f": {english}" in describe(record("Acme", 1, {name: value}), Sources()).text["en"]


@pytest.mark.parametrize(
    ("sentence", "annotated"),
    [
        ("Reason Code: 0x80020003", "Reason Code: 0x80020003"),
        ("Failed with 0x80070005.", "Failed with 0x80070005 (access denied)."),
        ("0x80070005 (Zugriff verweigert)", "0x80070005 (Zugriff verweigert)"),
        ("0x80070005, 0x80070005", "0x80070005 (access denied), 0x80070005"),
        ("it (0x80070005) failed", "it (0x80070005) failed"),
        ("AccessMask: 0x80000001, LogonId 0xC0000005", "AccessMask: 0x80000001, LogonId 0xC0000005"),
        ("flags 0x80000002 and 0x8024ABCD", "flags 0x80000002 and 0x8024ABCD"),
        (r"C:\0x80070005\a 0x8007000511", r"C:\0x80070005\a 0x8007000511"),
    ],
)
def test_a_code_in_somebody_elses_sentence_is_explained_once(sentence: str, annotated: str) -> None:
    assert words.annotated(sentence, "en") == annotated


def test_what_we_told_in_english_is_not_explained_again() -> None:
    told = "错误“Access denied”（英文原文，0x80070005）"

    assert words.annotated(told, "zh-hans") == told


def test_the_drivers_of_one_event_are_named_one_by_one() -> None:
    event = record("Service Control Manager", 7026, {"param1": "\r\nCSC\r\ndam"})
    description = describe(event, Sources())
    assert description.text["en"] == "These drivers that start with the system did not load: CSC, dam"
    assert description.text["zh-hans"] == "下列开机启动或系统启动的驱动程序未能加载：CSC、dam"


def test_the_rights_of_one_access_are_a_list_of_words() -> None:
    event = record(
        "Microsoft-Windows-Security-Auditing",
        9999,
        {
            "AccessList": "%%1538\r\n\t\t\t\t%%4416\r\n\t\t\t\t%%4425\r\n",
            "UserAccountControl": "\r\n\t\t%%2080",
        },
    )
    texts = describe(event, Sources()).text
    assert (
        "Accesses: READ_CONTROL, ReadData (or ListDirectory), undefined access right (bit 9)" in texts["en"]
    )
    assert (
        "访问权限：读取权限 (READ_CONTROL)、读取数据（或列出目录）、未定义的访问权限（位 9）"
        in texts["zh-hans"]
    )
    assert "User account control: account disabled" in texts["en"]


def test_the_rights_among_other_lines_are_words() -> None:
    properties = "---\r\n\t{19195a5a-6da0-11d0-afd3-00c04fd930c9}\r\n%%1537\r\n%%7688\r\n\t\t{bf967a86}"
    event = record("Microsoft-Windows-Security-Auditing", 9999, {"Properties": properties})
    text = describe(event, Sources()).text["en"]
    assert "\nDELETE\ncontrol access (extended right)\n" in text and "%%" not in text


def test_what_was_typed_is_no_parameter() -> None:
    event = record("Microsoft-Windows-Sysmon", 1, {"CommandLine": "for %%5 in (a) do echo %%1"})
    assert "for %%5 in (a) do echo %%1" in describe(event, Sources()).text["en"]


@pytest.mark.parametrize("family", [*tables.FAMILIES, "audit", "defender"])
def test_every_line_of_our_tables_has_words_in_both_languages_or_a_name(family: str) -> None:
    table = tables.own(family)
    assert table
    for number, found in table.items():
        assert 0 <= number <= 0xFFFFFFFF
        assert bool(found.chinese) == bool(found.english) and (found.name or found.english), (family, number)
        assert not found.english.endswith(".") and not found.chinese.endswith("。"), (family, number)


DEFENDER = "Microsoft-Windows-Windows Defender"


@pytest.mark.parametrize(
    ("action", "name", "chinese", "english"),
    [
        (6, "%%811", "允许（仍留在电脑上）", "allowed (it stays on the machine)"),
        (2, "%%809", "隔离", "quarantine"),
        (3, "Remove", "删除", "removal"),
        (9, "%%887", "未采取措施", "no action"),
    ],
)
def test_what_was_done_about_a_threat_is_told_by_the_action(
    action: int, name: str, chinese: str, english: str
) -> None:
    data = {"Threat Name": "Virus:Win32/Example", "Action ID": action, "Action Name": name}
    data |= {"Remediation User": r"PC-7\li", "Error Code": "0x80508023"}
    texts = describe(record(DEFENDER, 1117, data), Sources()).text
    assert f"the threat Virus:Win32/Example: {english}, by PC-7\\li." in texts["en"]
    assert f"对威胁 Virus:Win32/Example 的处理：{chinese}（PC-7\\li）。" in texts["zh-hans"]
    assert "0x80508023 (Defender: the threat was not found on this machine (it was gone))" in texts["en"]
    assert "%%" not in texts["en"] + texts["zh-hans"]


def test_a_threat_that_was_allowed_is_a_finding_that_names_who_allowed_it() -> None:
    rule = read_own(next(file for file in own_rules() if file.stem == "defender-threat-allowed"))
    values = {"Threat Name": "Virus:Win32/Example", "Path": "x.exe", "Remediation User": r"PC-7\li"}
    assert rule.severity == "high"
    assert filled(rule.title, values)["zh-hans"] == "威胁被允许：Virus:Win32/Example"
    assert r"Recorded as the one who did it: PC-7\li." in filled(rule.conclusion, values)["en"]
    assert "Ask why it was allowed" in filled(rule.advice, values)["en"]


@pytest.mark.parametrize(
    ("value", "chinese"),
    [
        ("0x80070005", "状态为“拒绝访问”（0x80070005）的记录"),
        ("STATUS_X", "状态为 STATUS_X 的记录"),
        ("新建 文件夹", "状态为新建 文件夹的记录"),
    ],
)
def test_no_blank_stands_between_chinese_and_chinese(value: str, chinese: str) -> None:
    sentence = text("状态为 {Error|hresult} 的记录", "{Error}")
    assert filled(sentence, {"Error": value})["zh-hans"] == chinese
    assert filled(text("{A} x", "The {A} x"), {"A": "服务"})["en"] == "The 服务 x"
