"""Crash dumps: the bug check of a system's, the exception of a program's, from their headers alone.

Files of C:\\Windows\\Minidump begin with ``PAGEDU64`` (64 bits) or ``PAGEDUMP``, those of programs with
``MDMP``. A dump is one event of the time line; its memory is not looked at.
Sources: Microsoft, "MINIDUMP_HEADER structure", "MINIDUMP_EXCEPTION_STREAM structure", "MINIDUMP_MODULE
structure"; the kernel dump's header as 0vercl0k/kdmp-parser documents it.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from engine.artifacts import Artifact, State
from engine.index.values import LogForm
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import utc_text
from engine.parsers.logs.channels import CRASH_DUMP, PROCESS_DUMP
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log, store_events
from engine.sandbox.sandbox import Emit
from engine.text import Text, text
from engine.text_safety import legible

KIND = "crash-dump"
PROVIDER = "Crash dump"
HEADER = 8192
"""Bytes of a 64-bit kernel dump's header; those of 32 bits have half."""
MAX_STREAMS = 64
MAX_MODULES = 2_000
MODULE = 108
_STARTS, _EPOCH = datetime(1601, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)
CUT = text(
    "这是内存转储，但不完整：文件头比规定的短，其中的代码可能不对。"
    "请重新复制该文件（C:\\Windows\\Minidump）后上传。",
    "This is a memory dump that is not whole: its header is shorter than it must be, and its codes may "
    "be wrong. Please "
    "copy the file "
    "(C:\\Windows\\Minidump) again and upload it.",
)
NO_CODE = text(
    "这是内存转储，但文件头中没有错误代码：它可能是手工创建的，请用调试器打开。",
    "This is a memory dump whose header holds no code: it may have been made by hand. Please open it in a "
    "debugger.",
)
HEAD_ONLY = text(
    "只读取了转储的文件头（错误代码和参数），没有分析内存内容。",
    "Only the header of the dump was read (its code and parameters), not the memory in it.",
)


def recognises(sample: Sample) -> bool:
    """By its sign."""
    return sample.head[:8] in {b"PAGEDU64", b"PAGEDUMP"} or sample.head[:6] == b"MDMP\x93\xa7"


