"""A title is read at a glance: values of logs in it are shortened, here and nowhere else.

What is left out stands in the summary and in the evidence.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from engine.findings import Finding
from engine.text import LANGUAGES, Text, in_language, text

MAX_TITLE = 120
"""Characters of a title."""
MAX_QUOTED, MAX_RUN = 60, 40
"""Characters between quotation marks, and without a blank."""
_END = 28
"""Characters of a title's end that stay: how often it came stands there."""

_QUOTED = re.compile(r"(?<=“)[^“”]+(?=”)")
_RUN = re.compile(rf"[^\s“”\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{{{MAX_RUN + 1},}}")
"""Unbroken and not Chinese: a path, a package, base64."""


def with_brief_titles(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, their titles ``brief``."""
    return [replace(finding, title=brief(finding.title)) for finding in findings]


def brief(title: Text) -> Text:
    """The title with its long values shortened in the middle; of a path its last part stays."""
    return text(*(_brief(in_language(title, language)) for language in LANGUAGES))


def _brief(title: str) -> str:
    title = _RUN.sub(lambda run: _run(run[0]), title)
    title = _QUOTED.sub(lambda quoted: _middle(quoted[0], MAX_QUOTED), title)
    return _cut(title, MAX_TITLE, _END)


def _run(run: str) -> str:
    folder, separator, name = run.rpartition("\\")
    if separator and folder and 0 < len(name) <= MAX_RUN - 2:
        return f"…\\{name}"
    return _middle(run, MAX_RUN)


def _middle(value: str, limit: int) -> str:
    return _cut(value, limit, limit // 3)


def _cut(value: str, limit: int, end: int) -> str:
    return value if len(value) <= limit else f"{value[: limit - end - 1]}…{value[-end:]}"
