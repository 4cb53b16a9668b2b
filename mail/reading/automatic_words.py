"""The words by which programs that answer, report and confirm are known, in the languages of the customers'
mail programs. Every pattern is linear; what is held against it is bounded by ``mail.reading.automatic``.
"""

import re

from mail.reading.answer_prefixes import ANSWER_PREFIX

ROBOTS = re.compile(
    r"(?:mailer|mail)[-_ ]?daemon|mail[-_. ]delivery[-_. ](?:sub)?system|post[-_ ]?master", re.I
)
SERVERS_ANSWER = re.compile(r"[45][0-9]{2}(?: [45]\.[0-9]{1,3}\.[0-9]{1,3}\b| ?- )")
"""A server's answer, at the beginning of a line."""
AUTO_REPLY_FIELD = re.compile(
    r"(?:x-)?(?:[a-z0-9]{1,20}-)?(?:auto-?(?:reply|replied|respon[ds]e?r?|answer(?:ed)?)"
    r"|vacation(?:-?(?:reply|message))?|out-?of-?office|oof|ooo)(?:-(?:from|by|id|message))?",
    re.I,
)
"""The names of fields that programs have invented for it; ``X-Auto-Response-Suppress`` is everybody's."""

_AUTOMATIC = r"(?:自动|自動)\s*(?:回复|答复|应答|回覆|回復|答覆|回信)"
_BEGINS_AN_ANSWER = rf"\s*(?:[:：\-–—\[\]【】()（）]|$|\s{ANSWER_PREFIX})"
AUTO_REPLY_SUBJECT = re.compile(
    r"[\[【(（]?\s*(?:"
    rf"(?:假期|休假|外出|系统|系統|出差|离职|邮件|郵件|邮箱|信件|节日|节假日)?\s*{_AUTOMATIC}|休假通知|外出通知"
    rf"|来自[^:：]{{1,40}}的(?:假期|休假|邮件)?{_AUTOMATIC}"
    r"|(?:automatic|automated|auto)[ -]?(?:reply|response|answer)|autoreply|autoresponse|auto-?responder"
    r"|vacation (?:reply|response|message|notice|auto-?reply)|ooo|oof"
    r"|out[ -]of[ -](?:the[ -])?office(?: auto ?reply| reply| notification| message| notice)?"
    r"|(?:automatische|autom\.) antwort|automatisch antwoord|abwesenheit(?:snotiz|smeldung|sassistent)?"
    r"|r[ée]ponse automatique|message d['’]absence|respuesta autom[áa]tica|fuera de (?:la )?oficina"
    r"|risposta automatica|resposta autom[áa]tica|автоматический ответ|автоответ"
    r"|自動(?:応答|返信)|不在通知|자동 ?(?:회신|응답)|부재 ?중"
    rf"){_BEGINS_AN_ANSWER}"
    r"|auto(?:-?|\s*[:：]\s*)(?:re|aw|回复|答复)\s*[:：]|.{1,60} is out of (?:the )?office\b(?! space)",
    re.I,
)
_AWAY = (
    rf"{_AUTOMATIC}|auto(?:matic|mated)?[ -]?(?:reply|response)|ooo|oof|out[ -]of[ -](?:the[ -])?office"
    r"|vacation|on (?:vacation|holiday|leave)|(?:annual|sick|parental|maternity) leave|away|pto|absent"
    r"|(?:正在)?(?:休(?:年|病|产|產)?假|放假|外出|出差|度假)(?:中|通知)?|(?:我?不在|离开)(?:办公室|公司)"
    r"|urlaub|abwesend|en cong[ée]s?|absence|de vacaciones|ausente|f[ée]rias|отпуск|休暇中?|出張中?|휴가"
)
HINTING_SUBJECT = re.compile(
    rf"[\[【(（]\s*(?:{_AWAY})\s*[\]】)）]"
    rf"|\A\W{{0,3}}(?:{_AWAY})\s*(?:[:：|\[【]|\s[-–—]|$)"
    rf"|[-–—|]\s*(?:{_AWAY})\W{{0,3}}\Z"
    r"|\A(?:i am |i'm |i’m |i will be |currently )?(?:out of (?:the )?office|on (?:annual )?leave|on vacation"
    r"|on holiday|away (?:until|till|from|on|this))\b(?! space| (?:assistant|service|repl|message|feature))"
    rf"|\A[^:：]{{1,40}}{_AUTOMATIC}\s*(?:[:：]|[\[【]|{ANSWER_PREFIX})"
    r"|\A[^:：]{1,40} (?:is (?:away|on (?:annual )?(?:leave|vacation|holiday))|ist abwesend)\b",
    re.I,
)
"""What a person may write as well, as of a service that stops."""

