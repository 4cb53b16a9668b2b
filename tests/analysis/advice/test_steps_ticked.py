"""The steps of a sent report: ticked by the customer, seen by the engineer, each tick kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.errors import NotAllowed
from accounts.models import User
from analysis.advice import services as advice
from analysis.advice.errors import AdviceReplaced, NoSuchStep
from analysis.advice.models import StepTick
from analysis.reports import services as reports
from analysis.reports.models import Report
from cases.reminders import waiting
from tests.people import reading_english, signed_in

ADVICE = {
    "zh-hans": "1. 全盘查杀。\n2. 重启。\n3. 重新安装。",
    "en": "1. Scan.\n2. Restart.\n3. Install again.",
}
CHANGE = {"zh-hans": "第二步改了。", "en": "The second step is different."}


@pytest.fixture
def sent(draft: Report, jia: User) -> Report:
    """A report of three steps, sent."""
    edited = reports.edit(draft, jia, draft.conclusion, ADVICE, [])
    return reports.send(edited, jia, seen=edited.edited_at)


def done(report: Report, language: str = "en") -> list[bool]:
    return [step.done for step in advice.advice_of(report, language).steps]


def test_a_step_is_ticked_in_both_languages_and_can_be_taken_back(
    sent: Report, alice: User, bob: User, jia: User
) -> None:
    advice.tick(sent, 1, alice, done=True)
    advice.tick(sent, 1, bob, done=True)
    assert done(sent) == done(sent, "zh-hans") == [False, True, False]
    assert [(row.step, row.by) for row in StepTick.objects.all()] == [(1, alice)], "said once"
    advice.tick(sent, 1, bob, done=False)
    advice.tick(sent, 2, jia, done=True)
    assert done(sent) == [False, False, True]
    assert [(row.step, row.done, row.by) for row in StepTick.objects.all()] == [
        (1, True, alice),
        (1, False, bob),
        (2, True, jia),
    ], "who and when stays"
    assert advice.advice_of(sent, "zh-hans").steps[0].text == "全盘查杀。"


def test_a_tick_stands_in_the_history_and_ends_the_customers_silence(
    sent: Report, alice: User, jia: User
) -> None:
    sent.case.refresh_from_db()
    begun = sent.case.status_since
    now = begun + timedelta(days=2)
    advice.tick(sent, 1, alice, done=True, at=now)
    assert waiting.waited_for().get(pk=sent.case_id).silent_since == now
    advice.tick(sent, 1, alice, done=False, at=now + timedelta(days=1))
    advice.tick(sent, 1, jia, done=True, at=now + timedelta(days=9))
    assert waiting.waited_for().get(pk=sent.case_id).silent_since == now + timedelta(days=1)
    page = reading_english(jia).get(sent.case.get_absolute_url()).content.decode()
    said = 'Step of the advice ticked: <span class="strong">2</span>'
    assert page.count(said) == 3 and page.count(f"Taken back: {said}") == 1


def test_only_who_takes_part_ticks_and_only_what_is_there(
    sent: Report, draft: Report, alice: User, charlie: User, ding: User
) -> None:
    for stranger in (charlie, ding):
        with pytest.raises(NotAllowed):
            advice.tick(sent, 0, stranger, done=True)
    for step in (-1, 3, 99):
        with pytest.raises(NoSuchStep):
            advice.tick(sent, step, alice, done=True)
    assert not StepTick.objects.exists()


def test_a_revised_report_keeps_the_ticks_of_the_steps_that_stayed(
    sent: Report, alice: User, jia: User
) -> None:
    for step in (0, 1):
        advice.tick(sent, step, alice, done=True)
    changed = {
        "zh-hans": "1. 重新安装。\n2. 全盘查杀。\n3. 关机再开。",
        "en": "1. Install again.\n2. Scan.\n3. Power off and on.",
    }
    draft = reports.revise(sent, jia)
    edited = reports.edit(draft, jia, draft.conclusion, changed, [], change=CHANGE)
    second = reports.send(edited, jia, seen=edited.edited_at)
    assert done(second) == [False, True, False], "the scan is done, wherever it stands now"
    advice.tick(second, 1, alice, done=False)
    assert done(second) == [False, False, False]
    with override("en"), pytest.raises(AdviceReplaced, match="Version 2"):
        advice.tick(sent, 2, alice, done=True)
    assert done(sent) == [True, True, False], "what was ticked there stays there"


def test_the_customer_ticks_on_her_case_and_the_engineer_sees_how_far_she_is(
    sent: Report, alice: User, jia: User, charlie: User
) -> None:
    case_page = reverse("case", args=(sent.case.number,))
    page = reading_english(alice).get(case_page).content.decode()
    for text in (
        "Please do these 3 steps",
        "Restart.",
        "checks made",
        "Tick what you have done",
    ):
        assert text in page, text
    assert "bytes: CodeMeter.exe" in page and page.count("Restart.") == 1, "no text twice"
    assert "0 of 3 tried" in reading_english(jia).get(case_page).content.decode()

    step = reverse("analysis:step-tick", args=(sent.case.number, 1, 1))
    assert signed_in(charlie).post(step, {"done": "1"}).status_code == 404
    answer = signed_in(alice).post(step, {"done": "1"})
    assert answer["Location"] == f"{case_page}#report-v1"
    page = reading_english(alice).get(case_page).content.decode()
    assert "1 of 3 tried" in page and "Ticked by you" in page and 'aria-pressed="true"' in page
    engineers = reading_english(jia).get(case_page).content.decode()
    assert "1 of 3 tried" in engineers and f"Ticked by {alice.name}" in engineers
    assert signed_in(alice).get(step).status_code == 405
