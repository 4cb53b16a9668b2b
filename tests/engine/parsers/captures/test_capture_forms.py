"""Each form in which file facts come is recognised as a capture and read; what is not, is named."""

import json
from pathlib import Path

import pytest

from engine.parsers.captures.recognition import recognises
from engine.parsers.sample import Sample
from tests.engine.capture_texts import HASH, OTHER_HASH, PATH, read

MD5, SHA1 = HASH[:32], HASH[:40]
SPACED = " ".join(HASH[at : at + 2].lower() for at in range(0, 64, 2))
WIDE_HASH = HASH.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
RECORD = {"Algorithm": "SHA256", "Hash": HASH, "Path": PATH}
BIN = PATH.index("\\bin")
SECOND = RECORD | {"Path": "D:\\b.dll"}
LIST = f"Algorithm : SHA256\nHash      : {HASH}\nPath      : {PATH}\n"
WHOLE = [(PATH, HASH)]
CLIXML = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
OBJECT = f'<S N="Algorithm">SHA256</S><S N="Hash">{HASH}</S><S N="Path">{PATH}</S>'

HASHES = {
    "csv with its type": (
        f'#TYPE Microsoft.PowerShell.Commands.FileHashInfo\r\n"Algorithm","Hash","Path"\r\n'
        f'"SHA256","{HASH}","{PATH}"\r\n',
        WHOLE,
    ),
    "csv with semicolons": (f'"Algorithm";"Hash";"Path"\r\n"SHA256";"{HASH}";"{PATH}"\r\n', WHOLE),
    "tabs": (f"Algorithm\tHash\tPath\r\nSHA256\t{HASH}\t{PATH}\r\n", WHOLE),
    "markdown": (f"| Algorithm | Hash | Path |\n|---|---|---|\n| SHA256 | {HASH} | {PATH} |\n", WHOLE),
    "json object": (json.dumps(RECORD, indent=4), WHOLE),
    "json array": (json.dumps([RECORD, SECOND]), [*WHOLE, ("D:\\b.dll", HASH)]),
    "json lines": (
        f"{json.dumps(RECORD)}\n{json.dumps(SECOND)}\n",
        [*WHOLE, ("D:\\b.dll", HASH)],
    ),
    "clixml": (f'{CLIXML}<Obj RefId="0"><MS>{OBJECT}</MS></Obj></Objs>', WHOLE),
    "clixml of a list": (
        f'{CLIXML}<Obj RefId="0"><LST><Obj RefId="1"><Props>{OBJECT}</Props></Obj></LST></Obj></Objs>',
        WHOLE,
    ),
    "name and hash": (
        f"\nName          Hash\n----          ----\na b.exe       {HASH}\n",
        [("a b.exe", HASH)],
    ),
    "hash and path": (f"\nHash {' ' * 60}Path\n---- {' ' * 60}----\n{HASH} {PATH}\n", WHOLE),
    "path and hash": (f"\nPath\t\tHash\n----\t\t----\n{PATH} {HASH}\n", WHOLE),
    "with the computer": (
        f"\nAlgorithm Hash Path PSComputerName\n--------- ---- ---- ---\n"
        f"SHA256    {HASH} C:\\a b\\x.exe PC-01\n",
        [("C:\\a b\\x.exe", HASH)],
    ),
    "certutil of windows 7": (
        f"SHA256 hash of file C:\\x.exe:\n{SPACED}\nCertUtil: -hashfile command completed successfully.\n",
        [("C:\\x.exe", HASH)],
    ),
    "certutil of windows 7, chinese": (
        f"SHA256 哈希(文件 C:\\x y.exe):\n{SPACED}\nCertUtil: -hashfile 命令成功完成。\n",
        [("C:\\x y.exe", HASH)],
    ),
    "certutil in english": (f"SHA256 hash of C:\\x y.exe:\n{HASH.lower()}\n", [("C:\\x y.exe", HASH)]),
    "sha256sum": (
        f"{HASH.lower()}  a.exe\n{OTHER_HASH} *b c.dll\n",
        [("a.exe", HASH), ("b c.dll", OTHER_HASH)],
    ),
    "sha256sum --tag": (f"SHA256 (a b.exe) = {HASH.lower()}\n", [("a b.exe", HASH)]),
    "openssl": (
        f"SHA256(a.exe)= {HASH.lower()}\nSHA2-256(b.exe)= {OTHER_HASH}\n",
        [("a.exe", HASH), ("b.exe", OTHER_HASH)],
    ),
    "broken sum": (f"{HASH[:40]}\n{HASH[40:]}  CodeMeter.exe\n", [("CodeMeter.exe", HASH)]),
    "name and colon": (f"CodeMeter.exe: {HASH}\n", [("CodeMeter.exe", HASH)]),
    "a sentence": (f"您好，\n\nCodeMeter.exe 的 SHA256 是 {HASH}。\n", [("CodeMeter.exe", HASH)]),
    "7-zip": (
        f"SHA256 {' ' * 60}Size  Name\n{'-' * 64} -------------  ------------\n"
        f"{HASH}        149504  a b.exe\n"
        f"{'-' * 64} -------------  ------------\n{HASH}        149504  \n\nSize: 149504\n\n"
        f"Everything is Ok\n",
        [("a b.exe", HASH)],
    ),
    "out of outlook": (
        f"Algorithm\u00a0:\u00a0SHA256\nHash\u00a0\u00a0: {HASH[:30]}\u00ad{HASH[30:]}\n"
        f"Path\uff1a\u200b{PATH}\n",
        WHOLE,
    ),
    "quoted twice": ("".join(f"> > {line}\n" for line in LIST.splitlines()), WHOLE),
    "quoted and wrapped": (
        f"> Algorithm : SHA256\n> Hash      : {HASH[:58]}\n> {HASH[58:]}\n"
        f"> Path      : {PATH[:BIN]}\n> {PATH[BIN:]}\n",
        WHOLE,
    ),
    "full-width": (f"文件：CodeMeter.exe\nＳＨＡ２５６：{WIDE_HASH}\n", [("CodeMeter.exe", HASH)]),
    "html table": (
        "<html><body><p>您好</p><table>\n<tr><th>Algorithm</th><th>Hash</th><th>Path</th></tr>\n"
        f"<tr><td>SHA256</td><td>{HASH}</td><td>{PATH}</td></tr>\n</table></body></html>",
        WHOLE,
    ),
    "html pre": (f"<html><body><pre>\n{LIST}</pre></body></html>", WHOLE),
    "html of outlook": (
        "<html><head><style>p{}</style></head><body>"
        f"<p class=MsoNormal>Algorithm&nbsp;: SHA256<o:p></o:p></p><p>Hash&nbsp;&nbsp; : {HASH}</p>\n"
        "<p>Path&nbsp; : C:\\Program\nFiles\\a.exe<o:p></o:p></p></body></html>",
        [("C:\\Program Files\\a.exe", HASH)],
    ),
    "a value at a prompt": (f"PS C:\\A> (Get-FileHash .\\x.exe).Hash\n{HASH}\n", [("C:\\A\\x.exe", HASH)]),
    "a transcript": (
        f"{'*' * 22}\nWindows PowerShell transcript start\nStart time: 20210507090807\n"
        f"Username: PC\\u\n{'*' * 22}\n"
        f"PS C:\\> Get-FileHash C:\\x.exe | fl\n\n{LIST}\nPS C:\\> Stop-Transcript\n{'*' * 22}\n",
        WHOLE,
    ),
    "two values at a prompt": (
        f"PS C:\\> (Get-FileHash C:\\x.exe).Hash;(Get-Item C:\\x.exe).Length\n{HASH}\n149504\n",
        [("C:\\x.exe", HASH)],
    ),
    "a shell": (
        f"user@host:~$ sha256sum a.exe\n{HASH.lower()}  a.exe\nuser@host:~$ exit\n",
        [("a.exe", HASH)],
    ),
    "a heading right below": (
        f"x.exe\nSHA-256: {HASH}\n正常电脑：\nx.exe\nSHA-256: {OTHER_HASH}\n",
        [("x.exe", HASH), ("x.exe", OTHER_HASH)],
    ),
    "sigcheck": (f"{PATH}:\n\tVerified:\tSigned\n\tMD5:\t{MD5}\n\tSHA256:\t{HASH}\n", WHOLE),
    "convertto-xml": (
        '<?xml version="1.0" encoding="utf-8"?>\n<Objects>\n  <Object Type="x">\n'
        f'<Property Name="Hash">{HASH}</Property>\n'
        f'<Property Name="Path">{PATH}</Property></Object>\n</Objects>',
        WHOLE,
    ),
}


