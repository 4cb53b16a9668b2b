"""What mail programs write where a mail was read, deleted unread, or called back. Every pattern is linear;
what is held against it is ``simplified`` and bounded by ``mail.reading.automatic``.
"""

import re

SUBJECT = re.compile(
    r"(?:已读|已阅读|未读|(?:已读|阅读|读取|邮件|返回)?回执|邮件收条|(?:not )?read|return receipt"
    r"|gelesen|ungelesen|lu|non lu|le[íi]do|letto|开封済み|未开封|开封确认)"
    r"(?:\s*\((?:displayed|已显示)\))?\s*(?::|-\s|$)",
    re.I,
)
NAMED = re.compile(
    r"[\[【(]?\s*(?:(?:已读|已阅|阅读|读取|读信|开封|阅读确认|邮件(?:已读|阅读)?|返回)回执|(?:已读|读取|阅读)回条"
    r"|(?:已读|阅读)(?:确认|通知|收条)"
    r"|(?:read|reading) (?:receipt|notification|confirmation)|receipt (?:read|for)"
    r"|return receipt|message read"
    r"|lesebestätigung|empfangsbestätigung|accus[ée] de (?:lecture|r[ée]ception)|confirmaci[óo]n de lectura"
    r"|conferma di lettura|开封(?:确认|通知)|읽음 ?확인)\s*(?:\((?:displayed|已显示)\)\s*)?"
    r"(?:[:\]】)\-–—]|\s[\[【]|$)",
    re.I,
)
"""By the name of the thing: somebody looks where words stand below it that no program is known to write."""
DECLARED = re.compile(
    r"(?:这是|此为|[此本]邮件[为是]|本回执).{0,30}(?:自动)?(?:生成|发出|发送)?的?(?:阅读|已读|读信|邮件)?(?:回执|收条)"
    r"|(?:note: )?this is an? (?:automatic )?(?:return|read) receipt.{0,200}",
    re.I,
)
"""A clause that says it, whatever the subject is."""
FIELD = re.compile(
    r"(?:收件[人者]|发件[人者]|寄件者|主题|主旨|标题|(?:发送|传送|接收)?(?:时间|日期)|to|subject|from|sent|date|at"
    r"|your document|was received by|an|von|betreff|gesendet|à|de|objet|envoyé|宛先|件名|送信日时"
    r"|您的文档|接收者|(?:已)?被以下人员接收)\s?:",
    re.I,
)
"""Begins a line that names the mail, whatever is in its subject."""
_ZONE = r"(?:\((?:UTC|GMT)[^()\n]{0,12}\)[^.!?\n。]{0,80})?[.。]?"
READ_AT = re.compile(
    r"(?:(?:阅读|读取|打开)时间[为:]|未(?:读取|阅读)(?:即|就|便)?(?:已)?被?删除|已[于在]"
    r"|was (?:read|deleted|displayed|opened)|wurde (?:am|ungelesen|gelesen|gelöscht)"
    r"|a été (?:lue?|supprimée?|affichée?)|は\s?\d)"
    rf"(?:[^.!?\n。]|(?<=\d)\.){{0,80}}{_ZONE}",
    re.I,
)
"""A line of its own."""
LINE = re.compile(
    r"您(?:的|发送|发给|于|在|寄).{0,300}(?:阅读|已读|查看|打开|删除|读取)|您的(?:邮件|消息):?$"
    r"|这[是封].{0,100}(?:回执|收条|已读)"
    r"|.{0,60}(?:收件人|对方).{0,60}已经?(?:阅读|查看|打开)"
    r"|[此该本](?:邮件|信件).{0,60}(?:打开|阅读|查看)过?$"
    r"|(?:note: )?this is a (?:return|read) receipt|(?:note: )?this (?:return|read) receipt only"
    r"|there is no guarantee|(?:your message|ihre nachricht|votre message)"
    r"(?:$|.{0,200}\b(?:read|deleted|displayed|opened|gelesen|gelöscht|angezeigt|lu|supprimé|affiché))"
    r"|(?:was|wurde|a été) (?:read|deleted|displayed|opened|gelesen|gelöscht|angezeigt|lu|supprimé|affiché)"
    r"|メッセージ$|(?:次の)?受信者がメッセージを开きました",
    re.I,
)
RECALLED_SUBJECT = re.compile(r"(?:撤回|召回|回收|recall|rückruf|rappel)\s*:", re.I)
RECALLED = re.compile(
    r"[^.!?,。]{1,60}?(?:将|想要?|希望)(?:要)?(?:撤回|召回|回收)[此该]?(?:邮件|消息)[\s,.。]{0,5}"
    r"|[^.!?,]{1,60}? would like to recall the message[\s,.]{0,5}"
    r"|[^.!?,]{1,60}? möchte die nachricht[\s,]{0,3}zurückrufen[\s.]{0,5}"
    r"|[^.!?,]{1,60}? souhaite rappeler le message[\s,.]{0,5}",
    re.I,
)
"""All that Outlook writes where a mail is called back; its subject was taken off."""
