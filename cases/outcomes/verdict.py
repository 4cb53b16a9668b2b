"""Whether a post says that the trouble is over, or that it is not. Pure; linear patterns."""

import re
from collections.abc import Iterator

from cases.thread.quoting import own_text
from cases.thread.signatures import without_signature
from cases.thread.simplified import simplified

MAX_READ = 2_000
"""Characters of a post that are read for what it says."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_CLAUSE_ENDS = re.compile(r"[。!;,、\n…~]+|\.(?=\s|$)|(?<=\?)")
_SUPPOSED = _any(
    r"如果|若|万一|要是|假如|倘若|一旦|以防|除非|是否|会不会|有没有|有无|能否|的话|担心|怕|避免|防止|以免"
    r"|免得|预防",
    r"\b(?:if|in case|should|unless|whether|will|would|could|might|may|avoid|prevent\w*|afraid|worried"
    r"|until)\b",
)
"""What follows it is not said to be so."""

_FAILS = (
    r"(?:报错|出错|错误|崩溃|崩了?|当机|蓝屏|黑屏|花屏|死机|宕机|闪退|卡死|卡住|卡顿|掉线|断线|断开|中断"
    r"|超时|失败|故障|异常|告警|报警|罢工|退出"
    r"|停止|停掉|停机|停了|停过|挂|坏|卡|断|不行|起不来|连不上|用不了|打不开|进不去|登不上|不能|无法"
    r"|有问题|出问题|犯|不正常)"
)
_COMES = r"(?:出现|发生|复现|复发|重现|发作|存在|遇到|碰到)"
_TROUBLE = r"(?:问题|故障|现象|错误|报错|情况|毛病|症状|异常|告警|蓝屏|死机|崩溃|重启|bug)"
_STILL = r"(?:仍然|依然|仍旧|依旧|照样|照旧|还是|始终|仍|总是|老是)"
_BY_ITSELF = r"(?:自动|自己|自行|突然|莫名其妙地?|无故|意外|频繁|连续|反复|不断|不停地?)"
_EN_TROUBLE = (
    r"(?:problem|issue|error|fault|trouble|bug|crash(?:es)?|symptom"
    r"|message|failure|blue ?screen|bsod|freeze)s?"
)
_EN_COMES = (
    r"(?:com(?:e|es|ing)|came|return|happen|occur|re-?occur|recur|appear|reappear|crash|fail|freez|froz"
    r"|hang|hung"
    r"|show|seen|see"
    r"|experienc|fac|had|stopped|broke|died)\w{0,4}"
)
_NOT = (
    r"(?:\b(?:not|none|never|no longer|cannot|without)|n't|\b(?:doesnt"
    r"|didnt|dont|isnt|wasnt|hasnt|havent|wont|cant))"
)

_NOT_AGAIN = _any(
    r"(?:没有?|未曾?|不会?|从未|无)(?:见|发现|看到)?(?:再次|再度|再|又|重新)(?:有|也没有?"
    rf"|也未)?(?:{_COMES}|{_FAILS}|自动重启|重启)(?:过|了)?",
    rf"(?:再也?|一直|至今|目前|暂时|到现在)(?:都|还|也)?(?:没有?|未|不会?)(?:再|又)?(?:有)?(?:{_COMES}"
    rf"|(?!不){_FAILS}|自动重启|重启)过?",
    rf"(?:没有?|未|无)(?:再)?(?:任何|什么|其他|别的|新的)?{_COMES}?过?(?:任何|什么|其他|同样的?|类似的?"
    rf"|这个|这种|该|此|相同的?)?{_TROUBLE}",
    rf"(?:没有?|未)(?:再|又)?{_COMES}过",
    r"(?:无法|不能|没法|没有?|未能|未|不)复现",
    rf"{_NOT}(?: \w{{1,20}}){{0,3}}? {_EN_COMES}(?: \w{{1,20}}){{0,3}}? (?:back|again|since|any ?more"
    r"|any longer|so far|until now)\b",
    rf"{_NOT}(?: \w{{1,20}}){{0,2}}? (?:return|re-?occur|reappear|recur|come back|came back"
    rf"|persist)\w{{0,4}}",
    r"\bno longer (?:\w{1,20} )?(?:happen|occur|crash|fail|appear|stop|freez|hang|exist|persist)\w{0,4}",
    rf"\bno (?:more |further |new )?(?:\w{{1,20}} )?{_EN_TROUBLE}\b",
)
"""That it has not come again: taken out first, since what it is made of says the contrary."""

_UNSOLVED = _any(
    r"(?<!有)(?:没有?|未|不能|无法|没法|没办法|不算)(?:能|完全|彻底|真正|得到|被|给|很好地?|有效)*(?:解决"
    r"|修复|恢复|排除|消除)",
    r"(?:解决|修复|处理|搞|弄|修)不了",
    r"(?:还|仍|依然|根本|一直|并|压根|始终|也)(?:是)?没有?(?:好|成功|改善)|没有?(?:修|弄|搞|治)(?:好|定)",
    r"没有?(?:起|起到|什么|啥|任何|多大|太大|明显|一点)*(?:作用|用(?![户过到途来于上以])|效果|效|变化"
    r"|好转|区别|改善|改变|差别)",
    r"无效|无济于事|于事无补|(?:毫无|并无|无)(?:任何)?(?:效果|变化|改善|好转|作用|区别)|[未不]见(?:好|效"
    r"|起色|改善)",
    r"不起作用|不起效|不管用|不好使|不奏效|行不通|治标不治本|老样子|老问题|老毛病|卷土重来",
    rf"{_STILL}(?:会|在|总|有时|偶尔|经常|时不时|每天|同样|那个|这个|原来的?|{_BY_ITSELF})*"
    rf"(?:{_FAILS}|{_COMES}|不(?!错|再)|没(?!问题)|未(?!见)|有(?!效)|一样|如此|这样|那样|原样|同样"
    rf"|{_BY_ITSELF}重启)",
    rf"{_TROUBLE}(?:都|也)?(?:依旧|依然|照旧|照样|仍旧|仍然|如故)(?:$|存在|在|没|未|有|这样|如此|出现"
    r"|发生)",
    rf"{_TROUBLE}(?:都|也)?(?:还|仍)(?:都)?(?:在(?![排分处调跟观查解])|有(?!待)|存在|没|未|会|出现|发生)",
    rf"(?:还|仍)(?:在|会)(?:一直|{_BY_ITSELF})?(?:{_FAILS}|{_COMES})|(?:还|仍)(?:在|会)(?:一直"
    rf"|{_BY_ITSELF})重启",
    rf"(?:一直|反复|不断|持续|继续)(?:在|地)?(?:{_FAILS}|{_COMES}|重启)",
    r"(?<!没)(?<!没有)(?<!不)(?<!未)(?:又|再次|再度|重新)(?:开始|会|被|给|都|全"
    rf"|{_BY_ITSELF}){{0,3}}(?:{_FAILS}|{_COMES}|停$)",
    rf"(?:又|再次|再度)(?:{_BY_ITSELF}重启|重启了?$|回来了|来了)|又(?:不(?![错再用])|没(?!有?问题)|这样"
    r"|那样|一样)",
    r"(?:问题|故障|现象|错误|蓝屏)(?:已经?|能|可以|可|还能|仍能)?(?:复现|重现|复发)(?!步骤|方法|路径|条件)",
    r"(?<![法没未不能有])(?:复现|复发|重现)了",
    r"还有(?:同样|一样|相同|这个|那个|原来)的?问题|更加?(?:严重|糟|差|频繁)了|越来越(?:严重|糟|差|频繁)",
    r"(?:重启|升级|安装|重装|更新|操作|处理|[试做改换])(?:了|完|过)?(?:以后|之后|后)?(?:也|都|还)(?:不行"
    r"|没用|一样|不好|无效|这样)",
    r"(?:方法|办法|步骤|方案|建议|补丁)(?:也|都)?(?:不行|没用|失败)|^\W*(?:不行|没用|没好|失败了?"
    r"|不好使)\W*$",
    rf"{_NOT} (?:yet |been |really |fully |completely |entirely |quite |properly |actually |be |get |got )*"
    r"(?:solved?|fixed|resolved?|work(?:ing|ed|s)?|better|gone|over|improved|helped|helpful|effective"
    r"|successful)\b",
    r"\bun(?:re)?solved\b|\bunsuccessful\b|\bunchanged\b|\buseless\b",
    r"\bstill (?:\w{1,20}ly )?(?:not?\b|n't|(?:the |exactly the |just the )?same|there|broken|here|down"
    r"|present|wrong|unstable|slow"
    r"|stuck|persist|exist|remain|unable|impossible|can't|cannot|won't|doesn't|don't|isn't|does not"
    r"|do not|is not|a problem|an issue)",
    r"\bstill (?:\w{1,20}ly )?(?:fail|crash|happen|stop|occur|show|get|appear|freez|hang|restart|reboot"
    r"|throw|disconnect|drop|die|dying)",
    r"\bstill (?:have|has|having|see|sees|seeing|fac\w{1,3}|experienc\w{1,3}|receiv\w{1,3}"
    r"|encounter\w{0,3}|suffer\w{0,3})"
    rf" (?:\w{{1,20}} ){{0,3}}?(?:{_EN_TROUBLE}|warning|exception|outage|it)\b",
    r"\b(?:does|did|do|has|is|was|have|had)(?:n't| not) (?:really |actually |even )?"
    r"(?:help|work|start|solve|fix|change|resolve|improve|make (?:any|a) difference|do anything|go away"
    r"|gone away)",
    rf"\b(?:{_EN_TROUBLE}|it|this|that|behaviou?r) (?:still |also |has |have )?"
    r"(?:persist|remain(?!s? (?:stable|fixed|solved))|recur|reoccur|reappear|resurface|return"
    r"|continue)\w{0,3}\b",
    r"\bpersists\b|\bkeeps? (?:on )?(?:happen|occur|crash|fail|stop|freez|hang|appear|restart|reboot"
    r"|coming back)",
    r"(?<!\bi )(?<!\bwe )\b(?:came|comes|has come|have come) back\b(?! (?:up|online|to (?:normal|life"
    r"|work|you|us|me)))",
    rf"\b{_EN_TROUBLE} (?:is|are|has come|was|came) back\b",
    r"\b(?:it is|it's|and is) back\b(?! (?:up|online|to |in service|on\b))",
    r"\b(?:happen|occur|appear|crash|fail|broke|die|hung|hang|froz"
    r"|freez)\w{0,4} (?:\w{1,20} ){0,2}?again\b",
    r"\b(?:stopped|stops|down|broken|stuck|hung|dead|offline|unreachable|frozen) again\b",
    r"\b(?:it|server|service|computer|machine|pc|system|host|node|vm) (?:has |had |was )?(?:just )?"
    r"(?:restarted|rebooted|stopped) (?:by itself )?again\b",
    r"\bagain (?:the same|crashe[ds]|failed|stopped|happened|an error|a crash|a blue)",
    r"\b(?:same|identical) (?:problem|issue|error|behaviou?r|symptoms?|thing|result|story|crash|message"
    r"|fault)"
    r" ?(?:again|as before|as yesterday|still|persist|remain|exist|occur|happen|came|comes|$)",
    r"^\W*(?:still |exactly |again )?the same\W*$|\bsame as before\b",
    r"\bno (?:effect|change|improvement|success|luck|difference|joy)\b|\bto no avail\b|\bin vain\b",
    r"\bnothing (?:has )?(?:changed|helped|helps|works|worked)\b|\bma(?:de|kes?) no difference\b"
    r"|\bdid nothing\b",
    r"\b(?:even|getting|got|gets|became|becomes) worse\b",
)
SOLVED = _any(
    r"(?<![没未能法不])(?<!没有)(?:已|已经|都|全部|顺利|成功|完美)(?:被|得到)?(?:解决|修复|排除)",
    r"(?<![没未能法不])(?<!没有)(?:解决|修复|修好|搞定|治好)[了啦]|恢复正常",
    r"(?:现在|都|已经|已|一切)(?:恢复)?(?:正常|好)了|(?<!不)正常了|(?:没有?|无)(?:任何)?问题了|一切正常",
    r"(?:可以|能)(?:正常)?(?:使用|启动|运行|登录|访问|打开|工作|用)了",
    r"\b(?:is|are|was|been|now|problem|issue|got|be) (?:now |all |completely |fully )?(?:solved|fixed"
    r"|resolved|sorted)\b",
    r"^\W*(?:solved|fixed|resolved|sorted)\b",
    r"\bwork(?:s|ing) (?:now|again|fine|well|perfectly|as expected|properly|normally)\b",
    r"\b(?:up and running|back to normal|back online|all good now|running (?:fine|smoothly|again))\b",
)
_NO_STATEMENT = re.compile(r"吗|[么呢?]$|需要|希望|请|想|等|才")


def says_unsolved(text: str) -> bool:
    """Whether a post says that the trouble is still there, or there again."""
    return any(map(is_unsolved, _clauses(text)))


def is_unsolved(clause: str) -> bool:
    """As ``says_unsolved``, of one clause in the form that is read."""
    return _is_said(_UNSOLVED, _NOT_AGAIN.sub(" – ", clause))


def says_solved(text: str) -> bool:
    """Whether a post says that the trouble is over, and nothing to the contrary."""
    solved = any(_is_said(SOLVED, clause) and not _NO_STATEMENT.search(clause) for clause in _clauses(text))
    return solved and not says_unsolved(text)


def _is_said(pattern: re.Pattern[str], clause: str) -> bool:
    match = pattern.search(clause)
    return match is not None and not _SUPPOSED.search(clause, 0, match.start())


def _clauses(text: str) -> Iterator[str]:
    """The clauses of what the writer says herself."""
    written = simplified(without_signature(own_text(text))[:MAX_READ]).lower()
    return (clause.strip() for clause in _CLAUSE_ENDS.split(written))
