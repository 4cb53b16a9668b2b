"""Which texts are captures: those of which facts of files are read, scripts and long prose left out."""

import re

from engine.parsers.captures.captures import read_text
from engine.parsers.captures.facts import Absent, FileFact, Prompt, Unread
from engine.parsers.captures.reader import LONE_VALUE, NO_OUTPUT
from engine.parsers.captures.values import COMMANDS, target_of
from engine.parsers.sample import Sample

# No \s here: it crosses lines, and a file of empty lines would be walked again from each of them.
SIGNS = re.compile(
    r"[0-9a-f０-９ａ-ｆ]{28}|(?:[0-9a-f]{2}[ -]){15}|get-? ?filehash|get-item\b|certutil|lastwritetime|length"
    r"|fileversion|directory of|的目[录錄]|のディレクトリ|目[录錄] ?[:：]|ディレクトリ ?[:：]|filesize|大小"
    r"|\.\w{2,4} [0-9a-f]{8}[ \t]{0,9}(?:\r|\n|\Z)"
    r"|修改(?:时间|日期)",
    re.IGNORECASE,
)
RICH_TEXT = b"{\\rtf"
CODE = re.compile(
    r"^[ \t]{0,40}(?:param[ \t]{0,3}\(|function[ \t]|\$\w{1,40}[ \t]{0,9}=|foreach[ \t]{0,3}\(|if[ \t]{0,3}\("
    r"|@echo off|setlocal|\[pscustomobject\]|write-(?:host|output)|import-module|using[ \t]|def[ \t]|for /f"
    r"|set [\"a-z_]{1,30}=|rem[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
MAX_PROSE = 40
"""Lines beside those of a fact: a mail with its history."""
PER_FACT = 30


def recognises(sample: Sample) -> bool:
    """Text with file facts in it, or with a command that should have given some; no document of our own,
    no rich text, whose signs stand between the digits."""
    content = sample.text
    if sample.schema or sample.head.startswith(RICH_TEXT) or not SIGNS.search(content):
        return False
    spoken = read_text(content)
    prompts = [entry for entry in spoken.said if isinstance(entry, Prompt)]
    if any(_asks(entry.command) for entry in prompts):
        return True
    facts = [entry for entry in spoken.said if isinstance(entry, FileFact) and _strong(entry)]
    found = len(facts) + sum(isinstance(entry, Absent) for entry in spoken.said)
    lines = sum(bool(line.strip()) for line in content.splitlines())
    if CODE.search(content) and not any(fact.hashes for fact in facts) and not prompts:
        return False
    if not found:
        of_files = any(not _of_anything(unread) for unread in spoken.unread)
        return of_files and lines <= MAX_PROSE and not CODE.search(content)
    return lines <= MAX_PROSE + PER_FACT * found


def _of_anything(unread: Unread) -> bool:
    """Such may stand in any text: a number alone, what another command wrote."""
    return unread.reason == LONE_VALUE or unread.reason["en"].startswith(NO_OUTPUT["en"])


def _strong(fact: FileFact) -> bool:
    """A hash, be it a wrong one, or attributes of a file that is named."""
    attributes = (fact.size, fact.modified, fact.version)
    of_file = "." in fact.path or "\\" in fact.path or fact.cut
    return bool(fact.hashes) or fact.bad_hash or (of_file and any(value is not None for value in attributes))


def _asks(command: str) -> bool:
    """A command that tells of files."""
    words = command.lstrip("(& ").split(None, 1)
    first = words[0].lower() if words else ""
    return first in COMMANDS - {"ls", "dir", "gci", "get-childitem", "gp"} or (
        bool(target_of(command)) and first in COMMANDS
    )
