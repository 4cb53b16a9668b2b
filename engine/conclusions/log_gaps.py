"""Whether what a log lacks touches a conclusion drawn from it, in a sentence for the finding."""

from collections.abc import Collection, Mapping, Sequence

from engine.index.values import LogForm
from engine.parsers.evtx.concluding import ranges_text
from engine.parsers.evtx.log_facts import LogFacts
from engine.phrases import counted, joined
from engine.schema.logs import LogKind
from engine.text import Text, text


def gaps(
    facts: LogFacts,
    ids: Collection[int],
    second: Mapping[str, int],
    noun: Text,
    differences: Sequence[str] = (),
) -> Text:
    """Whether missing, unreadable or altered records touch what the records ``ids`` of a log say,
    and whether the second parser reads those that are cited alike.

    ``second`` counts the second parser's verdicts (see ``citing``); ``noun`` is what the
    records tell of, in the plural.
    """
    if facts.form is not LogForm.EVTX:
        return _of_text(facts)
    sentences: list[Text] = []
    zh, en = noun["zh-hans"], noun["en"]
    inside = [gap for gap in facts.missing if gap[0] <= max(ids) and gap[1] >= min(ids)]
    outside = [gap for gap in facts.missing if gap not in inside]
    if inside:
        sentences.append(
            text(
                f"编号 {ranges_text(inside)} 的记录缺失，且位于上述{zh}之间：实际次数可能更多。",
                f"Records {ranges_text(inside)} are missing and lie between the {en} above: "
                "there may have been more.",
            )
        )
    if outside:
        sentences.append(
            text(
                f"编号 {ranges_text(outside)} 的记录缺失，位于上述{zh}之前或之后："
                f"更早或更晚的{zh}可能未计入。",
                f"Records {ranges_text(outside)} are missing, before or after the {en} above: "
                "earlier or later ones may not be counted.",
            )
        )
    if facts.bad_chunks:
        sentences.append(
            text(
                f"日志中有 {len(facts.bad_chunks):,} 个数据块损坏或校验和不符，其中可能还有未能读取的记录。",
                f"Damaged or with a wrong checksum: {counted(len(facts.bad_chunks), 'chunk')} of the log, "
                "with perhaps more records that could not be read.",
            )
        )
    if facts.cut:
        sentences.append(
            text(
                f"日志文件末尾不完整：更晚的{zh}可能未计入。",
                f"The end of the log file is cut off: later {en} may not be counted.",
            )
        )
    if facts.unreadable and not facts.bad_chunks:
        sentences.append(
            text(
                f"有 {facts.unreadable:,} 处记录无法读取。",
                f"Unreadable in this log: {counted(facts.unreadable, 'record')}.",
            )
        )
    if facts.dirty:
        sentences.append(
            text(
                "日志复制时仍在使用，最后的记录可能不在其中。",
                "The log was copied while in use: the latest records may not be in it.",
            )
        )
    if facts.missing_records and not facts.missing:
        sentences.append(
            text(
                f"缺少 {facts.missing_records:,} 条记录，其编号不明：可能还有更多的{zh}。",
                f"Missing, under numbers that are not known: {counted(facts.missing_records, 'record')}; "
                f"there may have been more {en}.",
            )
        )
    doubts = _doubts(second, differences)
    sentences.extend(doubts)
    if not sentences:
        sentences.append(_whole(facts))
    if facts.kind is LogKind.FILTERED:
        zh_else, en_else = (
            ("，或导出前已有记录缺失", ", or after records had gone") if facts.few_left_out else ("", "")
        )
        sentences.append(
            text(
                f"该日志导出时使用了筛选{zh_else}：不在文件中的记录若有{zh}，未计入。",
                f"The log was exported with a filter{en_else}: {en} among the records that are not in it "
                "are not counted.",
            )
        )
    agreeing = second.get("agrees", 0)
    if agreeing and not doubts:
        sentences.append(
            text(
                f"所引用的 {agreeing:,} 条记录均由第二个解析器逐字段核对，结果一致。",
                f"The second parser reads {counted(agreeing, 'cited record')} the same, field by field.",
            )
        )
    if other := second.get("other_form", 0):
        sentences.append(
            text(
                f"所引用的记录中有 {other:,} 条的存储形式为第二个解析器所不支持，只读取了一遍。",
                f"{counted(other, 'cited record')} {'is' if other == 1 else 'are'} laid out in a way that "
                f"the second parser does not know, and {'was' if other == 1 else 'were'} read once.",
            )
        )
    return joined(sentences)


