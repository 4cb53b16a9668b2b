"""``manage.py analyze`` and ``demo_bundle`` as a person at a terminal uses them, with no database."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: object, folder: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs with a database address that nothing answers; ``folder`` is its place for what passes."""
    away = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "REDIS_URL": "redis://127.0.0.1:1/0"}
    environment = os.environ | away | {"TMPDIR": str(folder), "ANJUAN_HOME": str(folder / "home")}
    words = [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]
    return subprocess.run(
        words, env=environment, capture_output=True, text=True, check=check, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo bundle and its baseline."""
    folder = tmp_path_factory.mktemp("demo")
    command("demo_bundle", folder / "demo.zip", "--baseline", folder / "lab.json", folder=folder)
    return folder


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place for what passes of the command that made ``result``."""
    return tmp_path_factory.mktemp("passing")


@pytest.fixture(scope="module")
def result(demo: Path, passing: Path) -> dict[str, Any]:
    """The English result document of the demo bundle."""
    words = ("--baseline", demo / "lab.json", "--lang", "en", "--json")
    return json.loads(command("analyze", demo / "demo.zip", *words, folder=passing).stdout)


def test_the_demo_bundle_is_small_deterministic_and_has_chinese_names(demo: Path, tmp_path: Path) -> None:
    command("demo_bundle", tmp_path / "again.zip", folder=tmp_path)

    assert (demo / "demo.zip").stat().st_size < 3_000_000
    assert (tmp_path / "again.zip").read_bytes() == (demo / "demo.zip").read_bytes()
    with zipfile.ZipFile(demo / "demo.zip") as archive:
        flags = {
            info.flag_bits & 0x800 for info in archive.infolist() if info.filename.startswith("Captures/")
        }
    assert flags == {0, 0x800}


def test_the_document_has_the_schema(result: dict[str, Any]) -> None:
    assert result["schema"] == "anjuan.result/2"
    assert {"schema", "source", "artifacts", "events", "file_states", "findings", "examined"} <= set(result)
    assert set(result["source"]) == {"name", "sha256", "size"}
    for artifact in result["artifacts"]:
        assert set(artifact) == {"path", "sha256", "size", "kind", "state", "detail"}
    log, lines = sorted(result["events"]["logs"], key=itemgetter("records"), reverse=True)
    wanted = {
        "artifact",
        "records",
        "first_record",
        "last_record",
        "first_time",
        "last_time",
        "missing",
        "dirty",
    }
    assert wanted | {"bad_chunks"} <= set(log) == set(lines)
    for state in result["file_states"]:
        assert {"path", "sha256", "size", "modified", "version", "label", "artifact", "line"} <= set(state)
    for finding in result["findings"]:
        assert {"rule", "severity", "title", "summary", "advice", "evidence"} <= set(finding)
        for evidence in finding["evidence"]:
            assert {"artifact", "artifact_sha256", "locator", "excerpt"} <= set(evidence)
    for examined in result["examined"]:
        assert {"rule", "outcome", "records", "unreadable", "detail"} <= set(examined)


def test_the_demo_bundle_tells_the_case(demo: Path, result: dict[str, Any]) -> None:
    by_rule = {finding["rule"]: finding for finding in result["findings"]}

    assert result["source"]["sha256"] == hashlib.sha256((demo / "demo.zip").read_bytes()).hexdigest()
    assert result["events"]["total"] == 18_868 + 69  # the lines of CodeMeter's own log
    assert "82,381 bytes more than the baseline" in by_rule["file-tampered"]["summary"]
    assert "2 states" in by_rule["file-tampered"]["title"]
    assert "one digit" in by_rule["hash-transcription-slip"]["title"]
    assert "82,381 bytes" in by_rule["tampered-executable"]["title"]
    stopped = [
        e for e in by_rule["service-terminated-unexpectedly"]["evidence"] if e["locator"]["event_id"] == 7034
    ]
    assert len(stopped) == 8
    assert {"record_id", "event_id", "provider", "time"} <= set(stopped[0]["locator"])
    assert len(result["examined"]) >= 80
    assert not [examined for examined in result["examined"] if examined["outcome"] == "failed"]


def test_both_languages_say_the_same_things(demo: Path, result: dict[str, Any]) -> None:
    printed = command("analyze", demo / "demo.zip", "--baseline", demo / "lab.json", "--json", folder=demo)
    chinese = json.loads(printed.stdout)

    assert [f["rule"] for f in chinese["findings"]] == [f["rule"] for f in result["findings"]]
    assert all(any("\u4e00" <= c <= "\u9fff" for c in f["summary"]) for f in chinese["findings"])


def test_the_plain_output_names_findings_files_and_what_was_examined(demo: Path) -> None:
    printed = command("analyze", demo / "demo.zip", "--baseline", demo / "lab.json", folder=demo).stdout

    assert "CodeMeter.exe 被篡改" in printed and "18,868" in printed and "\x1b" not in printed


def test_it_leaves_nothing_behind(result: dict[str, Any], passing: Path) -> None:
    command("analyze", passing / "nothing", folder=passing, check=False)

    assert list(passing.iterdir()) == []


def test_a_terminated_analysis_leaves_nothing_behind(demo: Path, tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    words = [sys.executable, str(ROOT / "manage.py"), "analyze", str(demo / "demo.zip")]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while running.poll() is None and not any(tmp_path.glob("anjuan-*/files/*")):
            time.sleep(0.01)
        running.send_signal(signal.SIGTERM)
        running.communicate()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "content"), [("nothing", None), ("lab.json", b"{}"), ("lab.json", b"\xff")])
