"""Who gets a case, and what she sees of it."""

import pytest

from accounts.errors import NotAllowed
from accounts.models import User
from cases.errors import NotAnEngineer
from cases.events import EventKind
from cases.models import Case

pytestmark = pytest.mark.django_db


def test_a_case_is_given_to_an_engineer_once(
    case: Case, yi: User, max_: User, alice: User, ding: User
) -> None:
    case.assign(yi, by=max_)
    case.assign(yi, by=max_)
    event = case.events.get(kind=EventKind.ASSIGNED)
    assert (event.actor, event.assignee) == (max_, yi)
    with pytest.raises(NotAnEngineer):
        case.assign(alice, by=max_)
    for other in (alice, ding):
        with pytest.raises(NotAllowed):
            case.assign(ding, by=other)
    case.refresh_from_db()
    assert case.engineer == yi


def test_a_case_is_not_given_to_an_engineer_who_left(case: Case, yi: User, jia: User, max_: User) -> None:
    yi.is_active = False
    yi.save()
    with pytest.raises(NotAnEngineer):
        case.assign(yi, by=max_)
    case.refresh_from_db()
    assert case.engineer == jia


def test_an_engineer_of_no_queue_sees_the_case_she_is_given(case: Case, ding: User, max_: User) -> None:
    assert case not in Case.objects.visible_to(ding)
    case.assign(ding, by=max_)
    assert case in Case.objects.visible_to(ding)
