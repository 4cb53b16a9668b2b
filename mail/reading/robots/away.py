"""What somebody says who is away, or whose mail program acknowledges a mail: clause by clause.

A clause counts only where nothing else is in it: a person reports trouble in the same breath. Every pattern
is linear; what is held against it is ``simplified`` and bounded by ``mail.reading.automatic``. English and
Chinese here, further languages in ``abroad``.
"""

import re

_HAN_SIGN = (
    r"[\s\d年月日号周星期一二两三四五六七八九十几天上下午晚末本这个到至起止直从自于在间内外地国省市公司办室我"
    r"及和与、~–—:./返回来后前之班初旬底开始结束恢复中了才时期会将可能尽快再您你的给予以邮件信函敬请谅解好"
    r"春节国庆秋元旦端清明预计岗位看早劳动圣诞新年长寒暑假休放工作统为约左右-]"
)
_ASKS_NOTHING = r"(?![^请\n]{0,60}请(?!假|谅|见谅|您谅|知悉))"
_HAN = rf"{_ASKS_NOTHING}(?:{_HAN_SIGN}|不(?:会)?(?:返回|回来|上班)|正常(?:上班|办公)){{0,60}}"
"""Of such signs no trouble is told: none for what fails, stops or breaks."""
_LATIN_WORDS = """
until till from to thru through between on off in at by this next last the of week weeks weekend
month day days starting effective one two three four five few couple today tomorrow noon morning afternoon
evening end start beginning early late mid hour
hours business working calendar year inclusive including inclusively about approximately around mon
tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday jan
feb mar apr jun jul aug sep sept oct nov dec january february march april may june july august
september october november december am pm a.m. p.m. gmt utc cst cet est pst st nd rd th
a an and or for with due because as my our your his her a company official annual sick maternity
paternity parental family personal medical public national bank summer winter spring new chinese
lunar festival holiday holidays vacation leave pto conference training meeting meetings seminar
workshop business trip travel travelling traveling abroad overseas office offices home desk closed
closure observance christmas easter
i i'll ill we am is are be being will shall would can could cannot can't not only have has having
no little limited intermittent reduced restricted access able unable e-mail email e-mails emails
mail mails message messages phone mobile internet reply respond answer replies response responses
get back return returns returning returned when once after upon then as soon possible within shortly
promptly time during period meantime meanwhile near future delay delayed slow slower check checking
read reading regularly occasionally you it all any
bis zum vom ab am und einschließlich wieder erreichbar zurück januar februar märz mai juni juli
oktober dezember montag dienstag mittwoch donnerstag freitag jusqu'au jusquau du au le la et inclus
janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi
mercredi jeudi vendredi hasta desde el del al de enero febrero marzo abril mayo junio julio agosto
septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes fino dal gennaio
febbraio aprile maggio giugno luglio settembre ottobre dicembre até janeiro fevereiro março maio
junho julho setembro outubro novembro dezembro tot en met maart mei augustus с до по и января
февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
"""When, why and where, what of the mail; in seven further languages when."""
_LATIN_WORD = (
    r"(?:[\d(][0-9a-z./:–—-]{0,20}[,)]?|[-–—&]|(?:"
    + "|".join(re.escape(word) for word in sorted(set(_LATIN_WORDS.split())))
    + r")(?![\w'])[,:]?)"
)
_LATIN = rf"(?:\s{{0,3}}{_LATIN_WORD}(?=\s|$)){{0,40}}[\s.:]{{0,3}}"
_NUMBER = r"(?:\w[\w.+-]{0,63}@[\w.-]{1,100}|[+(<][0-9a-z_.@+()-]{1,100}>?|\d[\d()/-]{1,30})"
_NAMED = rf"(?:(?-i:[A-Z])[\w.'-]{{0,30}}|{_NUMBER})"
_OF_OTHERS = (
    r"(?:(?-i:(?=[a-z]))(?:the|our|my|your|local|other|service|help|support|it|hotline|helpdesk|desk|team|colleagues?"
    r"|manager|office|department|deputy|backup|assistant|mr|mrs|ms|dr|or|and|directly|at|via|by|on|under"
    r"|with|instead|who|will|is|covering|for|in|absence|while|i|am|away|phone|mobile|e-?mail|tel|mailbox"
    r"|number)(?![\w'])[.:]?)"
)
WHEN = re.compile(rf"{_LATIN}|{_HAN}|[\s\d가-힣./~-]{{0,30}}", re.I)
"""What may stand behind ``AWAY``, or as a clause of its own."""

_DATES = r"\d[\d年月日号./:时~–—\- 至到起]{0,40}"
_NOW = (
    r"(?:目前|现在?|最近|近期|暂时|今[天日]起?|本周|下周|这几天|因(?:公|事|病|故)|因(?=[休出放外])"
    rf"|[自从于在]?\s?{_DATES}(?:期间|之间|之?前|开始)?)?"
)
_WE = r"(?:我司|我公司|本公司|我单位|本单位|公司|我部门|敝公司|敝司)"
_REST = (
    r"(?:休(?:年|病|产|婚|事|陪产|假|探亲)?假|请假|度假|出差|外出|放假|年假|产假|病假|出国|开会"
    r"|参加[一-龥]{0,4}(?:会议|培训|会展))"
)
_HOLIDAY = r"(?:春节|国庆|中秋|元旦|五一|端午|清明|劳动|圣诞|新年|农历新年|法定|[寒暑])"
_LEAVE = (
    r"(?:annual |sick |maternity |paternity |parental |medical |personal |compassionate |study |family "
    r"|public |bank |national |summer |winter )?(?:leave|vacation|holidays?|pto|sabbatical)"
)
AWAY = re.compile(
    r"(?:(?:please (?:note|be advised)(?: that)?|unfortunately|currently|at (?:the moment|present)"
    r"|sorry|but|as|since) )?"
    r"(?:i am|i'm|im|i will be|i'll be|i shall be) "
    r"(?:(?:currently|presently|now|temporarily|unfortunately|away|travell?ing|and|physically) ){0,3}"
    r"(?:out of (?:the |my |our )?office(?! space)|out on |ooo\b|oof\b|not in (?:the|my) office|absent\b"
    r"|away (?:from (?:the|my) (?:office|desk|e-?mails?|computer)|until|till|from|through|on|this|between"
    r"|and|with)|away$|out (?:sick|until|till|from|this week|today)"
    rf"|on {_LEAVE}\b|on (?:a )?business (?:trip|travel)|travell?ing (?:until|from|on|for|this|with)"
    r"|attending (?:an? |the )?(?:conference|training|workshop|seminar|meeting|event|trade fair)"
    r"|(?:unavailable|not available|unable to (?:answer|reply|respond) ))"
    r"|(?:currently |presently )?out of (?:the )?office (?:until|till|from|through|between|this|today|on)\b"
    rf"|on {_LEAVE} (?:until|till|from|through|between)\b"
    r"|i (?:currently )?(?:have|will have) (?:no|limited|only limited|little|intermittent) access to "
    r"|(?:i|we) (?:will|shall) (?:reply|respond|answer|get back|be back|return|contact)\b"
    rf"(?:\s{{0,3}}{_LATIN_WORD}(?=\s)){{0,12}} (?:my return|i return|i(?: a|')m back|we are back)"
    r"|(?:(?:our|the) offices? (?:is|are|will be)|we (?:are|will be)) closed"
    r"|(?:i have left|i no longer work(?: at| for)?|(?:i am|i'm) no longer (?:with|at|employed|working))"
    r"(?:(?: (?:at|for|by))?(?: (?-i:[A-Z])[\w&.-]{0,30}){1,4})?"
    r"|this (?:mailbox|address|e-?mail address|inbox) is (?:not|no longer) (?:monitored|in use|used|active)"
    # Chinese.
    r"|(?:目前|现在?|当前)(?:已?是|为)?(?:非工作|下班|休息)(?:时间|时段)"
    rf"|(?:您好)?(?:由于|因为|因|很抱歉|抱歉|不好意思)?(?:[本下]周|近期|最近|今[天日]|目前)?"
    rf"(?:我们?|本人){_NOW}(?:我|本人)?(?:正在|正|在|将于|将|已|会|处于)?{_NOW}\s?"
    r"(?:在(?:外|[一-龥]{2,3})?|外)?"
    rf"{_REST}(?!回来|的时候|时发现|前)"
    rf"|(?:因|由于|值|逢|现为|现值|正值|适逢)?{_HOLIDAY}{{1,2}}节?(?:假期|长假|节假日|假日|放假|休假|连假)(?:通知|安排)?"
    rf"|(?:因|由于)?(?:{_HOLIDAY}节?(?:期间)?)?{_WE}(?:{_HOLIDAY}节?)?{_NOW}(?:正在|正|将于|将|处于|会)?{_NOW}"
    r"(?:放假|休假|连假|假期)(?:时间|安排|通知)?"
    rf"|因(?:公|事|病|故){_REST}"
    rf"|今[天日]起(?:休|放|外出|出差)|\d[\d年月日号/.~–—\- 至到起]{{2,40}}(?:期间)?(?:休|放)(?:年)?假"
    rf"|{_NOW}(?:正在|正|处于){_REST}|(?:目前|现在?|最近|近期)(?:休假|度假|出差|外出|放假)(?=中|期间|$)"
    rf"|(?:我们?|本人)?(?:将|会|已)?{_NOW}(?:起|将)?(?:不在|离开)(?:办公室|公司|工位|岗|座位|$)"
    r"|(?:我|本人)?(?:暂时?|可能|期间)?(?:不便|(?:无法|不能)(?:及时|即时|实时|亲自|立即|马上|第一时间))"
    r"(?:回复|查看|查收|处理|答复)"
    r"(?:您的?)?(?:邮件|来信|信件|消息|讯息)"
    r"|(?:我|本人)?(?:暂时?|可能|期间)?(?:无法|不能)(?:及时|即时|实时|亲自|第一时间)(?:回复|答复)"
    r"|(?:我|本人|该员工)已(?:经)?(?:于.{1,15}|从.{1,20})?(?:离职|退休|调岗|调离)"
    r"(?:[该本原此]?(?:岗位|公司|单位|部门|项目))?"
    r"|(?:我|本人)(?:已)?(?:不再|不)负责(?:[该本原此]|相关)?(?:岗位|项目|工作|业务|系统)"
    r"|(?:此|该|本)(?:邮箱|邮箱地址|信箱)(?:已停用|已停止使用|不再使用|无人值守|仅用于发送|为系统(?:发送)?(?:专用|邮箱))",
    re.I,
)
"""Begins a clause of somebody who says that she is not there; ``WHEN`` goes on with it."""
_URGENT_EN = (
    r"(?:for|if|in case(?: of)?|in|should)(?: (?:any|all|very|really|an|a|the|urgent|emergency|emergencies"
    r"|cases?|production|technical|problems?|immediate(?:ly)?|assistance|help|support|matters?|questions?|you|your|need|require|have|is|are"
    r"|it|this|requests?|issues?|quer(?:y|ies)|inquir(?:y|ies)|enquir(?:y|ies)|important|attention|something"
    r"|cannot|wait|anything|meantime|meanwhile|of|or|and|response|reply|further)){1,14}"
    r"|(?:do you )?need (?:urgent |immediate |any )?(?:help|assistance|support)\??"
)
_URGENT_ZH = (
    r"(?:期间)?(?:如果?|若)?您?(?:[有遇需]到?)?(?:任何|其他)?(?:急事|急需|紧急|要事|急件|重要)的?"
    r"(?:事宜|事情|事项|情况|事务|业务|工作|问题|事)?"
    r"|(?:期间)?(?:如果?|若)?您?[有遇需]到?(?:任何|其他)?(?:事|工作|业务|问题|帮助|协助|疑问|需要|需求)"
    r"|(?:期间|休假期间|假期)?(?:有关|相关|后续|日常|其他|今后)?(?:的)?(?:工作|业务|事宜|事务|邮件)?(?:事宜|问题)?"
)
_ASK_EN = (
    r"(?:please |kindly |pls |you (?:can|may) (?:also )?)?(?:contact|call|e-?mail|mail|write(?: to)?"
    r"|reach(?: out to)?|turn to"
    r"|(?:direct|forward|send|address) (?:all |any |your )?(?:questions|inquiries|enquiries|requests"
    r"|e-?mails|mails) to|get in touch with|speak to|refer to)"
    rf"(?: me (?:on|at|via|by|under)(?![\w']))?(?: (?:{_NAMED}|{_OF_OTHERS})){{1,16}}"
)
_ASK_ZH = (
    r"(?:(?:敬?请|可以?|您可以?|也可以?)?(?:直接|及时|先)?(?:联系|联络|致电|拨打|电话联系|邮件联系"
    r"|微信联系|咨询|发(?:送)?邮件[给至到]|转发?[给至到]|洽询?"
    r"|[将把]?(?:工作|相关)?邮件(?:发送?|转发?|抄送)[给至到]|发(?:微信|短信)|留言|电联|[找与打])"
    r"(?!我们?(?![的手电:\d]))"
    r"|(?:紧急|应急)?(?:联系)?(?:电话|手机|分机|热线|邮箱|联系人|联系方式)(?![一-龥]{0,3}我))"
    r"[:\s]{0,3}(?:7\s?[×x*/]\s?24\s?)?[一-龥·]{0,8}[\sA-Za-z0-9:.@+()/_-]{0,60}(?:处理|协助|跟进|办理|联系)?"
)
DEPUTY = re.compile(
    rf"(?:{_URGENT_EN}|{_URGENT_ZH})?[ :]?(?:{_ASK_EN}|{_ASK_ZH})?"
    rf"|(?:{_URGENT_ZH})?(?:将|暂|已)?由[一-龥]{{2,4}}(?:先生|女士)?(?:接手|代理|接替|负责|处理|跟进)"
    r"|(?:职务|工作)?代理人(?:是|为|:)\s?[一-龥]{2,5}"
    rf"|(?:(?:or|and|at|by|on|via) (?:{_NAMED}|{_OF_OTHERS})|{_NUMBER})"
    rf"(?: (?:{_NAMED}|{_OF_OTHERS})){{0,16}}",
    re.I,
)
"""Who is to be asked instead, where it cannot wait."""

COURTESY = re.compile(
    r"(?:(?:dear|hello|hi|good (?:morning|day|afternoon))(?: (?:(?-i:[A-Z])[\w.'-]{0,20}|all|team|everyone"
    r"|there|or|and|sir|madam|sender|colleagues?|customers?|friends?)){0,4}"
    r"|thanks?(?: you)?(?: very much)?(?: again)?"
    r"(?: for (?:your (?:e-?mail|message|mail|enquiry|inquiry|request|patience|understanding)"
    r"|contacting(?: (?:us|support|(?-i:[A-Z])[\w&.-]{0,30})){1,3}|writing|reaching out))?"
    r"|(?:(?:i|we) )?(?:apologi[sz]e|sorry|apologies) for (?:any|the) (?:inconvenience|delay)s?(?: caused)?"
    r"|(?:thank you|thanks) for your (?:kind )?(?:understanding|patience)(?: and (?:understanding|patience))?"
    r"|(?:kind|best|with best)? ?regards?|尊敬的.{0,8}|亲爱的.{0,6}|(?:您|你|大家|各位)们?好|谢谢(?:您|大家)?"
    r"|(?:再次)?感谢|感谢您?给我们?来信"
    r"|各位[一-龥、]{0,10}(?:同事|同仁|伙伴|客户|用户|领导|老师)|请(?:勿|不要)(?:直接)?回复"
    r"|(?:非常)?[感谢]谢(?:您)?的?(?:来信|来函|邮件|支持|理解|谅解|耐心|配合)(?:[与和及](?:支持|理解|谅解|配合|耐心等待))?"
    r"|(?:此致)?敬礼|祝好|祝(?:您)?.{0,8}|顺颂商祺|(?:非常|十分|很)?抱歉|感谢您?(?:联系|关注)[一-龥]{0,12}"
    r"|(?:对?(?:因此|由此|此))?(?:给您|对您)?(?:造成|带来|如有)?的?(?:任何|诸多)?不便(?:之处)?"
    r"(?:敬?请(?:谅解|见谅|原谅|海涵|包涵))?|(?:深表|表示)歉意"
    r"|(?:尚祈|还望|望)?(?:敬?请(?:多)?)?(?:谅解|见谅|原谅|海涵|包涵|理解|知悉|知照)|请(?:您)?(?:耐心|稍)(?:等待?|候))"
    r"[:~]?",
    re.I,
)
RECEIVED = re.compile(
    r"(?:(?:我(?:们|方)?|本人)?(?:已经?)?收到(?:了)?(?:您|你|贵方)的?(?:来信|来函|邮件|信件|信息|咨询)(?:了)?"
    r"|(?:您|你|贵方)的?(?:来信|来函|邮件|信件|咨询)(?:我(?:们)?)?(?:均|都)?(?:已经?|已被)?(?:收到|收悉|接收|送达)(?:了)?"
    r"|(?:我(?:们)?(?:已经?)?)?(?:来信|邮件)(?:均)?(?:已经?)?(?:收到|收悉)"
    r"|(?:we|i)(?: have|'ve)? received your (?:e-?mail|message|mail|enquiry|inquiry)"
    r"|your (?:e-?mail|message|mail|enquiry|inquiry|request) (?:has been|was|is) (?:successfully )?received)",
    re.I,
)
PROMISED = re.compile(
    rf"{_ASKS_NOTHING}(?:我(?:们|方)?|本人|邮件|我司|客服|将有专人|届时)?(?:将|会|一定|必)?(?:会|将)?(?:在|于)?(?:{_HAN_SIGN}){{0,20}}?"
    r"(?:(?:认真|仔细)?(?:阅读|查看|核实)(?:您的邮件)?[并后和])?(?:尽快|尽早|及时|稍后|第一时间"
    r"|小时内|工作日内?|看到后|[天日]内|(?:节|假期?|返回|回来|上班|返岗|结束|假期结束|月|日)之?后)"
    r"(?:统一|陆续|尽快|再|逐一|立即|会|将){0,3}地?(?:给予?|与|和|为|向)?[您你]?(?:回复|答复|处理|联系|联络|回信|跟进)[您你]?的?"
    r"(?:邮件|来信|请求|问题|咨询|消息|讯息)?(?:并.{0,4}回复)?(?:您)?"
    r"|(?:将|会)?(?:[有由])?(?:专人|客服|工作人员|相关人员|同事)(?:会|将)?(?:尽快|及时)?[与和为给]您(?:联系|处理|回复|答复)"
    r"|(?:and )?(?:(?:i|we|someone|one of our team|a member of our team)(?:'ll| will| shall)|will)"
    r" (?:get back to|reply to|respond to|contact|answer|be in touch|reply|respond)\b"
    rf"{_LATIN}"
    r"|(?:your (?:e-?mail|message|mail|enquiry|inquiry|request) )?will (?:not )?be"
    r" (?:answered|read|processed|handled|forwarded)\b"
    rf"{_LATIN}",
    re.I,
)
"""With ``RECEIVED`` an acknowledgement, by a program or like one."""
SLOWLY = re.compile(
    r"(?:期间|因此|届时)?(?:邮件)?(?:回复|答复|处理)(?:邮件)?(?:速度)?(?:可能|会|将)?会?"
    r"(?:不(?:够|太)?及时|较慢|变慢|有?所?(?:延迟|延误|推迟|延后))"
    r"|(?:邮件|来信|信件)(?:暂时?|可能|将|会)?(?:不能|无法)(?:及时|即时|立即)?(?:处理|回复|查看|答复)"
    r"|(?:无法|不能)(?:回复|查看|查收|处理)(?:您的?)?(?:邮件|来信|信件|消息)|不便(?:接听?|接打)电话|网络不便|(?:存在|有)时差"
    r"|(?:期间)?[会将]?(?:不定期|不|偶尔|定期)(?:查看|查收|回复|处理)邮件"
    r"|(?:由于|因)[一-龥]{0,6}(?:调整|变动|安排|原因|需要|团建)"
    r"|(?:期间|因此|届时)?(?:邮件)?(?:可能|会|将)会?(?:延迟|推迟|延后)(?:回复|答复|处理)"
    r"|(?:my|our|the) (?:reply|response|answer)s?(?: to you)? (?:may|might|will|could|can) be"
    r" (?:delayed|slow(?:er)?|late)"
    r"|(?:please )?expect (?:a |some )?delays?(?: (?:in|of) (?:my |our )?(?:reply|replies|responses?))?",
    re.I,
)
CLAUSE_END = re.compile(
    r"[。!;,()【】〔〕「」]|(?<=\?)|(?<=[好事伴户导师知]):"
    r"|(?<!\d)\.(?=\s|$)|(?<!\d)~|~(?!\d)|--|\sand\s(?=will |we |I )"
    r"|\s(?:but|however)\s|\.(?=\s(?:For|If|In|Please|I|I'm|My|Our|We|Bis|Ich|Pour|Merci|Je|Thanks?|Should|During)\b)"
)
