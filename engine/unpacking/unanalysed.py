"""Files that no parser reads: what each is, and what to send instead.

Told from the content, and by the name only where the content tells nothing. Sources: the formats' own signs
(ISO/IEC 10918-1, RFC 2083, ISO/IEC 14496-12, ISO 32000, [MS-SHLLINK] 2.1, [MS-CFB] 2.2, the headers of
minidumps and kernel dumps in Microsoft's debugger documentation).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.text import Text, text


@dataclass(frozen=True)
class Thing:
    """A kind of file that people send. ``form`` is its word, ``said`` what it is and what to send instead."""

    form: str
    said: Text
    is_it: Callable[[bytes, str], bool]


def _begins(*signs: bytes) -> Callable[[bytes, str], bool]:
    return lambda head, name: head.startswith(signs)


def _named(*endings: str) -> Callable[[bytes, str], bool]:
    return lambda head, name: name.endswith(endings)


def _media(*brands: bytes) -> Callable[[bytes, str], bool]:
    return lambda head, name: head[4:8] == b"ftyp" and head[8:12] in brands


def _picture(head: bytes, name: str) -> bool:
    signs = (
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF87a",
        b"GIF89a",
        b"II*\0",
        b"MM\0*",
        b"\xd7\xcd\xc6\x9a",
    )
    bitmap = head[:2] == b"BM" and head[6:10] == bytes(4)
    still = _media(b"heic", b"heix", b"mif1", b"msf1", b"avif")(head, name)
    return head.startswith(signs) or bitmap or still or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def _film(head: bytes, name: str) -> bool:
    riff = head[:4] == b"RIFF" and head[8:12] in {b"AVI ", b"WAVE"}
    return riff or head.startswith((b"\x1aE\xdf\xa3", b"\x30\x26\xb2\x75", b"ID3")) or head[4:8] == b"ftyp"


def _declares_a_type(head: bytes, name: str) -> bool:
    lead = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return (
        lead.startswith((b"<?xml", b"<!doctype")) and b"<!doctype" in lead and b"<!doctype html" not in lead
    )


EXPORT = text(
    "请发送日志文件本身：在事件查看器中选“将所有事件另存为…”，保存为 .evtx。",
    "Please send the log itself: in Event Viewer choose “Save All Events As…” and keep the ending .evtx.",
)


def _instead(zh: str, en: str) -> Text:
    return text(zh + EXPORT["zh-hans"], f"{en} {EXPORT['en']}")


MAIL_TEXT = re.compile(r"\.eml/\d{1,4}\.(?:txt|html)$")
"""As ``archives.mail`` names what has no name."""
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EMPTY = Thing(
    "empty",
    text(
        "文件是空的（0 字节）：复制没有完成，或导出时没有写入内容。请重新复制或导出后再上传。",
        "The file is empty (0 bytes): copying did not end, or nothing was exported. Please copy or export it "
        "again and upload that.",
    ),
    lambda head, name: not head,
)
THINGS = (
    EMPTY,
    Thing(
        "picture",
        _instead(
            "这是图片，供工程师查看；其中的文字不会被自动分析。",
            "This is a picture; your engineer can look at it, but what is written in it is not analysed.",
        ),
        _picture,
    ),
    Thing(
        "film",
        _instead(
            "这是视频或录音，供工程师查看；内容不会被自动分析。",
            "This is a film or a recording; your engineer can look at it, but it is not analysed.",
        ),
        _film,
    ),
    Thing(
        "shortcut",
        text(
            "这是快捷方式，不是它指向的文件。请打开所在位置，把文件本身复制出来再上传。",
            "This is a shortcut, not the file that it points to. Please open the file's location, copy the "
            "file itself and upload that.",
        ),
        lambda head, name: head.startswith(b"L\0\0\0\x01\x14\x02\0") or name.endswith((".lnk", ".url")),
    ),
    Thing(
        "dump",
        text(
            "这是内存转储，由工程师用调试器查看；这里只记录大小和哈希。"
            "请同时发送 System 和 Application 日志（.evtx）。",
            "This is a memory dump, for your engineer's debugger; here its size and hash are on record. "
            "Please send the logs System and Application (.evtx) as well.",
        ),
        _begins(b"MDMP", b"PAGEDU64", b"PAGEDUMP"),
    ),
    Thing(
        "mail text",
        text(
            "这是邮件正文，其中没有可以分析的内容；供工程师阅读。",
            "This is the text of a mail; nothing in it can be analysed, and your engineer can read it.",
        ),
        lambda head, name: MAIL_TEXT.search(name) is not None,
    ),
    Thing(
        "mail",
        text(
            "这是 Outlook 邮件（.msg），不能展开。请把附件另存后上传；正文里的命令输出请另存为文本。",
            "This is a mail of Outlook (.msg), which is not opened. Please save its attachments and upload "
            "them, and save output of commands in it as a text file.",
        ),
        lambda head, name: head.startswith(COMPOUND) and name.endswith((".msg", ".oft")),
    ),
    Thing(
        "document",
        _instead(
            "这是文档（PDF、Word、Excel 等），供工程师阅读；内容不会被自动分析。",
            "This is a document (PDF, Word, Excel or another); your engineer can read it, but it is not "
            "analysed.",
        ),
        lambda head, name: (
            head.startswith((b"%PDF", b"{\\rtf"))
            or (head.startswith((COMPOUND, b"PK\x03\x04")) and not name.endswith(".msi"))
        ),
    ),
    Thing(
        "document type",
        _instead(
            "这个 XML 文件带有文档类型声明（DTD）：它可以让读取程序去取别的文件，因此没有读取；"
            "Windows 导出的日志从不带它。",
            "This XML declares a document type (DTD), which can make its reader fetch other files, so it was "
            "not read; no log that Windows exports has one.",
        ),
        _declares_a_type,
    ),
    Thing(
        "trace",
        text(
            "这是跟踪文件（.etl），不在分析范围内。请同时发送事件日志（.evtx）。",
            "This is a trace (.etl), which is not analysed. Please send event logs (.evtx) as well.",
        ),
        _named(".etl"),
    ),
    Thing(
        "hive",
        text(
            "这是注册表文件，不在分析范围内；只记录了大小和哈希。",
            "This is a file of the registry, which is not analysed; its size and hash are on record.",
        ),
        _begins(b"regf"),
    ),
    Thing(
        "image",
        text(
            "这是磁盘映像，没有展开。请从中取出日志文件再上传。",
            "This is an image of a disk; it was not opened. Please take the logs out of it and upload those.",
        ),
        lambda head, name: (
            head.startswith((b"vhdxfile", b"conectix", b"KDMV")) or name.endswith((".iso", ".vhd"))
        ),
    ),
    Thing(
        "zeros",
        text(
            "文件从开头起全是零：复制失败，或磁盘出错。请重新复制后再上传。",
            "The file begins with nothing but zeros: copying failed, or the disk did. Please copy it again "
            "and upload that.",
        ),
        lambda head, name: not head.strip(b"\0"),
    ),
    Thing(
        "no archive",
        text(
            "名称是压缩包，但内容不是：文件已损坏、没有传完，或被改过扩展名。请重新压缩为 zip 或 7z 再上传。",
            "It is called an archive and is none: it is damaged, incomplete, or was renamed. Please pack the "
            "files again as zip or 7z and upload that.",
        ),
        _named(".zip", ".7z", ".rar", ".cab", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst"),
    ),
    Thing(
        "no log",
        _instead(
            "名称是事件日志，但内容不是：文件已损坏、没有复制完，或被改过扩展名。",
            "It is called an event log and is none: it is damaged, incomplete, or was renamed.",
        ),
        _named(".evtx", ".evt"),
    ),
)
NOT_ANALYSED = text(
    "不属于可分析的类型；只记录了大小和哈希。可以分析的有：事件日志（.evtx）及其导出、文本日志、"
    "systeminfo 等命令的输出、错误报告与转储、记有哈希或文件信息的文本、程序文件。",
    "Not a kind that is analysed; its size and hash are on record. What can be analysed: event logs (.evtx) "
    "and exports of them, text logs, the output of systeminfo and the like, error reports and dumps, texts "
    "with hashes or file facts, programs.",
)
BROKEN_FORMS = {"empty", "zeros", "no archive", "no log"}
"""Those that are not what they should be, whereas a picture is a picture."""


def thing_of(head: bytes, name: str) -> Thing | None:
    """What the file is that begins so (at least 4,096 bytes, if it has them) and is called that; ``None``
    where nothing more can be said than that it is not analysed."""
    lower = name.casefold()
    return next((thing for thing in THINGS if thing.is_it(head, lower)), None)
