"""Tampered files: states whose hash or size contradicts the baseline of the same version."""

from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, rules
from engine.files.comparison import Compared, Group
from engine.findings import Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.schema.files import Verdict
from engine.text import Text, text

RULE = "file-tampered"


def examine(material: Material) -> Outcome:
    groups = rules.groups_with_baseline(material)
    if isinstance(groups, NotExamined):
        return groups
    findings = [_tampered(group, material) for group in groups if group.of(Verdict.TAMPERED)]
    findings += [_other_version(group, material) for group in groups if group.of(Verdict.OTHER_VERSION)]
    return rules.examined(findings, groups, material)


def _tampered(group: Group, material: Material) -> Finding:
    assert group.baseline is not None
    tampered = group.of(Verdict.TAMPERED)
    hashes = {c.state.sha256 for c in tampered if c.state.sha256}
    evidence = [comparison.evidence_of(c, material) for c in tampered]
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        title=_title(group, tampered),
        summary=_summary(group, tampered, len(hashes)),
        advice=advice(group.name),
        evidence=(*evidence, comparison.baseline_evidence(group.baseline)),
        fingerprint=fingerprint(RULE, group.name, group.baseline.sha256),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )


def _title(group: Group, tampered: list[Compared]) -> Text:
    count = len(tampered)
    if count == 1:
        return text(
            f"{group.name} 被篡改：“{tampered[0].state.label}”与基线不符",
            f"{group.name} was tampered with: “{tampered[0].state.label}” differs from the baseline",
        )
    return text(
        f"{group.name} 被篡改：有 {count} 个状态与基线不符",
        f"{group.name} was tampered with: {count} states differ from the baseline",
    )


def _summary(group: Group, tampered: list[Compared], hashes: int) -> Text:
    assert group.baseline is not None
    label, known = group.baseline.label, comparison.short(group.baseline.sha256)
    zh = f"与基线“{label}”（{known}）比对："
    en = f"Compared with the baseline “{label}” ({known}): "
    parts = [rules.difference(compared) for compared in tampered]
    zh += "".join(part["zh-hans"] for part in parts)
    en += " ".join(part["en"] for part in parts)
    if len(tampered) > 1 and hashes == len(tampered):
        zh += f"这 {hashes} 个状态的哈希各不相同，说明文件不止一次被改动。"
        en += f" These {hashes} states have {hashes} different hashes: the file was changed more than once."
    elif len(tampered) > 1 and hashes == 1:
        zh += "这些状态的哈希相同，是同一个被改动的文件。"
        en += " These states have the same hash: it is one and the same changed file."
    return text(zh, en)


def advice(name: str) -> Text:
    """What the customer should do about a file that something changes after its installation."""
    return text(
        f"1. 请先更新病毒库，对整台电脑做一次全盘查杀。\n"
        f"2. 卸载 {name} 所属的软件，然后重启电脑。\n"
        f"3. 用可信来源的安装包重新安装，并立即用 Get-FileHash 核对 {name} 与基线一致。\n"
        f"4. 启动服务时请留意安全软件的提示：如果有程序试图修改 {name}，请阻止并清除该程序，"
        "再把提示内容发给我们。",
        f"1. Update the antivirus program and scan the whole machine.\n"
        f"2. Uninstall the software that {name} belongs to, then reboot.\n"
        f"3. Install it again from a trusted source and check at once with Get-FileHash that {name} "
        "equals the baseline.\n"
        "4. When the service starts, watch for warnings of a program that attempts to modify "
        f"{name}: block and remove "
        f"that program, and send us the warning.",
    )


def _other_version(group: Group, material: Material) -> Finding:
    assert group.baseline is not None
    others = group.of(Verdict.OTHER_VERSION)
    versions = ", ".join(dict.fromkeys(c.state.version or "" for c in others))
    return Finding(
        rule=RULE,
        severity=Severity.LOW,
        title=text(
            f"{group.name} 的版本与基线不同，无法判断是否被改动",
            f"{group.name} is another version than the baseline; whether it was changed cannot be told",
        ),
        summary=text(
            f"采集到的版本为 {versions}，基线为 {group.baseline.version}。不同版本的哈希本来就不同。",
            f"The captured version is {versions}, the baseline's {group.baseline.version}. "
            "The hashes of different versions differ by nature.",
        ),
        advice=text(
            "请录入该版本的基线后重新分析。", "Please record a baseline of this version, then analyse again."
        ),
        evidence=(
            *(comparison.evidence_of(c, material) for c in others),
            comparison.baseline_evidence(group.baseline),
        ),
        fingerprint=fingerprint(RULE, "other-version", group.name, group.baseline.version),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )
