"""The small print that a mail ends with: privacy statements, confidentiality notices, the CRM's own words.

Recognised by a known opening and a second formula of their kind, and only at the end of what was written:
what asks something, or has a person's words below it, is shown. No Django here.
"""

import re
from collections.abc import Sequence

from cases.thread.courtesy import GREETINGS_EN, GREETINGS_ZH
from cases.thread.patterns import either
from cases.thread.quote_lines import MAX_LINE_LENGTH, first_written, is_rule
from cases.thread.signatures import is_by_program
from cases.thread.simplified import simplified

_HEADINGS = either(r"""
    隐私声明|隱私聲明|隐私政策声明|保密声明|保密提示|保密條款|免责声明|免責聲明|法律声明|重要声明|声明
    privacy (?:statement|notice)|confidentiality (?:notice|statement)|legal (?:notice|disclaimer)
    e-?mail disclaimer|disclaimer
    """)
_HEADING = re.compile(rf"[#*\s【\[]{{0,10}}{_HEADINGS}[\s*】\]]{{0,10}}[:：]?[\s*]{{0,10}}", re.IGNORECASE)
"""The whole line."""
_MARKS = frozenset("#*【[")
"""Of a heading that is set apart as a drawn line above it does."""
_NAMED = re.compile(r"隐私|保密|免责|privacy|confidential|disclaimer")
"""Of a heading that itself speaks of such things; “声明” is anybody's."""
_LABEL = either(r"""
    (?:重要提示|特别提示|保密提示|保密声明|免责声明|隐私声明|声明)\s?[:：】\]]\s{0,4}[本此该](?:电子)?邮件
    (?:confidentiality notice|disclaimer|important notice|privacy notice)\s?:\s{0,4}\S
    """)
_KNOWN = either(r"""
    the (?:information|contents?)(?: contained)? (?:in|of) this (?:e-?mail|message)\b
    the (?:information|contents?)(?: contained)? (?:in|of) this (?:communication|transmission)\b
    the information transmitted\b
    """)
_MAIL_EN = r"this (?:e-?mail|message|communication|electronic (?:mail|message))\b"
_OPENINGS = either(rf"""
    (?P<label>{_LABEL})
    (?P<known>{_KNOWN})
    [本此该]封?(?:电子)?(?:邮件|郵件).{{0,24}}(?:保密|机密|機密|专有|仅供|仅限|僅供|特定)
    本信息(?!系统|中心|化).{{0,24}}(?:保密|机密)
    {_MAIL_EN}.{{0,80}}\b(?:confidential|privileged|intended (?:only|solely|for)|solely for)
    diese e-?mail (?:kann|enthält)\b.{{0,40}}vertraulich
    ce (?:message|courriel)\b.{{0,60}}confidentiel
    """)
_OPENING = re.compile(rf"[*\s【\[(（]{{0,10}}{_OPENINGS}", re.IGNORECASE)
_OF_CRM = re.compile(r"[*\s]{0,10}以上内容是一封有关|.{0,200}全部回复")
"""Its own words below each of its mails."""
_FOR_WHOM = either(r"""
    收件人|收件者|接收[者人方]|收信人|误收|误发|误传|错误地?(?:收到|发送)|非(?:指定|预期)|通知(?:发件|发送|寄件)
    任何其他人|(?:指定|特定|地址中列出).{0,12}(?:个人|接收|收件|对象|群组)
    \bintended (?:recipient|only|solely|exclusively|for)|\baddressee|\brecipient|\bnamed above
    \b(?:in|by) (?:error|mistake)\b|\bnotify the sender|\b(?:person|individual)s? or entit
    \bempfänger|\badressat|\birrtümlich|\babsender|\bdestinataire|\bpar erreur|\bexpéditeur
    """)
_BY_A_STRANGER = either(r"""
    (?:立即|马上|随即|即刻|永久|彻底|并|予以|误收.{0,8})删除|删除(?:本|此|该|原|并|及|所有|邮件)|销毁
    \b(?:delete|destroy) (?:it|this|the|all|any)\b|\blöschen|\bvernichten|\bsupprimer|\bdétruire
    """)
