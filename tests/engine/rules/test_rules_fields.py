"""Fields that a log has in other words: Sysmon's in the Security log, those of the classic PowerShell log."""

from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import sigma
from engine.findings import Examined, NotExamined, Outcome
from engine.rules.compiler import compile_rule
from tests.engine import rule_examples
from tests.engine.rule_examples import HEAD, event

SYSMON, SECURITY, CLASSIC = "Microsoft-Windows-Sysmon/Operational", "Security", "Windows PowerShell"
PROCESS: dict[str, Any] = {
    "SubjectUserSid": "S-1-5-21-1-2-3-1001",
    "SubjectUserName": "张三",
    "SubjectDomainName": "公司",
    "NewProcessId": "0x1f4",
    "NewProcessName": r"C:\Windows\System32\cmd.exe",
    "ProcessId": "0x2f4",
    "CommandLine": "cmd /c whoami",
    "TargetUserName": "-",
    "TargetDomainName": "-",
    "ParentProcessName": r"C:\Windows\explorer.exe",
    "MandatoryLabel": "S-1-16-12288",
}
SYSTEM: dict[str, Any] = {
    "SubjectUserSid": "S-1-5-18",
    "SubjectUserName": "PC-7$",
    "SubjectDomainName": "WORKGROUP",
}
CONNECTION: dict[str, Any] = {
    "ProcessID": 820,
    "Application": r"\device\harddiskvolume1\windows\system32\svchost.exe",
    "Direction": "%%14593",
    "SourceAddress": "10.0.2.17",
    "SourcePort": "49263",
    "DestAddress": "10.0.2.15",
    "DestPort": "88",
    "Protocol": 6,
}
KEY: dict[str, Any] = {
    "ObjectName": r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\x",
    "ObjectValueName": "Start",
    "OperationType": "%%1905",
    "NewValueType": "%%1876",
    "NewValue": "4",
    "ProcessName": r"C:\x\reg.exe",
}
FILE: dict[str, Any] = {"ObjectType": "File", "ObjectName": r"C:\x\a.ps1", "ProcessName": r"C:\x\p.exe"}
LSASS: dict[str, Any] = {
    "ObjectType": "Process",
    "ObjectName": r"\Device\X\lsass.exe",
    "ProcessName": "C:\\p.exe",
}
START = {
    "provider": "PowerShell",
    "event_id": 400,
    "channel": CLASSIC,
    "at": 0,
    "data": [
        "Available",
        "None",
        "\tNewEngineState=Available\r\n\tPreviousEngineState=None\r\n\r\n\tSequenceNumber=13\r\n\r\n"
        "\tHostName=ConsoleHost\r\n\tHostVersion=2.0\r\n"
        "\tHostApplication=powershell -c powercat -l\r\n$x=1\r\n"
        "\tEngineVersion=2.0\r\n\tCommandLine=",
    ],
}


def fires(folder: Path, source: dict[str, str], selection: dict[str, Any], *events: dict[str, Any]) -> bool:
    """Whether a rule of that log source with that selection finds any of the events."""
    head = {**HEAD, "logsource": source}
    compiled = compile_rule([{**head, "detection": {"s": selection, "condition": "s"}}])
    material = rule_examples.material(folder, list(events))
    with material.events as index:
        return bool(list(index.matching(compiled.predicates[0])))


