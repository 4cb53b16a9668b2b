"""Who belongs to an organisation: those whose role has the right to be there, and nobody else."""

import os
import subprocess
import sys

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from accounts.models import Organisation
from accounts.roles import Role
from tests.people import person

pytestmark = pytest.mark.django_db

BELONGS = {"customer": True, "engineer": False, "manager": False, "administrator": False}


@pytest.mark.parametrize(("role", "belongs"), BELONGS.items())
def test_the_table_keeps_a_customer_with_an_organisation_and_the_vendors_people_without(
    northwind: Organisation, role: str, belongs: bool
) -> None:
    facts = {True: {"organisation": northwind}, False: {}}
    person("right@people.example", name="R", role=role, **facts[belongs])
    with pytest.raises(IntegrityError, match="user_customer_has_organisation"), transaction.atomic():
        person("wrong@people.example", name="W", role=role, **facts[not belongs])


def test_a_further_role_of_customers_belongs_to_an_organisation_without_a_word_in_the_models() -> None:
    code = (
        "from accounts import roles\n"
        "roles.RIGHTS = {**roles.RIGHTS, 'coordinator': frozenset({roles.Right.OWN_ORGANISATION})}\n"
        "import django\n"
        "django.setup()\n"
        "from accounts.models import User\n"
        "[rule] = [rule for rule in User._meta.constraints if 'organisation' in rule.name]\n"
        "print(rule.condition)\n"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("'coordinator'") == 2


def test_every_role_is_in_the_table_above() -> None:
    assert set(BELONGS) == set(Role.values)
