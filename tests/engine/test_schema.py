"""The result document: what is stored opens, what is no such document is refused, the published schema is
the code's."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.schema.document import ResultDocument
from engine.schema.versions import DocumentUnreadable, json_schema, opened, stored_form
from tests.analysis.documents import finding, result_document, stored_before

ROOT = Path(__file__).resolve().parents[2]


def before() -> dict[str, Any]:
    return stored_before("result-1")


def test_a_document_of_the_version_before_opens_with_all_that_it_says() -> None:
    document = opened(before())

    assert document.schema == "anjuan.result/2"
    assert (document.source.name, document.source.size) == ("demo.zip", before()["source"]["size"])
    assert [finding.rule for finding in document.findings] == [
        "service-terminated-unexpectedly",
        "file-tampered",
        "tampered-executable",
        "file-state-changed",
        "hash-transcription-slip",
        "service-installed",
    ]
    stopped, tampered, program, _changed, slip, _installed = document.findings
    assert stopped.data.service == "CodeMeter.exe" and stopped.data.count == 8
    assert stopped.data.event_ids == {"7034": 8}
    assert [(run.count, len(run.ends)) for run in stopped.data.runs] == [(2, 2), (3, 3)]
    assert stopped.evidence[0].locator.event_id == 7034
    assert stopped.evidence[0].locator.second_parser == "agrees"
    assert tampered.data.matrix is not None and tampered.data.matrix.file == "CodeMeter.exe"
    assert [state.verdict for state in tampered.data.states] == ["tampered", "slip", "tampered"]
    assert tampered.evidence[-1].locator.baseline is True
    assert program.data.comparison is not None
    assert program.data.comparison.overlay.size == (0, 82_381)
    assert slip.data.slip is not None and slip.data.slip.digits == [37]
    (log,) = document.events.logs
    assert (log.records, log.missing, log.dirty) == (18_868, [], False)
    assert document.events.incident is not None and document.events.incident.covered
    assert document.files.counts.differing == 1 and document.files.single == ["CodeMeter_lab.exe"]
    assert [executable.artifact for executable in document.pe] == [
        "Files/CodeMeter.exe",
        "Programs/CodeMeter_lab.exe",
    ]
    assert {entry.outcome for entry in document.examined} == {"examined", "not_examined"}


def test_what_was_opened_and_stored_again_says_the_same() -> None:
    document = opened(before())

    assert opened(json.loads(json.dumps(stored_form(document)))) == document


def test_a_document_of_the_early_days_lacks_what_nobody_asked_then() -> None:
    sentence = {"zh-hans": "甲", "en": "a"}
    early = {
        "schema": "anjuan.result/1",
        "artifacts": [
            {"path": "a", "sha256": "", "size": 1, "kind": "other", "state": "read", "detail": None}
        ],
        "events": {"total": 3, "logs": []},
        "findings": [
            {
                "rule": "r",
                "severity": "high",
                "title": sentence,
                "summary": sentence,
                "advice": sentence,
                "evidence": [
                    {
                        "artifact": "a",
                        "artifact_sha256": "",
                        "locator": {"record_id": 1, "event_id": None},
                        "excerpt": "",
                    }
                ],
                "data": {"service": "S", "causes": None},
            }
        ],
        "examined": [
            {
                "rule": "r",
                "title": sentence,
                "outcome": "examined",
                "records": 3,
                "unreadable": 0,
                "detail": sentence,
            }
        ],
    }
    document = opened(early)

    assert document.events.total == 3 and document.events.incident is None
    assert document.findings[0].data.service == "S" and document.findings[0].gaps is None
    assert document.findings[0].evidence[0].locator.event_id is None
    assert document.examined[0].left_out == 0 and document.incidents == [] and document.locked == []


@pytest.mark.parametrize(
    ("changed", "schema"),
    [
        ({"schema": "anjuan.result/3"}, "anjuan.result/3"),
        ({"schema": ""}, ""),
        ({"findings": [{"rule": "r"}]}, "anjuan.result/2"),
        ({"events": "none"}, "anjuan.result/2"),
        ({"schema": "anjuan.result/1", "findings": "none"}, "anjuan.result/1"),
        ({"schema": "anjuan.result/1", "events": {"logs": [1]}}, "anjuan.result/1"),
    ],
    ids=["of a later version", "of no version", "half a finding", "no events", "old words", "old numbers"],
)
def test_what_is_no_such_document_is_refused_by_its_name(changed: dict[str, Any], schema: str) -> None:
    with pytest.raises(DocumentUnreadable) as refused:
        opened(stored_form(result_document()) | changed)

    assert refused.value.schema == schema


def test_what_a_finding_does_not_have_is_not_in_the_json() -> None:
    form = stored_form(result_document(finding()))

    assert form["findings"][0]["data"] == {}
    assert form["schema"] == "anjuan.result/2"


def test_the_published_json_schema_is_the_codes() -> None:
    published = json.loads((ROOT / "docs" / "formats" / "result-document.schema.json").read_text("utf-8"))

    made = json.loads(json.dumps(json_schema()))
    assert published == made, "docs/formats/result-document.md says how to make it anew"
    assert set(published["$defs"]["ResultDocument"]["properties"]) == set(ResultDocument.__struct_fields__)
