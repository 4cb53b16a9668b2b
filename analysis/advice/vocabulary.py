"""The words in which people say by mail how far they are, in Chinese and English, and how they name a step.

What is not written here makes its clause mean nothing: a tick that is missing is set by hand, a wrong one is
believed. All of it reads normalised text (NFKC, lower case); each pattern is bounded.
"""

import re
from enum import Enum, auto

from cases.thread.courtesy import GREETINGS_EN, GREETINGS_ZH


class Word(Enum):
    """What a piece of a line is."""

    STEPS = auto()
    ALL = auto()
    DONE = auto()
    DONE_AFTER = auto()
    """Says that it is done where the step stands before it: “1 ok”; “完成 1” would ask for it."""
    UNDONE = auto()
    UNCLEAR = auto()
    FILLER = auto()
    AUXILIARY = auto()
    """A filler that asks where a clause begins with it: “is step 1 done”."""
    BREAK = auto()
    END = auto()
    ASKED = auto()
    UNKNOWN = auto()


_HAN = "一二三四五六七八九十"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = (
    {han: number for number, han in enumerate(_HAN, start=1)}
    | {f"十{han}": 10 + number for number, han in enumerate(_HAN[:9], start=1)}
    | {word: number for number, word in enumerate(_ORDINALS, start=1)}
    | {word: number for number, word in enumerate(_CARDINALS, start=1)}
)
"""Numbers in words."""

_DIGITS = r"(?<![\w%])(?<!\d[.,:/-])\d{1,2}(?![\d%]|[.:/]\d)"
_INNER = r"\d{1,2}(?![\d%]|[.:/]\d)"
_WORDED = rf"十[{_HAN[:9]}]|[{_HAN}]"
_JOIN = r"\s{0,3}(?:、|,|和|与|及|以及|and|&|\+|-|–|~|到|至|to|through)\s{0,3}"
_MORE = rf"(?:{_JOIN}(?:第|步骤|steps?\s{{0,3}})?(?:{_INNER}|{_WORDED})(?:步|项)?){{0,30}}"
EXPLICIT = re.compile(
    rf"(?:步骤\s{{0,3}}|第\s{{0,3}})(?:{_INNER}|{_WORDED})\s{{0,3}}(?:个?步骤?|项|条|点)?{_MORE}"
    rf"|\bsteps?\s{{0,3}}(?:no\.?\s{{0,3}}|number\s|\#)?(?:{_INNER}|(?:{'|'.join(_CARDINALS)})\b)"
    rf"{_MORE}"
    rf"|\b(?:the\s)?(?:{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))\sstep\b"
)
"""Steps that are called steps."""
BARE = re.compile(rf"\#?\(?{_DIGITS}{_MORE}")
"""Numbers alone."""
AFTER_STEPS = re.compile(r"[\s.):、]{0,6}")
PART = re.compile(
    rf"({_JOIN})?(?:第|步骤|the\s|steps?\s{{0,3}}(?:no\.?\s{{0,3}}|number\s|\#)?)?\s{{0,3}}"
    rf"(\d{{1,2}}|{_WORDED}|(?:{'|'.join(_ORDINALS + _CARDINALS)})\b)"
)
"""Of what the two above match: one number, and what joins it to the one before."""
RANGES = ("-", "–", "~", "到", "至", "to", "through")

GREETING = re.compile(rf"(?:{GREETINGS_ZH}|{GREETINGS_EN})\b[^,:!。.]{{0,30}}[,:!。.]\s{{0,3}}")
INTRODUCES = re.compile(
    r"如下|步骤|进展|进度|情况|结果|steps?\b|status|progress|update|results?\b|below|follow"
)
"""Of a line that ends with a colon and is no answer itself: that what follows may be one."""
EXAMPLE = re.compile(r"例如|比如|譬如|for\s(?:instance|example)|e\.g\.")
"""Of a line that tells nothing, as the mail of the report has one."""
EVERY = re.compile(r"全部|都|均|全|\b(?:all|everything)\b")
CHECKED = re.compile(r"(?:[-*•]\s{0,3})?(?:\[\s?[x✓✔√v]\s?\]|☑|✅|✔|✓|√)\ufe0f?\s{0,4}")
UNCHECKED = re.compile(r"(?:[-*•]\s{0,3})?(?:\[\s{0,3}\]|☐|□)\s{0,4}")

