"""Lists of installed updates."""

from pathlib import Path

from tests.engine.parsers.machine.reading import read

TABLE = """
Source        Description      HotFixID      InstalledBy          InstalledOn
------        -----------      --------      -----------          -----------
PC-01         Update           KB4601554     NT AUTHORITY\\SYSTEM  2021/2/10 0:00:00
PC-01         Security Update  KB5001330     NT AUTHORITY\\SYSTEM  4/14/2021
"""
EXAMPLES = [TABLE.encode(), TABLE.encode("utf-16")]


def test_each_update_is_read_with_its_day(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, EXAMPLES[0], "hotfix.txt")

    assert artifact.kind == "hotfixes"
    assert told == [("hotfix", "KB4601554 2021/2/10", 4, ""), ("hotfix", "KB5001330 4/14/2021", 5, "")]
