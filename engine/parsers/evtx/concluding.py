"""What the parts of an event log say together: the log's facts, and how far it was read in words."""

from collections.abc import Sequence

from engine.artifacts import Artifact, State
from engine.parsers.evtx.integrity import Integrity, Range, merge, missing
from engine.parsers.evtx.log_facts import LogFacts, PartFacts
from engine.parsers.evtx.numbering import Numbering, named, together
from engine.phrases import counted
from engine.schema.logs import LogKind
from engine.text import Text, text


def concluded(artifact: Artifact, parts: Sequence[PartFacts]) -> LogFacts:
    """What the parts of a log say together; sets the artifact's state and detail."""
    facts = LogFacts(artifact.path)
    integrities = [part.integrity for part in parts if part.integrity is not None]
    if not integrities:
        artifact.state = State.UNREADABLE
        artifact.detail = text(
            "文件开头不是 Windows 事件日志的格式，无法读取。请重新导出该日志（.evtx）后再上传。",
            "The file does not begin as a Windows event log does and cannot be read. "
            "Please export the log (.evtx) again and upload it.",
        )
        return facts
    integrity = integrities[0]
    integrity.chunks = [chunk for integrity_of_part in integrities for chunk in integrity_of_part.chunks]
    ranges = merge(numbers for part in parts for numbers in part.read)
    facts.records = sum(part.records for part in parts)
    facts.first_time = min((part.first_time for part in parts if part.first_time), default=None)
    facts.last_time = max((part.last_time for part in parts if part.last_time), default=None)
    _count_numbers(
        facts, together(part.numbering for part in parts), ranges, missing(integrity, ranges), parts
    )
    facts.no_time = sum(part.no_time for part in parts)
    facts.checksums = not integrity.chunks or not all(chunk.unchecked for chunk in integrity.chunks)
    facts.duplicates = facts.records - sum(last - first + 1 for first, last in ranges)
    facts.unreadable = sum(part.unreadable for part in parts)
    facts.dirty, facts.full = integrity.dirty, integrity.full
    facts.header_valid, facts.cut = integrity.header_valid, integrity.cut
    facts.bad_chunks, facts.chunks = integrity.bad_chunks, integrity.chunks
    facts.unlisted = sum(chunk.unlisted for chunk in integrity.chunks)
    _judge(artifact, facts, integrity)
    return facts


def _count_numbers(
    facts: LogFacts,
    numbering: Numbering,
    read: list[Range],
    lost: list[Range],
    parts: Sequence[PartFacts],
) -> None:
    """Says by ``EventRecordID`` what the log holds and what is missing, of which ``read`` and ``lost`` are
    the numbers in the headers."""
    facts.kind = numbering.kind(read[0][0] if read else 1, facts.artifact.rpartition("/")[2])
    facts.computers, facts.channels = len(numbering.computers), len(numbering.runs)
    if facts.kind is LogKind.OWN:
        facts.missing = lost
        if read:
            facts.first_record, facts.last_record = read[0][0], read[-1][1]
        return
    facts.lost = sum(last - first + 1 for first, last in lost)
    if facts.kind in {LogKind.SAVED, LogKind.FILTERED}:
        (run,) = numbering.runs.values()
        facts.first_record, facts.last_record = run.low, run.high
        ends = {number: record_id for part in parts for number, record_id in part.ends.items()}
        facts.missing = merge(named(lost, ends, numbering.shift))
        facts.left_out = max(0, numbering.left_out - facts.lost)


