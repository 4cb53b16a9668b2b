"""Sentences about two copies of one executable, for a reader who has never seen a PE header."""

from engine.files.rules import bytes_of
from engine.parsers.pe.comparison import Comparison, SectionChange
from engine.phrases import joined
from engine.text import Text, text

MIN_PACKED_ENTROPY = 7.2
"""Bits a byte from which data looks compressed or encrypted; program code has about 6."""

MAX_NAMED = 3
KEPT = {
    "version": ("版本号", "version"),
    "link_time": ("链接时间", "link time"),
    "checksum": ("文件头中的校验和", "checksum in the header"),
    "size": ("文件大小", "file size"),
    "signature": ("证书表的大小", "size of the certificate table"),
}


def title(comparison: Comparison) -> Text:
    """What stands over the finding."""
    name, other = comparison.other.artifact, comparison.reference.artifact
    zh, en = [], []
    if comparison.changed_bytes:
        zh.append(f"有 {comparison.changed_bytes:,} 字节被改动")
        en.append(f"{bytes_of(comparison.changed_bytes)} changed")
    if comparison.overlay_added > 0:
        zh.append(f"末尾多出 {comparison.overlay_added:,} 字节")
        en.append(f"{bytes_of(comparison.overlay_added)} appended")
    what_zh = "，".join(zh) or "内容不同"
    what_en = ", ".join(en) or "its content differs"
    return text(
        f"{name}：与 {other} 同名同版本，但{what_zh}",
        f"{name}: as {other} by name and version, but {what_en}",
    )


def summary(comparison: Comparison, captured: Text) -> Text:
    """The sentence for a manager; in a paragraph of its own which ``captured`` state this is,
    every difference, and what pretends that there is none."""
    parts = [
        captured if captured["en"] else None,
        _lead(comparison),
        _entry(comparison),
        _sections(comparison),
        _tables(comparison),
        _overlay(comparison),
    ]
    parts += [_certificates(comparison), _checksum(comparison)]
    details, short = joined([part for part in parts if part is not None]), conclusion(comparison)
    return text(f"{short['zh-hans']}\n\n{details['zh-hans']}", f"{short['en']}\n\n{details['en']}")


def conclusion(comparison: Comparison) -> Text:
    """The sentence for a manager."""
    diverted = comparison.entry != "same"
    added = comparison.overlay_added > 0 or any(section.state == "added" for section in comparison.sections)
    code = any(
        section.state == "changed" and _holds_code(comparison, section) for section in comparison.sections
    )
    if diverted and (added or comparison.jump):
        return text(
            "一个完整的程序被别的程序改写过，启动时先运行外来的内容。这种改法常见于感染文件的病毒，"
            "也见于破解补丁；仅凭字节不能断定是哪一种，但它已不是厂商发布的文件。",
            "Another program has rewritten a finished program so that foreign content runs first. "
            "File-infecting viruses do this, and so do cracks; the bytes alone do not tell which, but it is "
            "no longer the file that its vendor released.",
        )
    if diverted or code:
        return text(
            "程序代码被改动过，它已不是厂商发布的文件。",
            "The program's code was changed; it is no longer the file that its vendor released.",
        )
    if comparison.changed_bytes:
        return text(
            "程序代码未变，改动在它的数据或资源中；它仍不是厂商发布的原文件。",
            "The program's code is the same, its data or resources were changed; it still is not "
            "the file that its vendor released.",
        )
    if comparison.overlay_changed:
        return text(
            "程序本身逐字节相同，只是文件末尾的附加数据不同；程序平时不会运行这些数据，"
            "但安装程序会用它存放内容，请核对来源。",
            "The program itself is the same byte for byte, only data behind its end differ. They "
            "do not run by themselves, but installers keep content there: please check its origin.",
        )
    return text(
        "程序本身逐字节相同，只有文件头或签名部分不同。",
        "The program itself is the same byte for byte; only header fields or the signature differ.",
    )


def _lead(comparison: Comparison) -> Text:
    reference, other = comparison.reference, comparison.other
    zh = "、".join(KEPT[name][0] for name in comparison.kept if name != "signature")
    en = _joined([KEPT[name][1] for name in comparison.kept if name != "signature"])
    if not zh:
        return text(
            f"{other.artifact} 与 {reference.artifact} 的内容不同。",
            f"The contents of {other.artifact} and {reference.artifact} differ.",
        )
    return text(
        f"{other.artifact} 与 {reference.artifact} 的{zh}相同，看上去是同一个文件，内容却不同。",
        f"{other.artifact} and {reference.artifact} have the same {en} and look like one file, "
        "yet their contents differ.",
    )


def _entry(comparison: Comparison) -> Text | None:
    reference, other = comparison.reference, comparison.other
    if comparison.entry == "same":
        return None
    if comparison.jump:
        where = comparison.jump[1]
        zh = f" {where} 节" if where else "各节之外"
        return text(
            f"程序的第一条指令被换成一次跳转，启动时先运行{zh}中的内容（地址 0x{comparison.jump[0]:X}）。",
            "Its first instruction was replaced by a jump: on start, what stands in "
            f"{f'section {where}' if where else 'no section'} (address 0x{comparison.jump[0]:X}) runs first.",
        )
    if comparison.entry == "moved":
        return text(
            f"程序入口由 0x{reference.entry_point:X}（{reference.entry_section or '—'}）改到 "
            f"0x{other.entry_point:X}（{other.entry_section or '—'}）。",
            "Its entry point was moved from "
            f"0x{reference.entry_point:X} ({reference.entry_section or '–'}) to "
            f"0x{other.entry_point:X} ({other.entry_section or '–'}).",
        )
    return text("程序入口处的指令被改写。", "The instructions at its entry point were rewritten.")


