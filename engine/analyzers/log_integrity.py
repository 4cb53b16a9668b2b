"""Event logs that do not hold all they should: records missing, chunks damaged, the end cut off.

A log of which the oldest records were overwritten (its first number is not 1) is not damaged;
a copy of a log in use (dirty) is told with the log, and is no finding by itself.
"""

from engine.conclusions.fingerprints import fingerprint
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.evtx.log_facts import LogFacts
from engine.phrases import joined
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.text import Text, text

RULE = "event-log-damaged"
MAX_CITED = 20
"""Missing ranges and damaged chunks that are cited, each."""


def examine(material: Material) -> Outcome:
    """One finding for each damaged log."""
    if not material.logs:
        return NotExamined(
            text(
                "包内没有事件日志（.evtx）。",
                "The bundle holds no event log (.evtx).",
            )
        )
    findings = tuple(_finding(material, log) for log in material.logs if _is_damaged(log))
    return Examined(
        findings,
        records=sum(log.records for log in material.logs),
        unreadable=sum(log.unreadable for log in material.logs),
    )


def _is_damaged(log: LogFacts) -> bool:
    return bool(log.missing_records or log.bad_chunks or log.cut or log.unreadable)


def _finding(material: Material, log: LogFacts) -> Finding:
    artifact = material.artifact(log.artifact)
    name = log.artifact.rpartition("/")[2]
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM,
        title=_title(name, log),
        summary=joined(
            [
                *([artifact.detail] if artifact.detail else []),
                text(
                    "以下各项检查只能看到读得出的记录：没有发现不等于没有发生。",
                    "The checks see only what could be read: nothing found does not mean nothing happened.",
                ),
            ]
        ),
        advice=text(
            "请在原电脑上用事件查看器或 wevtutil epl 重新导出该日志，再上传一次；"
            "如果仍然损坏，请检查该电脑的磁盘（chkdsk）以及是否发生过异常断电。",
            "Export the log again on the machine itself, with Event Viewer or wevtutil epl, and upload it "
            "once more. If it is damaged again, check the machine's disk (chkdsk) and whether it lost power.",
        ),
        evidence=_evidence(artifact.sha256, log),
        fingerprint=fingerprint(RULE, material.channel(log.artifact) or name),
        data=Facts(
            log=log.artifact,
            records=log.records,
            missing=log.missing,
            missing_records=log.missing_records,
            bad_chunks=log.bad_chunks,
            unreadable=log.unreadable,
            cut=log.cut,
        ),
    )


def _title(name: str, log: LogFacts) -> Text:
    if count := log.missing_records:
        verb = "record is" if count == 1 else "records are"
        return text(f"{name} 缺少 {count:,} 条记录", f"{name}: {count:,} {verb} missing")
    if log.bad_chunks or log.unreadable:
        return text(f"{name} 有一部分损坏", f"{name} is damaged in part")
    return text(f"{name} 的末尾被截断", f"The end of {name} is cut off")


def _evidence(digest: str, log: LogFacts) -> tuple[Evidence, ...]:
    gaps = [
        Evidence(
            log.artifact,
            digest,
            Locator(missing=f"{first}" if first == last else f"{first}–{last}"),
            f"{last - first + 1:,} record numbers without a record",
        )
        for first, last in log.missing[:MAX_CITED]
    ]
    if log.missing_records and not gaps:
        told = f"{log.missing_records:,} records missing, their numbers are not known"
        gaps.append(Evidence(log.artifact, digest, Locator(), told))
    bad = set(log.bad_chunks[:MAX_CITED])
    chunks = (
        Evidence(
            log.artifact,
            digest,
            Locator(chunk=chunk.number, offset=chunk.offset),
            f"header {'valid' if chunk.header_valid else 'not valid'}, "
            f"checksum of the records {'valid' if chunk.data_valid else 'not valid'}",
        )
        for chunk in log.chunks
        if chunk.number in bad
    )
    return (*gaps, *chunks)
