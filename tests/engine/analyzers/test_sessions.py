"""Who got in over remote desktop from an address that had guessed passwords there."""

from pathlib import Path

import pytest

from demo.evtx.writer import Event, UserData, write_log
from engine.analyzers.beside.sessions import with_entries
from engine.findings import Burst, Finding, Severity
from engine.text import text
from tests.engine.event_logs import moment, ordinary, read

SESSIONS = "Microsoft-Windows-TerminalServices-LocalSessionManager"
GUESSER = "203.0.113.77"


def session(seconds: float, user: str, address: str, number: int = 21) -> Event:
    told: dict[str, UserData | list[UserData]] = {
        "@xmlns": "Event_NS",
        "User": user,
        "SessionID": 3,
        "Address": address,
    }
    channel = f"{SESSIONS}/Operational"
    return Event(moment(seconds), SESSIONS, number, channel=channel, user_data={"EventXML": told})


def said(folder: Path, *events: Event) -> str:
    log = folder / "System.evtx"
    write_log(log, sorted([*ordinary(3), *events], key=lambda event: event.time))
    material, _ = read(log)
    (machine,) = material.machines.names
    guesses = (Burst(moment(1000).timestamp(), moment(2000).timestamp(), 700),)
    both = text("大量失败。", "Many failed.")
    values = {"IPString": GUESSER}
    found = Finding(
        "rdp-password-guessing",
        Severity.HIGH,
        both,
        both,
        both,
        (),
        "",
        computer=machine,
        bursts=guesses,
        values=values,
    )
    with material.events:
        (finding,) = with_entries([found], material)
    return str(finding.summary["en"])


def test_the_account_that_got_in_is_named_once_with_its_first_time(tmp_path: Path) -> None:
    first, again = session(2100, "PC-7\\scan01", GUESSER), session(9000, "PC-7\\scan01", GUESSER, 25)
    assert said(tmp_path, first, again) == (
        f"Many failed. From the first guess to a day after the last, sessions from {GUESSER} began for "
        "PC-7\\scan01 (at 2020-11-20 20:35:00) (Asia/Shanghai time; events 21, 25)."
    )


@pytest.mark.parametrize(
    "event",
    [
        session(2100, "PC-7\\worker", "192.0.2.9"),  # from elsewhere
        session(900, "PC-7\\worker", GUESSER),  # before the guesses
        session(2000 + 90_000, "PC-7\\worker", GUESSER),  # days later
        session(2100, "PC-7\\worker", GUESSER, 24),  # a session that ended
    ],
)
def test_other_sessions_are_not_told(tmp_path: Path, event: Event) -> None:
    assert said(tmp_path, event) == "Many failed."
