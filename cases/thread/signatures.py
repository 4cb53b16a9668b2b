"""What stands below the words of a mail and is no part of them: closing, name, department, telephone number,
what a mail program adds. Pure; linear patterns.

Only lines that are nothing else count, from the last one upwards; what asks or tells of trouble never does.
"""

import re

from cases.thread.patterns import either
from cases.thread.simplified import simplified

MAX_LINES = 24
MAX_LINE_LENGTH = 160

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林郭罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏邹熊孟秦薛侯雷龙史郝顾毛邵万覃武钱戴严莫孔洪龚邱汤赖邢俞施欧樊翁尹倪柳汤阮庄章鲁葛岳齐庞颜"
)
"""Frequent ones that begin no word of a short sentence about a computer."""
_SURNAME = rf"(?:[{SURNAMES}]|欧阳|司马|上官|诸葛|夏侯|皇甫)"

_LINK = re.compile(r"<(?:https?|mailto):[^<>\s]{1,2000}>|\]\((?:https?|mailto):[^()\s]{1,2000}\)")
_DEVICE_ZH = either(r"""
    iphone|ipad|手机|邮箱|华为|huawei|小米|荣耀|三星|oppo|vivo|魅族|一加|安卓|android|harmonyos|鸿蒙|客户端|平板
    邮件大师|foxmail|mail|outlook|企业微信|飞书|钉钉|windows\s?版邮件
    """)
_DEVICE_EN = either(r"""
    iphone|ipad|phone|mobile|cell|samsung|galaxy|huawei|honor|xiaomi|redmi|oppo|vivo|oneplus|pixel|nokia|android
    tablet|blackberry|outlook|mail|windows|gmail|yahoo|proton|spark|foxmail|thunderbird|qq\s?mail|mailmaster
    netease|email
    """)
_SENT = either(r"""
    verzonden|verstuurd|sendt|skickat|lähetetty|wysłan[eo]|odeslán[oa]|odoslan[éo]|отправлено|надіслано
    """)
_FROM = r"(?:iphon|ipad|android|samsung|galaxy|huawei|xiaomi|outlook|gmail|yahoo|почт)"
_LINE_OF_PROGRAM = either(rf"""
    (?:发自|发送自|来自|从|由|通过|使用)[^,。!?;]{{0,30}}{_DEVICE_ZH}[^,。!?;]{{0,20}}
    (?:获取|下载|取得)\s?(?:适用于\s?(?:ios|android)\s?的\s?)?outlook(?:\s?for\s?\w{{2,10}})?[^,。!?;]{{0,20}}
    签名由.{{0,40}}(?:定制|提供)?|(?:网易)?邮箱大师
    (?:get|download)\s(?:the\s)?outlook\sfor\s\w{{2,10}}(?:\sapp)?
    sent\s(?:from|via|with|using|by)\s(?:(?:my|the|a|an)\s)?(?:mobile\s)?{_DEVICE_EN}[^,.!?;]{{0,40}}
    von\smeinem\s.{{1,30}}gesendet|gesendet\s(?:von|mit)\s.{{1,40}}
    envoyé\s(?:de|depuis|avec|à\spartir\sde)\s.{{1,40}}
    enviado\s(?:desde|do)\s.{{1,40}}|inviato\sdal?\s.{{1,40}}
    {_SENT}\s.{{0,20}}{_FROM}.{{0,20}}
    (?:obtener|obter|télécharger|scarica|hent|holen\ssie\ssich)\soutlook\s.{{1,20}}
    iphone.{{1,8}}gönderildi|iphoneから送信|.{{1,20}}에서\s보냄
    """)
_BY_PROGRAM = re.compile(rf"{_LINE_OF_PROGRAM}\.?", re.IGNORECASE)
_CLOSINGS = either(r"""
    此致|敬礼|敬上|谨上|上|祝好|顺祝商祺|顺颂商祺|商祺|顺颂时祺|时祺|以上|盼复|谨启|致礼|致敬
    [谨顺敬]?祝(?:您|你|大家|各位)?(?:工作|生活|身体|周末|节日|一切|生意|新年|万事|商)[一-龥]{2,4}
    (?:with\s)?(?:best|kind|warm|many)?(?:est)?\s?(?:regards|wishes|greetings)|best|sincerely|cheers|br|rgds
    yours(?:\s(?:sincerely|faithfully|truly))?|(?:sincerely|faithfully|respectfully)\syours
    mit\sfreundlichen\sgrüßen|mit\sbesten\sgrüßen|viele\sgrüße|(?:beste|liebe)\sgrüße|mfg|lg|vg|cordialement
    """)
