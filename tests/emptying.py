"""How the tables are emptied after a test that commits."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission"}
"""Filled by Django itself for each table; no test changes them."""


def empty_tables_quickly() -> None:
    """Has only those tables emptied that hold something.

    Django truncates all of the hundred and writes down their permissions anew, half a second each time.
    """
    django_empties = vars(TransactionTestCase)["_fixture_teardown"]

    def teardown(case: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            (may_set_triggers_aside,) = cursor.fetchone()
        if may_set_triggers_aside:
            _delete_everything()
        else:
            django_empties(case)

    pytest.MonkeyPatch().setattr(TransactionTestCase, "_fixture_teardown", teardown)


def _delete_everything() -> None:
    quoted = connection.ops.quote_name
    names = set(connection.introspection.django_table_names(only_existing=True)) - KEPT
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {quoted(name)})" for name in sorted(names)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
        filled = [name for (name,) in cursor.fetchall()]
        # History refuses to be deleted, and whichever table comes first is referred to by another.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in filled:
            cursor.execute(f"DELETE FROM {quoted(name)}")
    uploads = apps.get_app_config("uploads")  # Its first privacy statements are there from the first day.
    post_migrate.send(uploads, app_config=uploads, using="default", verbosity=0, interactive=False, apps=apps)
