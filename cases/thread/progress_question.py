"""“请问什么进度了?”: whether a text asks that and nothing else. Pure; linear patterns."""

import re
import unicodedata

MAX_LENGTH = 500
"""Characters of a text that asks for nothing but the progress, its signature included."""
MAX_SENTENCE = 45
MAX_REST = 70
"""Characters besides the question: a name, a department, a telephone number."""

_SENTENCE_ENDS = re.compile(r"[\n。！!；;，,、~…]+|\.(?=\s|$)|(?<=[?？])")
_COURTESY = re.compile(
    r"(各位|您好|你好|hi|hello|hey|dear|嗨|尊敬的|早上好|上午好|下午好|晚上好|good (morning|afternoon|day)"
    r"|谢谢|多谢|感谢|辛苦|麻烦|打扰|不好意思|祝|此致|敬礼|顺颂|thank|thx|best|kind|regards|cheers|sorry|sincerely"
    r"|please let (me|us) know|发自|sent from|from my|looking forward)"
)
_ASKS = re.compile(
    "|".join(
        (
            r"(什么|啥|怎么|怎样|咋|如何|有没有|有无|是否|到哪|哪一步).{0,6}(进度|进展|结果|结论|消息|眉目|答复|回复|更新|反馈)",
            r"(进度|进展|结果|结论|分析|处理|排查|调查|案例|案子|工单|问题|事情|情况|这边|那边|case).{0,8}"
            r"(如何|怎么样|怎样|咋样|怎么说|到哪|哪一步|出来(了)?(吗|没|么)|了吗|了没|了么|没有\?|吗\?)",
            r"有.{0,4}(进度|进展|结果|结论|消息|眉目|更新|答复|回复|反馈)(了)?.{0,2}(吗|么|没有|没|嘛|不)",
            r"(更新|同步|告知|说|讲|反馈|问|了解|跟进|催|告诉我|看|关注)(一)?下.{0,8}(进度|进展|情况|结果|状态)",
            r"^(请问|想问|问下)?.{0,6}(进度|进展|结果)(呢)?\??$",
            r"(什么时候|何时|多久|哪天|几时).{0,8}(结果|结论|报告|答复|回复|解决|好|消息)",
            r"(还要|还需要|还需|大概要|大约要).{0,4}(多久|多长时间|几天)",
            r"\bany (update|news|progress|result|feedback|word|development)s?\b",
            r"\b(what|how)('s| is| are)? (the |our |my |your )?"
            r"(current |latest )?(status|progress|situation)\b",
            r"^(case )?(status|progress|update|news)( update| report| please| on this| of (the|my|our) case)*"
            r"\s*\?*$",
            r"\bhow('s| is| are) (it|this|that|things?|the case|my case|our case|everything|the analysis) "
            r"(going|coming|progressing|looking)",
            r"\bwhere (do|are) (we|you|things) (stand|at|with)",
            r"\b(have|did) you (find|found|hear|heard|make|made|get|got) (out )?"
            r"(anything|something|any|some|a result|the cause|news)",
            r"\bis there (any|some|a)?\s?(news|update|progress|result|word|answer)",
            r"\bwhen (can|will|should|may|do) (we|i|you) .{0,24}(result|report|answer|update|hear|news)",
            r"\b(give|send|provide|share|need|like|get) (us |me )?(a |an |some |any )?"
            r"(status |quick |short )?update\b",
        )
    )
)
_TRADITIONAL = str.maketrans(
    "進嗎麼沒結論復況樣還長時間處請問後為給問題調查辦稱詢",
    "进吗么没结论复况样还长时间处请问后为给问题调查办称询",
)
_TECHNICAL = re.compile(
    r"进度条|安装|下载|上传|升级|补丁|驱动|重启|蓝屏|报错|日志|截图|附件|远程|0x[0-9a-f]|\berror\b|\binstall|\bdownload"
    r"|\bupload|\bdriver|\breboot|\bpatch|\bkb\d|\bwindows\b|\battach|\blog|[a-z]:\\|\d%"
)


def asks_for_progress(text: str) -> bool:
    """Whether the new text of a mail (without what it quotes) asks how far the case is and nothing else.

    ``text`` is anybody's; what is longer than ``MAX_LENGTH`` is never looked into.
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        return False
    text = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL).lower()
    text = re.split(r"^(-- ?|_{3,})$", text, maxsplit=1, flags=re.MULTILINE)[0]
    if _TECHNICAL.search(text):
        return False
    asked, rest = 0, 0
    for sentence in _SENTENCE_ENDS.split(text):
        sentence = sentence.strip()
        if len(sentence) <= MAX_SENTENCE and _ASKS.search(sentence):
            asked += 1
        elif not _COURTESY.match(sentence):
            if sentence.endswith("?") and len(sentence) > 1:
                return False  # Another question waits for a person.
            rest += len(sentence)
    return asked > 0 and rest <= MAX_REST
