"""What the outputs of a machine's own tools show to be wrong: services that stopped or are disabled, an
adapter without an address from DHCP.

Sources: Microsoft, "SERVICE_STATUS structure" (exit codes), "Services registry" (``Start``); RFC 3927
(169.254/16).
"""

from collections.abc import Iterator

from engine.conclusions.background import Background
from engine.conclusions.fingerprints import fingerprint, service
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.messages import labels
from engine.parsers.machine_facts import MachineFact, MachineFacts
from engine.phrases import set_off
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.text import Text, text

RULE = "machine-state"
NEVER_STARTED = {"0", "1077"}
"""Exit codes of a service that ended in peace, or has not been started since the last start of Windows."""
MAX_FINDINGS_OF_FILE = 20
_SERVICES = "https://learn.microsoft.com/en-us/windows/win32/services/service-control-manager"
BACKGROUND = {
    "exit_code": Background(
        text(
            "服务程序自身的错误、登录账户或依赖的服务失效，或程序文件缺失、被安全软件拦截。",
            "An error of the service itself, an account or a needed service that no longer works, or a "
            "program file that is missing or blocked by security software.",
        ),
        text(
            "只在需要时运行的服务，以及有意停止的服务，也可能留有上一次的退出代码。",
            "A service that runs on demand or was stopped on purpose may keep the exit code of its last run.",
        ),
        (_SERVICES,),
    ),
    "start_type": Background(
        text(
            "管理员、优化工具或某个产品的安装、卸载程序禁用了它，或恶意程序为关闭防护而禁用了它。",
            "An administrator, a tuning tool or the set-up of a product disabled it, or malware did to turn "
            "protection off.",
        ),
        text(
            "有意禁用不需要的服务是正常的管理操作。",
            "Disabling a service that is not needed is ordinary administration.",
        ),
        (_SERVICES,),
    ),
    "address": Background(
        text(
            "网线、交换机端口或无线连接不通，DHCP 服务器停机，或地址已分配完。",
            "A cable, a switch port or a wireless connection that does not work, or a DHCP server that is "
            "down or has no addresses left.",
        ),
        text(
            "未使用的网卡，以及两台设备直接相连时，也会这样显示。",
            "An adapter that is not in use, or two devices connected directly, look the same.",
        ),
        ("https://www.rfc-editor.org/rfc/rfc3927",),
    ),
}
"""What stands behind a finding, by the fact that it rests on."""


def examine(material: Material) -> Outcome:
    """One finding for each service or adapter that is not as it should be."""
    if not material.machine:
        return NotExamined(
            text(
                "材料中没有 sc query、ipconfig、systeminfo 的输出或注册表导出。",
                "The bundle holds no output of sc query, ipconfig or systeminfo and no registry export.",
            )
        )
    findings = [finding for facts in material.machine for finding in _of_file(material, facts)]
    return Examined(tuple(findings), records=sum(len(facts.facts) for facts in material.machine))


def _of_file(material: Material, facts: MachineFacts) -> Iterator[Finding]:
    stopped = {fact.about for fact in facts.facts if fact.key == "state" and fact.value.startswith("1")}
    found = 0
    for fact in facts.facts:
        made = _finding(material, facts, fact, stopped)
        if made is not None and found < MAX_FINDINGS_OF_FILE:
            found += 1
            yield made


def _finding(material: Material, facts: MachineFacts, fact: MachineFact, stopped: set[str]) -> Finding | None:
    number = fact.value.partition(" ")[0]
    if (
        fact.key == "exit_code"
        and fact.about in stopped
        and number not in NEVER_STARTED
        and number.isdecimal()
    ):
        zh, en = (labels.labelled(number, "win32", language) for language in ("zh-hans", "en"))
        return _made(
            material,
            facts,
            fact,
            text(
                f"服务{set_off(fact.about)}已停止，退出代码 {number}",
                f"The service {fact.about} is stopped with exit code {number}",
            ),
            text(
                f"采集时服务{set_off(fact.about)}处于停止状态，退出代码的含义：{zh}。",
                f"The service {fact.about} was stopped when this was captured; its exit code means: {en}.",
            ),
            text(
                "请在系统日志中查看该服务停止前后的事件（7000–7034），并手动启动一次以确认错误。",
                "Look at the System log's events of the service around its stop (7000–7034), and start it "
                "by hand once to confirm the error.",
            ),
        )
    if fact.key == "start_type" and number == "4":
        return _made(
            material,
            facts,
            fact,
            text(f"服务{set_off(fact.about)}已被禁用", f"The service {fact.about} is disabled"),
            text(
                f"服务{set_off(fact.about)}的启动类型是 4（禁用）：它不会启动，依赖它的程序也无法工作。",
                f"The start type of the service {fact.about} is 4 (disabled): it does not start, and "
                "programs that need it cannot work.",
            ),
            text(
                f'如果该服务应当运行，请以管理员身份执行 sc config "{fact.about}" start= auto 并启动它，'
                "同时查明是谁禁用了它（系统日志事件 7040）。",
                f'If it should run, run sc config "{fact.about}" start= auto as administrator and start it; '
                "find out who disabled it (event 7040 of the System log).",
            ),
        )
    if fact.key == "address" and fact.value.startswith("169.254."):
        address = fact.value.partition("(")[0].partition("（")[0].strip()
        name = fact.about or address
        return _made(
            material,
            facts,
            fact,
            text(
                f"网卡没有从 DHCP 得到地址（{address}）",
                f"An adapter has no address from DHCP ({address})",
            ),
            text(
                f"“{name}”使用的是自动专用地址 {address}：Windows 没有从 DHCP 服务器得到地址，"
                f"因此无法访问其他网段。",
                f"“{name}” uses the automatic private address {address}: Windows got none from a DHCP "
                "server, so that it reaches no other network.",
            ),
            text(
                "请检查网线、交换机端口和 DHCP 服务器，然后执行 ipconfig /renew；"
                "使用固定地址的电脑请手工设置。",
                "Check cable, switch port and DHCP server, then run ipconfig /renew; give a machine of a "
                "fixed address its address by hand.",
            ),
        )
    return None


def _made(
    material: Material, facts: MachineFacts, fact: MachineFact, title: Text, summary: Text, advice: Text
) -> Finding:
    background = BACKGROUND[fact.key]
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM,
        title=title,
        summary=summary,
        advice=advice,
        evidence=(cited(material, facts, fact),),
        fingerprint=fingerprint(RULE, fact.key, service(fact.about)),
        data=Facts(
            name=fact.about or fact.value,
            causes=background.causes,
            false_alarms=background.false_alarms,
            references=list(background.references),
        ),
    )


def cited(material: Material, facts: MachineFacts, fact: MachineFact) -> Evidence:
    """The line of the file that tells a fact."""
    excerpt = " · ".join(filter(None, (fact.about, f"{fact.name['en']}: {fact.value}")))
    artifact = material.artifact(facts.artifact)
    return Evidence(facts.artifact, artifact.sha256, Locator(line=fact.line), excerpt)
