"""What the findings about captures of one file say: changed, different, gone, and what to do."""

from collections.abc import Sequence

from engine.files import differences, rules
from engine.files.comparison import Compared, Group
from engine.files.content import best_hash
from engine.parsers.file_state import FileState
from engine.schema.files import Verdict
from engine.text import Text, text

CHANGED = text(
    "各次采集之间，文件的内容变了；如果期间没有人更新软件，就需要查明是谁改的。",
    "The file's content changed between the captures; unless somebody updated the software, what changed "
    "it has to be found.",
)
DIFFERS = text(
    "同一文件在各次采集中内容不同；哪个在前、是否同一台电脑，采集中没有说明。",
    "The captures of one file hold different contents; which was taken first, and whether on one machine, "
    "they do not say.",
)
MACHINES_DIFFER = text(
    "同一文件在两台以上的电脑上内容不同；哪一台是对的，需要与厂商发布的文件比对。",
    "One file is not the same on several machines; which of them is right has to be told by the file that "
    "the vendor released.",
)


def title(group: Group, states: Sequence[FileState], machine: str, *, ordered: bool) -> Text:
    """That the file changed where its order is known, else that it differs; or was not there."""
    name = group.name
    on_zh, on_en = (f"（{machine}）", f" on {machine}") if machine else (" ", "")
    if any(state.absent for state in states):
        return text(f"{name}{on_zh}并非每次采集时都存在", f"{name} was not there at every capture{on_en}")
    if ordered:
        return text(f"{name}{on_zh}在各次采集之间发生了变化", f"{name} changed between the captures{on_en}")
    return text(f"{name}{on_zh}在各次采集中内容不同", f"{name} differs between the captures{on_en}")


def cannot_be_told(group: Group, states: Sequence[FileState], unknown: Sequence[FileState]) -> Text:
    """Of which states it cannot be told whether they hold what the others hold."""
    hashed = [state for state in states if state not in unknown and best_hash(state)]
    if len(hashed) < 2:
        return text(
            "内容是否不同无法判断：没有可以互相比较的哈希，大小也没有不同。请用 Get-FileHash 采集。",
            "Whether the contents differ cannot be told: there are no hashes to compare, and no sizes that "
            "differ. Please capture them with Get-FileHash.",
        )
    which = differences.names(group, unknown)
    return text(
        f"有哈希的 {len(hashed)} 次采集内容相同；{which['zh-hans']}没有可以比较的哈希，内容是否不同无法判断。"
        "请用 Get-FileHash 采集。",
        f"The {len(hashed)} captures with a hash hold the same content; whether {which['en']} does cannot be "
        "told, for no hash of it can be compared. Please capture it with Get-FileHash.",
    )


def still_active(group: Group, captured: list[Compared]) -> Text:
    """Sound once and tampered with later, on one machine: what changes the file is still there."""
    sound = next((position for position, c in enumerate(captured) if rules.is_sound(c)), None)
    later = next(
        (c for c in captured[sound + 1 :] if c.verdict is Verdict.TAMPERED)
        if sound is not None
        else iter(()),
        None,
    )
    if sound is None or later is None:
        return text("", "")
    slip = captured[sound].verdict is Verdict.SLIP
    before, after = (rules.called(group, c.state) for c in (captured[sound], later))
    return text(
        f"{before['zh-hans']}时文件与基线一致{'（抄写错误除外）' if slip else ''}，"
        f"到{after['zh-hans']}时又被改动，说明改动它的程序仍在这台电脑上活动。",
        f"At {before['en']} the file was as the baseline{', but for a slip' if slip else ''}; "
        f"at {after['en']} it was changed again: what changes it is still active on this machine.",
    )


def advice(group: Group, *, ordered: bool) -> Text:
    """What to do about it."""
    if group.of(Verdict.TAMPERED):
        return text(
            f"请按“{group.name} 被篡改”一项的建议处理；在清除改动它的程序之前，重新安装只能暂时恢复。",
            f"Please follow the advice on the tampered {group.name}; until the program that changes "
            "it is removed, "
            "re-installing helps for a moment only.",
        )
    if not ordered:
        return text(
            "请说明每次采集是什么时候、在哪台电脑上做的，"
            f"并提供 {group.name} 的已知正常状态（基线）以便判断；"
            "如果是同一台电脑而期间没有更新过软件，请做一次全盘查杀。",
            "Please say when and on which machine each capture was made, and provide a known-good state "
            f"(baseline) of {group.name} to judge by; if it is one machine and the software was not updated "
            "in between, run a full antivirus scan.",
        )
    return text(
        f"请确认采集之间是否有人更新过软件；如果没有，请提供 {group.name} "
        "的已知正常状态（基线）以便判断，并做一次全盘查杀。",
        "Please confirm whether the software was updated between the captures; if not, provide a "
        "known-good state "
        f"(baseline) of {group.name} to judge by, and run a full antivirus scan.",
    )
