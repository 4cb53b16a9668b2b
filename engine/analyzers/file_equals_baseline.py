"""States that are equal to the baseline, digit for digit."""

from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, rules
from engine.files.comparison import Compared, Group
from engine.files.content import WEAK, hashes_of, name_of
from engine.findings import Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.file_state import FileState
from engine.schema.files import Verdict
from engine.text import Text, text

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
    names = [rules.called(group, c.state) for c in equal]
    labels_zh = "、".join(name["zh-hans"] for name in names)
    labels_en = ", ".join(name["en"] for name in names)
    weak = next((c.by for c in equal if c.by in WEAK), "")
    return Finding(
        rule=RULE,
        severity=Severity.INFO,
        title=text(
            f"{group.name}：{labels_zh}与基线一致",
            f"{group.name}: {labels_en} {'equals' if len(equal) == 1 else 'equal'} the baseline",
        ),
        summary=_summary(group.baseline, equal),
        advice=text("请补采 SHA-256 以确认。", "Please capture SHA-256 as well, to be sure.")
        if weak
        else text("无需处理。", "Nothing needs to be done."),
        evidence=(
            *(comparison.evidence_of(c, material) for c in equal),
            comparison.baseline_evidence(group.baseline),
        ),
        fingerprint=fingerprint(RULE, group.name),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )


def _summary(baseline: FileState, equal: list[Compared]) -> Text:
    """One sentence for each algorithm by which a state is equal."""
    zh, en = [], []
    for algorithm in dict.fromkeys(c.by for c in equal):
        name, digits = (
            name_of(algorithm),
            next(len(hashes_of(c.state)[algorithm]) for c in equal if c.by == algorithm),
        )
        if algorithm in WEAK:
            weaker = rules.weakness(algorithm)
            zh.append(f"{name} 的 {digits} 位与基线“{baseline.label}”完全相同。{weaker['zh-hans']}")
            en.append(
                f"All {digits} digits of the {name} are those of the baseline “{baseline.label}”. "
                f"{weaker['en']}"
            )
        else:
            zh.append(f"{name} 的 {digits} 位与基线“{baseline.label}”完全相同，文件未被改动。")
            en.append(
                f"All {digits} digits of the {name} are those of the baseline “{baseline.label}”: the "
                "file is unchanged."
            )
    return text("".join(zh), " ".join(en))