def test_of_alternatives_only_records_of_a_kind_that_fits_one_are_looked_into(tmp_path: Path) -> None:
    detection = {
        "a": {"Channel": "A", "EventID": 1, "Text|contains": "x"},
        "b": {"Channel": "B", "EventID": 2},
        "condition": "a or b",
    }
    compiled = compile_rule([{**HEAD, "logsource": {"product": "windows"}, "detection": detection}])
    events = [
        event("A", 1, Text="ax"),
        event("A", 1, Text="b"),
        event("A", 2, Text="ax"),
        event("B", 2),
        event("C", 1, Text="x"),
    ]
    looked_into = []

    def fits(value: object, question: str) -> bool:
        looked_into.append(value)
        return "x" in str(value)

    with rule_examples.material(tmp_path, events).events as index:
        index.shards[0].create_function("FITS", 2, fits)
        assert [row[2] for row in index.matching(compiled.predicates[0])] == [1, 4]
    assert looked_into == ["ax", "b"]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"Image|endswith": r"\CMD.exe", "ParentImage|endswith": r"\explorer.exe"}, True),
        ({"CommandLine|contains": "WHOAMI"}, True),
        ({"User": r"公司\张三"}, True),
        ({"User|endswith": r"\张三"}, True),
        ({"User": "张三"}, False),
        ({"IntegrityLevel": "High"}, True),
        ({"IntegrityLevel": "S-1-16-12288"}, True),
        ({"IntegrityLevel": ["System", "S-1-16-16384"]}, False),
        ({"ProcessId": 0x1F4}, True),
        ({"ParentProcessId|gt": 700}, True),
        ({"OriginalFileName": None}, True),
    ],
)
def test_a_process_of_the_security_log_has_sysmons_fields(
    tmp_path: Path, selection: dict[str, Any], expected: bool
) -> None:
    created = event(SECURITY, 4688, **PROCESS)
    assert fires(tmp_path, {"category": "process_creation"}, selection, created) is expected


@pytest.mark.parametrize(
    ("change", "user"),
    [
        (SYSTEM, "nt authority\\system"),
        (SYSTEM, r"WORKGROUP\PC-7$"),
        ({"TargetUserName": "李四", "TargetDomainName": "公司"}, r"公司\李四"),
        ({"SubjectDomainName": "-"}, "张三"),
    ],
)
def test_the_user_of_a_process_is_who_it_runs_as(tmp_path: Path, change: dict[str, str], user: str) -> None:
    created = event(SECURITY, 4688, **PROCESS | change)
    assert fires(tmp_path, {"category": "process_creation"}, {"User": user}, created)


def test_sysmons_own_level_is_met_by_name_and_by_sid(tmp_path: Path) -> None:
    source = {"category": "process_creation"}
    created = event(SYSMON, 1, IntegrityLevel="Medium", User="PC\\a")
    assert fires(tmp_path, source, {"IntegrityLevel": "S-1-16-8192", "User": "pc\\A"}, created)


@pytest.mark.parametrize(
    ("category", "number", "data", "selection"),
    [
        ("network_connection", 5156, CONNECTION, {"Image|endswith": r"\svchost.exe", "DestinationPort": 88}),
        ("network_connection", 5156, CONNECTION, {"Initiated": "true", "Protocol": "tcp"}),
        ("network_connection", 5156, CONNECTION, {"DestinationIp|cidr": "10.0.0.0/8", "SourcePort|gt": 1024}),
        ("registry_set", 4657, KEY, {"TargetObject": r"HKLM\SYSTEM\CurrentControlSet\Services\x\Start"}),
        ("registry_set", 4657, KEY, {"TargetObject|contains": r"\ControlSet001\Services"}),
        ("registry_set", 4657, KEY, {"Details": "DWORD (0x00000004)", "EventType": "SetValue"}),
        ("registry_event", 4657, KEY, {"Image|endswith": r"\reg.exe"}),
        ("registry_delete", 4657, {**KEY, "OperationType": "%%1906"}, {"EventType": "DeleteValue"}),
        ("process_termination", 4689, {"ProcessName": "C:\\p.exe"}, {"Image": "C:\\p.exe"}),
        ("file_event", 4663, {**FILE, "AccessList": "%%4417"}, {"TargetFilename|endswith": ".ps1"}),
        ("file_delete", 4663, {**FILE, "AccessList": "%%1537"}, {"Image|endswith": r"\p.exe"}),
        ("file_access", 4663, {**FILE, "AccessList": "%%4416"}, {"FileName|contains": "a.ps1"}),
        ("process_access", 4656, {**LSASS, "AccessMask": "0x1F3FFF"}, {"GrantedAccess": "0x1f3fff"}),
        ("process_access", 4663, {**LSASS, "AccessMask": "0x10"}, {"TargetImage|endswith": r"\lsass.exe"}),
        ("PROCESS_CREATION", 4688, PROCESS, {"Image|contains": "cmd"}),
    ],
)
def test_categories_of_sysmon_are_looked_up_in_the_security_log(
    tmp_path: Path, category: str, number: int, data: dict[str, Any], selection: dict[str, Any]
) -> None:
    assert fires(tmp_path, {"category": category}, selection, event(SECURITY, number, **data))


