"""How often something may be done: counted in the cache, by whatever key stands for the one who does it."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from accounts.errors import TooOften
from accounts.tokens import digest_of


def address_of(request: HttpRequest) -> str:
    """The client's network address, behind a trusted proxy the one that it tells of."""
    return str(get_adapter(request).get_client_ip(request))


def count(what: str, key: str, most: int, seconds: int) -> None:
    """One more; raises ``TooOften`` beyond ``most`` within ``seconds`` of the first."""
    place = f"rate:{what}:{digest_of(key)[:32]}"
    if cache.add(place, 1, seconds):
        return
    try:
        done = cache.incr(place)
    except ValueError:  # It ended a moment ago.
        cache.set(place, 1, seconds)
        return
    if done > most:
        raise TooOften()
