"""Values broken by consoles of every width come back whole."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from demo import captures
from engine.parsers.file_state import FileState
from tests.engine.capture_texts import HASH, MODIFIED, SIZE, VERSION, read

FOLDERS = (
    r"C:\Program Files (x86)\CodeMeter\Runtime\bin",
    r"D:\Tools",
    r"C:\Users\王小明\Desktop\新建文件夹 (2)\some long folder name",
)
NAMES = ("CodeMeter.exe", "a b c.dll", "服务程序.exe")


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(60, 200),
    folder=st.sampled_from(FOLDERS),
    name=st.sampled_from(NAMES),
    table=st.booleans(),
    prompted=st.booleans(),
    modified=st.sampled_from(["4/6/2016 12:20:00 PM", "2016-04-06 12:20:00", "2016/4/6 12:20:00"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
def test_a_capture_says_the_same_at_every_width(
    width: int, folder: str, name: str, table: bool, prompted: bool, modified: str, encoding: str
) -> None:
    path = f"{folder}\\{name}"
    state = FileState(path, HASH, SIZE, MODIFIED, VERSION, "state")
    ask = captures.console(f"PS {folder}> Get-FileHash '.\\{name}'", width) if prompted else []
    hashes = captures.hash_table if table else captures.hash_list
    lines = ["# state", *ask, *hashes(state, width), *captures.item_list(state, modified, width)]

    with tempfile.TemporaryDirectory() as folder_of_test:
        capture = read(Path(folder_of_test), "\r\n".join(lines).encode(encoding))

    assert [(s.path, s.sha256, s.size, s.modified, s.version, s.label) for s in capture.states] == [
        (path, HASH, SIZE, MODIFIED, VERSION, "state")
    ]
    assert capture.unreadable == []


@settings(max_examples=150, deadline=None)
@given(width=st.integers(60, 200), kept=st.booleans())
def test_a_list_cut_at_the_edge_without_indentation_says_the_same(width: int, kept: bool) -> None:
    """A console's own cut, as in text copied from a narrow window; blanks at the end kept or lost."""
    state = FileState(captures.PATH, HASH, SIZE, MODIFIED, VERSION, "state")
    endless = 10_000
    whole = [*captures.hash_list(state, endless), *captures.item_list(state, "2016-04-06 12:20:00", endless)]
    cut = [part for line in whole for part in _cut(line, width, kept)]

    with tempfile.TemporaryDirectory() as folder:
        (read_back,) = read(Path(folder), "\n".join(["# state", *cut])).states

    assert (read_back.path, read_back.sha256, read_back.size) == (captures.PATH, HASH, SIZE)
    assert (read_back.modified, read_back.version) == (MODIFIED, VERSION)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_it(content: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read(Path(folder), content.encode("utf-8", "replace"))


def _cut(line: str, width: int, kept: bool) -> list[str]:
    if kept:
        return [line[at : at + width] for at in range(0, len(line), width)] or [""]
    return captures.console(line, width)