@pytest.mark.parametrize("category", ["file_event", "file_delete", "process_access", "registry_set"])
def test_an_access_of_another_sort_is_not_of_the_category(tmp_path: Path, category: str) -> None:
    events = [
        event(SECURITY, 4663, **FILE, AccessList="%%4416"),
        event(SECURITY, 4657, at=1, **KEY | {"OperationType": "%%1906"}),
    ]
    assert not fires(tmp_path, {"category": category}, {"EventID|gt": 0}, *events)


@pytest.mark.parametrize(
    "source",
    [
        {"product": "Windows", "service": "Security"},
        {"product": "WINDOWS", "category": "Process_Creation", "service": "SECURITY"},
    ],
)
def test_a_log_source_may_be_written_in_any_case(tmp_path: Path, source: dict[str, str]) -> None:
    assert fires(tmp_path, source, {"EventID": 4688}, event(SECURITY, 4688, **PROCESS))


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"HostApplication|contains": "powercat "}, True),
        ({"HostApplication|endswith": "$x=1"}, True),
        ({"EngineVersion|startswith": "2."}, True),
        ({"EngineVersion|lt": 3, "HostName": "consolehost"}, True),
        ({"CommandLine": ""}, False),
        ({"SequenceNumber|gte": 13}, True),
        ({"HostApplication|contains": "EngineVersion"}, False),
        ({"Data|contains": "powercat"}, True),
    ],
)
def test_the_lines_of_the_classic_powershell_log_are_fields(
    tmp_path: Path, selection: dict[str, Any], expected: bool
) -> None:
    assert fires(tmp_path, {"category": "ps_classic_start"}, selection, START) is expected
    assert fires(tmp_path, {"service": "powershell-classic"}, selection, START) is expected


def examined(folder: Path, rule: str, *events: dict[str, Any]) -> Outcome:
    file = folder / "rule.yml"
    file.write_text(f"title: T\n{rule}", "utf-8")
    material = rule_examples.material(folder, list(events))
    with material.events:
        return sigma.examine(file, False, material)


SYSTEM_LOG = "logsource: {product: windows, service: system}\n"


@pytest.mark.parametrize(
    "asked",
    [
        "{Message|contains: '遇到未知错误'}",
        "{Message|contains: 'Rendered Words'}",
        "['rendered words']",
        "['v7']",
    ],
)
def test_the_message_of_an_event_is_a_field_and_holds_keywords(tmp_path: Path, asked: str) -> None:
    rendered = event(A="v7") | {"data": {"A": "v7", "#rendering": ["en-US", "rendered words 遇到未知错误"]}}
    rule = f"{SYSTEM_LOG}detection:\n  s: {asked}\n  condition: s\n"
    outcome = examined(tmp_path, rule, rendered, event(at=1, A="other"))
    assert isinstance(outcome, Examined)
    assert [finding.data.count for finding in outcome.findings] == [1]


