"""The words by which programs that answer, report and confirm are known, in the languages of the customers'
mail programs. Every pattern is linear; what is held against it is bounded by ``mail.reading.automatic``.
"""

import re

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
_REPLY_PREFIX = r"(?:re|fw|fwd|aw|wg|sv|antw|回复|答复|回覆|转发|轉寄)\s*[:：]"
_BEGINS_AN_ANSWER = rf"\s*(?:[:：\-–—\[\]【】()（）]|$|\s{_REPLY_PREFIX})"
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
    rf"|\A[^:：]{{1,40}}{_AUTOMATIC}\s*(?:[:：]|[\[【]|{_REPLY_PREFIX})"
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

_NOW = (
    r"(?:目前|现在|現在|最近|近期|暂时|暫時|今[天日]起?|本周|这几天|因(?:公|事|病|故)|因(?=[休出放外])"
    r"|[自从從于於在]?\s?\d[\d年月日号號./:：时時~～\-–— 至到起]{0,40}(?:期间|之间|期間)?)?"
)
_LEAVE = (
    r"(?:annual |sick |maternity |paternity |parental |medical |personal |compassionate |study |family "
    r"|public |bank |national |summer |winter )?(?:leave|vacation|holidays?|pto|sabbatical)"
)
AWAY = re.compile(
    r"(?:(?:please note(?: that)?|unfortunately|currently|at (?:the moment|present)|sorry|but|as|since) )?"
    r"(?:i am|i'm|i’m|im|i will be|i'll be|i’ll be|i shall be) "
    r"(?:(?:currently|presently|now|temporarily|unfortunately|away|travell?ing|and|physically) ){0,3}"
    r"(?:out of (?:the |my |our )?office(?! space)|out on |ooo\b|oof\b|not in (?:the|my) office|absent\b"
    r"|away (?:from (?:the|my) (?:office|desk|e-?mails?|computer)|until|till|from|through|on|this|between"
    r"|and|with)|away$|out (?:until|till|from|this week|today)"
    rf"|on {_LEAVE}\b|on (?:a )?business (?:trip|travel)|travell?ing (?:until|from|on|for|this|with)"
    r"|(?:unavailable|not available|unable to (?:read|answer|reply|respond|check|access) ))"
    r"|(?:currently |presently )?out of (?:the )?office (?:until|till|from|through|between|this|today|on)\b"
    rf"|on {_LEAVE} (?:until|till|from|through|between)\b"
    r"|i (?:currently )?(?:have|will have) (?:no|limited|only limited|little|intermittent) access to "
    r"|(?:i|we) (?:will|shall) (?:reply|respond|answer|get back|be back|return|contact)\b.{0,80}"
    r"(?:my return|i return|i(?: a|'|’)m back|return to the office|when we are back|in the office again)"
    r"|(?:our|the) offices? (?:is|are|will be) closed"
    r"|i (?:have left|no longer work|am no longer (?:with|at|employed))"
    r"|this (?:mailbox|address|e-?mail address|inbox) is (?:not|no longer) (?:monitored|in use|used|active)"
    # Chinese.
    rf"|(?:您好)?(?:由于|因为|因|很抱歉|抱歉|不好意思)?(?:我们?|本人){_NOW}(?:我|本人)?(?:正在|正|在|将于|将|已|會|会|处于)?{_NOW}\s?(?:在?外)?"
    r"(?:休(?:年|病|产|產|婚|事|陪产|假|探亲)?假|请假|請假|度假|出差|外出|放假|年假|产假|病假|出国)(?!回来|的时候|时发现|前)"
    r"|今[天日]起(?:休|放|外出|出差)|\d[\d年月日号/.~～\-–— 至到起]{2,40}(?:期间)?(?:休|放)(?:年)?假"
    rf"|{_NOW}(?:正在|正|处于)(?:休(?:年|病|产|產|婚|事)?假|度假|出差|外出)"
    rf"|(?:我们?|本人)?{_NOW}不在(?:办公室|辦公室|公司|工位|岗|座位)"
    r"|(?:我|本人)?(?:暂时?|暫時?|可能|期间|期間)?(?:无法|無法|不能|不便)(?:及时|及時|亲自|立即|马上|第一时间)?(?:回复|回覆|查看|查收|处理|處理|答复)"
    r"(?:您的?)?(?:邮件|郵件|来信|來信|信件|消息)"
    r"|(?:我|本人)?(?:暂时?|可能|期间)?(?:无法|無法|不能)(?:及时|及時|亲自|第一时间)(?:回复|回覆|答复)"
    r"|(?:我|本人|该员工)已(?:经)?(?:于.{1,15}|从.{1,20})?离职"
    r"|(?:此|该|本)(?:邮箱|邮箱地址|信箱)(?:已停用|已停止使用|不再使用|无人值守|仅用于发送|为系统邮箱)"
    # Others.
    r"|ich (?:bin|werde) .{0,60}?(?:nicht (?:im (?:büro|haus|hause)|erreichbar)|im urlaub|abwesend|außer haus"
    r"|auf dienstreise)"
    r"|je (?:suis|serai) (?:actuellement |maintenant )?(?:absente?|hors du bureau"
    r"|en (?:cong[ée]s?|vacances|d[ée]placement))"
    r"|(?:actualmente )?(?:estoy|estar[ée]) (?:actualmente )?(?:fuera de|de vacaciones|ausente)"
    r"|(?:sono|sar[òo]) (?:attualmente )?(?:fuori (?:ufficio|sede)|assente|in (?:ferie|vacanza))"
    r"|(?:estou|estarei) (?:atualmente )?(?:ausente|de f[ée]rias|fora do escrit[óo]rio)"
    r"|ik ben (?:momenteel |van .{1,40})?(?:afwezig|niet (?:op kantoor|aanwezig)|(?:met|op) vakantie)"
    r"|(?:я )?(?:сейчас |в настоящее время )?(?:нахожусь )?"
    r"(?:в отпуске|отсутствую|в командировке|буду отсутствовать)"
    r"|(?:ただいま|只今|現在|誠に勝手ながら|私は)?.{0,20}"
    r"(?:不在に(?:して|なり)|休暇(?:中|を(?:取得|いただい|頂い))|出張中|出張して)"
    r"|.{0,20}(?:부재 ?중|휴가 ?중|출장 ?중|휴가로)",
    re.I,
)
"""Begins a clause of somebody who says that she is not there. A person may say so, too."""

