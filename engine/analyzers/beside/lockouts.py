"""Where the wrong passwords came from that locked an account: its failed sign-ins (4625) before the lock-out.

Event 4740 names the account and at best a computer; the process and the address stand in 4625 alone.
Source: Microsoft, events 4625 and 4740 of the security auditing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from engine.findings import Finding
from engine.material import Material
from engine.phrases import joined, times
from engine.rules.columns import expression
from engine.service_control import parse_time
from engine.text import Text, text
from engine.text_safety import legible, shortened

RULE: Final = "account-locked"
BEFORE: Final = 86_400.0
"""Seconds before the first lock-out in which a failed sign-in is told."""
MAX_COMBINATIONS: Final = 5_000
MAX_LENGTH: Final = 100
_FAILED = "provider = 'Microsoft-Windows-Security-Auditing' AND event_id = 4625"
_FIELDS = ("ProcessName", "IpAddress", "WorkstationName")
_NOTHING = frozenset({"", "-"})


def with_sources(findings: Sequence[Finding], material: Material) -> list[Finding]:
    """The findings; of those about locked accounts each says where its failed sign-ins came from."""
    locked = {
        place: finding.data.identity.get("TargetUserName", "").casefold()
        for place, finding in enumerate(findings)
        if finding.rule == RULE and finding.bursts
    }
    told = list(findings)
    if not any(locked.values()):
        return told
    columns = [expression(field) for field in ("TargetUserName", *_FIELDS)]
    counts: dict[int, Counter[tuple[str, ...]]] = {place: Counter() for place in locked}
    for row in material.events.matching(_FAILED, columns):
        moment, account = parse_time(row[3]), str(row[4] or "").casefold()
        source = tuple("" if value in _NOTHING else str(value or "") for value in row[5:])
        for place, name in locked.items():
            bursts = findings[place].bursts
            if name != account or moment is None:
                continue
            near = bursts[0].first - BEFORE <= moment.timestamp() <= bursts[-1].last
            if near and (source in counts[place] or len(counts[place]) < MAX_COMBINATIONS):
                counts[place][source] += 1
    for place, sources in counts.items():
        if (sentence := _sentence(sources)) is not None:
            told[place] = replace(told[place], summary=joined([told[place].summary, sentence]))
    return told


def _sentence(sources: Counter[tuple[str, ...]]) -> Text | None:
    if not sources or not any(most := max(sources, key=lambda source: (sources[source], source))):
        return None
    process, address, computer = (shortened(legible(value), MAX_LENGTH) for value in most)
    named = [
        ("进程 ", "the process ", process),
        ("地址 ", "the address ", address),
        ("电脑 ", "the computer ", computer),
    ]
    zh = "、".join(f"{word}{value}" for word, _, value in named if value)
    en = ", ".join(f"{word}{value}" for _, word, value in named if value)
    total, often = sources.total(), sources[most]
    return text(
        f"此前一天到最后一次锁定之间，该账户登录失败（4625）{total:,} 次，其中 {often:,} 次来自{zh}。",
        f"From a day before to the last lock-out its sign-in failed {times(total)} (4625), "
        f"{often:,} of these from {en}.",
    )
