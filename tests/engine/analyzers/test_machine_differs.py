"""A file that tells of another machine than the event logs is named as such."""

from dataclasses import replace
from pathlib import Path

import pytest

from demo.evtx.writer import write_log
from engine.analyze import analyze
from engine.schema.document import FindingEntry
from tests.engine.event_logs import boot, ordinary


def told(tmp_path: Path, computer: str, host: str) -> list[FindingEntry]:
    """Of a log of ``computer`` beside a systeminfo of ``host``."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    write_log(
        bundle / "System.evtx",
        [replace(event, computer=computer) for event in (boot(0), *ordinary(3, start=1))],
    )
    (bundle / "systeminfo.txt").write_text(
        f"\n主机名:           {host}\nOS 名称:          Windows 10\n", "utf-8"
    )
    document = analyze(bundle, tmp_path / "work", readers=1).document()
    return [finding for finding in document.findings if finding.rule == "machine-differs"]


def test_the_systeminfo_of_another_machine_is_named_with_both_machines(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, "PC-0417", "WS-2207")

    assert finding.title["zh-hans"] == "systeminfo.txt 来自另一台电脑 WS-2207"
    assert "事件日志来自 PC-0417" in finding.summary["zh-hans"]
    assert finding.evidence[0].locator.line == 2


@pytest.mark.parametrize(
    ("computer", "host"),
    [
        ("PC-01", "pc-01"),
        ("PC-01.corp.example", "PC-01"),
        ("PC-01", "PC-01.corp.example"),
        ("workstation-of-finance-07", "WORKSTATION-OF-"),
    ],
)
def test_a_name_with_its_domain_in_capitals_or_cut_short_is_the_same_machine(
    tmp_path: Path, computer: str, host: str
) -> None:
    assert told(tmp_path, computer, host) == []
