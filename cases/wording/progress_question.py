"""“请问什么进度了?”: whether a text asks that and nothing else. Pure; linear patterns."""

import re

from cases.thread.courtesy import GREETINGS_EN, GREETINGS_ZH, TITLES
from cases.thread.patterns import either
from cases.thread.signatures import SURNAMES, is_quiet
from cases.wording.matter import THE_CASE, is_of_title, without_matter
from cases.wording.own_words import MARKED, own_words
from cases.wording.phrases import phrases_of
from cases.wording.progress_words import is_of_progress

MAX_LENGTH = 500
"""Characters of a text that asks for nothing but the progress, above its signature."""
MAX_SENTENCE = 60

_SENTENCE_ENDS = re.compile(
    either(r"""
    [\n。!;、~]+|(?<!regards)(?<!thanks)(?<!wishes)(?<!cheers),|(?<=\?)
    (?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)\.(?=\s|$)
    """)
)
_BETWEEN_HAN = re.compile(r"(?<=[一-龥])[ \t]+(?=[一-龥])")
_SALUTATION = re.compile(
    either(rf"""
    (?:{GREETINGS_EN})(?: (?:mr|mrs|ms|dr)\b\.?)?(?P<name>(?: [a-z'-]{{1,20}}){{0,2}}):?
    (?:(?:many|best|kind|warm) )?(?:thanks|regards|cheers|wishes),?(?P<writer>(?: [a-z'-]{{1,20}}){{1,2}})
    (?:[{SURNAMES}](?:{TITLES})|[一-龥]{{0,3}}(?:{TITLES})?|各位[一-龥]{{0,4}})(?:{GREETINGS_ZH}|好):?
    尊敬的[一-龥]{{0,6}}:?(?:{GREETINGS_ZH})?
    """)
)
"""With a name in it."""

_WHAT = r"(?:进度|进展|结果|结论|消息|眉目|情况|状态|状况|头绪|下文|音信|程度|阶段|地步)"
_NEWS_ZH = r"(?:新的?情况|进度|进展|结果|结论|消息|眉目|头绪|更新|反馈|答复|回复|发现|下文)"
_MATTER = either(r"""
    进度|进展|结果|结论|分析|处理|排查|调查|案例|案子|工单|问题|事情|事|情况|状态|报告|原因|这边|那边|case
    """)
_TELL = r"(?:更新|同步|告知|说|讲|反馈|问|了解|跟进|催|告诉我|关注|回复|通报|沟通|询问|咨询|追)"
_PRESENT = "案例|工单|问题|分析|处理|排查|目前|当前|最新|现在|的"
_PLEASE = r"(?:请问|现在|目前|那|您好|大概|最近)*"
_OUR = rf"(?:请问|想问|问下|问一下|那|案子|case|我们|这个|该|此| |{_PRESENT})*"
_WHEN_ZH = r"(?:什么时候|何时|多久|哪天|几时|啥时候|几点|多长时间)"
_FIND_OUT = r"(?:解决|处理|分析|排查|查|搞|弄|修|看|研究|修复|定位)(?:完|好|清楚|出来|出|定|明白|到|的)?"
_TOPIC = either(r"""
    case|ticket|issue|problem|request|matter|analysis|investigation|incident|inquiry|topic|it|this|that|here
    """)
_ABOUT = (
    r"(?:(?:of|for|on|with|about|regarding|in|to) )?(?:(?:the|our|my|this|that) )?"
    rf"(?:(?:support |open |above )?{_TOPIC}\b(?: (?:no|number|id)\b\.?)?\s?)?(?:[a-z]{{2,5}}-[\w-]{{3,20}})?"
)
_NOW = either(r"""
    so far|yet|now|today|for us|for me|please|currently|at the moment|at present|right now|by now
    from your side|on your side|from you
    """)
_END = rf"(?: {_ABOUT})?(?: ?{_NOW})*\s*\?*$"
_NEWS = either(r"""
    (?:update|news|progress|result|feedback|word|development|finding|information|luck|response)s?
    (?:answer|eta|conclusion|clue)s?
    """)
_MORE_NEWS = r"(?:[ /]{1,3}(?:or |and )?(?:update|news|progress|result|feedback|finding)s?)*"
_STATE = r"(?:status|state|progress|situation|stage|eta)"
_LATEST = r"(?:the |our |my |your )?(?:current |latest |present |actual )?(?:case |ticket )?"
_IT = either(r"""
    it|this|that|things?|the case|my case|our case|everything
    the (?:analysis|investigation|work)(?: (?:of|on) the case)?
    """)
