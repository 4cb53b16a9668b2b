"""Two copies of one executable as a table, part by part, and as a map of both files to scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import grouped
from analysis.reports.pages.file_map import maps_of, state_word
from analysis.reports.pages.signatures import state_label
from engine.schema.document import FindingText
from engine.schema.executables import (
    CertificatePair,
    EntryPoint,
    HeaderChange,
    NameChanges,
    OverlayPair,
    SectionPair,
)
from engine.text_safety import shown

MAX_PLACES = 3
MAX_NAMES = 12
MAX_FIELDS = 12
UNCHANGED = ("same", "none")

Row = dict[str, Any]


def comparison_of(finding: FindingText) -> dict[str, Any] | None:
    """``None`` for a finding that compares no two copies. ``differing`` and ``same`` rows have
    ``part``, ``state`` (``same``, ``changed``, ``added``, ``removed``), ``label`` (its word), ``size``
    and ``entropy`` (texts), ``detail`` (sentences); ``kept`` says what was left alone; ``maps`` are
    ``file_map.maps_of``.
    """
    comparison = finding.data.comparison
    if comparison is None:
        return None
    rows = [
        _row(_("Whole file"), "changed", size=comparison.size, detail=_checksum(comparison.checksum_fits)),
        _headers(comparison.headers, comparison.header_bytes),
        _entry(comparison.entry_point),
        *(_section(section) for section in comparison.sections),
        _names(_("Imported functions"), comparison.imports),
        _names(_("Resources"), comparison.resources),
        _overlay(comparison.overlay),
        _certificates(comparison.certificates),
    ]
    unchanged = _(", ").join(row["part"] for row in rows if row["state"] == "same")
    return {
        "reference": shown(comparison.reference),
        "other": shown(comparison.other),
        "differing": [row for row in rows if row["state"] not in UNCHANGED],
        "same": [row for row in rows if row["state"] in UNCHANGED],
        "same_said": _("Unchanged: %(parts)s.") % {"parts": unchanged} if unchanged else "",
        "kept": _kept(comparison.kept),
        "maps": maps_of(comparison),
    }


def _row(
    part: str,
    state: str,
    *,
    size: Sequence[int | None] = (None, None),
    entropy: Sequence[float | None] = (None, None),
    detail: Sequence[str] = (),
) -> Row:
    before, after = size
    grown = after - before if before is not None and after is not None else 0
    return {
        "part": part,
        "state": state,
        "label": state_word(state),
        "size": _both([grouped(count) if count is not None else "–" for count in size]) if any(size) else "",
        "delta": f"{grown:+,}" if grown else "",
        "entropy": _both([f"{value:.2f}" if value is not None else "–" for value in entropy])
        if any(value is not None for value in entropy)
        else "",
        "detail": [part for part in detail if part],
    }


def _both(values: Sequence[str]) -> str:
    """The reference's and the other copy's; an arrow would say which was first."""
    return values[0] if values[0] == values[1] else " / ".join(values)


def _checksum(fits: Sequence[bool]) -> list[str]:
    return [_("the checksum in the header no longer fits the content")] if fits[0] and not fits[1] else []


def _headers(fields: Sequence[HeaderChange], count: int) -> Row:
    details = (
        [ngettext("%(n)s byte differs", "%(n)s bytes differ", count) % {"n": f"{count:,}"}] if count else []
    )
    details += [
        f"{shown(field.field, 60)}: {_number(field.reference)} / {_number(field.other)}"
        for field in fields[:MAX_FIELDS]
    ]
    if len(fields) > MAX_FIELDS:
        details.append(_("and %(count)s more") % {"count": len(fields) - MAX_FIELDS})
    return _row(_("Headers"), "changed" if details else "same", detail=details)


def _number(value: int) -> str:
    return f"0x{value:X}" if value > 9 else str(value)


def _entry(entry: EntryPoint) -> Row:
    if entry.state == "same":
        return _row(_("Entry point"), "same")
    details = []
    before, after = entry.address
    if before != after:
        details.append(f"0x{before:X} / 0x{after:X}")
    else:
        details.append(_("its first instructions differ"))
    if entry.jump:
        address, section = entry.jump
        where = shown(section, 40) if section else _("no section")
        details.append(
            _("it jumps to %(address)s (%(section)s)") % {"address": f"0x{address:X}", "section": where}
        )
    codes = [_bytes(code) for code in entry.bytes]
    if all(codes) and codes[0] != codes[1]:
        details.append(" / ".join(codes))
    return _row(_("Entry point"), "changed", detail=details)


def _bytes(code: str) -> str:
    first = shown(code[:16], 16).upper()
    return " ".join(first[at : at + 2] for at in range(0, len(first), 2))


def _section(section: SectionPair) -> Row:
    details = []
    if section.state == "changed":
        count = section.changed_bytes
        details.append(ngettext("%(n)s byte differs", "%(n)s bytes differ", count) % {"n": f"{count:,}"})
        details += [
            _("%(length)s at offset %(offset)s") % {"length": grouped(length), "offset": grouped(offset)}
            for offset, length in section.places[:MAX_PLACES]
        ]
        more = len(section.places) - MAX_PLACES + section.more_places
        if more > 0:
            details.append(_("and %(count)s more") % {"count": f"{more:,}"})
    name = shown(section.name, 40) or "–"
    return _row(
        _("Section %(name)s") % {"name": name},
        section.state,
        size=section.size,
        entropy=section.entropy,
        detail=details,
    )


def _names(part: str, changes: NameChanges) -> Row:
    details = list(_listed(changes))
    return _row(part, "changed" if details else "same", detail=details)


def _listed(changes: NameChanges) -> Iterator[str]:
    for sign, count, names in (
        ("+", changes.added_count, changes.added),
        ("−", changes.removed_count, changes.removed),
        ("≠", changes.changed_count, changes.changed),
    ):
        if count:
            listed = ", ".join(shown(name, 80) for name in names[:MAX_NAMES])
            yield f"{sign}{count:,}: {listed}{' …' if count > MAX_NAMES else ''}"


def _overlay(overlay: OverlayPair) -> Row:
    before, after = overlay.size
    if not before and not after:
        return _row(_("Appended data"), "none")
    state = (
        "same" if not overlay.changed else "added" if not before else "removed" if not after else "changed"
    )
    at = overlay.offset[1]
    detail = (
        [_("at offset %(offset)s, behind the last section") % {"offset": grouped(at)}]
        if at is not None
        else []
    )
    return _row(_("Appended data"), state, size=overlay.size, entropy=overlay.entropy, detail=detail)


def _certificates(certificates: CertificatePair) -> Row:
    before, after = certificates.size
    states = [state_label(signature) for signature in certificates.signature]
    if not before and not after:
        return _row(_("Certificate table"), "none", detail=[_both(states)])
    state = "added" if not before else "removed" if not after else "same" if before == after else "changed"
    signer = shown(certificates.signer[1] or certificates.signer[0] or "", 120)
    details = [_("signature: %(states)s") % {"states": _both(states)}, signer]
    if states[0] != states[1] and state == "same":
        state = "changed"
    return _row(_("Certificate table"), state, size=certificates.size, detail=details)


def _kept(kept: Sequence[str]) -> str:
    words = {
        "version": _("the version"),
        "link_time": _("the link time"),
        "checksum": _("the checksum in the header"),
        "size": _("the file size"),
        "signature": _("the size of the certificate table"),
    }
    names = [words[name] for name in kept if name in words]
    if not names:
        return ""
    return _("Left as it was, so that it looks unchanged: %(names)s.") % {"names": _(", ").join(names)}