_FORBIDDEN = either(r"""
    未经(?:授权|许可|.{0,8}(?:同意|书面))|禁止|严禁|不得(?:以任何|擅自|向|.{0,4}(?:复制|传播|披露))
    不得.{0,4}(?:泄露|使用|转发|散发)
    \bunauthori[sz]ed|\bprohibited|\bmust not (?:copy|disclose|use|distribute)|\bunbefugt|\bnicht gestattet
    \binterdit
    """)
_NOT_LIABLE = either(r"""
    不(?:对.{0,24})?承担.{0,12}责任|不代表.{0,16}(?:公司|立场|观点|意见)|\bliab(?:le|ility)\b
    \b(?:views|opinions) expressed|\b(?:do|does) not (?:necessarily )?(?:represent|reflect)|\bvirus
    """)
_FORMULAS = tuple(map(re.compile, (_FOR_WHOM, _BY_A_STRANGER, _FORBIDDEN, _NOT_LIABLE)))
_SECRET = re.compile(
    either(r"""
    保密|机密|专有|隐私|复制|散发|传播|披露|泄露|confidential|privileged|proprietary|privacy|copying
    distribut|disclos|dissemin|reproduc|vertraulich|weitergabe
    """)
)
"""People write of that themselves: one formula whatever there is of it."""
_OF_PRIVACY = re.compile(
    either(r"""
    隐私|个人信息|个人数据|数据|信息|授权|您需要同意|同意本|法律|第三方|权利|收集
    \bdata\b|privacy|personal|\bconsent|\brights?\b|\blegal
    """)
)
_OF_MAIL = re.compile(
    either(r"""
    [本此该](?:电子)?(?:邮件|信息)|这封(?:电子)?邮件|发件人|谢谢|感谢您的(?:合作|配合)|环境|打印
    \b(?:this|the|any) (?:e-?mail|message|communication|transmission|sender|author)\b|\battachments\b|^thank
    \b(?:views|opinions)\b|\bprint|\bregistered (?:in|office|under)\b
    \bdiese \w{0,8}mail\b|\bce (?:message|courriel)\b
    """)
)
"""What a sentence of a notice speaks of that holds no formula."""
_AGREES = re.compile(r"我[们方司]?(?:已经?)?同意|\bwe (?:hereby )?(?:agree|consent)\b")
_SENTENCE_ENDS = re.compile(r"[。!;]|(?<!\bLtd)(?<!\bInc)(?<!\bCo)\.(?=\s|$)|\n(?![a-z])")
"""An English line goes on below with a small letter."""
_LETTER = re.compile(r"[^\W\d_]")
_NUMBERED = re.compile(r"\s{0,10}[-•*]?\s{0,4}[(（]?\d{1,2}[)）.、]")
_ASKS = re.compile(
    either(r"""
    \?|请问|想问|能否|可否|是否可以|为什么|为何|怎[么样]|请(?:先|看|帮|协助|分析)
    \bwhy\b|\bhow (?:do|can|should)\b|\b(?:could|can|would) you\b|\bthe question\b
    """)
)
_OF_TROUBLE = re.compile(
    either(r"""
    日志|截图|蓝屏|崩溃|报错|重启|解压|压缩包|附上|窗口|密码[是为:]|失败|[做用]不了|第.{1,3}步
    \.(?:evtx?|log|dmp|zip|txt|png|jpe?g|7z|rar)\b|0x[0-9a-f]
    \b(?:dump|logs?|screenshot|crash|reboot|fails?|steps?)\b
    """)
)
"""No notice speaks of that."""
_ADDRESS = re.compile(r"https?://\S{1,500}")
_PICTURE = re.compile(r"\s{0,10}\[[^\[\]]{1,80}\]\s{0,10}")
_GREETING = re.compile(
    rf"\s{{0,10}}(?:大家好|各位.{{0,10}}|尊敬的.{{0,20}}|(?:{GREETINGS_EN})\b.{{0,40}}"
    rf"|.{{0,8}}(?:{GREETINGS_ZH}|工程师|老师))[\s,，:：!！。.]{{0,6}}",
    re.IGNORECASE,
)
MAX_SMALL_PRINT = 20_000
"""Characters of a notice."""
MIN_SMALL_PRINT = 36
"""Characters of a paragraph that goes on with small print without a formula: people's own are shorter."""
_OF_YOURS = re.compile(
    r"您(?:的|所|提供|同意|授权)|用户|\byour? (?:data|information|personal|consent|rights?)\b"
)
_DONE = re.compile(r"(?<!为)了|\b(?:we|i) have\b")
"""A shorter one of a statement speaks of what is its reader's, and never of what somebody has done."""


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
            is_apart = first > index or lines[first].lstrip()[:1] in _MARKS
            is_print = _is_statement(
                _read(lines[begin:end]), heading=_read([lines[first]]), is_apart=is_apart
            )
            is_statement = is_print
        elif _OF_CRM.match(lines[first][:MAX_LINE_LENGTH]) and (found or "一封" in lines[first]):
            end, is_print = _paragraph_end(lines, first, stop), True
        elif opening := _OPENING.match(lines[first][:MAX_LINE_LENGTH]):
            end = _paragraph_end(lines, first, stop)
            is_print, is_statement = _is_notice(lines[first:end], opening), False
        elif found and _is_nobodys(lines[index]):
            index = first_written(lines, index + 1)
            continue
        else:
            end = _paragraph_end(lines, index, stop) if found else index + 1
            is_print = bool(found) and _goes_on(lines[index:end], is_statement=is_statement)
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


