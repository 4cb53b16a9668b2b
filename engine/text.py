"""Sentences in both languages of the portal, side by side, as plain data."""

from typing import TypedDict

LANGUAGES = ("zh-hans", "en")

Text = TypedDict("Text", {"zh-hans": str, "en": str})
"""One sentence or paragraph in every language, e.g. ``{"zh-hans": "…", "en": "…"}``."""


def text(zh: str, en: str) -> Text:
    """Both languages of one sentence."""
    return {"zh-hans": zh, "en": en}


def in_language(both: Text | None, lang: str) -> str:
    """One language (``zh-hans`` or ``en``) of a sentence; nothing where there is no sentence."""
    return (both["en"] if lang == "en" else both["zh-hans"]) if both else ""


def joined(*sentences: Text | None) -> Text:
    """Sentences one behind the other; empty of none."""
    told = [sentence for sentence in sentences if sentence is not None]
    return text("".join(one["zh-hans"] for one in told), " ".join(one["en"] for one in told if one["en"]))
