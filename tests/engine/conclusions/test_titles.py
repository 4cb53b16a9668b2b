"""A title is short whatever a log holds: no base64, no command line, no long path."""

import base64
import random
from pathlib import Path
from typing import Any

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyze import analyze
from engine.conclusions.titles import brief
from engine.text import LANGUAGES, in_language, text
from tests.engine.event_logs import moment


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("The program viewer.exe crashed (3 times)", "The program viewer.exe crashed (3 times)"),
        (
            "\\Device\\HarddiskVolume3\\Users\\lin\\AppData\\Local\\Temp\\setup.exe has no valid hash",
            "…\\setup.exe has no valid hash",
        ),
        (
            "安装了可疑的服务“aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQ”（2 次）",
            "安装了可疑的服务“aGVsbG8gd29ybGQgaGVsbG8gd2…VsbG8gd29ybGQ”（2 次）",
        ),
        (
            "The “C:\\Windows\\System32\\cmd.exe /c start run.cmd one two three four five six seven” hung",
            "The “C:\\Windows\\System32\\cmd.exe /c start ru… four five six seven” hung",
        ),
    ],
)
def test_a_long_value_loses_its_middle_and_a_path_its_folders(title: str, shown: str) -> None:
    assert brief(text(title, title)) == text(shown, shown)


def test_how_often_it_came_stays_at_the_end() -> None:
    title = f"An update failed to install: {'a word and ' * 20}(1,440 times)"
    short = brief(text(title, title))["en"]
    assert len(short) == 120 and short.endswith("(1,440 times)")


def test_chinese_is_not_taken_for_base64() -> None:
    title = "服务控制管理器在规定时间内没有收到该服务的任何响应因此把它当作启动失败处理并且记录了这一错误"
    assert brief(text(title, title))["zh-hans"] == title


HOSTILE = (
    base64.b64encode(random.Random(7).randbytes(600)).decode(),
    'powershell.exe -nop -w hidden -c "' + "IEX (New-Object Net.WebClient) ; " * 9 + '"',
    "\\\\?\\C:\\" + "very long folder\\" * 30 + "a.exe",
    "\u202egnp.exe" + "\u200b" * 300 + "x" * 200,
    "مرحبا بالعالم " * 40,
    "“”" * 100 + "“" * 50,
    "🧨" * 400,
    "%%1053 {0} {Provider} <script>" * 20,
)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_title_holds_what_a_log_can_put_into_it_and_the_evidence_does(tmp_path: Path, value: str) -> None:
    audit, scm = "Microsoft-Windows-Security-Auditing", "Service Control Manager"
    installed = {"ServiceName": value, "ImagePath": f"powershell {value}", "StartType": "auto start"}
    told: list[tuple[str, str, int, Any]] = [
        ("System", scm, 7045, installed),
        ("System", scm, 7034, {"param1": value, "param2": "1"}),
        ("System", scm, 7009, {"param1": "30000", "param2": value}),
        ("System", "Microsoft-Windows-DistributedCOM", 10010, {"param1": value}),
        ("Application", "Application Error", 1000, (value, "1", "2", value, "1", "2", "c0000005", "0")),
        ("Application", "MsiInstaller", 1033, (value, "1.0", "2052", "1603", value, "")),
        ("Security", audit, 4740, {"TargetUserName": value, "TargetDomainName": value}),
    ]
    (tmp_path / "logs").mkdir()
    for channel in ("System", "Application", "Security"):
        events = [
            Event(moment(100 * place), provider, number, data, channel=channel, level=2)
            for place, (log, provider, number, data) in enumerate(told)
            if log == channel
        ]
        write_log(tmp_path / "logs" / f"{channel}.evtx", events)
    document = analyze(tmp_path / "logs", tmp_path / "work", readers=1).document()
    assert len(document.findings) >= 4
    for language in LANGUAGES:
        for title in (in_language(one.title, language) for one in document.findings):
            assert len(title) <= 120 and "\u202e" not in title, title
        for title in (in_language(one.title, language) for one in document.incidents):
            assert len(title) <= 170, title
