"""The customer sees how far her case has come."""

import pytest

from accounts.models import User
from cases.desk.stages import stages
from cases.models import Case, MessageKind
from cases.services import post_message
from tests.people import suspended

pytestmark = pytest.mark.django_db


def bar(case: Case) -> str:
    """One sign a stage: done, current or to do."""
    return "".join({"done": "#", "current": ">", "todo": "."}[stage.state] for stage in stages(case))


def test_the_bar_goes_with_the_case(case: Case, alice: User, jia: User) -> None:
    assert bar(case) == ">....."
    case.change("scope", by=jia)
    assert bar(case) == "#>...."
    case.change("take_up", by=jia)
    assert bar(case) == "#>...."
    case.wait_for_customer(by=jia)
    assert bar(case) == "##>..."
    post_message(case, by=alice, body="", kind=MessageKind.BUNDLE)
    case.begin_analysis(by=None)
    assert bar(case) == "###>.."
    case.end_analysis(by=None)
    assert bar(case) == "###>.."
    case.send_result(by=jia)
    assert bar(case) == "####>."
    case.change("close", by=jia, reason="Done.")
    assert bar(case) == "######"
    assert all(stage.at for stage in stages(case))


def test_a_stage_that_was_left_out_is_not_called_done(case: Case, jia: User) -> None:
    case.change("take_up", by=jia)
    case.change("close", by=jia, reason="Done.")
    assert bar(case) == "##...#"
    assert [stage.at is None for stage in stages(case)] == [False, False, True, True, True, False]


def test_a_case_closed_for_the_time_being_stands_where_it_was(case: Case, jia: User) -> None:
    case.change("take_up", by=jia)
    case.wait_for_customer(by=jia)
    suspended(case)
    assert bar(case) == "##>..."