def _sections(comparison: Comparison) -> Text | None:
    zh, en = [], []
    for section in comparison.sections:
        before, after = section.entropy
        if section.state == "changed":
            places = len(section.places) + section.more_places
            at = section.places[0][0] if section.places else 0
            zh.append(
                f"{section.name} 节有 {section.changed:,} 字节不同（{places} 处，最前一处在偏移 {at:,}；"
                f"熵 {before:.2f} 与 {after:.2f}）"
            )
            en.append(
                f"section {section.name} differs in {bytes_of(section.changed)} ({places} "
                f"place{'s' if places > 1 else ''}, the first at offset {at:,}; entropy {before:.2f} and "
                f"{after:.2f})"
            )
        elif section.state == "added":
            zh.append(f"多了 {section.name} 节（{section.size[1]:,} 字节，熵 {after:.2f}）")
            en.append(
                f"section {section.name} was added ({bytes_of(section.size[1] or 0)}, entropy {after:.2f})"
            )
        elif section.state == "removed":
            zh.append(f"少了 {section.name} 节（{section.size[0]:,} 字节）")
            en.append(f"section {section.name} is gone ({bytes_of(section.size[0] or 0)})")
    if not zh:
        return text("各节逐字节相同。", "Its sections are the same byte for byte.")
    same = sum(section.state == "same" for section in comparison.sections)
    zh_rest = f"；其余 {same} 节相同。" if same else "。"
    en_rest = f"; the other {same} are the same." if same else "."
    sentence = "; ".join(en)
    return text("；".join(zh) + zh_rest, sentence[:1].upper() + sentence[1:] + en_rest)


def _tables(comparison: Comparison) -> Text | None:
    zh, en = [], []
    for names, what_zh, what_en in (
        (comparison.imports_added, "多导入了 {n} 个函数", "{n} more imported functions"),
        (comparison.imports_removed, "少导入了 {n} 个函数", "{n} fewer imported functions"),
        (comparison.resources_added, "多了 {n} 项资源", "{n} more resources"),
        (comparison.resources_removed, "少了 {n} 项资源", "{n} fewer resources"),
        (comparison.resources_changed, "{n} 项资源被改动", "{n} changed resources"),
    ):
        if names:
            shown = ", ".join(names[:MAX_NAMED]) + (", …" if len(names) > MAX_NAMED else "")
            zh.append(f"{what_zh.format(n=len(names))}（{shown}）")
            en.append(f"{what_en.format(n=len(names))} ({shown})")
    return text("，".join(zh) + "。", f"It has {_joined(en)}.") if zh else None


def _overlay(comparison: Comparison) -> Text | None:
    if not comparison.overlay_changed:
        return None
    other = comparison.other
    entropy = other.overlay_entropy or 0.0
    packed_zh = "，像压缩或加密过的数据" if entropy >= MIN_PACKED_ENTROPY else ""
    packed_en = ", as of compressed or encrypted data" if entropy >= MIN_PACKED_ENTROPY else ""
    if not other.overlay_size:
        return text("文件末尾的附加数据没有了。", "The data behind its end are gone.")
    if comparison.overlay_added > 0:
        return text(
            f"文件末尾（偏移 {other.overlay_offset:,}）附加了 {comparison.overlay_added:,} 字节，"
            f"熵为 {entropy:.2f}{packed_zh}。",
            f"Appended to it: {bytes_of(comparison.overlay_added)} (offset {other.overlay_offset:,}); "
            f"their entropy is {entropy:.2f}{packed_en}.",
        )
    return text("文件末尾的附加数据被改动。", "The data behind its end were changed.")


def _certificates(comparison: Comparison) -> Text | None:
    before, after = comparison.reference.signature, comparison.other.signature
    if before.state == after.state:
        return None
    who = before.signer or after.signer or "—"
    if before.state == "valid" and after.state == "unsigned":
        return text(f"数字签名（{who}）被去掉了。", f"Its digital signature ({who}) was removed.")
    if before.state == "valid":
        return text(
            f"数字签名（{who}）还在，但已与内容不符或已损坏。",
            f"Its digital signature ({who}) is still there, but no longer fits the content or is damaged.",
        )
    return text(
        f"两份文件的签名状态不同（{before.state} / {after.state}）。",
        f"The signatures of the two differ ({before.state} / {after.state}).",
    )


def _checksum(comparison: Comparison) -> Text | None:
    other = comparison.other
    if other.checksum_fits or not comparison.reference.checksum_fits:
        return None
    return text(
        "它的文件头校验和与内容不符，说明是在生成之后改动的。",
        "The checksum in its header does not fit its content: it was changed after it was built.",
    )


def _holds_code(comparison: Comparison, section: SectionChange) -> bool:
    return section.name in {
        comparison.other.entry_section,
        comparison.reference.entry_section,
        ".text",
        "CODE",
    }


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
