"""Where the wrong passwords came from that locked an account: its failed sign-ins (4625) before the lock-out.

Event 4740 names the account and at best a computer; the process and the address stand in 4625 alone.
Source: Microsoft, events 4625 and 4740 of the security auditing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Final

from engine.analyzers.guessing.sign_ins import FAILED, sign_ins
from engine.findings import Finding
from engine.material import Material
from engine.phrases import joined, times
from engine.text import Text, text
from engine.text_safety import legible, shortened

RULE: Final = "account-locked"
BEFORE: Final = 86_400.0
"""Seconds before the first lock-out in which a failed sign-in is told."""
MAX_COMBINATIONS: Final = 5_000
MAX_LENGTH: Final = 100
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
    places: dict[str, list[int]] = {}
    for place, name in filter(itemgetter(1), locked.items()):
        places.setdefault(name, []).append(place)
    counts: dict[int, Counter[tuple[str, ...]]] = {place: Counter() for place in locked}
    fields = ("TargetUserName", "TargetDomainName", *_FIELDS)
    for at, machine, _place, (account, domain, *values) in sign_ins(material, FAILED, fields):
        for place in places.get(str(account or "").casefold(), ()):
            if machine != findings[place].computer and _is_local(str(domain or ""), machine):
                continue
            bursts, sources = findings[place].bursts, counts[place]
            source = tuple("" if value in _NOTHING else str(value or "") for value in values)
            near = bursts[0].first - BEFORE <= at <= bursts[-1].last
            if near and (source in sources or len(sources) < MAX_COMBINATIONS):
                sources[source] += 1
    for place, sources in counts.items():
        if (sentence := _sentence(sources)) is not None:
            told[place] = replace(told[place], summary=joined([told[place].summary, sentence]))
    return told


def _is_local(domain: str, machine: str) -> bool:
    """Whether it is an account of that machine alone: each has its own “administrator”."""
    return domain.casefold() in {*_NOTHING, ".", machine.partition(".")[0].casefold()}


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
