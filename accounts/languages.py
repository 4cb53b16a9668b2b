"""The language of the page, as texts that are kept in both languages are told apart."""

from django.utils.translation import get_language

from accounts.models import User


def current_language() -> str:
    """``en`` or ``zh-hans``: the active language as the engine's texts and the statements name it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def language_at(address: str) -> str:
    """That of the person with this mail address, else the active one."""
    spoken = User.objects.filter(email=address.lower()).values_list("language", flat=True).first()
    return spoken or current_language()
