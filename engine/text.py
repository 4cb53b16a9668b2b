"""Sentences in both languages of the portal, side by side, as plain data."""

from typing import TypedDict

LANGUAGES = ("zh-hans", "en")

Text = TypedDict("Text", {"zh-hans": str, "en": str})
"""One sentence or paragraph in every language, e.g. ``{"zh-hans": "…", "en": "…"}``."""


def text(zh: str, en: str) -> Text:
    """Both languages of one sentence."""
    return {"zh-hans": zh, "en": en}
