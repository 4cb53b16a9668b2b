"""What the rules about file states share: their input, and sentences about one state."""

from engine.files.comparison import Compared, Group, compare, short
from engine.files.content import MAX_COMPARED, WEAK, best_hash, hashes_of, name_of
from engine.findings import Examined, Finding, NotExamined
from engine.material import Material
from engine.parsers.file_state import FileState
from engine.schema.files import Verdict
from engine.text import Text, text

NO_STATES = text(
    "包内没有文件哈希或文件信息的采集结果，也没有可执行文件。请用 Get-FileHash 和 Get-Item 采集后上传文本。",
    "The bundle holds no captured file facts and no executable. Please capture them with Get-FileHash and "
    "Get-Item and upload the text.",
)

ALL_CUT = text(
    "采集到的路径都被控制台截断，看不出是哪个文件，因此无法比较。"
    "请用 Get-FileHash … | Format-List 重新采集后上传文本。",
    "The console cut every path that was captured, so which files these are cannot be told and nothing is "
    "compared. Please capture them again with Get-FileHash … | Format-List and upload the text.",
)


def groups_with_baseline(material: Material) -> list[Group] | NotExamined:
    """The groups that can be judged, or what would be needed to judge one."""
    groups = compare(material)
    if not groups:
        return NotExamined(NO_STATES)
    judged = [group for group in groups if group.baseline is not None]
    if judged:
        return judged
    if all(group.states[0].state.cut for group in groups):
        return NotExamined(ALL_CUT)
    names = ", ".join(dict.fromkeys(group.name for group in groups[:5]))
    return NotExamined(
        text(
            f"没有 {names} 的基线（已知正常的状态），无法比对。",
            f"There is no baseline (known-good state) of {names} to compare with.",
        )
    )


def examined(findings: list[Finding], groups: list[Group], material: Material) -> Examined:
    """The outcome with what was read: states, and lines of captures that were not understood."""
    unreadable = sum(len(capture.unreadable) for capture in material.captures)
    return Examined(tuple(findings), sum(len(group.states) for group in groups), unreadable)


def called(group: Group, state: FileState) -> Text:
    """A state as sentences name it: its label, with its machine where states of several are held together."""
    label = state.label
    if not group.several_machines or not state.machine or state.machine.casefold() in label.casefold():
        return text(f"“{label}”", f"“{label}”")
    return text(f"“{label}”（{state.machine}）", f"“{label}” ({state.machine})")


def difference(group: Group, compared: Compared) -> Text:
    """In what a tampered state differs, and what pretends that nothing did."""
    state, delta = compared.state, compared.delta
    name = called(group, state)
    zh, en = f"{name['zh-hans']}：", f"{name['en']}: "
    best = best_hash(state)
    if best is None:
        zh += "未采集哈希"
        en += "the hash was not captured"
    elif compared.unlike:
        theirs = best_hash(group.baseline) if group.baseline else None
        other = name_of(theirs[0]) if theirs else ""
        zh += f"{name_of(best[0])} 与基线的 {other} 是不同的算法，不作比较"
        en += f"its {name_of(best[0])} is not compared with the baseline's {other}, another algorithm"
    else:
        algorithm = compared.by if compared.by not in {"", "size", "absence"} else best[0]
        digest = short(hashes_of(state).get(algorithm))
        zh += f"{name_of(algorithm)}（{digest}）与基线不同"
        en += f"the {name_of(algorithm)} ({digest}) differs from the baseline"
    kept_zh, kept_en = _claims_unchanged(compared)
    if delta:
        more = delta > 0
        zh += f"，比基线{'多' if more else '少'} {abs(delta):,} 字节"
        en += f"; {bytes_of(abs(delta))} {'more' if more else 'less'} than the baseline"
        if kept_zh:
            zh += f"，而{kept_zh}声称一切未变"
            en += (
                f", while {kept_en} claim nothing changed"
                if " and " in kept_en
                else f", while the {kept_en} claims nothing changed"
            )
    elif delta == 0:
        zh += f"，大小{'、' + kept_zh if kept_zh else ''}却与基线相同"
        en += f", while size{' and ' + kept_en if kept_en else ''} are as in the baseline"
        en = en.replace("while size are", "while the size is")
    elif state.size is None:
        zh += "；大小未采集"
        en += "; its size was not captured"
    if compared.same_modified is False and state.modified:
        zh += f"，修改时间为 {state.modified.replace('T', ' ')}"
        en += f"; written {state.modified.replace('T', ' ')}"
    if compared.distance in {1, 2} and delta:
        zh += "（哈希只差一两位而大小不同，采集本身可能有误，请重新采集）"
        en += " (a hash this near with another size may be miscopied: please capture it again)"
    return text(zh + "。", en + ".")


