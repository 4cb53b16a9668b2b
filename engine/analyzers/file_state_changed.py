"""Files whose captures hold different contents: changed where the order is known, else different; between
machines different.
"""

from collections.abc import Iterator, Sequence

from engine.analyzers import file_state_changed_text as sentences
from engine.conclusions.fingerprints import fingerprint
from engine.files import comparison, differences, rules
from engine.files.agreement import distinct_times
from engine.files.comparison import Compared, Group, compare
from engine.files.content import best_hash, classes, count_of
from engine.files.order import in_order
from engine.findings import Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.text import text

RULE = "file-state-changed"


def examine(material: Material) -> Outcome:
    every = compare(material)
    groups = [group for group in every if len(_captured(group)) > 1]
    if not groups:
        if any(group.states[0].state.cut for group in every):
            return NotExamined(rules.ALL_CUT)
        return NotExamined(
            text(
                "没有同一文件的两次以上采集，无法看出变化。",
                "No file was captured twice or more, so no change can be seen.",
            )
        )
    findings = [finding for group in groups for finding in _findings(group, material)]
    return rules.examined(findings, groups, material)


def _captured(group: Group) -> list[Compared]:
    """States that a capture tells; files of the bundle itself are compared elsewhere."""
    return [c for c in group.states if c.state.line is not None and not c.state.cut]


def _findings(group: Group, material: Material) -> Iterator[Finding]:
    captured = _captured(group)
    if not group.several_machines:
        yield from _of_one_machine(group, captured, material, "")
        return
    named = [c for c in captured if c.state.machine]
    numbers = classes([c.state for c in named])
    having: dict[str, set[int]] = {}
    for c, number in zip(named, numbers, strict=True):
        if number is not None:
            having.setdefault(c.state.machine, set()).add(number)
    if count_of(numbers) > 1 and len(set(map(frozenset, having.values()))) > 1:
        yield _machines(group, named, numbers, material)
    for machine in dict.fromkeys(c.state.machine for c in captured):
        yield from _of_one_machine(
            group, [c for c in captured if c.state.machine == machine], material, machine
        )


def _of_one_machine(
    group: Group, captured: list[Compared], material: Material, machine: str
) -> Iterator[Finding]:
    if len(captured) < 2:
        return
    order = in_order([c.state for c in captured])
    if order is not None:
        places = {id(state): place for place, state in enumerate(order)}
        captured = sorted(captured, key=lambda c: places[id(c.state)])
    numbers = classes([c.state for c in captured])
    if count_of(numbers) > 1:
        yield _contents(group, captured, numbers, material, machine, ordered=order is not None)
    elif finding := _attributes(group, captured, numbers, material):
        yield finding


def _contents(
    group: Group,
    captured: list[Compared],
    numbers: Sequence[int | None],
    material: Material,
    machine: str,
    *,
    ordered: bool,
) -> Finding:
    states = [c.state for c in captured]
    versions = differences.versions(group, captured)
    count = count_of(numbers)
    head = text(
        f"{len(captured)} 次采集中有 {count} 种不同的内容：",
        f"{len(captured)} captures show {count} different contents:",
    )
    if any(state.absent for state in states):
        head = text(f"{len(captured)} 次采集：", f"{len(captured)} captures:")
    listed = differences.chain(group, states) if ordered else differences.contents(group, states, numbers)
    summary = differences.said(
        text(head["zh-hans"] + listed["zh-hans"], f"{head['en']} {listed['en']}"),
        differences.proof(group, states, numbers, ordered=ordered),
        versions,
        differences.write_times(captured, ordered=ordered),
        differences.reservations(group, states),
        sentences.still_active(group, captured) if ordered else differences.NO_ORDER,
    )
    usual = Severity.MEDIUM if group.baseline else Severity.HIGH
    return Finding(
        rule=RULE,
        severity=Severity.LOW if versions["en"] else usual,
        title=sentences.title(group, states, machine, ordered=ordered),
        summary=summary,
        advice=sentences.advice(group, ordered=ordered),
        evidence=tuple(comparison.evidence_of(c, material) for c in captured),
        fingerprint=fingerprint(RULE, group.name),
        data=group.facts(meaning=sentences.CHANGED if ordered else sentences.DIFFERS),
        gaps=rules.capture_gaps(group, material),
    )


