"""Accounts are told by name in messages, as far as the bundle's Security log bears name and SID."""

from pathlib import Path

import pytest

from engine.findings import Finding, Severity
from engine.index.event_index import EventIndex
from engine.messages import accounts
from engine.messages.accounts import MAX_ASKED, MAX_MISSED, Accounts
from engine.messages.describe import Sources
from engine.messages.reading import with_messages
from engine.schema.evidence import Evidence, Locator
from engine.text import text
from tests.engine import rule_examples

SID = "S-1-5-21-1111111111-2222222222-3333333333-1104"
TEXT = text("甲", "a")
SIGN_IN = {
    **rule_examples.event("Security", 4624, TargetUserSid=SID, TargetUserName="zhang.l"),
    "provider": "Microsoft-Windows-Security-Auditing",
}


def told(folder: Path, message: str) -> tuple[str, str]:
    with rule_examples.material(folder, [SIGN_IN]).events as events:
        both = Accounts(events).told(text(message, message))
    return both["zh-hans"], both["en"]


def test_a_sid_stands_behind_the_name_of_its_account(tmp_path: Path) -> None:
    assert told(tmp_path, f"User: {SID}.") == (f"User: zhang.l（{SID}）.", f"User: zhang.l ({SID}).")


@pytest.mark.parametrize(
    "message",
    [
        "User: S-1-5-21-1111111111-2222222222-3333333333-1105.",
        f"C:\\$Recycle.Bin\\{SID}-x",
        f"Zhang.L signed in: {SID}.",
        f"Somebody ({SID}) signed in.",
    ],
    ids=["not known", "a part of a name", "named anyway", "explained"],
)
def test_what_is_not_known_or_named_anyway_stays_as_it_is(tmp_path: Path, message: str) -> None:
    assert told(tmp_path, message) == (message, message)


def test_cited_events_are_told_so(tmp_path: Path) -> None:
    used = {**rule_examples.event("System", 9, at=5, Account=SID), "provider": "Acme"}
    with rule_examples.material(tmp_path, [SIGN_IN, used]).events as events:
        record = next(event for event in events.events() if event.event_id == 9)
        locator = Locator(record_id=record.record_id, event_id=9, provider="Acme", time=record.time)
        evidence = Evidence(rule_examples.LOG, "0" * 64, locator, "")
        finding = Finding("r", Severity.LOW, TEXT, TEXT, TEXT, (evidence,), "f")
        ((cited,),) = (found.evidence for found in with_messages([finding], events, Sources()))

    assert cited.message is not None and cited.message["en"].endswith(f"\nAccount: zhang.l ({SID})")


@pytest.mark.parametrize(("name", "most"), [(None, MAX_MISSED), ("mei", MAX_ASKED)])
def test_the_security_log_is_not_read_for_every_sid(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str | None, most: int
) -> None:
    asked: list[str] = []

    def account_of(events: EventIndex, sid: str) -> str | None:
        asked.append(sid)
        return name

    monkeypatch.setattr(accounts, "account_of", account_of)
    sids = [f"S-1-5-21-1-2-3-{number}" for number in range(1_000, 1_000 + MAX_ASKED + 5)]

    told(tmp_path, ", ".join(sids))

    assert asked == sids[:most]
