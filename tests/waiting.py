"""Whether somebody waits in the database, for tests of what happens at the same time."""

from django.db import connection


def somebody_waits_for_this_transaction() -> bool:
    """Whether another connection asks for a lock that this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
