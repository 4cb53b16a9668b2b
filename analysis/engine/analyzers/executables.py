"""Executables of the bundle: which bytes of a tampered one were added or changed."""

from typing import Any

from analysis.engine import comparison, file_rules
from analysis.engine.comparison import Compared, Group, Verdict, compare
from analysis.engine.findings import Evidence, Examined, Finding, NotExamined, Outcome, Severity
from analysis.engine.material import Material
from analysis.engine.parsers.pe import PeFacts
from analysis.engine.text import Text, text

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
    for executable in (whole for whole in material.executables if not whole.cut):
        group, compared = _place(groups, executable)
        if compared.verdict is Verdict.TAMPERED or (
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


def _finding(group: Group, compared: Compared, executable: PeFacts) -> Finding:
    tampered = compared.verdict is Verdict.TAMPERED
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM if tampered else Severity.LOW,
        title=_title(compared, executable),
        summary=_summary(group, compared, executable),
        advice=text(
            f"请保留这份 {group.name}，不要运行它；可将其提交给杀毒软件厂商鉴定。",
            f"Please keep this copy of {group.name}, do not run it; it can be submitted to the "
            "antivirus vendor.",
        ),
        evidence=tuple(_evidence(group, executable)),
        fingerprint=file_rules.fingerprint(RULE, group.name, executable.overlay_size),
        data=group.matrix() | {"executable": executable.as_dict()},
    )


def _title(compared: Compared, executable: PeFacts) -> Text:
    name = executable.artifact
    if executable.overlay_size:
        return text(
            f"{name}：文件末尾附加了 {executable.overlay_size:,} 字节",
            f"{name}: {executable.overlay_size:,} bytes stand behind the end of the program",
        )
    if compared.delta:
        return text(
            f"{name}：程序的各节比基线{'多' if compared.delta > 0 else '少'} {abs(compared.delta):,} 字节",
            f"{name}: its sections hold {abs(compared.delta):,} bytes "
            f"{'more' if compared.delta > 0 else 'less'} "
            "than the baseline",
        )
    return text(f"{name}：大小未变，内容被改动", f"{name}: its size is the same, its content was changed")


def _summary(group: Group, compared: Compared, executable: PeFacts) -> Text:
    zh, en = [], []
    labels = [
        c.state.label
        for g in [group]
        for c in g.states
        if c.state.sha256 == executable.sha256.upper() and c.state.line is not None
    ]
    if labels:
        zh.append(f"包内的这份文件就是采集到的“{labels[0]}”状态（SHA-256 相同）。")
        en.append(f"This file of the bundle is the captured state “{labels[0]}” (same SHA-256).")
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
            f"Behind its last section (offset {executable.overlay_offset:,}) stand "
            f"{executable.overlay_size:,} "
            f"bytes{exact_en}; their entropy is {executable.overlay_entropy:.2f}."
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


def _evidence(group: Group, executable: PeFacts) -> list[Evidence]:
    where: dict[str, Any] = {"offset": executable.overlay_offset or 0}
    facts = (
        f"size {executable.size}, overlay {executable.overlay_size} at {executable.overlay_offset}, "
        f"checksum 0x{executable.checksum_stated:08X} stated / 0x{executable.checksum_computed:08X} computed"
    )
    evidence = [Evidence(executable.artifact, executable.sha256, where, facts)]
    if executable.sections:
        last = executable.sections[-1]
        evidence.append(
            Evidence(
                executable.artifact,
                executable.sha256,
                {"section": last.name, "offset": last.offset},
                f"{last.name}: {last.raw_size} bytes at {last.offset}, the last section",
            )
        )
    if group.baseline is not None:
        evidence.append(comparison.baseline_evidence(group.baseline))
    return evidence
