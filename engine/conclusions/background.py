"""What stands behind the findings of our own analyzers: usual causes, false alarms, documentation.

The Sigma rules bring theirs in their files. Source of facts: the addresses named.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from msgspec import structs

from engine.findings import Finding
from engine.text import Text, text

_HASHES = "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/get-filehash"
_PE = "https://learn.microsoft.com/en-us/windows/win32/debug/pe-format"
_SIGNING = "https://learn.microsoft.com/en-us/windows-hardware/drivers/install/authenticode"
_PADDING = "https://msrc.microsoft.com/update-guide/vulnerability/CVE-2013-3900"
_SERVICES = "https://learn.microsoft.com/en-us/windows/win32/services/service-control-manager"
_EVENTS = "https://learn.microsoft.com/en-us/windows/win32/eventlog/event-types"
_FAILED_SIGN_IN = "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4625"
_EXPORT = "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/wevtutil"


@dataclass(frozen=True)
class Background:
    """Beside a conclusion."""

    causes: Text
    false_alarms: Text
    references: tuple[str, ...]


BACKGROUND = {
    "file-tampered": Background(
        text(
            "感染文件的病毒、破解补丁、未走安装程序的手工替换，或会改写程序的安全与加固软件。",
            "A virus that infects files, a crack, a file replaced by hand, or protection software that "
            "rewrites programs.",
        ),
        text(
            "厂商可能以相同的版本号重新发布过文件，或基线取自另一种语言或位数的版本；请先与厂商核对哈希。",
            "The vendor may have released the file anew under the same version, or the baseline is of "
            "another language or bitness: check the hash with the vendor first.",
        ),
        (_HASHES,),
    ),
    "tampered-executable": Background(
        text(
            "感染文件的病毒、破解补丁、加壳或在线更新工具，也可能是文件在传输中损坏。",
            "A virus that infects files, a crack, a packer or a patching updater; also damage in transit.",
        ),
        text(
            "安装程序会在文件末尾附加自己的数据；部分厂商会以同一版本号发布内容不同的文件。",
            "Installers append data of their own; some vendors release different files under one version.",
        ),
        (_PE,),
    ),
    "password-guessing": Background(
        text(
            "暴露在外网的远程桌面、文件共享正被猜测密码，局域网内有中毒的电脑，"
            "或某个服务、任务、程序仍在用旧密码反复登录。",
            "Passwords are guessed at a remote desktop or file share that is open to the outside, or by "
            "an infected machine within, or a service, task or program keeps trying an old password.",
        ),
        text(
            "漏洞扫描、密码审计或监控工具也会在几分钟内留下大量失败记录。",
            "Scanners, password audits and monitoring tools leave as many failures within minutes.",
        ),
        (_FAILED_SIGN_IN,),
    ),
    "machine-differs": Background(
        text(
            "选错了文件，或有意一并上传了几台电脑的材料。",
            "The wrong file was chosen, or material of several machines was sent together on purpose.",
        ),
        text(
            "电脑改过名称、而上传的日志里没有改名的记录时，也会这样显示。",
            "A machine that was renamed, of whose renaming these logs hold no record, looks the same.",
        ),
        ("https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/systeminfo",),
    ),
    "executable-signature": Background(
        text(
            "签名之后被改写或感染、复制或下载不完整，或签名是从别的文件上搬来的。",
            "Rewritten or infected after it was signed, copied or downloaded in part, or a signature taken "
            "from another file.",
        ),
        text(
            "有的下载程序会在签名区里存放渠道信息；很旧或很新的签名算法可能无法离线验证。",
            "Some downloaders keep the channel in the signature's table; very old or very new algorithms may "
            "not be verifiable offline.",
        ),
        (_SIGNING, _PADDING),
    ),
    "file-state-changed": Background(
        text(
            "软件更新或修复安装、手工替换、各台电脑安装的版本不同，或有程序在改写该文件。",
            "An update or repair of the software, a replacement by hand, machines with different versions, "
            "or a program that rewrites the file.",
        ),
        text(
            "两次采集之间如果安装过更新，或各台电脑本来就装着不同的版本，文件不同是正常的。",
            "If an update was installed between the captures, or the machines have different versions, the "
            "difference is as it should be.",
        ),
        (_HASHES,),
    ),
    "service-terminated-unexpectedly": Background(
        text(
            "服务程序自身的错误、程序文件被改动或损坏、依赖的文件或许可缺失，或被安全软件结束。",
            "An error of the service itself, a changed or damaged program file, a missing dependency or "
            "licence, or an end put to it by security software.",
        ),
        text(
            "有人在任务管理器中结束进程，或安装程序强行替换文件时，也会留下同样的记录。",
            "Ending the process in Task Manager, or an installer that replaces its files by force, leaves "
            "the same record.",
        ),
        (_SERVICES,),
    ),
    "hash-transcription-slip": Background(
        text(
            "手工抄写或文字识别出错；内容真的不同的两个文件，哈希不会只差一两位。",
            "Typing or text recognition went wrong; two files that really differ never have hashes so near.",
        ),
        text("重新采集后如果仍然不同，就不是抄写错误。", "If a new capture differs again, it was no slip."),
        (_HASHES,),
    ),
    "new-error": Background(
        text(
            "报告错误的组件或程序自身出了故障，或它所用的磁盘、网络、账户、许可等出了问题；"
            "也可能刚安装、更新或更改过设置。",
            "A fault of the component or program that reports it, or of the disk, network, account or "
            "licence that it works with; or something was installed, updated or set otherwise just before.",
        ),
        text(
            "新装或刚更新的软件也会带来此前没有、却并无危害的错误；同一时间出现不等于有关联。",
            "New or newly updated software brings errors that were not there before and do no harm; that it "
            "came at the same time does not prove that it has to do with the trouble.",
        ),
        (_EVENTS,),
    ),
    "event-log-damaged": Background(
        text(
            "直接复制了正在使用的日志文件、磁盘或文件系统错误、突然断电，或有人删改过记录。",
            "The file was copied while in use, the disk or file system failed, the power went, or somebody "
            "removed records.",
        ),
        text(
            "日志写满后覆盖最旧的记录属于正常，只有中间缺失才可疑；用 wevtutil epl 导出的日志通常完整。",
            "A full log overwrites its oldest records, which is in order; a hole in the middle is not. A log "
            "exported by wevtutil epl is usually whole.",
        ),
        (_EXPORT,),
    ),
}


def with_background(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with ``causes``, ``false_alarms`` and ``references`` in their data; one that
    brings its own keeps them."""
    explained = []
    for finding in findings:
        known = BACKGROUND.get(finding.rule)
        if known is not None:
            own = finding.data
            data = structs.replace(
                own,
                causes=own.causes or known.causes,
                false_alarms=own.false_alarms or known.false_alarms,
                references=own.references or list(known.references),
            )
            finding = replace(finding, data=data)
        explained.append(finding)
    return explained
