"""The phrases of posts that ask for nothing, and which of them a text consists of. Pure; linear patterns."""

import re

from cases.thread.courtesy import GREETINGS_EN, GREETINGS_ZH, THANKS, TITLES
from cases.thread.patterns import either, words
from cases.thread.signatures import SURNAMES
from cases.wording.farewells import CLOSINGS, PARTINGS, WISHES, in_words

_NOTHING = re.compile(r"[\W_]+")
_RUNS = r"(?:服务器?|系统|软件|程序|设备|机器|电脑)(?:现在|已经|已|都)*(?:恢复)?正常(?:运行)?了?"
_OVER = words("""
    没问题了 没有问题了 没有其他问题了 没有其他问题 没有别的问题了 没其他问题了 无其他问题 没有疑问了
    暂时没有问题了 暂无问题
    问题已经解决了 问题已经解决 问题已解决了 问题已解决 问题解决了 问题得到解决 已经解决了 已经解决 已解决了
    已解决 解决了 可以了 都好了 好用了 搞定了 恢复正常了 恢复正常 已恢复正常 已经恢复正常 现在正常了 正常了
    一切正常 问题已处理 同意关闭
    solved resolved fixed sorted works works_now works_again works_fine working_now working_again working_fine
    all_good all_set no_more_questions no_further_questions no_other_questions nothing_else
    can_be_closed may_be_closed you_can_close_it you_may_close_it please_close_it feel_free_to_close_it
    """)
_CASE = r"(?:此|该|本|这个|这一|这|我的|我们的)?(?:案例|案子|案件|工单|问题|事件|服务请求|case)"
_CLOSES = r"(?:关闭|关掉|结束|结案|关单|关)"
_MAY_YOU = r"(?:现在|就|那就|这边|我们|我)?(?:可以|可|请|麻烦|同意|确认|帮忙|能)(?:帮忙|把|将|先|您|你)*"
_YOU_MAY = r"(?:please |kindly |you (?:can|may|could) |feel free to )?(?:now )?"
_CLOSE = either(rf"""
    {_MAY_YOU}(?:{_CASE})?{_CLOSES}(?:{_CASE})?(?:了|吧|即可|就好|就行)*
    {_CASE}(?:可以|可|请|麻烦){_CLOSES}[了吧]?|结案[吧了]?|关闭吧|关闭案例
    {_YOU_MAY}close (?:this|the|my|our) (?:support )?(?:case|ticket|issue|request|incident)(?: now)?
    (?:this|the|my|our) (?:support )?(?:case|ticket|issue) (?:can|may) (?:now )?be closed(?: now)?
    """)
_THING = (
    r"(?:您的|你的|您们的|你们的|贵司的|工程师的|分析)?"
    r"(?:报告|邮件|回复|答复|文件|资料|附件|结果|通知|消息|信息|来信|反馈|结论|分析报告|说明)"
)
_EN_THING = words(
    "report mail e_mail email message answer reply file files result results info information update"
)
_OTHERS = "领导|同事|同事们|相关同事|相关人员|主管|负责人|大家|团队|业务部门|客户"
_RECEIVED = either(rf"""
    (?:{_THING})?(?:已经|已)?(?:收到|收悉|查收|知悉|阅读|阅)[了啦]?(?:{_THING})?了?
    悉知|知道了|晓得了|明白了|明白|了解了|了解|清楚了|学习了
    (?:i |we )?(?:have |ve )?(?:well )?(?:received|got|read) (?:the|your|this|that) (?:{_EN_THING})
    (?:the |your )?(?:{_EN_THING}) (?:is |was |has been )?(?:well )?received
    well received|received with thanks|noted with thanks|received|noted|understood|acknowledged|got it|roger
    copy that|i see
    """)
_DONE = either(rf"""
    (?:{_THING}|日志)?(?:已经|已)?(?:归档|存档|备案|保存)了?
    (?:{_THING}|日志)?已经?(?:转给|转发给?|转达给?|告知)(?:{_OTHERS})
    filed|archived|saved
    (?:forwarded|passed on) (?:it )?to my (?:boss|manager|team|colleagues)
    """)
