"""The walk from source to result: one crash costs one artifact or one rule, and is named."""

from pathlib import Path

import pytest

from analysis.engine import analyze as walk
from analysis.engine.analyze import analyze
from analysis.engine.artifacts import State
from analysis.engine.findings import Outcome
from analysis.engine.material import Material
from analysis.engine.progress import Progress, Stage
from analysis.engine.registry import ANALYZERS, Analyzer
from analysis.engine.result import localised
from demo import captures, pe_writer


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

    monkeypatch.setattr(walk, "ANALYZERS", (Analyzer("broken", broken), *ANALYZERS))
    document = analyze(source, tmp_path / "work", baselines=[captures.baseline_state()]).document()

    assert document["examined"][0]["outcome"] == "failed"
    assert "ZeroDivisionError" in document["examined"][0]["detail"]["en"]
    assert any(finding["rule"] == "file-tampered" for finding in document["findings"])


def test_a_reader_that_breaks_is_named_and_costs_one_artifact(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(artifact: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(walk, "read_pe", broken)
    result = analyze(source, tmp_path / "work")

    assert {a.path: a.state for a in result.artifacts}["CodeMeter.exe"] is State.UNREADABLE
    assert len(result.file_states) == 3
    assert any(
        e["outcome"] == "failed" and "CodeMeter.exe" in e["detail"]["en"]
        for e in result.document()["examined"]
    )


def test_progress_names_the_artifact_and_what_was_found(source: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    analyze(source, tmp_path / "work", baselines=[captures.baseline_state()], report=told.append)

    assert told[0].stage is Stage.UNPACKING and told[-1].stage is Stage.DONE
    assert {"CodeMeter.exe", "notes.txt"} <= {p.artifact for p in told}
    assert len(told[-1].found) == 4 and told[-1].artifacts_done == told[-1].artifacts_total == 5


def test_what_the_listener_raises_stops_the_run(source: Path, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage is Stage.READING:
            raise KeyError("lease lost")

    with pytest.raises(KeyError, match="lease lost"):
        analyze(source, tmp_path / "work", report=stop)


def test_an_exception_named_in_stop_ends_the_run_even_inside_a_reader(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(artifact: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(walk, "read_capture", late)
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
    document = localised(analyze(source, tmp_path / "work").document(), "en")

    assert "zh-hans" not in repr(document)
    with pytest.raises(ValueError, match="zh-hans, en"):
        localised(document, "fr")
