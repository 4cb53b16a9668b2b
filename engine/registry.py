"""The rules, listed one by one: what ``ranking`` leaves equal keeps this order."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine.analyzers import (
    clock_moved_back,
    collector_manifest,
    executables,
    file_equals_baseline,
    file_state_changed,
    file_tampered,
    hash_transcription_slip,
    incident_time,
    log_integrity,
    machine_differs,
    machine_state,
    services,
    sigma,
    signatures,
    yara_rules,
)
from engine.analyzers.guessing import passwords
from engine.analyzers.unexplained import new_errors
from engine.findings import Failed, NotExamined, Outcome
from engine.material import Material
from engine.rules.prepared import prepare
from engine.rules.rule_files import foreign_rules, own_rules
from engine.text import Text, text
from engine.yara_scan import Scan


@dataclass(frozen=True)
class Analyzer:
    """A rule's id, what it looks for in words, its function, and its topic (``ranking.CAUSES``)."""

    rule: str
    title: Text
    examine: Callable[[Material], Outcome]
    topic: str = ""


def _own(topic: str, module: Any, zh: str, en: str) -> Analyzer:
    return Analyzer(module.RULE, text(zh, en), module.examine, topic)


ANALYZERS = (
    _own("services", services, "意外停止的服务", "Services that ended unexpectedly"),
    _own("tampering", file_tampered, "与基线不符的文件", "Files that differ from their baseline"),
    _own("tampering", executables, "可执行文件的改动之处", "What was changed in a program file"),
    _own("tampering", signatures, "不成立或已过期的数字签名", "Signatures that do not hold or have expired"),
    _own("tampering", file_state_changed, "各次采集内容不同的文件", "Files whose captures differ"),
    _own(
        "security",
        passwords,
        "短时间内的大量登录失败",
        "Very many failed sign-ins within minutes",
    ),
    _own("services", machine_state, "采集时电脑的状态", "The state of the machine when it was captured"),
    _own("truth", machine_differs, "来自另一台电脑的文件", "Files of another machine than the logs"),
    _own("truth", hash_transcription_slip, "抄写有误的哈希", "Hashes that were miscopied"),
    _own("truth", file_equals_baseline, "与基线一致的文件", "Files that equal their baseline"),
    _own("truth", collector_manifest, "与收集时一致的文件", "Files as they were collected"),
    _own("truth", incident_time, "日志是否覆盖问题发生的时间", "Whether the logs cover the incident"),
    _own("truth", log_integrity, "损坏或不完整的事件日志", "Event logs that are damaged or incomplete"),
    _own("truth", clock_moved_back, "倒退的系统时钟", "A clock that was set back"),
    _own("unknown", new_errors, "没有规则可解释的新错误", "New errors that no rule explains"),
)


TOPICS = {
    "log-cleared": "truth",
    "security-log-cleared": "truth",
    "file-hash-invalid": "tampering",
    "image-hash-not-found": "tampering",
}
"""Rules that stand among the causes elsewhere than the folder of their file."""


def prepare_rules(rules: Path | None, kept: Path | None = None) -> None:
    """Compiles all Sigma rules, which then need not be compiled when they are examined, or takes what was
    kept of them in the folder ``kept``."""
    foreign = foreign_rules(rules) if rules is not None and rules.is_dir() else ()
    prepare([*((file, True) for file in own_rules()), *((file, False) for file in foreign)], kept)


def rule_analyzers(rules: Path | None = None) -> list[Analyzer]:
    """Our Sigma rules, and those in a folder of the operator's; one that is not there is named."""
    own = [
        Analyzer(
            file.stem,
            sigma.title(file, True),
            partial(sigma.examine, file, True),
            TOPICS.get(file.stem, file.parent.name),
        )
        for file in own_rules()
    ]
    if rules is None:
        return own
    if not rules.is_dir():
        missing = Failed(f"The folder of rules {rules} does not exist.")
        return [*own, _known("sigma-rules", "附加规则", "Further rules", missing)]
    foreign = [
        Analyzer(f"sigma-{file.stem}", sigma.title(file, False), partial(sigma.examine, file, False))
        for file in foreign_rules(rules)
    ]
    return own + foreign


def yara_analyzers(scan: Scan | None) -> list[Analyzer]:
    """One for each of the operator's files of YARA rules, and what could not be used or scanned."""
    if scan is None:
        return []
    if scan.missing is not None:
        return [_known("yara", "YARA 规则", "YARA rules", NotExamined(scan.missing))]
    every = []
    for file in scan.files:
        name = f"yara-{file.name}"
        if file.rules:
            every.append(Analyzer(name, yara_rules.title(file), _alone(yara_rules.examine, file, scan)))
        if file.errors:
            zh, en = f"{file.name} 中不能使用的 YARA 规则", f"YARA rules of {file.name} that cannot be used"
            every.append(_known(f"{name}-errors", zh, en, yara_rules.unusable(file)))
    if scan.unread:
        zh, en = "未用 YARA 规则扫描的文件", "Files that YARA did not scan"
        every.append(_known("yara-files", zh, en, yara_rules.unread(scan)))
    return every


def _alone(examine: Callable[..., Outcome], *known: Any) -> Callable[[Material], Outcome]:
    """The function of an analyzer that needs nothing of the material."""
    return lambda material: examine(*known)


def _known(rule: str, zh: str, en: str, outcome: Outcome) -> Analyzer:
    """One whose outcome is known already."""
    return Analyzer(rule, text(zh, en), lambda material: outcome)
