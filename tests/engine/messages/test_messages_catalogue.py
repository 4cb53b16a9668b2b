"""Our own messages: both languages, the same values, nothing empty, nothing twice."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from engine import rules
from engine.messages import data_files, labels, parameters
from engine.messages.catalogue import BadEntry, Entry, _entry, _family, catalogue
from engine.messages.describe import Source, Sources, describe
from engine.messages.sentence import Slot
from engine.text import LANGUAGES
from tests.engine.message_files import record

ENTRIES = catalogue().entries
RULES = Path(rules.__file__).parent / "windows"
HAN = re.compile("[\u4e00-\u9fff]")


def slots(entry: Entry, language: str) -> Counter[Slot]:
    return Counter(entry.texts[language].slots())


def test_it_knows_at_least_three_hundred_events() -> None:
    assert len({(entry.file, entry.event_id, str(entry.texts)) for entry in ENTRIES}) >= 300


def test_every_entry_says_the_same_in_both_languages() -> None:
    wrong = []
    for entry in ENTRIES:
        chinese, english = (entry.texts[language].words() for language in LANGUAGES)
        if (
            slots(entry, "zh-hans") != slots(entry, "en")
            or not HAN.search(chinese)
            or HAN.search(english)
            or not re.search("[a-z]{2}", english)
        ):
            wrong.append((entry.file, entry.provider, entry.event_id))
    assert wrong == []


def test_no_two_entries_hold_for_one_event() -> None:
    seen: Counter[tuple[object, ...]] = Counter()
    for entry in ENTRIES:
        for version in entry.versions or (None,):
            seen[entry.provider.casefold(), entry.event_id, version, entry.qualifiers] += 1
    assert [key for key, count in seen.items() if count > 1] == []


def test_every_label_is_a_pair_of_words() -> None:
    for table, texts in data_files.labels().items():
        for number, wording in texts.items():
            words = [wording] if isinstance(wording, str) else wording
            assert isinstance(number, int) and len(words) in {1, 2}, (table, number)
            assert all(isinstance(word, str) and word for word in words), (table, number)


@pytest.mark.parametrize("template", ["{A", "A}", "{A|no_such_label}", "{}"])
def test_an_entry_with_a_slip_is_refused_by_name(template: str) -> None:
    with pytest.raises(BadEntry, match="Acme 1"):
        _entry("Acme", {"id": 1, "zh": template, "en": template}, "events-acme.yaml")


def test_what_is_said_of_a_version_goes_before_what_is_said_of_all() -> None:
    old = describe(record("Microsoft-Windows-Kernel-Power", 41, {}, version=0), Sources())
    new = describe(record("Microsoft-Windows-Kernel-Power", 41, {"BugcheckCode": 159}, version=8), Sources())
    assert "Bug check" not in old.text["en"]
    assert "0x0000009F (DRIVER_POWER_STATE_FAILURE)" in new.text["en"]
    assert "DRIVER_POWER_STATE_FAILURE（0x0000009F）" in new.text["zh-hans"]


def test_the_provider_may_be_written_in_any_case() -> None:
    for provider in ("disk", "Disk", "DISK"):
        description = describe(record(provider, 7, ["\\Device\\Harddisk0\\DR0"]), Sources())
        assert description.source is Source.CATALOGUE and "Harddisk0" in description.text["en"]


def test_names_and_places_serve_alike() -> None:
    values = ["a.exe", "1.0", "5fa", "b.dll", "2.0", "5fb", "c0000005", "0001"]
    names = ["AppName", "AppVersion", "AppTimeStamp", "ModuleName", "ModuleVersion", "ModuleTimeStamp"]
    names += ["ExceptionCode", "FaultingOffset"]
    unnamed = describe(record("Application Error", 1000, values), Sources())
    named = describe(record("Application Error", 1000, dict(zip(names, values, strict=True))), Sources())
    assert unnamed.text == named.text
    assert "0xC0000005 (access violation)" in named.text["en"]
    assert "Program path" not in named.text["en"]


def test_a_failed_sign_in_says_why_in_both_languages() -> None:
    data = {
        "TargetUserName": "li",
        "TargetDomainName": "PC",
        "LogonType": 10,
        "FailureReason": "%%2313",
        "Status": "0xc000006d",
        "SubStatus": "0xc000006a",
    }
    description = describe(record("Microsoft-Windows-Security-Auditing", 4625, data, version=0), Sources())
    assert (
        "远程桌面（10）" in description.text["zh-hans"]
        and "用户名未知或密码错误" in description.text["zh-hans"]
    )
    assert "0xC000006A (wrong password)" in description.text["en"]


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("logon_type", "3", "network (3)"),
        ("logon_type", "99", "99"),
        ("logon_type", "x" * 50, "x" * 50),
        ("yes_no", "true", "yes"),
        ("hex", "255", "0xFF"),
        ("utc", "2012-03-15T07:08:00.981000Z", "2012-03-15 07:08:00 UTC"),
        ("address", "020000350A033A040000000000000000", "10.3.58.4"),
        ("address", "17000000000000002001" + "0" * 27 + "1" + "0" * 8, "2001::1"),
        ("address", "zz", "zz"),
        ("ipv4", "67741450", "10.167.9.4"),
        ("seconds", "245000", "245"),
        ("seconds", "4500", "4.5"),
        ("seconds", "soon", "soon"),
        ("size", "6282399232", "5.9 GiB"),
        ("size", "512", "512 B"),
        ("win32", "1722", "1722 (the RPC server is not available)"),
        ("hresult", "0x80070005", "0x80070005 (access denied)"),
        ("hresult", "-2147024891", "0x80070005 (access denied)"),
        ("ntstatus", "3221225506", "0xC0000022 (access denied)"),
        ("exception", "e0434352", "0xE0434352 (.NET exception)"),
        ("exception", "c06d007e", "0xC06D007E (a DLL that is loaded when needed was not found)"),
    ],
)
def test_values_become_words(label: str, value: str, words: str) -> None:
    assert labels.labelled(value, label, "en") == words


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (1053, "1053 (the service did not answer the start or control request in time)"),
        (0x80070005, "0x80070005 (access denied)"),
        (-2147024891, "0x80070005 (access denied)"),
        (-1, "0xFFFFFFFF (unspecified error (-1))"),
        (987654, None),
    ],
)
def test_system_errors_are_told_with_their_number(number: int, message: str | None) -> None:
    assert parameters.known(parameters.SYSTEM, number, "en") == message


def test_the_security_log_has_parameters_of_its_own() -> None:
    assert parameters.resolver("Microsoft-Windows-Security-Auditing", "en")(1842) == "Yes"
    assert parameters.resolver("Service Control Manager", "en")(1842) is None


def test_a_value_can_be_told_by_the_element_it_stands_in() -> None:
    pool = {"Tag_1": {"Name": "Gpbm", "PoolUsed": 7}}
    processes = {"Process_1": {"Name": "a.exe", "ID": 4, "CommitCharge": 9}}
    for nested in ({"Pool": pool, "Info": processes}, {"Info": processes, "Pool": pool}):
        data = {"MemoryExhaustionInfo": {"SystemInfo": {"SystemCommitLimit": 10}} | nested}
        description = describe(
            record("Microsoft-Windows-Resource-Exhaustion-Detector", 2004, data), Sources()
        )
        sentence = description.text["en"].partition("\n")[0]
        assert "a.exe (process 4), 9 bytes" in sentence and "Gpbm" not in sentence


def test_of_several_names_the_first_that_there_is_serves() -> None:
    for names in (("FileNameBuffer", "ProcessNameBuffer"), ("File Name", "Process Name")):
        data = {"FileNameLength": 5, names[0]: "a.dll", "ProcessNameLength": 5, names[1]: "b.exe"}
        description = describe(record("Microsoft-Windows-CodeIntegrity", 3077, data), Sources())
        assert description.text["en"].startswith("The process b.exe tried to load a.dll")


def test_one_entry_may_hold_for_several_events() -> None:
    for event_id in (8004, 8007):
        description = describe(
            record("Microsoft-Windows-AppLocker", event_id, {"FilePath": "C:\\a.exe"}), Sources()
        )
        assert description.source is Source.CATALOGUE


def test_nearly_every_event_that_a_rule_fires_on_has_a_message() -> None:
    known = {(entry.provider.casefold(), entry.event_id) for entry in ENTRIES}
    fires = set()
    for file in RULES.rglob("*.yml"):
        for rule in yaml.safe_load_all(file.read_text("utf-8")):
            for example in (rule or {}).get("anjuan", {}).get("fires", ()):
                if example["event_id"] is not None:  # a line of a text log has none
                    fires.add((_family(str(example["provider"])), example["event_id"]))
    without = sorted(fires - known)
    assert len(without) <= len(fires) // 20, f"write messages for {without} in {data_files.DATA}"
