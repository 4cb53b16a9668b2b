"""How people say in their ``own_words`` that a trouble is still there or there again, and that it is over.
Pure; linear patterns."""

import re

from cases.thread.patterns import either

_FAILS = either(r"""
    报错|出错|错误|崩溃|崩了?|当机|蓝屏|黑屏|花屏|死机|宕机|闪退|卡顿|掉线|断[线网连开]|中断|超时|失败|故障
    异常|告警|报警|罢工|退出|停止|停机|不行|起不来|连不上|用不了|打不开|进不去|登不上|不能|无法|不正常|犯
    (?<![判诊])[挂断停坏卡](?:[了掉住死过]|$)|卡[在到]|[很太]卡|有问题|出问题
    (?:启动|[做装连登打进开出])不了|出不来|[很太]慢|看不[到见]|报(?:同样|一样|相同|这个|那个|原来)的?错
    """)
"""挂 is “to have running”, too: a character like that counts with what makes it a failure."""
_COMES = r"(?:出现|发生|复现|复发|重现|发作|存在|遇到|碰到)"
_TROUBLE = r"(?:问题|故障|现象|错误|报错|情况|毛病|症状|异常|告警|蓝屏|死机|崩溃|重启|bug)"
_SOLVE = r"(?:解决|修复|恢复|排除|消除)"
_STILL_ZH = r"(?:仍然|依然|仍旧|依旧|照样|照旧|还是|始终|仍|总是|老是)"
_RESTARTS = r"重(?:启|新启动|新开机)"
_BY_ITSELF = r"(?:自动|自己|自行|突然|莫名其妙地?|无故|意外|频繁|连续|反复|不断|不停地?)"
_AT_TIMES = rf"(?:会|在|总|有时|偶尔|经常|时不时|每天|同样|那个|这个|原来的?|{_BY_ITSELF})*"
_AS_IT_WAS = either(r"""
    不(?![错再用必要需麻换])|报(?![告名到])|没(?!问题)|未(?!见)|有(?!效|用|道理|帮助)|[和跟与].{0,6}一样|一样|如此|[这那原]样|同样
    """)
_DONE = r"(?:重启|升级|安装|重装|更新|操作|处理|[试做改换])(?:[了完过].{0,6}?)?(?:以后|之后|后)?"
_NO = r"没有?(?:起|起到|什么|啥|任何|多大|太大|明显|一点)*"
_EN_TROUBLE = either(r"""
    (?:problem|issue|error|fault|trouble|bug|symptom|message|failure|blue ?screen|bsod|freeze)s?
    crash(?:es)?
    """)
_EN_COMES = either(r"""
    (?:com(?:e|es|ing)|came|return|happen|occur|re-?occur|recur|appear|reappear|crash|fail)\w{0,4}
    (?:freez|froz|hang|hung|show|seen|see|experienc|fac|had|stopped|broke|died)\w{0,4}
    """)
_EN_GOES_ON = r"(?:fail|crash|happen|stop|occur|appear|freez|hang|restart|reboot)"
_EN_PERSISTS = either(r"""
    persist|remain(?!s? (?:stable|fixed|solved))|recur|reoccur|reappear|resurface|return|continue
    """)
_EN_NOT = either(r"""
    \b(?:not|none|never|no longer|cannot|without|doesnt|didnt|dont|isnt|wasnt|hasnt|havent|wont|cant)
    n't
    """)
_EN_QUITE = r"(?:yet |been |really |fully |completely |entirely |quite |properly |actually |be |get |got )*"
_EN_DID_NOT = r"\b(?:does|did|do|has|is|was|have|had)(?:n't| not) (?:really |actually |even )?"
_EN_STILL = r"\bstill (?:\w{1,20}ly )?"
_EN_STILL_SEE = either(r"""
    \bstill (?:have|has|having|see|sees|seeing|fac\w{1,3}|experienc\w{1,3}|receiv\w{1,3})
    \bstill (?:encounter\w{0,3}|suffer\w{0,3})
    """)
_EN_MATTER = r"(?:problem|issue|error|behaviou?r|symptoms?|thing|result|story|crash|message|fault)"
_EN_TO_NORMAL = r"to (?:normal|life|work|you|us|me)"
_EN_MAYBE = r"\w{0,4}(?: \w{1,20}){0,2}?"
_EN_MACHINE = r"\b(?:it|server|service|computer|machine|pc|system|host|node|vm)"

_ANY = r"(?:任何|什么|其他|别的|新的|同样的?|类似的?|这个|这种|该|此|相同的?)?"
_NOT_ONCE_MORE = either(r"""
    (?:没有?|未曾?|不会?|从未|无)(?:见|发现|看到)?(?:再次|再度|再|又|重新)(?:有|也没有?|也未)?
    """)
