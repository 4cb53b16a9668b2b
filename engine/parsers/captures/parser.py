"""Text with the output of PowerShell's file commands or of certutil."""

import re

from engine.artifacts import Artifact, State
from engine.parsers.captures.captures import MAX_BYTES, Capture, read_capture
from engine.parsers.contents import Contents
from engine.parsers.parser import Glimpse, Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "capture"
MAX_STATES = 100_000
"""File states of a bundle after which no further capture is read; they are held and compared in memory."""
MAX_PREVIEWED = 200
MAX_UNREAD_SHOWN = 5

# No \s here: it crosses lines, and a file of empty lines would be walked again from each of them.
SIGNS = re.compile(
    r"get-? ?filehash|get-item\b|certutil|^[ \t]{0,40}(?:"
    r"algorithm[ \t]{1,40}(?:hash|[:：])"
    r"|(?:(?:ps)?(?:child|parent)?(?:fullname|pspath|lastwritetime|versioninfo|length|hash)[ \t]{0,40}[:：])"
    r"|(?:sha256|sha1|md5|sha512|sha384)[ \t]{1,40}[0-9a-f]{20})",
    re.IGNORECASE | re.MULTILINE,
)
ENOUGH_STATES = text(
    f"材料中的文件状态已超过 {MAX_STATES:,} 条，此文件未读取。请把材料分成几次上传。",
    f"The bundle holds more than {MAX_STATES:,} file states already; this file was not read. "
    "Please upload in several parts.",
)


def recognises(sample: Sample) -> bool:
    """Text with file facts of PowerShell or certutil in it."""
    return SIGNS.search(sample.text) is not None


def wants(artifact: Artifact, contents: Contents) -> bool:
    """As long as there are not too many file states."""
    if len(contents.file_states) < MAX_STATES:
        return True
    artifact.state, artifact.detail = State.SKIPPED, ENOUGH_STATES
    return False


def parse(emit: Emit, artifact: Artifact) -> Parsed[Capture]:
    """The file states of one text capture."""
    capture = read_capture(artifact)
    return artifact.state, artifact.detail, capture


def keep(artifact: Artifact, capture: Capture, contents: Contents) -> None:
    """Adds the file states, and says which lines were not understood."""
    contents.captures.append(capture)
    contents.file_states.extend(capture.states)
    if capture.unreadable or not capture.whole:
        artifact.state = State.PARTLY
        shown = capture.unreadable[:MAX_UNREAD_SHOWN]
        zh = "".join(f"第 {unread.line} 行：{unread.reason['zh-hans']}" for unread in shown)
        en = " ".join(f"Line {unread.line}: {unread.reason['en']}" for unread in shown)
        if len(capture.unreadable) > len(shown):
            zh += f"另有 {len(capture.unreadable) - len(shown)} 行未能识别。"
            en += f" {len(capture.unreadable) - len(shown)} more lines were not understood."
        if not capture.whole:
            zh += "文件过大，只读取了开头部分。"
            en += " The file is very large; only its beginning was read."
        artifact.detail = text(zh, en.strip())
    elif not capture.states:
        artifact.state = State.SKIPPED
        artifact.detail = text(
            "文本中没有可识别的文件哈希或文件信息。", "The text holds no file facts that are understood."
        )


def preview(emit: Emit, artifact: Artifact) -> Glimpse:
    """The paths of the files that it tells of."""
    states = read_capture(artifact).states[:MAX_PREVIEWED]
    return Glimpse(states=[state.path for state in states if state.path])


PARSER = Parser(
    kind=KIND,
    label=text("采集文本", "capture"),
    source="https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/get-filehash",
    yields=Yields.FILE_STATES,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
    wants=wants,
    preview=preview,
)
