"""Very many failed sign-ins within minutes (4625): how many, of which accounts, from where, and whether
one of those addresses got in afterwards (4624).

Source: Microsoft, events 4624 and 4625 of the security auditing.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.analyzers.guessing import sentences as words
from engine.analyzers.guessing.sign_ins import FAILED, SUCCEEDED, sign_ins
from engine.conclusions import citing, log_gaps
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Burst, Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.schema.evidence import Evidence
from engine.schema.facts import Facts
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

NOBODY = "anonymous logon"
"""What Windows calls a network session without an account, which needs no password."""
_NOWHERE = frozenset({"", "-", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104  What an event says of no address.


@dataclass
class Failures:
    """One burst on one machine; times are seconds since 1970, ids those of the index; ``began`` is when each
    address failed first."""

    first: float
    last: float = 0.0
    count: int = 0
    dense: bool = False
    accounts: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    began: dict[str, float] = field(default_factory=dict)
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
        if address in self.addresses:
            self.began.setdefault(address, at)
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


@dataclass
class Successes:
    """Such sign-ins on one machine: ``many`` of all ``known`` ones, and the first of them."""

    known: int = 0
    many: int = 0
    first: list[Success] = field(default_factory=list)


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
    every = _bursts(material)
    successes = _successes(material, every)
    findings = tuple(
        _finding(material, machine, bursts, successes[machine]) for machine, bursts in sorted(every.items())
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
    for at, machine, (event, artifact, record), account, address in _signed(material, FAILED):
        bursts = every.setdefault(machine, [])
        if not bursts or at - bursts[-1].last > SECONDS:
            if bursts and not bursts[-1].dense:
                bursts.pop()
            bursts.append(Failures(at))
        bursts[-1].add(at, event, artifact, record, account, address)
    dense = {machine: [burst for burst in bursts if burst.dense] for machine, bursts in every.items()}
    return {machine: bursts for machine, bursts in dense.items() if bursts}


def _signed(material: Material, number: int) -> Iterator[tuple[float, str, tuple[int, str, int], str, str]]:
    """Time, machine, place, account and address of each sign-in of this event, oldest first."""
    for at, machine, place, values in sign_ins(material, number, ("TargetUserName", "IpAddress")):
        account, address = (legible(str(value or "")).casefold().removeprefix("::ffff:") for value in values)
        yield at, machine, place, account, address


def _successes(material: Material, every: Mapping[str, Sequence[Failures]]) -> dict[str, Successes]:
    """By machine the sign-ins afterwards from addresses of its bursts."""
    found = {machine: Successes() for machine in every}
    waiting = {machine: deque(bursts) for machine, bursts in every.items()}
    watched: dict[tuple[str, str], tuple[float, float]] = {}
    for at, machine, (event, _log, _record), account, address in (
        _signed(material, SUCCEEDED) if every else ()
    ):
        if machine not in every:
            continue
        mine, bursts = found[machine], waiting[machine]
        mine.known += 1
        while bursts and bursts[0].first <= at:
            burst = bursts.popleft()
            for failed, since in burst.began.items():
                before, until = watched.get((machine, failed), (since, since))
                since = before if since <= until else since
                watched[machine, failed] = since, burst.last + AFTERWARDS
        since, until = watched.get((machine, address), (0.0, 0.0))
        if since < at <= until and account != NOBODY:
            mine.many += 1
            if len(mine.first) < words.MAX_NAMED:
                moment = datetime.fromtimestamp(at, material.zone)
                mine.first.append(Success(moment, event, account, address))
    return found


def _finding(material: Material, machine: str, bursts: list[Failures], successes: Successes) -> Finding:
    worst = max(bursts, key=lambda burst: burst.count)
    ids = [*worst.earliest, *worst.latest, *(success.event for success in successes.first[:MAX_SUCCESSES])]
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
