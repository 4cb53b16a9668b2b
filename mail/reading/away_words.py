"""What somebody says who is away, or whose mail program acknowledges a mail: clause by clause.

A clause counts only where nothing else is in it: a person reports trouble in the same breath. Every pattern
is linear; what is held against it is bounded by ``mail.reading.automatic``.
"""

import re

_HAN_SIGN = (
    r"[\s\d年月日号號周星期一二三四五六七八九十天上下午晚末本这個个到至起止从從自于於在间間内內外地国國省市公司办辦室"
    r"及和与、~～–—:：./返回来來后後班上恢复復中了时時期会會将將可能尽盡快再您你的给予以邮郵件信函覆答敬请請谅諒解您好我-]"
)
_LATIN_WORDS = """
until till from to thru through between on off in at by this next last the of week weeks weekend
month day days today tomorrow noon morning afternoon evening end start beginning early late mid hour
hours business working calendar year inclusive including inclusively about approximately around mon
tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday jan
feb mar apr jun jul aug sep sept oct nov dec january february march april may june july august
september october november december am pm a.m. p.m. gmt utc cst cet est pst st nd rd th
a an and or for with due because as my our your his her a company official annual sick maternity
paternity parental family personal medical public national bank summer winter spring new chinese
lunar festival holiday holidays vacation leave pto conference training meeting meetings seminar
workshop business trip travel travelling traveling abroad overseas office offices home desk closed
closure observance christmas easter
i i'll i’ll we am is are be being will shall would can could cannot can't not only have has having
no little limited intermittent reduced restricted access able unable e-mail email e-mails emails
mail mails message messages phone mobile internet reply respond answer replies response responses
get back return returns returning returned when once after upon then as soon possible within shortly
promptly time during period meantime meanwhile near future delay delayed slow slower check checking
read reading regularly occasionally you it all any
bis zum vom ab am und einschließlich wieder erreichbar zurück januar februar märz mai juni juli
oktober dezember montag dienstag mittwoch donnerstag freitag jusqu'au jusqu’au du au le la et inclus
janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi
mercredi jeudi vendredi hasta desde el del al de enero febrero marzo abril mayo junio julio agosto
septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes fino dal gennaio
febbraio aprile maggio giugno luglio settembre ottobre dicembre até janeiro fevereiro março maio
junho julho setembro outubro novembro dezembro tot en met maart mei augustus с до по и января
февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
"""When, why and where, what of the mail; in seven further languages when."""
_LATIN_WORD = (
    r"(?:[\d(][\w./:–—-]{0,20}[,)]?|[-–—&]|(?:"
    + "|".join(re.escape(word) for word in sorted(set(_LATIN_WORDS.split())))
    + r")(?![\w'’])[,:]?)"
)
_LATIN = rf"(?:\s{{0,3}}{_LATIN_WORD}(?=\s|$)){{0,40}}[\s.:]{{0,3}}"
_NUMBER = r"(?:\w[\w.+-]{0,63}@[\w.-]{1,100}|[+(<][\w.@+()-]{1,100}>?|\d[\d()/-]{1,30})"
_NAMED = rf"(?:(?-i:[A-Z])[\w.'’-]{{0,30}}|{_NUMBER})"
_OF_OTHERS = (
    r"(?:(?-i:(?=[a-z]))(?:the|our|my|your|local|other|service|help|support|it|hotline|helpdesk|desk|team|colleagues?"
    r"|manager|office|department|deputy|backup|assistant|mr|mrs|ms|dr|or|and|directly|at|via|by|on|under"
    r"|with|instead|who|will|is|covering|for|in|absence|while|i|am|away|phone|mobile|e-?mail|tel|mailbox"
    r"|number)(?![\w'’])[.:]?)"
)
_KANA = r"[\u3040-\u309f\s\d年月日時間連絡返信折返致頂失礼上席外申訳、/～-]{0,80}"
WHEN = re.compile(rf"{_LATIN}|{_HAN_SIGN}{{0,60}}|{_KANA}|[\s\d가-힣./~-]{{0,30}}", re.I)
"""What may stand behind ``AWAY``, or as a clause of its own."""

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
    r"|(?:i|we) (?:will|shall) (?:reply|respond|answer|get back|be back|return|contact)\b"
    rf"(?:\s{{0,3}}{_LATIN_WORD}(?=\s)){{0,12}} (?:my return|i return|i(?: a|'|’)m back|we are back)"
    r"|(?:our|the) offices? (?:is|are|will be) closed"
    r"|i (?:have left|no longer work|am no longer (?:with|at|employed))"
    r"|this (?:mailbox|address|e-?mail address|inbox) is (?:not|no longer) (?:monitored|in use|used|active)"
    # Chinese.
    rf"|(?:您好)?(?:由于|因为|因|很抱歉|抱歉|不好意思)?(?:我们?|本人){_NOW}(?:我|本人)?(?:正在|正|在|将于|将|已|會|会|处于)?{_NOW}\s?(?:在(?:外|[一-龥]{{2,3}})?|外)?"
    r"(?:休(?:年|病|产|產|婚|事|陪产|假|探亲)?假|请假|請假|度假|出差|外出|放假|年假|产假|病假|出国)(?!回来|的时候|时发现|前)"
    r"|(?:因|由于|值|逢)?(?:春节|国庆|中秋|元旦|五一|端午|清明|劳动|法定)节?(?:假期|长假|节假日|假日|放假|休假)"
    r"|今[天日]起(?:休|放|外出|出差)|\d[\d年月日号/.~～\-–— 至到起]{2,40}(?:期间)?(?:休|放)(?:年)?假"
    rf"|{_NOW}(?:正在|正|处于)(?:休(?:年|病|产|產|婚|事)?假|度假|出差|外出)"
    rf"|(?:我们?|本人)?{_NOW}不在(?:办公室|辦公室|公司|工位|岗|座位|$)"
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
"""Begins a clause of somebody who says that she is not there; ``WHEN`` goes on with it."""
_URGENT_EN = (
    r"(?:for|if|in case(?: of)?|in|should)(?: (?:any|all|very|really|an|a|the|urgent|emergency|emergencies"
    r"|cases?|immediate(?:ly)?|assistance|help|support|matters?|questions?|you|your|need|require|have|is|are"
    r"|it|this|requests?|issues?|quer(?:y|ies)|inquir(?:y|ies)|enquir(?:y|ies)|important|attention|something"
    r"|cannot|wait|anything|meantime|meanwhile|of|or|and|response|reply|further)){1,14}"
    r"|(?:do you )?need (?:urgent |immediate |any )?(?:help|assistance|support)\??"
)
_URGENT_ZH = (
    r"(?:如果?|若)?您?(?:[有遇需]到?)?(?:任何|其他)?(?:急事|急需|紧急|緊急|要事|重要)的?"
    r"(?:事宜|事情|事项|情况|事务|业务|工作|问题|事)?"
    r"|(?:如果?|若)您?[有遇需]到?(?:任何|其他)?(?:事|工作|业务|问题|帮助|协助|疑问|需要|需求)"
    r"|(?:有关|相关)?(?:工作|业务)(?:事宜|问题)?"
)
_ASK_EN = (
    r"(?:please |kindly |pls |you (?:can|may) (?:also )?)?(?:contact|call|e-?mail|mail|write(?: to)?"
    r"|reach(?: out to)?|turn to|get in touch with|speak to|refer to)"
    rf"(?: me (?:on|at|via|by|under)(?![\w'’]))?(?: (?:{_NAMED}|{_OF_OTHERS})){{1,16}}"
)
_ASK_ZH = (
    r"(?:(?:敬?请|請|可以?|您可以?|也可以?)?(?:直接|及时|先)?(?:联系|聯繫|聯絡|联络|致电|致電|拨打|电话联系|邮件联系"
    r"|微信联系|咨询|发邮件[给至到]|转发?[给至到]|[找与打])(?!我们?(?![的手电:：\d]))"
    r"|(?:紧急|应急)?(?:联系)?(?:电话|手机|邮箱|联系人|联系方式))"
    r"[:：\s]{0,3}[一-龥·]{0,8}[\sA-Za-z0-9:：.@+()/_-]{0,60}(?:处理|處理|协助|跟进|办理|联系)?"
)
DEPUTY = re.compile(
    rf"(?:{_URGENT_EN}|{_URGENT_ZH})?[ :：]?(?:{_ASK_EN}|{_ASK_ZH})?"
    rf"|(?:(?:or|and|at|by|on|via) (?:{_NAMED}|{_OF_OTHERS})|{_NUMBER})"
    rf"(?: (?:{_NAMED}|{_OF_OTHERS})){{0,16}}",
    re.I,
)
"""Who is to be asked instead, where it cannot wait."""

COURTESY = re.compile(
    r"(?:(?:dear|hello|hi|good (?:morning|day|afternoon))(?: (?:(?-i:[A-Z])[\w.'’-]{0,20}|all|team|everyone"
    r"|there|or|and|sir|madam|sender|colleagues?|customers?|friends?)){0,4}"
    r"|thanks?(?: you)?(?: very much)?(?: again)?"
    r"(?: for (?:your (?:e-?mail|message|mail|enquiry|inquiry|request|patience|understanding)"
    r"|contacting us?|writing))?"
    r"|(?:(?:i|we) )?(?:apologi[sz]e|sorry|apologies) for (?:any|the) (?:inconvenience|delay)s?(?: caused)?"
    r"|(?:kind|best|with best)? ?regards?|尊敬的.{0,8}|(?:您|你|大家|各位)们?好|谢谢|感谢|謝謝"
    r"|(?:非常)?感谢(?:您)?的?(?:来信|来函|邮件|支持)"
    r"|(?:此致)?敬礼|祝好|祝(?:您)?.{0,8}|抱歉"
    r"|(?:对?(?:因此|由此|此))?(?:给您|对您)?(?:造成|带来)?的?(?:任何|诸多)?不便(?:之处)?|(?:深表|表示)歉意|敬?请(?:谅解|见谅|原谅)|请(?:您)?(?:耐心|稍)(?:等待?|候))[:：~～]?",
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
    rf"(?:我(?:们|方)?|本人)?(?:将|会|將|會|一定|必)?(?:会|會|将)?(?:在|于)?(?:{_HAN_SIGN}|[假结束之]){{0,20}}?"
    r"(?:尽快|盡快|尽早|及时|及時|稍后|稍後|第一时间|小时内|工作日内)"
    r"地?(?:给予?|給予?|与|和|为|向)?[您你]?(?:回复|回覆|答复|处理|處理|联系|聯繫|回信)[您你]?的?"
    r"(?:邮件|来信|请求|问题|咨询)?(?:并.{0,4}回复)?(?:您)?"
    r"|(?:and )?(?:(?:i|we|someone|one of our team|a member of our team)(?:'ll|’ll| will| shall)|will)"
    r" (?:get back to|reply to|respond to|contact|answer|be in touch|reply|respond)\b"
    rf"{_LATIN}",
    re.I,
)
"""With ``RECEIVED`` an acknowledgement, by a program or like one."""
SLOWLY = re.compile(
    r"(?:邮件)?(?:回复|答复|处理|回覆)(?:邮件)?(?:可能|会|将)?会?"
    r"(?:不(?:够|太)?及时|较慢|有?所?(?:延迟|延误|推迟))"
    r"|(?:my|our|the) (?:reply|response|answer)s?(?: to you)? (?:may|might|will|could|can) be"
    r" (?:delayed|slow(?:er)?|late)"
    r"|(?:please )?expect (?:a |some )?delays?(?: (?:in|of) (?:my |our )?(?:reply|replies|responses?))?",
    re.I,
)
CLAUSE_END = re.compile(
    r"[。！!；;，,~～（）()]|(?<=[?？])|(?<!\d)\.(?=\s|$)|--|\sand\s(?=will |we |I )|\s(?:but|however)\s"
)
