"""Lines of a text that were not understood, gathered while it is read and told in one sentence."""

from dataclasses import dataclass, field

from engine.text import Text, text

MAX_SHOWN = 5


@dataclass
class UnreadLines:
    """``shown`` are the first ones, as line (from 1) and reason; ``count`` is how many there are."""

    count: int = 0
    shown: list[tuple[int, Text]] = field(default_factory=list)

    def miss(self, line: int, zh: str, en: str) -> None:
        """Notes a line; the reasons are half-sentences without a full stop."""
        self.count += 1
        if len(self.shown) < MAX_SHOWN:
            self.shown.append((line, text(zh, en)))

    def __bool__(self) -> bool:
        return self.count > 0

    def sentence(self) -> Text:
        """Which lines, and why; of many the first few and how many more."""
        more = self.count - len(self.shown)
        zh = "".join(f"第 {line:,} 行：{why['zh-hans']}。" for line, why in self.shown)
        en = " ".join(f"Line {line:,}: {why['en']}." for line, why in self.shown)
        if more:
            zh += f"另有 {more:,} 处未能识别。"
            en += f" {more:,} more {'place was' if more == 1 else 'places were'} not understood."
        return text(zh, en)
