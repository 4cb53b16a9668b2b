"""Very many failed sign-ins within minutes (4625): how many, of which accounts, from where, and whether
one of those addresses got in afterwards (4624).

Source: Microsoft, events 4624 and 4625 of the security auditing.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from engine.analyzers.guessing import sentences as words
from engine.conclusions import citing, log_gaps
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Burst, Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.rules.columns import expression
from engine.schema.evidence import Evidence
from engine.schema.facts import Facts
from engine.service_control import parse_time
from engine.text import text
from engine.text_safety import legible

RULE = "password-guessing"
CHANNEL = "Security"
MANY, SECONDS = 100, 600.0
"""So many failures within so many seconds are nobody's own mistakes; a longer pause ends a burst."""
AFTERWARDS = 86_400.0
"""Seconds after a burst in which a sign-in from its addresses is told."""
MAX_DISTINCT = 5_000
MAX_EVIDENCE = 8
MAX_SUCCESSES = 3

_OF = "provider = 'Microsoft-Windows-Security-Auditing' AND event_id = {}"
_NOWHERE = frozenset({"", "-", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104  What an event says of no address.


@dataclass
class Failures:
    """One burst on one machine; times are seconds since 1970, ids those of the index."""

    first: float
    last: float = 0.0
    count: int = 0
    dense: bool = False
    accounts: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    logs: dict[str, list[int]] = field(default_factory=dict)
    earliest: list[int] = field(default_factory=list)
    latest: deque[int] = field(default_factory=lambda: deque(maxlen=MAX_EVIDENCE // 2))
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=MANY))

    def add(self, at: float, event: int, artifact: str, record: int, account: str, address: str) -> None:
        """One more."""
        self.last, self.count = at, self.count + 1
        self.recent.append(at)
        self.dense = self.dense or (len(self.recent) == MANY and at - self.recent[0] <= SECONDS)
        for counts, name in ((self.accounts, account), (self.addresses, address)):
            if name not in _NOWHERE and (name in counts or len(counts) < MAX_DISTINCT):
                counts[name] += 1
        span = self.logs.setdefault(artifact, [record, record])
        span[:] = min(span[0], record), max(span[1], record)
        if len(self.earliest) < MAX_EVIDENCE // 2:
            self.earliest.append(event)
        else:
            self.latest.append(event)


@dataclass(frozen=True)
class Success:
    """A sign-in from an address that had failed before."""

    at: datetime
    event: int
    account: str
    address: str


def examine(material: Material) -> Outcome:
    """One finding a machine. Needs a log of the channel ``Security``."""
    logs = material.events.logs_of([CHANNEL])
    if not logs:
        return NotExamined(
            text(
                "材料中没有可读取的安全日志（Security.evtx）。",
                "The bundle holds no readable Security log (Security.evtx).",
            )
        )
    findings = tuple(
        _finding(material, machine, bursts) for machine, bursts in sorted(_bursts(material).items())
    )
    facts = [log for log in material.logs if log.artifact in logs]
    return Examined(
        findings,
        records=sum(log.records for log in facts),
        unreadable=sum(log.unreadable for log in facts),
    )


def _bursts(material: Material) -> dict[str, list[Failures]]:
    """The dense bursts of each machine, oldest first."""
    every: dict[str, list[Failures]] = {}
    for at, event, artifact, record, machine, account, address in _signed(material, 4625):
        bursts = every.setdefault(machine, [])
        if not bursts or at - bursts[-1].last > SECONDS:
            if bursts and not bursts[-1].dense:
                bursts.pop()
            bursts.append(Failures(at))
        bursts[-1].add(at, event, artifact, record, account, address)
    dense = {machine: [burst for burst in bursts if burst.dense] for machine, bursts in every.items()}
    return {machine: bursts for machine, bursts in dense.items() if bursts}


def _signed(material: Material, number: int) -> Iterator[tuple[float, int, str, int, str, str, str]]:
    """Time, id, log, record, machine, account and address of each sign-in of this event, oldest first."""
    columns = ["computer", expression("TargetUserName"), expression("IpAddress")]
    moment, seen = "", set[tuple[int, str]]()
    for event, artifact, record, time, computer, account, address in material.events.matching(
        _OF.format(number), columns
    ):
        if artifact in material.doubles or (parsed := parse_time(time)) is None:
            continue
        if time != moment:
            moment, seen = time, set()
        machine = material.machines.of(computer)
        if (record, machine) in seen:
            continue  # Two exports of one log have it.
        seen.add((record, machine))
        names = (legible(str(name or "")).casefold().removeprefix("::ffff:") for name in (account, address))
        yield parsed.timestamp(), event, artifact, record, machine, *names


def _successes(material: Material, machine: str, bursts: list[Failures]) -> tuple[list[Success], int]:
    """Sign-ins afterwards from addresses of the bursts, and how many sign-ins the logs know at all."""
    found, known = [], 0
    for at, event, _artifact, _record, where, account, address in _signed(material, 4624):
        if where != machine:
            continue
        known += 1
        if any(
            address in burst.addresses and burst.first <= at <= burst.last + AFTERWARDS for burst in bursts
        ):
            moment = datetime.fromtimestamp(at, material.zone)
            found.append(Success(moment, event, account, address))
    return found, known


def _finding(material: Material, machine: str, bursts: list[Failures]) -> Finding:
    worst = max(bursts, key=lambda burst: burst.count)
    successes, known = _successes(material, machine, bursts)
    ids = [*worst.earliest, *worst.latest, *(success.event for success in successes[:MAX_SUCCESSES])]
    events = material.events.records(ids)
    readings = {
        log.artifact: material.reread(
            material.artifact(log.artifact).file,
            log.chunks,
            [event for event in events if event.artifact == log.artifact],
        )
        for log in material.logs
        if any(event.artifact == log.artifact for event in events)
    }
    accounts, addresses = Counter[str](), Counter[str]()
    for burst in bursts:
        accounts += burst.accounts
        addresses += burst.addresses
    story = words.Story(
        bursts,
        accounts,
        addresses,
        successes,
        known,
        material.zone,
        machine if material.machines.several else "",
    )
    (log, span), *_ = worst.logs.items()
    facts = next(facts for facts in material.logs if facts.artifact == log)
    here = [event for event in events if event.artifact == log]
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        title=words.title(story),
        summary=words.summary(story),
        advice=words.advice(),
        evidence=tuple(
            Evidence(
                event.artifact,
                material.artifact(event.artifact).sha256,
                citing.locator(event, readings[event.artifact]),
                citing.excerpt(event, event.data),
            )
            for event in events
        ),
        fingerprint=fingerprint(RULE),
        data=Facts(
            count=sum(burst.count for burst in bursts),
            event_ids=[4625],
            first_time=words.utc(bursts[0].first),
            last_time=words.utc(bursts[-1].last),
            evidence_shown=len(events),
            meaning=words.meaning(story),
        ),
        gaps=log_gaps.gaps(
            facts,
            (span[0], span[1]),
            citing.verdicts(here, readings[log]),
            text("登录失败", "failed sign-ins"),
            citing.differences(here, readings[log]),
        ),
        computer=machine,
        bursts=tuple(Burst(burst.first, burst.last, burst.count) for burst in bursts),
        values={"TargetUserName": "\n".join(accounts), "IpAddress": "\n".join(addresses)},
    )
