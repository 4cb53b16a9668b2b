"""What was changed on a machine shortly before a trouble of it began: updates, drivers, programs, services.

That it came before makes it no cause, and the sentence says so. What is changed every other day is none of
it. Source: Microsoft, events 19 (Windows Update), 2 (Servicing), 20003 (UserPnp), 7040 and 7045 (services),
1033 and 1034 (Windows Installer), 316 (printing), 1502 and 1503 (group policy).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final, NamedTuple

from engine.findings import Finding, Severity
from engine.material import Material
from engine.phrases import clock, joined
from engine.rules.columns import expression
from engine.service_control import parse_time
from engine.text import Text, text
from engine.text_safety import legible, shortened

HOURS: Final = 48
EVERYDAY: Final = 3
"""On so many days of the log a change of one name is nothing that a trouble began with."""
MIN_EVENTS: Final = 2
MAX_FINDINGS: Final = 5
MAX_TOLD: Final = 3
MAX_READ: Final = 20_000
MAX_NAME: Final = 90
_OWN_MATTER = frozenset({"tampering", "truth", "security"})
"""Topics that are no trouble of the machine."""
_DEFINITIONS = ("kb2267602", "security intelligence", "安全智能", "definition update", "定义更新")


class Kind(NamedTuple):
    """Events that tell a change: the condition that they fulfil, the fields of its name and of more about it,
    and what is said, with ``{}`` for these."""

    where: str
    name: str
    more: str
    zh: str
    en: str


def _of(provider: str, *numbers: int) -> str:
    return f"provider = '{provider}' COLLATE NOCASE AND event_id IN ({', '.join(map(str, numbers))})"


_DONE = f"{expression('Data4')} IN ('0', 0)"
KINDS: Final = (
    Kind(
        _of("Microsoft-Windows-WindowsUpdateClient", 19),
        "updateTitle",
        "",
        "安装了更新{}",
        "the update {} was installed",
    ),
    Kind(
        _of("Microsoft-Windows-Servicing", 2),
        "PackageIdentifier",
        "IntendedPackageState",
        "更新包状态改变：{}",
        "the state of the update package {} was changed",
    ),
    Kind(
        _of("Microsoft-Windows-UserPnp", 20003),
        "ServiceName",
        "DriverFileName",
        "添加了驱动程序{}",
        "the driver {} was added",
    ),
    Kind(
        _of("Service Control Manager", 7045),
        "ServiceName",
        "ImagePath",
        "安装了服务或驱动程序{}",
        "the service or driver {} was installed",
    ),
    Kind(
        _of("Service Control Manager", 7040),
        "param1",
        "param3",
        "更改了服务{}的启动类型",
        "the start type of the service {} was changed",
    ),
    Kind(
        f"{_of('MsiInstaller', 1033)} AND {_DONE}",
        "Data1",
        "Data2",
        "安装了程序{}",
        "the program {} was installed",
    ),
    Kind(
        f"{_of('MsiInstaller', 1034)} AND {_DONE}",
        "Data1",
        "Data2",
        "卸载了程序{}",
        "the program {} was removed",
    ),
    Kind(
        _of("Microsoft-Windows-PrintService", 316),
        "param1",
        "param4",
        "添加了打印机驱动程序{}",
        "the printer driver {} was added",
    ),
    Kind(
        _of("Microsoft-Windows-GroupPolicy", 1502, 1503),
        "",
        "",
        "应用了新的组策略设置",
        "new settings of group policy were applied",
    ),
)


@dataclass(frozen=True, order=True)
class Change:
    """``at`` in seconds since 1970; ``kind`` is the place among ``KINDS``."""

    at: float
    machine: str
    kind: int
    name: str
    more: str


def with_changes(findings: Sequence[Finding], topics: Mapping[str, str], material: Material) -> list[Finding]:
    """The findings in their order; the first of those that came more than once say what changed before."""
    asked = [place for place, finding in enumerate(findings) if _may_begin_so(finding, topics)][:MAX_FINDINGS]
    told = list(findings)
    if asked:
        known = changes(material)
        for place in asked:
            sentence = _sentence(told[place], known, material)
            if sentence is not None:
                told[place] = replace(told[place], summary=joined([told[place].summary, sentence]))
    return told


def changes(material: Material) -> list[Change]:
    """All that the logs tell, oldest first, without what is changed every other day."""
    every: set[Change] = set()
    for number, kind in enumerate(KINDS):
        columns = ["computer", *(expression(field) if field else "''" for field in (kind.name, kind.more))]
        for row in islice(material.events.matching(kind.where, columns), MAX_READ):
            moment, name = parse_time(row[3]), legible(str(row[5] or "").strip())
            if moment is None or (kind.name and not name) or _is_definition(name):
                continue
            more = legible(str(row[6] or "").strip())
            every.add(Change(moment.timestamp(), material.machines.of(row[4]), number, name, more))
    days: dict[tuple[str, int, str], set[int]] = {}
    for change in every:
        days.setdefault(_thing(change), set()).add(int(change.at // 86_400))
    return sorted(change for change in every if len(days[_thing(change)]) < EVERYDAY)


def _thing(change: Change) -> tuple[str, int, str]:
    return change.machine, change.kind, change.name.casefold()


def _is_definition(name: str) -> bool:
    return any(word in name.casefold() for word in _DEFINITIONS)


def _may_begin_so(finding: Finding, topics: Mapping[str, str]) -> bool:
    often = sum(burst.events for burst in finding.bursts) >= MIN_EVENTS
    return often and finding.severity is not Severity.INFO and topics.get(finding.rule, "") not in _OWN_MATTER


def _sentence(finding: Finding, known: Sequence[Change], material: Material) -> Text | None:
    """``None`` where nothing changed, what did is told already, or nobody knows when it first appeared."""
    begin = min(burst.first for burst in finding.bursts)
    if not _was_silent_before(finding, begin, material):
        return None
    said = f"{finding.title['en']} {finding.summary['en']}".casefold()
    before = [
        change
        for change in reversed(known)
        if change.machine == finding.computer and begin - HOURS * 3600 <= change.at < begin
    ]
    news = [change for change in before if not change.name or change.name.casefold() not in said]
    if not news:
        return None
    zh = "；".join(_told(change, material, 0) for change in news[:MAX_TOLD])
    en = "; ".join(_told(change, material, 1) for change in news[:MAX_TOLD])
    if len(news) > MAX_TOLD:
        zh, en = f"{zh}；共 {len(news):,} 项", f"{en}; {len(news):,} changes in all"
    return text(
        f"在第一次出现前的 {HOURS} 小时内，本机有过变动：{zh}。时间在前不等于就是原因，请核对。",
        f"In the {HOURS} hours before it first appeared the machine was changed: {en}. What came before "
        "need not be the cause; please check it.",
    )


def _was_silent_before(finding: Finding, begin: float, material: Material) -> bool:
    """Whether a log that tells of it reaches back so far; what was there all along begins with its log."""
    cited = {piece.artifact for piece in finding.evidence}
    firsts = (parse_time(log.first_time) for log in material.logs if log.artifact in cited)
    return any(first and first.timestamp() <= begin - HOURS * 3600 for first in firsts)


def _told(change: Change, material: Material, language: int) -> str:
    kind = KINDS[change.kind]
    when = clock(datetime.fromtimestamp(change.at, UTC), material.zone)[:16]
    name = f"“{shortened(change.name, MAX_NAME)}”"
    if change.more:
        more = shortened(change.more, MAX_NAME)
        name += f" ({more})" if language else f"（{more}）"
    return f"{when} {(kind.en if language else kind.zh).format(name)}"
