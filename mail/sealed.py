"""A column for what must not be read out of a dump: encrypted under the portal's ``SECRET_KEY``."""

from __future__ import annotations

import base64
import logging
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)


class SealedTextField(models.TextField[str, str]):
    """Text in the program, Fernet's token in the database; it cannot be looked for. What was sealed under
    a ``SECRET_KEY`` that is known no more (nor among ``SECRET_KEY_FALLBACKS``) reads as empty."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """The text."""
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            logger.warning("%s was sealed with another SECRET_KEY and reads as empty", self)
            return ""

    def get_prep_value(self, value: Any) -> Any:
        """The token."""
        text = super().get_prep_value(value)
        return _cipher().encrypt(text.encode()).decode() if text else text


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (salted_hmac("mail.sealed", "", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