@pytest.mark.parametrize("form", HASHES)
def test_a_hash_is_read_in_every_form(tmp_path: Path, form: str) -> None:
    content, expected = HASHES[form]
    capture = read(tmp_path, content)

    assert recognises(Sample(content.encode()))
    assert [(state.path, state.sha256) for state in capture.states] == expected
    assert capture.unreadable == []


ITEMS = {
    "get-item, chinese": (
        "\n    目录: C:\\A b\n\n\nMode                 LastWriteTime         Length Name\n"
        "----                 -------------         ------ ----\n"
        "-a----          2021/5/7      9:08         149504 x y.exe\n"
        "d-----          2021/5/7      9:08                sub\n",
        ("C:\\A b\\x y.exe", 149_504, "2021-05-07T09:08"),
    ),
    "get-item, english, 12 hours": (
        "    Directory: C:\\A\n\nMode                LastWriteTime         Length Name\n"
        "----  -----  ------ ----\n"
        "-a----         5/7/2021   9:08 PM         149504 x.exe\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T21:08"),
    ),
    "get-item, japanese, powershell 7": (
        "    ディレクトリ: C:\\A\n\nMode                 LastWriteTime         Length Name\n"
        "----  -----  ------ ----\n"
        "-a---          2021/05/07    21:08         149504 x.exe\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T21:08"),
    ),
    "select": (
        "\nName          Length LastWriteTime    \n----          ------ -------------    \n"
        "a b.exe 149504 2021/5/7 下午 9:08:07 \n",
        ("a b.exe", 149_504, "2021-05-07T21:08:07"),
    ),
    "dir, english": (
        " Volume in drive C has no label.\n Volume Serial Number is 1234-ABCD\n\n Directory of C:\\A b\n\n"
        "05/07/2021  09:08 AM    <DIR>          .\n05/07/2021  09:08 AM           149,504 x y.exe\n"
        "               1 File(s)        149,504 bytes\n"
        "               1 Dir(s)  100,000,000,000 bytes free\n",
        ("C:\\A b\\x y.exe", 149_504, "2021-05-07T09:08"),
    ),
    "dir, chinese": (
        " 驱动器 C 中的卷是 Windows\n 卷的序列号是 1234-ABCD\n\n"
        " C:\\A 的目录\n\n2021/05/07  09:08           149,504 x.exe\n"
        "               1 个文件        149,504 字节\n               0 个目录 100,000,000,000 可用字节\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08"),
    ),
    "dir /q": (
        "C:\\>dir /q C:\\A\n Directory of C:\\A\n\n"
        "05/07/2021  09:08 AM           149,504 BUILTIN\\Administrators x.exe\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08"),
    ),
    "wmic": (
        'C:\\>wmic datafile where name="C:\\\\A\\\\x.exe" get Name,FileSize,LastModified\r\r\n'
        "FileSize  LastModified               Name        \r\r\n"
        "149504    20210507090807.123456+480  C:\\A\\x.exe  \r\r\n\r\r\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08:07"),
    ),
    "wmic as a list": (
        "\r\r\nFileSize=149504\r\r\nLastModified=20210507090807.123456+480\r\r\n"
        "Name=C:\\A\\x.exe\r\r\n\r\r\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08:07"),
    ),
    "values at a prompt": (
        "PS C:\\> (Get-Item C:\\A\\x.exe).Length\n149504\n"
        "PS C:\\> (Get-Item C:\\A\\x.exe).LastWriteTime\n\n2021年5月7日 9:08:07\n\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08:07"),
    ),
    "values of a variable": (
        "PS C:\\A> $f = Get-Item .\\x.exe\nPS C:\\A> $f.Length\n149504\nPS C:\\A> $f.LastWriteTime\n"
        "\nFriday, May 7, 2021 9:08:07 AM\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08:07"),
    ),
    "explorer": (
        "文件名: x.exe\n类型: 应用程序\n位置: C:\\A\n"
        "大小: 146 KB (149,504 字节)\n占用空间: 148 KB (151,552 字节)\n"
        "修改时间: \u200e2021\u200e年\u200e5\u200e月\u200e7\u200e日，\u200f\u200e9:08:07\n",
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08:07"),
    ),
    "labels under a name": (
        "x.exe\n大小：149,504 字节\n修改时间：2021年5月7日 9:08:07\n",
        ("x.exe", 149_504, "2021-05-07T09:08:07"),
    ),
    "clixml": (
        f'{CLIXML}<Obj RefId="0"><Props><S N="FullName">C:\\A\\x.exe</S><I64 N="Length">149504</I64>'
        '<DT N="LastWriteTime">2021-05-07T09:08:07.123+08:00</DT></Props></Obj></Objs>',
        ("C:\\A\\x.exe", 149_504, "2021-05-07T09:08:07"),
    ),
}


