"""What a short text says: thanks alone, that something arrived, that it is solved or not. Pure; linear
patterns."""

import re
from collections.abc import Iterable, Iterator

from cases.outcomes.verdict import MAX_READ, SOLVED, is_unsolved, says_unsolved
from cases.thread.quoting import SegmentKind, own_text, runs
from cases.thread.signatures import SURNAMES, without_signature
from cases.thread.simplified import simplified

MAX_SENTENCES = 60
MAX_THANKS_LENGTH = 200
"""Characters; whoever writes more has something to say."""

_NOTHING = re.compile(r"[\W_]+")


def _words(text: str) -> str:
    """An alternative for each of these words, the longest first; ``_`` is a space within one."""
    return "|".join(word.replace("_", " ") for word in sorted(text.split(), key=len, reverse=True))


_OVER = _words(
    "没问题了 没有问题了 没有其他问题了 没有其他问题 没有别的问题了 没其他问题了 无其他问题 没有疑问了"
    " 暂时没有问题了 暂无问题"
    " 问题已经解决了 问题已经解决 问题已解决了 问题已解决 问题解决了 问题得到解决 已经解决了 已经解决"
    " 已解决了 已解决 解决了"
    " 可以了 都好了 好用了 搞定了 恢复正常了 恢复正常 已恢复正常 已经恢复正常 现在正常了 正常了 一切正常"
    " 问题已处理 同意关闭"
    " solved resolved fixed sorted works works_now works_again works_fine working_now working_again"
    " working_fine"
    " all_good all_set no_more_questions no_further_questions no_other_questions nothing_else"
    " can_be_closed may_be_closed you_can_close_it you_may_close_it please_close_it feel_free_to_close_it"
)
_RUNS = r"(?:服务器?|系统|软件|程序|设备|机器|电脑)(?:现在|已经|已|都)*(?:恢复)?正常(?:运行)?了?"
_CASE = r"(?:此|该|本|这个|这一|这|我的|我们的)?(?:案例|案子|案件|工单|问题|事件|服务请求|case)"
_CLOSE = (
    r"(?:(?:现在|就|那就|这边|我们|我)?(?:可以|可|请|麻烦|同意|确认|帮忙|能)(?:帮忙|把|将|先|您"
    rf"|你)*)(?:{_CASE})?(?:关闭|关掉|结束|结案|关单|关)(?:{_CASE})?(?:了|吧|即可|就好|就行)*"
    rf"|(?:{_CASE})(?:可以|可|请|麻烦)(?:关闭|关掉|结束|结案|关单|关)(?:了|吧)?|结案(?:吧|了)?|关闭吧"
    r"|关闭案例"
    r"|(?:please |kindly |you (?:can|may|could) |feel free to )?(?:now )?close (?:this|the|my"
    r"|our) (?:support )?(?:case|ticket|issue|request|incident)"
    r"(?: now)?|(?:this|the|my|our) (?:support )?(?:case|ticket|issue) (?:can"
    r"|may) (?:now )?be closed(?: now)?"
)
_FOR_HELP_ZH = (  # Alone it is a plea.
    r"(?: ?(?:您们|你们|大家|贵公司|贵司|老师|工程师|您|你|的|及时|耐心|大力|热心|一直以来|给予|各位|专业"
    r"|快速|这么快))*"
    r"(?: ?(?:帮助|支持|帮忙|协助|配合|回复|答复|解答|指导|分析|服务|付出|关注|告知|提醒|分享|报告"
    r"|建议)(?:和|与|以及|及)?)+"
)
_FOR_HELP = (
    r" for(?: (?:all|your|the|this|that|quick|prompt|fast|kind|great|good|continued|excellent|detailed"
    r"|clear|very|so|of))*"
    r"(?: (?:and )?(?:help|helping|support|efforts?|reply|response|answer|assistance|work|time|patience"
    r"|update|information|info"
    r"|report|everything|advice|solution|explanation|analysis|fix|feedback|clarification|service"
    r"|confirmation|message|mail|e mail"
    r"|looking into (?:it|this)|letting (?:me|us) know|confirming|the))+"
)
_THANKS = (
    r"(?:谢谢|多谢|感谢|致谢|谢了|谢啦|感激不尽|感激|辛苦了|辛苦|费心了|有劳了|麻烦您了|麻烦你了|麻烦了"
    rf"|3q)(?:{_FOR_HELP_ZH})?"
    r"|(?:thanks|thank you|thank|thankyou|thx|tks|thks|tnx|thanx|ty|cheers)(?: (?:you|a lot|a million"
    r"|so much|very much|again|all|indeed))*"
    rf"(?:{_FOR_HELP})?"
    r"|(?:much appreciated|(?:i|we)? ?(?:really |very much |highly |greatly )?appreciate (?:it|that|this"
    r"|your (?:help|support|time|efforts?|assistance)))"
    r"|(?:herzlichen |vielen |besten |schönen )?dank(?:e)?(?: (?:schön|sehr|ihnen|euch"
    r"|dir))?(?: für (?:ihre|die|eure|deine) (?:schnelle |gute )?(?:hilfe|unterstützung|antwort"
    r"|rückmeldung))?"
    r"|merci(?: beaucoup)?|(?:muchas )?gracias|grazie(?: mille)?|obrigad[oa]|ありがとうございます"
    r"|ありがとうございました|감사합니다"
)
_THING = (
    r"(?:您的|你的|您们的|你们的|贵司的|工程师的|分析)?(?:报告|邮件|回复|答复|文件|资料|附件|结果|通知"
    r"|消息|信息|来信|反馈|结论|分析报告|说明)"
)
_RECEIVED = (
    rf"(?:{_THING})?(?:已经|已)?(?:收到|收悉|查收|知悉|阅读|阅)(?:了|啦)?(?:{_THING})?(?:了)?"
    r"|悉知|知道了|晓得了|明白了|明白|了解了|了解|清楚了|学习了"
    r"|(?:i |we )?(?:have |ve )?(?:well )?(?:received|got|read) (?:the|your|this|that) (?:report|mail"
    r"|e mail|email|message|answer|reply|file|files|result|results|info|information|update)"
    r"|(?:the |your )?(?:report|mail|e mail|email|message|answer|reply|files?|results?) (?:is |was "
    r"|has been )?(?:well )?received"
    r"|well received|received with thanks|noted with thanks|received|noted|understood|acknowledged|got it"
    r"|roger|copy that|i see"
)
_AGREED = _words(
    "好的呢 好的 好 好哒 嗯嗯 没问题 行 ok okay okey great perfect excellent wonderful awesome good fine"
    " well super nice"
    " sounds_good no_problem sure alright all_right 太好了 太棒了 真棒"
)
_WISH = (
    r"(?:谨|顺|敬|恭)?祝(?:您们|你们|您|你|大家|各位|贵公司|贵司)?"
    r"(?:(?:工作|生活|身体|周末|节日|假期|一切|生意|新年|万事|元旦|春节|中秋|国庆|天天|心情|事业)(?:顺利"
    r"|愉快|健康|快乐|安好|如意|兴隆|开心|好|有成)|好|商祺|安好|顺利|安)"
    r"|(?:have a|wish you a|enjoy your) (?:very )?(?:nice|great|good|wonderful|lovely)? ?(?:day|weekend"
    r"|evening|week|one|time|holiday)|take care"
)
_TITLE = r"(?:工程师|老师|经理|主任|总|工|先生|女士|小姐|博士|同学|师傅|哥|姐)"
_BESIDE = _words(
    "工程师 老师 您好 你好 您们 你们 您 你 大家 各位 各位老师 贵公司 贵司 的 了 啦 哦 哈 呢 嗯 哈哈 噢 很"
    " 太 棒 非常 十分 万分 真的 真心 衷心"
    " 再次 先 那就 祝好 顺祝商祺 商祺 祝工作顺利 工作愉快 此致 敬礼 给力 专业 早上好 上午好 下午好 晚上好"
    " 尊敬的 亲爱的 嗨"
    " many a so very much again it is has been that this everything all now and with in the"
    " hi hello hey dear team everybody everyone guys sir madam mr mrs ms kind best warm regards sincerely"
    " greetings yours"
    " good_morning good_afternoon good_day mit freundlichen grüßen viele liebe beste grüße hallo mfg"
)
_PHRASE = re.compile(
    rf"(?:(?P<over>{_RUNS}|{_OVER}|{_CLOSE})|(?P<received>{_RECEIVED})|(?P<wish>{_WISH})"
    rf"|(?P<thanks>{_THANKS})|(?P<agreed>{_AGREED})"
    rf"|(?P<beside>[{SURNAMES}]{_TITLE}|{_BESIDE}))(?:(?<![a-zß-ÿ])|(?![a-zß-ÿ0-9])) *"
)
"""What a post may consist of that asks for nothing, by what it says; ``beside`` says nothing by itself."""
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


