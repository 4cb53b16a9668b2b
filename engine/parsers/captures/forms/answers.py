"""Questions for one value at a prompt with their answers: ``(Get-Item …).Length``, ``Test-Path``."""

import re

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.facts import Absent
from engine.parsers.captures.keys import key_of
from engine.parsers.captures.page import Page
from engine.parsers.captures.properties import property_of
from engine.parsers.captures.starts import PROMPT
from engine.parsers.captures.values import plain_path, resolve, target_of
from engine.text import text
from engine.text_safety import shown

ASSIGNED = re.compile(r"\$(?P<name>\w{1,40}) ?= ?(?P<command>\S.*)")
OF_VARIABLE = re.compile(r"\$(?P<name>\w{1,40})\.(?P<property>[\w.]{1,60})")
DOTTED = re.compile(r"(?P<command>\(.*\))\.(?P<property>[\w.]{1,60})")
EXPANDED = re.compile(
    r"(?P<command>[^|]*)\|\s{0,9}(?:(?:select|select-object) -exp\w* |(?:%|foreach|foreach-object) )"
    r"['\"]?(?P<property>[\w.]{1,60})['\"]?",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"\[(?:System\.)?IO\.File(?:Info)?\](?:::GetLastWriteTime)?\(?[\"'](?P<path>[^\"']{1,500})[\"']", re.I
)
TEST = re.compile(r"test-path\b.*", re.IGNORECASE)


def read(page: Page, at: int) -> int:
    """The answer to the page's last command, which ends right above ``at``."""
    command = page.command
    if assigned := ASSIGNED.fullmatch(command):
        target = target_of(assigned["command"])
        if target and len(page.variables) < 100:
            page.variables[assigned["name"].lower()] = plain_path(resolve(page.folder, target))
        return at
    place = page.next_written(at, 4)
    if place == len(page.lines) or PROMPT.match(page.lines[place].text):
        return at
    answer, number = page.lines[place].text.strip(), page.lines[place].number
    if TEST.fullmatch(command) and answer.lower() in {"true", "false"}:
        if answer.lower() == "false":
            page.spoken.say(Absent(number, page.target))
        return place + 1
    several = [_asked(page, part.strip()) for part in command.split(";")] if ";" in command else []
    if several and all(several):
        for one in several:
            place = page.next_written(at, 4)
            if one is None or place == len(page.lines) or PROMPT.match(page.lines[place].text):
                break
            at = _value(page, place, *one)
        return at
    asked = _asked(page, command)
    if asked is None or (key_of(answer) and not answer[:1].isdecimal()):
        return at
    return _value(page, place, *asked)


def _asked(page: Page, command: str) -> tuple[str, str] | None:
    """The file and the property that a command asks for, lower-case."""
    if variable := OF_VARIABLE.fullmatch(command):
        return page.variables.get(variable["name"].lower(), ""), variable["property"].lower()
    match = DOTTED.fullmatch(command) or EXPANDED.fullmatch(command)
    if match is None:
        return None
    target = target_of(match["command"])
    if target is None and (named := NAMED.search(match["command"])):
        target = named["path"]
    if target is None:
        return None
    path = plain_path(resolve(page.folder, target))
    return path, match["property"].lower()


def _value(page: Page, place: int, path: str, asked: str) -> int:
    line = page.lines[place]
    page.target = path or page.target
    last = asked.rpartition(".")[2]
    known = property_of(last)
    if (
        last in {"versioninfo", "name", "fullname", "extension", "directoryname", "path"}
        and known != "version"
    ):
        return place if last == "versioninfo" else place + 1
    if last.endswith("utc") or last.startswith(("creation", "lastaccess")):
        return place + 1
    if known is None:
        said = shown(asked, 40)
        reason = text(f"没有读取 {said} 的值。", f"The value of {said} is not read.")
        page.miss(line.number, reason)
        return place + 1
    say_entry(page, line.number, {"path": page.target, known: line.text.strip()})
    return place + 1
