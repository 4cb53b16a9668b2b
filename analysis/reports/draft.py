"""The sentences a draft begins with: what happened, what it means, what to do; then the details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.reports.content import NOTHING_EXAMINED, WEIGHTY
from engine.schema.document import FindingEntry, ResultDocument
from engine.text import Text, text

if TYPE_CHECKING:
    from analysis.runs.models import AnalysisRun

MAX_NAMED = 2
"""Findings that the first paragraph names; the details tell of more."""
MAX_DETAILED = 5
PARAGRAPH = "\n\n"

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
    """First what a customer needs; then what was read, the grave findings in full, the others by name."""
    result = run.result
    findings = _kept(result, left_out)
    if not findings and result.nothing_examined:
        return NOTHING_EXAMINED
    weighty = [finding for finding in findings if finding.severity in WEIGHTY]
    grave = [finding for finding in weighty if finding.severity == "high"]
    # Of many findings of one rule the first stands for its kind; the others are named.
    detailed = list({finding.rule: finding for finding in reversed(grave)}.values())[::-1][:MAX_DETAILED]
    rest = [
        finding.title
        for finding in (*weighty, *findings)
        if finding not in detailed and finding.severity != "info"
    ]
    paragraphs = [_first(findings, grave or weighty), _scope(result, len(findings), len(weighty))]
    paragraphs += [_paragraph(finding) for finding in detailed]
    if rest:
        paragraphs.append(_listed(list({title["en"]: title for title in rest}.values())))
    paragraphs += _unsaid(result)
    return _joined(paragraphs)


def drafted_advice(run: AnalysisRun, left_out: Sequence[int] = ()) -> Text:
    """The advice of the weighty findings, each said once; first what the conclusion begins with."""
    weighty = [finding for finding in _kept(run.result, left_out) if finding.severity in WEIGHTY]
    steps: list[Text] = []
    for finding in _cause_first(weighty):
        if finding.advice["en"] and finding.advice not in steps:
            steps.append(finding.advice)
    return _joined(steps)


def _kept(result: ResultDocument, left_out: Sequence[int]) -> list[FindingEntry]:
    return [finding for position, finding in enumerate(result.findings) if position not in left_out]


def _first(findings: Sequence[FindingEntry], main: Sequence[FindingEntry]) -> Text:
    """What happened, what it means, what to do; of the gravest."""
    if not findings:
        return text("未发现异常。", "Nothing unusual was found.")
    if not main:
        return text(
            "未发现需要处理的问题；检查到的情况均属正常或轻微，见下文。",
            "Nothing was found that needs action; what was seen is in order or minor, see below.",
        )
    cause = _cause(main)
    named = list(main[:MAX_NAMED])
    if cause:
        service = next(finding for finding in main if finding.data.service and _same_program(cause, finding))
        named = [service, cause]
    parts = [_titles(named), SAME_PROGRAM if cause else _meaning(named[0])]
    step = _step(_cause_first(main)[0].advice)
    if step["en"]:
        parts.append(
            text(
                f"第一步：{step['zh-hans']}其余步骤见“建议”。",
                f"First step: {step['en']} The other steps are under “Advice”.",
            )
        )
    sentences = [part for part in parts if part["en"]]
    return text(
        "".join(sentence["zh-hans"] for sentence in sentences),
        " ".join(sentence["en"] for sentence in sentences),
    )


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
    titles = [finding.title for finding in named]
    return text(
        "；".join(title["zh-hans"].rstrip("。") for title in titles) + "。",
        ". ".join(title["en"].rstrip(".") for title in titles) + ".",
    )


def _meaning(finding: FindingEntry) -> Text:
    meaning = finding.data.meaning or MEANINGS.get(finding.rule)
    return meaning or text("", "")


def _step(advice: Text) -> Text:
    """The first step of an advice, without its number."""
    return text(
        *(sentence.strip().partition("\n")[0].removeprefix("1.").strip() for sentence in _both(advice))
    )


def _both(both: Text) -> tuple[str, str]:
    return both["zh-hans"], both["en"]


def _scope(result: ResultDocument, count: int, weighty: int) -> Text:
    files, records = len(result.artifacts), result.events.total
    if not count:
        came = text("没有得出结论。", "It came to no finding.")
    elif weighty:
        came = text(
            f"得出 {count} 项结论，其中 {weighty} 项需要处理。",
            f"It came to {count} {_plural(count, 'finding')}, "
            f"{weighty} of which {'needs' if weighty == 1 else 'need'} action.",
        )
    else:
        came = text(
            f"得出 {count} 项结论，均无需担心。",
            f"It came to {count} {_plural(count, 'finding')}, none of them alarming.",
        )
    return text(
        f"本次分析读取了 {files} 个文件、{records:,} 条事件记录，{came['zh-hans']}",
        f"The analysis read {files} {_plural(files, 'file')} and {records:,} event "
        f"{_plural(records, 'record')}. {came['en']}",
    )


def _unsaid(result: ResultDocument) -> list[Text]:
    """What is not told one by one, and what could not be examined."""
    unlisted = sum(examination.left_out for examination in result.examined)
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


def _listed(titles: Sequence[Text]) -> Text:
    chinese = "；".join(title["zh-hans"].rstrip("。") for title in titles)
    english = "; ".join(title["en"].rstrip(".") for title in titles)
    return text(f"此外：{chinese}。", f"Besides: {english}.")


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


def _paragraph(finding: FindingEntry) -> Text:
    """Title and first paragraph: what stands behind it is with the finding itself."""
    title, summary = finding.title, finding.summary
    return text(
        f"{title['zh-hans'].rstrip('。')}。{summary['zh-hans'].split(PARAGRAPH)[0]}",
        f"{title['en'].rstrip('.')}. {summary['en'].split(PARAGRAPH)[0]}",
    )


def _joined(paragraphs: Sequence[Text]) -> Text:
    return text(*(PARAGRAPH.join(paragraph[name] for paragraph in paragraphs) for name in ("zh-hans", "en")))


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