_CLOSING = re.compile(rf"{_CLOSINGS}[\s,.!~]{{0,4}}", re.IGNORECASE)
_MAIL = r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
_PHONE = r"(?:\+|\(\+?|00)?\d[\d\s()./-]{5,24}\d(?:\s?(?:转|ext\.?|x|-)\s?\d{1,6})?"
_PLACE = either(r"""
    [^?!;]{0,60}[省市区县镇乡村路街道巷弄号楼层室座园厦]
    [^?!;]{0,60}(?:road|rd\.|street|avenue|building|floor|p\.?o\.? box|\d{5,6})
    """)
_SITE = r"(?:https?://|www\.)[\w.-]{3,80}/?"
_PHONE_LABEL = either(r"""
    电话|手机|移动电话|联系电话|联系方式|办公电话|座机|固话|传真|分机
    tel|telephone|phone|mobile|cell|mob|fax|ext|office|direct|hotline|[tmpfhc]
    """)
_NAME_LABEL = r"(?:公司|单位|部门|姓名|职位|职务|联系人|company|department|dept\.?|title|name)"
_LABELLED = re.compile(
    either(rf"""
    {_PHONE_LABEL}\.?\s{{0,4}}[:|]?\s{{0,4}}(?:{_PHONE}|\d{{3,6}}\b)
    (?:电子邮箱|电子邮件|邮箱|邮件|邮件地址|e-?mail|mail|e)\.?\s{{0,4}}[:|]\s{{0,4}}{_MAIL}
    (?:公司地址|单位地址|联系地址|通讯地址|办公地址|地址|address|addr?\.?|a)\s{{0,4}}[:|]\s{{0,4}}{_PLACE}$
    (?:网址|网站|官网|主页|web|website|url|w)\s{{0,4}}[:|]\s{{0,4}}(?:https?://)?[\w.-]{{4,80}}/?
    (?:电话|手机|邮箱|地址)\s?[:.]{{0,6}}$
    (?:邮编|邮政编码|zip|postcode)\s{{0,4}}:?\s{{0,4}}\d{{5,6}}
    (?:qq|微信|微信号|wechat|skype|teams|工号)\s{{0,4}}(?:号码?)?\s{{0,4}}[:]\s{{0,4}}[\w.@-]{{3,60}}
    {_NAME_LABEL}\s{{0,4}}:\s{{0,4}}[\w &.-]{{1,40}}$
    """),
    re.IGNORECASE,
)
_NUMBER = either(r"""
    \+\d[\d\s()./-]{7,20}\d|\(?0\d{2,3}\)?[\s-]\d{7,8}(?:-\d{1,6})?|1[3-9]\d{9}
    1[3-9]\d[\s-]\d{4}[\s-]\d{4}|400[\s-]?\d{3,4}[\s-]?\d{3,4}|0\d{2,3}\d{8}
    """)
_BARE = re.compile(rf"{_MAIL}|{_SITE}|(?<![\w.]){_NUMBER}(?![\w.])")
_SLOGAN = re.compile(
    either(r"""
    点亮|成就|引领|驱动发展|创新|卓越|共赢|双赢|至上|至诚|为本|诚信|匠心|梦想|使命|携手|共创|共享|美好|信赖|追求
    \b(?:powering|building|connecting|shaping|driving|leading|delivering|creating|inspiring|empowering)\b
    \b(?:excellence|innovation|a (?:better|brighter|safer|greener) (?:tomorrow|future|world))\b
    """),
    re.IGNORECASE,
)
"""What a company says of itself, below the name of the company or a title."""
_HAN_PLACE = r"[一-龥\d\w\s()（）-]"
_ADDRESS = re.compile(
    either(rf"""
    (?=[^\d]{{0,60}}\d){_HAN_PLACE}{{0,40}}[省市区县镇路街道巷]{_HAN_PLACE}{{0,40}}[号楼室层座栋园厦院]{_HAN_PLACE}{{0,20}}
    \d{{1,5}}\s[\w .,-]{{2,60}}\s(?:road|rd|street|st|avenue|ave|drive|lane|way|square)\b[\w .,-]{{0,60}}
    """),
    re.IGNORECASE,
)
_UNITS = either(r"""
    公司|集团|中心|部|部门|处|科|室|局|院|所|厂|大学|学院|医院|银行|分行|组|委员会|学校|中学|信息化|信息技术|信息安全
    工程师|经理|主管|主任|总监|管理员|专员|运维|科长|处长|部长|院长|教授|老师|博士|助理|顾问|网管
    """)
