"""What of a text only names the matter of its case: “证书服务的问题”, “我们周五上传的日志”, its title. Pure;
linear patterns."""

import re
from functools import partial

from cases.thread.patterns import either
from cases.thread.simplified import simplified
from cases.wording.verdict import tells_of_trouble

MIN_TITLE = 4
"""Characters of a title, or of a part of it, that names the case: a shorter one may be any word."""
MAX_TITLE = 200
THE_CASE = "案例"
"""Stands for what named it."""

_SAYS_MORE = re.compile(
    either(r"""
    有(?!关)|又|再|还(?!原)|仍|另|(?<!更)新|也|都|今[天早日晚]|刚|现在|目前|出现|发现|发生|遇到|碰到|第[一二三四两\d]|其[他它余]
    别的|增加|多了|已|(?<!不)了(?!解)|请|要(?!求)|吗|怎|什么|如何|是|哪|多少|几|谁|何时|找到|查到|定位|解决|了解|想|催|跟进|同步|反馈|告知|问(?!题)|看[一下]
    \b(?:new|another|second|other|also|again|still|now|today|not|no|is|are|was|were|has|had|but|and)\b|n't\b
    """)
)
"""What no mere name of a matter has in it: it tells of something, or asks."""
_BEGIN = r"(?:^|(?<=[\n。!?;,:、]))(?P<lead> *(?:请问|想问|问|了解|一下|那|您好|你好|麻烦|告知|请|想)*+)"
_NAMED_ZH = re.compile(
    rf"{_BEGIN}(?P<name>(?:关于|有关|对于|就)?[^\n。!?;,:、]{{0,40}}?"
    r"(?:问题|案例|案子|案件|工单|[的个该此] ?case\b|日志|记录档|事情|的事情?))"
    r"(?:的?问题)?(?!了|库|盘|服务器|工具|文件夹)的?"
)
_OF_EN = r"\b(?P<lead>on|about|regarding|of|for|with|concerning|at|to) "
_NAMED_EN = re.compile(
    rf"{_OF_EN}(?P<name>(?:the|our|my|this|that) (?:[\w'-]{{1,20}} ){{0,5}}?"
    r"(?:issue|problem|case|ticket|matter|incident|request|analysis|logs?))\b"
    r"(?: (?:that |which )?(?:we|i) (?:have )?(?:sent|uploaded|provided|gave)(?: to)?(?: you)?)?"
    r"(?: (?:yesterday|(?:on|last|this) [a-z]{3,10}))?"
)
_ABOUT_EN = re.compile(
    r"(?:^|(?<=[\n.!?;,]) ?)(?P<lead>)(?:regarding|concerning|about|re|as to|with (?:regard|respect) to):? "
    r"(?P<name>[\w '-]{1,60})(?=[,:\n])"
)
_ENDS_WITH_COLON = re.compile(rf"{THE_CASE} *:")
_LOG_ANALYSIS = re.compile(r"\blogs? (?=analysis\b)")


def without_matter(words: str, title: str = "") -> str:
    """``own_words`` with ``THE_CASE`` for what only names its matter: its ``title``, or words of her own that
    say nothing of it."""
    words = _without_title(words, title)
    words = _LOG_ANALYSIS.sub("", words)
    for pattern, said in ((_NAMED_ZH, THE_CASE), (_ABOUT_EN, THE_CASE), (_NAMED_EN, " the case")):
        words = pattern.sub(partial(_named, said), words)
    return _ENDS_WITH_COLON.sub(f"{THE_CASE},", words)


def is_of_title(clause: str, title: str) -> bool:
    """Whether a clause is a part of the title."""
    clause = _joined(clause)
    return len(clause) >= MIN_TITLE and clause in _joined(simplified(title).lower())


def _named(said: str, found: re.Match[str]) -> str:
    name = found["name"]
    if _SAYS_MORE.search(name) or tells_of_trouble(name):
        return found[0]
    return f"{found['lead']}{said}"


def _without_title(words: str, title: str) -> str:
    characters = _joined(simplified(title[:MAX_TITLE]).lower())
    if len(characters) < MIN_TITLE:
        return words
    pattern = r"\s{0,3}".join(map(re.escape, characters))
    said = THE_CASE if re.search("[一-龥]", characters) else "the case"
    return re.sub(rf"[“\"「『《]?{pattern}[”\"」』》]?", said, words)


def _joined(text: str) -> str:
    return "".join(text.split())