@pytest.mark.parametrize("form", ITEMS)
def test_size_and_time_are_read_in_every_form(tmp_path: Path, form: str) -> None:
    content, expected = ITEMS[form]
    capture = read(tmp_path, content)

    assert recognises(Sample(content.encode()))
    assert [(state.path, state.size, state.modified) for state in capture.states] == [expected]
    assert capture.unreadable == []


def test_the_weaker_hashes_of_a_list_are_read_beside_the_strong_one(tmp_path: Path) -> None:
    (state,) = read(tmp_path, f"a.exe\nCRC32: 1A2B3C4D\nMD5: {MD5}\nSHA-1: {SHA1}\nSHA-256: {HASH}\n").states

    assert (state.sha256, state.other_hashes) == (HASH, {"MD5": MD5, "SHA1": SHA1})


def test_fciv_says_two_hashes_on_one_line(tmp_path: Path) -> None:
    head = "//\n// File Checksum Integrity Verifier version 2.05.\n//\n"
    (state,) = read(tmp_path, f"{head}{MD5} {SHA1} c:\\windows\\a.exe\n").states

    assert (state.path, state.other_hashes) == ("c:\\windows\\a.exe", {"MD5": MD5, "SHA1": SHA1})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("O" + HASH[1:11] + "O" + HASH[12:], "letter O at 1, 12 (0?)"),
        (HASH[:-1] + "l", "letter l at 64 (1?)"),
        (HASH[:5] + "\u0410" + HASH[6:], "cyrillic capital letter a \u0410 (U+0410) at 6 (A?)"),
        (HASH[:-1], "63 of 64 hex digits"),
        (HASH + "A", "65 of 64 hex digits"),
    ],
)
def test_what_is_wrong_with_a_hash_is_named_with_its_place(tmp_path: Path, written: str, said: str) -> None:
    capture = read(tmp_path, LIST.replace(HASH, written))

    assert capture.states == []
    ((line, reason),) = [(unread.line, unread.reason) for unread in capture.unreadable]
    assert line == 2 and said in reason["en"]


