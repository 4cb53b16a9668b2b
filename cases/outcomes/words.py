"""What a short text says: thanks alone, that it is solved, that it is not. Pure; linear patterns."""

import re
from collections.abc import Iterable

from cases.thread.quoting import segments

MAX_THANKS_LENGTH = 200
"""Characters; whoever writes more has something to say."""
MAX_READ = 2_000
"""Characters of a post that are read for what it says."""

_NOTHING = re.compile(r"[\W_]+")
_THANKS = (
    "谢谢 多谢 感谢 谢了 非常感谢 十分感谢 万分感谢 辛苦 辛苦了 好的 好 收到 已收到 知道了",
    "已知悉 知悉 明白 明白了 了解 没问题 没问题了 没有问题了 已解决 已经解决 解决了 已经解决了",
    "问题已解决 问题解决了 问题已经解决 可以了 都好了 正常了 恢复正常 可以结案 可以结案了 请结案",
    "同意结案 确认结案 结案吧 工程师 老师 您 你 您们 你们 大家 贵公司",
    "的 了 啦 哦 呢 嗯 很 太 棒 非常 十分 帮助 支持 帮忙 协助 耐心 及时 回复",
    "祝好 顺祝商祺 祝工作顺利 工作愉快 此致 敬礼",
    "thanks thank you thx ty cheers many a lot so very much again for your yours the all help support effort",
    "quick reply ok okay great perfect excellent wonderful good fine noted received well got understood",
    "solved resolved fixed works now it is has been that everything closed please close this case can be may",
    "hi hello dear team kind best warm regards sincerely",
)
_PHRASES = {phrase for line in _THANKS for phrase in line.split()}
# The longest first, and no way back: each text is read once.
_ALL_THANKS = re.compile(f"(?>{'|'.join(sorted(_PHRASES, key=len, reverse=True))})*+")
_UNSOLVED = re.compile(
    r"(?:没有|没|未|尚未|仍未|还未)(?:能|完全|彻底|得到|被)?解决|还没(?:有)?好"
    r"|没(?:有)?(?:用|效果|变化|好转)|无效|不起作用|不管用|(?:还是|仍然|依然)老样子"
    r"|(?:仍然|依然|仍旧|还是)(?:不|无法|没|出现|停止|报错|崩溃|蓝屏|存在|有|一样|如此)"
    r"|(?<!没)(?<!没有)(?<!不)(?<!未)(?:又|再次|再度|重新)(?:出现|停止|停了|崩溃|报错|蓝屏|不行|坏)"
    r"|\bnot (?:yet |been |really |fully )?(?:solved|fixed|resolved|work(?:ing)?)\b|\bun(?:re)?solved\b"
    r"|\bstill (?:not?|the same|there|broken)\b"
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


def is_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a post on a closed case asks for nothing: thanks, a greeting, “it works now”; ``names`` of
    people may stand in it."""
    written = _written(text)
    if len(written) > MAX_THANKS_LENGTH or "?" in written or "？" in written:
        return False
    for name in names:
        written = written.replace(name, " ") if name else written
    words = _NOTHING.sub(" ", written.casefold()).split()
    return bool(words) and all(_ALL_THANKS.fullmatch(word) for word in words) and not says_unsolved(written)


def says_unsolved(text: str) -> bool:
    """Whether a post says that the trouble is still there, or there again."""
    return bool(_UNSOLVED.search(_written(text)[:MAX_READ]))


def says_solved(text: str) -> bool:
    """Whether a post says that the trouble is over, and nothing to the contrary."""
    written = _written(text)[:MAX_READ]
    return bool(_SOLVED.search(written)) and not _UNSOLVED.search(written)


def _written(text: str) -> str:
    """What the writer says herself, of a mail without what it quotes."""
    return "\n".join(segment.text for segment in segments(text) if not segment.quoted)