AUTO_REPLY_LINE = re.compile(
    r"(?:(?:您好|你好|hello|hi|dear [^,，]{1,40})\s*[,，!！。：:]?\s*)?(?:"
    rf"[\[【(（]?\s*(?:系统|系統)?{_AUTOMATIC}\s*(?:[:：\]】)）]|$)"
    r"|这是(?:一封|一个|来自.{1,30}的|由系统)?\s*(?:假期|休假|系统)?自动(?:回复|答复|发送|发出|生成)"
    r"|(?:此|本)(?:邮件|郵件|信件|邮箱)(?:为|是|由|係|為)?.{0,10}(?:自动|自動)(?:回复|答复|发送|发出|生成|回覆|發送)"
    r"|我(?:最近)?正在休假中?[,，]\s*无法亲自回复您的邮件"
    r"|this is an? (?:automatic|automated|automatically generated|auto[- ]?generated)[ -]"
    r"|this (?:e-?mail|message|mail|reply) (?:is|was|has been) (?:automatically|auto-?)\s?(?:generated|sent)"
    r"|out of (?:the )?office\.?$"
    r"|(?:dies|das) ist eine automatische? |diese (?:e-?mail|nachricht) wurde automatisch "
    r"|ceci est (?:une r[ée]ponse|un message) automatique|este es un mensaje autom[áa]tico"
    r"|このメールは自動|(?:本|이) ?메일은 자동"
    r")",
    re.I,
)
AUTO_REPLY_SENTENCE = re.compile(
    r"(?:这是一[封个条]|(?:此|本|该)(?:邮件|信件|信)[为是系]?(?:一封)?|此为)(?:系统)?自动(?:回复|答复|应答)的?"
    r"(?:邮件|信件|消息|信息)?"
    r"|请(?:勿|不要)(?:直接)?回复(?:此|本|该)?(?:邮件|信件|邮箱)|請(?:勿|不要)(?:直接)?回覆(?:此|本)?(?:郵件|信件)"
    r"|(?:please )?do not (?:reply|respond) (?:directly )?to this (?:e-?mail|message|mail|address)",
    re.I,
)
"""As a clause of its own further on in a line; with any other word in it, it is somebody's own."""
AUTO_REPLY_MARK = re.compile(
    r"(?=.{0,200}(?:(?<![没未])收到您?的?(?:来信|來信|来函|邮件|郵件)|(?:来信|來信|来函|邮件|郵件)(?:已经?)?收到"
    r"|尽快|盡快|休假|出差|不在)).{1,200}?"
    r"(?:[（(【\[]\s*|——\s*|--\s*)(?:系统|系統)?(?:自动|自動)(?:回复|答复|回覆)\s*[）)】\]。.]?"
)
"""As the end of a line that says that a mail has come or nobody is there."""

RECEIPT_SUBJECT = re.compile(
    r"(?:已读|已阅读|未读|已讀|(?:已读|阅读|读取|邮件|閱讀)?回执|邮件收条"
    r"|(?:not )?read|return receipt|gelesen|ungelesen"
    r"|lu|non lu|le[íi]do|letto|開封済み|开封确认)(?:\s*\(displayed\))?\s*(?:[:：]|-\s|$)",
    re.I,
)
RECEIPT_NAMED = re.compile(
    r"[\[【(（]?\s*(?:(?:已读|已阅|阅读|读取|读信|开封|阅读确认|邮件(?:已读|阅读)?)回执|(?:已讀|讀取|閱讀)回(?:執|條)"
    r"|(?:已读|阅读)(?:确认|通知|收条)"
    r"|(?:read|reading) (?:receipt|notification|confirmation)|receipt (?:read|for)"
    r"|return receipt|message read"
    r"|lesebestätigung|empfangsbestätigung|accus[ée] de (?:lecture|r[ée]ception)|confirmaci[óo]n de lectura"
    r"|conferma di lettura|開封確認|읽음 ?확인)\s*(?:\(displayed\)\s*)?(?:[:：\]】)）\-–—]|\s[\[【]|$)",
    re.I,
)
"""By the name of the thing: somebody looks where words stand below it that no program is known to write."""
RECEIPT_LINE = re.compile(
    r"您(?:的|发送|发给|于|在|寄).{0,300}(?:阅读|已读|查看|打开|删除|閱讀)|这(?:是|封).{0,100}(?:回执|收条|已读)"
    r"|.{0,60}(?:收件人|对方).{0,60}已经?(?:阅读|查看|打开)"
    r"|(?:此|该|本)(?:邮件|信件).{0,60}(?:打开|阅读|查看)过?$|(?:收件人|发件人|主题|时间|to|subject|from|sent)[:：]"
    r"|(?:note: )?this is a (?:return|read) receipt|(?:note: )?this (?:return|read) receipt only"
    r"|there is no guarantee|(?:your message|ihre nachricht|votre message)"
    r"(?:$|.{0,200}\b(?:read|deleted|displayed|opened|gelesen|gelöscht|angezeigt|lu|supprimé|affiché))"
    r"|(?:was|wurde|a été) (?:read|deleted|displayed|opened|gelesen|gelöscht|angezeigt|lu|supprimé|affiché)",
    re.I,
)
BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|report|has failed|delayed|notification)|mail delivery"
    r"|returned mail|failure notice|mail (?:system )?error|delivery problem|could not be delivered|blocked"
    r"|退信|退回|(?:未|无法|不能)(?:送达|传递|投递|发送)|(?:投递|发送|寄送)失败|傳遞失敗|無法傳遞"
    r"|unzustellbar|nicht zugestellt|non remis|no entregado"
    r"|(?:配信|配送|送信|送達|配達)(?:が?でき|に失敗)|配信不能|不達|반송|전송 ?실패",
    re.I,
)
CALENDAR_LINE = re.compile(
    r".{0,80}(?:has (?:tentatively )?(?:accepted|declined)|已(?:暂定)?(?:接受|拒绝|谢绝)|(?:接受|拒绝)了)"
    r".{0,60}(?:invitation|meeting|event|邀请|会议|活动|日程)",
    re.I,
)
