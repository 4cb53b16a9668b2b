"""``dir`` of the command prompt, in Chinese, English, Japanese; ``/s``, ``/4``, ``/q`` and ``/x`` too."""

import re

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.facts import Absent
from engine.parsers.captures.page import Page
from engine.text import text

FOLDER = re.compile(
    r"^ *(?:(?:Directory of|Verzeichnis von|Répertoire de|Directorio de) (?P<before>(?:[A-Za-z]:|\\\\).*)"
    r"|(?P<after>(?:[A-Za-z]:\\|\\\\)[^<>|]{0,1000}?) ?(?:的目录|的目錄|のディレクトリ|디렉터리))$",
    re.IGNORECASE,
)
HEAD = re.compile(
    r"^ *(?:驱动器 ?\S{1,3} ?(?:中的卷|没有)|卷的?序列号|磁碟區|Volume (?:in drive|Serial)|"
    r"ドライブ \S{1,3} の|ボリューム|Volume in Laufwerk|Volumeseriennummer)",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"^ *[\d,.]{1,20} (?:个文件|个目录|個檔案|個目錄|File\(s\)|Dir\(s\)|個のファイル|個のディレクトリ|Datei"
    r"|Verzeichnis)"
    r"|^ *(?:列出所有文件|所列文件总数|列出的所有文件|Total Files Listed|ファイルの総数)",
    re.IGNORECASE,
)
NOTHING = re.compile(r"^ *(?:找不到文件|找不到檔案|File Not Found|ファイルが見つかりません)", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
CLOCK = re.compile(r"\d{1,2}:\d\d[ap]?", re.IGNORECASE)
HALF = re.compile(r"上午|下午|午前|午後|AM|PM", re.IGNORECASE)
SIZE = re.compile(r"\d[\d,.]*")
SHORT_NAME = re.compile(r"[^\s~]{1,6}~\d\S{0,5} +(?=\S)")
OWNER_WIDTH = 23


def read(page: Page, at: int) -> int:
    """One line of such a listing."""
    line = page.lines[at]
    plain = line.text
    if plain[:1].isdecimal():
        return _row(page, at)
    if plain[:1] not in " 驱卷磁V列T找FボドD" and not plain.endswith(("的目录", "的目錄", "のディレクトリ")):
        return at
    if match := FOLDER.match(plain):
        page.listed = (match["before"] or match["after"]).strip()
        return at + 1
    if NOTHING.match(plain):
        page.spoken.say(Absent(line.number, page.target or page.listed))
        return at + 1
    return at + 1 if HEAD.match(plain) or TOTAL.match(plain) else at


def _row(page: Page, at: int) -> int:
    line = page.lines[at]
    words = line.text.split(None, 5)
    if len(words) < 4 or not DATE.fullmatch(words[0]):
        return at + 1 if TOTAL.match(line.text) else at
    place = 1
    while (
        place < 4
        and place < len(words) - 1
        and (CLOCK.fullmatch(words[place]) or HALF.fullmatch(words[place]))
    ):
        place += 1
    if place == 1:
        return at
    listing = bool(page.listed) or page.command.lower().startswith("dir")
    first, _, name = line.text.split(None, place)[place].partition(" ")
    if first.startswith("<"):
        return at + 1 if listing else at
    if not SIZE.fullmatch(first) or not name.strip():
        return at
    alone = line.text[: line.text.rfind(f"{first} {name}")].endswith("    ")
    if (
        not listing and not alone
    ):  # nothing above says that this is a listing; the wide gap before the size does
        return at
    name = _name(page, name)
    moment = " ".join(words[:place])
    if not name:
        page.miss(line.number, text("看不出文件名。", "No file name is recognisable here."))
        return at + 1
    say_entry(page, line.number, {"name": name, "size": first, "modified": moment})
    return at + 1


def _name(page: Page, written: str) -> str:
    """Without the owner of ``/q`` and the short name of ``/x``."""
    if "\\" in written[:60] and not re.match(r" ?[A-Za-z]:\\", written):
        owner_and_name = re.match(r"\S.{0,60}\\\S{1,60}(?: \S{1,20})? {2,}(\S.*)", written)
        written = owner_and_name[1] if owner_and_name else written[OWNER_WIDTH:]
    if "/x" in page.command.lower():
        written = SHORT_NAME.sub("", written.strip(), count=1)
    return written.strip()
