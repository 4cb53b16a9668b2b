"""No finding is only said of what was read; of a bundle of which nothing was, that comes first."""

from pathlib import Path

import pytest

from demo.evtx.writer import write_log
from engine.analyze import analyze
from engine.conclusions.what_was_read import (
    Reason,
    WhatWasRead,
    named,
    no_findings,
    sentences,
    what_was_read,
)
from engine.render.plain import lines_of
from engine.schema.document import ResultDocument
from engine.text import text
from tests.engine import signed_pe
from tests.engine.archive_writers import locked_zip, zipped


def result_of(folder: Path, files: dict[str, bytes]) -> ResultDocument:
    source = folder / "bundle"
    source.mkdir()
    for name, data in files.items():
        (source / name).write_bytes(data)
    return analyze(source, folder / "work").document()


def read_of(document: ResultDocument) -> WhatWasRead:
    return what_was_read(document.artifacts, document.events, document.source.name)


NOTHING = {
    "a picture": ({"a.jpg": b"\xff\xd8\xff\xe0" + bytes(40)}, "This is a picture", "这是图片"),
    "an empty folder": ({}, "holds no files", "没有文件"),
    "no archive": ({"a.zip": b"nothing of the kind"}, "called an archive and is none", "名称是压缩包"),
    "a locked archive": (
        {"a.zip": locked_zip([("System.evtx", b"x" * 900)], b"secret", aes=False)},
        "protected by a password",
        "密码保护",
    ),
    "a shortcut": ({"System.evtx.lnk": b"L\0\0\0\1\x14\2\0" + bytes(60)}, "a shortcut", "快捷方式"),
    "a mail of Outlook": (
        {"m.msg": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(9)},
        "save its attachments",
        "附件另存",
    ),
    "rich text": ({"hash.rtf": rb"{\rtf1 Algorithm : SHA256\par Hash : }"}, "a document", "这是文档"),
    "a PDF": ({"report.pdf": b"%PDF-1.7\n"}, "a document", "这是文档"),
    "a Word file": (
        {"report.docx": zipped([("[Content_Types].xml", b"<Types/>")])},
        "a document",
        "这是文档",
    ),
    "an empty file": ({"System.evtx": b""}, "The file is empty (0 bytes)", "文件是空的"),
    "zeros": ({"System.evtx": bytes(70_000)}, "nothing but zeros", "全是零"),
    "no log": ({"System.evtx": b"\x8f\x01" * 500}, "called an event log and is none", "名称是事件日志"),
    "a dump": ({"MEMORY.DMP": b"PAGEDU64" + bytes(500)}, "a memory dump", "内存转储"),
}


@pytest.mark.parametrize("case", NOTHING)
def test_where_nothing_was_read_that_comes_first_with_what_to_send_instead(tmp_path: Path, case: str) -> None:
    files, en, zh = NOTHING[case]
    document = result_of(tmp_path, files)
    read = read_of(document)

    assert read.nothing and read.files == 0 and not document.findings
    assert [en in read.reasons[0].said["en"], zh in read.reasons[0].said["zh-hans"]] == [True, True]
    lines = list(lines_of(document, "en"))
    assert lines[3] == "Nothing in this upload could be analysed, so nothing can be concluded from it."
    assert en in lines[4] and not any(line.startswith("No findings") for line in lines)


def test_a_log_without_a_record_is_not_read(tmp_path: Path) -> None:
    write_log(tmp_path / "empty", [])
    document = result_of(tmp_path, {"System.evtx": (tmp_path / "empty").read_bytes()})

    assert read_of(document).nothing
    assert "The log holds no event" in read_of(document).reasons[0].said["en"]


def test_no_findings_says_of_what(tmp_path: Path) -> None:
    files = {"tool.exe": signed_pe.program(), "a.jpg": b"\xff\xd8\xff\xe0" + bytes(40)}
    read = read_of(result_of(tmp_path, files))

    assert (read.nothing, read.files, read.unread) == (False, 1, 1)
    assert no_findings(read) == {
        "zh-hans": "在已读取的内容中没有得出结论。已读取：1 个可执行文件。",
        "en": "No findings in what was read. Read: 1 program.",
    }
    assert len(sentences(read)) == 2


def test_a_name_that_would_turn_or_break_the_sentence_does_not() -> None:
    said = named(Reason(text("这是图片。", "This is a picture."), "a\u202egpj.\nexe\x07", 1))
    assert said == {"zh-hans": "“agpj.exe”：这是图片。", "en": "“agpj.exe”: This is a picture."}
