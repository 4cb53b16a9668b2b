"""States that are equal to the baseline, digit for digit."""

from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, rules
from engine.files.comparison import Group
from engine.findings import Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.schema.files import Verdict
from engine.text import text

RULE = "file-equals-baseline"


def examine(material: Material) -> Outcome:
    groups = rules.groups_with_baseline(material)
    if isinstance(groups, NotExamined):
        return groups
    findings = [_equal(group, material) for group in groups if group.of(Verdict.EQUAL)]
    return rules.examined(findings, groups, material)


def _equal(group: Group, material: Material) -> Finding:
    assert group.baseline is not None
    equal = group.of(Verdict.EQUAL)
    labels_zh = "、".join(f"“{c.state.label}”" for c in equal)
    labels_en = ", ".join(f"“{c.state.label}”" for c in equal)
    return Finding(
        rule=RULE,
        severity=Severity.INFO,
        title=text(f"{group.name}：{labels_zh}与基线一致", f"{group.name}: {labels_en} equals the baseline"),
        summary=text(
            f"SHA-256 的 64 位与基线“{group.baseline.label}”完全相同，文件未被改动。",
            f"All 64 digits of the SHA-256 are those of the baseline “{group.baseline.label}”: the "
            "file is unchanged.",
        ),
        advice=text("无需处理。", "Nothing needs to be done."),
        evidence=(
            *(comparison.evidence_of(c, material) for c in equal),
            comparison.baseline_evidence(group.baseline),
        ),
        fingerprint=fingerprint(RULE, group.name),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )
