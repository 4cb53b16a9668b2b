"""What commands answer in place of facts: a file that is not there, access denied, a command unknown."""

import re

from engine.parsers.captures.facts import Absent
from engine.parsers.captures.page import Page
from engine.parsers.captures.starts import PROMPT, PROMPT_START
from engine.text import Text, text
from engine.text_safety import shown

HEAD = re.compile(r"^(?P<command>[A-Za-z]{2,20}-[A-Za-z]{2,30}|gi|ls|dir|gci|cd) ?[:：](?: |$)(?P<said>.*)$")
FOREIGN = re.compile(
    r"^(?:(?:sha\d+sum|md5sum|openssl|rhash): )(?P<path>[^:]{1,300}): No such file or directory",
    re.IGNORECASE,
)
ALONE = re.compile(
    r"^ *(?:系统找不到指定的(?:文件|路径)|系統找不到指定的(?:檔案|路徑)"
    r"|The system cannot find the (?:file|path) specified"
    r"|指定された(?:ファイル|パス)が見つかりません|No Instance\(s\) Available|没有可用实例)",
    re.IGNORECASE,
)
GOES_ON = re.compile(r"^(?:At line:|At C:|所在位置|位于|場所|\+|    \+|Line \||  {0,6}\d{0,5} ?\|| {5,}\|)")
NOT_THERE = (
    re.compile(
        r"(?:Cannot find path|Could not find (?:item|file|a part of the path)) ?['\"“]([^'\"”]{1,600})", re.I
    ),
    re.compile(
        r"(?:找不到路径|找不到文件|未能找到文件|未能找到路径"
        r"|找不到路徑|找不到檔案) ?[“'\"「‘]([^”'\"」’]{1,600})"
    ),
    re.compile(r"パス ?['‘「]([^'’」]{1,600})['’」] ?が(?:存在しない|見つかり)"),
    re.compile(r"ObjectNotFound: ?\(([A-Za-z]:\\[^)]{1,600}):String\)"),
)
UNKNOWN = re.compile(
    r"is not recognized|无法将[“\"].{0,60}项识别为|不是内部或外部命令|無法辨識|認識されません|not found",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"access (?:to the path .{0,600} )?is denied|denied|拒绝访问|访问被拒绝|存取被拒|アクセスが拒否", re.I
)
IN_USE = re.compile(
    r"being used by another process|正由另一进程使用|另一个程序正在使用|正由另一個", re.IGNORECASE
)
SHELL_UNKNOWN = re.compile(
    r"^['“\"].{1,60}['”\"] ?(?:is not recognized as an internal|不是内部或外部命令|不是內部或外部命令)",
    re.IGNORECASE,
)
TERM_UNKNOWN = re.compile(r"^(?:无法将[“\"].{1,60}[”\"]项识别为|The term '.{1,60}' is not recognized)")
MAX_LINES = 30
OLD_POWERSHELL = text(
    "那台电脑不认识此命令（PowerShell 低于 4.0）。请改用：certutil -hashfile 文件 SHA256。",
    "That computer does not know the command (PowerShell before 4.0). Please use: "
    "certutil -hashfile FILE SHA256.",
)


def read(page: Page, at: int) -> int:
    """The whole message."""
    line = page.lines[at]
    if foreign := FOREIGN.match(line.text):
        page.spoken.say(Absent(line.number, foreign["path"]))
        return at + 1
    if ALONE.match(line.text):
        page.spoken.say(Absent(line.number, page.target))
        return at + 1
    if SHELL_UNKNOWN.match(line.text) or TERM_UNKNOWN.match(line.text):
        page.miss(line.number, OLD_POWERSHELL)
        return _behind(page, at + 1)
    head = HEAD.match(line.text)
    if head is None:
        return at
    after = _behind(page, at + 1)
    said = " ".join(entry.text.strip() for entry in page.lines[at:after])
    written = "".join(entry.text for entry in page.lines[at:after])
    for pattern in NOT_THERE:
        if found := pattern.search(said) or pattern.search(written):
            page.spoken.say(Absent(line.number, found[1].strip()))
            return after
    sure = "FullyQualifiedErrorId" in said or "At line" in said
    if not sure and not any(pattern.search(said) for pattern in (UNKNOWN, DENIED, IN_USE)):
        return at
    page.miss(line.number, _why(page, head["command"], said, head["said"]))
    return after


def _behind(page: Page, place: int) -> int:
    """The line behind the message: its end is a blank line, a prompt, or what ends every error record."""
    end = min(place + MAX_LINES, len(page.lines))
    while place < end and not page.lines[place].blank:
        content = page.lines[place].text
        if PROMPT_START.match(content) or PROMPT.match(content):
            break
        place += 1
        if "FullyQualifiedErrorId" in content:
            break
    return place


def _why(page: Page, command: str, said: str, first: str) -> Text:
    file = shown(page.target, 200)
    if UNKNOWN.search(said):
        return OLD_POWERSHELL
    if DENIED.search(said):
        return text(
            f"没有权限读取文件 {file}，请以管理员身份重新采集。",
            f"Access to the file {file} was denied; please capture again as administrator.",
        )
    if IN_USE.search(said):
        return text(f"文件 {file} 正被占用，未能读取。", f"The file {file} was in use and could not be read.")
    excerpt = shown(first or said, 120)
    return text(f"命令 {command} 报错：{excerpt}", f"The command {command} failed: {excerpt}")
