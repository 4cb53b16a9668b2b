"""The small print that a mail ends with: privacy statements, confidentiality notices, the CRM's own words.

Recognised by a known opening and a second formula of their kind, and only at the end of what was written:
what asks something, or has a person's words below it, is shown. No Django here.
"""

import re
from collections.abc import Sequence

from cases.thread.quote_lines import MAX_LINE_LENGTH, first_written, is_rule
from cases.thread.signatures import is_by_program
from cases.thread.simplified import simplified

_HEADING = re.compile(
    r"[#*\s【\[]{0,10}(?:隐私声明|隱私聲明|隐私政策声明|保密声明|保密提示|保密條款|免责声明|免責聲明"
    r"|法律声明|重要声明|声明"
    r"|privacy (?:statement|notice)|confidentiality (?:notice|statement)|legal (?:notice|disclaimer)"
    r"|e-?mail disclaimer|disclaimer)[\s*】\]]{0,10}[:：]?[\s*]{0,10}",
    re.IGNORECASE,
)
"""The whole line."""
_OPENING = re.compile(
    r"[*\s【\[(（]{0,10}(?:"
    r"(?P<label>(?:重要提示|特别提示|保密提示|保密声明|免责声明|隐私声明|声明)\s?[:：】\]]\s{0,4}(?:本|此"
    r"|该)(?:电子)?邮件"
    r"|(?:confidentiality notice|disclaimer|important notice|privacy notice)\s?:\s{0,4}\S)"
    r"|(?:本|此|该)(?:封)?(?:电子)?(?:邮件|郵件)(?:.{0,24})(?:保密|机密|機密|专有|仅供|仅限|僅供|特定)"
    r"|本信息(?!系统|中心|化)(?:.{0,24})(?:保密|机密)"
    r"|this (?:e-?mail|message|communication|electronic (?:mail|message))\b.{0,80}"
    r"\b(?:confidential|privileged|intended (?:only|solely|for)|solely for)"
    r"|(?P<known>the (?:information|contents?)(?: contained)? (?:in|of) this"
    r" (?:e-?mail|message|communication|transmission)\b|the information transmitted\b)"
    r"|diese e-?mail (?:kann|enthält)\b.{0,40}vertraulich"
    r"|ce (?:message|courriel)\b.{0,60}confidentiel"
    r")",
    re.IGNORECASE,
)
_OF_CRM = re.compile(r"[*\s]{0,10}以上内容是一封有关|.{0,200}全部回复")
"""Its own words below each of its mails."""
_FORMULAS = (
    re.compile(
        r"收件人|收件者|接收[者人方]|收信人|误收|误发|误传|错误地?(?:收到|发送)|非(?:指定|预期)"
        r"|通知(?:发件|发送|寄件)|任何其他人"
        r"|(?:指定|特定|地址中列出).{0,12}(?:个人|接收|收件|对象|群组)"
        r"|\bintended (?:recipient|only|solely|exclusively|for)|\baddressee|\brecipient|\bnamed above"
        r"|\b(?:in|by) (?:error|mistake)\b"
        r"|\bnotify the sender|\b(?:person|individual)s? or entit|\bempfänger|\badressat|\birrtümlich"
        r"|\babsender"
        r"|\bdestinataire|\bpar erreur|\bexpéditeur"
    ),
    re.compile(
        r"(?:立即|马上|随即|即刻|永久|彻底|并|予以|误收.{0,8})删除|删除(?:本|此|该|原|并|及|所有|邮件)|销毁"
        r"|\b(?:delete|destroy) (?:it|this|the|all|any)\b|\blöschen|\bvernichten|\bsupprimer|\bdétruire"
    ),
    re.compile(
        r"未经(?:授权|许可|.{0,8}(?:同意|书面))|禁止|严禁|不得(?:以任何|擅自|向|.{0,4}(?:复制|传播|披露"
        r"|泄露|使用|转发|散发))"
        r"|\bunauthori[sz]ed|\bprohibited|\bmust not (?:copy|disclose|use|distribute)|\bunbefugt"
        r"|\bnicht gestattet|\binterdit"
    ),
    re.compile(
        r"不承担.{0,12}责任|不代表.{0,16}(?:公司|立场|观点|意见)|\bliab(?:le|ility)\b|\b(?:views"
        r"|opinions) expressed"
        r"|\b(?:do|does) not (?:necessarily )?(?:represent|reflect)|\bvirus"
    ),
)
"""Whom it is for, what a stranger does with it, what is forbidden, who is not liable."""
_SECRET = re.compile(
    r"保密|机密|专有|隐私|复制|散发|传播|披露|泄露|confidential|privileged|proprietary|privacy|copying"
    r"|distribut|disclos"
    r"|dissemin|reproduc|vertraulich|weitergabe"
)
"""People write of that themselves: one formula whatever there is of it."""
_OF_PRIVACY = re.compile(
    r"隐私|个人信息|个人数据|数据|信息|授权|您需要同意|同意本|法律|第三方|权利|收集|\bdata\b|privacy"
    r"|personal|\bconsent|\brights?\b|\blegal"
)
_NUMBERED = re.compile(r"\s{0,10}[-•*]?\s{0,4}[(（]?\d{1,2}[)）.、]")
_ASKS = re.compile(
    r"\?|请问|想问|能否|可否|是否可以|为什么|为何|怎[么样]|请(?:先|看|帮|协助|分析)|\bwhy\b|\bhow (?:do"
    r"|can|should)\b"
    r"|\b(?:could|can|would) you\b|\bthe question\b"
)
_OF_TROUBLE = re.compile(
    r"日志|截图|蓝屏|崩溃|报错|重启|解压|压缩包|附上|窗口|密码[是为:]|\.(?:evtx?|log|dmp|zip|txt|png|jpe?g"
    r"|7z|rar)\b|0x[0-9a-f]"
    r"|\b(?:dump|logs?|screenshot|crash|reboot)\b"
)
"""No notice speaks of that."""
_ADDRESS = re.compile(r"https?://\S{1,500}")
_PICTURE = re.compile(r"\s{0,10}\[[^\[\]]{1,80}\]\s{0,10}")
_GREETING = re.compile(
    r"\s{0,10}(?:您好|你好|大家好|各位.{0,10}|尊敬的.{0,20}|dear\b.{0,40}|hi\b.{0,30}|hello\b.{0,30}"
    r"|.{1,8}(?:您好|你好|工程师|老师))"
    r"[\s,，:：!！。.]{0,6}",
    re.IGNORECASE,
)
MIN_SMALL_PRINT = 36
"""Characters of a paragraph that goes on with small print without a formula: people's own are shorter."""


