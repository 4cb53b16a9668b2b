"""Values taken back out of an event's rendered message, where an export has nothing else.

Only for events that our rules and analyzers look into, in English and Chinese. The sentences are those of
the message tables of Windows 7 to 11 (facts: which value stands where). A message that fits none keeps its
text, and its values stay unknown. Every pattern is anchored and bounded: linear in the message.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

MAX_READ = 4_000
"""Characters of a message that are looked at."""

SCM = "service control manager"
_N = r"[“\"'‘]?(?P<{0}>[^\n“”\"]{{1,256}}?)[”\"'’]?"
S1, S2, S3 = (_N.format(f"param{n}") for n in (1, 2, 3))
REST = r"[:：]?\s{{0,8}}(?P<{0}>[^\n]{{1,400}}?)\s{{0,4}}$"
E1, E2, E3 = (REST.format(f"param{n}") for n in (1, 2, 3))
_NUMBER = r"(?P<{0}>[0-9]{{1,9}})"
N1, N2 = (_NUMBER.format(f"param{n}") for n in (1, 2))

Patterns = Sequence[str]
SENTENCES: Mapping[tuple[str, int], Patterns] = {
    (SCM, 7000): (
        rf"The {S1} service failed to start due to the following error:\s{{0,8}}{E2}",
        rf"由于下列错误，{S1} ?服务启动失败{E2}",
    ),
    (SCM, 7001): (
        rf"The {S1} service depends on the {S2} service which failed to start because of the following "
        rf"error:\s{{0,8}}{E3}",
        rf"{S1} ?服务依赖于 ?{S2} ?服务，(?:后者|该服务)由于(?:下列|以下)错误(?:而)?(?:启动失败|"
        rf"没有启动|未能启动|无法启动){E3}",
        rf"与 ?{S1} ?服务相依的 ?{S2} ?服务因下列错误而无法启动{E3}",
    ),
    (SCM, 7009): (
        rf"A timeout was reached \({N1} milliseconds\) while waiting for the {S2} service to connect\.",
        rf"等待 ?{S2} ?服务(?:的)?连接(?:时)?超时 ?[(（]{N1} ?毫秒[)）]",
        rf"在等待 ?{S2} ?服务(?:的)?连接时?，?达到超时(?:时间)? ?[(（]{N1} ?毫秒[)）]",
        rf"等待 ?{S2} ?服务连接时达到超时 ?[(（]{N1} ?毫秒[)）]",
    ),
    (SCM, 7011): (
        rf"A timeout \({N1} milliseconds\) was reached while waiting for a transaction response from "
        rf"the {S2} service\.",
        rf"在等待 ?{S2} ?服务的(?:事务|事务处理)响应时?，?达到超时(?:时间)? ?[(（]{N1} ?毫秒[)）]",
        rf"等待来自 ?{S2} ?服务的(?:事务)?响应时?，?达到超时(?:时间)? ?[(（]{N1} ?毫秒[)）]",
    ),
    (SCM, 7022): (rf"The {S1} service hung on starting\.", rf"{S1} ?服务(?:在启动时)?挂起"),
    (SCM, 7023): (
        rf"The {S1} service terminated with the following error:\s{{0,8}}{E2}",
        rf"{S1} ?服务因(?:下列|以下)错误(?:而)?(?:终止|停止)(?:了)?{E2}",
        rf"{S1} ?服务(?:已|因)?(?:终止|停止)，(?:并)?(?:出现|返回|错误为)?(?:下列|以下)错误{E2}",
    ),
    (SCM, 7024): (
        rf"The {S1} service terminated with (?:the following )?service-specific error:?\s{{0,8}}{E2}",
        rf"{S1} ?服务(?:因|由于)(?:下列|以下)(?:特定)?服务(?:特定)?错误(?:而)?(?:终止|停止){E2}",
        rf"{S1} ?服务因(?:下列|以下)服务特定错误而终止{E2}",
    ),
    (SCM, 7031): (
        rf"The {S1} service terminated unexpectedly\. {{0,4}}It has done this {N2} time\(s\)\.",
        rf"(?:服务 ?)?{S1} ?(?:服务)?意外地?(?:终止|停止)(?:了)?[。，,.] ?这(?:种情况)?(?:已经?)?(?"
        rf":出现|发生)了? ?{N2} ?次",
    ),
    (SCM, 7034): (
        rf"The {S1} service terminated unexpectedly\. {{0,4}}It has done this {N2} time\(s\)\.",
        rf"(?:服务 ?)?{S1} ?(?:服务)?意外地?(?:终止|停止)(?:了)?[。，,.] ?这(?:种情况)?(?:已经?)?(?"
        rf":出现|发生)了? ?{N2} ?次",
    ),
    (SCM, 7036): (
        rf"The {S1} service entered the (?P<param2>[a-z ]{{1,40}}) state\.",
        rf"{S1} ?服务(?:处于|已进入|进入) ?(?P<param2>[^\n。]{{1,20}}?) ?状态",
    ),
    (SCM, 7040): (
        rf"The start type of the {S1} service was changed from {S2} to {S3}\.",
        rf"{S1} ?服务的启动类型(?:已)?从 ?{S2} ?(?:更改|改变|变更)为 ?{S3} ?。",
    ),
    ("application error", 1000): (
        r"Faulting application name: (?P<AppName>[^\n,]{1,260}), version: (?P<AppVersion>[^\n,]{0,60}), "
        r"time stamp: (?P<AppTimeStamp>[0-9A-Fa-fx]{1,20})\s{1,4}"
        r"Faulting module name: (?P<ModuleName>[^\n,]{1,260}), version: (?P<ModuleVersion>[^\n,]{0,60}), "
        r"time stamp: (?P<ModuleTimeStamp>[0-9A-Fa-fx]{1,20})\s{1,4}"
        r"Exception code: (?P<ExceptionCode>[0-9A-Fa-fx]{1,20})\s{1,4}"
        r"Fault offset: (?P<FaultingOffset>[0-9A-Fa-fx]{1,20})",
        r"(?:错误|出错)应用程序名称[:：] ?(?P<AppName>[^\n,，]{1,260})[,，] ?版本[:：] ?(?"
        r"P<AppVersion>[^\n,，]{0,60})[,，] ?"
        r"时间戳[:：] ?(?P<AppTimeStamp>[0-9A-Fa-fx]{1,20})\s{1,4}"
        r"(?:错误|出错)模块名称[:：] ?(?P<ModuleName>[^\n,，]{1,260})[,，] ?版本[:：] ?(?"
        r"P<ModuleVersion>[^\n,，]{0,60})[,，] ?"
        r"时间戳[:：] ?(?P<ModuleTimeStamp>[0-9A-Fa-fx]{1,20})\s{1,4}"
        r"异常代码[:：] ?(?P<ExceptionCode>[0-9A-Fa-fx]{1,20})\s{1,4}"
        r"(?:错误|故障)偏移量?[:：] ?(?P<FaultingOffset>[0-9A-Fa-fx]{1,20})",
    ),
    ("application hang", 1002): (
        r"The program (?P<AppName>[^\n]{1,260}?) version (?P<AppVersion>[0-9.]{1,40}) stopped "
        r"interacting with Windows",
        r"程序 ?(?P<AppName>[^\n]{1,260}?) ?版本 ?(?P<AppVersion>[0-9.]{1,40}) ?(?:已)?停止与 Windows 交互",
    ),
    ("eventlog", 6008): (
        r"The previous system shutdown at (?P<Data1>[^\n]{1,40}?) on (?P<Data2>[^\n]{1,40}?) was "
        r"unexpected\.",
        r"上一次系统的? ?(?P<Data1>[^\n]{1,40}?) ?在 ?(?P<Data2>[^\n]{1,40}?) ?上的关闭是意外的",
        r"上一次系统在 ?(?P<Data2>[^\n]{1,40}?) ?(?:的|上)? ?(?P<Data1>[0-9:：上下午APMapm ]{1,40}?) ?"
        r"(?:上)?的关闭是意外的",
    ),
    ("microsoft-windows-wer-systemerrorreporting", 1001): (
        r"The computer has rebooted from a bugcheck\. {1,2}The bugcheck was: (?P<param1>0x[0-9A-Fa-f]{1,16} ?"
        r"\([^()\n]{0,120}\))\. {1,2}A dump was saved in: (?P<param2>[^\n]{1,260}?)\. {1,2}Report Id: "
        r"(?P<param3>[^\n ]{1,60}?)\.?$",
        r"计算机已?从检测错误后重新启动。检测错误[:：] ?(?P<param1>0x[0-9A-Fa-f]{1,16} ?[(（]"
        r"[^()（）\n]{0,120}[)）])。"
        r"已将转储的数据保存在[:：] ?(?P<param2>[^\n]{1,260}?)。报告 ?I[Dd][:：] ?(?"
        r"P<param3>[^\n ]{1,60}?)。?$",
    ),
    ("disk", 7): (
        r"The device, (?P<Data1>[^\n,]{1,200}), has a bad block\.",
        r"设备 ?(?P<Data1>\\[^\n]{1,200}?) ?(?:有一个不正确的区块|有一个坏块|中存在坏块|有坏块)",
    ),
    ("disk", 11): (
        r"The driver detected a controller error on (?P<Data1>[^\n]{1,200}?)\.$",
        r"驱动程序在 ?(?P<Data1>\\[^\n]{1,200}?) ?上检测到(?:一个)?控制器错误",
    ),
    ("disk", 51): (
        r"An error was detected on device (?P<Data1>[^\n]{1,200}?) during a paging operation\.",
        r"在页面操作期间，?(?:在)?设备 ?(?P<Data1>\\[^\n]{1,200}?) ?(?:上)?(?:检测到|发现|出现)",
        r"在分页操作期间，?(?:在)?设备 ?(?P<Data1>\\[^\n]{1,200}?) ?(?:上)?(?:检测到|发现|出现)",
    ),
    ("disk", 153): (
        r"The IO operation at logical block address (?P<Data2>[^\n ]{1,40}) for Disk (?"
        r"P<Data3>[0-9]{1,4}) \(PDO name: "
        r"(?P<Data1>[^\n)]{1,200})\) was retried\.",
        r"磁盘 ?(?P<Data3>[0-9]{1,4}) ?[(（]PDO 名称[:：] ?(?P<Data1>[^\n)）]{1,200})[)）] ?"
        r"的逻辑块地址 ?(?P<Data2>[^\n ]{1,40}) ?处的 IO 操作已重试",
    ),
    ("user32", 1074): (
        r"The process (?P<Data1>[^\n]{1,300}?) has initiated the (?P<Data5>[a-z ]{1,30}?) of computer "
        r"(?P<Data2>[^\n ]{1,100}) "
        r"on behalf of user (?P<Data7>[^\n]{1,120}?) for the following reason: (?P<Data3>[^\n]{0,200}?)"
        r"\s{1,4}"
        r"Reason Code: (?P<Data4>0x[0-9A-Fa-f]{1,8})",
        r"进程 ?(?P<Data1>[^\n]{1,300}?) ?由于以下原因已代表用户 ?(?P<Data7>[^\n]{1,120}?) ?"
        r"启动计算机 ?(?P<Data2>[^\n ]{1,100}?) ?的 ?"
        r"(?P<Data5>[^\n:：]{1,30}?)[:：] ?(?P<Data3>[^\n]{0,200}?)\s{1,4}原因代码[:：] ?(?"
        r"P<Data4>0x[0-9A-Fa-f]{1,8})",
    ),
}
"""Provider (case folded) and event id → sentences. Values called ``Data1``, ``Data2`` … have no name in the
record, others stand under theirs."""

WHOLE = frozenset(
    {("msiinstaller", number) for number in (1000, 1001, 1004, 1008, 1013, 1023, 1024, 11500)}
    | {("msiinstaller", number) for number in range(10005, 10006)}
    | {("msiinstaller", number) for number in range(11000, 12000)}
    | {(".net runtime", 1026), (".net runtime", 1023), (".net runtime", 1025)}
)
"""Events whose message is their one value."""


@cache
def _compiled(key: tuple[str, int]) -> list[re.Pattern[str]]:
    """Not when this module wakes up: most runs read no such message."""
    return [re.compile(pattern, re.MULTILINE) for pattern in SENTENCES.get(key, ())]


def fields_of(provider: str, event_id: int, message: str) -> dict[str, Any]:
    """The payload that the message was made of; empty where it is not known."""
    key = (provider.casefold(), event_id)
    if key in WHOLE:
        return {"Data": {"#text": message}}
    for pattern in _compiled(key):
        if found := pattern.match(message[:MAX_READ].lstrip().replace("\r\n", "\n")):
            return _payload({name: value.strip() for name, value in found.groupdict("").items()})
    return {}


def _payload(values: dict[str, str]) -> dict[str, Any]:
    """Values called ``Data1`` … as a list without names, and as many empty ones as lie between."""
    if not all(name.startswith("Data") for name in values):
        return dict(values)
    places = {int(name[4:]): value for name, value in values.items()}
    return {"Data": {"#text": [places.get(number, "") for number in range(1, max(places) + 1)]}}
