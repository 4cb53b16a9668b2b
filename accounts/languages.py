"""The language of the page, as texts that are kept in both languages are told apart."""

from django.utils.translation import get_language


def current_language() -> str:
    """``en`` or ``zh-hans``: the active language as the engine's texts and the statements name it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"
