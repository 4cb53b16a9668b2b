"""The signatures of the programs in an upload: who signed, when, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import local_time
from analysis.reports.schema import ChainLink, SignedProgram
from engine.schema.executables import Executable
from engine.text_safety import shown

TONES = {"valid": "good", "broken": "bad", "padded": "warn", "damaged": "warn", "unsigned": "quiet"}
"""The states; those that matter most are listed first."""
ORDER = ("broken", "padded", "damaged", "valid")
MAX_PROGRAMS = 100


def facts_of(executables: Iterable[Executable]) -> list[SignedProgram]:
    """What a report keeps of the executables: not what no page shows."""
    return [
        SignedProgram(
            artifact=one.artifact,
            sha256=one.sha256,
            version=one.file_version,
            state=signature.state,
            signer=signature.signer,
            timestamp=signature.timestamp,
            digest_fits=None
            if signature.digest_stated is None
            else signature.digest_stated == signature.digest_computed,
            digest_algorithm=signature.digest_algorithm,
            padding=signature.padding,
            chain=[
                ChainLink(
                    subject=link.subject,
                    issuer=link.issuer,
                    not_before=link.not_before,
                    not_after=link.not_after,
                    issued_by_next=link.issued_by_next,
                )
                for link in signature.chain
            ],
        )
        for one in executables
        if (signature := one.authenticode) is not None
    ]


def signatures_page(facts: Iterable[SignedProgram], zone: ZoneInfo) -> dict[str, Any] | None:
    """``rows`` of the signed programs, those that do not hold first; ``unsigned`` counts the others;
    ``meanings`` says of each state that occurs what it means. ``None`` where there is no program."""
    found = list(facts)
    if not found:
        return None
    signed = sorted((one for one in found if one.state in ORDER), key=lambda one: ORDER.index(one.state))
    unsigned = [one for one in found if one.state == "unsigned"]
    states = [state for state in (*ORDER, "unsigned") if any(one.state == state for one in found)]
    more = len(signed) - MAX_PROGRAMS
    return {
        "rows": [_row(one, zone) for one in signed[:MAX_PROGRAMS]],
        "more": _("and %(count)s more") % {"count": f"{more:,}"} if more > 0 else "",
        "unsigned": ngettext("%(n)s program is not signed.", "%(n)s programs are not signed.", len(unsigned))
        % {"n": f"{len(unsigned):,}"}
        if unsigned
        else "",
        "unsigned_names": [shown(one.artifact) for one in unsigned[:MAX_PROGRAMS]],
        "meanings": [
            {"label": state_label(state), "tone": TONES[state], "said": state_meaning(state)}
            for state in states
        ],
    }


def state_label(state: str) -> str:
    """A word for what became of a signature."""
    labels = {
        "valid": _("valid"),
        "broken": _("broken"),
        "padded": _("padded"),
        "damaged": _("damaged"),
        "unsigned": _("not signed"),
    }
    return labels.get(state, shown(state, 20))


def state_meaning(state: str) -> str:
    """One sentence on what a state means."""
    said = {
        "valid": _(
            "The content is what the signer signed. Whether the root certificate is to be trusted is not "
            "judged offline."
        ),
        "broken": _("The file was changed after it was signed, or the signature is forged: do not run it."),
        "padded": _(
            "The program is as signed, but foreign data stand in the signature's table, which nothing "
            "protects."
        ),
        "damaged": _(
            "It claims to be signed, but the signature cannot be read; most often it was copied in part."
        ),
        "unsigned": _("Nobody vouches for the content; that alone is no fault."),
    }
    return said.get(state, "")


def _row(one: SignedProgram, zone: ZoneInfo) -> dict[str, Any]:
    stamp = one.timestamp
    return {
        "artifact": shown(one.artifact),
        "version": shown(one.version or "", 120),
        "state": one.state,
        "label": state_label(one.state),
        "tone": TONES[one.state],
        "signer": shown(one.signer or "–", 120),
        "digest": _digest(one),
        "digest_fits": one.digest_fits,
        "stamp": local_time(stamp.time, zone) if stamp else _("no time stamp"),
        "authority": shown(stamp.authority or "", 120) if stamp else "",
        "stamp_fault": _("does not hold") if stamp and stamp.holds is False else "",
        "chain": [_link(link) for link in one.chain[:10]],
    }


def _digest(one: SignedProgram) -> str:
    if one.digest_fits is None:
        return _("digest not readable")
    name = shown(one.digest_algorithm or "", 20).upper()
    said = _("%(name)s digest matches") if one.digest_fits else _("%(name)s digest does not match")
    return said % {"name": name}


def _link(link: ChainLink) -> dict[str, Any]:
    said = {
        True: _("its issuer is confirmed"),
        False: _("its issuer did not issue it"),
        None: _("its issuer is not in the file"),
    }
    return {
        "subject": shown(link.subject or "–", 160),
        "issuer": shown(link.issuer or "–", 160),
        "period": f"{(link.not_before or '')[:10]} – {(link.not_after or '')[:10]}",
        "said": said.get(link.issued_by_next, ""),
        "broken": link.issued_by_next is False,
    }
