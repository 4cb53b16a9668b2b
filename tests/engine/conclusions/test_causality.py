"""A cause stands before what it brings about; what was over long before the trouble is background."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter

import pytest

from engine.conclusions.causality import causes_first, explained, links, with_causes
from engine.conclusions.one_offs import faded
from engine.findings import Burst, Finding, Severity
from engine.registry import ANALYZERS, rule_analyzers
from engine.schema.facts import Facts
from engine.text import text

NOON = datetime(2026, 3, 26, 4, 0, tzinfo=UTC)
HOUR, DAY = 3600.0, 86_400.0


def finding(
    rule: str,
    *at: float,
    severity: Severity = Severity.MEDIUM,
    lasts: float = 0,
    events: int = 1,
    computer: str = "PC-7",
) -> Finding:
    """With a burst at each of these seconds from noon."""
    noon, said = NOON.timestamp(), text(f"{rule}。", f"{rule}.")
    bursts = tuple(Burst(noon + each, noon + each + lasts, events) for each in at)
    return Finding(rule, severity, said, said, said, (), "", computer=computer, bursts=bursts)


def told(*findings: Finding) -> list[str]:
    return [findings[place].rule for place in causes_first(range(len(findings)), explained(findings))]


def test_the_crash_of_a_program_stands_before_the_end_of_its_service_however_grave() -> None:
    stopped = finding("service-terminated-unexpectedly", 2, 62, 122, severity=Severity.HIGH)
    crashed = finding("application-crash", 0, 60, 120)
    assert told(stopped, crashed) == ["application-crash", "service-terminated-unexpectedly"]


def test_a_failed_supply_stands_before_the_restarts_of_the_next_days() -> None:
    restarts = finding("unexpected-restart", DAY, 2 * DAY, severity=Severity.HIGH)
    assert told(restarts, finding("power-supply-failed", 0)) == ["power-supply-failed", "unexpected-restart"]


def test_the_reason_of_security_settings_stands_before_the_extension_that_failed_with_it() -> None:
    extension, reason = finding("policy-extension-failed", 1), finding("security-policy-failed", 0)
    assert told(extension, reason) == ["security-policy-failed", "policy-extension-failed"]


def test_a_crash_of_another_hour_explains_no_end_of_a_service() -> None:
    stopped = finding("service-terminated-unexpectedly", 2, 62, severity=Severity.HIGH)
    assert told(stopped, finding("application-crash", -2 * HOUR)) == [
        "service-terminated-unexpectedly",
        "application-crash",
    ]


def test_what_happened_before_its_cause_is_not_explained_by_it() -> None:
    crashed, pulled = finding("application-hang", -HOUR), finding("disk-surprise-removed", 0)
    assert told(crashed, pulled) == ["application-hang", "disk-surprise-removed"]


def test_one_that_mostly_happened_without_the_cause_is_not_explained() -> None:
    hangs = finding("application-hang", -3 * HOUR, -2 * HOUR, 10)
    assert told(hangs, finding("storage-reset", 0)) == ["application-hang", "storage-reset"]


def test_nothing_on_another_machine_is_a_cause() -> None:
    stopped = finding("service-terminated-unexpectedly", 2)
    assert told(stopped, finding("application-crash", 0, computer="PC-8"))[0] == stopped.rule


def test_causes_of_causes_stand_first() -> None:
    names, lease, link = finding("dns-timeouts", 40), finding("dhcp-no-address", 20), finding("link-lost", 0)
    domain = finding("no-domain-controller", 60, severity=Severity.HIGH)
    assert told(domain, names, lease, link) == [
        "link-lost",
        "dhcp-no-address",
        "dns-timeouts",
        "no-domain-controller",
    ]


def test_a_changed_file_stands_before_the_crash_of_the_program_of_that_name() -> None:
    crashed = replace(
        finding("application-crash", 0), title=text("程序 licsrv.exe 崩溃", "The program licsrv.exe crashed")
    )
    changed = replace(finding("file-state-changed", computer=""), data=Facts(file="LicSrv.exe"))
    other = replace(changed, data=Facts(file="viewer.exe"))
    assert told(crashed, changed) == ["file-state-changed", "application-crash"]
    assert told(crashed, other) == ["application-crash", "file-state-changed"]


def test_the_rest_keeps_its_order() -> None:
    others = [finding(name, 0) for name in ("slow-boot", "print-job-failed", "account-locked")]
    stopped, crashed = finding("service-terminated-unexpectedly", 2), finding("application-crash", 0)
    assert told(others[0], stopped, others[1], crashed, others[2]) == [
        "slow-boot",
        "application-crash",
        "service-terminated-unexpectedly",
        "print-job-failed",
        "account-locked",
    ]


def test_every_rule_that_is_named_is_there_and_nothing_brings_itself_about() -> None:
    known = {analyzer.rule for analyzer in (*ANALYZERS, *rule_analyzers())}
    assert {rule for pair in links() for rule in pair} <= known
    after: dict[str, set[str]] = {}
    for cause, consequence in links():
        after.setdefault(cause, set()).add(consequence)
    TopologicalSorter(after).prepare()  # raises CycleError with the circle


def _faded(one: Finding, topic: str = "applications", incident: datetime | None = NOON) -> Finding:
    return faded(one, topic, incident, NOON)


def test_what_came_once_a_week_before_the_incident_is_information_and_says_why() -> None:
    once = _faded(finding("application-crash", -8 * DAY))
    assert once.severity is Severity.INFO
    assert once.summary["en"].endswith(
        "It did not come again in the 8 days until the incident; probably it has nothing to do with it."
    )
    assert once.summary["zh-hans"].endswith("此后到案发的 8 天里没有再出现，很可能与本次问题无关。")
    assert _faded(finding("bugcheck", -8 * DAY, severity=Severity.HIGH), "boot").severity is Severity.LOW


def test_where_the_incident_is_not_known_the_end_of_the_log_counts_and_it_takes_longer() -> None:
    assert _faded(finding("application-crash", -8 * DAY), incident=None).severity is Severity.MEDIUM
    once = _faded(finding("application-crash", -15 * DAY), incident=None)
    assert once.severity is Severity.INFO and "until the log ends" in once.summary["en"]


def test_what_no_log_holds_is_not_said_of_the_time_up_to_the_incident() -> None:
    later = NOON + timedelta(days=30)
    assert _faded(finding("application-crash", -2 * DAY), incident=later).severity is Severity.MEDIUM
    once = _faded(finding("application-crash", -8 * DAY), incident=later)
    assert "It did not come again in the 8 days until the log ends" in once.summary["en"]


@pytest.mark.parametrize(
    ("one", "topic"),
    [
        pytest.param(finding("application-crash", -2 * DAY), "applications", id="lately"),
        pytest.param(finding("application-crash", -9 * DAY, 2 * DAY), "applications", id="again later"),
        pytest.param(finding("update-failed", -12 * DAY, -11 * DAY, -10 * DAY), "updates", id="often"),
        pytest.param(finding("update-failed", -9 * DAY, events=40), "updates", id="many at once"),
        pytest.param(finding("disk-bad-block", -20 * DAY), "storage", id="a disk stays as it is"),
        pytest.param(finding("defender-threat", -20 * DAY), "antivirus", id="so does a threat"),
        pytest.param(finding("file-tampered"), "services", id="without a time"),
        pytest.param(finding("some-sigma-rule", -20 * DAY), "", id="a rule of somebody else"),
    ],
)
def test_all_else_weighs_what_it_weighed(one: Finding, topic: str) -> None:
    assert _faded(one, topic) == one


def _service(rule: str, **fields: str) -> Finding:
    values = {"Provider_Name": "Service Control Manager", **fields}
    return replace(finding(rule, 30, 630, severity=Severity.HIGH), values=values)


def _wrote(provider: str, said: str, *at: float) -> Finding:
    return replace(
        finding("new-error", *at, severity=Severity.LOW), values={"Provider_Name": provider, "Data1": said}
    )


LATE = _service("service-start-timeout", ServiceKey="MeasureServer", param2="Measure Server")


@pytest.mark.parametrize(
    "said", ["MeasureServer.exe - System Error", "measureserver", "Der Dienst Measure Server findet nichts"]
)
def test_what_names_a_service_just_before_it_fails_stands_before_the_failure(said: str) -> None:
    assert told(LATE, _wrote("Measure", said, 0, 600)) == ["new-error", "service-start-timeout"]


def test_the_failure_of_a_service_says_what_was_written_of_it_just_before() -> None:
    found = [LATE, _wrote("Measure", "MeasureServer.exe - System Error", 0, 600)]
    late, wrote = with_causes(found, explained(found))
    assert late.summary["en"].endswith("Within a minute of it there was “new-error.”; see that first.")
    assert late.summary["zh-hans"].endswith("前后一分钟内还有“new-error。”，请先看那一条。")
    assert wrote == found[1]


@pytest.mark.parametrize(
    ("said", "provider", "seconds"),
    [
        ("MeasureServer2.exe - System Error", "Measure", 0),  # another program
        ("MeasureServer.exe", "Measure", -120),  # too early
        ("MeasureServer.exe", "Service Control Manager", 0),  # the same failure in other words
    ],
)
def test_what_names_another_program_or_came_at_another_time_does_not(
    said: str, provider: str, seconds: float
) -> None:
    assert told(LATE, _wrote(provider, said, seconds, seconds + 600))[0] == "service-start-timeout"


@pytest.mark.parametrize(
    "way_in", ["rdp-password-guessing", "remote-execution-service", "suspicious-service"]
)
def test_the_way_in_stands_before_what_somebody_did_inside(way_in: str) -> None:
    off = finding("defender-protection-off", 20, severity=Severity.HIGH)
    cleared = finding("log-cleared", HOUR)
    assert told(off, cleared, finding(way_in, 0))[0] == way_in
