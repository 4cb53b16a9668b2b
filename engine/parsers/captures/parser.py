"""Text with what PowerShell, the command prompt and tools say of files: hashes, sizes, times, versions."""

from engine.artifacts import Artifact, State
from engine.parsers.captures.captures import MAX_BYTES, Capture, read_capture
from engine.parsers.captures.recognition import recognises
from engine.parsers.contents import Contents
from engine.parsers.parser import Glimpse, Parsed, Parser, Yields
from engine.sandbox.sandbox import Emit
from engine.text import text
from engine.text_safety import shown

KIND = "capture"
MAX_STATES = 100_000
"""File states of a bundle after which no further capture is read; they are held and compared in memory."""
MAX_PREVIEWED = 200
MAX_UNREAD_SHOWN = 5

ENOUGH_STATES = text(
    f"材料中的文件状态已超过 {MAX_STATES:,} 条，此文件未读取。请把材料分成几次上传。",
    f"The bundle holds more than {MAX_STATES:,} file states already; this file was not read. "
    "Please upload in several parts.",
)


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
        named = capture.unreadable[:MAX_UNREAD_SHOWN]
        zh = "".join(f"第 {unread.line} 行：{unread.reason['zh-hans']}" for unread in named)
        en = " ".join(f"Line {unread.line}: {unread.reason['en']}" for unread in named)
        if len(capture.unreadable) > len(named):
            more = len(capture.unreadable) - len(named)
            zh += f"另有 {more} 行未能识别。"
            en += f" {more} more {'line was' if more == 1 else 'lines were'} not understood."
        if not capture.whole:
            zh += "文件过大，只读取了开头部分。"
            en += " The file is very large; only its beginning was read."
        artifact.detail = text(zh, en.strip())
    elif absent := [state for state in capture.states if state.absent and state.path]:
        first = absent[:MAX_UNREAD_SHOWN]
        zh = "、".join(f"{shown(state.path, 120)}（第 {state.line} 行）" for state in first)
        en = ", ".join(f"{shown(state.path, 120)} (line {state.line})" for state in first)
        if len(absent) > len(first):
            zh, en = f"{zh} 等 {len(absent)} 个", f"{en} and {len(absent) - len(first)} more"
        artifact.detail = text(f"采集时不存在的文件：{zh}。", f"Not there when this was captured: {en}.")
    elif not capture.states:
        artifact.state = State.SKIPPED
        artifact.detail = text(
            "文本中没有可识别的文件哈希或文件信息。", "The text holds no file facts that are understood."
        )


def preview(emit: Emit, artifact: Artifact) -> Glimpse:
    """The paths of the files that it tells of."""
    told = [state for state in read_capture(artifact).states if not state.absent and not state.cut]
    return Glimpse(states=[state.path for state in told[:MAX_PREVIEWED]])


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
