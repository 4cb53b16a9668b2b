"""Passwords of locked archives: held for one run, encrypted, and gone when that run has ended.

The task's arguments would lie in the broker, readable; the row holds what only the portal's
``SECRET_KEY`` opens. Neither the password nor anything made from it is logged or kept.
"""

from __future__ import annotations

import base64
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from analysis.runs import services as runs
from analysis.runs.errors import NothingIsLocked, PasswordIsEmpty
from analysis.runs.models import AnalysisRun, RunPassword

logger = logging.getLogger(__name__)

MAX_LENGTH = 256
"""Characters of a password."""


@sensitive_variables("password")
def analyse_with(run: AnalysisRun, password: str) -> AnalysisRun:
    """A new run of the same bundle with this password.

    Raises ``NothingIsLocked``, ``PasswordIsEmpty`` and ``RunIsOpen``.
    """
    if not password or len(password) > MAX_LENGTH:
        raise PasswordIsEmpty
    with transaction.atomic():
        if runs.bundle_runs(run.bundle).first() != run or not run.locked:
            raise NothingIsLocked
        # The task is sent after the commit: it finds the password.
        new = runs.queue_again(run.bundle)
        AnalysisRun.objects.filter(pk=new.pk).update(had_password=True)
        RunPassword.objects.create(run=new, sealed=_cipher().encrypt(password.encode()))
    return new


def password_of(run: AnalysisRun) -> str | None:
    """What was given for this run. Sealed under a ``SECRET_KEY`` that is no longer known: none."""
    held = RunPassword.objects.filter(run=run).first()
    if held is None:
        return None
    try:
        return _cipher().decrypt(bytes(held.sealed)).decode()
    except InvalidToken:
        logger.warning("run %s: its password was sealed with another SECRET_KEY and is not used", run.pk)
        return None


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (salted_hmac("analysis.passwords", "", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
