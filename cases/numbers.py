"""Case numbers: ``CAS-NNNNN-XXXXXX``, a database sequence and a random suffix."""

import re
import secrets

from django.db import connection

from cases.errors import NotACaseNumber

ALPHABET = "CDFGHJKMNPQRTVWXY34679"
"""No two signs that look alike in print or sound alike on the telephone; no vowels, so no words."""

SUFFIX_LENGTH = 6
PATTERN = re.compile(r"CAS-(\d{5,9})-([0-9A-Z]{6})")
SEQUENCE = "cases_case_number_seq"


def new_number() -> str:
    """The next number; two transactions never get the same, committed or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        (count,) = cursor.fetchone()
    suffix = "".join(secrets.choice(ALPHABET) for _ in range(SUFFIX_LENGTH))
    return f"CAS-{count:05d}-{suffix}"


def reserve(number: str) -> str:
    """Accepts a given number and moves the sequence past it, so that no new case repeats its count.

    Raises ``NotACaseNumber``.
    """
    match = PATTERN.fullmatch(number)
    if not match:
        raise NotACaseNumber(number=number[:40])
    with connection.cursor() as cursor:
        # nextval, not setval: setval could take back what another connection has just drawn.
        cursor.execute(
            "SELECT count(nextval(%s)) FROM generate_series("
            "(SELECT last_value + is_called::int FROM cases_case_number_seq), %s)",
            [SEQUENCE, int(match[1])],
        )
    return number
