"""Whether somebody says that her answers stand within the older mail below: “见下面红字”, “answers inline”.

Who answers so in Outlook leaves no mark by which a program could tell the answers from the old text: it is
shown whole. Linear patterns; only the last ``MAX_LENGTH`` characters above the older mail count. No Django.
"""

import re

from cases.thread.simplified import simplified

MAX_LENGTH = 2000

_COLOURED = r"(?:红|蓝|绿|紫|橙|彩)(?:色|字)"
_ANSWERS = r"(?:回复|答复|回答|答案|批注|备注|补充|说明)"
_SAID = re.compile(
    rf"{_ANSWERS}.{{0,12}}{_COLOURED}|{_COLOURED}.{{0,6}}{_ANSWERS}|见(?:下|原|邮|文).{{0,8}}{_COLOURED}"
    rf"|(?:逐条|逐一|逐项|一一){_ANSWERS}.{{0,8}}(?:如下|下面|下方|下文|原文|邮件)"
    rf"|{_ANSWERS}.{{0,8}}(?:下面|下方|下文|原文|原邮件|邮件中|正文中|行间|文中)"
    r"|(?:见|请看|参见|详见)(?:原邮件|原文|邮件正文|行间)"
    r"|\b(?:answer|repl|respon|comment|remark)\w{0,6}\b.{0,40}\b(?:in-?line|in line|below"
    r"|in (?:red|blue|green|purple|bold|colou?r)|in (?:your|the) (?:e-?mail|mail|text|message))\b"
    r"|\bsee (?:my )?(?:in-?line|below)\b"
    r"|\b(?:antwort|anmerkung|kommentar)\w{0,4}\b.{0,40}\b(?:unten|im text|in (?:rot|blau|grün))\b"
    r"|\bsiehe unten\b"
)


def says_answers_are_within(text: str) -> bool:
    """Whether ``text``, what is written above the older mail, says so."""
    return _SAID.search(simplified(text[-MAX_LENGTH:]).lower()) is not None
