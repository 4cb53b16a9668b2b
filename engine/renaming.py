"""Which names of computers are one machine's, by what the event log itself tells.

Windows says so (EventLog 6011); or the record numbers of one log go on from one name to the next, as only
one machine writes a log; or accounts of the machine itself have the same machine SID under both names,
which then were not in use at the same time: machines copied from one image share it, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from engine.index.event_index import EventIndex
from engine.index.names import NameInLog, computers_of, names_in_logs, payloads, spans_of_computers
from engine.index.values import seconds_back
from engine.text import Text, text

MAX_NAMES_IN_LOG = 20
"""A log of more names was collected from many machines."""
MAX_OVERLAP = 0.05
"""Of the records of two names, those that still bear the old one while the machine takes the new."""
MAX_BACK = timedelta(days=1)
"""A clock may be set with the name."""

SECURITY = "Microsoft-Windows-Security-Auditing"
LOCAL_ACCOUNTS = (4624, 4648, 4672, 4720, 4722, 4725, 4738, 4798, 4634)
"""Events that name accounts with their SID and the domain or machine that keeps them."""
MAX_EVENTS_OF_NAME = 400
MAX_ASKED = 1_000
"""Machines whose accounts are looked at, the earliest first."""
_ACCOUNTS = (
    ("SubjectUserSid", "SubjectDomainName"),
    ("TargetUserSid", "TargetDomainName"),
    ("TargetSid", "TargetDomainName"),
)


class Why(StrEnum):
    """By what two names are known to be one machine's."""

    DOMAIN = "domain"
    EVENT = "event"
    NUMBERS = "numbers"
    SID = "sid"


REASONS: dict[Why, Text] = {
    Why.DOMAIN: text("名称只差所在的域", "the names differ by the domain alone"),
    Why.EVENT: text("事件 6011 记录了改名", "event 6011 tells of the renaming"),
    Why.NUMBERS: text(
        "同一日志的记录编号由前一名称延续到后一名称",
        "the record numbers of one log go on from one name to the next",
    ),
    Why.SID: text("计算机 SID 相同", "the machine SID is the same"),
}


@dataclass(frozen=True)
class Renaming:
    """A machine's older name, a later one, and how that is known."""

    old: str
    new: str
    why: Why


def folded(computer: str) -> str:
    """A name by which spellings compare: without case and without the dot that ends a full name."""
    return computer.rstrip(".").casefold()


def short(computer: str) -> str:
    """The name without its domain."""
    return folded(computer).partition(".")[0]


def renamings(events: EventIndex) -> list[Renaming]:
    """What the events tell of renamed machines."""
    found = list(_told(events))
    found += _numbered_on(names_in_logs(events))
    found += _by_sid(events)
    return found


def _told(events: EventIndex) -> Iterator[Renaming]:
    for event in events.events(provider="EventLog", event_id=6011):
        match event.data.get("Data"):
            case [str() as old, str() as new, *_]:
                yield Renaming(old, new, Why.EVENT)


def _numbered_on(names: Iterable[NameInLog]) -> Iterator[Renaming]:
    together: dict[tuple[str, str], dict[str, NameInLog]] = {}
    for name in names:
        spellings = together.setdefault((name.artifact, name.channel), {})
        key = folded(name.computer)
        spellings[key] = name if key not in spellings else spellings[key].joined(name)
    for (artifact, _channel), spellings in together.items():
        file = artifact.rpartition("/")[2].casefold()
        if file.startswith("forwardedevents") or len(spellings) > MAX_NAMES_IN_LOG:
            continue
        ordered = sorted(spellings.values(), key=lambda name: name.first)
        for before, after in pairwise(ordered):
            if _goes_on(before, after):
                yield Renaming(before.computer, after.computer, Why.NUMBERS)


def _goes_on(before: NameInLog, after: NameInLog) -> bool:
    overlap = before.last - after.first + 1
    records = before.records + after.records
    if overlap > MAX_OVERLAP * records or before.last >= after.last:
        return False
    if overlap <= 0 and seconds_back(before.last_time, after.first_time) > MAX_BACK.total_seconds():
        return False
    if overlap > 0 and after.last - before.first + 1 != records:
        return False  # Numbers that come twice, or leap: two logs.
    return overlap >= 0 or short(before.computer) == short(after.computer)


def _by_sid(events: EventIndex) -> Iterator[Renaming]:
    spans = spans_of_computers(events)
    machines: dict[str, list[str]] = {}
    # Each asks for its own: a hostile log names another machine in every record.
    bearers = spans.keys() & computers_of(events, SECURITY, LOCAL_ACCOUNTS)
    for computer in sorted(bearers, key=lambda name: (spans[name], name))[:MAX_ASKED]:
        for sid in _machine_sids(events, computer):
            machines.setdefault(sid, []).append(computer)
    for names in machines.values():
        for before, after in pairwise(names):
            if folded(before) != folded(after) and spans[before][1] <= spans[after][0]:
                yield Renaming(before, after, Why.SID)


def _machine_sids(events: EventIndex, computer: str) -> set[str]:
    sids: set[str] = set()
    for data in payloads(events, SECURITY, LOCAL_ACCOUNTS, computer, MAX_EVENTS_OF_NAME):
        for sid_field, domain_field in _ACCOUNTS:
            sid, domain = str(data.get(sid_field) or ""), str(data.get(domain_field) or "")
            if domain and domain.casefold() == short(computer) and sid.startswith("S-1-5-21-"):
                sids.add(sid.rpartition("-")[0])
    return sids
