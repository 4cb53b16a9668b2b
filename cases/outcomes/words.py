"""What a short text says: thanks alone, that it is solved, that it is not. Pure; linear patterns."""

import re
import unicodedata
from collections.abc import Iterable

from cases.thread.quoting import SegmentKind, runs, segments

MAX_THANKS_LENGTH = 200
"""Characters; whoever writes more has something to say."""
MAX_READ = 2_000
"""Characters of a post that are read for what it says."""
MAX_SENTENCES = 60

_NOTHING = re.compile(r"[\W_]+")


def _words(text: str) -> str:
    """An alternative for each of these words, the longest first; ``_`` is a space within one."""
    return "|".join(word.replace("_", " ") for word in sorted(text.split(), key=len, reverse=True))


_OVER = _words(
    "没问题了 没有问题了 问题已经解决了 问题已经解决 问题已解决 问题解决了 已经解决了 已经解决 已解决 解决了"
    " 可以了 都好了 恢复正常 正常了 可以结案了 可以结案 请结案 同意结案 确认结案 结案吧"
    " solved resolved fixed works works_now works_again works_fine can_be_closed may_be_closed"
    " please_close_this_case please_close_the_case please_close_it"
    " you_can_close_this_case you_can_close_the_case you_can_close_it"
)
_FOR_HELP_ZH = (  # Alone it is a plea.
    r"(?: ?(?:您们|你们|大家|贵公司|老师|工程师|您|你|的|及时|耐心|大力))*"
    r"(?: ?(?:帮助|支持|帮忙|协助|配合|回复|答复|解答|指导)(?:和|与|以及)?)+"
)
_FOR_HELP = (
    r" for(?: (?:all|your|the|this|that|quick|prompt|fast|kind|great|good|continued))*"
    r"(?: (?:and )?(?:help|support|efforts?|reply|response|answer|assistance|work|time|patience))+"
)
_THANKS = (
    rf"(?:谢谢|多谢|感谢|谢了|辛苦了|辛苦)(?:{_FOR_HELP_ZH})?"
    r"|(?:thanks|thank you|thank|thx|ty|cheers)(?: (?:you|a lot|so much|very much|again|all))*"
    rf"(?:{_FOR_HELP})?"
)
_RECEIVED = _words(
    "已收到 收到 已知悉 知悉 知道了 明白了 明白 了解 well_received noted received understood got_it"
)
_AGREED = _words("好的 好 没问题 ok okay great perfect excellent wonderful good fine well")
_BESIDE = _words(
    "工程师 老师 您好 你好 您们 你们 您 你 大家 贵公司 的 了 啦 哦 呢 嗯 很 太 棒 非常 十分 万分"
    " 祝好 顺祝商祺 祝工作顺利 工作愉快 此致 敬礼"
    " many a so very much again it is has been that this everything all now and"
    " hi hello dear team everybody kind best warm regards sincerely"
)
_PHRASE = re.compile(
    rf"(?:(?P<over>{_OVER})|(?P<thanks>{_THANKS})|(?P<received>{_RECEIVED})|(?P<agreed>{_AGREED})"
    rf"|(?P<beside>{_BESIDE}))(?:(?<![a-z])|(?![a-z0-9])) *"
)
"""What a post may consist of that asks for nothing, by what it says; ``beside`` says nothing by itself."""

_UNSOLVED = re.compile(
    r"(?:没有|没|未|尚未|仍未|还未)(?:能|完全|彻底|得到|被)?解决|还没(?:有)?好"
    r"|没(?:有)?(?:用|效果|变化|好转)|无效|不起作用|不管用|(?:还是|仍然|依然)老样子"
    r"|(?:仍然|依然|仍旧|还是)(?:不|无法|没|出现|停止|报错|崩溃|蓝屏|存在|有|一样|如此)"
    r"|(?<!没)(?<!没有)(?<!不)(?<!未)(?:又|再次|再度|重新)(?:出现|停止|停了|崩溃|报错|蓝屏|不行|坏)"
    r"|\bnot (?:yet |been |really |fully )?(?:solved|fixed|resolved|work(?:ing)?)\b|\bun(?:re)?solved\b"
    r"|\bstill (?:not?|the same|there|broken)\b"
    r"|\bpersists?\b"
    r"|\bstill (?:fail|crash|happen|stop|occur|show|get|appear)"
    r"|\b(?:does|did|do|has|is)(?:n['’]?t| not) (?:help|work|start|solve|fix|change)"
    r"|\b(?:came|comes|come|is) back\b|\bhappen(?:s|ed) again\b|\bno (?:effect|change|improvement)\b",
    re.IGNORECASE,
)
_SOLVED = re.compile(
    r"(?<!没)(?<!没有)(?<!未)(?<!能)(?:(?:已|已经|都|全部|顺利|成功)解决|解决了)"
    r"|恢复正常|(?:现在|都|已经)(?:正常|好)了"
    r"|\b(?:is|are|was|been|now|problem|issue) (?:now )?(?:solved|fixed|resolved)\b"
    r"|^\W*(?:solved|fixed|resolved)\b|\bwork(?:s|ing) (?:now|again|fine)\b",
    re.IGNORECASE,
)


