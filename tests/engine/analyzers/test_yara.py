"""The operator's YARA rules: matches become findings, bad rules are named, and nothing else stops."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from demo import captures
from engine import yara_scan
from engine.analyze import analyze
from engine.analyzers import yara_rules
from engine.artifacts import Artifact
from engine.findings import Examined
from engine.result import Result
from engine.sandbox.sandbox import Allowance, Sandbox
from engine.schema.versions import stored_form
from engine.yara_scan import Match, NotInstalled, RuleFile, Scan, scan_all
from tests.engine import misbehaviour as jobs

GOOD = """
rule Dropper : trojan {
  meta:
    description = "Writes into a licence service"
    reference = "https://example.org/dropper"
    score = 80
  strings:
    $name = "DROPPER-7"
    $tail = { DE AD BE EF }
  condition: any of them
}
"""
HALF = """
rule Fine { condition: filesize == 3 }
rule Broken { condition: no_such_thing }
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    (folder / "more").mkdir(parents=True)
    (folder / "dropper.yar").write_text(GOOD)
    (folder / "more" / "half.yara").write_text(HALF)
    (folder / "more" / "index.yar").write_text('include "../dropper.yar"')
    (folder / "notes.txt").write_text("no rules")
    return folder


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    file = tmp_path / "bundle.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a/unknown.bin", b"x" * 1000 + b"DROPPER-7" + b"\xde\xad\xbe\xef")
        archive.writestr("three.txt", b"abc")
        archive.writestr("capture.txt", captures.capture_files()[0].data)
    return file


def examined(result: Result) -> dict[str, Mapping[str, Any]]:
    return {
        entry["rule"]: entry
        for entry in stored_form(result.document())["examined"]
        if entry["rule"].startswith("yara")
    }


def test_a_match_is_a_finding_with_the_rule_the_file_and_the_bytes(
    rules: Path, bundle: Path, tmp_path: Path
) -> None:
    result = analyze(bundle, tmp_path / "work", yara=rules)

    (finding,) = [finding for finding in result.findings if finding.rule == "yara-Dropper"]
    (artifact,) = [artifact for artifact in result.artifacts if artifact.path == "a/unknown.bin"]
    assert "Writes into a licence service" in finding.summary["en"]
    assert finding.data.references == ["https://example.org/dropper"]
    assert (finding.data.namespace, finding.data.tags) == ("dropper.yar", ["trojan"])
    assert finding.data.files == [{"artifact": "a/unknown.bin", "sha256": artifact.sha256}]
    assert [
        (evidence.artifact_sha256, dict(evidence.locator.facts()), evidence.excerpt[:20])
        for evidence in finding.evidence
    ] == [
        (artifact.sha256, {"offset": 1000, "length": 9, "pattern": "$name"}, "$name = 44 52 4F 50 "),
        (artifact.sha256, {"offset": 1009, "length": 4, "pattern": "$tail"}, "$tail = DE AD BE EF "),
    ]
    assert "命中 1 个文件" in finding.title["zh-hans"] and "matches 1 file" in finding.title["en"]


def test_rules_that_do_not_compile_are_named_and_the_others_are_used(
    rules: Path, bundle: Path, tmp_path: Path
) -> None:
    result = analyze(bundle, tmp_path / "work", yara=rules)

    entries = examined(result)
    assert {rule: entry["outcome"] for rule, entry in entries.items()} == {
        "yara-dropper.yar": "examined",
        "yara-more/half.yara": "examined",
        "yara-more/half.yara-errors": "failed",
        "yara-more/index.yar-errors": "failed",
    }
    assert entries["yara-dropper.yar"]["records"] == 3
    assert "(1)" in entries["yara-more/half.yara"]["title"]["en"]
    assert "line 3: unknown identifier" in entries["yara-more/half.yara-errors"]["detail"]["en"]
    assert "include" in entries["yara-more/index.yar-errors"]["detail"]["en"]
    assert {"yara-Dropper", "yara-Fine"} <= {finding.rule for finding in result.findings}


def test_without_a_folder_nothing_is_scanned_and_nothing_is_said(bundle: Path, tmp_path: Path) -> None:
    assert not examined(analyze(bundle, tmp_path / "work"))


@pytest.mark.parametrize("content", [None, {}, {"a.txt": "rule a { condition: true }"}])
def test_a_folder_without_rules_is_said(content: dict[str, str] | None, bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    if content is not None:
        folder.mkdir()
        for name, text in content.items():
            (folder / name).write_text(text)
    entries = examined(analyze(bundle, tmp_path / "work", yara=folder))

    assert entries["yara"]["outcome"] == "not_examined" and str(folder) in entries["yara"]["detail"]["en"]


def test_the_package_that_is_missing_is_named_with_what_to_do(
    rules: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yara_scan, "compile_rules", jobs.has_no_yara)
    entries = examined(analyze(bundle, tmp_path / "work", yara=rules))

    assert "requirements-yara.txt" in entries["yara"]["detail"]["en"]
    assert "pip install" in entries["yara"]["detail"]["zh-hans"]
    assert NotInstalled in getattr(jobs.has_no_yara, "refusals", ())


@pytest.mark.parametrize("reader", [jobs.hangs, jobs.aborts, jobs.is_too_slow])
def test_a_file_at_which_the_scan_breaks_is_named_and_the_rest_goes_on(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Any
) -> None:
    files = []
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"abc")
        files.append(Artifact(name, tmp_path / name, "0" * 64, 3, "other"))
    with Sandbox(Allowance(silence=4.0)) as sandbox:
        with monkeypatch.context() as patched:
            patched.setattr(yara_scan, "scan", reader)
            broken = scan_all(rules, files[:1], sandbox, lambda name: None)
        whole = scan_all(rules, files[1:], sandbox, lambda name: None)

    assert [path for path, _ in broken.unread] == ["a"] and not broken.matches
    assert {rule: [artifact.path for artifact, _ in matches] for rule, matches in whole.matches.items()} == {
        ("more/half.yara", "Fine"): ["b"]
    }


def test_a_rule_that_matches_everything_is_counted_not_listed_without_end() -> None:
    scan = Scan(files=[RuleFile("all.yar", 1, ())])
    match = Match("All", "all.yar", (), (), ())
    for number in range(1000):
        scan.add(Artifact(f"{number}", Path(f"{number}"), "0" * 64, 1, "other"), [match])

    outcome = yara_rules.examine(scan.files[0], scan)
    assert isinstance(outcome, Examined)
    (finding,) = outcome.findings
    assert "1,000 files" in finding.title["en"] and finding.data.count == 1000
    assert len(finding.data.files) == 200 and len(finding.evidence) == 20