_UNIT = re.compile(rf"[一-龥\w&()·.-]{{0,30}}{_UNITS}")
_EN_UNITS = either(r"""
    ltd|inc|llc|gmbh|ag|corp|corporation|co|company|group|university|hospital|bank|institute|department|dept|team
    center|centre|division|manager|engineer|administrator|admin|director|officer|specialist|analyst|consultant
    lead|architect|technician|assistant|head of [\w ]{2,30}|cto|cio|ceo|it|ops|operations|services|systems
    security|support|technology|technologies|limited
    """)
_ENGLISH_UNIT = re.compile(rf"(?:[\w&.'-]{{1,30}},?\s){{0,6}}{_EN_UNITS}\.?", re.IGNORECASE)
_GIVEN = r"(?![屏色页灯线码度机网卡盘口点些多少])[一-龥]"
_HAN_NAME = re.compile(
    rf"(?!谢谢){_SURNAME}(?:\s?{_GIVEN}){{1,2}}(?:\s?(?:敬上|谨上|上|呈|启))?|{_SURNAME}(?:工|总)"
)
_BELOW_CLOSING = re.compile(rf"{_GIVEN}{{2,4}}")
_LATIN_NAME = re.compile(
    r"(?:[A-Z][a-z'-]{0,20}\.?|[A-Z]{2,15}),?(?:\s(?:[A-Z][a-zA-Z'-]{0,20}\.?|[a-z]{2,3})){0,3}"
)
_SPEAKS = re.compile(
    either(r"""
    [?!;。]|请(?!勿打印)|吗|呢|吧|么|没|未(?!来)|不|无(?!锡|线|忧|限|极)|了|但|又|再(?!生)|仍|把|给|被|已|你|您
    我(?=们|想|的|要|先|再)|问|需|怎|哪|找|联系|通知|转(?=给|交|告|发|至)|交给|谢|[这那][个些样里边]
    重启|停止|停机|报错|错误|出错|崩溃|蓝屏|黑屏|白屏|花屏|死机|故障|失败|出现|日志|卡|断开|坏|异常|超时|掉线
    \b(?:not|no|never|still|again|but|please|pls|help|how|why|what|when|where|which|who|can|could|will|would)\b
    \b(?:should|do|does|did|is|are|was|were|has|have|had|we|i|you|they|this|that|these|same|yet|down|need)\b
    \b(?:problems?|issue|errors?|fail\w*|crash\w*|broken|stop\w*|urgent\w*|freez\w*|hang\w*|asap|also|however)\b
    \b(?:if|after|before|since|because|restart\w*|reboot\w*|persist\w*|unsolved|wrong|blue|screen|attach\w*)\b
    \b(?:wait\w*|lost|los(?:e|es|ing)|details?|access to)\b
    \b(?:logs?|see)\b|thanks|thank|ok|okay|danke|(?-i:\b[Ii]t\b)|n't\b|'s\b|0x[0-9a-f]
    """),
    re.IGNORECASE,
)
"""What no line of a signature says."""
_DRAWN = re.compile(r"--\s?|[_—=*-]{3,80}")
_BELONGS = re.compile(
    rf"{_DRAWN.pattern}|\[[^\[\]]{{1,80}}\]|\d{{4}}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}\s?日?"
)
"""A drawn line, a picture, a date: part of the signature that is around it."""
_THANKS = re.compile(r"(?:many |best )?(?:thanks|thank you|谢谢)[^.?]{0,30}$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[|/,;、·•]+\s*|\s{2,}|\t")
_CJK_SPACE = re.compile(r"(?<=[一-龥)])\s+|\s+(?=[一-龥])")


