"""Which free text of a capture names the state below it: a heading does; a greeting, a sentence, a
telephone number, an error or a prompt never does."""

import re

from engine.text_safety import shortened

MAX_LENGTH = 80
MAX_PLAIN_LENGTH = 48
"""Characters of a heading that nothing marks as one."""
MAX_PLAIN_WORDS = 8

_MARKED = re.compile(r"^\s*(?:#|==|--|//|\*|【|<|★|■|●|◆|▶|[（(\[]?\d{1,2}[)）\].、．])")
_ERROR = re.compile(
    r"^\s*\+ |^\s*(?:\+\s*)?(?:categoryinfo|fullyqualifiederrorid)\b"
    r"|^at (?:line|.{1,200}):\d+ char:|^所在位置 "
    r"|^windows ip (?:configuration|配置)\s*$"
    r"|^(?:get|set|select|format|out|export)-\w+ ?[:：]|cannot find (?:path|drive)|找不到(?:路径|驱动器|接受)"
    r"|not recognized as|无法将“|access (?:to the path|is denied)|拒绝访问|对路径|exception\b|^error\b"
    r"|^错误[:：]"
    r"|command failed|命令失败|^certutil|系统找不到|cannot find the file|^文件未找到|^file not found",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"您|你好|谢谢|感谢|请|麻烦|如有|联系|电话|手机|附件|以下|下面|下列|如下|见下|这是|那是|我们?|写道|发自|收件人|发件人|抄送|主题[:：]"
    r"|\b(?:hello|hi|dear|thanks?|regards|please|attached|attachment|following|below|here|see|we|you|your|i"
    r"|wrote|sent|subject|cc|phone|tel|mobile|this is|these are|it is)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"[。！!？?；;]|[，,].{0,200}[，,]|\w\.\s*$|是|\b(?:is|are|was|were|has|have|had)\b", re.I
)
_CONTACT = re.compile(r"@|https?://|www\.|(?<!\d)(?!(?:19|20)\d{6}(?!\d))\+?\d[\d ()-]{6,}\d|\d{9,}")
_DATE = re.compile(
    r"(?:19|20)\d\d[-/._年 ]?\d{1,2}[-/._月 ]?\d{1,2}日?"
    r"(?:[T_ -]{0,2}\d{1,2}[:：时点.-]?\d{2}(?:[:：分.-]?\d{2})?)?秒?"
)
_STATED = re.compile(
    r"^\s*(?:状态|阶段|时间点|情形|state|stage|label)\s*[:：]\s*(?P<value>\S.*)$", re.IGNORECASE
)
_PROPERTY = re.compile(r"^\s*[\w .()（）-]{1,40}[:：]\s*\S")
_FILE = re.compile(
    r"^\s*[\"“]?(?:[A-Za-z]:[\\/]|\\\\|[^\s\\/:]{1,80}\.(?:exe|dll|sys|ocx|msi|cpl|drv|com|bin|dat|cat)[\"”]?\s*$)",
    re.I,
)
_TRANSCRIPT = re.compile(
    r"^\s*(?:windows )?powershell (?:transcript|脚本|副本|记录)"
    r"|transcript (?:started|stopped|start|end)\b|^\s*已(?:启动|停止)脚本"
    r"|^\s*(?:(?:start|end) time|开始时间|结束时间|username|runas user|用户名|运行方式用户|运行应用程序用户"
    r"|machine|计算机|configuration name|配置名称|host application|主机应用程序|process id|进程 ?id"
    r"|ps(?:version|edition|compatibleversions|remotingprotocolversion)"
    r"|(?:build|clr|wsman(?:stack)?|serialization)version"
    r"|gitcommitid|os|platform) ?[:：]",
    re.IGNORECASE,
)
_OF_MOMENTS = re.compile(
    r"(?<![当目提])前|(?<![然最随今])后|现在|第.{1,3}次|正常|问题|重装|重启|修复|升级|更新|测试"
    r"|\b(?:before|after|now|then|again|second|first|once|next|good|bad|restart|reinstall|repair|update)",
    re.IGNORECASE,
)


def name_in(content: str) -> str:
    """What a paragraph of free text calls the state below it; empty where it names none.

    Of several lines the last counts if it is marked as a heading; all of them where none is a sentence.
    """
    lines = [line.strip() for line in content.splitlines() if line.strip() and not is_aside(line)]
    if not lines:
        return ""
    names = [_name(line) for line in lines]
    if all(names):
        return shortened(" ".join(names), MAX_LENGTH)
    return names[-1] if _is_marked(lines[-1]) else ""


def _is_marked(line: str) -> bool:
    return _MARKED.match(line) is not None or line.endswith((":", "："))


def _name(line: str) -> str:
    if len(line) > MAX_LENGTH * 2:
        return ""
    if stated := _STATED.match(line):
        line = stated["value"]
    marked = _is_marked(line)
    plain = line.strip(" \t#=-*/`<>【】[]:：★■●◆▶_~")
    if not re.search(r"\w", plain) or plain.isdecimal():
        return ""
    undated = _DATE.sub("", plain)
    if _ADDRESSED.search(plain) or _CONTACT.search(undated) or re.search(r"[。！!？?；;]", plain):
        return ""
    if not marked:
        wordy = len(plain.split()) > MAX_PLAIN_WORDS or len(plain) > MAX_PLAIN_LENGTH
        if wordy or _SENTENCE.search(undated) or _PROPERTY.match(undated):
            return ""
    return shortened(plain, MAX_LENGTH)


def is_aside(line: str) -> bool:
    """What a console or a transcript says of itself, an error, the name of a file."""
    return bool(_ERROR.search(line) or _TRANSCRIPT.search(line) or _FILE.match(line))


def parts_moments(line: str) -> bool:
    """A sentence that names no state, behind which another may begin ("and this is after the restart")."""
    return not is_aside(line) and _OF_MOMENTS.search(line) is not None
