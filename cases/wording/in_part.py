"""That one thing is over while another is not: “第一台好了，第二台还没好”, “the screen is gone, but …”. Pure;
linear patterns."""

import re

from cases.thread.patterns import either
from cases.wording.not_now import ASKED, DENIED, SUPPOSED, is_remembered
from cases.wording.trouble import SOLVED

_PARTS = re.compile(
    r"[。!;,:、\n~]+|(?<=好了)(?=[一另第其剩])|\.(?=\s|$)|(?<=\?)|但是?|可是|不过|然而|只是|\b(?:but|however|though|while|whereas|and)\b"
)
_GONE = re.compile(
    either(r"""
    (?:问题|故障|现象|错误|报错|蓝屏|黑屏|死机|闪退|卡顿|掉线|告警|异常)[都也]?(?:没有?了|消失了|不见了|没再)
    (?:没有?|未|不)再?(?:出现|发生|报错|蓝屏|死机|崩溃|掉线|闪退|卡顿|告警)(?:过|了|$)
    不(?:会|再)?(?:报错|蓝屏|死机|崩溃|掉线|闪退|卡|停)了
    \b(?:problem|issue|error|crash|crashe|screen|message|warning|freeze)s? (?:is|are|has|have) (?:now )?gone\b
    \bno (?:more|further) (?:\w{1,20} )?(?:errors?|crash(?:es)?|problems?|blue ?screens?|freezes?|warnings?)\b
    \b(?:stopped|no longer) (?:crash|fail|freez|hang|show|appear)\w{0,4}\b
    """)
)
_QUITE = r"(?:\w{1,20} ){0,2}?"
_WELL = re.compile(
    either(rf"""
    (?<![做装弄配写准备设收改换下传打新置])好了|(?<!不)正常(?:了|$)|正常的有|(?:[一-龥\d]没有?|没有?任何)问题(?:$|了)|可以了$|ok(?:了|$)|(?:快|流畅|稳定)了
    (?:可以|能)(?:正常)?[一-龥]{{1,4}}了$|(?:解决|修复|恢复|修好|搞定)了|已(?:经)?(?:解决|修复|恢复|修好)
    \b(?:is|are|was|looks?|seems?|runs?|been) {_QUITE}(?:ok(?:ay)?|fine|good|stable|normal|healthy|well)\b
    \b(?:is|are|was|were|been|partly|partially|mostly) (?:now |already )?(?:fixed|solved|resolved|sorted)\b
    ^(?:[\w ]{{1,20}} )?(?:fixed|solved|resolved)\b
    \bwork(?:s|ed)\b|\b(?:machines|servers|pcs|computers|clients|nodes) (?:now )?(?:work|start|boot|run)\b
    \bworking (?:now|again|fine)\b|\b(?:starts|boots|runs) (?:now|again|fine)\b
    """)
)
LEFT_OVER = re.compile(
    r"(?!.{0,8}(?:报告|发票|合同|附件|邮件))[一-龥\d]{1,12}(?:还没有?|还不行|没好)"
    r"|[\w ]{1,30} (?:(?:is|are|does|do) not|isn't|aren't|doesn't|don't)"
)
"""A whole clause below one that something is over: “第二个还没有”, “the second is not”."""


def is_over_in_part(words: str) -> bool:
    """Whether ``own_words``, trouble in which is known, say of something that it is over."""
    return any(map(_is_well, _PARTS.split(words)))


def _is_well(part: str) -> bool:
    part = part.strip()
    if ASKED.search(part) or SUPPOSED.search(part) or is_remembered(part):
        return False
    return bool(_GONE.search(part)) or (
        not DENIED.search(part) and bool(_WELL.search(part) or SOLVED.search(part))
    )