_VERBS = "(?:做|完成|执行|操作|处理|进行|开始|弄|搞|试|尝试|测试|实施|重启|安装|更新)"
_PATTERNS = (
    (Word.ASKED, r"\?|吗|是否|是不是|有没有|如何|怎么"),
    (
        Word.UNDONE,
        rf"(?:还|尚|暂|暂时|目前|都|仍|仍然)?(?:没有?|未)(?:能|去|来得及)?{_VERBS}(?:完|好|过|成|完成)?|还没有?呢?|尚未"
        r"|未完|(?:is\s|are\s|was\s|were\s|has\s|have\s)?not\s(?:yet\s)?(?:been\s)?(?:done|completed|complete|finished"
        r"|started|tried|performed)(?:\syet)?\b|not\syet\b"
        r"|(?:haven't|hasn't|isn't|aren't|wasn't|weren't|haven’t|hasn’t|isn’t|aren’t)\s(?:yet\s)?(?:been\s)?"
        r"(?:done|completed|complete|finished|started|tried|performed)(?:\sit)?(?:\syet)?\b|still\s(?:open|pending)\b"
        r"|pending\b|todo\b|to\sdo\b",
    ),
    (
        Word.DONE,
        rf"已(?:经)?(?:全部|都)?{_VERBS}(?:完成|完毕|完|好|过|了)?|(?:做|弄|搞|执行|操作|处理)(?:完毕|完成|完|好|过)了?|(?:做|试)过?了"
        r"|试过|完成了|搞定了?|搞掂|完毕|(?:done|completed|finished|tried|performed)\b|did\s(?:it\b)?|√|✓|✔\ufe0f?|☑|✅",
    ),
    (Word.DONE_AFTER, r"完成|完了|好了|ok\b|okay\b|complete\b"),
    (
        Word.UNCLEAR,
        r"不行|不了|失败|不成功|没成功|没用|无效|出错|报错|做不|没法|无法|不能|除了|除外|只|仅|部分|一半|几乎|差不多|基本|大概|可能"
        r"|except|partly|partially|only|almost|nearly|half|mostly|fail(?:ed|s)?\b|can(?:no|')t\b|could\snot\b|maybe\b",
    ),
    (
        Word.ALL,
        r"(?:以上|上述|这|所有|全部)?(?P<count>[二两三四五六七八九十]|\d{1,2})?(?:个|项|条)?(?:步骤?|项)(?:都|均|全部|全)"
        r"|(?:所有|全部)(?:的)?步骤(?:都|均)?|(?:以上|上述)步骤(?:都|均|全部)?"
        r"|all\s(?:of\s)?(?:the\s)?(?:(?P<named>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s)?steps\b|both\ssteps\b",
    ),
    (Word.BREAK, r"[,;、]|\s[-–—]{1,3}\s|——|但是?|而|不过|but\b|and\b|while\b|whereas\b"),
    (Word.END, r"[。.!…]{1,6}"),
    (Word.AUXILIARY, r"(?:is|are|was|were|has|have|had|been|be|do|does|did)\b"),
    (
        Word.FILLER,
        r"我们|我|这边|已经|已|都|均|全部|了|的|过|成功|顺利|按照?(?:您|你|贵方)?的?(?:要求|说明|建议)|今天|昨天|昨晚|上午|下午|刚刚?|刚才|目前|现在"
        r"|(?:i've|we've|i|we|all|both|now|already|successfully|just|it|its|this|that|today|yesterday|too|also|yes)\b"
        r"|[\s()\[\]:\"“”'‘’「」|~_=*>-]",
    ),
)
TOKEN = re.compile("|".join(f"(?P<{word.name}>{pattern})" for word, pattern in _PATTERNS))
UNKNOWN = re.compile(r"[a-z0-9']{1,40}|.")
