"""The words by which programs that answer, report and confirm are known, in the languages of the customers'
mail programs: fields and subjects. Every pattern is linear; what is held against it is ``simplified`` and
bounded by ``mail.reading.automatic``.
"""

import re

from mail.reading.answer_prefixes import ANSWER_PREFIX
from mail.reading.robots.declared import AUTOMATIC

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

TICKETS_FIELD = re.compile(
    r"x-(?:servicenow-generated|jira-fingerprint|(?:otrs|znuny)-loop|redmine-host|mantis-\w{1,20})", re.I
)
"""Of ticket systems, on what they send by themselves and on a person's comments too: it counts as words do.
Zendesk and Request Tracker put theirs on every mail."""
PASSED_ON = re.compile(r"\s{0,4}(?:fwd?|wg|tr|转发|轉發)\s{0,2}[:：]", re.I)
_BEGINS_AN_ANSWER = rf"\s*(?:[:\-–—\[\]【】()]|$|\s{ANSWER_PREFIX})"
AUTO_REPLY_SUBJECT = re.compile(
    r"[\[【(]?\s*(?:"
    rf"(?:(?:春节|国庆|中秋|元旦|五一)?(?:假期|休假|放假|外出|出差)|系统|离职|邮件|邮箱|信件|节日|节假日)?\s*{AUTOMATIC}|休假通知|外出通知"
    rf"|来自[^:]{{1,40}}的(?:假期|休假|邮件)?{AUTOMATIC}"
    r"|(?:automatic|automated|auto)[ -]?(?:reply|response|answer)|autoreply|autoresponse|auto-?responder"
    r"|vacation (?:reply|response|message|notice|auto-?reply)|ooo|oof"
    r"|out[ -]of[ -](?:the[ -])?office(?: auto ?reply| reply| notification| message| notice)?"
    r"|(?:automatische|autom\.) antwort|automatisch antwoord|abwesenheit(?:snotiz|smeldung|sassistent)?"
    r"|r[ée]ponse automatique|message d'absence|respuesta autom[áa]tica|fuera de (?:la )?oficina"
    r"|risposta automatica|resposta autom[áa]tica|автоматический ответ|автоответ"
    r"|自动(?:応答|返信)|不在通知|자동 ?(?:회신|응답)|부재 ?중"
    rf"){_BEGINS_AN_ANSWER}"
    r"|auto(?:-?|\s*:\s*)(?:re|aw|回复|答复)\s*:|.{1,60} is out of (?:the )?office\b(?! space)",
    re.I,
)
_AWAY = (
    rf"{AUTOMATIC}|auto(?:matic|mated)?[ -]?(?:reply|response)|ooo|oof|out[ -]of[ -](?:the[ -])?office"
    r"|vacation|on (?:vacation|holiday|leave)|(?:annual|sick|parental|maternity) leave|away|pto|absent"
    r"|(?:正在)?(?:休(?:年|病|产)?假|放假|外出|出差|度假)(?:中|通知)?|(?:我?不在|离开)(?:办公室|公司)"
    r"|urlaub|abwesend|en cong[ée]s?|absence|de vacaciones|ausente|f[ée]rias|отпуск|休暇中?|出张中?|휴가"
)
HINTING_SUBJECT = re.compile(
    rf"[\[【(]\s*(?:{_AWAY})\s*[\]】)]"
    rf"|\A\W{{0,3}}(?:{_AWAY})\s*(?:[:|\[【]|\s[-–—]|$)"
    rf"|[-–—|]\s*(?:{_AWAY})\W{{0,3}}\Z"
    r"|\A(?:i am |i'm |i will be |currently )?(?:out of (?:the )?office|on (?:annual )?leave|on vacation"
    r"|on holiday|away (?:until|till|from|on|this))\b(?! space| (?:assistant|service|repl|message|feature))"
    rf"|\A[^:]{{1,40}}{AUTOMATIC}\s*(?::|[\[【]|{ANSWER_PREFIX})"
    r"|\A[^:]{1,40} (?:is (?:away|on (?:annual )?(?:leave|vacation|holiday))|ist abwesend)\b"
    r"|\A[^:]{1,40}?\s?(?:不在|离开)办公室\s?(?:[。.]|\((?:返回|将于|[至从]))",
    re.I,
)
"""What a person may write as well, as of a service that stops."""
MARKED_SUBJECT = re.compile(
    rf"[\[【(][^\[\]【】()]{{0,20}}(?:{AUTOMATIC}|自动返信|auto(?:matic)?[- ]?reply"
    r"|automatische antwort|réponse automatique)(?:邮件|通知)?\s*[\]】)]\W{0,3}\Z",
    re.I,
)
"""Behind the subject that is answered."""

BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|report|has failed|delayed|notification)|mail delivery"
    r"|returned mail|failure notice|mail (?:system )?error|delivery problem|could not be delivered|blocked"
    r"|退信|退回|(?:未|无法|不能)(?:送达|传递|投递|发送)|(?:投递|传递|发送|寄送)失败"
    r"|unzustellbar|nicht zugestellt|non remis|no entregado"
    r"|(?:配信|配送|送信|送达|配达)(?:が?でき|に失败)|配信不能|不达|반송|전송 ?실패",
    re.I,
)
CALENDAR_LINE = re.compile(
    r".{0,80}(?:has (?:tentatively )?(?:accepted|declined)|已(?:暂定)?(?:接受|拒绝|谢绝)|(?:接受|拒绝)了)"
    r".{0,60}(?:invitation|meeting|event|邀请|会议|活动|日程)",
    re.I,
)
