"""How people greet and thank: alternatives for ``simplified`` text in small letters. Pure."""

from cases.thread.patterns import either, words

GREETINGS_ZH = "您好|你好|大家好|尊敬的|早上好|上午好|下午好|晚上好"
GREETINGS_EN = "hello|hi|hey|dear|good (?:morning|afternoon|evening|day)"
TITLES = "工程师|老师|经理|主任|总|工|先生|女士|小姐|博士|同学|师傅|哥|姐"

_YOURS_ZH = words("""
    您们 你们 大家 贵公司 贵司 老师 工程师 您 你 的 及时 耐心 大力 热心 一直以来 给予 各位 专业 快速 这么快
    """)
_HELP_ZH = words("""
    帮助 支持 帮忙 协助 耐心 理解 配合 回复 答复 解答 指导 分析 服务 付出 关注 告知 提醒 分享 报告 建议
    """)
_YOURS_EN = words("""
    all your the this that quick prompt fast kind great good continued excellent detailed clear very so of
    """)
_HELP_EN = words("""
    help helping support cooperation collaboration effort efforts reply response answer assistance work time
    patience update information info report everything advice solution explanation analysis fix feedback
    clarification service confirmation message mail e_mail looking_into_it looking_into_this
    letting_me_know letting_us_know confirming the
    """)
_FOR_HELP_ZH = rf"(?: ?(?:{_YOURS_ZH}))*(?: ?(?:{_HELP_ZH})(?:和|与|以及|及)?)+"
"""Alone it is a plea."""
_FOR_HELP_EN = rf" for(?: (?:{_YOURS_EN}))*(?: (?:and )?(?:{_HELP_EN}))+"
_FOR_HELP_DE = r" für (?:ihre|die|eure|deine) (?:schnelle |gute )?(?:hilfe|unterstützung|antwort|rückmeldung)"
_VERY = r"(?: (?:you|a lot|a million|so much|very much|again|all|indeed))*"
_VERBS_ZH = words("""
    谢谢 多谢 感谢 感恩 致谢 谢了 谢啦 感激不尽 感激 辛苦了 辛苦 费心了 有劳了 麻烦您了 麻烦你了 麻烦了 3q
    """)
_VERBS_EN = words("thanks thank_you thank thankyou thx tks thks tnx thanx ty cheers")
_REALLY = r"(?:really |very much |highly |greatly )?"
THANKS = either(rf"""
    (?:{_VERBS_ZH})(?:{_FOR_HELP_ZH})?
    (?:{_VERBS_EN}){_VERY}(?:{_FOR_HELP_EN})?
    much appreciated
    (?:i|we)? ?{_REALLY}appreciate (?:it|that|this|your (?:help|support|time|efforts?|assistance))
    (?:herzlichen |vielen |besten |schönen )?danke?(?: (?:schön|sehr|ihnen|euch|dir))?(?:{_FOR_HELP_DE})?
    merci(?: beaucoup)?|(?:muchas )?gracias|grazie(?: mille)?|obrigad[oa]
    ありがとうございます|ありがとうございました|감사합니다
    """)