def _plain(lines: Sequence[str]) -> str:
    return _ADDRESS.sub("", simplified("\n".join(lines)))


def _read(lines: Sequence[str]) -> str:
    return _plain(lines).lower()


def _strength(text: str) -> int:
    return sum(formula.search(text) is not None for formula in _FORMULAS)


def _is_notice(lines: Sequence[str], opening: re.Match[str]) -> bool:
    if not _is_nothing_else(lines):
        return False
    text = _read(lines)
    strong = _strength(text)
    known = bool(opening["label"]) or bool(opening["known"])
    enough = strong + known + (_SECRET.search(text) is not None)
    return enough >= 2 and (strong > 0 or bool(opening["label"]))


def _is_nothing_else(lines: Sequence[str]) -> bool:
    """Whether each sentence is one of small print; none asks, tells of trouble or of something else."""
    if sum(map(len, lines)) > MAX_SMALL_PRINT:
        return False
    text = _plain(lines)
    if _ASKS.search(text.lower()) or _OF_TROUBLE.search(text.lower()):
        return False
    sentences = (sentence.strip().lower() for sentence in _SENTENCE_ENDS.split(text))
    return all(map(_is_of_print, filter(_LETTER.search, sentences)))


def _is_of_print(sentence: str) -> bool:
    return any(words.search(sentence) for words in (*_FORMULAS, _SECRET, _OF_MAIL))


def _is_statement(text: str, *, heading: str, is_apart: bool) -> bool:
    """What stands below a heading; ``is_apart``: that is marked as one, and its words count, too."""
    if "?" in text or "请问" in text or _AGREES.search(text):
        return False
    if not is_apart and _OF_TROUBLE.search(text):
        return False
    kinds = sum(words.search(text) is not None for words in (_OF_PRIVACY, _SECRET))
    return _strength(text) + kinds + (is_apart and _NAMED.search(heading) is not None) >= 2


def _goes_on(lines: Sequence[str], *, is_statement: bool) -> bool:
    """Whether a paragraph below small print is more of it."""
    text = _read(lines)
    if "?" in text or "请问" in text:
        return False
    is_long = len(text.strip()) >= MIN_SMALL_PRINT
    if is_statement and not is_long and _OF_YOURS.search(text):
        is_long = not _DONE.search(text) and not _OF_TROUBLE.search(text)
    if is_statement:
        return _NUMBERED.match(text) is not None or (is_long and _OF_PRIVACY.search(text) is not None)
    return _is_nothing_else(lines) and (_strength(text) > 0 or (is_long and _SECRET.search(text) is not None))


def _only_greets(lines: Sequence[str]) -> bool:
    """A notice right below “您好” is what its writer has to say."""
    written = [line for line in lines if line.strip()]
    return 0 < len(written) <= 2 and all(_GREETING.fullmatch(line[:MAX_LINE_LENGTH]) for line in written)