_GOING = r"(?:all )?(?:going|coming|progressing|looking|proceeding|moving|standing|doing)"
_CASE = r"(?:the|our|my|this|that)? ?(?:case|ticket|issue|request|analysis|investigation|it)?"
_THEY = r"(?:we|i|you|it|the (?:report|result|analysis|answer|fix|problem|issue|case))"
_OUTCOME = either(r"""
    result|report|answer|update|hear|news|ready|done|finish|complete|fix|solve|resolve|available|expect
    """)
_READY = r"(?:done|finished|ready|completed?)"
_SOMEBODY = r"(?:anyone|anybody|somebody|someone)"
_FOUND = either(r"""
    anything|something|any|some|a result|the (?:root )?(?:cause|reason)|news|a solution
    a chance to (?:look|check|analy[sz]e|review)
    """)
_ASK_FOR = either(r"""
    know|advise|confirm|share|tell us|tell me|check|asking for|wondering about|ask about|inquire about
    follow(?:ing)? up on|checking on
    """)

_AN = r"(?:a |an |some |any |the )?(?:status |quick |short |brief |progress |latest )*"
_OF_STATE = (
    r"(?:on|about|of|with|regarding|as to|how|where)? ?(?:the|our|my|this)? ?(?:current |latest )?"
    r"(?:status|progress|state|case|ticket|situation|it|latest)?(?: of (?:the|our|my) (?:case|ticket|issue))?"
)

_HOW_FAR = rf"""
    (?:什么|啥|怎么|怎样|咋|如何|到哪|哪一步|哪个|哪种)(?!了解|看|查看|获取|得到).{{0,6}}{_WHAT}(?!下)
    {_MATTER}.{{0,8}}(?:如何|为何|怎么样|怎样|咋样|怎么说|到哪|哪一步|什么程度|哪个阶段|出来了?[吗没么])
    {_MATTER}.{{0,8}}(?:了[吗没么]|了没有\?|咋了|怎么了$|怎么了\?)
    ^{_OUR}[查看弄搞修](?:得|的)?(?:怎么样|怎样|咋样|如何)了?
    ^{_PLEASE}(?:怎么样|咋样|如何|怎样|啥情况|什么情况|到哪一?步|到哪里?|到什么程度)了?[呢啊呀]?\?*$
    {_TELL}(?:我们|我|您)?一?下.{{0,10}}(?:进度|进展|情况|结果|状态|案例|工单)
    (?:告知|反馈|同步|更新|通报|回复|告诉我们?|知会|知道)(?:一下)?(?:{_PRESENT})*(?:进度|进展|处理情况|状态)
    ^{_OUR}(?:进度|进展|结果|状态|情况|状况)(?:呢|怎样|如何)?\?*$
    (?:还在|在|有人|有人在|正在)(?:处理|分析|跟进|看|查|排查)(?:这个|我们的|该)?(?:案例|问题|工单)?[吗么]
    (?:处理|分析|排查|进行|调查|查)到(?:哪|什么)
    ^(?:麻烦|帮忙|请|再|您|你)*催一?[下催]
    ^(?:麻烦|帮忙|烦请|请|能否|可否|您|你)+(?:更新|同步|反馈|告知)一?下?[吗吧]?\??$|看一?下(?:{_PRESENT})*(?:进度|进展)
    \b(?:what|how)(?:'s| is| are|s) {_LATEST}{_STATE}{_END}
    \bwhat (?:status|state|stage) (?:is|are|does) {_ABOUT}.{{0,12}}\?*$
    \bhow(?:'s| is| are|s) {_IT} {_GOING}
    \bhow far (?:are|is|have|did|has|you|we|it)\b
    \bknow (?:where|how far) (?:we|you|things|it) (?:are|is|stand)
    \bwhere (?:do|are) (?:we|you|things) (?:stand|at|with|now|on)
    \bwhere does (?:it|this|the case|our case|my case) stand
    \bwhat(?:'s| is) (?:happening|going on|new|up) ?(?:with|on|in|regarding)? ?{_CASE}\s*\?*$
    \b(?:have|has|had) (?:you|{_SOMEBODY}) (?:had |got )?(?:a |any |the )?(?:chance|time|opportunity)
    \b(?:have|has|had) (?:you|{_SOMEBODY}) (?:looked|checked)
    \b(?:is|are) (?:you|{_SOMEBODY}) (?:still )?(?:working|looking)
    """
