"""The demo's text captures: what PowerShell printed on the problem machine and in the lab.

Hashes are those of the generated executables; the one of the re-installed file was typed by
hand and has one wrong digit. Consoles break lines at their width, as the real ones did.
"""

from dataclasses import dataclass, replace

from demo import pe_writer
from engine.parsers.captures.lines import cells
from engine.parsers.file_state import FileState

FOLDER = r"C:\Program Files (x86)\CodeMeter\Runtime\bin"
PATH = FOLDER + r"\CodeMeter.exe"
MODIFIED = "2016-04-06T12:20:00"
WRONG_DIGIT = 37
"""Position (from 1) of the digit that was mistyped."""

AS_FOUND, REINSTALLED, RESTARTED = "发现问题时", "重新安装后", "从控制中心重启服务后"
LAB = "实验室"


@dataclass(frozen=True)
class CaptureFile:
    """A capture as the customer sends it: a name, an encoding, its bytes."""

    name: str
    encoding: str
    data: bytes


def baseline_state() -> FileState:
    """The known-good file of the vendor's lab."""
    return FileState(
        PATH, pe_writer.sha256(pe_writer.clean()), pe_writer.CLEAN_SIZE, MODIFIED, pe_writer.VERSION, LAB
    )


def machine_states() -> list[FileState]:
    """What the captures say, in the order they were taken."""
    known = baseline_state()
    assert known.sha256 is not None
    return [
        FileState(PATH, pe_writer.sha256(pe_writer.tampered_before()), None, None, None, AS_FOUND),
        replace(known, sha256=mistyped(known.sha256), label=REINSTALLED),
        replace(
            known,
            sha256=pe_writer.sha256(pe_writer.tampered()),
            size=pe_writer.CLEAN_SIZE + pe_writer.ADDED,
            label=RESTARTED,
        ),
    ]


def capture_files() -> list[CaptureFile]:
    """Three captures: column form at 80 columns, list form at 80, list form at 100 columns."""
    before, installed, restarted = machine_states()
    first = [
        _heading(before),
        *console(_prompt("Get-FileHash .\\CodeMeter.exe"), 80),
        *hash_table(before, 80),
    ]
    second = [
        _heading(installed),
        *console(_prompt("Get-FileHash .\\CodeMeter.exe"), 80),
        *hash_table(installed, 80),
        *console(_prompt("get-item .\\CodeMeter.exe | select *"), 80),
        *item_list(installed, "4/6/2016 12:20:00 PM", 80),
    ]
    third = [
        _heading(restarted),
        *console(_prompt("Get-FileHash .\\CodeMeter.exe | fl"), 100),
        *hash_list(restarted, 100),
        *console(_prompt("Get-Item .\\CodeMeter.exe | select *"), 100),
        *item_list(restarted, "2016-04-06 12:20:00", 100),
    ]
    return [
        _file("1-发现问题时.txt", "utf-16", first),
        _file("2-重新安装后.txt", "gbk", second),
        _file("3-重启服务后.txt", "utf-16", third),
    ]


def mistyped(sha256: str) -> str:
    """The hash with one digit as a hurried hand types it."""
    digit = sha256[WRONG_DIGIT - 1]
    return sha256[: WRONG_DIGIT - 1] + ("F" if digit != "F" else "9") + sha256[WRONG_DIGIT:]


# -- PowerShell's forms -----------------------------------------------------------------


def hash_table(state: FileState, width: int) -> list[str]:
    """``Get-FileHash`` as a table whose columns do not fit: the console breaks its lines."""
    rows = [
        ("Algorithm", "Hash", "Path"),
        ("---------", "----", "----"),
        ("SHA256", state.sha256 or "", state.path),
    ]
    lines = [f"{algorithm:<16}{digest:<71}{path}" for algorithm, digest, path in rows]
    return ["", *(part for line in lines for part in console(line, width)), "", ""]


def hash_list(state: FileState, width: int) -> list[str]:
    """``Get-FileHash | Format-List``."""
    values = [("Algorithm", "SHA256"), ("Hash", state.sha256 or ""), ("Path", state.path)]
    return ["", *_aligned(values, width), "", ""]


def item_list(state: FileState, modified: str, width: int) -> list[str]:
    """``Get-Item | select *``: values broken at the width, their rest indented."""
    folder, _, name = state.path.rpartition("\\")
    provider = "Microsoft.PowerShell.Core\\FileSystem"
    version = [
        f"File:             {state.path}",
        f"InternalName:     {name.partition('.')[0]}",
        f"OriginalFilename: {name}",
        f"FileVersion:      {state.version}",
        "FileDescription:  CodeMeter Runtime Server",
        "Product:          CodeMeter",
        f"ProductVersion:   {state.version}",
        "Debug:            False",
        "Patched:          False",
        "PreRelease:       False",
        "PrivateBuild:     False",
        "SpecialBuild:     False",
        "Language:         英语(美国)",
        "",
    ]
    values = [
        ("PSPath", f"{provider}::{state.path}"),
        ("PSParentPath", f"{provider}::{folder}"),
        ("PSChildName", name),
        ("PSDrive", "C"),
        ("PSProvider", provider),
        ("PSIsContainer", "False"),
        ("Mode", "-a----"),
        ("VersionInfo", "\n".join(version)),
        ("BaseName", name.partition(".")[0]),
        ("Target", "{}"),
        ("LinkType", ""),
        ("Name", name),
        ("Length", str(state.size)),
        ("DirectoryName", folder),
        ("Directory", folder),
        ("IsReadOnly", "False"),
        ("Exists", "True"),
        ("FullName", state.path),
        ("Extension", ".exe"),
        ("CreationTime", modified),
        ("LastWriteTime", modified),
        ("Attributes", "Archive"),
    ]
    return ["", "", *_aligned(values, width), "", ""]


def console(line: str, width: int) -> list[str]:
    """A line as a console of that width shows it: cut at the edge, blanks at the end lost."""
    parts, part = [], ""
    for character in line:
        if cells(part) + cells(character) > width:
            parts.append(part)
            part = ""
        part += character
    return [part.rstrip() for part in [*parts, part]]


def _aligned(values: list[tuple[str, str]], width: int) -> list[str]:
    column = max(len(name) for name, _ in values)
    lines = []
    for name, value in values:
        head = f"{name:<{column}} : "
        for paragraph in value.split("\n"):
            for part in console(paragraph, width - len(head)):
                lines.append((head + part).rstrip())
                head = " " * len(head)
    return lines


def _prompt(command: str) -> str:
    return f"PS {FOLDER}> {command}"


def _heading(state: FileState) -> str:
    return f"# {state.label}"


def _file(name: str, encoding: str, lines: list[str]) -> CaptureFile:
    text = "\r\n".join(lines) + "\r\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding)
    return CaptureFile(name, encoding, data)
