"""The log collector: readable PowerShell, hostile values kept quoted, its bundle analysed to a report.

No Windows is at hand where these tests run: the script's syntax is held against a grammar, and what it
writes is emulated from its own text.
"""

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_powershell
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Language, Node, Parser

from cases.evidence_requests.powershell import quoted
from demo import captures
from demo.evtx.writer import write_log
from engine.analyze import analyze
from engine.parsers.manifest import read_manifest
from engine.schema.versions import stored_form
from tests.analysis import bundles
from uploads.collector.errors import NotCollectable
from uploads.collector.options import Options, checked, of_document
from uploads.collector.package import collector_zip
from uploads.collector.script import collect_ps1, template

PARSER = Parser(Language(tree_sitter_powershell.language()))
HOSTILE = (
    "C:\\it's\\$(calc).exe",
    "C:\\’; calc; ‘\\a.exe",
    "C:\\`$env:TEMP\\‚a‛.exe",
    "C:\\'); Remove-Item C:\\ -Recurse #",
    "%TEMP%\\'@\\a.exe",
)


def written(options: Options, **values: str) -> str:
    """The script for these options."""
    facts = {
        "case": "CAS-00001-ABCDEF",
        "portal": "https://portal.example",
        "secret": "s3cret",
        "privacy": "1",
    }
    return collect_ps1(options, **(facts | values))


def nodes(script: str) -> list[Node]:
    """Every node of the script's syntax tree."""
    visited, waiting = [], [PARSER.parse(script.encode()).root_node]
    while waiting:
        node = waiting.pop()
        visited.append(node)
        waiting.extend(node.children)
    return visited


def is_wrong(script: str) -> list[str]:
    """What the grammar does not take."""
    wrong = [node for node in nodes(script) if node.type == "ERROR" or node.is_missing]
    return [f"{node.start_point}: {(node.text or b'')[:60]!r}" for node in wrong]


def texts(script: str) -> set[str]:
    """What the single-quoted texts of the script say."""
    raw = [(node.text or b"").decode() for node in nodes(script) if node.type == "verbatim_string_characters"]
    return {re.sub("(['‘’‚‛])(['‘’‚‛])", r"\1", literal[1:-1]) for literal in raw}


def commands(script: str) -> list[str]:
    """The names of the commands that the script calls, in order."""
    return [(node.text or b"").decode() for node in nodes(script) if node.type == "command_name"]


ALL = Options(
    logs=("System", "Microsoft-Windows-CodeIntegrity/Operational"),
    files=("C:\\Program Files\\App\\app.exe",),
    registry=("HKLM\\SYSTEM\\CurrentControlSet\\Services\\App",),
    policy=True,
    network=True,
    reports=True,
    dumps=True,
)


@pytest.mark.parametrize("options", [ALL, Options(), Options(logs=(), messages=False)])
def test_the_script_is_powershell(options: Options) -> None:
    assert is_wrong(written(options)) == []


def test_the_check_would_find_a_mistake() -> None:
    assert is_wrong(written(ALL).replace("function Ask(", "function Ask((", 1))


def test_nothing_newer_than_powershell_5_1_is_used() -> None:
    script = written(ALL)
    code = re.sub(r"'[^'\n]*'|#.*", "", script)
    for newer in ("&&", "||", "??", "?.", " ? ", "-Parallel", "ForEach-Object -AsJob", "utf8NoBOM"):
        assert newer not in code, newer
    assert "Win32_Product" not in script  # Asking it would repair and reconfigure what is installed.


def test_no_function_gives_back_what_powershell_takes_apart() -> None:
    # A NameValueCollection that is returned arrives as the list of its keys.
    assert not re.search(r"return .*Headers|\$headers\b", written(ALL))


def test_no_two_names_of_one_variable_differ_by_case_alone() -> None:
    # To PowerShell they are the same one: $work inside a function hides $Work outside of it.
    spellings: dict[str, set[str]] = {}
    for node in nodes(written(ALL)):
        if node.type == "variable":
            name = (node.text or b"").decode().lstrip("$@").removeprefix("script:")
            spellings.setdefault(name.casefold(), set()).add(name)
    twice = {key: names for key, names in spellings.items() if len(names) > 1}
    assert twice == {}


