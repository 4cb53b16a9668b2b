"""Signed executables whose signature does not hold: altered after signing, damaged, padded, or expired.

An unsigned file is no finding; most of a support case's files are. Trust in a signer's root is
never claimed: the analysis asks no network and no trust store.
"""

import msgspec

from engine.analyzers.signatures_text import ADVICE, CAUSES, FALSE_ALARMS, SUMMARY, TITLE
from engine.conclusions.fingerprints import fingerprint
from engine.files.comparison import base_name
from engine.files.rules import READ_WHOLE
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.pe.facts import PeFacts
from engine.parsers.pe.signature_text import reason
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.text import text

RULE = "executable-signature"

SEVERITY = {
    "broken": Severity.HIGH,
    "padded": Severity.MEDIUM,
    "damaged": Severity.LOW,
    "unverified": Severity.MEDIUM,
    "expired": Severity.LOW,
}
"""What is told of signatures, the most important first: the states that are findings, and those that hold
with certificates that have expired."""

MAX_EVIDENCE = 50
MAX_TOLD = 5


def examine(material: Material) -> Outcome:
    if not material.executables:
        return NotExamined(
            text(
                "包内没有可执行文件，无法检查数字签名。",
                "The bundle holds no executable whose signature could be checked.",
            )
        )
    findings = []
    for state in SEVERITY:
        files = [
            program for program in material.executables if _told_of(program) == state and not program.cut
        ]
        if files:
            findings.append(_finding(state, files))
    return Examined(tuple(findings), len(material.executables))


def _told_of(program: PeFacts) -> str:
    signature = program.signature
    return "expired" if signature.state == "valid" and "expired" in signature.faults else signature.state


def _finding(state: str, files: list[PeFacts]) -> Finding:
    reasons = [reason(program) for program in files[:MAX_TOLD]]
    more = len(files) - len(reasons)
    zh = "".join(reason_text["zh-hans"] for reason_text in reasons) + (
        f"另有 {more} 个文件也是如此。" if more else ""
    )
    en = " ".join(reason_text["en"] for reason_text in reasons) + (
        f" {more} more files are like this." if more else ""
    )
    names = {program.original_name or base_name(program.artifact) for program in files}
    return Finding(
        rule=RULE,
        severity=SEVERITY[state],
        title=TITLE[state](files),
        summary=text(zh + SUMMARY[state]["zh-hans"], f"{en} {SUMMARY[state]['en']}"),
        advice=ADVICE[state],
        evidence=tuple(_evidence(program) for program in files[:MAX_EVIDENCE]),
        fingerprint=fingerprint(RULE, state, *sorted(names)),
        data=Facts(
            causes=CAUSES.get(state),
            false_alarms=FALSE_ALARMS.get(state),
            state=state,
            files=[msgspec.to_builtins(program.as_entry()) for program in files[:MAX_EVIDENCE]],
        ),
        gaps=READ_WHOLE,
    )


def _evidence(program: PeFacts) -> Evidence:
    signature = program.signature
    facts = [f"signer: {signature.signer or '-'}", f"faults: {', '.join(signature.faults) or '-'}"]
    if signature.message is not None:
        facts.append(f"{signature.message.digest_algorithm} stated {signature.message.digest}")
        facts.append(f"{signature.message.digest_algorithm} computed {signature.digest_computed}")
    facts.append(f"table {signature.table_size} bytes, message {signature.message_size} bytes")
    return Evidence(
        program.artifact, program.sha256, Locator(offset=signature.table_offset), "\n".join(facts)
    )