def bytes_of(count: int) -> str:
    """``1 byte``, ``512 bytes``."""
    return f"{count:,} byte{'' if count == 1 else 's'}"


def weakness(algorithm: str) -> Text:
    """Why an equality by this algorithm is weaker evidence; nothing where it is not."""
    if algorithm not in WEAK:
        return text("", "")
    name = name_of(algorithm)
    return text(
        f"{name} 相同是较弱的证据：可以刻意造出 {name} 相同而内容不同的文件，请补采 SHA-256。",
        f"An equal {name} is weaker evidence: a different file with the same {name} can be made on purpose. "
        "Please capture SHA-256 as well.",
    )


READ_WHOLE = text("文件已完整读取，没有缺口。", "The file was read whole; nothing of it is missing.")


def capture_gaps(group: Group, material: Material) -> Text:
    """Which states lack facts that the conclusion could use, and lines that were not understood."""
    zh, en = [], []
    bare = [
        called(group, c.state)
        for c in group.states
        if not c.state.absent and (c.state.size is None or best_hash(c.state) is None)
    ]
    if bare:
        zh.append(
            f"{'、'.join(name['zh-hans'] for name in bare)}的信息采集不全（缺少哈希或大小），不影响以上结论。"
        )
        en.append(
            f"Not everything was captured of {', '.join(name['en'] for name in bare)} (hash or "
            "size is missing); "
            "the conclusion stands without it."
        )
    torn = [called(group, c.state) for c in group.states if c.verdict is Verdict.EQUAL and c.delta]
    if torn:
        zh.append(f"{'、'.join(name['zh-hans'] for name in torn)}的哈希相同而大小不同，采集必有一处有误。")
        en.append(
            f"Of {', '.join(name['en'] for name in torn)} the hash is equal and the size is not: one of "
            "them is miscopied."
        )
    if len(group.states) > MAX_COMPARED:
        left = len(group.states) - MAX_COMPARED
        zh.append(f"状态过多，另有 {left:,} 个状态没有互相比较。")
        en.append(f"There are very many states; {left:,} of them were not held against each other.")
    cited = {compared.state.artifact for compared in group.states}
    unread = sum(len(capture.unreadable) for capture in material.captures if capture.artifact in cited)
    if unread:
        zh.append(f"相关采集文本中有 {unread} 行未能识别，可能还有未列出的状态。")
        en.append(f"In the captures cited, lines not understood: {unread}; there may be states not listed.")
    if not zh:
        count = len(group.states)
        return text(
            f"所依据的 {count:,} 个状态信息完整（哈希和大小都已采集），没有未能识别的行。",
            f"All was captured of the {count:,} state{'' if count == 1 else 's'} behind this, hash and "
            "size; every line was understood.",
        )
    return text("".join(zh), " ".join(en))


def is_sound(compared: Compared) -> bool:
    """As the baseline, or but for a slip of the pen."""
    return compared.verdict in {Verdict.EQUAL, Verdict.SLIP}


def _claims_unchanged(compared: Compared) -> tuple[str, str]:
    zh, en = [], []
    if compared.same_modified:
        zh.append("修改时间")
        en.append("write time")
    if compared.same_version:
        zh.append("版本")
        en.append("version")
    return "和".join(zh), " and ".join(en)
