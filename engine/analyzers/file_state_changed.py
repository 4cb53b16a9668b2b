"""Files that changed between two captures of the same machine."""

from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, rules
from engine.files.comparison import Compared, Group, compare
from engine.findings import Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.schema.files import Verdict
from engine.text import Text, text

RULE = "file-state-changed"


def examine(material: Material) -> Outcome:
    groups = [group for group in compare(material) if len(_captured(group)) > 1]
    if not groups:
        return NotExamined(
            text(
                "没有同一文件的两次以上采集，无法看出变化。",
                "No file was captured twice or more, so no change can be seen.",
            )
        )
    findings = [_changed(group, material) for group in groups if len(_different(group)) > 1]
    return rules.examined(findings, groups, material)


def _captured(group: Group) -> list[Compared]:
    return [c for c in group.states if c.state.sha256 and c.state.line is not None]


def _different(group: Group) -> list[Compared]:
    """The states of different hashes, slips counted as what they were copied from."""
    different: list[Compared] = []
    for compared in _captured(group):
        if not any(_as_good_as_equal(compared, other) for other in different):
            different.append(compared)
    return different


def _as_good_as_equal(compared: Compared, other: Compared) -> bool:
    sizes = {compared.state.size, other.state.size} - {None}
    digits = comparison.differing_digits(compared.state.sha256, other.state.sha256)
    return len(digits) <= comparison.MAX_SLIP_DIGITS and len(sizes) < 2


def _changed(group: Group, material: Material) -> Finding:
    captured = _captured(group)
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM if group.baseline else Severity.HIGH,
        title=text(f"{group.name} 在各次采集之间发生了变化", f"{group.name} changed between the captures"),
        summary=_summary(group, captured),
        advice=_advice(group),
        evidence=tuple(comparison.evidence_of(c, material) for c in captured),
        fingerprint=fingerprint(RULE, group.name),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )


def _summary(group: Group, captured: list[Compared]) -> Text:
    count = len(_different(group))
    chain_zh = " → ".join(f"“{c.state.label}” {comparison.short(c.state.sha256)}" for c in captured)
    zh = f"{len(captured)} 次采集中有 {count} 种不同的内容：{chain_zh}。"
    en = f"{len(captured)} captures show {count} different contents: {chain_zh}."
    times = {c.state.modified for c in captured if c.state.modified}
    if len(times) == 1 and sum(1 for c in captured if c.state.modified) > 1:
        time = next(iter(times)).replace("T", " ")
        zh += f"采集到的修改时间却始终是 {time}。"
        en += f" The captured write time stays {time} all along."
    sound = next((position for position, c in enumerate(captured) if rules.is_sound(c)), None)
    if sound is not None and any(c.verdict is Verdict.TAMPERED for c in captured[sound + 1 :]):
        later = next(c for c in captured[sound + 1 :] if c.verdict is Verdict.TAMPERED)
        slip = captured[sound].verdict is Verdict.SLIP
        zh += (
            f"“{captured[sound].state.label}”时文件与基线一致{'（抄写错误除外）' if slip else ''}，"
            f"到“{later.state.label}”时又被改动，"
            "说明改动它的程序仍在这台电脑上活动。"
        )
        en += (
            f" At “{captured[sound].state.label}” the file was as the "
            f"baseline{', but for a slip' if slip else ''}; "
            f"at “{later.state.label}” it was changed again: what changes it is still active on this machine."
        )
    return text(zh, en)


def _advice(group: Group) -> Text:
    if group.of(Verdict.TAMPERED):
        return text(
            f"请按“{group.name} 被篡改”一项的建议处理；在清除改动它的程序之前，重新安装只能暂时恢复。",
            f"Please follow the advice on the tampered {group.name}; until the program that changes "
            "it is removed, "
            "re-installing helps for a moment only.",
        )
    return text(
        f"请确认采集之间是否有人更新过软件；如果没有，请提供 {group.name} "
        "的已知正常状态（基线）以便判断，并做一次全盘查杀。",
        "Please confirm whether the software was updated between the captures; if not, provide a "
        "known-good state "
        f"(baseline) of {group.name} to judge by, and run a full antivirus scan.",
    )
