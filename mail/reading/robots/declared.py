"""How a mail says itself that a program wrote it, and what only a person says. Every pattern is linear;
what is held against it is ``simplified`` and bounded by ``mail.reading.automatic``.
"""

import re

from cases.thread.patterns import either

AUTOMATIC = r"自动\s*(?:回复|答复|应答|回信|响应)"
_MAIL_ZH = r"(?:邮件|信件|信息|消息|讯息|来信|信|通知|回复|回执|邮箱)"
_MAIL_EN = r"(?:e-?mail|mail|message|reply|response|answer|notification|acknowledge?ment|confirmation)"
AT_THE_TOP = re.compile(
    r"(?:(?:您好|你好|hello|hi|dear [^,]{1,40})\s*[,!。:]?\s*)?(?:"
    rf"[\[【(]?\s*(?:系统)?{AUTOMATIC}\s*(?:[:\]】)]|$)"
    r"|这是(?:一封|一个|来自.{1,30}的|由系统)?\s*(?:假期|休假|系统)?"
    rf"自动(?:回复|答复|(?:发送|发出|生成)的?{_MAIL_ZH})"
    r"|[此本](?:邮件|信件|邮箱)[为是由系]?[\w ]{0,10}自动(?:回复|答复|发送|发出|生成)"
    r"|我(?:最近)?正在休假中?,\s*无法亲自回复您的邮件"
    rf"|this is an? (?:automatic|automated|automatically generated|auto[- ]?generated)[ -]{_MAIL_EN}"
    r"|this (?:e-?mail|message|mail|reply) (?:is|was|has been) (?:automatically|auto-?)\s?(?:generated|sent)"
    r"|out of (?:the )?office\.?$"
    r"|(?:dies|das) ist eine automatische? |diese (?:e-?mail|nachricht) wurde automatisch "
    r"|ceci est (?:une r[ée]ponse|un message) automatique|este es un mensaje autom[áa]tico"
    r"|このメールは自动|(?:本|이) ?메일은 자동"
    r")",
    re.I,
)
"""Begins what a program says; whatever comes below it."""
_NOTED = r"(?:注:|提示:|※|\*)?\s?"
_THIS_ZH = r"(?:这是?|[此本该])"
_SENT = r"自动(?:发送|发出|生成|触发|产生|寄出)"
_SORTS_DE = r"(?:antwort|nachricht|e-?mail|mail|abwesenheitsnotiz|eingangsbestätigung)"
_MAIL_FR = r"(?:message|courriel|e-?mail|mail|r[ée]ponse|accus[ée] de r[ée]ception)"
_THIS_EN = rf"(?:note: )?this (?:{_MAIL_EN} )?(?:(?:is|was|has been) )?(?:an? )?"
_BY_EN = r"(?: (?:by|from|in response to|to) [\w .'-]{1,60})?"
CLAUSE = re.compile(
    either(rf"""
    {_NOTED}{_THIS_ZH}(?:[封条]?{_MAIL_ZH})?[为是由系]?(?:一[封个条])?[\w ]{{0,12}}?{AUTOMATIC}的?{_MAIL_ZH}?
    {_NOTED}[这此本该][封条]?{_MAIL_ZH}[为是由系]?[\w ]{{0,12}}?{_SENT}(?:[的之]?{_MAIL_ZH}|的)?
    (?:这是|此为|[此本]为|由)[\w ]{{0,16}}?(?:{_SENT}|{AUTOMATIC})[的之]?(?:阅读|已读)?{_MAIL_ZH}
    请(?:您)?(?:勿|不要|不必)(?:直接)?(?:回复|回信)(?:[此本该]{_MAIL_ZH}|至此邮箱)
    这是您在此人离开期间将?收到的唯一通知
    {_THIS_EN}auto(?:matic|mated|matically)?[ -]?(?:generated|sent|created|{_MAIL_EN})(?: {_MAIL_EN})?{_BY_EN}
    {_THIS_EN}(?:generated|sent|created) automatically{_BY_EN}
    (?:please )?do not (?:reply|respond) (?:directly )?to (?:it|this (?:e-?mail|message|mail|address))
    this is the only notification you will receive while this person is away
    (?:dies|das) ist eine automatisch(?:e| erstellte| generierte| versendete) {_SORTS_DE}
    diese {_SORTS_DE} w(?:urde|ird) automatisch (?:er(?:stellt|zeugt)|generiert|(?:ver|ge)sendet|verschickt)
    (?:bitte )?antworten sie (?:bitte )?nicht (?:direkt )?auf diese {_SORTS_DE}
    ceci est (?:une? )?{_MAIL_FR} (?:envoyée? )?automatique(?:ment)?
    cet? {_MAIL_FR} (?:est|a [ée]t[ée]) (?:g[ée]n[ée]r[ée]|envoy[ée])e? automatiquement
    (?:merci de|veuillez|pri[èe]re de) ne pas (?:y r[ée]pondre|r[ée]pondre [àa] ce {_MAIL_FR})
    (?:※\s?)?(?:これは|[この本]{{1,2}}(?:メール|メッセージ)は)[^。!?]{{0,20}}自动(?:返信|送信|応答|配信|生成)[^。!?か]{{0,20}}
    """),
    re.I,
)
"""A clause, bracket or line of its own that says it, wherever it stands; with any other word in it, it is
somebody's own."""
LINE = re.compile(
    r"(?:注:\s?)?这是对您(?:发送)?的?(?:消息|邮件|来信).{0,200}的自动(?:响应|回复|答复).{0,60}"
    r"|(?:note: )?this is an automat(?:ed|ic) (?:response|reply) to your (?:message|e-?mail).{0,300}"
    r"|(?=.{0,200}(?:(?<![没未])收到您?的?(?:来信|来函|邮件)|(?:来信|来函|邮件)(?:我)?已?经?收到"
    r"|尽快|休假|出差|不在)).{1,200}?"
    r"(?:[(【\[]\s*|——\s*|--\s*)(?:系统)?自动(?:回复|答复)\s*[)】\]。.]?",
    re.I,
)
"""A line of its own; or one that says that a mail has come or nobody is there, and ends with it."""
QUOTED_SUBJECT = re.compile(
    r"((?:邮件|消息|信息|来信|主题[为是]?|message|mail|document|nachricht|メール)[\s,:]{0,3})"
    r"[\"“「『«„《][^\"“”「」『』«»„《》\n]{1,300}[\"“”」』»》]",
    re.I,
)
"""A program names the mail that it answers; what happens in its subject has happened to nobody here."""
OF_A_PERSON = re.compile(
    r"\?|吗|请问|怎么|为什么|为何|如何(?!紧急)|是否|能否|可否|麻烦|帮[忙我们]|看一下|看看"
    r"|请(?:尽快|马上|立[即刻]|速|帮|看|检查|分析|派|协助|提供|指[教导]|核实|排查)"
    r"|[没未](?:有?收到|恢复|解决|启动)|不(?:能用|工作|起作用|正常|了)|用不|死机|宕|故障|报错|出错|错误|失败|崩溃|异常"
    r"|[蓝黑花白]屏|重启|停(?:止(?!使用)|机|产|[了摆])|卡[住死顿]|[中切]断|断[开网电了]|[损毁]坏|坏[了掉]|掉[线电盘]|告警|报警|超时|瘫痪"
    r"|丢|没了|消失|清空|误删|打不开|[连登]不上|进不[去了]|起不来|不可用|着火|冒烟|泄[露漏]|勒索|中毒|附件|日志|截图|升级"
    r"|无法(?:启动|登[录陆]|访问|打开|连接|使用|开机|识别|写入|正常|恢复|工作|运行|进入)"
    r"|\b(?:errors?|fail(?:s|ed|ure|ing)?|crash\w{0,3}|down|broken?|stuck|hang[s]?|hung|freez\w{1,3}|frozen"
    r"|reboot\w{0,3}|restart\w{0,3}|does not|doesn't|did not|didn't|won't|attached|why|how|could you|can you"
    r"|what|please (?:check|look|help|advise|send|confirm|fix|tell|see|restart)|asap|outage|alarms?"
    r"|lost|losing|loses?|loss|missing|gone|dead|halt(?:s|ed)?|stop(?:s|ped)?|offline|unreachable|corrupt\w{0,3}"
    r"|damaged?|deleted|ransomware|interrupted"
    r"|can(?:not|'t| not) (?:log|boot|start|open|connect|use|work|run))\b"
    r"|fehler|abgestürzt|stürzt|ausgefallen|ausfall|funktioniert|bitte (?:prüfen|helfen|sehen|schauen)|warum"
    r"|\ben panne|\bplant[ée]|erreur|pourquoi|pouvez-vous (?!contacter)|ne (?:marche|fonctionne|répond) "
    r"|エラー|何|ですか|动[きか]|障害|停止|落ち|ましたか|ますか|でしょうか|できません",
    re.I,
)
"""She asks, or tells of trouble or of what she has done about it."""
_ASKED_ELSEWHERE_ZH = (
    r"(?:您?(?:直接|及时|先|电话|邮件|微信)?(?:联[系络]|致电|拨打|发|转|找|与|和|打|洽|咨询)(?!我)"
    r"|您?多?(?:原?谅|见谅|海涵|包涵|理解|知悉|知照)"
    r"|假|您?稍|您?耐心|勿(?:直接)?回复)"
)
_ASKED_ELSEWHERE_EN = (
    r"(?:(?:feel free to )?(?:contact|call|e-?mail|mail|reach|write|direct|forward|refer|turn"
    r"|get in touch|speak) (?!me\b|us\b)|note\b|be advised|expect|accept|allow|excuse|bear)"
)
OF_A_CASE = re.compile(
    rf"请(?!{_ASKED_ELSEWHERE_ZH})|给我|[给与跟]我们?联系|希望|务必|必须|安排|需要(?!帮助|协助)|要求|尽量"
    r"|节点|服务(?!热线|台|电话)|集群|系统|[磁硬]?盘|机[房器柜]|主机|虚拟机|数据|存储|内存|网络|补丁|版本|业务|控制台|账号|密码|方案"
    r"|你们|远程|[硬软]件|设备|现场|更换|吧$"
    rf"|please (?!{_ASKED_ELSEWHERE_EN})|(?<![a-z])(?:let me know|(?:tell|send|call|give|inform) (?:me|us)"
    r"|(?:we|i) need|must|should(?! you))(?![a-z])"
    r"|(?<![a-z])(?:nodes?|servers?|clusters?|disks?|raid|arrays?|drivers?|databases?|patch(?:es)?|logs?|dumps?"
    r"|latency|cpu|memory|networks?|switch(?:es)?|firmware|services?(?! desk)|systems?|vms?|hosts?"
    r"|data|consoles?|vpn|ups|storage)(?![a-z])"
    r"|bitte (?!an |wenden|kontaktieren|rufen|schreiben|beachten|haben)|knoten|platten?|rechner|anlagen?\b"
    r"|(?:merci de|veuillez) (?!contacter|joindre|appeler|noter|vous|écrire)|serveurs?|disques?|nœuds?"
    r"|\A(?!.{0,80}急ぎの).{0,200}ください|サーバ|ノード|ディスク|ログ|システム|クラスタ|データ",
    re.I,
)
"""She names a machine, or asks for something else than to turn to somebody else."""
