"""The sentences a draft begins with: what happened and what it means, what was read, what to do.

The findings themselves stand below; nothing of them is said twice. Of what the engineer leaves out no
sentence speaks, and none denies it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from analysis.reports.content import NOTHING_EXAMINED, WEIGHTY
from analysis.reports.steps import numbered, steps_of
from engine.conclusions.what_was_read import WhatWasRead, named, what_was_read
from engine.schema.document import FindingEntry, ResultDocument
from engine.text import Text, joined, text
from engine.text_safety import shown

if TYPE_CHECKING:
    from analysis.reports.models import Report
    from analysis.runs.models import AnalysisRun

MAX_NAMED = 2
"""Findings that the first sentence names."""
PARAGRAPH = "\n\n"

NO_SIGN = text(
    "这不表示一切正常，只表示尚未检查。",
    "This does not mean that all is well, only that nothing has been examined yet.",
)
MEANINGS: dict[str, Text] = {
    "file-tampered": text(
        "该文件在安装之后被其他程序改动过，已不是厂商发布的文件。",
        "The file was changed by another program after its installation and is no longer the one that its "
        "vendor released.",
    ),
    "tampered-executable": text(
        "该程序的内容与同一版本的原文件不同，已不能当作厂商发布的文件。",
        "The program's content is not that of the original of the same version; it cannot be taken for the "
        "file that its vendor released.",
    ),
    "executable-signature": text(
        "该文件的签名不再能证明它来自签名者。", "The signature no longer vouches for where the file is from."
    ),
    "file-state-changed": text(
        "各次采集之间，文件的内容变了；如果期间没有人更新软件，就需要查明是谁改的。",
        "The file's content changed between the captures; unless somebody updated the software, what changed "
        "it has to be found.",
    ),
    "service-terminated-unexpectedly": text(
        "该服务不是被正常停止的，而是自行异常退出。",
        "The service was not stopped by anybody; it ended by itself, abnormally.",
    ),
}
"""What a finding of our own analyzers means to a customer; a rule's finding says so in its data."""

SAME_PROGRAM = text(
    "从名称看，意外停止的服务与被改动的文件属于同一个程序：文件被改动很可能就是它停止的原因，应先排除，再考虑操作系统。",
    "By their names, the service that stops and the file that was changed belong to one program: most likely "
    "the change is why it stops, and it should be ruled out before the operating system is suspected.",
)


def drafted_conclusion(run: AnalysisRun, left_out: Sequence[int] = ()) -> Text:
    """First what a customer needs, in one sentence; then what it means, what was read and what was not."""
    result = run.result
    findings = _kept(result, left_out)
    read = what_was_read(result.artifacts, result.events, result.source.name)
    if not findings and not left_out and read.nothing:
        return _joined([joined(read.headline, NO_SIGN), *map(named, read.reasons)])
    if not findings and not left_out and result.nothing_examined:
        return NOTHING_EXAMINED
    unsaid = [result.findings[position] for position in left_out if position < len(result.findings)]
    weighty = [finding for finding in findings if finding.severity in WEIGHTY]
    grave = [finding for finding in weighty if finding.severity == "high"]
    paragraphs = [
        *_first(findings, grave or weighty, unsaid),
        _scope(result, read, len(findings), len(weighty), listed_only=bool(unsaid)),
        *_unlisted(result, {finding.rule for finding in unsaid} - {finding.rule for finding in findings}),
    ]
    return _joined([paragraph for paragraph in paragraphs if paragraph["en"]])


def drafted_advice(run: AnalysisRun, left_out: Sequence[int] = ()) -> Text:
    """The steps of the weighty findings, each said once; first those of what the conclusion begins with."""
    weighty = [finding for finding in _kept(run.result, left_out) if finding.severity in WEIGHTY]
    advice: list[tuple[str, str]] = []
    for finding in _cause_first(weighty):
        steps = [steps_of(finding.advice[language]) for language in ("zh-hans", "en")]
        if len(steps[0]) != len(steps[1]):
            steps = [[PARAGRAPH.join(lines)] for lines in steps]
        advice += [pair for pair in zip(*steps, strict=True) if pair not in advice and pair[1]]
    return text(numbered(chinese for chinese, _ in advice), numbered(english for _, english in advice))


def drafted_change(run: AnalysisRun, replaced: Report) -> Text:
    """Why there is a new version, where a new analysis made it."""
    if run.bundle_id == replaced.run.bundle_id:
        return text("对同一份上传重新做了分析。", "The same upload was analysed again.")
    name = shown(run.bundle.name, 120)
    return text(f"根据新上传的“{name}”重新做了分析。", f"Analysed anew, from the upload “{name}”.")


def _kept(result: ResultDocument, left_out: Sequence[int]) -> list[FindingEntry]:
    return [finding for position, finding in enumerate(result.findings) if position not in left_out]


def _first(
    findings: Sequence[FindingEntry], main: Sequence[FindingEntry], unsaid: Sequence[FindingEntry]
) -> list[Text]:
    """What happened, in one sentence, and what it means; of the gravest."""
    if not findings:
        if any(finding.severity != "info" for finding in unsaid):
            return []
        return [text("在已读取的内容中未发现异常。", "Nothing unusual was found in what was read.")]
    if not main:
        if any(finding.severity in WEIGHTY for finding in unsaid):
            return []
        return [
            text(
                "未发现需要处理的问题；检查到的情况均属正常或轻微，见下文。",
                "Nothing was found that needs action; what was seen is in order or minor, see below.",
            )
        ]
    cause = _cause(main)
    named = list(main[:MAX_NAMED])
    if cause:
        service = next(finding for finding in main if finding.data.service and _same_program(cause, finding))
        named = [service, cause]
    return [_titles(named), SAME_PROGRAM if cause else _meaning(named[0])]


