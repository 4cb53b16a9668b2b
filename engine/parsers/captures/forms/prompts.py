"""Prompts of PowerShell, of the command prompt and of a shell, and the answers right below them."""

import re

from engine.parsers.captures.dates import read_date
from engine.parsers.captures.facts import Heading, Prompt
from engine.parsers.captures.forms import answers
from engine.parsers.captures.forms.checksum_lines import read_checksum
from engine.parsers.captures.forms.tables import titles_of
from engine.parsers.captures.lines import Value
from engine.parsers.captures.page import Page
from engine.parsers.captures.starts import PROMPT, PROMPT_START, is_header, starts_something
from engine.parsers.captures.values import plain_path, resolve, target_of

MAX_HEADING_LENGTH = 600
MAX_PIECES = 8
KNOWN = re.compile(
    r"get-filehash|get-item|get-childitem|get-authenticodesignature|certutil|sha\d+sum|md5sum|openssl|rhash|fciv"
    r"|wmic|7z|convertto-|export-|import-|hostname|computername|get-date|^(?:\$|\(|&|cd|dir|ls|gci|gi|gp|cls|type"
    r"|cat|pushd|popd|chcp|set-location|start-transcript|stop-transcript|exit|echo|date|time|#|rem|::|\[)",
    re.IGNORECASE,
)
"""Commands whose output is read, or that write nothing to be read."""
CHANGES_FOLDER = re.compile(r"(?:cd|set-location|pushd)(?: +/d)? +(?P<folder>\S.*)", re.IGNORECASE)
ALSO = re.compile(r"^>> ?")


def read(page: Page, at: int) -> int:
    """One prompt, broken over lines where it was, with the answer to a question for one value."""
    line = page.lines[at]
    if not PROMPT_START.match(line.text) and not PROMPT.match(line.text):
        return at
    value = Value(line.number, 0, [line.text], [line.width])
    after = at + 1
    while after < len(page.lines) and not page.lines[after].blank and not starts_something(page.lines[after]):
        ended = ">" in "".join(value.pieces) and value.widths[-1] < page.width - 2
        if ended or is_header(page.lines[after].text) or len(value.pieces) > MAX_PIECES:
            break
        following = page.lines[after].text
        if titles_of(following) or read_date(following) or read_checksum(following):
            break
        value.add(page.lines[after])
        after += 1
    match = PROMPT.match(value.joined(page.width))
    if match is None:
        return after
    folder = plain_path(match["folder"] or match["cmd"] or "")
    command = (match["command"] or match["rest"] or match["shell"] or "").strip()
    if match["folder"] is not None or match["cmd"] is not None:
        page.folder = folder if ":" in folder or folder.startswith("\\\\") else ""
    page.listed, page.target, page.command, page.unknown_command = "", "", command, False
    if not command:
        return after
    if command.startswith("#"):
        page.spoken.say(Heading(line.number, command[:MAX_HEADING_LENGTH]))
        return after
    page.spoken.say(Prompt(line.number, page.folder, command))
    page.unknown_command = KNOWN.search(command) is None
    if moved := CHANGES_FOLDER.fullmatch(command):
        page.listed = plain_path(moved["folder"]) if ":" in moved["folder"] else ""
    target = target_of(command)
    page.target = plain_path(resolve(page.folder, target)) if target else ""
    if page.target:
        page.spoken.spell(page.target, 2 if value.whole else value.rank(page.width))
    return answers.read(page, after)
