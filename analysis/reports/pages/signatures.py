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

TONES = {
    "valid": "good",
    "broken": "bad",
    "padded": "warn",
    "damaged": "warn",
    "unverified": "warn",
    "unsigned": "quiet",
}
"""The states; those that matter most are listed first."""
ORDER = ("broken", "padded", "damaged", "unverified", "valid")
MAX_PROGRAMS = 100


def facts_of(executables: Iterable[Executable]) -> list[SignedProgram]:
    """What a report keeps of the executables: not what no page shows."""
    return [
        SignedProgram(
            artifact=executable.artifact,
            sha256=executable.sha256,
            version=executable.file_version,
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
        for executable in executables
        if (signature := executable.authenticode) is not None
    ]


def signatures_page(facts: Iterable[SignedProgram], zone: ZoneInfo) -> dict[str, Any] | None:
    """``rows`` of the signed programs, those that do not hold first; ``unsigned`` counts the others;
    ``meanings`` says of each state that occurs what it means. ``None`` where there is no program."""
    programs = list(facts)
    if not programs:
        return None
    signed = sorted(
        (program for program in programs if program.state in ORDER),
        key=lambda program: ORDER.index(program.state),
    )
    unsigned = [program for program in programs if program.state == "unsigned"]
    states = [state for state in (*ORDER, "unsigned") if any(program.state == state for program in programs)]
    more = len(signed) - MAX_PROGRAMS
    return {
        "rows": [_row(program, zone) for program in signed[:MAX_PROGRAMS]],
        "more": _("and %(count)s more") % {"count": f"{more:,}"} if more > 0 else "",
        "unsigned": ngettext("%(n)s program is not signed.", "%(n)s programs are not signed.", len(unsigned))
        % {"n": f"{len(unsigned):,}"}
        if unsigned
        else "",
        "unsigned_names": [shown(program.artifact) for program in unsigned[:MAX_PROGRAMS]],
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
        "unverified": _("not verified"),
        "unsigned": _("not signed"),
    }
    return labels.get(state, shown(state, 20))


def state_meaning(state: str) -> str:
    """One sentence on what a state means."""
    labels = {
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
        "unverified": _(
            "Nothing speaks against it, but its algorithm cannot be checked offline; look at it in Windows."
        ),
        "unsigned": _(
            "No signature stands in the file; that alone is no fault. Files of Windows and drivers are often "
            "signed by a catalogue (.cat) instead."
        ),
    }
    return labels.get(state, "")


def _row(program: SignedProgram, zone: ZoneInfo) -> dict[str, Any]:
    stamp = program.timestamp
    return {
        "artifact": shown(program.artifact),
        "version": shown(program.version or "", 120),
        "state": program.state,
        "label": state_label(program.state),
        "tone": TONES[program.state],
        "signer": shown(program.signer or "–", 120),
        "digest": _digest(program),
        "digest_fits": program.digest_fits,
        "stamp": local_time(stamp.time, zone) if stamp else _("no time stamp"),
        "authority": shown(stamp.authority or "", 120) if stamp else "",
        "stamp_fault": _("does not hold") if stamp and stamp.holds is False else "",
        "chain": [_link(link) for link in program.chain[:10]],
    }


def _digest(program: SignedProgram) -> str:
    if program.digest_fits is None:
        return _("digest not readable")
    name = shown(program.digest_algorithm or "", 20).upper()
    sentence = _("%(name)s digest matches") if program.digest_fits else _("%(name)s digest does not match")
    return sentence % {"name": name}


def _link(link: ChainLink) -> dict[str, Any]:
    sentences = {
        True: _("its issuer is confirmed"),
        False: _("its issuer did not issue it"),
        None: _("its issuer is not in the file"),
    }
    return {
        "subject": shown(link.subject or "–", 160),
        "issuer": shown(link.issuer or "–", 160),
        "period": f"{(link.not_before or '')[:10]} – {(link.not_after or '')[:10]}",
        "said": sentences.get(link.issued_by_next, ""),
        "broken": link.issued_by_next is False,
    }
