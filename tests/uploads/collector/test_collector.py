"""The log collector: readable PowerShell, hostile values kept quoted, its bundle analysed to a report.

No Windows is at hand where these tests run: the script's syntax is held against a grammar, and what it
writes is emulated from its own text.
"""

import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_powershell
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Language, Node, Parser

from accounts.models import User
from analysis.reports.models import Report
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases.evidence_requests.kinds import ItemKind
from cases.models import Case
from cases.powershell import quoted
from demo import captures
from demo.evtx.writer import write_log
from engine.analyze import analyze
from engine.parsers.manifest import read_manifest
from engine.schema.versions import stored_form
from jobs import worker
from tests.analysis import bundles
from tests.people import signed_in
from tests.uploads.tus_client import CHUNK, metadata
from uploads.bundles.models import Bundle
from uploads.collector.errors import NotCollectable
from uploads.collector.models import CollectorRequest
from uploads.collector.options import FORMS, PARTS, Options, checked, of_document
from uploads.collector.package import collector_zip
from uploads.collector.script import collect_ps1, template
from uploads.custody.models import Consent
from uploads.custody.privacy import version_in_force
from uploads.links import services as links
from uploads.links.models import UploadLink
from uploads.tasks import seal_bundle
from uploads.transfer import services, writing

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
        "schema": re.search(r"schema = '([^']+)'\n", script)[1],  # type: ignore[index]
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


# -- In the portal -------------------------------------------------------------------------------


def offer(case: Case, by: User, **changed: Any) -> Any:
    """Fills the form in."""
    facts = {"logs": "System", "days": "30", "paths": "", "registry": "", "parts": ["messages"]}
    return signed_in(by).post(f"/uploads/cases/{case.number}/collector/", facts | changed)


def script_in(answer: Any) -> str:
    """The script in a downloaded zip."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        name = next(member for member in archive.namelist() if member.endswith(".ps1"))
        return archive.read(name).decode("utf-8-sig")


@pytest.mark.django_db
def test_the_customer_downloads_what_the_engineer_chose(case: Case, jia: User, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    alice.refresh_from_db()
    browser = signed_in(alice)
    address = f"/uploads/cases/{case.number}/collector.zip"
    assert address not in browser.get(f"/cases/{case.number}/").content.decode()
    assert browser.post(address).status_code == 404
    assert offer(case, jia, paths=HOSTILE[0]).status_code == 302
    assert address in browser.get(f"/cases/{case.number}/").content.decode()
    script = script_in(browser.post(address))
    assert is_wrong(script) == []
    assert quoted(HOSTILE[0]) in script and quoted(case.number) in script
    link = UploadLink.objects.get()
    assert link.is_collector and link.case == case and link.expires_at < timezone.now() + timedelta(days=15)
    assert CollectorRequest.objects.get().made_by == jia


@pytest.mark.django_db
def test_the_form_says_which_line_it_does_not_take(case: Case, jia: User) -> None:
    User.objects.filter(pk=jia.pk).update(language="en")
    jia.refresh_from_db()
    answer = offer(case, jia, paths="C:\\a.exe\nC:\\*.exe")
    assert "“C:\\*.exe” cannot be collected" in answer.content.decode()
    assert not CollectorRequest.objects.exists()


@pytest.mark.django_db
def test_only_the_vendors_people_of_the_case_set_it_up(
    case: Case, alice: User, ding: User, charlie: User
) -> None:
    assert [offer(case, who).status_code for who in (alice, ding, charlie)] == [403, 404, 404]


@pytest.mark.django_db
def test_the_collector_uploads_by_its_own_link(case: Case, jia: User, alice: User) -> None:
    """The requests of ``Send-Bundle``, one by one."""
    offer(case, jia)
    script = script_in(signed_in(alice).post(f"/uploads/cases/{case.number}/collector.zip"))
    secret = re.search(r"Secret = '([\w-]+)'", script)
    assert secret is not None and "Portal = 'http://testserver'" in script
    machine = Client(
        enforce_csrf_checks=True,
        headers={"Authorization": f"Link {secret[1]}", "Tus-Resumable": "1.0.0", "Accept-Language": "en"},
    )
    old = machine.post("/uploads/link-consent", {"agree": "1", "version": "0"})
    assert old.status_code == 403 and "privacy statement has changed" in old.content.decode()
    assert not Consent.objects.exists()
    form_data = {"agree": "1", "version": version_in_force()}
    assert machine.post("/uploads/link-consent", form_data).status_code == 204
    created = machine.post(
        "/uploads/tus/", headers={"Upload-Length": "10", "Upload-Metadata": metadata(filename="日志.zip")}
    )
    assert created.status_code == 201
    url = created["Location"]
    for offset, part in ((0, b"01234"), (5, b"56789")):
        assert machine.head(url)["Upload-Offset"] == str(offset)
        answer = machine.generic("PATCH", url, part, CHUNK, headers={"Upload-Offset": str(offset)})
        assert answer["Upload-Offset"] == str(offset + 5)
    bundle = Bundle.objects.get()
    assert bundle.name == "日志.zip" and bundle.link is not None and bundle.link.is_collector
    links.revoke(bundle.link, by=jia)
    assert machine.post("/uploads/link-consent", form_data).status_code == 410


@pytest.mark.django_db
def test_what_the_collector_uploads_becomes_a_report(
    case: Case, jia: User, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The heartbeat has a connection of its own, which does not see this test's transaction.
    monkeypatch.setattr(worker, "BEAT", 3600)
    bundles.baseline()
    link, _ = links.make_for_collector(by=alice, answers=jia, case=case)
    links.agree(link)
    body = emulated(tmp_path, [], bundles.TAMPERED).read_bytes()
    upload = links.begin_upload(link, "CAS-1-PC-7.zip", len(body))
    writing.append(upload, io.BytesIO(body), 0)
    bundle = services.finish(upload)
    seal_bundle(str(bundle.pk))
    run = runs.bundle_runs(bundle).get()
    execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None, run.error
    rules = {finding["rule"] for finding in run.document["findings"]}
    assert {"service-terminated-unexpectedly", "file-tampered"} <= rules
    assert "collector-manifest" not in rules  # Nothing changed on the way.
    assert Report.objects.get(run=run).case == case


@pytest.mark.django_db
def test_without_a_link_nobody_agrees_to_anything() -> None:
    form_data = {"agree": "1", "version": version_in_force()}
    assert Client().post("/uploads/link-consent", form_data).status_code == 404
    assert (
        Client().post("/uploads/link-consent", form_data, headers={"Authorization": "Link x"}).status_code
        == 404
    )
    assert not Consent.objects.exists()


@pytest.mark.parametrize("kind", ItemKind)
def test_what_of_a_request_the_collector_brings_is_an_option_that_it_has(kind: ItemKind) -> None:
    assert kind.facts.collector in {"", *PARTS, *FORMS}
