"""The privacy statement: which version is in force, and its text.

The text of a version, once published, is never changed: a new text is a new version, with
its two files in templates/uploads/privacy/, and everybody is asked again.
"""

from django.utils.translation import get_language

PRIVACY_VERSION = "1"
LANGUAGES = ("zh-hans", "en")


def statement_language() -> str:
    """The language in which the statement is shown now."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def statement_template(version: str = PRIVACY_VERSION, language: str | None = None) -> str:
    """The template that holds the statement's text."""
    return f"uploads/privacy/{version}.{language or statement_language()}.html"
