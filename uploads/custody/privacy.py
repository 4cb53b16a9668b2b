"""The privacy statement: which version is in force, and how its text is shown.

The first versions come with the portal (uploads/custody/statements/); an administrator writes the next ones
in the administration. Once published, a text never changes: a new one is a new version, and
everybody is asked again before her next upload.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from accounts.languages import current_language
from uploads.custody.models import Statement

LANGUAGES = ("zh-hans", "en")
OWN = Path(__file__).parent / "statements"
FIRST = (("1", datetime(2026, 11, 1, tzinfo=UTC), 90), ("2", datetime(2026, 11, 23, tzinfo=UTC), None))
"""Version, since when, days that its text promises: what a new portal begins with."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


def publish_first_versions(**_: Any) -> None:
    """Publishes the portal's own versions where there is none at all; called after every migration."""
    if Statement.objects.exists():
        return
    for version, since, days in FIRST:
        chinese, english = ((OWN / f"{version}.{language}.md").read_text("utf-8") for language in LANGUAGES)
        Statement.objects.create(
            version=version, text_zh=chinese, text_en=english, most_days=days, published_at=since
        )


def statement_in_force() -> Statement:
    """The version that was published last."""
    return Statement.objects.exclude(published_at=None).latest("published_at")


def version_in_force() -> str:
    """Its number."""
    return statement_in_force().version


def statement_shown(statement: Statement | None = None) -> dict[str, object]:
    """What templates show of a statement, of the one in force if none is named."""
    statement = statement or statement_in_force()
    text = statement.text(current_language())
    begins, rest = parts_of(text)
    return {
        "statement_html": html_of(text),
        "statement_begins": html_of(begins),
        "statement_rest": html_of(rest),
        "privacy_version": statement.version,
        "is_draft": statement.published_at is None,
    }


def parts_of(text: str) -> tuple[str, str]:
    """Its first paragraph, which says what it is about, and the rest."""
    begins, _, rest = text.strip().partition("\n\n")
    return begins, rest


def html_of(text: str) -> SafeString:
    """CommonMark as HTML: tags in the text are shown as text, links that run scripts stay text."""
    return SafeString(_MARKDOWN.render(text))