@pytest.mark.parametrize(
    "answer",
    [
        "Get-FileHash : Cannot find path 'C:\\nope.exe' because it does not exist.\n"
        "At line:1 char:1\n+ Get-FileHash\n"
        "+ ~~~~~~~~~~~~\n    + CategoryInfo          : ObjectNotFound: (C:\\nope.exe:String) [Get-FileHash]\n"
        "    + FullyQualifiedErrorId : FileNotFound,Get-FileHash\n",
        "Get-FileHash : 找不到路径“C:\\nope.exe”，因为该路径不存在。\n"
        "所在位置 行:1 字符: 1\n+ Get-FileHash\n",
        "Get-FileHash: Cannot find path 'C:\\nope.exe' because it does not exist.\n",
        "CertUtil: -hashfile command FAILED: 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)\n"
        "CertUtil: The system cannot find the file specified.\n",
        "系统找不到指定的文件。\n",
    ],
)
def test_an_error_says_that_the_file_was_not_there(tmp_path: Path, answer: str) -> None:
    command = (
        "certutil -hashfile C:\\nope.exe SHA256" if "CertUtil" in answer else "Get-FileHash C:\\nope.exe"
    )
    capture = read(tmp_path, f"PS C:\\> {command}\n{answer}\n{LIST}", name="now.txt")

    assert [(s.path, s.absent, s.sha256) for s in capture.states] == [
        ("C:\\nope.exe", True, None),
        (PATH, False, HASH),
    ]
    assert {state.label for state in capture.states} == {"now"} and capture.unreadable == []


