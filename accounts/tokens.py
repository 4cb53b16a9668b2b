"""API tokens: a machine acts as a person. ``Authorization: Bearer anj_…``, in the API and for tus.

A token has 256 random bits, so that its plain SHA-256 can be kept instead of it.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.errors import TokenRefused, TooManyTokens
from accounts.models import TOKEN_LIFE, ApiToken, User

PREFIX = "anj_"
SCHEMES = {"bearer", "token"}
MAX_TOKENS = 20
TELL_AFTER = timedelta(minutes=1)
"""How exact "last used" is: a row for every chunk of an upload would be too dear."""


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make(user: User, name: str, days: int = TOKEN_LIFE.days) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again; it ends after ``days``, a year at most.

    Raises ``TooManyTokens``.
    """
    now = timezone.now()
    if user.api_tokens.filter(revoked_at=None, expires_at__gt=now).count() >= MAX_TOKENS:
        raise TooManyTokens(most=MAX_TOKENS)
    secret = PREFIX + secrets.token_urlsafe(32)
    name = " ".join(name.split())[:80] or secret[:8]
    ends = now + min(timedelta(days=max(days, 1)), TOKEN_LIFE)
    row = ApiToken.objects.create(
        user=user, name=name, hint=secret[:8], digest=digest_of(secret), expires_at=ends
    )
    return row, secret


def revoke(user: User, pk: int) -> bool:
    """Ends one of the person's own tokens at once; false if there is none of that number."""
    tokens = ApiToken.objects.filter(user=user, pk=pk, revoked_at=None)
    return bool(tokens.update(revoked_at=timezone.now()))


def secret_in(request: HttpRequest, schemes: set[str] = SCHEMES) -> str | None:
    """What ``Authorization`` carries under one of ``schemes`` (lower case); ``None`` without it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() in schemes else None


def person_of(request: HttpRequest) -> User | None:
    """The person of the request's token; ``None`` if it carries none. Raises ``TokenRefused``."""
    secret = secret_in(request)
    if secret is None:
        return None
    now = timezone.now()
    tokens = ApiToken.objects.select_related("user").filter(revoked_at=None, expires_at__gt=now)
    row = tokens.filter(digest=digest_of(secret)).first()
    if row is None or not row.user.may_enter:
        raise TokenRefused()
    if row.used_at is None or now - row.used_at > TELL_AFTER:
        ApiToken.objects.filter(pk=row.pk).update(
            used_at=now, first_used_at=Coalesce("first_used_at", Value(now))
        )
    return row.user


class TokenAuthentication(BaseAuthentication):
    """The API's door for machines. No cookie is involved, so no forgery either."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The person of the token. Raises ``AuthenticationFailed``."""
        try:
            person = person_of(request._request)
        except TokenRefused as refusal:
            raise AuthenticationFailed(str(refusal)) from refusal
        return (person, None) if person is not None else None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"