def test_the_script_deletes_nothing_but_its_own() -> None:
    removals = [line.strip() for line in written(ALL).splitlines() if "Remove-Item" in line]
    assert len(removals) == 2
    assert all("-LiteralPath $note" in line or "-LiteralPath $Root" in line for line in removals)


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_path_stays_a_text(line: str) -> None:
    plain = Options(files=("C:\\a.exe",))
    script = written(Options(files=(line,)))
    assert is_wrong(script) == []
    assert commands(script) == commands(written(plain))
    assert quoted(line) in script


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=60))
def test_whatever_a_value_says_it_ends_where_it_ends(value: str) -> None:
    # By PowerShell's own rule: any of five quotation marks ends a text unless it stands twice.
    inside = quoted(value)[1:-1]
    marks = "'\u2018\u2019\u201a\u201b"
    text, place = "", 0
    while place < len(inside):
        if inside[place] in marks:
            assert inside[place + 1 : place + 2] and inside[place + 1] in marks
            place += 1
        text += inside[place]
        place += 1
    assert text == value


@pytest.mark.parametrize("character", ["\n", "\r", "\0", "\x1a"])
def test_a_value_with_a_control_character_is_refused(character: str) -> None:
    with pytest.raises(ValueError, match="control"):
        quoted(f"a{character}b")


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("logs", "System; calc"),
        ("logs", "-System"),
        ("logs", "/q:*"),
        ("files", "app.exe"),
        ("files", "C:\\*.exe"),
        ("files", 'C:\\a" /y.exe'),
        ("files", "C:\\a\u202egpj.exe"),
        ("registry", "SOFTWARE\\App"),
        ("registry", 'HKLM\\SOFTWARE" C:\\x.reg'),
    ],
)
def test_what_cannot_be_collected_is_refused_with_the_line(field: str, line: str) -> None:
    form_data: dict[str, Any] = {"logs": "", "files": "", "registry": "", "days": 1, "parts": set()}
    with pytest.raises(NotCollectable) as refused:
        checked(**(form_data | {field: line}))
    assert line.replace("\u202e", "")[:20] in str(refused.value)


def test_options_survive_the_database() -> None:
    document = json.loads(json.dumps(ALL.document()))
    assert of_document(document | {"of another version": 1}) == ALL


@pytest.mark.django_db
def test_the_zip_holds_what_powershell_5_1_and_cmd_can_read() -> None:
    content = collector_zip(ALL, case="CAS-1", portal="https://portal.example", secret="s")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert set(files) == {"collect.cmd", "collect.ps1", "PRIVACY.txt"}
    assert files["collect.ps1"].startswith(b"\xef\xbb\xbf")
    assert "采集" in files["collect.ps1"].decode("utf-8-sig")
    assert files["collect.cmd"].isascii()
    for body in files.values():
        assert body.count(b"\n") == body.count(b"\r\n")
    statement = files["PRIVACY.txt"].decode("utf-8-sig")
    assert "内存转储" in statement and "memory dumps" in statement and "<" not in statement


# -- What it writes ------------------------------------------------------------------------------


def table_in(script: str, start: str) -> set[str]:
    """The keys of the ``[ordered]@{`` after ``start``."""
    body = script.partition(start)[2].partition("[ordered]@{")[2].partition("}")[0]
    return set(re.findall(r"(?:^|;|\n)\s*(\w+) = ", body))


