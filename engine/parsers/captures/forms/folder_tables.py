"""PowerShell's default table of files: ``目录: C:\\…`` above, then Mode, LastWriteTime, Length, Name."""

import re

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.page import Page
from engine.parsers.captures.starts import is_header, starts_something
from engine.parsers.captures.values import plain_path
from engine.text import text

FOLDER = re.compile(
    r"^ *(?:Directory|目录|目錄|ディレクトリ|디렉터리|Verzeichnis|Répertoire|Directorio|Каталог) ?[:：] ?"
    r"(?P<folder>(?:[A-Za-z]:[\\/]|\\\\|Microsoft\.).*)$",
    re.IGNORECASE,
)
MODE = re.compile(r"[-dl][-a][-r][-h][-s][-lc]?|[-dl][-arhslc]{4,6}")
CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
HALF = re.compile(r"(?:上午|下午|午前|午後|오전|오후|[AP]\.?M\.?)", re.IGNORECASE)
SIZE = re.compile(r"\(?(\d[\d,.]*)\)?")
MAX_WRAPPED = 3


def read(page: Page, at: int) -> int:
    """The folder's line, or one row."""
    line = page.lines[at]
    if line.text.lstrip()[:1].lower() in "d目ディ디vrк" and (match := FOLDER.match(line.text)):
        folder, after = match["folder"], at + 1
        while after < min(at + MAX_WRAPPED, len(page.lines)):
            following = page.lines[after]
            if following.blank or starts_something(following) or is_header(following.text):
                break
            folder += following.text.strip()
            after += 1
        page.listed = plain_path(folder)
        return after
    words = line.text.split(None, 6)
    if len(words) < 4 or not MODE.fullmatch(words[0]):
        return at
    return _row(page, at, words)


def _row(page: Page, at: int, words: list[str]) -> int:
    date, place = [words[1]], 2
    while place < len(words) - 1 and (CLOCK.fullmatch(words[place]) or HALF.fullmatch(words[place])):
        date.append(words[place])
        place += 1
    if len(date) < 2:
        return at
    line = page.lines[at]
    if words[0][0] == "d":
        return at + 1
    first, _, name = line.text.split(None, place)[place].partition(" ")
    size = SIZE.fullmatch(first)
    if size is None or not name.strip():
        page.miss(line.number, text("这一行没有文件大小。", "This row has no file size."))
        return at + 1
    name, after = name.strip(), at + 1
    column = line.text.rfind(name)
    while after < min(at + MAX_WRAPPED, len(page.lines)):
        following = page.lines[after].text
        if not following.strip() or len(following) - len(following.lstrip()) < max(column - 2, 20):
            break
        name += following.strip()
        after += 1
    say_entry(page, line.number, {"name": name, "size": size[1], "modified": " ".join(date)})
    return after