_NOT_SINCE = r"(?:再也?|一直|至今|目前|暂时|到现在)[都还也]?(?:没有?|未|不会?)[再又]?有?"
_EN_NOT_COME = rf"{_EN_NOT}(?: \w{{1,20}}){{0,3}}? {_EN_COMES}(?: \w{{1,20}}){{0,3}}?"
NOT_AGAIN = re.compile(
    either(rf"""
    {_NOT_ONCE_MORE}(?:{_COMES}|{_FAILS}|自动重启|重启)[过了]?
    {_NOT_SINCE}(?:{_COMES}|(?!不){_FAILS}|自动重启|重启)过?
    (?:没有?|未|无)再?{_ANY}{_COMES}?过?{_ANY}{_TROUBLE}
    (?:没有?|未)[再又]?{_COMES}过
    (?:无法|不能|没法|没有?|未能|未|不)复现
    没有?[^没不]{{0,8}}(?:解决|修复|处理|搞|弄|修)不了的
    {_EN_NOT_COME} (?:back|again|since|any ?more|any longer|so far|until now)\b
    {_EN_NOT}(?: \w{{1,20}}){{0,2}}? (?:return|re-?occur|reappear|recur|come back|came back|persist)\w{{0,4}}
    \bno longer (?:\w{{1,20}} )?(?:happen|occur|crash|fail|appear|stop|freez|hang|exist|persist)\w{{0,4}}
    \bno (?:more |further |new )?(?:\w{{1,20}} )?{_EN_TROUBLE}\b
    """)
)
"""That it has not come again: taken out first, since what it is made of says the contrary."""

_NOT_SOLVED = rf"""
    (?<!有)(?:没有?|未|不能|无法|没法|没办法|不算)(?:能|完全|彻底|真正|得到|被|给|很好地?|有效)*{_SOLVE}
    (?:解决|修复|处理|搞|弄|修)不了
    (?:还|仍|依然|根本|一直|并|压根|始终|[也都])是?没有?(?:好(?!好)|成功|改善)|没有?[修弄搞治][好定]
    {_EN_NOT} {_EN_QUITE}(?:solved?|fixed|resolved?|work(?:ing|ed|s)?|better|gone|over|improved)\b
    {_EN_NOT} {_EN_QUITE}(?:helped|helpful|effective|successful)\b
    \bun(?:re)?solved\b|\bunsuccessful\b
    """
_NO_EFFECT = rf"""
    {_NO}(?:作用|用(?![户过到途来于上以])|效果|效|变化|好转|区别|改善|改变|差别)
    无效|无济于事|于事无补|(?:毫无|并无|无)(?:任何)?(?:效果|变化|改善|好转|作用|区别)|[未不]见(?:好|效|起色|改善)
    不起作用|不起效|不管用|不好使|不奏效|行不通|治标不治本
    {_DONE}[也都还](?:不行|没用|一样|不好|无效|这样)|第.{{1,4}}步.{{0,4}}(?:做不了|不行|失败|报错)
    (?:方法|办法|步骤|方案|建议|补丁)[也都]?(?:不行|没用|失败)|^\W*(?:不行|没用|没好|失败了?|不好使)\W*$
    {_EN_DID_NOT}(?:help|work|start|solve|fix|change|resolve|improve|make (?:any|a) difference)
    {_EN_DID_NOT}(?:do anything|go away|gone away)
    \bno (?:effect|change|improvement|success|luck|difference|joy)\b|\bto no avail\b|\bin vain\b
    \bnothing (?:has )?(?:changed|helped|helps|works|worked)\b|\bma(?:de|kes?) no difference\b|\bdid nothing\b
    \bunchanged\b|\buseless\b
    """
_PERSISTS = either(rf"""
    \b(?:{_EN_TROUBLE}|it|this|that|behaviou?r) (?:still |also |has |have )?{_EN_PERSISTS}\w{{0,3}}\b
    \bpersists\b
    """)
_NOT_WELL = either(r"""
    不行|没有?好(?!好)|不正常|不稳定|起不来|连不上|用不了|打不开|进不去|登不上|启动不了
    看不[到见](?!报告|邮件|附件|回复|结果|链接|进度)
    """)