_AGREED = words("""
    好的呢 好的 好 好哒 好嘞 好滴 没事了 不用了 没有了 暂时没有了 没别的了 没关系
    先这样 那先这样 那就先这样 那就这样 那就这样吧 先这样吧 嗯嗯
    没问题 行 ok okay okey great perfect excellent wonderful awesome good fine well super
    nice sounds_good no_problem no_worries not_at_all that_s_all that_is_all sure
    alright all_right 太好了 太棒了 真棒
    """)
_EN_CASE = r"(?:this|that|it|you|(?:the|our|my) (?:case|ticket))"
_PARDON = either(rf"""
    (?:不好意思|抱歉|冒昧)?(?:再次|又)?(?:打扰|打搅)(?:一下|[您你了])*|不好意思|抱歉|冒昧|麻烦[您你]?|劳烦[您你]?
    请问|[再想]?问一下
    (?:i am |i m )?sorry (?:to|for) (?:bother|disturb|trouble|interrupt|ask)(?:ing)?(?: you)?|sorry|excuse me
    (?:just |i am |i m |we are |we re )*(?:following up|checking in)(?: (?:on|about|with) {_EN_CASE})?
    (?:i |we )?hope (?:you are|you re|all is|everything is) (?:doing )?(?:well|fine)
    (?:i |we )?hope this (?:e ?mail|mail|message) finds you well
    """)
_WAITS = either(r"""
    (?:期待|等待|等|静候|盼)(?:[您你]们?)?(?:的)?(?:及时|尽快)?(?:回复|答复|回音|消息|反馈|佳音)|盼复|请回复|望回复
    (?:i am |we are |i |we )?look(?:ing)? forward to (?:your (?:answer|reply|response)|hearing from you)
    please let (?:me|us) know|in advance
    """)
_BESIDE = words("""
    工程师 老师 您们 你们 您 你 大家 各位 各位老师 贵公司 贵司 的 了 啦 哦 哈 呢 嗯 哈哈 噢 很 太 棒 非常 十分
    万分 真的 真心 衷心 再次 先 那就 商祺 此致 敬礼 给力 专业 亲爱的 嗨
    many a an so very much too again it is has been that this everything all now and with in the
    to you your team family everybody everyone guys sir madam mr mrs ms kind best warm regards sincerely
    greetings yours
    mit freundlichen grüßen viele liebe beste grüße hallo mfg
    """)
_PHRASE = re.compile(
    rf"(?:(?P<over>{_RUNS}|{_OVER}|{_CLOSE})|(?P<received>{_RECEIVED})|(?P<done>{_DONE})"
    rf"|(?P<wish>{WISHES})|(?P<parting>{PARTINGS})|(?P<thanks>{THANKS})|(?P<waits>{_WAITS})|(?P<pardon>{_PARDON})|(?P<agreed>{_AGREED})"
    rf"|(?P<beside>[{SURNAMES}](?:{TITLES})|{GREETINGS_ZH}|{GREETINGS_EN}|{CLOSINGS}|{_BESIDE}))"
    r"(?:(?<![a-zß-ÿ])|(?![a-zß-ÿ0-9])) *"
)
_SIGNS = {
    "👍": " ok ",
    "👌": " ok ",
    "🆗": " ok ",
    "🙏": " thanks ",
    "🤝": " thanks ",
    "🌹": " thanks ",
    "💐": " thanks ",
}
_WORDS_OF_SIGNS = re.compile(r"\[(?:强|赞|ok|好的|抱拳|握手|玫瑰|合十|thumbsup)\]|[:(](?:thumbsup|\+1|y)[:)]")


def phrases_of(text: str) -> set[str] | None:
    """The kinds of phrases of which ``own_words`` consist: ``over``, ``received``, ``thanks``, ``agreed``,
    ``waits`` (for an answer), ``pardon``, ``wish``, ``parting``, ``done`` (with what was sent), and
    ``beside``, which says nothing by itself. ``None`` where there is more in them."""
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    text = in_words(text)
    text = _NOTHING.sub(" ", _WORDS_OF_SIGNS.sub(" ok ", text)).strip()
    said, place = set(), 0
    while place < len(text):
        phrase = _PHRASE.match(text, place)
        if phrase is None or phrase.end() == place:
            return None
        said.add(str(phrase.lastgroup))
        place = phrase.end()
    return said
