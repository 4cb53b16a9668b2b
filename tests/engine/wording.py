"""The style of our sentences, one check a name: ``faults`` says which of them a sentence breaks.

Each check takes one language's sentence as a reader gets it, and says what is wrong with it.
"""

import re
from collections.abc import Callable, Iterator

from engine.text import Text

HAN = "\u4e00-\u9fff"
_NOUNS = (
    "account|address|burst|byte|check|chunk|computer|conclusion|copy|day|difference|entry|event|file|finding|hour"
    "|incident|line|log|machine|minute|month|occurrence|part|place|process|program|record|rule|second|service"
    "|text|time|value|version|week"
)
_OF_NOUN = r" (?:log|record|fact|name|right|number|size)s?\b"
NAMES = {
    *("analyze", "archi", "catroot2", "cdrom", "cryptsvc", "dam", "explorer", "libarchive"),
    *("libexpat1", "lsass", "master", "mslldp", "poolmon", "rar", "return", "sa", "setupapi"),
    *("svchost", "systeminfo", "tempdb", "value", "volsnap", "w3wp", "winlogon", "zip"),
}
"""Words in small letters that are names of programs, drivers, formats and accounts."""
COMMANDS = {
    *("auditpol", "bcdedit", "certutil", "chkdsk", "dcdiag", "dcomcnfg", "dism", "esentutl"),
    *("fsutil", "gpresult", "gpupdate", "icacls", "ipconfig", "lodctr", "manage-bde", "mdsched"),
    *("msdtc", "msiexec", "nbtstat", "netdom", "netsh", "netstat", "nltest", "nslookup", "ping", "pip"),
    *("powercfg", "reg", "repadmin", "sc", "setspn", "sfc", "slmgr", "sxstrace", "vssadmin"),
    *("w32tm", "wevtutil", "winmgmt", "winrm", "wsreset", "refsutil", "mpclaim", "dsregcmd"),
    *("dfsrdiag", "dotnet", "mofcomp", "msdtc", "pkiview", "reagentc"),
}
"""Commands: what stands behind one belongs to it."""
_ENGLISH = {
    "a doubled mark": r"(?<![.“])\.\.(?!\.)|,,|;;|(?<!dsgetdc)(?<![A-Z])[,;:] ?[.,;](?!\w)"
    r"|(?<!\.)\.[,;]|\. \.",
    "two blanks": r"\S {2,}",
    "a blank before a mark": r"\w (?:[,.;)”](?:\s|$)|:(?:\s|$)(?![^“”]*”))",
    "a blank behind an opening mark": r"[(“] ",
    "empty brackets": r"\(\s*\)|“\s*”",
    "a word without its end": r"\b(?:of|at|the|an|and|or|(?<!in )between|by its) ?[.,;)](?!\w)",
    "a doubled word": r"\b([A-Za-z]+) \1\b",
    "a preposition too many": r"\b(?:by|at|of|between) (?:by|at|of|in|on|from|between)\b",
    "many where there is one": (
        r"(?<![\w.,:/–-])1 (?!(?:is|was|has|differs|bears|says|address|process)\b)[a-z]*(?<!s)s\b(?! of)"
    ),
    "one where there are many": rf"(?<![\w.,:/%–-])(?:[2-9]|[1-9][\d,]+) (?:{_NOUNS})(?![\w“]|{_OF_NOUN})",
    "a verb of one for many": rf"(?<![\w.,:/%–-])(?:[2-9]|[1-9][\d,]+) (?:{_NOUNS})e?s (?:is|was|has|does)\b",
    "a verb of many for one": rf"(?<![\w.,:/%–-])1 (?:{_NOUNS}) (?:are|were|have|do)\b",
}
_AMERICAN = re.compile(
    r"\b(?:(?<!distribution )center|color|behavior|catalog|license|dialog|(?<!!)analyz\w+|favor\w*"
    r"|\w*(?:initial|synchron|author|recogn"
    r"|virtual|optim|organ|custom)iz(?:e|ed|es|ing|ation|ations))\b"
)
_CHINESE = {
    "a doubled mark": r"[，。、；：][，。、；：]|。”。|[，。、；：]）|（[，。、；：）]|…。。|\.。",
    "a blank between Chinese characters": rf"[{HAN}] +[{HAN}]",
    "a blank beside a Chinese mark": r" [，。；：、（）“”]|[，。；：、（）“] ",
    "two blanks": r"\S {2,}",
    "empty brackets": r"（\s*）|\(\s*\)|“\s*”",
    "a mark of English": rf'[{HAN}][,;:!?"]|[,;!?"][{HAN}（“]|[{HAN}]\(|\)[{HAN}]|[{HAN}）]\.(?:\s|$)',
    "an informal you": "你",
}
_BOTH = {
    "a place that was not filled": r"\{[\w. |]*\}|\[\[|\]\]|%%\d|<[^<>]*>",
    "a value of the program": r"\bNone\b(?! known)(?![.,;:])|\bnull\b|\bnan\b|\b(?:True|False)\b",
    "a span from a moment to itself": r"between (.{4,40}) and \1|在 ?(.{4,40}) 至 \2",
}
_WORD = re.compile(r"[A-Za-z][A-Za-z-]+[0-9]*")
_RUN = re.compile(rf"[^{HAN}，。；：、（）“”]+")
_QUOTED = re.compile("“[^“”]*”")
_PAIRS = (("“", "”"), ("（", "）"), ("(", ")"))


