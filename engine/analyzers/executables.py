"""Executables of the bundle: which bytes of a tampered one were added or changed.

Two copies of one file are compared; of a single one its own contradictions are told.
"""

from collections.abc import Iterator

from engine.analyzers import executables_text
from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison
from engine.files.comparison import Compared, Group, compare
from engine.files.executable_pairs import compared_copies
from engine.files.rules import READ_WHOLE, bytes_of
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.pe.comparison import Comparison
from engine.parsers.pe.facts import PeFacts
from engine.schema.evidence import Evidence, Locator
from engine.schema.files import Verdict
from engine.text import Text, text

RULE = "tampered-executable"


def examine(material: Material) -> Outcome:
    if not material.executables:
        return NotExamined(
            text(
                "包内没有可执行文件，无法查看具体改动了哪些字节。如方便，请一并上传被怀疑的文件。",
                "The bundle holds no executable, so which bytes were changed cannot be seen. If possible, "
                "please upload the suspected file too.",
            )
        )
    findings, groups = [], compare(material)
    copies = compared_copies(material, groups)
    for executable in (whole for whole in material.executables if not whole.cut):
        group, compared = _place(groups, executable)
        if executable.artifact in copies:
            findings.append(_pair(group, compared, copies[executable.artifact]))
        elif compared.verdict is Verdict.TAMPERED or (
            compared.verdict is Verdict.UNKNOWN and executable.overlay_size and not executable.checksum_fits
        ):
            findings.append(_finding(group, compared, executable))
    cut = sum(executable.cut for executable in material.executables)
    return Examined(tuple(findings), len(material.executables) - cut, cut)


def _place(groups: list[Group], executable: PeFacts) -> tuple[Group, Compared]:
    """Where the file stands in the comparison: its captured state, or a state of its own."""
    for group in groups:
        for compared in group.states:
            if compared.executable is not None and compared.state.sha256 == executable.sha256.upper():
                return group, compared
    raise LookupError(executable.artifact)


def _pair(group: Group, compared: Compared, comparison: Comparison) -> Finding:
    executable, reference = comparison.other, comparison.reference
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM,
        title=executables_text.title(comparison),
        summary=executables_text.summary(comparison, _captured_as(group, executable)),
        advice=_advice(group.name),
        evidence=(
            *_evidence(group, executable),
            *_changes(comparison),
            Evidence(reference.artifact, reference.sha256, Locator(offset=0), _facts(reference)),
        ),
        fingerprint=fingerprint(RULE, group.name, comparison.overlay_added, comparison.changed_bytes),
        data=group.facts(executable=executable.as_entry(), comparison=comparison.as_entry()),
        gaps=READ_WHOLE,
    )


def _changes(comparison: Comparison) -> Iterator[Evidence]:
    """The first places where the sections differ."""
    for section in comparison.sections:
        if section.places:
            offset, length = section.places[0]
            yield Evidence(
                comparison.other.artifact,
                comparison.other.sha256,
                Locator(section=section.name, offset=offset),
                f"{section.name}: {section.changed:,} bytes differ, first {length:,} at {offset:,}",
            )


def _finding(group: Group, compared: Compared, executable: PeFacts) -> Finding:
    tampered = compared.verdict is Verdict.TAMPERED
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM if tampered else Severity.LOW,
        title=_title(compared, executable),
        summary=_summary(group, compared, executable),
        advice=_advice(group.name),
        evidence=tuple(_evidence(group, executable)),
        fingerprint=fingerprint(RULE, group.name, executable.overlay_size),
        data=group.facts(executable=executable.as_entry()),
        gaps=READ_WHOLE,
    )


def _advice(name: str) -> Text:
    return text(
        f"请保留这份 {name}，不要运行它；可将其提交给杀毒软件厂商鉴定。",
        f"Please keep this copy of {name}, do not run it; it can be submitted to the antivirus vendor.",
    )