def test_our_own_message_is_searched_in_both_languages(tmp_path: Path) -> None:
    stopped = {"provider": "Service Control Manager", "event_id": 7034, "channel": "System", "at": 0}
    stopped |= {"qualifiers": 49152, "data": {"param1": "Spooler", "param2": "3"}}
    for words in ("ended unexpectedly", "意外终止"):
        rule = f"{SYSTEM_LOG}detection:\n  s: {{Message|contains: '{words}'}}\n  condition: s\n"
        outcome = examined(tmp_path, rule, stopped)
        assert isinstance(outcome, Examined) and len(outcome.findings) == 1, words


CREATION = "logsource: {product: windows, category: process_creation}\n"


@pytest.mark.parametrize(
    ("detection", "fields"),
    [
        ("{s: {HostAplication|contains: x}, condition: s}", "field HostAplication."),
        ("{s: {OriginalFileName: x}, condition: s}", "field OriginalFileName."),
        ("{s: {Image: x, Typo: y}, condition: s}", "field Typo."),
        ("{s: [{Typo: x}, {Slip: y}], condition: s}", "fields Typo, Slip."),
        ("{s: {Typo|exists: true}, condition: s}", "field Typo."),
        ("{s: {Image|fieldref: Typo}, condition: s}", "field Typo."),
        ("{s: {Image: x}, f: {Typo: y}, condition: s and f}", "field Typo."),
        ("{s: {Image: x}, f: {Typo: null}, condition: s and not f}", "field Typo."),
        ("{s: [{OriginalFileName: x}, {Image: y}], condition: s}", ""),
        ("{s: {Image: x}, f: {Typo: y}, condition: s and not f}", ""),
        ("{s: {Typo: null, Image: x}, condition: s}", ""),
        ("{s: {Typo|exists: false, Image: x}, condition: s}", ""),
        ("{s: [Typo, nowhere], condition: s}", ""),
        ("{s: {Image: x}, f: {IntegrityLevel: System}, condition: s and f}", ""),
    ],
)
def test_a_rule_whose_fields_are_never_there_could_not_match(
    tmp_path: Path, detection: str, fields: str
) -> None:
    outcome = examined(tmp_path, f"{CREATION}detection: {detection}\n", event(SECURITY, 4688, **PROCESS))
    if not fields:
        assert isinstance(outcome, Examined) and outcome.findings == ()
        return
    assert isinstance(outcome, NotExamined)
    assert f"Could not match: this log has no {fields}" in outcome.missing_input["en"]
    assert outcome.missing_input["zh-hans"].startswith("无法匹配：该日志没有字段")


def test_an_event_that_never_came_is_an_answer(tmp_path: Path) -> None:
    security = "logsource: {product: windows, service: security}\n"
    other = event(SECURITY, 4624, TargetUserName="a")
    for detection, expected in (
        ("{s: {EventID: 4720, TargetUserName: a}, condition: s}", Examined),
        ("{s: {EventID: 4720}, condition: s}", Examined),
        ("{s: {EventID: 4720, NeverThere: a}, condition: s}", NotExamined),
        ("{s: {EventID: 4624, IpAddress: a}, condition: s}", NotExamined),
    ):
        assert isinstance(examined(tmp_path, f"{security}detection: {detection}\n", other), expected)


def test_a_field_that_other_events_have_is_told_apart(tmp_path: Path) -> None:
    security = "logsource: {product: windows, service: security}\n"
    events = [event(SECURITY, 4624, TargetUserName="a"), event(SECURITY, 4663, ObjectName="b")]
    rule = f"{security}detection: {{s: {{EventID: 4624, ObjectName: b}}, condition: s}}\n"
    outcome = examined(tmp_path, rule, *events)
    assert isinstance(outcome, NotExamined)
    assert "the events that the rule is about have no field ObjectName" in outcome.missing_input["en"]


def test_a_log_without_an_event_of_the_category_was_not_examined(tmp_path: Path) -> None:
    outcome = examined(
        tmp_path, f"{CREATION}detection: {{s: {{Image: x}}, condition: s}}\n", event(SECURITY, 4624)
    )
    assert isinstance(outcome, NotExamined)
    assert "(process_creation)" in outcome.missing_input["en"]
