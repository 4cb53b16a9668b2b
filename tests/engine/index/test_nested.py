"""Values that lie deep in ``UserData`` are fields of rules, sentences and excerpts."""

import json
from pathlib import Path
from typing import Any

from demo.evtx.writer import Event, write_log
from engine.index.nested import MAX_DEPTH, MAX_VALUES, leaves, nested
from engine.rules.columns import every_name, values
from engine.rules.compiler import compile_rule
from tests.engine import rule_examples
from tests.engine.event_logs import moment, read
from tests.engine.rule_examples import HEAD

DETECTOR = "Microsoft-Windows-Resource-Exhaustion-Detector"
EXHAUSTED: dict[str, Any] = {
    "MemoryExhaustionInfo": {
        "@xmlns": "http://www.microsoft.com/Windows/Resource/Exhaustion/Detector/Events",
        "SystemInfo": {"SystemCommitLimit": 17179869184},
        "ProcessInfo": {
            "Process_1": {"Name": "reportd.exe", "CommitCharge": 15282399232},
            "Process_2": {"Name": "erpclient.exe", "CommitCharge": 590950400},
        },
    }
}
CHAIN: dict[str, Any] = {
    "CertGetCertificateChain": {
        "Certificate": {"@fileRef": "3CD6B0EF.cer", "@subjectName": "erp.example"},
        "ChainElement": [{"Error": "expired"}, {"Error": "untrusted"}],
    }
}


def found(folder: Path, asked: dict[str, Any], user_data: dict[str, Any]) -> bool:
    log = folder / "log.evtx"
    write_log(log, [Event(moment(0), DETECTOR, 2004, user_data=user_data)])
    compiled = compile_rule([{**HEAD, "detection": {"s": asked, "condition": "s"}}])
    with read(log)[0].events as events:
        return any(events.matching(compiled.predicates[0]))


def test_a_rule_asks_for_a_value_by_its_name_or_by_its_path(tmp_path: Path) -> None:
    assert found(tmp_path, {"Process_1.Name": "reportd.exe"}, EXHAUSTED)
    assert found(tmp_path, {"ProcessInfo.Process_2.Name": "ERPCLIENT.exe"}, EXHAUSTED)
    assert found(tmp_path, {"MemoryExhaustionInfo.SystemInfo.SystemCommitLimit|gt": 1000}, EXHAUSTED)
    assert found(tmp_path, {"Name": "reportd.exe"}, EXHAUSTED)
    assert not found(tmp_path, {"Name": "erpclient.exe"}, EXHAUSTED)
    assert not found(tmp_path, {"Process_3.Name|exists": True}, EXHAUSTED)


def test_attributes_and_repeated_elements_have_names(tmp_path: Path) -> None:
    assert found(tmp_path, {"Certificate.subjectName": "erp.example"}, CHAIN)
    assert found(tmp_path, {"ChainElement.Error": "expired"}, CHAIN)
    assert found(tmp_path, {"ChainElement_1.Error": "untrusted"}, CHAIN)


def test_an_element_goes_before_an_attribute_of_its_name() -> None:
    payload = json.dumps({"R": {"A": {"#attributes": {"Name": "x"}}, "B": {"Name": "y"}}})
    assert nested(payload, "Name") == "y"
    assert nested(payload, "A.Name") == "x"


def test_a_sentence_and_an_excerpt_name_it(tmp_path: Path) -> None:
    example = {"provider": DETECTOR, "event_id": 2004, "channel": "System", "at": 0, "user_data": EXHAUSTED}
    material = rule_examples.material(tmp_path, [example])
    with material.events as events:
        record = next(events.events())

    assert values(record)["Process_2.Name"] == "erpclient.exe"
    assert every_name(record)["ProcessInfo.Process_1.Name"] == every_name(record)["Name"] == "reportd.exe"


def test_what_is_hostile_in_depth_or_number_is_read_so_far() -> None:
    deep: dict[str, Any] = {"Last": "x"}
    for _ in range(MAX_DEPTH + 5):
        deep = {"E": deep}
    assert leaves(deep) == []
    assert nested(json.dumps(deep), "Last") is None
    assert nested("[" * 100_000, "Last") is None
    wide = {"R": {f"V{number}": number for number in range(10 * MAX_VALUES)}}
    assert len(leaves(wide)) == MAX_VALUES
    assert nested(json.dumps({"R": {"Huge": 1 << 80, "Bad": "\ud800"}}), "Huge") == 2**63 - 1