_SENTENCES = re.compile(r"[\n。！!；;]|,(?=[^ -~])|(?<=[^ -~]),|\.(?=\s|$)|(?<=\?)")
"""A Chinese clause stands alone; an English one may belong to what denies it."""
_OPEN = re.compile(
    r"\?|吗|[么呢]$|是不是|是否|能否|有没有|如果|要是|万一|假如|若|希望|等(?![级等])|待|何时|什么时候|怎[么样]|如何"
    r"|需要|请(?!结)|应该|也许|可能|昨[天日晚]|之前|上次|本来|曾"
    r"|\b(?:if|when|once|until|unless|whether|hope|hopefully|wish|should|would|could|might|maybe|perhaps"
    r"|may(?! be closed)|will|needs?|want|please (?!close)|how|what|why|yesterday|before|last time)\b"
    r"|\b(?:to|must|can) be (?!closed)",
    re.IGNORECASE,
)
"""What asks, supposes, wishes for or remembers."""
_DENIED = re.compile(
    r"没(?!问题了|有问题了)|未|不(?!客气)|别|无法|部分|一半|几乎|差不多"
    r"|n't\b|\b(?:not|no|never|none|without|hardly|nothing|neither|nor|far from|partly|partially|almost)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"(?:no|nope|not yet|not really|not at all|(?:还|并)?没有?|不是|否|不行)", re.IGNORECASE)
"""A sentence of its own that takes back what stands beside it."""
_FIXED_SOMETHING = re.compile(
    r"^\W*(?:solved|fixed|resolved)\b(?!\W*(?:$|thanks?\b|thx|now|by|after|with|many|best|cheers|great))",
    re.IGNORECASE,
)
_TRADITIONAL = str.maketrans(
    "決問題沒還復現經謝辦結棄當機無轉報錯藍", "决问题没还复现经谢办结弃当机无转报错蓝"
)


def is_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a post says only thanks, that something arrived, yes, or that it is solved; ``names`` of people
    may stand in it."""
    return bool(_said_alone(text, names) - {"beside"})


def only_acknowledges(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a post says only thanks or that something arrived: no answer to a question, as “yes” may be."""
    said = _said_alone(text, names) - {"beside"}
    return bool(said) and said <= {"thanks", "received"}


def reads_as(text: str) -> bool | None:
    """What a post says of the trouble: ``True`` that it is over, ``False`` that it is not, ``None`` where it
    says neither, both, or too much to be sure. By sentences: one that asks, supposes or denies says nothing;
    what is quoted never does."""
    if all(run.kind != SegmentKind.WRITTEN for run in runs(text.splitlines())):
        return None  # A mail that quotes and says nothing is shown as if it said it.
    lines = (line for line in _written(text).splitlines() if not line.lstrip().startswith(">"))
    written = unicodedata.normalize("NFKC", "\n".join(lines).strip()).replace("’", "'")
    if len(written) > MAX_READ:
        return None
    sentences = [sentence.strip() for sentence in _SENTENCES.split(written)][:MAX_SENTENCES]
    said = {_of_sentence(sentence) for sentence in sentences} - {None}
    is_denied = any(map(_DENIAL.fullmatch, sentences))
    return said.pop() if len(said) == 1 and not is_denied else None


def _of_sentence(sentence: str) -> bool | None:
    if _OPEN.search(sentence):
        return None
    if _UNSOLVED.search(sentence):
        return False
    if _DENIED.search(sentence) or _FIXED_SOMETHING.search(sentence):
        return None
    return True if _SOLVED.search(sentence) or "over" in _said_alone(sentence, ()) else None


def says_unsolved(text: str) -> bool:
    """Whether a post says that the trouble is still there, or there again."""
    return bool(_UNSOLVED.search(_written(text)[:MAX_READ]))


def says_solved(text: str) -> bool:
    """Whether a post says that the trouble is over, and nothing to the contrary."""
    written = _written(text)[:MAX_READ]
    return bool(_SOLVED.search(written)) and not _UNSOLVED.search(written)


def _written(text: str) -> str:
    """What the writer says herself, of a mail without what it quotes."""
    written = "\n".join(segment.text for segment in segments(text) if not segment.quoted)
    return written.translate(_TRADITIONAL)


def _said_alone(text: str, names: Iterable[str]) -> set[str]:
    """The kinds of ``_PHRASE`` of which a post consists; none where there is more in it."""
    written = _written(text)
    if len(written) > MAX_THANKS_LENGTH or "?" in written or "？" in written or says_unsolved(written):
        return set()
    for name in names:
        written = written.replace(name, " ") if name else written
    written = _NOTHING.sub(" ", written.casefold()).strip()
    said, place = set(), 0
    while place < len(written):
        phrase = _PHRASE.match(written, place)
        if phrase is None:
            return set()
        said.add(str(phrase.lastgroup))
        place = phrase.end()
    return said