def faults(sentence: str, language: str, *, is_title: bool = False) -> Iterator[str]:
    """What is wrong with a sentence or paragraph, in a few words each."""
    for fault, pattern in {**_BOTH, **(_CHINESE if language == "zh-hans" else _ENGLISH)}.items():
        if match := re.search(pattern, sentence):
            yield f"{fault}: …{sentence[max(0, match.start() - 12) : match.end() + 12]}…"
    for check in _CHECKS[language]:
        yield from check(sentence)
    yield from (_end_of_title if is_title else _end)(sentence)


def differences(both: Text) -> Iterator[str]:
    """Where the two languages tell different things."""
    zh, en = both["zh-hans"], both["en"].casefold()
    if ("休眠" in zh) != ("hibernat" in en):
        yield "休眠 is hibernation, sleep is 睡眠"
    if ("睡眠" in zh or "睡眠唤醒" in zh) and not re.search(r"sleep|slept|wak|woke|resum", en):
        yield "睡眠 is told in Chinese only"


def _pairs(sentence: str) -> Iterator[str]:
    for opening, closing in _PAIRS:
        depth = 0
        for character in sentence:
            depth += (character == opening) - (character == closing)
            if depth < 0:
                break
        if depth:
            yield f"half of a pair {opening}{closing}"


def _american(sentence: str) -> Iterator[str]:
    """What is quoted is spelled as it is written elsewhere."""
    if match := _AMERICAN.search(_QUOTED.sub("“”", sentence)):
        yield f"an American spelling: {match[0]}"


def _latin_words(sentence: str) -> Iterator[str]:
    """Chinese has a word of its own for whatever is neither a name nor a command."""
    for run in _RUN.findall(_QUOTED.sub("“”", sentence)):
        for word in _WORD.finditer(run):
            if word[0] in COMMANDS or word[0].casefold() in COMMANDS:
                break
            around = run[max(0, word.start() - 1) : word.end() + 1]
            is_name = (
                word[0] in NAMES
                or not word[0].islower()
                or re.search(r"[\\/._:%=*@0-9-]\w|\w[\\/._:%=*@-]", around)
            )
            if not is_name:
                yield f"a Latin word: {word[0]}"


def _capital(sentence: str) -> Iterator[str]:
    first = re.match(r"[a-z][^ ,;]*", sentence)
    if first and not (first[0] in NAMES or re.search(r"[A-Z0-9._\\/]", first[0])):
        yield f"no capital at the start: {sentence[:20]}…"


def _end(sentence: str) -> Iterator[str]:
    if not sentence.rstrip("”）)").endswith((".", "。", "!", "?", "！", "？")):
        yield f"no stop at the end: …{sentence[-16:]}"


def _end_of_title(sentence: str) -> Iterator[str]:
    if re.search(r"[.。,，；;：]$|(?<![A-Z]):$", sentence):
        yield f"a mark at the end of a title: …{sentence[-16:]}"


_CHECKS: dict[str, tuple[Callable[[str], Iterator[str]], ...]] = {
    "zh-hans": (_pairs, _latin_words),
    "en": (_pairs, _american, _capital),
}
