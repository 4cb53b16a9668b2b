"""What the outputs of a machine's own tools show to be wrong, and the facts in the document."""

from pathlib import Path

import pytest

from engine.analyze import analyze
from engine.render.plain import lines_of
from engine.schema.document import ResultDocument
from engine.text import in_language
from tests.engine.parsers.crashes import test_dump, test_wer
from tests.engine.parsers.machine import test_ipconfig, test_registry_file, test_services, test_systeminfo

IDLE = test_services.EXAMPLES[0].replace(b"1067  (0x42b)", b"1077  (0x435)")


def analysed(tmp_path: Path, name: str, content: bytes) -> ResultDocument:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / name).write_bytes(content)
    return analyze(bundle, tmp_path / "work", readers=1).document()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "sc.txt",
            test_services.EXAMPLES[0],
            [("The service Licence.exe is stopped with exit code 1067", 5)],
        ),
        ("sc.txt", test_services.EXAMPLES[1], [("The service Licence.exe is disabled", 6)]),
        ("sc.txt", IDLE, []),
        ("a.reg", test_registry_file.EXAMPLES[0], [("The service Licence.exe is disabled", 5)]),
        ("a.txt", test_ipconfig.EXAMPLES[0], [("An adapter has no address from DHCP (169.254.10.20)", 8)]),
        ("a.txt", test_ipconfig.EXAMPLES[1], []),
        ("Report.wer", test_wer.EXAMPLES[0], [("Licence.exe crashed in the module ntdll.dll", 2)]),
        ("a.dmp", test_dump.EXAMPLES[2], [("Dump of app.exe: an exception in bad.dll", None)]),
        ("a.dmp", bytes(test_dump.EXAMPLES[0][:0x38]) + bytes(8136), []),
        ("a.dmp", b"PAGEDU64" + bytes(56) + b"\x39\x01" + bytes(500), []),
    ],
)
def test_what_is_wrong_is_a_finding_at_its_line(
    tmp_path: Path, name: str, content: bytes, told: list[tuple[str, int | None]]
) -> None:
    document = analysed(tmp_path, name, content)

    assert [(found.title["en"], found.evidence[0].locator.line) for found in document.findings] == told


@pytest.mark.parametrize(
    ("name", "content", "causes"),
    [
        ("sc.txt", test_services.EXAMPLES[0], "服务程序自身的错误"),
        ("sc.txt", test_services.EXAMPLES[1], "优化工具"),
        ("a.txt", test_ipconfig.EXAMPLES[0], "网线"),
    ],
)
def test_each_has_causes_of_its_own(tmp_path: Path, name: str, content: bytes, causes: str) -> None:
    (finding,) = analysed(tmp_path, name, content).findings

    told = in_language(finding.data.causes, "zh-hans")
    assert [word for word in ("服务程序自身的错误", "优化工具", "网线") if word in told] == [causes]
    assert finding.data.false_alarms and finding.data.references


def test_a_system_dump_is_a_blue_screen_with_its_code_in_words(tmp_path: Path) -> None:
    document = analysed(tmp_path, "a.dmp", test_dump.EXAMPLES[0])

    (finding,) = document.findings
    assert finding.rule == "crash-dump" and "0x00000139 (" in finding.title["en"]
    assert "0xfffff80000000001" in finding.summary["zh-hans"]


def test_the_facts_of_the_machine_stand_in_the_document_with_their_lines(tmp_path: Path) -> None:
    document = analysed(tmp_path, "systeminfo.txt", test_systeminfo.EXAMPLES[0])

    (entry,) = document.machine
    assert (entry.artifact, entry.kind, entry.left_out) == ("systeminfo.txt", "systeminfo", 0)
    assert [(fact.name["zh-hans"], fact.value, fact.line) for fact in entry.facts[:2]] == [
        ("电脑名称", "PC-01", 2),
        ("操作系统", "Microsoft Windows 10 专业版", 3),
    ]
    assert "Last start  2021/5/7, 8:00:00  line 5" in list(lines_of(document, "en"))