_WHEN = rf"""
    {_WHEN_ZH}.{{0,10}}(?:结果|结论|报告|答复|回复|解决|好|消息|完成|修复|搞定|处理|分析完|有空看|进展)
    (?:结果|结论|报告|答复|回复|分析|补丁).{{0,6}}(?:什么时候|何时|多久|啥时候|几时)
    ^{_OUR}还?[要得]?等多久
    (?:还要|还需要|还需|大概要|大约要|大概|大约|预计|估计)还?(?:需要|要)?.{{0,4}}(?:多久|多长时间|几天|什么时候)
    \bis (?:it|the (?:analysis|report|investigation)) {_READY} ?(?:yet|already|now)?\s*\?
    \bwhen (?:can|will|should|may|do|could|would) {_THEY} .{{0,24}}{_OUTCOME}
    ^how much longer\s*\?*$
    \bknow when {_THEY} (?:can|will|may) .{{0,24}}{_OUTCOME}
    \bhow (?:long|much longer|many days|much time|much more time) (?:will|does|do|is|until|it|before)
    """
_ANY_NEWS = rf"""
    (?:有没有|有无|是否有?|可有|有否).{{0,8}}{_NEWS_ZH}
    有.{{0,6}}{_NEWS_ZH}了?.{{0,2}}(?:吗|么|没有|没|嘛|不|\?)
    {_FIND_OUT}(?:原因|结果|问题|怎么样|如何)?了?(?:吗|没有|没|么)\??$
    (?:找到|查到|查明|发现|定位到?|查出|知道)(?:什么|问题|故障|具体|是什么)?的?(?:原因|问题|什么)?了?(?:吗|没有|没|么)\??$
    \b(?:any|some) (?:new |further |recent |other |good )?{_NEWS}{_MORE_NEWS}{_END}
    ^(?:is there |do you have |have you |got )?(?:anything|something) new\b
    ^(?:the |current |latest |case )*(?:status|progress|update|news|eta)(?:[ /]+(?:update|news|report))*{_END}
    \b(?:have|did) you (?:find|found|hear|heard|make|made|get|got) (?:out )?{_FOUND}
    \bhave you been able to find {_FOUND}
    \bwhat(?:'s| is) the latest{_END}
    \bis there (?:any|some|a|an)?\s?(?:thing )?(?:new|news|update|progress|result|word|answer|finding)
    \b(?:give|send|provide|share|need|like|get|have|appreciate) (?:us |me )?(?:with )?{_AN}update\b
    \b(?:update|inform|tell|brief) (?:us|me)\b ?(?:please |kindly )?{_OF_STATE}\s*\?*$
    ^(?:please |kindly |pls |could you |can you |would you )+update(?: us| me)?\s*\?*$
    \b{_ASK_FOR} (?:on )?(?:the |its |any )?(?:current |latest )?(?:status|progress|state|news|updates?)\b
    """
_ASKS = re.compile(either(_HOW_FAR + _WHEN + _ANY_NEWS))
_BOSS_ZH = r"(?:我们?|我司)?的?(?:领导|老板|客户|上级|上面|用户|甲方|主管|经理|总部|管理层|大家)"
_BOSS_EN = r"(?:my|our|the) (?:boss|manager|management|customer|client|director|team)s?"
_FOR_IT = "(?: (?:me|us|for (?:it|news|an update)|about it))"
_PRESSED = re.compile(
    either(rf"""
    {_BOSS_ZH}(?:那边|这边|也|都|正|一直|比较|很|们)*[在来]?(?:催|问|等|关注|关心|过问)(?:得|的|着|了|呢|紧|很|结果|进度|进展|回复)*
    {_BOSS_EN} (?:is|are|keeps?) (?:also |still )?(?:asking|waiting){_FOR_IT}*
    """)
)


def asks_for_progress(text: str, title: str = "") -> bool:
    """Whether what the writer of ``text`` says herself asks how far the case is and nothing else: no word of
    trouble but those of its ``title``, no other question, no request."""
    words = own_words(text)
    if len(words) > MAX_LENGTH or MARKED.search(words):
        return False
    # A title may itself be the question.
    return any(_only_asks(words, name) for name in {"", title})


def _only_asks(words: str, title: str) -> bool:
    words = without_matter(_BETWEEN_HAN.sub("", words), title)
    sentences = [sentence.strip() for sentence in _SENTENCE_ENDS.split(words)]
    sentences = [sentence for sentence in sentences if not is_of_title(sentence, title)]
    asking = [*filter(_asks, sentences)]
    return bool(asking) and all(
        sentence in asking or phrases_of(sentence) is not None or _greets(sentence) or _says_why(sentence)
        for sentence in sentences
    )


def _asks(sentence: str) -> bool:
    return len(sentence) <= MAX_SENTENCE and bool(_ASKS.search(sentence)) and is_of_progress(sentence)


def _says_why(sentence: str) -> bool:
    """Who waits for it beside her, or of which matter she asks."""
    return sentence == THE_CASE or _PRESSED.fullmatch(sentence) is not None


def _greets(sentence: str) -> bool:
    greeting = _SALUTATION.fullmatch(sentence)
    return greeting is not None and is_quiet(greeting["name"] or greeting["writer"] or "")
