"""Two copies of one executable as a table, part by part, and as a map of both files to scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import grouped
from analysis.reports.file_map import maps_of, state_word
from analysis.reports.signature_page import state_label
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
    found = finding.data.comparison
    if found is None:
        return None
    rows = [
        _row(_("Whole file"), "changed", size=found.size, detail=_checksum(found.checksum_fits)),
        _headers(found.headers, found.header_bytes),
        _entry(found.entry_point),
        *(_section(one) for one in found.sections),
        _names(_("Imported functions"), found.imports),
        _names(_("Resources"), found.resources),
        _overlay(found.overlay),
        _certificates(found.certificates),
    ]
    unchanged = _(", ").join(row["part"] for row in rows if row["state"] == "same")
    return {
        "reference": shown(found.reference),
        "other": shown(found.other),
        "differing": [row for row in rows if row["state"] not in UNCHANGED],
        "same": [row for row in rows if row["state"] in UNCHANGED],
        "same_said": _("Unchanged: %(parts)s.") % {"parts": unchanged} if unchanged else "",
        "kept": _kept(found.kept),
        "maps": maps_of(found),
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
        "size": _arrow([grouped(one) if one is not None else "–" for one in size]) if any(size) else "",
        "delta": f"{grown:+,}" if grown else "",
        "entropy": _arrow([f"{one:.2f}" if one is not None else "–" for one in entropy])
        if any(one is not None for one in entropy)
        else "",
        "detail": [one for one in detail if one],
    }


def _arrow(both: Sequence[str]) -> str:
    return both[0] if both[0] == both[1] else " → ".join(both)


def _checksum(fits: Sequence[bool]) -> list[str]:
    return [_("the checksum in the header no longer fits the content")] if fits[0] and not fits[1] else []


def _headers(fields: Sequence[HeaderChange], count: int) -> Row:
    said = (
        [ngettext("%(n)s byte differs", "%(n)s bytes differ", count) % {"n": f"{count:,}"}] if count else []
    )
    said += [
        f"{shown(one.field, 60)}: {_number(one.reference)} → {_number(one.other)}"
        for one in fields[:MAX_FIELDS]
    ]
    if len(fields) > MAX_FIELDS:
        said.append(_("and %(count)s more") % {"count": len(fields) - MAX_FIELDS})
    return _row(_("Headers"), "changed" if said else "same", detail=said)


def _number(value: int) -> str:
    return f"0x{value:X}" if value > 9 else str(value)


def _entry(found: EntryPoint) -> Row:
    if found.state == "same":
        return _row(_("Entry point"), "same")
    said = []
    before, after = found.address
    if before != after:
        said.append(
            _("moved from %(before)s to %(after)s") % {"before": f"0x{before:X}", "after": f"0x{after:X}"}
        )
    else:
        said.append(_("its first instructions were rewritten"))
    if found.jump:
        address, section = found.jump
        where = shown(section, 40) if section else _("no section")
        said.append(
            _("it now jumps to %(address)s (%(section)s)") % {"address": f"0x{address:X}", "section": where}
        )
    codes = [_bytes(one) for one in found.bytes]
    if all(codes) and codes[0] != codes[1]:
        said.append(" → ".join(codes))
    return _row(_("Entry point"), "changed", detail=said)


def _bytes(code: str) -> str:
    first = shown(code[:16], 16).upper()
    return " ".join(first[at : at + 2] for at in range(0, len(first), 2))


def _section(one: SectionPair) -> Row:
    said = []
    if one.state == "changed":
        count = one.changed_bytes
        said.append(ngettext("%(n)s byte differs", "%(n)s bytes differ", count) % {"n": f"{count:,}"})
        said += [
            _("%(length)s at offset %(offset)s") % {"length": grouped(length), "offset": grouped(offset)}
            for offset, length in one.places[:MAX_PLACES]
        ]
        more = len(one.places) - MAX_PLACES + one.more_places
        if more > 0:
            said.append(_("and %(count)s more") % {"count": f"{more:,}"})
    name = shown(one.name, 40) or "–"
    return _row(
        _("Section %(name)s") % {"name": name},
        one.state,
        size=one.size,
        entropy=one.entropy,
        detail=said,
    )


def _names(part: str, found: NameChanges) -> Row:
    said = list(_listed(found))
    return _row(part, "changed" if said else "same", detail=said)


def _listed(found: NameChanges) -> Iterator[str]:
    for sign, count, names in (
        ("+", found.added_count, found.added),
        ("−", found.removed_count, found.removed),
        ("≠", found.changed_count, found.changed),
    ):
        if count:
            told = ", ".join(shown(name, 80) for name in names[:MAX_NAMES])
            yield f"{sign}{count:,}: {told}{' …' if count > MAX_NAMES else ''}"


def _overlay(found: OverlayPair) -> Row:
    before, after = found.size
    if not before and not after:
        return _row(_("Appended data"), "none")
    state = "same" if not found.changed else "added" if not before else "removed" if not after else "changed"
    at = found.offset[1]
    said = (
        [_("at offset %(offset)s, behind the last section") % {"offset": grouped(at)}]
        if at is not None
        else []
    )
    return _row(_("Appended data"), state, size=found.size, entropy=found.entropy, detail=said)


def _certificates(found: CertificatePair) -> Row:
    before, after = found.size
    states = [state_label(one) for one in found.signature]
    if not before and not after:
        return _row(_("Certificate table"), "none", detail=[_arrow(states)])
    state = "added" if not before else "removed" if not after else "same" if before == after else "changed"
    signer = shown(found.signer[1] or found.signer[0] or "", 120)
    said = [_("signature: %(states)s") % {"states": _arrow(states)}, signer]
    if states[0] != states[1] and state == "same":
        state = "changed"
    return _row(_("Certificate table"), state, size=found.size, detail=said)


def _kept(kept: Sequence[str]) -> str:
    words = {
        "version": _("the version"),
        "link_time": _("the link time"),
        "checksum": _("the checksum in the header"),
        "size": _("the file size"),
        "signature": _("the size of the certificate table"),
    }
    names = [words[one] for one in kept if one in words]
    if not names:
        return ""
    return _("Left as it was, so that it looks unchanged: %(names)s.") % {"names": _(", ").join(names)}
