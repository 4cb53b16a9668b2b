"""Facts of a machine as the outputs of its own tools tell them: their names, and how they are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.artifacts import Artifact, State
from engine.parsers.captures import parser as captures
from engine.parsers.captures.captures import Capture, read_capture
from engine.parsers.contents import Contents
from engine.parsers.machine_facts import MachineFact, MachineFacts
from engine.parsers.parser import Parsed
from engine.phrases import counted
from engine.text import Text, joined, text
from engine.text_safety import legible

MAX_FACTS = 300
MAX_VALUE = 400
MAX_SHARED = 8 << 20
"""Bytes of a file in which hashes are looked for, too."""
MAX_TOLD = 6
"""Facts that the artifact's detail tells; all of them stand in the document."""

LABELS: Mapping[str, Text] = {
    "computer": text("电脑名称", "Computer"),
    "windows": text("操作系统", "Operating system"),
    "version": text("版本", "Version"),
    "installed": text("安装时间", "Installed"),
    "boot": text("系统启动时间", "Last start"),
    "maker": text("制造商", "Maker"),
    "model": text("型号", "Model"),
    "type": text("系统类型", "System type"),
    "processor": text("处理器", "Processor"),
    "bios": text("BIOS 版本", "BIOS"),
    "memory": text("物理内存", "Memory"),
    "free_memory": text("可用物理内存", "Free memory"),
    "domain": text("域", "Domain"),
    "time_zone": text("时区", "Time zone"),
    "language": text("系统区域设置", "System locale"),
    "hotfix": text("已安装的更新", "Installed update"),
    "state": text("服务状态", "Service state"),
    "exit_code": text("退出代码", "Exit code"),
    "service_exit_code": text("服务专用退出代码", "Service's own exit code"),
    "start_type": text("启动类型", "Start type"),
    "program": text("程序路径", "Program"),
    "account": text("登录账户", "Account"),
    "address": text("IP 地址", "IP address"),
    "gateway": text("默认网关", "Gateway"),
    "dns": text("DNS 服务器", "DNS servers"),
    "dhcp": text("DHCP", "DHCP"),
    "media": text("媒体状态", "Link"),
    "connections": text("网络连接数", "Network connections"),
    "listening": text("侦听的端口", "Listening port"),
    "keys": text("注册表项", "Registry keys"),
    "value": text("注册表值", "Registry value"),
    "user": text("用户", "User"),
}
"""What a fact is called."""


@dataclass
class Gathered:
    """Facts on their way; at most ``MAX_FACTS``, the others are counted."""

    facts: list[MachineFact] = field(default_factory=list)
    left_out: int = 0

    def add(self, key: str, value: str, line: int, about: str = "") -> None:
        """A fact (a key of ``LABELS``) of that line; ``about`` is the service or adapter that it is of."""
        shown = legible(value.strip(), MAX_VALUE)
        if not shown:
            return
        if len(self.facts) >= MAX_FACTS:
            self.left_out += 1
            return
        self.facts.append(MachineFact(key, LABELS[key], shown, line, legible(about.strip(), 200)))


def parsed(artifact: Artifact, gathered: Gathered, otherwise: Text) -> Parsed[MachineFacts]:
    """For a parser's ``parse``; ``otherwise`` says what to send where nothing could be read."""
    capture = _captured(artifact, gathered)
    facts = MachineFacts(artifact.path, artifact.kind, gathered.facts, gathered.left_out, capture)
    if not gathered.facts:
        return State.SKIPPED, otherwise, facts
    if artifact.state is State.PARTLY:
        return artifact.state, artifact.detail, facts
    return State.READ, told(gathered.facts), facts


def _captured(artifact: Artifact, gathered: Gathered) -> Capture | None:
    """What other commands wrote into the same file of files (``>>``); ``None`` where no hash is among it."""
    if artifact.size > MAX_SHARED:
        return None
    capture = read_capture(artifact)
    if not any(state.sha256 or state.other_hashes for state in capture.states):
        return None
    machine = next((fact.value for fact in gathered.facts if fact.key == "computer"), "")
    capture.states = [replace(state, machine=state.machine or machine) for state in capture.states]
    return capture


def told(facts: Iterable[MachineFact]) -> Text:
    """The first facts in a sentence, and how many there are."""
    listed = list(facts)
    zh = "；".join(f"{_about(fact)}{fact.name['zh-hans']} {fact.value}" for fact in listed[:MAX_TOLD])
    en = "; ".join(f"{_about(fact)}{fact.name['en']} {fact.value}" for fact in listed[:MAX_TOLD])
    more = len(listed) - MAX_TOLD
    if more > 0:
        zh, en = f"{zh}；另有 {more:,} 项", f"{en}; {counted(more, 'more fact')}"
    return text(f"{zh}。", f"{en}.")


def _about(fact: MachineFact) -> str:
    return f"{fact.about}: " if fact.about else ""


def keep(artifact: Artifact, facts: MachineFacts, contents: Contents) -> None:
    """Adds the facts to the bundle's; for the parser's ``keep``."""
    contents.machine.append(facts)
    if facts.capture is None:
        return
    detail = artifact.detail
    if captures.wants(artifact, contents):
        artifact.detail = _and_files(len(facts.capture.states))
        captures.keep(artifact, facts.capture, contents)
    artifact.detail = joined(detail, artifact.detail)


def _and_files(count: int) -> Text:
    return text(
        f"其中记录的 {count:,} 条文件信息（哈希等）也已读取。",
        f"What it says of files (hashes and the like) was read, too: {counted(count, 'state')}.",
    )
