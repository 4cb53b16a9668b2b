"""The walk from source to result: one crash costs one artifact or one rule, and is named."""

import sqlite3
import zipfile
from pathlib import Path

import pytest

from demo import captures, pe_writer
from demo.evtx.writer import write_log
from engine import analyze as walk
from engine.analyze import analyze
from engine.artifacts import State
from engine.findings import MAX_FINDINGS, Outcome
from engine.material import Material
from engine.parsers.captures import parser as capture_parser
from engine.progress import Progress, Stage
from engine.registry import ANALYZERS, Analyzer
from engine.schema.document import localised
from engine.schema.versions import stored_form
from engine.text import text
from tests.engine import misbehaviour
from tests.engine.event_logs import crash
from tests.engine.registered import parse_by


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for capture in captures.capture_files():
        (folder / capture.name).write_bytes(capture.data)
    (folder / "CodeMeter.exe").write_bytes(pe_writer.tampered())
    (folder / "notes.txt").write_text("nothing to see")
    return folder


def test_a_rule_that_breaks_is_named_and_costs_only_itself(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(material: Material) -> Outcome:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(
        walk, "ANALYZERS", (Analyzer("broken", text("坏规则", "A broken rule"), broken), *ANALYZERS)
    )
    document = stored_form(
        analyze(source, tmp_path / "work", baselines=[captures.baseline_state()]).document()
    )

    assert document["examined"][0]["outcome"] == "failed"
    assert "ZeroDivisionError" in document["examined"][0]["detail"]["en"]
    assert any(finding["rule"] == "file-tampered" for finding in document["findings"])


def test_a_reader_that_breaks_is_named_and_costs_one_artifact(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse_by(monkeypatch, "pe", misbehaviour.raises)
    result = analyze(source, tmp_path / "work")

    assert {a.path: a.state for a in result.artifacts}["CodeMeter.exe"] is State.UNREADABLE
    assert len(result.file_states) == 3
    assert any(
        e["outcome"] == "failed" and "CodeMeter.exe" in e["detail"]["en"]
        for e in stored_form(result.document())["examined"]
    )


@pytest.mark.parametrize("full", [misbehaviour.fills_the_disk, misbehaviour.fills_the_index])
def test_a_full_disk_ends_the_run_and_is_not_blamed_on_a_file(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: object
) -> None:
    parse_by(monkeypatch, "pe", full)
    with pytest.raises((OSError, sqlite3.OperationalError), match=r"No space left|disk is full"):
        analyze(source, tmp_path / "work")


def test_progress_names_the_artifact_and_what_was_found(source: Path, tmp_path: Path) -> None:
    reports: list[Progress] = []
    analyze(source, tmp_path / "work", baselines=[captures.baseline_state()], report=reports.append)

    assert reports[0].stage is Stage.UNPACKING and reports[-1].stage is Stage.DONE
    assert {"CodeMeter.exe", "notes.txt"} <= {p.artifact for p in reports}
    assert len(reports[-1].found) == 4 and reports[-1].artifacts_done == reports[-1].artifacts_total == 5


def test_what_the_listener_raises_stops_the_run(source: Path, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage is Stage.READING:
            raise KeyError("lease lost")

    with pytest.raises(KeyError, match="lease lost"):
        analyze(source, tmp_path / "work", report=stop)


def test_an_exception_named_in_stop_ends_the_run_even_inside_a_reader(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse_by(monkeypatch, "capture", misbehaviour.raises_timeout)
    with pytest.raises(TimeoutError):
        analyze(source, tmp_path / "work", stop=(TimeoutError,))


def test_findings_come_by_severity(source: Path, tmp_path: Path) -> None:
    result = analyze(source, tmp_path / "work", baselines=[captures.baseline_state()])
    order = ["high", "medium", "low", "info"]

    severities = [order.index(finding.severity) for finding in result.findings]
    assert severities == sorted(severities) and len(severities) == 4


def test_the_file_in_the_bundle_is_recognised_as_a_captured_state(source: Path, tmp_path: Path) -> None:
    result = analyze(source, tmp_path / "work", baselines=[captures.baseline_state()])
    (finding,) = [f for f in result.findings if f.rule == "tampered-executable"]

    assert "the captured state “从控制中心重启服务后”" in finding.summary["en"]
    assert "exactly what it has more than the baseline" in finding.summary["en"]


def test_a_document_has_no_second_language_left(source: Path, tmp_path: Path) -> None:
    document = localised(stored_form(analyze(source, tmp_path / "work").document()), "en")

    assert "zh-hans" not in repr(document)
    with pytest.raises(ValueError, match="zh-hans, en"):
        localised(document, "fr")


def test_a_bundle_of_one_executable_is_judged_by_the_baseline(tmp_path: Path) -> None:
    file = tmp_path / "CodeMeter.exe"
    file.write_bytes(pe_writer.tampered())
    result = analyze(file, tmp_path / "work", baselines=[captures.baseline_state()])

    assert [finding.rule for finding in result.findings] == ["file-tampered", "tampered-executable"]
    assert "82,381 bytes more than the baseline" in result.findings[0].summary["en"]
    file.write_bytes(pe_writer.clean())
    (equal,) = analyze(file, tmp_path / "work", baselines=[captures.baseline_state()]).findings
    assert equal.rule == "file-equals-baseline"


def test_a_cut_executable_is_named_and_not_called_tampered(tmp_path: Path) -> None:
    file = tmp_path / "CodeMeter.exe"
    file.write_bytes(pe_writer.clean()[:1_000_000])
    result = analyze(file, tmp_path / "work", baselines=[captures.baseline_state()])

    (artifact,) = result.artifacts
    assert artifact.state is State.PARTLY and "cut off" in (artifact.detail or {"en": ""})["en"]
    assert result.findings == []


def test_an_executable_damaged_in_the_archive_is_not_called_tampered(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("CodeMeter.exe", pe_writer.clean())
    data = bytearray(file.read_bytes())
    data[2_000_000] ^= 1
    file.write_bytes(data)
    result = analyze(file, tmp_path / "work", baselines=[captures.baseline_state()])

    (artifact,) = result.artifacts
    assert artifact.state is State.PARTLY and "not compared" in (artifact.detail or {"en": ""})["en"]
    assert result.findings == []


def test_lines_that_were_not_understood_are_told_with_the_conclusion(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    content = captures.capture_files()[2].data.decode("utf-16") + "\r\nSHA256   12345   C:\\x\\other.exe\r\n"
    (source / "capture.txt").write_bytes(content.encode())
    result = analyze(source, tmp_path / "work", baselines=[captures.baseline_state()])

    (finding,) = result.findings
    assert finding.gaps is not None and "lines not understood: 1" in finding.gaps["en"]
    assert result.artifacts[0].state is State.PARTLY


def test_findings_without_end_are_cut_to_the_gravest_and_counted(tmp_path: Path) -> None:
    source = tmp_path / "captures"
    source.mkdir()
    for name, digit in (("a.txt", "A"), ("b.txt", "B")):
        blocks = (
            f"Algorithm : SHA256\r\nHash      : {number:060}{digit * 4}\r\nPath : C:\\x\\{number}.dll\r\n"
            for number in range(300)
        )
        (source / name).write_text("\r\n".join(blocks))
    result = analyze(source, tmp_path / "work")
    assert len(result.findings) == MAX_FINDINGS
    (entry,) = [
        entry for entry in localised(stored_form(result.document()), "en")["examined"] if entry["left_out"]
    ]
    assert entry["left_out"] == 300 - MAX_FINDINGS
    assert "300 findings, the 100 gravest of them listed and 200 left out" in entry["detail"]


def test_captures_without_end_are_read_until_there_is_enough(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_parser, "MAX_STATES", 1)
    result = analyze(source, tmp_path / "work")
    assert len(result.file_states) == 1
    skipped = [
        artifact
        for artifact in result.artifacts
        if artifact.kind == "capture" and artifact.state is State.SKIPPED
    ]
    assert len(skipped) >= 2
    assert all(artifact.detail is not None and "already" in artifact.detail["en"] for artifact in skipped)


def test_every_finding_says_whether_a_gap_touches_it(source: Path, tmp_path: Path) -> None:
    write_log(source / "System.evtx", [crash(at, str(at)) for at in (1, 2, 3)])
    document = stored_form(
        analyze(source, tmp_path / "work", baselines=[captures.baseline_state()]).document()
    )
    assert len(document["findings"]) >= 4
    silent = [finding["rule"] for finding in document["findings"] if not (finding["gaps"] or {}).get("en")]
    assert not silent, f"say in gaps how far the data behind them go: {silent}"
