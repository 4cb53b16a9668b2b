"""Hashes that differ in one or two of 64 digits: slips of copying, neither tampering nor equal."""

from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, rules
from engine.files.comparison import Compared, Group, compare
from engine.findings import Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.file_state import FileState
from engine.schema.evidence import Evidence
from engine.schema.facts import Slip
from engine.schema.files import Verdict
from engine.text import Text, text

RULE = "hash-transcription-slip"

_Numbers = {1: ("一", "one digit"), 2: ("两", "two digits")}


def examine(material: Material) -> Outcome:
    groups = compare(material)
    if not groups:
        return NotExamined(rules.NO_STATES)
    findings: list[Finding] = []
    for group in groups:
        if group.baseline is not None:
            findings += [_slip(group, c, group.baseline, material) for c in group.of(Verdict.SLIP)]
        else:
            findings += [_slip(group, c, other.state, material) for c, other in _near_pairs(group)]
    return rules.examined(findings, groups, material)


def _near_pairs(group: Group) -> list[tuple[Compared, Compared]]:
    """Without a baseline: each state against those before it."""
    pairs = []
    for position, compared in enumerate(group.states):
        for other in group.states[:position]:
            sizes = {compared.state.size, other.state.size} - {None}
            digits = comparison.differing_digits(compared.state.sha256, other.state.sha256)
            if 0 < len(digits) <= comparison.MAX_SLIP_DIGITS and len(sizes) < 2:
                pairs.append((compared, other))
    return pairs


def _slip(group: Group, compared: Compared, known: FileState, material: Material) -> Finding:
    digits = comparison.differing_digits(compared.state.sha256, known.sha256)
    zh_count, en_count = _Numbers[len(digits)]
    label = compared.state.label
    of_baseline = group.baseline is not None
    zh_known, en_known = ("基线", "the baseline") if of_baseline else (f"“{known.label}”", f"“{known.label}”")
    return Finding(
        rule=RULE,
        severity=Severity.LOW,
        title=text(
            f"“{label}”的哈希与{zh_known}只差{zh_count}位：是抄写错误，不是篡改",
            f"The hash of “{label}” differs from {en_known} in {en_count}: a transcription slip, "
            "not tampering",
        ),
        summary=_summary(compared, known, digits, zh_known, en_known),
        advice=text(
            "请重新运行 Get-FileHash，并直接复制输出文本（不要手工录入或从图片识别），以确认两者相同。",
            "Please run Get-FileHash again and copy its output as text (not typed by hand, not read "
            "from a picture) "
            "to confirm that the two are equal.",
        ),
        evidence=(comparison.evidence_of(compared, material), _known(known, of_baseline, material)),
        fingerprint=fingerprint(RULE, group.name),
        data=group.facts(slip=Slip(label=label, digits=digits)),
        gaps=rules.capture_gaps(group, material),
    )


def _summary(compared: Compared, known: FileState, digits: list[int], zh_known: str, en_known: str) -> Text:
    mine, theirs = compared.state.sha256 or "", known.sha256 or ""
    zh = "，".join(f"第 {at} 位写作 {mine[at - 1]}，{zh_known}为 {theirs[at - 1]}" for at in digits)
    en = " and ".join(
        f"digit {at} reads {mine[at - 1]} where {en_known} has {theirs[at - 1]}" for at in digits
    )
    zh = (
        f"64 位十六进制数字中，{zh}；其余 {64 - len(digits)} 位全部相同。文件内容哪怕只改动一处，"
        "通常也会有约 60 位不同。"
    )
    en = (
        f"Of 64 hex digits, {en}; the other {64 - len(digits)} are the same. A file changed in a "
        "single place would "
        "differ in about 60 digits."
    )
    if compared.state.size is not None and compared.state.size == known.size:
        zh += f"大小也相同（{known.size:,} 字节）。"
        en += f" The size is the same too ({known.size:,} bytes)."
    return text(
        zh + "因此可以认为文件未被改动，但在重新采集之前不能当作已证实相同。",
        en + " The file may be taken as unchanged, but not as proven equal until it is captured again.",
    )


def _known(known: FileState, of_baseline: bool, material: Material) -> Evidence:
    return (
        comparison.baseline_evidence(known)
        if of_baseline
        else comparison.evidence_of(Compared(known), material)
    )
