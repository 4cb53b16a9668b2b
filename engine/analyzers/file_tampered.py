"""Tampered files: states whose hash or size contradicts the baseline of the same version."""

from collections.abc import Sequence

from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, rules
from engine.files.comparison import Compared, Group
from engine.files.content import best_hash, classes, count_of
from engine.files.order import in_order
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
    numbers = classes([c.state for c in tampered])
    evidence = [comparison.evidence_of(c, material) for c in tampered]
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        title=_title(group, tampered),
        summary=_summary(group, tampered, numbers),
        advice=advice(group.name),
        evidence=(*evidence, comparison.baseline_evidence(group.baseline)),
        fingerprint=fingerprint(RULE, group.name, group.baseline.sha256),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )


def _title(group: Group, tampered: list[Compared]) -> Text:
    count = len(tampered)
    if count == 1:
        name = rules.called(group, tampered[0].state)
        return text(
            f"{group.name} 被篡改：{name['zh-hans']}与基线不符",
            f"{group.name} was tampered with: {name['en']} differs from the baseline",
        )
    return text(
        f"{group.name} 被篡改：有 {count} 个状态与基线不符",
        f"{group.name} was tampered with: {count} states differ from the baseline",
    )


def _summary(group: Group, tampered: list[Compared], numbers: Sequence[int | None]) -> Text:
    assert group.baseline is not None
    label, known = group.baseline.label, comparison.short_of(group.baseline)
    zh = f"与基线“{label}”（{known}）比对："
    en = f"Compared with the baseline “{label}” ({known}): "
    parts = [rules.difference(group, compared) for compared in tampered]
    zh += "".join(part["zh-hans"] for part in parts)
    en += " ".join(part["en"] for part in parts)
    if len(tampered) > 1 and None not in numbers:
        together = _together(group, tampered, count_of(numbers))
        zh += together["zh-hans"]
        en += f" {together['en']}"
    return text(zh, en)


def _together(group: Group, tampered: list[Compared], count: int) -> Text:
    """What several tampered states say together. That one file was changed again is said of one machine
    alone, or where the order of the states is known."""
    machines = {c.state.machine for c in tampered}
    same = (machines != {""} and len(machines) == 1) or (
        not group.several_machines and in_order([c.state for c in tampered]) is not None
    )
    if count == len(tampered):
        zh = f"这 {count} 个状态的哈希各不相同"
        en = f"These {count} states have {count} different hashes"
        if not all(best_hash(c.state) for c in tampered):
            zh, en = (
                f"这 {count} 个状态的内容各不相同",
                f"These {count} states have {count} different contents",
            )
        if same:
            return text(f"{zh}，说明文件不止一次被改动。", f"{en}: the file was changed more than once.")
        return text(f"{zh}。", f"{en}.")
    if count == 1:
        return text(
            "这些状态的哈希相同，是同一个被改动的文件。",
            "These states have the same hash: it is one and the same changed file.",
        )
    return text(f"这些状态共有 {count} 种内容。", f"These states have {count} different contents.")


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