def _judge(artifact: Artifact, facts: LogFacts, integrity: Integrity) -> None:
    """Says in the artifact's state and detail how far the log was read."""
    zh: list[str] = []
    en: list[str] = []
    if facts.missing_records:
        zh_numbers, en_numbers = missing_numbers(facts)
        zh.append(f"缺少 {facts.missing_records:,} 条记录{zh_numbers}")
        verb = "is" if facts.missing_records == 1 else "are"
        en.append(f"{counted(facts.missing_records, 'record')} {verb} missing{en_numbers}")
    if facts.bad_chunks:
        zh.append(f"{len(facts.bad_chunks):,} 个数据块的文件头或校验和不正确")
        en.append(f"bad header or checksum in {counted(len(facts.bad_chunks), 'chunk')}")
    if facts.cut:
        zh.append("文件末尾不完整")
        en.append("the end of the file is cut off")
    if facts.unreadable:
        zh.append(f"{facts.unreadable:,} 处记录或数据块无法读取")
        en.append(f"unreadable in {counted(facts.unreadable, 'place')}")
    if facts.duplicates:
        zh.append(f"{facts.duplicates:,} 条记录的编号重复")
        en.append(f"a number that came before in {counted(facts.duplicates, 'record')}")
    if not facts.header_valid:
        zh.append("文件头校验和不正确")
        en.append("the checksum of the file header is wrong")
    if zh:
        artifact.state = State.PARTLY
    for note in notes(facts):
        zh.append(note["zh-hans"])
        en.append(note["en"])
    if facts.dirty:
        zh.append("日志在写入时被复制（未正常关闭），文件头可能不是最新")
        en.append("the log was copied while in use (not closed), its header may be out of date")
    if zh:
        artifact.detail = text("；".join(zh) + "。", _sentence("; ".join(en)))
    if integrity.chunks and not facts.records and artifact.state is State.PARTLY:
        artifact.state = State.UNREADABLE


def missing_numbers(facts: LogFacts) -> tuple[str, str]:
    """The numbers of missing records in brackets, Chinese and English; nothing where they are not known."""
    if not facts.missing:
        return "", ""
    listed = ranges_text(facts.missing)
    if facts.missing_records == sum(last - first + 1 for first, last in facts.missing):
        return f"（编号 {listed}）", f" (numbers {listed})"
    return f"（编号在 {listed} 之内）", f" (their numbers lie within {listed})"


def notes(facts: LogFacts) -> list[Text]:
    """What kind of log it is where that is to be known, and what it does not carry: no damage."""
    said: list[Text] = []
    if facts.kind is LogKind.FILTERED:
        span = f"{facts.first_record}–{facts.last_record}"
        zh_else, en_else = (
            ("，或导出前已有记录缺失", ", or after records had gone") if facts.few_left_out else ("", "")
        )
        said.append(
            text(
                f"导出时使用了筛选{zh_else}：编号 {span} 中有 {facts.left_out:,} 个不在文件中",
                f"exported with a filter{en_else}: {facts.left_out:,} of the numbers {span} "
                f"{'is' if facts.left_out == 1 else 'are'} not in it",
            )
        )
    elif facts.kind is LogKind.MERGED:
        said.append(
            text(
                "由多个日志或多次导出合并而成，各自沿用原来的记录编号",
                "put together from several logs or exports, whose records keep their own numbers",
            )
        )
    elif facts.kind is LogKind.COLLECTED:
        several = facts.computers > 1
        zh_from = f" {facts.computers:,} 台电脑" if several else "另一个日志"
        en_from = counted(facts.computers, "computer") if several else "another log"
        said.append(
            text(
                f"收集自{zh_from}，记录沿用原日志中的编号",
                f"collected from {en_from}, records keep the numbers of the log they were written to",
            )
        )
    if facts.no_time:
        said.append(
            text(
                f"{facts.no_time:,} 条记录没有时间",
                f"{counted(facts.no_time, 'record')} {'bears' if facts.no_time == 1 else 'bear'} no time",
            )
        )
    if not facts.checksums:
        said.append(text("该日志不带校验和", "this log carries no checksums"))
    return said


def ranges_text(ranges: list[Range], most: int = 5) -> str:
    """``3–7, 12`` for people; of many ranges the first few and an ellipsis."""
    shown = [f"{first}" if first == last else f"{first}–{last}" for first, last in ranges[:most]]
    return ", ".join(shown) + (", …" if len(ranges) > most else "")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