def _title(compared: Compared, executable: PeFacts) -> Text:
    name = executable.artifact
    if executable.overlay_size:
        return text(
            f"{name}：文件末尾附加了 {executable.overlay_size:,} 字节",
            f"{name}: {bytes_of(executable.overlay_size)} behind the end of the program",
        )
    if compared.delta:
        return text(
            f"{name}：程序的各节比基线{'多' if compared.delta > 0 else '少'} {abs(compared.delta):,} 字节",
            f"{name}: its sections hold {bytes_of(abs(compared.delta))} "
            f"{'more' if compared.delta > 0 else 'less'} "
            "than the baseline",
        )
    return text(f"{name}：大小未变，内容被改动", f"{name}: its size is the same, its content was changed")


def _summary(group: Group, compared: Compared, executable: PeFacts) -> Text:
    captured = _captured_as(group, executable)
    zh, en = ([captured["zh-hans"]], [captured["en"]]) if captured["en"] else ([], [])
    if executable.overlay_size:
        exact_zh = "，正好是它比基线多出的部分" if compared.delta == executable.overlay_size else ""
        exact_en = (
            ", exactly what it has more than the baseline"
            if compared.delta == executable.overlay_size
            else ""
        )
        zh.append(
            f"最后一节之后（偏移 {executable.overlay_offset:,}）附加了 {executable.overlay_size:,} "
            f"字节{exact_zh}；"
            f"熵为 {executable.overlay_entropy:.2f}。"
        )
        en.append(
            f"Behind its last section (offset {executable.overlay_offset:,}) it has "
            f"{bytes_of(executable.overlay_size)}{exact_en}, of an entropy of "
            f"{executable.overlay_entropy:.2f}."
        )
    if not executable.checksum_fits:
        zh.append(
            f"文件头中的校验和（0x{executable.checksum_stated:08X}）与实际内容（0x{executable.checksum_computed:08X}）不符，"
            "说明文件在生成之后被改动过。"
        )
        en.append(
            f"The checksum in its header (0x{executable.checksum_stated:08X}) does not fit its content "
            f"(0x{executable.checksum_computed:08X}): it was changed after it was built."
        )
    if compared.same_version and executable.file_version:
        zh.append(f"版本资源仍写着“{executable.file_version}”。")
        en.append(f"The version resource still says “{executable.file_version}”.")
    if group.baseline is None:
        zh.append("没有该文件的基线，尚不能断定。")
        en.append("There is no baseline of this file, so this is not conclusive.")
    return text("".join(zh), " ".join(en))


def _captured_as(group: Group, executable: PeFacts) -> Text:
    """Which captured state this very file is; empty where it is none."""
    labels = [
        c.state.label
        for c in group.states
        if c.state.sha256 == executable.sha256.upper() and c.state.line is not None
    ]
    if not labels:
        return text("", "")
    return text(
        f"包内的这份文件就是采集到的“{labels[0]}”状态（SHA-256 相同）。",
        f"This file of the bundle is the captured state “{labels[0]}” (same SHA-256).",
    )


def _evidence(group: Group, executable: PeFacts) -> list[Evidence]:
    where = Locator(offset=executable.overlay_offset or 0)
    evidence = [Evidence(executable.artifact, executable.sha256, where, _facts(executable))]
    if executable.sections:
        last = executable.sections[-1]
        evidence.append(
            Evidence(
                executable.artifact,
                executable.sha256,
                Locator(section=last.name, offset=last.offset),
                f"{last.name}: {last.raw_size} bytes at {last.offset}, the last section",
            )
        )
    if group.baseline is not None:
        evidence.append(comparison.baseline_evidence(group.baseline))
    return evidence


def _facts(executable: PeFacts) -> str:
    at = f" at {executable.overlay_offset}" if executable.overlay_size else ""
    return (
        f"size {executable.size}, overlay {executable.overlay_size}{at}, "
        f"checksum 0x{executable.checksum_stated:08X} stated / 0x{executable.checksum_computed:08X} "
        f"computed, signature: {executable.signature.state}"
    )
