"""All captured files side by side: file by state, what differs first, the rest counted and folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.reports.pages.file_states import matrix
from engine.schema.files import FileCounts, FilesOverview
from engine.text_safety import shown

MAX_UNFOLDED = 12
"""Files of one table that are shown before the fold."""
MAX_NAMED = 200


def files_page(files: FilesOverview) -> dict[str, Any] | None:
    """``None`` where there is but one file (its
    finding shows all of it) or none.

    ``tables`` hold files that were captured at the same moments: ``heads`` (the states' names),
    ``rows`` and ``folded`` rows, each with a cell for each head; ``quiet`` are the files that do
    not differ, ``said`` and ``names``.
    """
    counts = files.counts
    if counts.total < 2 and not counts.cut and not counts.absent:
        return None
    tables: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for file_entry in files.differing:
        states = matrix(file_entry)
        heads = tuple(_head(row) for row in states["rows"])
        tables.setdefault(heads, []).append(states)
    unlisted = counts.differing - len(files.differing)
    return {
        "said": _counted(counts),
        "tables": [
            {
                "heads": heads,
                "rows": rows[:MAX_UNFOLDED],
                "folded": rows[MAX_UNFOLDED:],
                "more": ngettext(
                    "%(n)s more file that differs", "%(n)s more files that differ", len(rows) - MAX_UNFOLDED
                )
                % {"n": f"{len(rows) - MAX_UNFOLDED:,}"},
            }
            for heads, rows in tables.items()
        ],
        "unlisted": _("%(n)s more files differ and are not listed.") % {"n": f"{unlisted:,}"}
        if unlisted > 0
        else "",
        "quiet": [
            {"said": label, "names": _names(paths, count)} for paths, count, label in _quiet(files) if count
        ],
    }


def _head(row: dict[str, Any]) -> str:
    return f"{row['label']} · {row['machine']}" if row["machine"] else str(row["label"])


def _counted(counts: FileCounts) -> str:
    total, differing = counts.total, counts.differing
    values = {"total": f"{total:,}", "n": f"{differing:,}"}
    if not differing:
        return _("%(total)s files were captured; none differs.") % values
    return (
        ngettext(
            "%(total)s files were captured; %(n)s differs.",
            "%(total)s files were captured; %(n)s differ.",
            differing,
        )
        % values
    )


def _quiet(files: FilesOverview) -> Iterable[tuple[Sequence[str], int, str]]:
    counts = files.counts
    equal, same, single = counts.equal, counts.same, counts.single
    apart, absent, cut = counts.apart, counts.absent, counts.cut
    return (
        (
            files.equal,
            equal,
            ngettext("%(n)s file equals its baseline", "%(n)s files equal their baselines", equal)
            % {"n": f"{equal:,}"},
        ),
        (
            files.same,
            same,
            ngettext(
                "%(n)s file was the same at every capture", "%(n)s files were the same at every capture", same
            )
            % {"n": f"{same:,}"},
        ),
        (
            files.single,
            single,
            ngettext(
                "%(n)s file was captured once and has no baseline to compare with",
                "%(n)s files were captured once and have no baseline to compare with",
                single,
            )
            % {"n": f"{single:,}"},
        ),
        (
            files.apart,
            apart,
            ngettext(
                "%(n)s file was captured more than once, but with nothing that can be compared",
                "%(n)s files were captured more than once, but with nothing that can be compared",
                apart,
            )
            % {"n": f"{apart:,}"},
        ),
        (
            files.absent,
            absent,
            ngettext(
                "%(n)s file was asked for and was not there",
                "%(n)s files were asked for and were not there",
                absent,
            )
            % {"n": f"{absent:,}"},
        ),
        (
            files.cut,
            cut,
            ngettext(
                "%(n)s path was cut off by the console and is not compared; please capture it with "
                "Format-List",
                "%(n)s paths were cut off by the console and are not compared; please capture them with "
                "Format-List",
                cut,
            )
            % {"n": f"{cut:,}"},
        ),
    )


def _names(paths: Iterable[str], count: int) -> dict[str, Any]:
    listed = [shown(path) for path in list(paths)[:MAX_NAMED]]
    more = count - len(listed)
    return {"listed": listed, "more": _("and %(count)s more") % {"count": f"{more:,}"} if more > 0 else ""}
