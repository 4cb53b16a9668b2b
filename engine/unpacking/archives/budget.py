"""What one unpacking may produce, counted once for the bundle and all archives inside it."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from engine.text import Text, text


@dataclass(frozen=True)
class Limits:
    """``entries`` and ``depth`` (archives inside one another below the first) in number, ``path`` in
    characters of an entry's name, ``seconds`` of the whole, the rest in bytes. The ratio of produced
    to packed bytes counts only above ``ratio_floor``: a memory dump of zeros is honestly extreme.
    ``keep``: files that no parser reads stay on the disk, too."""

    entries: int = 20_000
    depth: int = 3
    path: int = 1024
    seconds: float = 3600.0
    file: int = 16 * 2**30
    total: int = 64 * 2**30
    ratio: int = 250
    ratio_floor: int = 4 * 2**30
    free_disk: int = 256 * 2**20
    keep: bool = False


DEFAULT_LIMITS = Limits()


class LimitReached(Exception):
    """One of the limits; ``sentence`` says which. ``final`` ends the whole unpacking."""

    def __init__(self, sentence: Text, *, final: bool) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence
        self.final = final


@dataclass
class Budget:
    """The running account; ``stop`` is the sentence of the final limit once one is reached."""

    limits: Limits
    packed: int
    produced: int = 0
    entries: int = 0
    stop: Text | None = None
    _until: float = field(init=False)

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.limits.seconds

    def one_more(self) -> None:
        """Counts an entry; raises ``LimitReached``."""
        self.entries += 1
        if self.entries > self.limits.entries:
            self._end(
                f"文件数量超过上限（{self.limits.entries:,} 个），其余文件未读取。",
                f"There are more files than the limit ({self.limits.entries:,}); the rest was not read.",
            )

    def spend(self, count: int, size: int) -> None:
        """Counts bytes just produced; ``size`` is their file's so far. Raises ``LimitReached``."""
        self.produced += count
        limits = self.limits
        if self.produced > limits.total:
            self._end(
                f"解压总量已达上限（{limits.total:,} 字节），此文件及其后的文件未读取。",
                f"The limit for the whole bundle ({limits.total:,} bytes) is reached; this file and those "
                "after it were not read.",
            )
        if self.produced > limits.ratio_floor and self.produced > self.packed * limits.ratio:
            self._end(
                f"解压后的数据超过压缩包的 {limits.ratio} 倍，为安全起见停止解压。",
                f"The unpacked data exceeds {limits.ratio} times the archive's size; unpacking stopped for "
                "safety.",
            )
        if time.monotonic() > self._until:
            self._end(
                f"解压时间超过上限（{limits.seconds / 60:,.0f} 分钟），此文件及其后的文件未读取。",
                f"Unpacking took longer than the limit ({limits.seconds / 60:,.0f} minutes); this file and "
                "those after it were not read.",
            )
        if size > limits.file:
            raise LimitReached(
                text(
                    f"解压后超过单个文件的上限（{limits.file:,} 字节），未读取。",
                    f"Unpacked it exceeds the limit for one file ({limits.file:,} bytes); it was not read.",
                ),
                final=False,
            )

    def look_at_disk(self, folder: Path) -> None:
        """Raises ``LimitReached`` where the folder's disk is nearly full."""
        if shutil.disk_usage(folder).free < self.limits.free_disk:
            self._end(
                "分析服务器的磁盘空间不足，此文件及其后的文件未读取。请联系管理员后重新分析。",
                "The analysis machine is short of disk space; this file and those after it were not read. "
                "Ask the administrator, then analyse again.",
            )

    def _end(self, zh: str, en: str) -> None:
        self.stop = self.stop or text(zh, en)
        raise LimitReached(self.stop, final=True)
