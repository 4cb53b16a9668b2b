"""Items of a request against what a first look saw."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from analysis.checks.matching import Item, Wanted, begins_later, verdict
from engine.parsers.evtx.span import LogSpan
from engine.unpacking.preview import Entry

SHA = "AB" * 32
AT = datetime(2020, 11, 24, 1, 1, tzinfo=UTC)


def entry(path: str, kind: str = "other", **facts: Any) -> Entry:
    return Entry(path, kind, 10, SHA, **facts)


def span(**facts: Any) -> LogSpan:
    whole = LogSpan(9, "2020-11-01T00:00:00Z", "2020-11-30T00:00:00Z", "System", "PC")
    return replace(whole, **facts)


def log(path: str = "System.evtx", **facts: Any) -> Entry:
    return entry(path, kind="evtx", log=span(**facts))


def asked(kind: str, detail: str, *entries: Entry, wanted: Wanted | None = None) -> tuple[Any, ...]:
    result = verdict(Item(1, kind, detail), entries, wanted or Wanted(at=AT))
    return result["arrived"], result["found"], result["flaws"]


def test_a_log_is_known_by_its_channel_and_not_by_its_name() -> None:
    assert asked("log", "System", log("系统日志.evtx")) == (True, "系统日志.evtx", [])
    assert asked("log", "Application", log("Application.evtx")) == (False, "", [])


@pytest.mark.parametrize(
    ("facts", "flaw"),
    [
        ({"records": 0, "first_time": None, "last_time": None, "channel": ""}, "empty"),
        ({"first_time": "2020-11-25T00:00:00Z"}, "starts-late"),
        ({"last_time": "2020-11-23T00:00:00Z"}, "ends-early"),
    ],
)
def test_a_log_that_cannot_hold_what_happened_has_not_arrived(facts: dict[str, Any], flaw: str) -> None:
    assert asked("log", "System", log(**facts)) == (False, "System.evtx", [flaw])


@pytest.mark.parametrize(
    ("at", "flaws"),
    [
        ("2020-10-31T23:59:59Z", ["starts-late"]),
        ("2020-11-01T00:00:00Z", []),
        ("2020-11-30T00:00:00Z", []),
        ("2020-11-30T00:00:01Z", ["ends-early"]),
    ],
)
def test_a_log_covers_the_very_moments_of_its_first_and_last_record(at: str, flaws: list[str]) -> None:
    assert asked("log", "System", log(), wanted=Wanted(at=datetime.fromisoformat(at)))[2] == flaws


@pytest.mark.parametrize(
    ("since", "until", "flaws"),
    [
        ("2020-10-01T00:00:00Z", "2020-10-31T23:59:59Z", ["outside"]),
        ("2020-10-01T00:00:00Z", "2020-11-01T00:00:00Z", []),
        ("2020-11-30T00:00:00Z", "2020-12-31T00:00:00Z", []),
        ("2020-11-30T00:00:01Z", "2020-12-31T00:00:00Z", ["outside"]),
    ],
)
def test_a_log_that_touches_the_period_is_not_outside_of_it(since: str, until: str, flaws: list[str]) -> None:
    period = Wanted(since=datetime.fromisoformat(since), until=datetime.fromisoformat(until))
    assert asked("log", "System", log(), wanted=period)[2] == flaws


@pytest.mark.parametrize(
    ("since", "channel", "later"),
    [
        ("2020-10-30T23:59:59Z", "System", True),
        ("2020-10-31T00:00:00Z", "System", False),
        ("2020-11-02T00:00:00Z", "System", False),
        ("2020-10-01T00:00:00Z", "Setup", False),
    ],
)
def test_a_log_begins_later_than_asked_for_when_it_lacks_more_than_a_day(
    since: str, channel: str, later: bool
) -> None:
    whole = span(channel=channel)
    assert begins_later(whole, Wanted(at=AT, since=datetime.fromisoformat(since))) is later
    assert not begins_later(whole, Wanted(at=AT))


def test_silence_in_a_quiet_log_is_no_flaw() -> None:
    channel = "Microsoft-Windows-CodeIntegrity/Operational"
    name = "Microsoft-Windows-CodeIntegrity%4Operational.evtx"
    assert asked("log", channel, log(name, channel=channel, last_time="2020-11-02T00:00:00Z"))[0]


def test_without_an_incident_the_period_counts() -> None:
    until = Wanted(since=datetime(2020, 12, 1, tzinfo=UTC))
    assert asked("log", "System", log(), wanted=until)[2] == ["outside"]
    assert asked("log", "System", log(), wanted=Wanted())[0]


def test_of_two_logs_the_better_one_counts() -> None:
    late = log("new/System.evtx", first_time="2020-11-25T00:00:00Z")
    assert asked("log", "System", late, log("old/System.evtx")) == (True, "old/System.evtx", [])


def test_the_file_of_last_time_is_not_what_is_asked_for_now() -> None:
    assert asked("log", "System", log(), wanted=Wanted(known={SHA: "logs.zip"}))[2] == ["same"]


def test_what_has_the_name_of_a_log_and_is_none_is_unreadable() -> None:
    assert asked("log", "System", entry("System.evtx", mistaken=True)) == (
        False,
        "System.evtx",
        ["unreadable"],
    )


@pytest.mark.parametrize(
    ("path", "captured", "there"),
    [
        (r"C:\Program Files\A\a.exe", r"c:\program files\a\A.EXE", True),
        (r"C:\Program Files\A\a.exe", r"D:\a.exe", False),
        (r"%ProgramFiles%\A\a.exe", r"C:\Program Files\A\a.exe", True),
        ("a.exe", r"C:\Program Files\A\a.exe", True),
        (r"C:\a.exe", r"C:\ba.exe", False),
    ],
)
def test_a_hash_is_of_the_file_that_was_named(path: str, captured: str, there: bool) -> None:
    assert asked("hash", path, entry("hash.txt", kind="capture", states=[captured]))[0] is there


def test_the_file_itself_is_as_good_as_its_hash() -> None:
    assert asked("hash", r"C:\A\a.exe", entry("Files/A.exe"))[0]


@pytest.mark.parametrize(
    ("kind", "name", "there"),
    [
        ("dump", "Minidump/112420-1.dmp", True),
        ("dump", "dump.txt", False),
        ("msinfo", "PC.NFO", True),
        ("msinfo", "System/msinfo.txt", True),
        ("msinfo", "info.txt", False),
        ("picture", "IMG_1.HEIC", True),
        ("picture", "a.txt", False),
        ("other", "anything.txt", False),
    ],
)
def test_the_other_kinds_are_known_by_their_names(kind: str, name: str, there: bool) -> None:
    form = kind if kind in {"dump", "picture"} else ""
    assert asked(kind, "", entry(name, form=form))[0] is there


@pytest.mark.parametrize(
    ("kind", "name", "form", "flaw"),
    [
        ("picture", "a.jpg", "document", "unreadable"),
        ("picture", "a.jpg", "", "unreadable"),
        ("picture", "a.jpg", "empty", "empty-file"),
        ("dump", "MEMORY.DMP", "zeros", "unreadable"),
        ("msinfo", "info.nfo", "empty", "empty-file"),
        ("file", "tool.log", "empty", "empty-file"),
    ],
)
def test_the_right_name_is_not_enough(kind: str, name: str, form: str, flaw: str) -> None:
    name = "MSINFO.NFO" if kind == "msinfo" else name
    assert asked(kind, name, entry(name, form=form)) == (False, name, [flaw])
