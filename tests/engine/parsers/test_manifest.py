"""The collector's list is held against what arrived: changed and lost files are told."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from engine.analyze import analyze
from engine.parsers.manifest import SCHEMA, NotManifest, read_manifest
from engine.schema.versions import stored_form
from engine.unpacking.identify import identify

FILES = {"System/systeminfo.txt": b"Host Name: PC-7", "Files/states.txt": b"nothing", "empty.log": b""}


def document(files: dict[str, bytes] = FILES, **changed: Any) -> dict[str, Any]:
    """A manifest of those files."""
    listed = [
        {"path": path, "sha256": hashlib.sha256(body).hexdigest().upper(), "size": len(body)}
        for path, body in files.items()
    ]
    whole = {"schema": SCHEMA, "case": "CAS-1", "machine": "PC-7", "elevated": True, "files": listed}
    return whole | {"left_out": []} | changed


def bundle(folder: Path, files: dict[str, bytes], manifest: Any, inside: str = "") -> Path:
    """A zip of files and manifest."""
    file = folder / "bundle.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path, body in files.items():
            archive.writestr(inside + path, body)
        archive.writestr(inside + "manifest.json", json.dumps(manifest))
    return file


def outcome(folder: Path, source: Path) -> tuple[list[Any], dict[str, Any], dict[str, Any]]:
    """Findings of this rule, its line in ``examined``, and the manifest's artifact."""
    result = stored_form(analyze(source, folder / "work").document())
    findings = [finding for finding in result["findings"] if finding["rule"] == "collector-manifest"]
    line = next(entry for entry in result["examined"] if entry["rule"] == "collector-manifest")
    artifact = next(
        artifact for artifact in result["artifacts"] if artifact["path"].endswith("manifest.json")
    )
    return findings, line, artifact


@pytest.mark.parametrize("inside", ["", "Logs-PC-7/"])
def test_files_as_collected_are_told_and_make_no_finding(tmp_path: Path, inside: str) -> None:
    findings, line, artifact = outcome(tmp_path, bundle(tmp_path, FILES, document(), inside))
    assert findings == []
    assert (line["outcome"], line["records"]) == ("examined", 3)
    assert artifact["kind"] == "manifest" and artifact["state"] == "read"
    assert artifact["detail"]["en"] == "3 files listed: 3 are as collected."


def test_a_changed_file_is_named_with_both_hashes(tmp_path: Path) -> None:
    changed = FILES | {"Files/states.txt": b"nothinG"}
    findings, _, artifact = outcome(tmp_path, bundle(tmp_path, changed, document()))
    assert [finding["severity"] for finding in findings] == ["high"]
    excerpt = findings[0]["evidence"][0]["excerpt"]
    for body in (b"nothing", b"nothinG"):
        assert hashlib.sha256(body).hexdigest() in excerpt
    assert "1 differs" in artifact["detail"]["en"]


def test_a_file_that_was_taken_out_is_named(tmp_path: Path) -> None:
    rest = {path: body for path, body in FILES.items() if "states" not in path}
    findings, _, _ = outcome(tmp_path, bundle(tmp_path, rest, document()))
    assert [(finding["severity"], finding["data"]["lost"]) for finding in findings] == [
        ("medium", ["Files/states.txt"])
    ]


def test_what_the_collector_could_not_collect_is_told(tmp_path: Path) -> None:
    manifest = document(left_out=[{"what": "gpresult", "why": "Access is denied."}], elevated=False)
    _, _, artifact = outcome(tmp_path, bundle(tmp_path, FILES, manifest))
    assert "could not collect 1 thing: gpresult" in artifact["detail"]["en"]
    assert "without administrator rights" in artifact["detail"]["en"]


def test_a_bundle_without_manifest_says_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    result = stored_form(analyze(folder, tmp_path / "work").document())
    line = next(entry for entry in result["examined"] if entry["rule"] == "collector-manifest")
    assert line["outcome"] == "not_examined" and "manifest.json" in line["detail"]["en"]


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"schema": "anjuan.manifest/2"}',
        '{"schema": "anjuan.manifest/1", "x": ' + "[" * 100_000,
        "\0\0",
    ],
)
def test_a_broken_manifest_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(content)
    with pytest.raises(NotManifest):
        read_manifest(file)


def test_entries_that_fit_nothing_are_counted(tmp_path: Path) -> None:
    good = {"path": "a", "sha256": "0" * 64, "size": 1}
    bad: list[Any] = [1, {}, good | {"sha256": "x"}, good | {"size": -1}, good | {"size": True}]
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(document(files={}) | {"files": [good, *bad], "left_out": [{"why": "x"}]}))
    manifest = read_manifest(file)
    assert (len(manifest.files), manifest.passed_over) == (1, 6)


def test_a_list_of_one_as_powershell_writes_it_is_a_list(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    entry = {"path": "EventLog\\System.evtx", "sha256": "A" * 64, "size": 1}
    file.write_text(json.dumps(document(files={}) | {"files": entry}), encoding="utf-8-sig")
    manifest = read_manifest(file)
    assert [(file.path, file.sha256) for file in manifest.files] == [("EventLog/System.evtx", "a" * 64)]
    assert identify(file) == "manifest"
