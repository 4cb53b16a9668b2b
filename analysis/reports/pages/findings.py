"""One finding as one language reads it: conclusion, what it rests on, causes, advice, false alarms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import place
from analysis.reports.pages.comparison import comparison_of
from analysis.reports.pages.file_states import matrix_of
from analysis.reports.pages.rhythm import rhythm_of
from engine.parsers.evtx.reread import AGREES
from engine.schema.document import FindingText
from engine.schema.evidence import Evidence
from engine.text import Text, in_language
from engine.text_safety import UNSHOWABLE, shown

MAX_EVIDENCE = 100
"""Records printed below one finding; the count of the rest is said."""
MAX_LINKS = 8
MAX_LINK_LENGTH = 500


class FindingPages:
    """Findings of one page, rendered one after the other in the active language."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone
        self._matrices: list[Any] = []

    def page(self, ordinal: int, finding: FindingText) -> dict[str, Any]:
        """Strings, ready to show; ``anchor`` and ``position`` name it."""
        severity, evidence, data = finding.severity.value, finding.evidence, finding.data
        comparison = comparison_of(finding)
        summary = paragraphs(self._text(finding.summary))
        return {
            "anchor": f"f{ordinal}",
            "ordinal": ordinal,
            "position": ordinal - 1,
            "rule": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": severity,
            "severity_label": severity_label(severity),
            "title": self._text(finding.title, 300),
            # Beside a table of the parts, the words for each part can wait.
            "summary": summary[:1] if comparison else summary,
            "in_words": summary[1:] if comparison else [],
            "causes": self._text(data.causes),
            "advice": self._text(finding.advice),
            "advice_lines": self._text(finding.advice).splitlines(),
            "false_alarms": self._text(data.false_alarms),
            "references": links(data.references),
            "gaps": self._text(finding.gaps),
            "matrix": self._matrix(finding),
            "comparison": comparison,
            "rhythm": rhythm_of(finding, self.zone),
            "evidence": [
                self._evidence(f"f{ordinal}-e{index}", index - 1, item)
                for index, item in enumerate(evidence[:MAX_EVIDENCE], start=1)
            ],
            "evidence_count": len(evidence),
            "evidence_more": more(len(evidence) - MAX_EVIDENCE),
            "confirmed": confirmed(evidence),
        }

    def _text(self, both: Text | None, limit: int = 2_000) -> str:
        return shown(in_language(both, self.language), limit)

    def _matrix(self, finding: FindingText) -> dict[str, Any] | None:
        """Several findings rest on the states of one file; the table stands with the first of them."""
        matrix = matrix_of(finding)
        if matrix is None or matrix["rows"] in self._matrices:
            return None
        self._matrices.append(matrix["rows"])
        return matrix

    def _evidence(self, anchor: str, index: int, piece: Evidence) -> dict[str, Any]:
        return {
            "anchor": anchor,
            "index": index,
            "artifact": "" if piece.locator.baseline else shown(piece.artifact),
            "sha256": shown(piece.artifact_sha256, 64),
            "place": place(piece.locator, self.zone),
            "message": self._text(piece.message, 600),
            "excerpt": shown(piece.excerpt, 1_000),
        }


def paragraphs(body: str) -> list[str]:
    """A text's paragraphs, lines kept."""
    return [paragraph.strip() for paragraph in body.split("\n\n") if paragraph.strip()]


def severity_label(severity: str) -> str:
    """A word for how much a finding matters; colour alone would not do."""
    labels = {"high": _("serious"), "medium": _("check this"), "low": _("minor"), "info": _("in order")}
    return labels.get(severity, shown(severity, 20))


def more(count: int) -> str:
    """How many of a list are not shown; nothing where all are."""
    return _("and %(count)s more") % {"count": f"{count:,}"} if count > 0 else ""


def confirmed(evidence: Sequence[Evidence]) -> str:
    """How many of the cited records a second parser reads the same; nothing where none is a record."""
    readings = [piece.locator.second_parser for piece in evidence if piece.locator.second_parser is not None]
    agreeing = sum(reading == AGREES for reading in readings)
    if not readings:
        return ""
    count = {"n": f"{len(readings):,}", "agreeing": f"{agreeing:,}"}
    if agreeing == len(readings):
        return (
            ngettext(
                "%(n)s record, read the same by a second parser",
                "%(n)s records, all read the same by a second parser",
                len(readings),
            )
            % count
        )
    return _("%(agreeing)s of %(n)s records read the same by a second parser") % count


def links(references: Iterable[object]) -> list[dict[str, str]]:
    """``url`` and ``label`` of web addresses; a rule of somebody else may carry anything, so
    whatever is not plainly http or https is left out."""
    links = []
    for reference in references:
        url = str(reference).strip()
        if len(url) > MAX_LINK_LENGTH or UNSHOWABLE.search(url) or any(letter.isspace() for letter in url):
            continue
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc:
            label = parts.netloc.removeprefix("www.") + parts.path.rstrip("/")
            links.append({"url": url, "label": shown(label, 90)})
    return links[:MAX_LINKS]
