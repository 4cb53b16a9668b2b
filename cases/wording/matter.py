"""What of a text only names the matter of its case: “证书服务的问题”, “我们周五上传的日志”, its title. Pure;
linear patterns."""

import re
from functools import partial

from cases.thread.patterns import either, words
from cases.thread.simplified import simplified
from cases.wording.phrases import phrases_of
from cases.wording.verdict import tells_of_trouble

MIN_TITLE = 4
"""Characters of a title, or of a part of it, that names the case: a shorter one may be any word."""
MAX_TITLE = 200
MOST = 0.6
"""Of a title, in characters, that a clause has to be to say no more than it."""
THE_CASE = "该案例"
"""Stands for what named it."""

_SAYS_MORE = re.compile(
    either(r"""
    有(?!关)|又|再|还(?!原)|仍|另|(?<!更)新|也|都|今[天早日晚]|刚|现在|目前|出现|发现|发生|遇到|碰到|第[一二三四两\d]|其[他它余]
    别的|增加|多了|已|(?<!不)了(?!解)|请|要(?!求)|吗|怎|什么|如何|是|哪|多少|几|谁|何时|找到|查到|定位|解决|了解|想|催|跟进|同步|反馈|告知|问(?!题)|看[一下]
    丢失|中断|停产|投诉|退款|发票
    \b(?:new|another|second|other|also|again|still|now|today|not|no|is|are|was|were|has|had|but|and)\b|n't\b
    \b(?:loss|lost|outages?|breach\w{0,2}|down)\b
    """)
)
"""What no mere name of a matter has in it: it tells of something, or asks."""
_POINTS_ZH = words("""
    关于 有关 对于 就 我们 我司 我 咱们 你们 您 贵司 单位 公司 这边 的 这个 那个 该 此 本 这 那 个 件 问题
    案例 案子 案件 工单 日志 记录档 分析 事情 事 上次 上回 之前 前天 前几天 昨天 上午 下午 晚上 上周 本周
    这周 周 星期 礼拜 上 一 二 三 四 五 六 日 天 提交 提供 上传 发送 发给 发 给 提到 提 说 反映 报 开
    """)
_POINTS_EN = words("""
    the our my this that these issue issues problem problems case ticket matter incident request analysis log
    logs we i you us of on about in from with to which sent uploaded provided gave have submitted reported
    yesterday last week monday tuesday wednesday thursday friday saturday sunday morning support open above
    same s
    """)
_POINTS = re.compile(rf"{_POINTS_ZH}|(?:{_POINTS_EN})(?![a-z0-9])")
"""Of which a name may consist that points to what both know; its other words must be the title's."""
_AND = re.compile("[和与跟及]")
_LATIN = re.compile(r"([a-z0-9]+?)(?:(?<=[shx])es|s)?(?![a-z0-9])")
"""A word, and in its group what it is without a plural."""
_AGAIN = re.compile(r"又|再|\bagain\b")
_LEADS = re.compile(r"(?:关于|有关|对于|就|\b(?:about|regarding|concerning|re))[ :“\"「『《]*$")
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
    """``own_words`` with ``THE_CASE`` for what only names its matter: its ``title``, or words of it."""
    title = simplified(title[:MAX_TITLE]).lower().strip()
    words = _without_title(words, title)
    words = _LOG_ANALYSIS.sub("", words)
    for pattern, said in ((_NAMED_ZH, THE_CASE), (_ABOUT_EN, THE_CASE), (_NAMED_EN, " the case")):
        words = pattern.sub(partial(_named, said, title), words)
    return _ENDS_WITH_COLON.sub(f"{THE_CASE},", words)


def is_of_title(clause: str, title: str) -> bool:
    """Whether a clause is most of the title, and tells of nothing anew."""
    title = simplified(title[:MAX_TITLE]).lower().strip()
    characters, whole = _joined(clause), _joined(title)
    if len(characters) < max(MIN_TITLE, MOST * len(whole)) or _AGAIN.search(clause):
        return False
    if characters == whole:
        return True
    return re.search(_spaced(characters), title) is not None and not tells_of_trouble(clause)


def _named(said: str, title: str, found: re.Match[str]) -> str:
    name = found["name"]
    if _SAYS_MORE.search(name) or tells_of_trouble(name) or not _is_known(name, title):
        return found[0]
    return f"{found['lead']}{said}"


def _is_known(name: str, title: str) -> bool:
    """Whether a name says nothing but what the title says: its words, and in Han at least two characters that
    stand together there."""
    if THE_CASE in name:
        return _AND.search(name) is None
    known, whole, place = {*_LATIN.findall(title)}, _joined(title), 0
    while place < len(name):
        word, points = _LATIN.match(name, place), _POINTS.match(name, place)
        end = points.end() if points else place
        if word and word[1] in known:
            end = word.end()
        elif not word:
            end = max(end, _end_of_known(name, place, whole))
        if end == place and name[place].isalnum():
            return False
        place = max(end, place + 1)
    return True


def _end_of_known(name: str, place: int, whole: str) -> int:
    end = place + 1
    while end < len(name) and name[place : end + 1] in whole:
        end += 1
    return end if end > place + 1 else place


def _without_title(words: str, title: str) -> str:
    characters = _joined(title)
    if len(characters) < MIN_TITLE:
        return words
    said = THE_CASE if re.search("[一-龥]", characters) else "the case"
    pattern = re.compile(rf"[“\"「『《]?{_spaced(characters)}[”\"」』》]?")
    first = pattern.search(words)
    if first and _AGAIN.search(title) and phrases_of(_LEADS.sub("", words[: first.start()])) is None:
        return words  # Below a question it tells that it happened again.
    return pattern.sub(said, words)


def _spaced(characters: str) -> str:
    """A pattern of ``characters`` with any space between them, and no letter around."""
    pattern = r"\s{0,3}".join(map(re.escape, characters))
    return rf"(?<![a-z0-9]){pattern}(?![a-z0-9])"


def _joined(text: str) -> str:
    return "".join(text.split())
