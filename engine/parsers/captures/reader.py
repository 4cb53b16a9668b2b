"""Walks the lines of a capture once; each line that is not blank is read by a form, taken for a heading or
for prose, or named."""

import re
from dataclasses import replace

from engine.parsers.captures import machines
from engine.parsers.captures.console import Console
from engine.parsers.captures.dates import read_date
from engine.parsers.captures.facts import Heading, Machine, Moment
from engine.parsers.captures.forms import checksum_lines, prompts
from engine.parsers.captures.forms.registry import FORMS
from engine.parsers.captures.hashes import HEX
from engine.parsers.captures.keys import key_of
from engine.parsers.captures.lines import Line
from engine.parsers.captures.page import Page
from engine.parsers.captures.spoken import Spoken
from engine.parsers.captures.starts import PROMPT, PROMPT_START, ROW, tells_width
from engine.text import text
from engine.text_safety import shown

MAX_HEADING_LENGTH = 600
MIN_CONSOLE, UNBROKEN = 60, 10**9
"""Cells of the narrowest console, and the width of a text that none broke."""
MAX_HEADING_LINES = 3
HASH_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{28,132}(?![0-9A-Za-z])")
BYTES = re.compile(r"\d[\d,.]{0,20} ?(?:字节|位元組|bytes\b)", re.IGNORECASE)
NO_OUTPUT = text("此命令的输出未读取：", "The output of this command is not read: ")
LONE_HASH = text(
    "像是哈希值，但看不出属于哪个文件。", "This looks like a hash, but of which file is not said."
)
LONE_VALUE = text(
    "像是大小或时间，但看不出属于哪个文件。",
    "This looks like a size or a time, but of which file is not said.",
)


def read_lines(lines: list[Line]) -> Spoken:
    """All that the lines say."""
    said = machines.said_in(lines)
    lines = [replace(line, text=machines.without_machine(line.text)) for line in lines]
    width = max((line.width for line in lines if tells_width(line)), default=0)
    page = Page(lines, width if width >= MIN_CONSOLE else UNBROKEN)
    _Walk(page, said).all()
    return page.spoken


class _Walk:
    def __init__(self, page: Page, said: machines.Said) -> None:
        self.page = page
        self.said = said
        self.console = Console(page)
        self.heading: list[str] = []
        self.heading_line = 0

    def all(self) -> None:
        at = 0
        while at < len(self.page.lines):
            at = self._step(at)
        self._close()

    def _step(self, at: int) -> int:
        page, line = self.page, self.page.lines[at]
        if self._of_console(line):
            return at + 1
        if line.blank:
            self.console.blank(at)
            self._settle_heading()
            return at + 1
        if PROMPT_START.match(line.text) or PROMPT.match(line.text):
            self._close()
            return prompts.read(page, at)
        if self.console.takes_digits(line):
            return at + 1
        said = len(page.spoken.said)
        for form in FORMS:
            after = form(page, at)
            if after > at:
                new = page.spoken.said[said:]
                del page.spoken.said[said:]
                self._close()
                page.spoken.said += new
                return after
        if self.heading and not self.console.values:
            self._settle_heading_before(at)
        if not self.console.takes(at):
            self.console.close()
            if checksum_lines.read_sentence(page, at) == at:
                self._free(line)
        return at + 1

    def _of_console(self, line: Line) -> bool:
        """Says which machine and when the line tells of; true where it tells nothing else."""
        name, time = self.said.names.get(line.number), self.said.times.get(line.number)
        if name or time:
            self._close()
        if name:
            self.page.spoken.say(Machine(line.number, name))
        if time:
            self.page.spoken.say(Moment(line.number, time))
        return line.number in self.said.spent

    def _settle_heading_before(self, at: int) -> None:
        content = self.page.lines[at].text
        if ROW.match(content) or key_of(content):
            self._settle_heading()

    def _free(self, line: Line) -> None:
        """Text between captures: the heading of what follows, or a value that belongs to nothing."""
        content = line.text.strip()
        if not any(map(str.isalnum, content)):
            return
        if any(looks_like_hash(run.group()) for run in HASH_RUN.finditer(content)):
            self.page.miss(line.number, LONE_HASH)
            return
        if BYTES.search(content) or (content.isdecimal() and len(content) > 2) or read_date(content):
            self.page.miss(line.number, LONE_VALUE)
            return
        if self.page.unknown_command:
            said = shown(self.page.command, 80)
            reason = text(f"{NO_OUTPUT['zh-hans']}{said}", f"{NO_OUTPUT['en']}{said}")
            self.page.miss_once(("output", self.page.command), line.number, reason)
            return
        if len(self.heading) < MAX_HEADING_LINES:
            self.heading_line = self.heading_line if self.heading else line.number
            self.heading.append(content)

    def _settle_heading(self) -> None:
        if self.heading:
            content = "\n".join(self.heading)[:MAX_HEADING_LENGTH]
            self.page.spoken.say(Heading(self.heading_line, content))
            self.page.target = ""
            self.heading = []

    def _close(self) -> None:
        self.console.close()
        self._settle_heading()


def looks_like_hash(word: str) -> bool:
    """Hex digits but for a few."""
    return sum(sign in HEX for sign in word) >= 0.8 * len(word) and sum(map(str.isdecimal, word)) * 6 >= len(
        word
    )
