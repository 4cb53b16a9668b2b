"""``certutil -hashfile``: head line, hash (Windows 7 parts its bytes by blanks), footer."""

import re

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.facts import Absent
from engine.parsers.captures.hashes import DIGITS
from engine.parsers.captures.page import Page
from engine.parsers.captures.starts import certutil_of
from engine.text import text
from engine.text_safety import shown

FOOTER = re.compile(r"^CertUtil ?[:：] ?(?P<rest>.*)$", re.IGNORECASE)
FAILED = re.compile(r"0x[0-9A-Fa-f]{8}")
NOT_THERE = {"0x80070002", "0x80070003"}
MAX_HASH_LINES = 4


def read(page: Page, at: int) -> int:
    """The head with its hash, or a footer."""
    line = page.lines[at]
    if footer := FOOTER.match(line.text):
        return _footer(page, at, footer["rest"])
    head, after = certutil_of(line.text), at + 1
    if head is None and after < len(page.lines) and page.width and line.width >= page.width:
        head, after = certutil_of(line.text + page.lines[after].text), after + 1
    if head is None:
        return at
    algorithm, path = head
    written, lines = "", 0
    first = place = page.next_written(after)
    while place < len(page.lines) and lines < MAX_HASH_LINES and not page.lines[place].blank:
        piece = page.lines[place].text.strip()
        digits = "".join(piece.split())
        if FOOTER.match(piece) or not digits.isalnum() or not digits.isascii():
            break
        written, lines, place = f"{written} {piece}", lines + 1, place + 1
        if sum(map(len, written.split())) >= DIGITS[algorithm]:
            break
    if not written:
        reason = text("这一行之后没有哈希值。", "No hash follows this line.")
        page.miss(line.number, reason)
        return after
    say_entry(page, page.lines[first].number, {"path": path, algorithm: written.strip()})
    return place


def _footer(page: Page, at: int, rest: str) -> int:
    line = page.lines[at]
    failed = FAILED.search(rest)
    if failed is None:
        return at + 1
    if failed.group().lower() in NOT_THERE:
        page.spoken.say(Absent(line.number, page.target))
    else:
        said = shown(rest, 100)
        page.miss(line.number, text(f"certutil 失败：{said}。", f"certutil failed: {said}."))
    following = at + 1
    if following < len(page.lines) and FOOTER.match(page.lines[following].text):
        following += 1
    return following