def _machines(
    group: Group, captured: list[Compared], numbers: Sequence[int | None], material: Material
) -> Finding:
    states = [c.state for c in captured]
    names = list(dict.fromkeys(state.machine for state in states))
    versions = differences.versions(group, captured)
    summary = differences.said(
        differences.by_machine(states),
        differences.proof(group, states, numbers, ordered=False),
        versions,
        differences.write_times(captured, ordered=False),
        differences.reservations(group, states),
        text(
            "这是电脑之间的不同，不说明其中任何一台上的文件发生过变化。",
            "This is a difference between machines; it does not say that the file changed on either.",
        ),
    )
    return Finding(
        rule=RULE,
        severity=Severity.LOW if versions["en"] else Severity.MEDIUM,
        title=text(
            f"{group.name} 在 {'、'.join(names)} 上内容不同",
            f"{group.name} is not the same on {' and '.join([', '.join(names[:-1]), names[-1]])}",
        ),
        summary=summary,
        advice=text(
            f"请与厂商发布的 {group.name} 核对（版本、SHA-256），确认哪一台电脑上的文件是对的；"
            "如果各台本应安装同一版本，请在不符的电脑上重新安装并做一次全盘查杀。",
            f"Please check with the vendor's {group.name} (version, SHA-256) which machine has the right "
            "file; if all should have the same version, install it again where it differs and run a full "
            "antivirus scan there.",
        ),
        evidence=tuple(comparison.evidence_of(c, material) for c in captured),
        fingerprint=fingerprint(RULE, "machines", group.name),
        data=group.facts(meaning=sentences.MACHINES_DIFFER),
        gaps=rules.capture_gaps(group, material),
    )


def _attributes(
    group: Group, captured: list[Compared], numbers: Sequence[int | None], material: Material
) -> Finding | None:
    """No different content is proven, but versions or write times are not the same."""
    states = [c.state for c in captured]
    versions = differences.versions(group, captured)
    times = distinct_times(state.modified for state in states if state.modified)
    if not versions["en"] and len(times) < 2:
        return _unlike(group, captured, material)
    unknown = [state for state, number in zip(states, numbers, strict=True) if number is None]
    proven = not unknown and any(best_hash(state) for state in states)
    stamps = [time.replace("T", " ") for time in times]
    shown = (
        text(f"修改时间不同：{'、'.join(stamps)}。", f"The write times differ: {', '.join(stamps)}.")
        if len(stamps) > 1
        else text("", "")
    )
    content = (
        text(
            "哈希相同，内容没有改变；只是文件被重新写入或复制过。",
            "The hashes are equal, so the content did not change; the file was written anew or copied.",
        )
        if proven
        else sentences.cannot_be_told(group, states, unknown)
    )
    what_zh, what_en = ("版本", "version") if versions["en"] else ("修改时间", "write time")
    return Finding(
        rule=RULE,
        severity=Severity.INFO if proven else Severity.LOW,
        title=text(
            f"{group.name} 在各次采集中只有{what_zh}不同", f"Of {group.name} only the {what_en} differs"
        ),
        summary=differences.said(versions, shown, content, differences.reservations(group, states)),
        advice=text("无需处理。", "Nothing needs to be done.")
        if proven
        else text(
            f"请用 Get-FileHash 采集 {group.name} 的哈希后重新分析。",
            f"Please capture the hash of {group.name} with Get-FileHash, then analyse again.",
        ),
        evidence=tuple(comparison.evidence_of(c, material) for c in captured),
        fingerprint=fingerprint(RULE, "attributes", group.name),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )


def _unlike(group: Group, captured: list[Compared], material: Material) -> Finding | None:
    """Nothing differs as far as can be told, but that rests on little: hashes of different algorithms, or
    of one for which a second file can be made."""
    states = [c.state for c in captured]
    reserved = differences.reservations(group, states)
    if not reserved["en"]:
        return None
    weak = differences.weak_equality(states)
    title = (
        text(
            f"{group.name} 的各次采集只有 {weak} 相同",
            f"The captures of {group.name} are equal by {weak} alone",
        )
        if weak
        else text(
            f"{group.name} 的各次采集不能完全互相比较",
            f"The captures of {group.name} cannot be fully compared",
        )
    )
    return Finding(
        rule=RULE,
        severity=Severity.INFO,
        title=title,
        summary=reserved,
        advice=text(
            f"请都用 SHA-256 重新采集 {group.name}。",
            f"Please capture {group.name} again, with SHA-256 everywhere.",
        ),
        evidence=tuple(comparison.evidence_of(c, material) for c in captured),
        fingerprint=fingerprint(RULE, "unlike", group.name),
        data=group.facts(),
        gaps=rules.capture_gaps(group, material),
    )