def test_a_wrong_path_or_baseline_is_one_clear_line(tmp_path: Path, name: str, content: bytes | None) -> None:
    (tmp_path / "a.txt").write_text("PS C:\\> Get-FileHash x")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    extra = ["--baseline", tmp_path / name] if content is not None else []
    path = tmp_path / "a.txt" if content is not None else tmp_path / name
    ended = command("analyze", path, *extra, "--json", folder=tmp_path, check=False)

    assert ended.returncode != 0 and ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1 and name in ended.stderr


def test_an_empty_folder_is_analysed_and_says_what_was_missing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    document = json.loads(command("analyze", tmp_path / "empty", "--json", folder=tmp_path).stdout)

    assert document["artifacts"] == [] and document["findings"] == []
    assert {examined["outcome"] for examined in document["examined"]} == {"not_examined"}
    assert all(examined["detail"] for examined in document["examined"])


@pytest.mark.parametrize(
    ("time", "covered"),
    [("2020-11-14T10:00", True), ("2019-01-01T10:00", False), ("2020-11-14T10:00Z", True)],
)
def test_the_logs_are_held_against_the_time_of_the_incident(demo: Path, time: str, covered: bool) -> None:
    words = ["--incident", time, "--zone", "Asia/Shanghai", "--json", "--lang", "en"]
    document = json.loads(command("analyze", demo / "demo.zip", *words, folder=demo).stdout)
    held = document["events"]["incident"]
    assert held["covered"] is covered
    first = [finding["rule"] for finding in document["findings"][:2]]
    assert ("incident-not-covered" in first) is not covered
    hour = 10 if time.endswith("Z") else 2
    assert held["time"] == f"{time[:11]}{hour:02}:00:00Z"


@pytest.mark.parametrize(
    ("words", "reason"),
    [(["--incident", "yesterday"], "no such time"), (["--zone", "Mars/Olympus"], "no such time zone")],
)
def test_a_time_or_zone_that_there_is_not_is_refused_by_name(
    demo: Path, words: list[str], reason: str
) -> None:
    ended = command("analyze", demo / "demo.zip", *words, folder=demo, check=False)
    assert ended.returncode != 0 and reason in ended.stderr and "Traceback" not in ended.stderr
