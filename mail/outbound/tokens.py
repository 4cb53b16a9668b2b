"""The mail token of a case, as in ``CMIT:0001866``."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max

from cases.models import Case
from mail.outbound.models import CaseMailToken


def token_of(case: Case) -> int:
    """Its number, given with the first mail."""
    while True:
        if token := CaseMailToken.objects.filter(case=case).first():
            return token.number
        newest = CaseMailToken.objects.aggregate(newest=Max("number"))["newest"] or 0
        try:
            with transaction.atomic():
                CaseMailToken.objects.create(case=case, number=newest + 1)
        except IntegrityError:
            continue  # Another mail took the number, or gave this case one.