_STILL = rf"""
    老样子|老问题|老毛病|还有(?:同样|一样|相同|这个|那个|原来)的?问题
    {_STILL_ZH}{_AT_TIMES}(?:{_FAILS}|{_COMES}|{_AS_IT_WAS}|{_BY_ITSELF}{_RESTARTS})
    (?:仍然?|依然|依旧|照样|总是|老是)[^要能]{{0,6}}{_RESTARTS}
    {_TROUBLE}[都也]?(?:依旧|依然|照旧|照样|仍旧|仍然|如故)(?:$|存在|在|没|未|有|这样|如此|出现|发生)
    {_TROUBLE}[都也]?[还仍]都?(?:在(?![排分处调跟观查解])|有(?!待)|存在|没|未|会|出现|发生)
    (?<![归偿])[还仍]都?{_NOT_WELL}
    (?:[台个机器端统库站点]|[一二三四两\d])还有问题$|还有[^?]{{1,8}}?(?:{_NOT_WELL}|报错|蓝屏|死机|崩溃)$
    (?<=[台个机器端统])没有?好$
    [还仍][在会](?:一直|{_BY_ITSELF})?(?:{_FAILS}|{_COMES})|[还仍][在会](?:一直|{_BY_ITSELF})重启
    (?:一直|反复|不断|持续|(?<!请)继续)[在地]?(?:{_FAILS}|{_COMES}|重启)
    {_EN_STILL}(?:not?\b|n't|(?:the |exactly the |just the )?same|there|broken|here|down|present|wrong)
    {_EN_STILL}(?:very |so |too |quite )?(?:unstable|slow)
    {_EN_STILL}(?:stuck|persist|exist|remain|unable|impossible|a problem|an issue)
    {_EN_STILL}(?:can't|cannot|won't|doesn't|don't|isn't|does not|do not|is not)
    {_EN_STILL}(?:{_EN_GOES_ON}|show|get|throw|disconnect|drop|die|dying)
    {_EN_STILL_SEE} (?:\w{{1,20}} ){{0,3}}?(?:{_EN_TROUBLE}|warning|exception|outage|it)\b
    {_PERSISTS}
    \bkeeps? (?:on )?(?:{_EN_GOES_ON}|coming back)
    \bbut not (?:on|for|with|in) (?:the |my |our )?(?:others?|second|third|rest)\b
    ^\W*(?:still |exactly |again )?the same\W*$|\bsame as before\b
    """
_COMES_BACK = rf"""
    卷土重来|(?<![法没未能不有])(?:复现|复发|重现)了
    (?<!没有)(?<![没不未])(?:又|再次|再度|重新)(?:开始|会|被|给|都|全|{_BY_ITSELF}){{0,3}}(?:{_FAILS}|{_COMES}|停$)
    (?:又|再次|再度)(?:{_BY_ITSELF}{_RESTARTS}|重启了?$|回来了|来了)|又(?:不(?![错再用])|没(?!有?问题)|[这那一]样)
    又有.{{1,8}}?{_FAILS}
    (?<!没有)(?<![没不未])又[挂断停坏卡崩](?![止用])
    (?:问题|故障|现象|错误|蓝屏)(?:已经?|能|可以|可|还能|仍能)?(?:复现|重现|复发)(?!步骤|方法|路径|条件)
    (?<!\bi )(?<!\bwe )\b(?:came|comes|has come|have come) back\b(?! (?:up|online|{_EN_TO_NORMAL}))
    \b{_EN_TROUBLE} (?:is|are|has come|was|came) back\b
    \b(?:it is|it's|and is) back\b(?! (?:up|online|to |in service|on\b))
    \b(?:happen|occur|appear|crash|fail|broke|die|hung|hang|froz|freez){_EN_MAYBE} again\b
    \b(?:stopped|stops|down|broken|stuck|hung|dead|offline|unreachable|frozen) again\b
    {_EN_MACHINE} (?:has |had |was )?(?:just )?(?:restarted|rebooted|stopped) (?:by itself )?again\b
    \bagain (?:the same|crashe[ds]|failed|stopped|happened|an error|a crash|a blue)
    \b(?:same|identical) {_EN_MATTER} ?(?:again|as before|as yesterday|still|{_EN_PERSISTS}|exist|occur|$)
    \b(?:same|identical) {_EN_MATTER} ?(?:happen|came|comes)
    """
_WORSE = r"""
    更加?(?:严重|糟|差|频繁)了|越来越(?:严重|糟|差|频繁)
    \b(?:even|getting|got|gets|became|becomes) worse\b
    """
UNSOLVED = re.compile(either(_NOT_SOLVED + _NO_EFFECT + _STILL + _COMES_BACK + _WORSE))
DENIES = re.compile(either(_NOT_SOLVED + _NO_EFFECT + _PERSISTS))
"""What of ``UNSOLVED`` is of now also where it names what was: “the fix you sent before did not help”."""
SOLVED = re.compile(
    either(r"""
    (?<![没未能法不])(?<!没有)(?:已|已经|都|全部|顺利|成功|完美)(?:被|得到)?(?:解决|修复|排除)
    (?<![没未能法不])(?<!没有)(?:解决|修复|修好|搞定|治好)[了啦]|恢复正常
    ^(?:问题|故障)(?:都|全部|完全)?(?:解决|排除)$
    (?:现在|都|已经|已|一切|全部)(?:恢复)?(?:正常|好)了|(?<!不)正常了|(?:没有?|无)(?:任何)?问题了|一切正常|[之以]后好了
    (?:可以|能)(?:正常)?(?:使用|启动|运行|登录|访问|打开|工作|用)了
    \b(?:is|are|was|been|now|problem|issue|got|be) (?:now |all |completely |fully )?(?:solved|fixed)\b
    \b(?:is|are|was|been|now|problem|issue|got|be) (?:now |all |completely |fully )?(?:resolved|sorted)\b
    ^\W*(?:solved|fixed|resolved|sorted)\b
    \b(?:both|all|servers|machines|computers|they) work (?:now|again|fine)\b
    \bwork(?:s|ing) (?:now|again|fine|well|perfectly|as expected|properly|normally)\b
    \b(?:up and running|back to normal|back online|all good now|running (?:fine|smoothly|again))\b
    """)
)