def _of_text(facts: LogFacts) -> Text:
    """An export or a text log has no checksums, and nothing in it tells what was left out."""
    number = counted(facts.records, "record")
    sentences = [
        text(
            f"来源不是 .evtx 日志（读取了 {facts.records:,} 条记录）：没有校验和，"
            "也无法看出其中是否略去了记录。",
            f"The source is no .evtx log ({number} read): it has no checksums, and nothing in it tells "
            "whether records were left out.",
        )
    ]
    if facts.unreadable:
        places = counted(facts.unreadable, "place")
        sentences.append(text(f"另有 {facts.unreadable:,} 处未能识别。", f"Not understood: {places}."))
    return joined(sentences)


def _whole(facts: LogFacts) -> Text:
    """That nothing is missing of a log, as far as its kind and its checksums can say so."""
    zh = ["日志完整", f"：已读取 {facts.records:,} 条记录，"]
    en = ["The log is whole", f": {counted(facts.records, 'record')} read, "]
    match facts.kind:
        case LogKind.OWN | LogKind.SAVED:
            zh.append(f"编号 {facts.first_record}–{facts.last_record} 连续，")
            en.append(f"numbers {facts.first_record}–{facts.last_record} without a gap, ")
        case LogKind.FILTERED:
            zh[0], en[0] = "导出的记录完整", "What was exported is whole"
            zh.append(f"编号在 {facts.first_record}–{facts.last_record} 之间，")
            en.append(f"with numbers between {facts.first_record} and {facts.last_record}, ")
        case LogKind.MERGED | LogKind.COLLECTED:
            zh[0], en[0] = "收入文件的记录完整", "What was put into the file is whole"
            zh.append("各自沿用原日志中的编号，")
            en.append("each with the number of its own log, ")
    zh.append(f"无法读取 {facts.unreadable:,} 条，")
    en.append(f"{facts.unreadable:,} unreadable, ")
    zh.append("校验和正确。" if facts.checksums else "该日志不带校验和。")
    en.append("checksums correct." if facts.checksums else "and the log carries no checksums.")
    return text("".join(zh), "".join(en))


def _doubts(second: Mapping[str, int], differences: Sequence[str]) -> list[Text]:
    sentences = []
    if bad := second.get("bad_checksum", 0):
        sentences.append(
            text(
                f"所引用的记录中有 {bad:,} 条所在数据块的校验和不符，其内容可能被改动。",
                f"{counted(bad, 'cited record')} stand{'s' if bad == 1 else ''} in a chunk whose checksum "
                "does not match: the content may have been altered.",
            )
        )
    if differs := second.get("differs", 0):
        sentences.append(
            text(
                f"所引用的记录中有 {differs:,} 条，第二个解析器读出的内容不同"
                f"（记录 {'；'.join(differences)}），请人工核对。",
                f"The second parser reads {counted(differs, 'cited record')} differently "
                f"(record {'; '.join(differences)}); please check by hand.",
            )
        )
    if unread := second.get("not_read", 0):
        sentences.append(
            text(
                f"所引用的记录中有 {unread:,} 条未能由第二个解析器读取。",
                f"The second parser could not read {counted(unread, 'cited record')}.",
            )
        )
    return sentences
