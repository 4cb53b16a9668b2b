"""What of history may still become another: what ends does so once, and the entry of a draft becomes its
report's or tells of its end."""

import pytest
from django.db import IntegrityError

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.models import Report
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases.models import Case, Message
from tests.analysis.conftest import draft, read_once, run, whole_bundle
from tests.test_history_is_kept import run_sql
from uploads.custody import legal_holds
from uploads.custody.agreements import agree

__all__ = ["draft", "read_once", "run", "whole_bundle"]

pytestmark = pytest.mark.django_db


def test_what_has_not_ended_can_end_once(
    case: Case, alice: User, max_: User, draft: Report, jia: User
) -> None:
    consent = agree(alice, case)
    assert run_sql(f"UPDATE uploads_consent SET withdrawn_at = now() WHERE id = {consent.pk}") == 1
    hold = legal_holds.place(case, by=max_, reason="A dispute")
    lifted = f"UPDATE uploads_legalhold SET lifted_at = now(), lifted_by_id = {max_.pk} WHERE id = {hold.pk}"
    assert run_sql(lifted) == 1
    for again in (
        f"UPDATE uploads_consent SET withdrawn_at = now() + interval '1 day' WHERE id = {consent.pk}",
        f"UPDATE uploads_legalhold SET lifted_at = now() + interval '1 day' WHERE id = {hold.pk}",
    ):
        with pytest.raises(IntegrityError, match="History is kept"):
            run_sql(again)
    unsent = Report.objects.filter(pk=draft.pk)
    assert unsent.delete()[0] == 1, "a draft is no history"


@pytest.mark.parametrize(
    "change",
    [
        "body = 'x'",
        "kind = 'note'",
        "internal = false",
        "internal = false, author_id = 1, body = 'x'",
        "kind = 'system', body = 'x', internal = false",
        "kind = 'system', body = 'x', created_at = now()",
        "author_id = 1",
        "case_id = case_id + 1",
    ],
)
def test_the_entry_of_a_draft_becomes_its_reports_or_tells_of_its_end_and_nothing_else(
    draft: Report, change: str
) -> None:
    with pytest.raises(IntegrityError, match="History is kept"):
        run_sql(f"UPDATE cases_message SET {change} WHERE id = {draft.message_id}")


def test_the_entry_of_a_discarded_draft_stays_internal_and_as_it_is(draft: Report, jia: User) -> None:
    again = runs.queue_again(draft.run.bundle)
    execute(again.pk)
    reports.discard(draft, by=jia)
    entry = Message.objects.get(pk=draft.message_id)
    assert entry.internal and jia.name in entry.body
    for change in ("body = 'x'", "internal = false", "kind = 'report'"):
        with pytest.raises(IntegrityError, match="History is kept"):
            run_sql(f"UPDATE cases_message SET {change} WHERE id = {entry.pk}")