def test_a_path_and_a_hash_that_the_console_cut_are_marked_and_named(tmp_path: Path) -> None:
    titles = "Algorithm  Hash  Path\n---------  ----  ----\n"
    rows = f"SHA256          {HASH}       C:\\Pr...\nSHA256   {HASH[:20]}...  C:\\Pr...\n"
    capture = read(tmp_path, titles + rows)

    assert [(state.path, state.cut, state.sha256) for state in capture.states] == [("C:\\Pr", True, HASH)]
    assert [unread.line for unread in capture.unreadable] == [3, 4]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("; made by a tool\na.exe 1A2B3C4D\n", 2, "CRC-32"),
        (
            "SignerCertificate   Status   Path\n-----------------   ------   ----\nABCD  Valid  x.exe\n",
            1,
            "signature",
        ),
        (f"{LIST}\n\n150016\n", 6, "size or a time"),
        (f"PS C:\\> icacls C:\\x\nC:\\x NT AUTHORITY\\SYSTEM:(I)(F)\n\n{LIST}", 2, "icacls"),
        ("PS C:\\> Get-FileHash C:\\x\n无法将“Get-FileHash”项识别为 cmdlet、函数的名称。\n", 2, "certutil"),
        ('{"FullName": "C:\\\\a.exe", "Length": 1, "LastWriteTime": "\\/Date(1620349687000)\\/"}', 1, "UTC"),
        (f'[{{"Hash": "{HASH}",\n"Path": "C:\\\\a', 1, "JSON"),
    ],
)
def test_what_is_not_read_is_named_with_its_line(tmp_path: Path, content: str, line: int, said: str) -> None:
    named = [(unread.line, unread.reason["en"]) for unread in read(tmp_path, content).unreadable]

    assert [where for where, reason in named if said in reason] == [line], named


@pytest.mark.parametrize(
    "content",
    [
        "param([string]$Path)\n$h = Get-FileHash $Path -Algorithm SHA256\nLength : not known\n"
        "Name : foo\nVersion : 1.2\n",
        "@echo off\ncertutil -hashfile %1 SHA256\ndir %1\n",
        "# Tool\n\nUse Get-FileHash to check the length of the file.\n\n## Licence\n\nMIT\n",
        "2021-05-07 09:08:07 INFO wrote 149504 bytes\n" * 50,
        '{"schema": "anjuan.manifest/1", "files": [{"path": "a", "sha256": "' + HASH + '"}]}',
    ],
)
def test_scripts_licences_and_logs_are_no_captures(content: str) -> None:
    assert not recognises(Sample(content.encode()))


BEFORE, AFTER = LIST.replace("\n", "\r\n"), LIST.replace(PATH, "D:\\程序.dll").replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (BEFORE.encode("utf-16") + AFTER.encode("gbk"), "utf-16-le+gb18030"),
        (BEFORE.encode() + AFTER.encode("utf-16-le"), "utf-8+utf-16-le"),
        (("重装后\r\n" + BEFORE).encode("utf-8-sig") + AFTER.encode("utf-16-le"), "utf-8+utf-16-le"),
        (("重装后\r\n" + BEFORE).encode("utf-8") + AFTER.encode("gbk"), "utf-8+gb18030"),
        (
            BEFORE.encode().rstrip() + "\r\n".encode("utf-16-le") + AFTER.encode("utf-16-le"),
            "utf-8+utf-16-le",
        ),
    ],
)
def test_two_encodings_in_one_file_are_both_read(tmp_path: Path, data: bytes, encoding: str) -> None:
    capture = read(tmp_path, data)

    assert recognises(Sample(data))
    assert capture.encoding == encoding
    assert [state.path for state in capture.states] == [PATH, "D:\\程序.dll"]