def _event(artifact: Artifact) -> LoggedEvent | None:
    with artifact.file.open("rb") as stream:
        head = stream.read(HEADER)
        if head[:4] == b"MDMP":
            return _process(stream, head)
    head = head.ljust(HEADER, b"\0")
    if head[:8] == b"PAGEDU64":
        code, parameters = struct.unpack_from("<I", head, 0x38)[0], struct.unpack_from("<4Q", head, 0x40)
        processors, time_at, width = struct.unpack_from("<I", head, 0x34)[0], 0xFA8, 16
    else:
        code, parameters = struct.unpack_from("<I", head, 0x28)[0], struct.unpack_from("<4I", head, 0x2C)
        processors, time_at, width = struct.unpack_from("<I", head, 0x24)[0], 0xFC0, 8
    if not code and not any(parameters):
        return None
    (time,) = struct.unpack_from("<Q", head, time_at)
    data = {
        "BugCheckCode": f"0x{code:08x}",
        "Parameters": ", ".join(f"0x{parameter:0{width}x}" for parameter in parameters),
        **{f"Parameter{place}": f"0x{parameter:x}" for place, parameter in enumerate(parameters, 1)},
        "Build": str(struct.unpack_from("<I", head, 0x0C)[0]),
        "Processors": str(processors) if 0 < processors < 4096 else "",
    }
    data["Message"] = (
        f"Bug check {data['BugCheckCode']} ({data['Parameters']}), Windows build {data['Build']}"
    )
    when = utc_text(_STARTS, timedelta(microseconds=time // 10)) if 0 < time < 2**62 else None
    return LoggedEvent(
        1, when, PROVIDER, CRASH_DUMP, level=1, data={name: value for name, value in data.items() if value}
    )


def _process(stream: BinaryIO, head: bytes) -> LoggedEvent | None:
    if len(head) < 32:
        return None
    _, _, count, directory, _, stamp = struct.unpack_from("<6I", head)
    streams: dict[int, tuple[int, int]] = {}
    stream.seek(directory)
    for kind, size, at in _whole("<3I", stream.read(12 * min(count, MAX_STREAMS))):
        streams.setdefault(kind, (size, at))
    code, address = _exception(stream, streams.get(6))
    modules = list(_modules(stream, streams.get(4)))
    data = {"AppName": modules[0][2] if modules else ""}
    if code is not None:
        faulting = [name for base, size, name in modules if base <= address < base + size]
        data |= {
            "ExceptionCode": f"0x{code:08x}",
            "Address": f"0x{address:x}",
            "ModuleName": faulting[0] if faulting else "",
        }
    data["Message"] = ", ".join(f"{name} {value}" for name, value in data.items() if value)
    when = utc_text(_EPOCH, timedelta(seconds=stamp)) if stamp else None
    level = 4 if code is None else 2
    return LoggedEvent(
        1,
        when,
        PROVIDER,
        PROCESS_DUMP,
        level=level,
        data={name: value for name, value in data.items() if value},
    )


def _whole(form: str, data: bytes) -> Iterator[tuple[int, ...]]:
    size = struct.calcsize(form)
    return struct.iter_unpack(form, data[: len(data) // size * size])


def _exception(stream: BinaryIO, place: tuple[int, int] | None) -> tuple[int | None, int]:
    if place is None:
        return None, 0
    stream.seek(place[1])
    data = stream.read(40)
    if len(data) < 40:
        return None, 0
    code, _, _, address = struct.unpack_from("<IIQQ", data, 8)
    return code, address


def _modules(stream: BinaryIO, place: tuple[int, int] | None) -> Iterator[tuple[int, int, str]]:
    """Base, size and file name of each."""
    if place is None:
        return
    stream.seek(place[1])
    head = stream.read(4)
    if len(head) < 4:
        return
    count = min(struct.unpack("<I", head)[0], MAX_MODULES)
    data = stream.read(count * MODULE)
    for at in range(0, len(data) - MODULE + 1, MODULE):
        base, size, _, _, name_at = struct.unpack_from("<QIIII", data, at)
        stream.seek(name_at)
        length = stream.read(4)
        wide = stream.read(min(struct.unpack("<I", length)[0], 1_040)) if len(length) == 4 else b""
        name = wide.decode("utf-16-le", "replace").replace("/", "\\").rpartition("\\")[2]
        yield base, size, name[:260]


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the header."""
    event = _event(artifact)
    events = [event] if event else []
    state, detail, facts = store_events(
        artifact, number, events, artifact.size, form=LogForm.NUMBERED, emit=emit
    )
    with artifact.file.open("rb") as stream:
        sign = stream.read(8)
    shortest = {b"PAGEDU64": HEADER, b"PAGEDUMP": HEADER // 2}.get(sign, 32)
    if artifact.size < shortest:
        return State.PARTLY if event else State.UNREADABLE, _with(CUT, event), facts
    if event is None:
        return State.SKIPPED, NO_CODE, facts
    return state, _with(detail or HEAD_ONLY, event), facts


def _with(sentence: Text, event: LoggedEvent | None) -> Text:
    """The sentence, and the codes that were read."""
    if event is None or not event.data.get("Message"):
        return sentence
    read = legible(str(event.data["Message"]))
    return text(f"{sentence['zh-hans']}读到的内容：{read}。", f"{sentence['en']} Read: {read}.")


PARSER = Parser(
    kind=KIND,
    label=text("崩溃转储（.dmp）", "crash dump (.dmp)"),
    source="https://learn.microsoft.com/windows/win32/api/minidumpapiset/ns-minidumpapiset-minidump_header",
    yields=Yields.EVENTS,
    recognises=recognises,
    parse=parse,
    keep=keep_log,
)