def is_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a post says only thanks, that something arrived, yes, or that it is solved; ``names`` of people
    may stand in it."""
    return bool(_said_alone(text, names))


def only_acknowledges(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a post says only thanks or that something arrived: no answer to a question, as “yes” may be."""
    said = _said_alone(text, names)
    return bool(said) and said <= {"thanks", "received"}


def reads_as(text: str) -> bool | None:
    """What a post says of the trouble: ``True`` that it is over, ``False`` that it is not, ``None`` where it
    says neither, both, or too much to be sure. By sentences: one that asks, supposes or denies says nothing;
    what is quoted never does."""
    if all(run.kind != SegmentKind.WRITTEN for run in runs(text.splitlines())):
        return None  # A mail that quotes and says nothing is shown as if it said it.
    lines = (line for line in own_text(text).splitlines() if not line.lstrip().startswith(">"))
    written = without_signature(simplified("\n".join(lines)).lower()).strip()
    if len(written) > MAX_READ:
        return None
    sentences = [sentence.strip() for sentence in _SENTENCES.split(written)][:MAX_SENTENCES]
    said = {_of_sentence(sentence) for sentence in sentences} - {None}
    is_denied = any(map(_DENIAL.fullmatch, sentences))
    return said.pop() if len(said) == 1 and not is_denied else None