COURTESY = re.compile(
    r"(?:(?:dear|hello|hi|good (?:morning|day|afternoon))\b.{0,40}|thanks?(?: you)?(?: very much)?(?: again)?"
    r"(?: for (?:your (?:e-?mail|message|mail|enquiry|inquiry|request|patience)|contacting us?|writing))?"
    r"|(?:kind|best|with best)? ?regards?|尊敬的.{0,20}|(?:您|你)们?好|谢谢|感谢|謝謝"
    r"|(?:非常)?感谢(?:您)?的?(?:来信|来函|邮件|支持)"
    r"|(?:此致)?敬礼|祝好|祝(?:您)?.{0,8}|抱歉|不便之处|敬请(?:谅解|见谅|原谅)|请(?:您)?(?:耐心|稍)(?:等待?|候))[:：~～]?",
    re.I,
)
RECEIVED = re.compile(
    r"(?:(?:我(?:们|方)?|本人)?(?:已经?)?收到(?:了)?(?:您|你|贵方|貴方)的?(?:来信|來信|来函|邮件|郵件|信件|信息|咨询)(?:了)?"
    r"|(?:您|你|贵方|貴方)的?(?:来信|來信|来函|邮件|郵件|信件|咨询)(?:我(?:们)?)?(?:均|都)?(?:已经?|已被)?(?:收到|收悉|接收|送达)(?:了)?"
    r"|(?:我(?:们)?(?:已经?)?)?来信(?:已)?收到|邮件已(?:经)?收到"
    r"|(?:we|i)(?: have|'ve|’ve)? received your (?:e-?mail|message|mail|enquiry|inquiry)"
    r"|your (?:e-?mail|message|mail|enquiry|inquiry) (?:has been|was|is) (?:successfully )?received)",
    re.I,
)
PROMISED = re.compile(
    r"(?:我(?:们|方)?|本人)?(?:将|会|將|會|一定|必)?(?:会|會|将)?(?:在|于)?.{0,14}?"
    r"(?:尽快|盡快|尽早|及时|及時|稍后|稍後|第一时间|小时内|工作日内)"
    r"地?(?:给予?|給予?|与|和|为|向)?[您你]?(?:回复|回覆|答复|处理|處理|联系|聯繫|回信)[您你]?的?"
    r"(?:邮件|来信|请求|问题|咨询)?(?:并.{0,4}回复)?(?:您)?"
    r"|(?:and )?(?:(?:i|we|someone|one of our team|a member of our team)(?:'ll|’ll| will| shall)|will)"
    r" (?:get back to|reply to|respond to|contact|answer|be in touch|reply|respond)\b.{0,60}",
    re.I,
)
"""With ``RECEIVED`` and nothing but courtesy beside them: an acknowledgement, by a program or like one."""
OF_A_PERSON = re.compile(
    r"请问|請問|帮忙看|麻烦看|请帮|(?:怎么|怎样|如何|为什么|是否|能否|可否|吗)[^。！!\n]{0,40}[？?]"
    r"|附件(?:是|为|里|中|已|有)|[见看]附件|(?:日志|日誌|截图|截屏)(?:已|在|我|见|是|里|如|都|刚|明天)|已经?(?:上传|重启)|重启(?:后|了)|报错"
    r"|\b(?:the|my|our|these|those|new|event|all) logs?\b|\b(?:is|are) attached\b|\buploaded\b"
    r"|\bscreenshots?\b|\bi(?:'ve|’ve| have)? (?:attached|enclosed|rebooted|restarted|installed|tried)\b"
    r"|\b(?:(?:can|could|would|will|shall|should) (?:you|we|i|it|this|the)|what (?:is|are|does|do|should)"
    r"|how|why|does|did|when (?:will|can))\b[^.?!\n]{3,200}\?",
    re.I,
)
"""Of somebody who reports or asks, and so is there."""

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
    r"|this is a (?:return|read) receipt|your message\b|ihre nachricht\b|votre message\b",
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
SENTENCE_END = re.compile(r"[。！!；;~～]|(?<!\d)[.?？](?=\s|$)|--")
CLAUSE_END = re.compile(r"[。！!；;，,~～（）()？]|(?<!\d)[.?](?=\s|$)|--|\sand\s(?=will |we |I )")
