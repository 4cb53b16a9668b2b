"""What no rule knows is told where it is new: in the words of the event, and as what nobody explains."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from demo.evtx.writer import Event, write_log
from engine.analyzers.unexplained import new_errors
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from tests.engine.event_logs import moment, ordinary, read

DAY = 86_400
INCIDENT = 25 * DAY


def month() -> list[Event]:
    """Something every six hours for 26 days."""
    return [event for hour in range(0, 26 * 24, 6) for event in ordinary(1, start=hour * 3600)]


def error(
    seconds: float, *values: str, provider: str = "ExampleApp", number: int = 17, level: int = 2
) -> Event:
    return Event(
        moment(seconds), provider, number, values or ("The store is locked.",), level=level, version=None
    )


def examined(folder: Path, events: Iterable[Event], incident: float | None = INCIDENT) -> Outcome:
    log = folder / "System.evtx"
    write_log(log, sorted(events, key=lambda event: event.time))
    material, _ = read(log)
    material.incident = None if incident is None else moment(incident)
    with material.events:
        return new_errors.examine(material)


def told(outcome: Outcome) -> list[Finding]:
    assert isinstance(outcome, Examined)
    return list(outcome.findings)


def test_an_error_that_was_not_there_before_is_told_in_its_own_words(tmp_path: Path) -> None:
    (finding,) = told(examined(tmp_path, [*month(), error(INCIDENT - 600)]))

    assert finding.rule == "new-error" and finding.severity is Severity.LOW
    assert finding.title["en"] == "ExampleApp reports a new error: The store is locked"
    assert finding.title["zh-hans"] == "ExampleApp 报告了此前没有的错误：The store is locked"
    assert "The portal has no rule for it and does not have its text" in finding.summary["en"]
    assert "In the 22 days of log before, it did not come at all." in finding.summary["en"]
    assert "本系统没有针对它的规则，也没有它的消息文本，因此不判断它的原因" in finding.summary["zh-hans"]
    assert "此前 22 天的日志里一次也没有" in finding.summary["zh-hans"]
    assert [evidence.locator.event_id for evidence in finding.evidence] == [17]


def test_what_comes_all_month_at_one_rate_is_background(tmp_path: Path) -> None:
    assert told(examined(tmp_path, [*month(), *(error(day * DAY + 60) for day in range(26))])) == []


def test_what_came_long_before_and_not_again_is_not_told(tmp_path: Path) -> None:
    assert told(examined(tmp_path, [*month(), error(12 * DAY)])) == []


def test_what_began_after_the_incident_is_not_told(tmp_path: Path) -> None:
    assert told(examined(tmp_path, [*month(), error(INCIDENT + 2 * 3600)])) == []


def test_what_grew_tenfold_is_told_as_seldom_before(tmp_path: Path) -> None:
    many = [error(INCIDENT - 3600 + 60 * place) for place in range(30)]

    (finding,) = told(examined(tmp_path, [*month(), error(5 * DAY), *many]))

    assert finding.title["en"] == "ExampleApp reports far more of this error: The store is locked (30 times)"
    assert finding.title["zh-hans"] == "ExampleApp 报告的错误明显增多：The store is locked（30 次）"
    assert "In the 22 days of log before, it came less than a tenth as often." in finding.summary["en"]


def test_what_began_ten_days_before_is_told_where_it_goes_on(tmp_path: Path) -> None:
    daily = [error(INCIDENT - day * DAY - 60) for day in range(11)]

    (finding,) = told(examined(tmp_path, [*month(), *daily]))

    assert "(11 times)" in finding.title["en"]


def test_a_warning_is_told_where_it_repeats(tmp_path: Path) -> None:
    once, thrice = ([error(INCIDENT - 60 * n, level=3) for n in range(many)] for many in (1, 3))

    assert told(examined(tmp_path, [*month(), *once])) == []
    (finding,) = told(examined(tmp_path, [*month(), *thrice]))
    assert finding.title["en"].startswith("ExampleApp reports a new warning:")


def test_an_event_that_a_rule_asks_for_is_left_to_it(tmp_path: Path) -> None:
    known = [
        error(INCIDENT - 60, "0x1", provider="disk", number=7),
        error(INCIDENT - 60, "Spooler", "1", provider="Service Control Manager", number=7034),
    ]
    assert told(examined(tmp_path, [*month(), *known])) == []


def _policy(seconds: float, code: int) -> Event:
    """Of event 1097 a rule asks for the code 1398 alone."""
    facts: dict[str, str | int] = {"SupportInfo1": 1, "ErrorCode": code, "ErrorDescription": "?"}
    return Event(moment(seconds), "Microsoft-Windows-GroupPolicy", 1097, facts, level=2)


def test_a_code_that_no_rule_asks_for_is_told_and_one_that_a_rule_told_is_not(tmp_path: Path) -> None:
    (finding,) = told(examined(tmp_path, [*month(), _policy(INCIDENT - 60, 1789)]))
    assert finding.title["en"].startswith("GroupPolicy reports a new error:")
    assert told(examined(tmp_path, [*month(), _policy(INCIDENT - 60, 1398)])) == []


def test_a_code_that_a_rule_excludes_is_decided(tmp_path: Path) -> None:
    facts: dict[str, str | int] = {
        "SupportInfo1": 1,
        "ErrorCode": 49,
    }  # policy-no-controller leaves it to another rule
    refused = Event(moment(INCIDENT - 60), "Microsoft-Windows-GroupPolicy", 1129, facts, level=2)
    assert told(examined(tmp_path, [*month(), refused])) == []


def test_one_source_is_one_finding_and_a_machine_has_three(tmp_path: Path) -> None:
    errors = [
        error(INCIDENT - 600 + 60 * source + number, provider=f"Source{source}", number=number)
        for source in range(5)
        for number in (1, 2)
    ]
    findings = told(examined(tmp_path, [*month(), *errors]))

    assert [finding.title["en"].split()[0] for finding in findings] == ["Source0", "Source1", "Source2"]
    assert (
        "Also new, or far more often, from the same source: event 2 (The store is locked)."
        in findings[0].summary["en"]
    )


def test_without_an_incident_the_newest_event_is_the_moment(tmp_path: Path) -> None:
    (finding,) = told(examined(tmp_path, [*month(), error(26 * DAY - 7200)], None))

    assert finding.title["en"] == "ExampleApp reports a new error: The store is locked"


def test_nothing_is_called_new_in_a_log_of_a_few_days(tmp_path: Path) -> None:
    few = [event for event in month() if event.time < moment(0) + timedelta(days=5)]

    outcome = examined(tmp_path, [*few, error(5 * DAY - 600)], 5 * DAY)

    assert isinstance(outcome, NotExamined)
    assert outcome.missing_input["en"].startswith("The logs hold less than ten days")


def test_a_log_of_few_records_was_silent_before_its_first(tmp_path: Path) -> None:
    write_log(tmp_path / "Vendor.evtx", [replace(error(INCIDENT - 60), channel="Vendor/Admin")])
    write_log(tmp_path / "System.evtx", month())
    material, _ = read(tmp_path / "System.evtx", tmp_path / "Vendor.evtx")
    material.incident = moment(INCIDENT)
    with material.events:
        (finding,) = told(new_errors.examine(material))

    assert "Event 17 in Vendor.evtx" in finding.summary["en"]


def test_a_log_of_few_records_without_its_first_tells_nothing_of_the_time_before(tmp_path: Path) -> None:
    cleared = error(INCIDENT - 60, provider="Vendor")
    write_log(tmp_path / "Vendor.evtx", [replace(cleared, channel="Vendor/Admin", record_id=40_000)])
    write_log(tmp_path / "System.evtx", [*month(), error(INCIDENT - 30)])
    material, _ = read(tmp_path / "System.evtx", tmp_path / "Vendor.evtx")
    material.incident = moment(INCIDENT)
    with material.events:
        (finding,) = told(new_errors.examine(material))

    assert "Event 17 in System.evtx" in finding.summary["en"]


def test_a_source_may_be_called_anything(tmp_path: Path) -> None:
    name = "O'Brien\"; DROP TABLE record --"

    (finding,) = told(examined(tmp_path, [*month(), error(INCIDENT - 60, provider=name)]))

    assert finding.title["en"].startswith("O'Brien\"; DROP TABLE record -- reports a new error:")


def test_what_another_machine_had_all_month_is_new_on_this_one(tmp_path: Path) -> None:
    others = [replace(error(day * DAY), computer="PC-2") for day in range(26)]

    (finding,) = told(examined(tmp_path, [*month(), *others, error(INCIDENT - 60)]))

    assert finding.computer != "PC-2" and finding.data.count == 1


def test_codes_in_the_values_are_put_into_words(tmp_path: Path) -> None:
    (finding,) = told(examined(tmp_path, [*month(), error(INCIDENT - 60, "Opening failed with 0x80070005")]))

    assert "0x80070005 (" in finding.title["en"] and "denied" in finding.title["en"]


def test_two_days_of_a_wrong_clock_long_ago_are_no_weeks_of_log(tmp_path: Path) -> None:
    wrong = [error(-4000 * DAY, provider="Other", number=1, level=4)]
    few = [event for event in month() if event.time >= moment(0) + timedelta(days=22)]

    assert isinstance(examined(tmp_path, [*wrong, *few, error(INCIDENT - 60)]), NotExamined)