def footers(lines: Sequence[str], start: int, stop: int) -> list[tuple[int, int]]:
    """The small print that ``lines[start:stop]`` end with, and drawn lines above it.

    What a mail program adds may stand below and between.
    """
    found: list[tuple[int, int]] = []
    is_statement = False
    index = first_written(lines, start)
    while index < stop:
        first = _below_rule(lines, index, stop)
        if _HEADING.fullmatch(lines[first][:MAX_LINE_LENGTH]) and first_written(lines, first + 1) < stop:
            begin = first_written(lines, first + 1)
            end = _paragraph_end(lines, begin, stop)
            is_print = _is_statement(_read(lines[begin:end]), is_apart=first > index)
            is_statement = is_print
        elif _OF_CRM.match(lines[first][:MAX_LINE_LENGTH]) and (found or "一封" in lines[first]):
            end, is_print = _paragraph_end(lines, first, stop), True
        elif opening := _OPENING.match(lines[first][:MAX_LINE_LENGTH]):
            end = _paragraph_end(lines, first, stop)
            is_print, is_statement = _is_notice(_read(lines[first:end]), opening), False
        elif found and _is_nobodys(lines[index]):
            index = first_written(lines, index + 1)
            continue
        else:
            end = _paragraph_end(lines, index, stop) if found else index + 1
            is_print = bool(found) and _goes_on(_read(lines[index:end]), is_statement=is_statement)
        if not is_print:
            found = []
        elif found and first_written(lines, found[-1][1]) == index:
            found[-1] = (found[-1][0], end)
        else:
            found.append((index, end))
        index = first_written(lines, end)
    return [] if found and _only_greets(lines[start : found[0][0]]) else found


def _below_rule(lines: Sequence[str], index: int, stop: int) -> int:
    """The line below a drawn one, where it is near; else the line itself."""
    if not is_rule(lines[index]):
        return index
    below = first_written(lines, index + 1)
    return below if below < min(stop, index + 4) else index


def _is_nobodys(line: str) -> bool:
    return is_rule(line) or is_by_program(line) or _PICTURE.fullmatch(line) is not None


def _paragraph_end(lines: Sequence[str], index: int, stop: int) -> int:
    while index < stop and lines[index].strip():
        index += 1
    return index


def _read(lines: Sequence[str]) -> str:
    return _ADDRESS.sub("", simplified("\n".join(lines)).lower())


def _strength(text: str) -> int:
    return sum(formula.search(text) is not None for formula in _FORMULAS)


def _is_notice(text: str, opening: re.Match[str]) -> bool:
    if _ASKS.search(text) or _OF_TROUBLE.search(text):
        return False
    strong = _strength(text)
    known = bool(opening["label"]) or bool(opening["known"])
    enough = strong + known + (_SECRET.search(text) is not None)
    return enough >= 2 and (strong > 0 or bool(opening["label"]))


def _is_statement(text: str, *, is_apart: bool) -> bool:
    """What stands below a heading; ``is_apart``: a drawn line is above that."""
    if "?" in text or "请问" in text:
        return False
    if is_apart:
        return _OF_PRIVACY.search(text) is not None or _strength(text) > 0
    if _OF_TROUBLE.search(text):
        return False
    return _strength(text) + any(words.search(text) for words in (_OF_PRIVACY, _SECRET)) >= 2


def _goes_on(text: str, *, is_statement: bool) -> bool:
    """Whether a paragraph below small print is more of it."""
    if "?" in text or "请问" in text:
        return False
    is_long = len(text.strip()) >= MIN_SMALL_PRINT
    if is_statement:
        return _NUMBERED.match(text) is not None or (is_long and _OF_PRIVACY.search(text) is not None)
    if _ASKS.search(text) or _OF_TROUBLE.search(text):
        return False
    return _strength(text) > 0 or (is_long and _SECRET.search(text) is not None)


def _only_greets(lines: Sequence[str]) -> bool:
    """A notice right below “您好” is what its writer has to say."""
    written = [line for line in lines if line.strip()]
    return 0 < len(written) <= 2 and all(_GREETING.fullmatch(line[:MAX_LINE_LENGTH]) for line in written)
