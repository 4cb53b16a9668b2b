"""The demo's log bundle, as the customer's collector would pack it, and the lab's baseline."""

import tempfile
import zipfile
from pathlib import Path

from demo import captures, pe_writer
from demo.evtx.writer import write_log
from demo.system_log import system_log
from engine.parsers.file_state import FileState

COLLECTED = (2020, 11, 27, 15, 2, 10)
SYSTEM_LOG = "EventLog/System.evtx"
EXECUTABLE = "Files/CodeMeter.exe"
PROGRAM_LOG = "Logs/CodeMeter-2020-11-27-142834.log"


class GbkEntry(zipfile.ZipInfo):
    """An entry named in the code page of Chinese Windows, without the UTF-8 flag."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # zipfile has no public way
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def baseline() -> list[FileState]:
    """The known-good states of the vendor's lab."""
    return [captures.baseline_state()]


def write_bundle(file: Path) -> None:
    """Writes the zip: the System log, the captures, the changed executable, the program's log.

    Deterministic; it takes a few seconds and no database.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with tempfile.TemporaryDirectory(prefix="anjuan-demo-") as folder:
            log = Path(folder, "System.evtx")
            write_log(log, system_log())
            _add(archive, zipfile.ZipInfo(SYSTEM_LOG, COLLECTED), log.read_bytes())
        for number, capture in enumerate(captures.capture_files()):
            # The first name as Explorer of a Chinese Windows packs it, the others in UTF-8.
            entry = GbkEntry if number == 0 else zipfile.ZipInfo
            _add(archive, entry(f"Captures/{capture.name}", COLLECTED), capture.data)
        _add(archive, zipfile.ZipInfo(EXECUTABLE, (2016, 4, 6, 12, 20, 0)), pe_writer.tampered())
        _add(archive, zipfile.ZipInfo(PROGRAM_LOG, COLLECTED), program_log().encode("utf-8"))


def program_log() -> str:
    """A log of the licence service on the lab's machine: licences are asked for and not there."""
    start = [
        "CodeMeter for Windows (B6.20.2147.500.32.180)",
        "Windows 10 Enterprise G, 64-Bit",
        f"Program folder: {captures.FOLDER}",
        "Started as a system service, start-up delay 4:40 minutes",
        "Licence file read; CmContainer 128-8886952 found",
    ]
    lines = [f"2020-11-27 14:28:{34 + number}: {text}" for number, text in enumerate(start)]
    for handle in range(16, 48):
        second = 40 + (handle - 16) // 2
        lines.append(f"2020-11-27 14:28:{second}: Access from local(IPV6) to SubSystem (Handle {handle})")
        lines.append(
            f"2020-11-27 14:28:{second}: API Event WB218 (NO LICENSE AVAILABLE), handle {handle} released"
        )
    return "\r\n".join(lines) + "\r\n"


def _add(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes) -> None:
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)