def _cause_first(findings: Sequence[FindingEntry]) -> list[FindingEntry]:
    cause = _cause(findings)
    return sorted(findings, key=lambda finding: finding is not cause) if cause else list(findings)


def _cause(main: Sequence[FindingEntry]) -> FindingEntry | None:
    """The changed file that bears the name of a service of these findings."""
    services = [finding for finding in main if finding.data.service]
    for finding in main:
        if finding.rule == "file-tampered" and any(_same_program(finding, service) for service in services):
            return finding
    return None


def _same_program(file: FindingEntry, service: FindingEntry) -> bool:
    name = (file.data.file or "").casefold()
    key = (service.data.service or "").casefold()
    return bool(name) and key in {name, name.removesuffix(".exe")}


def _titles(named: Sequence[FindingEntry]) -> Text:
    first, *others = [finding.title["en"].rstrip(".") for finding in named]
    return text(
        "；".join(finding.title["zh-hans"].rstrip("。") for finding in named) + "。",
        "; ".join([first, *map(_in_a_sentence, others)]) + ".",
    )


def _in_a_sentence(title: str) -> str:
    """A title behind others: an article is written small, a name stays as it is."""
    article, blank, rest = title.partition(" ")
    return f"{article.lower() if article in {'The', 'A', 'An', 'No'} else article}{blank}{rest}"


def _meaning(finding: FindingEntry) -> Text:
    meaning = finding.data.meaning or MEANINGS.get(finding.rule)
    return meaning or text("", "")


def _scope(result: ResultDocument, read: WhatWasRead, count: int, weighty: int, *, listed_only: bool) -> Text:
    """What was read. ``listed_only``: the analysis came to more than the report lists."""
    files, records = read.files, result.events.total
    came_to = ("本报告列出", "This report lists") if listed_only else ("得出", "It came to")
    if not count:
        came = text("", "") if listed_only else text("没有得出结论。", "It came to no finding.")
    elif weighty:
        came = text(
            f"{came_to[0]} {count} 项结论，其中 {weighty} 项需要处理。",
            f"{came_to[1]} {count} {_plural(count, 'finding')}, "
            f"{weighty} of which {'needs' if weighty == 1 else 'need'} action.",
        )
    elif listed_only:
        came = text(f"{came_to[0]} {count} 项结论。", f"{came_to[1]} {count} {_plural(count, 'finding')}.")
    else:
        came = text(
            f"得出 {count} 项结论，均无需担心。",
            f"It came to {count} {_plural(count, 'finding')}, none of them alarming.",
        )
    return text(
        f"本次分析读取了 {files} 个文件、{records:,} 条事件记录"
        + (f"，{came['zh-hans']}" if came["zh-hans"] else "。")
        + (f"另有 {read.unread:,} 个文件没有分析，原因见文件列表。" if read.unread else ""),
        f"The analysis read {files} {_plural(files, 'file')} and {records:,} event "
        f"{_plural(records, 'record')}. {came['en']}".rstrip()
        + (
            f" {read.unread:,} more {'file was' if read.unread == 1 else 'files were'} not analysed; the "
            "list of files says why."
            if read.unread
            else ""
        ),
    )


def _unlisted(result: ResultDocument, silent: Collection[str]) -> list[Text]:
    """What is not told one by one, and what could not be examined. ``silent``: rules of which nothing is
    said."""
    unlisted = sum(examination.left_out for examination in result.examined if examination.rule not in silent)
    without = sum(examination.outcome == "not_examined" for examination in result.examined)
    failed = sum(examination.outcome == "failed" for examination in result.examined)
    sentences = []
    if unlisted:
        sentences.append(
            text(
                f"另有 {unlisted:,} 项结论因数量过多未逐一列出，详见“已检查与未检查”。",
                f"{unlisted:,} more {_plural(unlisted, 'conclusion')} of the same kinds "
                f"{'is' if unlisted == 1 else 'are'} not listed; "
                "see “What was examined and what was not”.",
            )
        )
    if without or failed:
        sentences.append(_unmade(without, failed))
    return sentences


def _unmade(without: int, failed: int) -> Text:
    """That a check lacked its log is ordinary; that one failed is not, and is said apart."""
    sentences = []
    if without:
        sentences.append(
            text(
                f"有 {without} 项检查因上传中没有相应的日志或文件而未进行",
                f"For {without} {_plural(without, 'check')} the upload held no matching log or file",
            )
        )
    if failed:
        sentences.append(
            text(
                f"有 {failed} 项检查出错，未能完成",
                f"{failed} {_plural(failed, 'check')} broke off",
            )
        )
    return text(
        "；".join(sentence["zh-hans"] for sentence in sentences) + "，详见“已检查与未检查”。",
        "; ".join(sentence["en"] for sentence in sentences) + ": see “What was examined and what was not”.",
    )


def _joined(paragraphs: Sequence[Text]) -> Text:
    return text(*(PARAGRAPH.join(paragraph[name] for paragraph in paragraphs) for name in ("zh-hans", "en")))


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
