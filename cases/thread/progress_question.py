"""“请问什么进度了?”: whether a text asks that and nothing else. Pure; linear patterns."""

import re

from cases.thread.signatures import without_signature
from cases.thread.simplified import simplified

MAX_LENGTH = 500
"""Characters of a text that asks for nothing but the progress, above its signature."""
MAX_READ = 4_000
MAX_SENTENCE = 60
MAX_REST = 70
"""Characters besides the question."""

_SENTENCE_ENDS = re.compile(r"[\n。！!；;，,、~…]+|\.(?=\s|$)|(?<=[?？])")
_COURTESY = re.compile(
    r"(各位|您好|你好|hi|hello|hey|dear|嗨|尊敬的|早上好|上午好|下午好|晚上好|good (morning|afternoon|day)"
    r"|谢谢|多谢|感谢|辛苦|麻烦|打扰|不好意思|祝|此致|敬礼|顺颂|thank|thx|best|kind|regards|cheers|sorry"
    r"|sincerely"
    r"|please let (me|us) know|looking forward|(just |i am |i'm |we are |we're )*(following up"
    r"|checking in)|mr|ms|mrs|team)"
)
_WHAT = r"(?:进度|进展|结果|结论|消息|眉目|情况|状态|状况|头绪|下文|音信|程度|阶段|地步)"
_MATTER = (
    r"(?:进度|进展|结果|结论|分析|处理|排查|调查|案例|案子|工单|问题"
    r"|事情|事|情况|状态|报告|原因|这边|那边|case)"
)
_IS_ABOUT = (
    r"(?:(?:of|for|on|with|about|regarding|in|to) )?(?:(?:the|our|my|this|that) )?(?:(?:support |open "
    r"|above )?"
    r"(?:case|ticket|issue|problem|request|matter|analysis|investigation|incident|inquiry|topic|it|this"
    r"|that"
    r"|here)\b"
    r"(?: (?:no|number|id)\b\.?)?\s?)?(?:[a-z]{2,5}-[\w-]{3,20})?"
)
_BY_NOW = (
    r"(?: ?(?:so far|yet|now|today|for us|for me|please|currently|at the moment|at present"
    r"|right now|by now|from your side|on your side|from you))*"
)
_ASKS = re.compile(
    "|".join(
        (
            r"(?:什么|啥|怎么|怎样|咋|如何|到哪|哪一步|哪个|哪种)(?!了解|看|查看|获取"
            rf"|得到).{{0,6}}{_WHAT}(?!下)",
            r"(?:有没有|有无|是否有?|可有|有否).{0,8}(?:进度|进展|结果|结论|消息|眉目|头绪|更新|反馈|答复"
            r"|回复|发现|下文)",
            rf"{_MATTER}.{{0,8}}(?:如何|为何|怎么样|怎样|咋样|怎么说|到哪|哪一步|什么程度|哪个阶段"
            r"|出来(?:了)?(?:吗|没|么)|了吗|了没|了么|没有\?|吗\?|咋了|怎么了$|怎么了\?)",
            r"^(?:请问|现在|目前|那|您好|大概|最近)*(?:怎么样|咋样|如何|怎样|啥情况|什么情况|到哪一?步"
            r"|到哪里?|到什么程度)了?(?:呢|啊|呀)?\?*$",
            r"有.{0,6}(?:进度|进展|结果|结论|消息|眉目|头绪|更新|答复|回复|反馈|下文"
            r"|发现)(?:了)?.{0,2}(?:吗|么|没有|没|嘛|不|\?)",
            r"(?:更新|同步|告知|说|讲|反馈|问|了解|跟进|催|告诉我|看|关注|回复|通报|沟通|询问|咨询"
            r"|追)(?:我们|我|您)?(?:一)?下.{0,10}(?:进度|进展|情况|结果|状态|案例|工单)",
            r"(?:告知|反馈|同步|更新|通报|回复|告诉我们?|知会)(?:一下)?(?:案例|工单|问题|分析|处理|排查"
            r"|目前|当前|最新|现在|的)*(?:进度|进展|处理情况|状态)",
            r"^(?:请问|想问|问下|问一下|那|目前|现在|当前|最新|案例|案子|工单|case|分析|处理|排查|我们|的"
            r"|这个|该|此|问题| )*(?:进度|进展|结果|状态|情况|状况)(?:呢|怎样|如何)?\?*$",
            r"(?:什么时候|何时|多久|哪天|几时|啥时候|几点|多长时间).{0,10}(?:结果|结论|报告|答复|回复"
            r"|解决|好|消息|完成|修复|搞定|处理|分析完|有空看|进展)",
            r"(?:结果|结论|报告|答复|回复|分析|补丁).{0,6}(?:什么时候|何时|多久|啥时候|几时)",
            r"(?:还要|还需要|还需|大概要|大约要|大概|大约|预计|估计)(?:还)?(?:需要|要)?.{0,4}(?:多久"
            r"|多长时间|几天|什么时候)",
            r"(?:解决|处理|分析|排查|查|搞|弄|修|看|研究|修复|定位)(?:完|好|清楚|出来|出|定|明白|到"
            r"|的)?(?:原因|结果|问题|怎么样|如何)?(?:了)?(?:吗|没有|没|么)\??$",
            r"(?:找到|查到|查明|发现|定位到?|查出|知道)(?:什么|问题|故障|具体|是什么)?(?:的)?(?:原因|问题"
            r"|什么)?(?:了)?(?:吗|没有|没|么)\??$",
            r"(?:还在|在|有人|有人在|正在)(?:处理|分析|跟进|看|查|排查)(?:这个|我们的|该)?(?:案例|问题"
            r"|工单)?(?:吗|么)",
            r"(?:处理|分析|排查|进行|调查|查)到(?:哪|什么)",
            r"\b(?:any|some) (?:new |further |recent |other |good )?(?:update|news|progress|result"
            r"|feedback|word|development|finding|information|luck|response|answer|eta|conclusion|clue)s?"
            rf"(?:[ /]{{1,3}}(?:or |and )?(?:update|news|progress|result|feedback"
            rf"|finding)s?)*(?: {_IS_ABOUT})?{_BY_NOW}\s*\?*$",
            r"^(?:is there |do you have |have you |got )?(?:anything|something) new\b",
            r"\b(?:what|how)(?:'s| is| are|s) (?:the |our |my |your )?(?:current |latest |present "
            r"|actual )?(?:case |ticket )?"
            rf"(?:status|state|progress|situation|stage|eta)(?: {_IS_ABOUT})?{_BY_NOW}\s*\?*$",
            rf"\bwhat (?:status|state|stage) (?:is|are|does) {_IS_ABOUT}.{{0,12}}\?*$",
            r"^(?:the |current |latest |case )*(?:status|progress|update|news|eta)(?:[ /]+(?:update|news"
            rf"|report))*(?: please)?(?: {_IS_ABOUT})?{_BY_NOW}\s*\?*$",
            r"\bhow(?:'s| is| are|s) (?:it|this|that|things?|the case|my case|our case|everything"
            r"|the (?:analysis|investigation|work)) "
            r"(?:all )?(?:going|coming|progressing|looking|proceeding|moving|standing|doing)",
            r"\bhow far (?:are|is|have|did|has)\b|\bknow (?:where|how far) (?:we|you|things|it) (?:are|is"
            r"|stand)",
            r"^(?:麻烦|帮忙|请|再|您|你)*催一?[下催]",
            r"\bwhere (?:do|are) (?:we|you|things) (?:stand|at|with|now|on)|\bwhere does (?:it|this"
            r"|the case|our case|my case) stand",
            r"\bwhat(?:'s| is) (?:happening|going on|new|up) ?(?:with|on|in|regarding)? ?(?:the|our|my"
            r"|this|that)?"
            r" ?(?:case|ticket|issue|request|analysis|investigation|it)?\s*\?*$",
            r"\b(?:have|did) you (?:find|found|hear|heard|make|made|get|got) (?:out )?"
            r"(?:anything|something|any|some|a result|the (?:root )?(?:cause|reason)|news|a solution"
            r"|a chance to (?:look|check"
            r"|analy[sz]e|review))",
            r"\b(?:have|has|had) (?:you|anyone|anybody|somebody|someone) (?:had |got )?(?:a |any "
            r"|the )?(?:chance|time|opportunity|looked|checked)",
            r"\bis there (?:any|some|a|an)?\s?(?:thing )?(?:new|news|update|progress|result|word|answer"
            r"|finding)",
            r"\b(?:is|are) (?:anyone|anybody|somebody|someone|you) (?:still )?(?:working|looking)",
            r"\bis (?:it|the (?:analysis|report|investigation)) (?:done|finished|ready|complete"
            r"|completed) ?(?:yet|already|now)?\s*\?",
            r"\bwhen (?:can|will|should|may|do|could|would) (?:we|i|you|it|the (?:report|result|analysis"
            r"|answer|fix|problem|issue|case)) .{0,24}"
            r"(?:result|report|answer|update|hear|news|ready|done|finish|complete|fix|solve|resolve"
            r"|available|expect)",
            r"\bhow (?:long|much longer|many days|much time|much more time) (?:will|does|do|is|until|it"
            r"|before)",
            r"\b(?:give|send|provide|share|need|like|get|have|appreciate) (?:us |me )?(?:with )?(?:a |an "
            r"|some |any |the )?"
            r"(?:status |quick |short |brief |progress |latest )*update\b",
            r"\b(?:update|inform|tell|brief) (?:us|me)\b ?(?:please |kindly )?(?:on|about|of|with"
            r"|regarding|as to|how|where)? ?(?:the|our|my|this)? ?(?:current |latest )?(?:status|progress"
            r"|state|case|ticket|situation|it|latest)?"
            r"(?: of (?:the|our|my) (?:case|ticket|issue))?\s*\?*$",
            r"\b(?:know|advise|confirm|share|tell us|tell me|check|asking for|wondering about|ask about"
            r"|inquire about|follow(?:ing)? up on|checking on) (?:on )?(?:the |its |any )?(?:current "
            r"|latest )?"
            r"(?:status|progress|state|news|updates?)\b",
        )
    )
)
_TECHNICAL = re.compile(
    r"进度条|安装|下载|上传|升级|补丁|驱动|重启|蓝屏|报错|日志|截图|附件|远程|0x[0-9a-f]|\berror\b"
    r"|\binstall|\bdownload"
    r"|\bupload|\bdriver|\breboot|\bpatch|\bkb\d|\bwindows\b|\battach|\blog|[a-z]:\\|\d%"
)


def asks_for_progress(text: str) -> bool:
    """Whether the new text of a mail (without what it quotes) asks how far the case is and nothing else.

    ``text`` is anybody's; what is longer than ``MAX_READ`` is never looked into.
    """
    if len(text) > MAX_READ:
        return False
    text = without_signature(text).strip()
    if not text or len(text) > MAX_LENGTH:
        return False
    text = re.sub(r"(?<=[一-龥])[ \t]+(?=[一-龥])", "", simplified(text).lower())
    if _TECHNICAL.search(text):
        return False
    asked, rest = 0, 0
    for sentence in _SENTENCE_ENDS.split(text):
        sentence = sentence.strip()
        if len(sentence) <= MAX_SENTENCE and _ASKS.search(sentence):
            asked += 1
        elif not _COURTESY.match(sentence):
            if sentence.endswith("?") and len(sentence) > 1:
                return False  # Another question waits for a person.
            rest += len(sentence)
    return asked > 0 and rest <= MAX_REST
