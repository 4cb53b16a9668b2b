"""Whether the logs cover the incident is not told by times that were wrong."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from demo.evtx.writer import Event, write_log
from engine.analyzers import incident_time
from engine.findings import Examined, NotExamined, Outcome
from tests.engine.event_logs import ordinary, read


def examined(folder: Path, events: list[Event], after: timedelta) -> Outcome:
    log = folder / "System.evtx"
    write_log(log, events)
    material, _ = read(log)
    material.incident = events[0].time + after
    with material.events:
        return incident_time.examine(material)


def test_a_clock_that_went_back_for_years_leaves_it_open(tmp_path: Path) -> None:
    early = ordinary(3)
    late = [replace(event, time=event.time - timedelta(days=2000)) for event in ordinary(3)]
    outcome = examined(tmp_path, early + late, timedelta(days=1))
    assert isinstance(outcome, NotExamined)
    assert "The machine's clock went back by a day or more" in outcome.missing_input["en"]


def test_logs_that_end_before_it_and_whose_clock_was_right_do_not_cover_it(tmp_path: Path) -> None:
    outcome = examined(tmp_path, ordinary(3), timedelta(days=1))
    assert isinstance(outcome, Examined)
    assert [finding.title["en"][:28] for finding in outcome.findings] == ["No log covers the incident a"]