def without_signature(text: str) -> str:
    """What of a text is above its signature; all of it where it has none, nothing where it is one alone."""
    lines = text.rstrip().rsplit("\n", MAX_LINES)
    if len(lines) > MAX_LINES:
        above, lines = [lines[0]], lines[1:]
    else:
        above = []
    read = [_read(line) for line in lines]
    begins = _after_delimiter(read)
    if begins is None:
        begins = len(lines)
        for place in range(len(lines) - 1, -1, -1):
            line = read[place]
            if not line or _BELONGS.fullmatch(line):
                continue
            if not _is_signature(line, next(filter(None, reversed(read[:place])), "")):
                break
            begins = place
        cut = [line for line in read[begins:] if line and not _BELONGS.fullmatch(line)]
        if len(cut) == 1 and not _unlabelled(cut[0]).strip(" |.:"):
            return text.rstrip()  # A telephone number alone may be what was asked for.
    while 0 < begins < len(lines) and (not read[begins - 1] or _DRAWN.fullmatch(read[begins - 1])):
        begins -= 1
    return "\n".join([*above, *lines[:begins]]).rstrip()


def is_by_program(line: str) -> bool:
    """Whether a mail program wrote this line: “Sent from my iPhone”."""
    return _BY_PROGRAM.fullmatch(_read(line)) is not None


def _read(line: str) -> str:
    if len(line) > MAX_LINE_LENGTH:
        line = _LINK.sub("", line[: 20 * MAX_LINE_LENGTH])
    if len(line) > MAX_LINE_LENGTH:
        return line
    return simplified(_LINK.sub("", line)).replace("[网易邮箱大师", "网易邮箱大师").strip("\u200b\ufeff |\t>")


def _after_delimiter(lines: list[str]) -> int | None:
    """Where the signature begins below the line “-- ”: there a line may say whatever does not speak."""
    place = next((index for index in range(len(lines) - 1, -1, -1) if lines[index] in {"--", "—"}), None)
    if place is None:
        return None
    below = [line for line in lines[place + 1 :] if line]
    if any(len(line) > MAX_LINE_LENGTH or not (_is_signature(line, "") or is_quiet(line)) for line in below):
        return None
    return place if below else None


def is_quiet(line: str) -> bool:
    """Whether a line says nothing, as a name does."""
    return _SPEAKS.search(line) is None


def _is_signature(line: str, above: str) -> bool:
    """``above`` is the line before it: below a closing stands a name, below a company a slogan."""
    if len(line) > MAX_LINE_LENGTH:
        return False
    if _BY_PROGRAM.fullmatch(line) or _CLOSING.fullmatch(line):
        return True
    rest = _unlabelled(line)
    if not is_quiet(rest):
        return False
    if _SLOGAN.search(rest) and _is_unit(above):
        return True
    if _ADDRESS.fullmatch(rest.strip(" |")):
        return True
    fields = [field for part in _BETWEEN.split(rest) if (field := part.strip(" .:-()<>"))]
    if not fields:
        return True
    if all(_is_field(field, alone=len(fields) == 1, above=above) for field in fields):
        return True
    words = [word for field in fields for word in _CJK_SPACE.split(field)]
    return len(words) > 1 and all(_is_field(word, alone=False, above=above) for word in words)


def _unlabelled(line: str) -> str:
    """The line without its telephone numbers, addresses of mail and sites, and the like."""
    return _BARE.sub(" | ", _LABELLED.sub(" | ", line))


def _is_unit(line: str) -> bool:
    return _UNIT.fullmatch(line) is not None or _ENGLISH_UNIT.fullmatch(line) is not None


def _is_field(field: str, *, alone: bool, above: str) -> bool:
    if _is_unit(field) or _HAN_NAME.fullmatch(field):
        return True
    is_below_closing = _CLOSING.fullmatch(above) is not None
    if _LATIN_NAME.fullmatch(field) is None:
        return is_below_closing and _BELOW_CLOSING.fullmatch(field) is not None
    # “Urgent” alone is no name; “Alice Wang” or what stands below “Best regards” is.
    return " " in field or not alone or is_below_closing or _THANKS.match(above) is not None
