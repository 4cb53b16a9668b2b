"""The history of a case is written once."""

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import User
from cases.errors import HistoryIsKept
from cases.models import Case, CaseEvent

pytestmark = pytest.mark.django_db


def test_history_cannot_be_changed_or_deleted(case: Case) -> None:
    event = case.events.get()
    for attempt in (
        event.save,
        event.delete,
        case.events.all().delete,
        lambda: case.events.update(reason="x"),
    ):
        with pytest.raises(HistoryIsKept):
            attempt()


@pytest.mark.parametrize(
    "statement", ["UPDATE cases_caseevent SET reason = 'x'", "DELETE FROM cases_caseevent"]
)
def test_the_database_keeps_history_as_well(case: Case, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert CaseEvent.objects.filter(case=case).count() == 1


def test_a_time_in_the_past_can_be_told(case: Case, jia: User) -> None:
    past = datetime.fromisoformat("2020-11-09T09:18:00Z")
    case.change("take_up", by=jia, at=past)
    assert case.status_since == past
