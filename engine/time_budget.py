"""How long one analysis may take, and what it says when that was too short.

Reading stops early enough that conclusions can still be drawn from what was read.
"""

import time
from dataclasses import dataclass, field

from engine.findings import NotExamined
from engine.text import Text, text

READING, REREADING = 0.75, 0.9
"""The parts of the time after which nothing more is read, and nothing more is read a second time."""

RULE = "time"
TITLE = text("在限定时间内读取全部文件", "All files read in time")
NO_TIME = NotExamined(
    text(
        "分析时间已用完，未检查此项。请把材料分成几次上传，或联系管理员延长分析时间。",
        "The time for this analysis was used up before this rule. Please upload in several parts, or ask "
        "the administrator for more time.",
    )
)


@dataclass
class TimeBudget:
    """``seconds`` for all, from ``begun`` (``time.monotonic``); ``unread`` counts the files that it
    did not suffice for."""

    seconds: float
    begun: float = field(default_factory=time.monotonic)
    unread: int = 0

    def moment(self, part: float) -> float:
        """When that part of it is over."""
        return self.begun + part * self.seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.moment(1)

    def shortage(self, files: int) -> tuple[str, Text, NotExamined]:
        """The outcome that tells of the files left unread, out of so many."""
        minutes, unread, read = f"{self.seconds / 60:,.0f}", f"{self.unread:,}", f"{files - self.unread:,}"
        sentence = text(
            f"允许的分析时间（{minutes} 分钟）不够：{files:,} 个文件中有 {unread} 个未读取，已逐一标明；"
            f"结论只依据其余 {read} 个文件。请把材料分成几次上传，或联系管理员延长分析时间。",
            f"The time for this analysis ({minutes} minutes) was too short: {unread} of {files:,} files were "
            f"not read, each is marked in the list of files; the conclusions rest on the other {read}. "
            "Please upload in several parts, or ask the administrator for more time.",
        )
        return RULE, TITLE, NotExamined(sentence)