def emulated(folder: Path, left_out: list[dict[str, str]], sha256: str = "7682DD44" * 8) -> Path:
    """A bundle as the script would write it, from its own formats: captures, messages, manifest."""
    root = folder / "collected"
    messages = {
        "provider": "P",
        "id": 7034,
        "qualifiers": 49152,
        "language": "zh-CN",
        "text": "%1 服务意外停止。",
    }
    assert set(messages) - {"qualifiers"} == table_in(template("collect.ps1"), "$number = [long]$one.Id")
    log = folder / "System.evtx"
    write_log(log, list(bundles.crashes(3)))
    bodies = {
        "EventLog/System.evtx": log.read_bytes(),
        "Files/file-states.txt": _states(sha256).encode("utf-8-sig"),
        "messages/messages.json": json.dumps(
            {"schema": "anjuan.messages/1", "messages": [messages]}
        ).encode(),
        "System/systeminfo.txt": "主机名: PC-7".encode("utf-8-sig"),
    }
    for name, body in bodies.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(body)
    script = template("collect.ps1")
    entry = {"path", "sha256", "size"}
    assert table_in(script, "foreach ($one in @(Get-Collected)) {\n") == entry
    files = [
        {"path": name, "sha256": hashlib.sha256(body).hexdigest().upper(), "size": len(body)}
        for name, body in sorted(bodies.items())
    ]
    manifest: dict[str, Any] = {
        "schema": re.findall(r"schema = '([^']+)'\n", script)[0],
        "case": "CAS-00001-ABCDEF",
        "collector": "1",
        "machine": "PC-7",
        "language": "zh-CN",
        "started": "2026-01-31T08:00:00Z",
        "finished": "2026-01-31T08:05:00Z",
        "elevated": True,
        "files": files,
        "left_out": left_out,
    }
    assert set(manifest) == table_in(script, "\n    $manifest")
    (root / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    file = folder / "bundle.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for item in sorted(root.rglob("*")):
            if item.is_file():
                archive.write(item, item.relative_to(root).as_posix())
    return file


def _states(sha256: str) -> str:
    """``Get-FileHash | Format-List`` and ``Get-Item | Select-Object | Format-List``, as 5.1 prints them."""
    path = captures.PATH
    return (
        f"\r\n\r\nAlgorithm : SHA256\r\nHash      : {sha256}\r\nPath      : {path}\r\n\r\n\r\n"
        f"\r\n\r\nFullName       : {path}\r\nLength         : 4562920\r\n"
        "CreationTime   : 2016/4/6 12:20:00\r\nLastWriteTime  : 2016/4/6 12:20:00\r\n"
        "LastAccessTime : 2020/11/27 9:00:00\r\nAttributes     : Archive\r\n"
        f"VersionInfo    : File:             {path}\r\n"
        "                 InternalName:     CodeMeter\r\n"
        "                 FileVersion:      Version 6.20 of 2016-Apr-06 (Build 2147)\r\n"
        "                 ProductVersion:   Version 6.20\r\n\r\n\r\n\r\n"
    )


def test_what_it_collects_is_analysed_to_a_result(tmp_path: Path) -> None:
    bundle = emulated(tmp_path, [{"what": "gpresult", "why": "Access is denied."}])
    manifest = read_manifest(tmp_path / "collected" / "manifest.json")
    assert len(manifest.files) == 4 and manifest.passed_over == 0
    result = stored_form(analyze(bundle, tmp_path / "work").document())
    artifacts = {artifact["path"]: artifact for artifact in result["artifacts"]}
    assert {name: artifact["kind"] for name, artifact in artifacts.items()} == {
        "EventLog/System.evtx": "evtx",
        "Files/file-states.txt": "capture",
        "System/systeminfo.txt": "other",
        "manifest.json": "manifest",
        "messages/messages.json": "messages",
    }
    assert "4 are as collected" in artifacts["manifest.json"]["detail"]["en"]
    state = result["file_states"][0]
    assert (state["path"], state["sha256"], state["size"]) == (captures.PATH, "7682DD44" * 8, 4562920)
    assert state["modified"] == "2016-04-06T12:20:00" and "6.20" in state["version"]


def test_every_exit_code_is_documented() -> None:
    script = template("collect.ps1")
    codes = set(re.findall(r"(?:exit|return|\$result =) (\d)\b", script))
    page = (Path(__file__).parents[3] / "docs" / "collector.md").read_text("utf-8")
    assert codes <= {"0", "1", "2", "3", "5"}
    for code in codes:
        assert re.search(rf"^\| `{code}` \|", page, re.MULTILINE), code
