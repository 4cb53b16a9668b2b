"""The evidence of an event says what the event means, in the reader's language and the other one."""

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from analysis.findings.panel import findings_view
from tests.people import signed_in

if TYPE_CHECKING:
    from accounts.models import User
    from analysis.runs.models import AnalysisRun

pytestmark = pytest.mark.django_db

CHINESE, ENGLISH = "意外终止，这是第 1 次", "ended unexpectedly, 1 time(s) so far"


def test_the_evidence_of_an_event_shows_its_message_in_both_languages(
    run: "AnalysisRun", jia: "User"
) -> None:
    assert run.document is not None
    position = next(
        i
        for i, finding in enumerate(run.document["findings"])
        if "record_id" in finding["evidence"][0]["locator"]
    )
    url = reverse("analysis:evidence", args=(run.bundle.case.number, run.pk, position, 0))
    browser = signed_in(jia)
    chinese = browser.get(url, headers={"accept-language": "zh-hans"}).content.decode()
    assert CHINESE in chinese and ENGLISH in chinese
    assert chinese.index(CHINESE) < chinese.index(ENGLISH)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_shown_like_any_other_time(
    run: "AnalysisRun", jia: "User", time: str
) -> None:
    assert run.document is not None
    for finding in run.document["findings"]:
        for evidence in finding["evidence"]:
            evidence["locator"] |= {"record_id": 1, "time": time}
    run.save()
    url = reverse("analysis:evidence", args=(run.bundle.case.number, run.pk, 0, 0))
    assert signed_in(jia).get(url).status_code == 200


def test_findings_and_reports_carry_the_message(run: "AnalysisRun", jia: "User") -> None:
    view = findings_view(run.bundle.case, jia)
    assert view is not None
    messages = [evidence["message"] for finding in view.page["findings"] for evidence in finding["evidence"]]
    assert any(CHINESE in message or ENGLISH in message for message in messages)
