"""The base of every refusal that a person can act on."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A request that is refused, with a sentence for the person who made it.

    Subclasses set ``status`` (an HTTP status code) and ``sentence``; ``sentence`` may hold
    ``%(name)s`` places, filled from the keyword arguments. ``config.api`` and
    ``accounts.middleware`` turn it into an answer, once.
    """

    status = 400
    sentence: str | Promise = _("This cannot be done.")

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(facts)

    def __str__(self) -> str:
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)

    @property
    def code(self) -> str:
        """The class's name for programs: ``IllegalStatusChange`` → ``illegal-status-change``."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", type(self).__name__).lower()


class NotAllowed(Refusal):
    """The person sees the thing but may not do this with it."""

    status = 403
    sentence = _("You may not do this. Ask the engineer of the case or an administrator.")


class KeptForGood(Refusal):
    """Somebody tries to delete what is history."""

    status = 403
    sentence = _(
        "Cases, people and reports are kept for good, with what was said and done. "
        "Close the case, or make the person inactive, instead."
    )


class TooOften(Refusal):
    """More requests than a person makes."""

    status = 429
    sentence = _("Too many attempts in a short time. Wait a few minutes and try again.")


class NoSuchAddress(Refusal):
    """An address that nothing can have."""

    status = 404
    sentence = _("There is nothing at this address.")


class Unavailable(Refusal):
    """A part of the portal that this request needs is down (the cache that counts sign-in attempts)."""

    status = 503
    sentence = _("A part of the portal does not answer. Nothing was changed; try again in a minute.")


class TooManyTokens(Refusal):
    """More tokens than anybody needs."""

    status = 409
    sentence = _("You have %(most)s API tokens already. Revoke one that you no longer need.")


class TokenRefused(Refusal):
    """An unknown, expired or revoked token, or one of somebody who may no longer sign in."""

    status = 401
    sentence = _(
        "This API token is not known, has expired or was revoked. Make a new one on the page “API tokens”."
    )
