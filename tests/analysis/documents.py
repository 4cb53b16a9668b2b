"""Result documents as an analysis makes them, with only those parts that a test is about."""

import json
from pathlib import Path
from typing import Any

from engine.findings import Severity
from engine.schema.document import Examination, FindingEntry, ResultDocument, Source
from engine.schema.evidence import Evidence
from engine.schema.facts import Facts
from engine.schema.files import FilesOverview
from engine.schema.logs import Events
from engine.text import Text, text

BEFORE = Path(__file__).with_name("data")
"""The demo bundle and a clean copy of its program: the result (shortened) and the report as version 1
stored them."""

SAID = text("服务停止", "The service stopped")


def stored_before(name: str) -> dict[str, Any]:
    """``result-1`` or ``report-1``, as it was stored."""
    document: dict[str, Any] = json.loads((BEFORE / f"{name}.json").read_text("utf-8"))
    return document


def result_document(*findings: FindingEntry, **parts: Any) -> ResultDocument:
    """Of a bundle that held nothing, but for the parts given."""
    empty: dict[str, Any] = {
        "source": Source("demo.zip", "0" * 64, 0),
        "zone": "Asia/Shanghai",
        "artifacts": [],
        "locked": [],
        "events": Events(total=0, logs=[], incident=None),
        "file_states": [],
        "baselines": [],
        "files": FilesOverview(),
        "pe": [],
        "incidents": [],
        "examined": [],
    }
    return ResultDocument(**empty | {"findings": list(findings)} | parts)


def finding(
    rule: str = "some-rule",
    *,
    severity: Severity = Severity.HIGH,
    title: Text = SAID,
    summary: Text = SAID,
    advice: Text = SAID,
    evidence: tuple[Evidence, ...] = (),
    fingerprint: str = "f",
    data: Facts | None = None,
) -> FindingEntry:
    """One conclusion of an analysis."""
    return FindingEntry(
        rule=rule,
        severity=severity,
        title=title,
        summary=summary,
        advice=advice,
        evidence=list(evidence),
        gaps=None,
        fingerprint=fingerprint,
        computer="",
        data=data or Facts(),
        incidents=[],
    )


def examination(rule: str = "some-rule", *, left_out: int = 0) -> Examination:
    """A check that was made."""
    return Examination(
        rule=rule, title=SAID, outcome="examined", records=1, unreadable=0, left_out=left_out, detail=SAID
    )
