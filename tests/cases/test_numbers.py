"""Case numbers are unique, whatever happens at the same time."""

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from django.db import connection, connections
from django.db.migrations.state import ProjectState

from accounts.models import User
from cases import numbers
from cases.errors import NotACaseNumber
from cases.models import Case
from tests.people import report


@pytest.mark.django_db
def test_a_number_is_a_count_and_a_suffix_without_doubtful_signs(alice: User) -> None:
    assert re.fullmatch(r"CAS-\d{5}-[CDFGHJKMNPQRTVWXY34679]{6}", report(alice).number)


@pytest.mark.django_db(transaction=True)
def test_forty_cases_at_the_same_time_get_forty_counts(alice: User) -> None:
    def make(_: int) -> str:
        try:
            return report(alice).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(40)))
    assert len({number.split("-")[1] for number in made}) == 40
    assert Case.objects.count() == 40


@pytest.mark.django_db
def test_a_given_number_is_kept_and_its_count_not_used_again(alice: User) -> None:
    assert report(alice, number="CAS-03282-J6Y6M6").number == "CAS-03282-J6Y6M6"
    assert int(report(alice).number.split("-")[1]) > 3282
    before = int(numbers.new_number().split("-")[1])
    report(alice, number="CAS-03117-D4G7K3")
    assert int(numbers.new_number().split("-")[1]) == before + 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "CAS-1-AAAAAA", "cas-03282-J6Y6M6", "CAS-03282-J6Y6M6\n", "../x"])
def test_something_else_is_no_case_number(number: str) -> None:
    with pytest.raises(NotACaseNumber):
        numbers.reserve(number)


@pytest.mark.django_db
def test_the_sequence_and_the_trigger_can_be_taken_back() -> None:
    # Its own statements: to walk back through all migrations and forth again is half a minute of work.
    operations = import_module("cases.migrations.0002_numbers_and_history").Migration.operations
    state = ProjectState()
    with connection.schema_editor() as editor:
        for operation in reversed(operations):
            operation.database_backwards("cases", editor, state, state)
        assert not _sequence_and_trigger()
        for operation in operations:
            operation.database_forwards("cases", editor, state, state)
    assert _sequence_and_trigger() == {"cases_case_number_seq", "cases_keep_history"}
    assert numbers.new_number().startswith("CAS-00001-")


def _sequence_and_trigger() -> set[str]:
    names = ("cases_case_number_seq", "cases_keep_history")
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'S' UNION SELECT tgname FROM pg_trigger")
        return {name for (name,) in cursor.fetchall()} & set(names)
