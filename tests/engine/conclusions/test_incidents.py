"""Which bursts of findings are one occurrence, to the second; the times are seconds since 1970."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from engine.conclusions.incidents import Incident, Rank, together
from engine.findings import Burst, Finding, Severity
from engine.text import text

UTC = ZoneInfo("UTC")
HOUR = 3_600
LONG_AGO = 10_000

Times = Sequence[tuple[float, float]]


def finding(
    *times: tuple[float, float],
    rule: str = "service-timeout",
    severity: Severity = Severity.MEDIUM,
    computer: str = "CONTROL-01",
) -> Finding:
    title = text(f"“{rule}”的标题", f"Title of {rule}")
    bursts = tuple(Burst(first, last, 1) for first, last in times)
    return Finding(rule, severity, title, title, title, (), "", computer=computer, bursts=bursts)


def at_once(computer: str, moment: float) -> float:
    """A machine that wrote until the moment of its start."""
    return moment


def incidents_of(
    *findings: Finding, ended: Callable[[str, float], float] = at_once, software: bool = False
) -> list[Incident]:
    """Findings that lead in the order they are given."""
    ranks = [Rank(software, 0, place, place) for place in range(len(findings))]
    return together(findings, ranks, ended)


def occurrences(*findings: Finding) -> list[tuple[float, float, set[int]]]:
    """First and last second and the members of every occurrence, the earliest first."""
    return sorted(
        (occurrence.first, occurrence.last, set(occurrence.findings))
        for incident in incidents_of(*findings)
        for occurrence in incident.occurrences
    )


@pytest.mark.parametrize(("second", "joins"), [(100_310, True), (100_311, False)])
def test_bursts_five_minutes_apart_are_one_occurrence_and_a_second_more_are_not(
    second: float, joins: bool
) -> None:
    expected = [(100_000, second, {0, 1})] if joins else []
    assert occurrences(finding((100_000, 100_010)), finding((second, second))) == expected


@pytest.mark.parametrize(("end", "joins"), [(99_700, True), (99_699, False)])
def test_what_went_on_for_hours_joins_what_began_within_five_minutes_of_its_end(
    end: float, joins: bool
) -> None:
    early, late, background = finding((100_000, 100_010)), finding((100_300, 100_310)), (LONG_AGO, end)
    members = {0, 1, 2} if joins else {0, 1}
    assert occurrences(early, late, finding(background)) == [(100_000, 100_310, members)]


@pytest.mark.parametrize(("end", "joins"), [(99_700, True), (99_699, False)])
def test_the_burst_nearest_before_decides_whether_what_recurs_joins(end: float, joins: bool) -> None:
    """The burst of hours is neither the first nor the last of its finding."""
    recurring = finding((1_000, 1_001), (LONG_AGO, end), (200_000, 200_001))
    expected = [(100_000, 100_010, {0, 1})] if joins else []
    assert occurrences(finding((100_000, 100_010)), recurring) == expected


@pytest.mark.parametrize(("start", "joins"), [(100_310, True), (100_311, False)])
def test_what_goes_on_for_hours_joins_what_came_within_five_minutes_of_its_start(
    start: float, joins: bool
) -> None:
    expected = [(100_000, 100_010, {0, 1})] if joins else []
    assert occurrences(finding((100_000, 100_010)), finding((start, 200_000))) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (HOUR, [(100_000, 103_600, {0, 1, 2})]),
        (HOUR + 1, [(100_000, 100_010, {0, 2}), (103_500, 103_510, {1, 2})]),
    ],
)
def test_a_burst_of_more_than_an_hour_links_nothing(
    length: float, expected: list[tuple[float, float, set[int]]]
) -> None:
    early, late = finding((100_000, 100_010)), finding((103_500, 103_510))
    assert occurrences(early, late, finding((100_000, 100_000 + length))) == expected


def test_strangers_eight_hours_and_a_half_apart_are_not_one_matter_however_many_stand_between() -> None:
    """Every four minutes something, of eight findings in turn: first and last have nothing in common."""
    between = range(100_240, 130_600, 240)
    chain = [finding(*((at, at) for at in between[number::8])) for number in range(8)]
    first, last = finding((100_000, 100_010)), finding((130_600, 130_610))
    assert all(len(each.bursts) <= 20 for each in chain)
    found = occurrences(first, last, *chain)
    assert not [members for _, _, members in found if {0, 1} <= members]
    assert all(end - begin <= HOUR for begin, end, _ in found)


def test_a_burst_of_single_events_links_what_happened_beside_one_of_them_only() -> None:
    """Four events of a rule in three hours are one burst to it; nothing happened between them."""
    hourly = replace(
        finding((100_000, 110_800)), spells=tuple(Burst(at, at, 1) for at in range(100_000, 110_801, 3_600))
    )
    beside, between, late = (
        finding((103_610, 103_620)),
        finding((105_400, 105_410)),
        finding((110_900, 110_910)),
    )
    assert occurrences(hourly, beside, between, late) == [
        (103_600, 103_620, {0, 1}),
        (110_800, 110_910, {0, 3}),
    ]


@pytest.mark.parametrize(
    ("bursts", "expected"),
    [
        (20, [(100_000, 100_500, {0, 1, 2})]),
        (21, [(100_000, 100_000, {0, 2}), (100_500, 100_500, {1, 2})]),
    ],
)
def test_what_came_more_than_twenty_times_links_nothing(
    bursts: int, expected: list[tuple[float, float, set[int]]]
) -> None:
    often = finding(*((second, second) for second in range(1_000, 1_000 * bursts, 1_000)), (100_100, 100_400))
    assert len(often.bursts) == bursts
    assert occurrences(finding((100_000, 100_000)), finding((100_500, 100_500)), often) == expected


def test_a_short_burst_within_a_long_one_does_not_end_the_occurrence() -> None:
    long, short, late = finding((100_000, 102_000)), finding((100_100, 100_110)), finding((102_300, 102_310))
    assert occurrences(long, short, late) == [(100_000, 102_310, {0, 1, 2})]


def test_an_occurrence_lasts_until_the_last_burst_of_each_of_its_findings() -> None:
    repeated, other = finding((100_000, 100_200), (100_300, 100_400)), finding((100_100, 100_110))
    assert occurrences(repeated, other) == [(100_000, 100_400, {0, 1})]


def test_what_is_merely_worth_knowing_belongs_to_no_incident_save_an_unclean_end() -> None:
    trouble = finding((100_000, 100_010))
    note = finding((100_000, 100_010), severity=Severity.INFO)
    unclean = finding((100_000, 100_010), rule="unexpected-shutdown", severity=Severity.INFO)
    assert occurrences(trouble, note) == []
    assert occurrences(trouble, unclean) == [(100_000, 100_010, {0, 1})]


@pytest.mark.parametrize(("off", "last"), [(HOUR - 1, 100_001), (90_000, 10_010)])
def test_an_unclean_end_is_of_the_time_when_the_machine_last_wrote_however_long_ago(
    off: float, last: float
) -> None:
    """After an hour or more the start, too, is another time."""
    end = 100_000 - off
    trouble = finding((end, end + 10))
    unclean = finding((100_000, 100_001), rule="unexpected-restart")
    (incident,) = incidents_of(trouble, unclean, ended=lambda computer, moment: moment - off)
    assert [(occurrence.first, occurrence.last) for occurrence in incident.occurrences] == [(end, last)]
    assert incidents_of(trouble, finding((100_000, 100_001)), ended=lambda computer, moment: 10_000) == []


def test_what_came_before_a_night_without_power_and_what_came_after_it_are_strangers() -> None:
    evening, morning = finding((10_000, 10_010)), finding((100_060, 100_070))
    unclean = finding((100_000, 100_001), rule="unexpected-restart")
    (incident,) = incidents_of(evening, morning, unclean, ended=lambda computer, moment: 10_020)
    assert incident.findings == (0, 2)


def test_machines_do_not_share_an_incident() -> None:
    here, there = finding((100_000, 100_010)), finding((100_000, 100_010), computer="CONTROL-02")
    assert incidents_of(here, there) == []


def test_the_first_trouble_of_the_machine_leads_and_of_programs_the_gravest() -> None:
    graver, earlier = finding((100_050, 100_060)), finding((100_000, 100_010))
    (machine,) = incidents_of(graver, earlier, software=False)
    (programs,) = incidents_of(graver, earlier, software=True)
    assert machine.findings == (1, 0) and programs.findings == (0, 1)


def test_the_others_stand_in_the_order_of_time_in_an_occurrence_and_of_number_in_an_incident() -> None:
    lead = finding((100_000, 100_010), (200_000, 200_010))
    once, both = finding((100_002, 100_003)), finding((100_004, 100_005), (200_004, 200_005))
    (incident,) = incidents_of(lead, once, both, software=True)
    assert incident.findings == (0, 2, 1)
    assert [occurrence.findings for occurrence in incident.occurrences] == [(0, 1, 2), (0, 2)]
    later, sooner = finding((100_020, 100_020)), finding((100_015, 100_015))
    (incident,) = incidents_of(finding((100_000, 100_010)), later, sooner, software=True)
    assert incident.occurrences[0].findings == (0, 2, 1)


def test_of_what_never_stops_the_latest_two_thousand_bursts_are_looked_at() -> None:
    moments = range(10_000, 10_000 + 2_001 * 1_000, 1_000)
    endless = finding(*((moment, moment) for moment in moments))
    oldest, second, newest = (finding((at, at)) for at in (10_000, 11_000, 2_010_000))
    assert occurrences(oldest, second, newest, endless) == [
        (11_000, 11_000, {1, 3}),
        (2_010_000, 2_010_000, {2, 3}),
    ]


@pytest.mark.parametrize(("elsewhere", "follows"), [(2, True), (3, False)])
def test_a_finding_follows_when_half_of_its_bursts_lie_in_the_incident(elsewhere: int, follows: bool) -> None:
    lead = finding((100_000, 100_010), (200_000, 200_010))
    alone = ((second, second) for second in range(300_000, 300_000 + 10_000 * elsewhere, 10_000))
    other = finding((100_005, 100_005), (200_005, 200_005), *alone)
    (incident,) = incidents_of(lead, other)
    assert len(incident.occurrences) == 2
    assert incident.followers == (frozenset({1}) if follows else frozenset())


def test_the_incidents_of_the_gravest_lead_come_first_and_fifty_of_them() -> None:
    pairs = [
        (
            finding((100_000, 100_010), computer=f"PC-{number:03}"),
            finding((100_001, 100_002), computer=f"PC-{number:03}"),
        )
        for number in range(60, 0, -1)
    ]
    incidents = incidents_of(*(finding for pair in pairs for finding in pair))
    assert [incident.computer for incident in incidents] == [
        f"PC-{number:03}" for number in range(60, 10, -1)
    ]


def test_a_report_names_the_six_that_came_most_often_and_counts_the_rest() -> None:
    names = [f"rule-{number}" for number in range(9)]
    findings = [finding((100_000 + place, 100_000 + place), rule=name) for place, name in enumerate(names)]
    (incident,) = incidents_of(*findings)
    entry = incident.as_entry(findings, UTC)
    assert entry.title["en"] == "Title of rule-0, and 8 other findings with it"
    assert entry.summary["en"] == (
        "These came together on CONTROL-01 between 1970-01-02 03:46:40 and 1970-01-02 03:46:48 (UTC time): "
        "probably one matter. Look first at: Title of rule-0. With it: Title of rule-1; Title of rule-2; "
        "Title of rule-3; Title of rule-4; Title of rule-5; Title of rule-6; and 2 more."
    )


def test_a_report_lists_the_latest_hundred_occurrences_and_says_how_many_there_were() -> None:
    """The lead came 102 times, each time with one of six findings that came 17 times."""
    moments = [1_000 * number for number in range(1, 103)]
    lead = finding(*((moment, moment) for moment in moments), rule="lead")
    findings = [lead, *(finding(*((at, at + 5) for at in moments[start::6])) for start in range(6))]
    (incident,) = incidents_of(*findings, software=True)
    entry = incident.as_entry(findings, UTC)
    assert entry.first_time == "1970-01-01T00:16:40.000000Z"
    assert entry.last_time == "1970-01-02T04:20:05.000000Z"
    assert len(entry.occurrences) == 100
    assert entry.occurrences[0].first_time == "1970-01-01T00:50:00.000000Z"
    assert entry.occurrences[-1].last_time == "1970-01-02T04:20:05.000000Z"
    assert entry.summary["en"].startswith(
        "These came together on CONTROL-01 102 times, the latest between 1970-01-02 04:20:00 and "
        "1970-01-02 04:20:05 (UTC time): probably of one cause."
    )


def test_places_follow_the_findings_when_these_are_put_in_order() -> None:
    """The third finding comes first, the first second, the second third."""
    findings = finding((100_000, 100_010)), finding((500_000, 500_000)), finding((100_005, 100_005))
    (incident,) = incidents_of(*findings)
    moved = incident.moved([2, 0, 1])
    assert incident.findings == (0, 2) and moved.findings == (1, 0)
    assert moved.followers == {0} and moved.occurrences[0].findings == (1, 0)
