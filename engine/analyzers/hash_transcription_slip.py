"""Hashes that differ in one or two digits: slips of copying, neither tampering nor equal."""

from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, rules
from engine.files.comparison import Compared, Group, compare
from engine.files.content import MAX_COMPARED, Held, Relation, hashes_of, held, name_of
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
    states = [compared for compared in group.states if not compared.state.cut][:MAX_COMPARED]
    return [
        (compared, other)
        for position, compared in enumerate(states)
        for other in states[:position]
        if held(compared.state, other.state).relation is Relation.SLIP
    ]


def _slip(group: Group, compared: Compared, known: FileState, material: Material) -> Finding:
    against = held(compared.state, known)
    zh_count, en_count = _Numbers[len(against.digits)]
    label = rules.called(group, compared.state)
    of_baseline = group.baseline is not None
    other = text("基线", "the baseline") if of_baseline else rules.called(group, known)
    return Finding(
        rule=RULE,
        severity=Severity.LOW,
        title=text(
            f"{label['zh-hans']}的哈希与{other['zh-hans']}只差{zh_count}位：是抄写错误，不是篡改",
            f"The hash of {label['en']} differs from {other['en']} in {en_count}: a transcription slip, "
            "not tampering",
        ),
        summary=_summary(compared.state, known, against, other),
        advice=text(
            "请重新运行 Get-FileHash，并直接复制输出文本（不要手工录入或从图片识别），以确认两者相同。",
            "Please run Get-FileHash again and copy its output as text (not typed by hand, not read "
            "from a picture) "
            "to confirm that the two are equal.",
        ),
        evidence=(comparison.evidence_of(compared, material), _known(known, of_baseline, material)),
        fingerprint=fingerprint(RULE, group.name),
        data=group.facts(
            slip=Slip(label=compared.state.label, digits=list(against.digits), algorithm=against.by)
        ),
        gaps=rules.capture_gaps(group, material),
    )


def _summary(state: FileState, known: FileState, against: Held, other: Text) -> Text:
    mine, theirs = hashes_of(state)[against.by], hashes_of(known)[against.by]
    length, digits = len(mine), against.digits
    usual = round(length * 15 / 16)
    zh = "，".join(f"第 {at} 位写作 {mine[at - 1]}，{other['zh-hans']}为 {theirs[at - 1]}" for at in digits)
    en = " and ".join(
        f"digit {at} reads {mine[at - 1]} where {other['en']} has {theirs[at - 1]}" for at in digits
    )
    of_zh, of_en = (
        ("", "")
        if against.by == "SHA256"
        else (f"{name_of(against.by)} 的 ", f" of the {name_of(against.by)}")
    )
    zh = (
        f"{of_zh}{length} 位十六进制数字中，{zh}；其余 {length - len(digits)} 位全部相同。"
        f"文件内容哪怕只改动一处，通常也会有约 {usual} 位不同。"
    )
    en = (
        f"Of {length} hex digits{of_en}, {en}; the other {length - len(digits)} are the same. A file changed "
        f"in a single place would differ in about {usual} digits."
    )
    if state.size is not None and state.size == known.size:
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