def _of_sentence(sentence: str) -> bool | None:
    if _OPEN.search(sentence):
        return None
    if is_unsolved(sentence):
        return False
    if _DENIED.search(sentence) or _FIXED_SOMETHING.search(sentence):
        return None
    return True if SOLVED.search(sentence) or "over" in _said_alone(sentence, ()) else None


def _said_alone(text: str, names: Iterable[str]) -> set[str]:
    """The kinds of ``_PHRASE`` of which a post consists; none where there is more in it."""
    written = simplified(without_signature(own_text(text))[: MAX_READ + 1]).lower()
    if len(written) > MAX_THANKS_LENGTH or "?" in written or says_unsolved(written):
        return set()
    for sign, word in _SIGNS.items():
        written = written.replace(sign, word)
    written = _WORDS_OF_SIGNS.sub(" ok ", written)
    for name in _parts(names):
        written = re.sub(rf"(?<![a-z]){re.escape(name)}(?![a-z])", " ", written)
    written = _NOTHING.sub(" ", written).strip()
    said, place = set(), 0
    while place < len(written):
        phrase = _PHRASE.match(written, place)
        if phrase is None or phrase.end() == place:
            return set()
        said.add(str(phrase.lastgroup))
        place = phrase.end()
    return said - {"wish", "beside"}


def _parts(names: Iterable[str]) -> Iterator[str]:
    """Each name, and of one in letters each word of it: “Thanks, Alice”."""
    for name in names:
        name = simplified(name).lower().strip()
        yield from filter(None, [name, *(word for word in name.split() if len(word) > 1 and word.isascii())])
