"""One entry of a capture as facts: what a row, a record or a list says of one file."""

import re
from collections.abc import Mapping

from engine.parsers.captures.dates import read_date
from engine.parsers.captures.facts import FileFact
from engine.parsers.captures.hashes import (
    COMPARED,
    DIGITS,
    DRIVE,
    OF_LENGTH,
    algorithm_of,
    take_hash,
    what_is_wrong,
)
from engine.parsers.captures.page import Page
from engine.parsers.captures.values import is_absolute, plain_path, read_size, resolve, squeezed, without_cut
from engine.text import text

CUT_HASH = text(
    "哈希被控制台截断，无法使用。请改用列表形式采集：Get-FileHash 文件 | Format-List。",
    "The console cut this hash off; it cannot be used. Please capture as a list: "
    "Get-FileHash FILE | Format-List.",
)
WEAK_CRC = text(
    "CRC-32 不能证明文件是否被改动，请用 SHA-256 采集。",
    "A CRC-32 does not prove whether a file was changed; please capture SHA-256.",
)
NO_TIME = text("修改时间无法识别。", "The time of change was not understood.")
NO_SIZE = text("文件大小无法识别（需要以字节为单位）。", "The size was not understood (bytes are needed).")


def read_hash(page: Page, line: int, written: str, algorithm: str | None) -> tuple[dict[str, str], str]:
    """The hash by its algorithm, nothing where it is wrong (which is named), and what stands behind it."""
    path = DRIVE.search(written)
    head = written[: path.start()] if path else written.partition("  ")[0]
    if "..." in head or "…" in head:
        page.miss(line, CUT_HASH)
        return {}, ""
    name = algorithm_of(algorithm) if algorithm else None
    if algorithm and name is None:
        zh, en = f"不认识哈希算法 {algorithm[:20]}。", f"The hash algorithm {algorithm[:20]} is not known."
        page.miss(line, text(zh, en))
        return {}, ""
    if name is None:
        longest = take_hash(written, 128)
        name = OF_LENGTH.get(longest.digits) or _nearest(longest.digits)
    if name == "CRC32":
        page.miss_once("crc", line, WEAK_CRC)
        return {}, take_hash(written, DIGITS[name]).rest
    taken = take_hash(written, DIGITS[name])
    if taken.value is None:
        page.miss(line, what_is_wrong(taken, name, DIGITS[name]))
        return {}, taken.rest
    if name not in COMPARED:
        zh, en = f"{name} 哈希不用于比较，请用 SHA-256。", f"A {name} is not compared; please use SHA-256."
        page.miss_once(name, line, text(zh, en))
        return {}, taken.rest
    return {name: taken.value}, taken.rest


def say_entry(page: Page, line: int, values: Mapping[str, str]) -> None:
    """Says what ``values``, by the names of ``properties``, tell of one file; names what is wrong."""
    hashes: dict[str, str] = {}
    stated = {name: value for name, value in values.items() if name.isupper() and value.strip()}
    for name, value in stated.items():
        if name != "CRC32" or len(stated) == 1:
            hashes |= read_hash(page, line, value, name)[0]
    if written := values.get("hash", "").strip():
        hashes |= read_hash(page, line, written, values.get("algorithm", "").strip() or None)[0]
    size = modified = None
    if (written_size := values.get("size", "").strip()) and (size := read_size(written_size)) is None:
        page.miss(line, NO_SIZE)
    if (written_time := values.get("modified", "").strip()) and (modified := read_date(written_time)) is None:
        page.miss(line, NO_TIME)
    version = values.get("version", "").strip() or values.get("productversion", "").strip() or None
    path, cut = path_of(page, values)
    if hashes or stated or written or size is not None or modified or version:
        machine = values.get("machine", "").strip() or None
        bad = bool(stated or written) and not hashes
        fact = FileFact(line, path, cut, hashes, size, modified, version, machine, bad_hash=bad)
        page.spoken.say(fact)


def path_of(page: Page, values: Mapping[str, str]) -> tuple[str, bool]:
    """The path that an entry names, and whether it is cut; one cut off or left out comes from the prompt."""
    path, cut = without_cut(plain_path(values.get("path", "")))
    if not path:
        path, cut = without_cut(plain_path(values.get("name", "")))
    if page.target and squeezed(path) == squeezed(re.split(r"[\\/]", page.target)[-1]):
        return page.target, False
    if not path or cut:
        fits = squeezed(page.target).startswith(squeezed(path))
        return (page.target, False) if page.target and fits else (path, cut)
    if not is_absolute(path):
        folder = plain_path(values.get("folder", "")) or page.listed or page.folder
        whole, folder_cut = without_cut(folder)
        path = path if folder_cut else resolve(whole, path)
    return path, cut


def _nearest(digits: int) -> str:
    """The algorithm that a hash of the wrong length is likeliest of."""
    return OF_LENGTH[min(OF_LENGTH, key=lambda right: (abs(right - digits), -right))]
