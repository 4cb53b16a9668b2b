"""Sentences about states that differ: which contents there are, what proves it, what is not compared."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from engine.files.agreement import distinct_times, version_key
from engine.files.comparison import Compared, Group, short_of
from engine.files.content import Held, Relation, best_hash, held, name_of
from engine.files.rules import bytes_of, called, weakness
from engine.parsers.file_state import FileState
from engine.text import Text, text

MAX_PAIRS = 3
"""Pairs of contents whose sizes are told."""

NO_ORDER = text(
    "采集中没有时间或编号说明先后，因此不判断哪个在前。",
    "No time or number in the captures says which of them was taken first, so no order is claimed.",
)


def chain(group: Group, states: Sequence[FileState]) -> Text:
    """The states in the order in which they were taken, with arrows."""
    zh, en = [], []
    for state in states:
        name, content = called(group, state), _short(state)
        zh.append(f"{name['zh-hans']}{'' if state.absent else ' '}{content['zh-hans']}")
        en.append(f"{name['en']} {content['en']}")
    return text(" → ".join(zh) + "。", " → ".join(en) + ".")


def contents(group: Group, states: Sequence[FileState], numbers: Sequence[int | None]) -> Text:
    """The contents side by side, each with the states that have it; no order is said."""
    zh, en = [], []
    for number in dict.fromkeys(number for number in numbers if number is not None):
        having = [state for state, other in zip(states, numbers, strict=True) if other == number]
        which, content = names(group, having), _content(having)
        is_there = "时" if having[0].absent else "为 "
        zh.append(f"{which['zh-hans']}{is_there}{content['zh-hans']}")
        en.append(f"{which['en']} {content['en']}")
    if unknown := [state for state, number in zip(states, numbers, strict=True) if number is None]:
        which = names(group, unknown)
        zh.append(f"{which['zh-hans']}无法判断是哪一种")
        en.append(f"which of them {which['en']} is cannot be told")
    return text("；".join(zh) + "。", "; ".join(en) + ".")


def by_machine(states: Sequence[FileState]) -> Text:
    """Which machine has which content."""
    zh, en = [], []
    for machine in dict.fromkeys(state.machine for state in states if state.machine):
        having = [state for state in states if state.machine == machine]
        shown = [_content([state]) for state in having]
        zh.append(f"{machine}：{'、'.join(dict.fromkeys(one['zh-hans'] for one in shown))}")
        en.append(f"{machine}: {', '.join(dict.fromkeys(one['en'] for one in shown))}")
    return text("；".join(zh) + "。", "; ".join(en) + ".")


def proof(group: Group, states: Sequence[FileState], numbers: Sequence[int | None], *, ordered: bool) -> Text:
    """What proves the difference, with its number; ``states`` stand in order where ``ordered``."""
    zh, en, told = [], [], set[str]()
    for first, second in _pairs(states, numbers, ordered=ordered)[:MAX_PAIRS]:
        against = held(second, first)
        if not ordered and (against.delta or 0) > 0:
            first, second = second, first  # The larger first: which it is says no order.
            against = held(second, first)
        if against.delta:
            sentence = _sizes(group, first, second, against.delta, ordered=ordered)
            zh.append(sentence["zh-hans"])
            en.append(sentence["en"])
        if against.by not in told and (sentence := _why(against, ordered=ordered))["en"]:
            told.add(against.by)
            zh.append(sentence["zh-hans"])
            en.append(sentence["en"])
    return text("".join(zh), " ".join(en))


def reservations(group: Group, states: Sequence[FileState]) -> Text:
    """Hashes that are not compared, and equalities that are weaker evidence."""
    zh, en = [], []
    pairs = [
        (first, second, held(first, second))
        for at, first in enumerate(states[:20])
        for second in states[at + 1 : 20]
    ]
    unlike = next(((a, b) for a, b, found in pairs if found.unlike), None)
    if unlike:
        mine, theirs = (f"{name_of((best_hash(state) or ('', ''))[0])}" for state in unlike)
        first, second = (called(group, state) for state in unlike)
        zh.append(
            f"{first['zh-hans']}（{mine}）与{second['zh-hans']}（{theirs}）的哈希算法不同，不作比较，"
            "请都用 SHA-256 采集。"
        )
        en.append(
            f"The hashes of {first['en']} ({mine}) and {second['en']} ({theirs}) are of different algorithms "
            "and are not compared; please capture SHA-256 of both."
        )
    if weak := next((found.by for _a, _b, found in pairs if found.weak), ""):
        zh.append(weakness(weak)["zh-hans"])
        en.append(weakness(weak)["en"])
    return text("".join(zh), " ".join(en))


def weak_equality(states: Sequence[FileState]) -> str:
    """What the algorithm is called by which alone the contents are equal; nothing where none is weak or
    some hashes are not compared."""
    pairs = [held(first, second) for at, first in enumerate(states[:20]) for second in states[at + 1 : 20]]
    if any(found.unlike for found in pairs):
        return ""
    return next((name_of(found.by) for found in pairs if found.weak), "")


def versions(group: Group, captured: Iterable[Compared]) -> Text:
    """That the states name different versions; nothing where they do not."""
    stated: dict[str, list[FileState]] = {}
    for compared in captured:
        if compared.state.version:
            stated.setdefault(version_key(compared.state.version), []).append(compared.state)
    if len(stated) < 2:
        return text("", "")
    zh = "，".join(f"{names(group, states)['zh-hans']}为 {states[0].version}" for states in stated.values())
    en = ", ".join(f"{states[0].version} ({names(group, states)['en']})" for states in stated.values())
    return text(
        f"版本不同：{zh}；不同版本的内容本来就不同。",
        f"The versions differ: {en}; different versions have different contents by nature.",
    )


def write_times(captured: Iterable[Compared], *, ordered: bool) -> Text:
    """That the write time is the same in all of them, though the content is not."""
    times = [compared.state.modified for compared in captured if compared.state.modified]
    distinct = distinct_times(times)
    if len(times) < 2 or len(distinct) > 1:
        return text("", "")
    time = distinct[0].replace("T", " ")
    if ordered:
        return text(f"采集到的修改时间却始终是 {time}。", f"The captured write time stays {time} all along.")
    return text(f"采集到的修改时间却都是 {time}。", f"The captured write time is {time} in all of them.")


def names(group: Group, states: Iterable[FileState]) -> Text:
    """What the states are called, one after the other."""
    every = [called(group, state) for state in states]
    return text("、".join(name["zh-hans"] for name in every), ", ".join(name["en"] for name in every))


def said(*sentences: Text) -> Text:
    """The sentences one behind the other; empty ones are left out."""
    return text(
        "".join(sentence["zh-hans"] for sentence in sentences),
        " ".join(sentence["en"] for sentence in sentences if sentence["en"]),
    )


# -- Parts ------------------------------------------------------------------------------


def _pairs(
    states: Sequence[FileState], numbers: Sequence[int | None], *, ordered: bool
) -> list[tuple[FileState, FileState]]:
    """One pair of states for each two contents that are told apart: neighbours, or each against the first."""
    if ordered:
        known = [(state, number) for state, number in zip(states, numbers, strict=True) if number is not None]
        return [(a, b) for (a, first), (b, second) in pairwise(known) if first != second]
    fullest: dict[int, FileState] = {}
    for state, number in zip(states, numbers, strict=True):
        if number is not None and (number not in fullest or _facts(state) > _facts(fullest[number])):
            fullest[number] = state
    first, *others = fullest.values()
    return [(first, other) for other in others]


def _facts(state: FileState) -> int:
    return (state.size is not None) + (best_hash(state) is not None)


def _sizes(group: Group, first: FileState, second: FileState, delta: int, *, ordered: bool) -> Text:
    more_zh, more_en = ("多", "more") if delta > 0 else ("少", "less")
    mine, theirs = called(group, first), called(group, second)
    a, b = first.size or 0, second.size or 0
    if ordered:
        return text(
            f"从{mine['zh-hans']}到{theirs['zh-hans']}，大小由 {a:,} 变为 {b:,} 字节，"
            f"{more_zh}了 {abs(delta):,} 字节。",
            f"From {mine['en']} to {theirs['en']} the size went from {a:,} to {bytes_of(b)}: "
            f"{bytes_of(abs(delta))} {more_en}.",
        )
    return text(
        f"{mine['zh-hans']}为 {a:,} 字节，{theirs['zh-hans']}为 {b:,} 字节，"
        f"后者{more_zh} {abs(delta):,} 字节。",
        f"{mine['en']} has {bytes_of(a)}, {theirs['en']} has {bytes_of(b)}: "
        f"{bytes_of(abs(delta))} {more_en}.",
    )


def _why(against: Held, *, ordered: bool) -> Text:
    proven = text("文件已改变", "a change") if ordered else text("内容不同", "two different contents")
    if against.relation is not Relation.DIFFERENT or against.by in {"SHA256", "absence"}:
        return text("", "")
    if against.by == "size":
        return text(f"仅凭大小不同就足以证明{proven['zh-hans']}。", f"The sizes alone prove {proven['en']}.")
    name = name_of(against.by)
    return text(
        f"两者的 {name} 不同，足以证明{proven['zh-hans']}。",
        f"The two {name} differ, which is enough to prove {proven['en']}.",
    )


def _content(states: Sequence[FileState]) -> Text:
    """Hash and size of states with one content, as far as any of them has it."""
    if states[0].absent:
        return text("文件不存在", "not there")
    digest = next((short_of(state) for state in states if best_hash(state)), "")
    size = next((state.size for state in states if state.size is not None), None)
    if size is None:
        return text(digest or "—", digest or "—")
    if not digest:
        return text(f"{size:,} 字节", bytes_of(size))
    return text(f"{digest}（{size:,} 字节）", f"{digest} ({bytes_of(size)})")


def _short(state: FileState) -> Text:
    return text(short_of(state), short_of(state)) if best_hash(state) else _content([state])
