"""What was examined, put so that a reader takes it in: some eighty checks are too many for a list.

Checks that came to something stand one by one; those that found nothing are counted and named
together; those that could not be made are put together by what was missing.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.schema.document import Examination
from engine.text import in_language
from engine.text_safety import shown


def examined_page(
    examined: Sequence[Examination], with_findings: Collection[str], language: str
) -> dict[str, Any]:
    """``with_findings`` are the rules that this page shows
    a finding of. Returns ``told`` (rows), ``quiet`` and ``missing`` (each ``said`` and ``names``),
    and ``not_made``, how many checks lacked their input."""
    not_run: list[dict[str, str]] = []
    quiet: list[str] = []
    missing: dict[str, list[str]] = {}
    for examination in examined:
        title, detail = (
            shown(in_language(both, language), 500) for both in (examination.title, examination.detail)
        )
        if examination.outcome == "not_examined":
            missing.setdefault(detail, []).append(title)
        elif examination.outcome == "failed":
            not_run.append({"title": title, "detail": detail, "tone": "bad", "label": _("failed")})
        elif examination.rule in with_findings or examination.unreadable:
            not_run.append({"title": title, "detail": detail, "tone": "good", "label": _("examined")})
        else:
            quiet.append(title)
    not_run.sort(key=lambda row: row["tone"] != "bad")
    return {
        "told": not_run,
        "quiet": {"said": _quiet(len(quiet)), "names": _joined(quiet)} if quiet else None,
        "not_made": _not_made(sum(map(len, missing.values()))) if missing else "",
        "missing": [
            {"said": reason, "count": len(names), "names": _joined(names)}
            for reason, names in sorted(missing.items(), key=lambda item: -len(item[1]))
        ],
    }


def _quiet(count: int) -> str:
    sentence = ngettext(
        "%(n)s further check read its records and found nothing.",
        "%(n)s further checks read their records and found nothing.",
        count,
    )
    return sentence % {"n": count}


def _not_made(count: int) -> str:
    sentence = ngettext(
        "%(n)s check could not be made: what it reads is not in the upload.",
        "%(n)s checks could not be made: what they read is not in the upload.",
        count,
    )
    return sentence % {"n": count}


def _joined(names: Sequence[str]) -> str:
    return _("; ").join(names)
