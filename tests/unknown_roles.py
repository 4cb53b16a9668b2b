"""People whose role the table of roles does not know, and people who have left, each called Eve.

``everyone`` and ``unknown`` try a test with each of them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.backend import KnownRoles
from accounts.models import User
from cases.models import Case
from tests.people import person, signed_in


def _without_organisation(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="auditor")


def _of_the_organisation(case: Case) -> User:
    # The table's own rule allows an organisation to customers alone: this is a row made behind its back.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_user DROP CONSTRAINT user_customer_has_organisation")
    facts: dict[str, Any] = {"role": "auditor", "organisation": case.organisation}
    return person("eve@elsewhere.example", name="Eve", **facts)


def _superuser(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="auditor", is_superuser=True)


def _role_less(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="")


def _who_has_left(case: Case) -> User:
    facts: dict[str, Any] = {"role": "customer", "organisation": case.organisation, "is_active": False}
    return person("eve@elsewhere.example", name="Eve", **facts)


def _manager_who_has_left(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="manager", is_active=False)


UNKNOWN: tuple[Callable[[Case], User], ...] = (
    _without_organisation,
    _of_the_organisation,
    _superuser,
    _role_less,
)
LEFT: tuple[Callable[[Case], User], ...] = (_who_has_left, _manager_who_has_left)
everyone = pytest.mark.parametrize("make", UNKNOWN + LEFT, ids=lambda make: make.__name__.strip("_"))
unknown = pytest.mark.parametrize("make", UNKNOWN, ids=lambda make: make.__name__.strip("_"))


@pytest.fixture
def door_held_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KnownRoles, "user_can_authenticate", lambda _backend, _user: True)


def client_of(user: User) -> Client:
    client = signed_in(user)
    client.raise_request_exception = False
    return client
