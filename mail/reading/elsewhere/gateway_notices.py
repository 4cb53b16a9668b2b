"""What gateways write in place of an attachment that they cut off, or keep behind a link.

Such a notice is a line that begins with the attachment, the mail or the gateway, and says what was done to
it. What a person says of a file (“I …”, a question, what her own virus scanner did) is none. Each step looks
for one thing behind the last one, so that no line takes longer than it is long.
"""

import re

_FIRST_SENTENCE = re.compile(r"[^。；;！!]{1,1000}?(?:[。；;！!]|\.\s|\Z)")
_WHOSE = (
    r"(?:系统|系統|安全|邮件|郵件|邮箱|郵箱|网关|網關|防病毒|附件"
    r"|(?:system|security|server|gateway|e-?mail|mail|administrator|antivirus|attachment)\s?)"
)
_HEAD = re.compile(
    rf"[\W_]{{0,20}}(?:{_WHOSE}{{0,3}}(?:提示|提醒|注意|警告|告警|通知|公告|说明|說明"
    rf"|warning|notice|notification|attention|important|caution|alert|note)"
    rf"|{_WHOSE}{{0,2}}(?:网关|網關|gateway)\s?(?=[:：])"
    rf"|(?<=[\[【(（<「])(?:重要|[^\]】)）>」]{{0,20}}?{_WHOSE})(?=[\]】)）>」]))[\W_]{{1,5}}|[\W_]{{0,20}}",
    re.IGNORECASE,
)
"""Signs and labels in front of it, in brackets also who writes it; “系统提示附件 …” without a sign between
them is a person's sentence."""
_ATTACHMENT = re.compile(
    r"(?<![见見看如详詳])(?:附件|附檔|附加檔案|夾帶檔案)(?![里中内裡內])|添付(?:されて?い?た?)?ファイル"
    r"|\battach(?:ments?|ed (?:files?|items?))\b",
    re.IGNORECASE,
)
_BEGINS_WITH_FILE = re.compile(
    r"(?:(?:您|你)(?:的|所?(?:发送|收到)的)|(?:以下|下列|部分|全部|一个或多个|原始?|该|此|超大|大|邮件|郵件|信件|中|里|的){1,4})?"
    r"(?:附件|附檔|附加檔案|夾帶檔案)"
    r"|(?:メール(?:の|に))?添付(?:されて?い?た?)?ファイル"
    r"|(?:(?:the|this|an|one|or|more|all|some|of|your|following|original|e-?mail|message|unsafe|large"
    r"|potentially)\s){0,6}attach(?:ments?|ed (?:files?|items?))\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:\s?[、,，和及]|\s?\b(?:named|called|and)\b)?\s{0,3}[:：]?\s{0,3}"
    r"(?:[\"“‘'「『【\[(（《][^\"“”‘’'「」『』【】\[\]《》]{1,200}[\"”’'」』】\])）》]"
    r"|(?:(?<=[\s:：、,，])[^\s\"“”'「」【】\[\]()（）:：,，。、]{1,200}|[A-Za-z0-9_.+-]{1,200})\.[A-Za-z0-9]{1,10}(?![A-Za-z0-9]))",
    re.IGNORECASE,
)
MAX_NAMED = 20
_THEN = re.compile(
    r"[\s，,]{0,3}(?:等|文件)?\s?(?:因|由于|由於|过大|過大|太大|超|已|被|含|违反|違反|大小|不符|将|將|自动|自動|は|が"
    r"|(?:was|were|has|have|had|removed|stripped|blocked|replaced)\b)",
    re.IGNORECASE,
)
"""What a gateway goes on with; “the attachment shows that the driver was removed” is a person's."""
_BEGINS_WITH_GATEWAY = re.compile(
    r"(?:本|此|该|這封|这封)(?:封)?(?:邮件|郵件|信件)"
    r"|(?:邮件|郵件|邮箱|安全|本)?(?:系统|系統|网关|網關|服务器|伺服器|管理员|管理員)(?:已|将|將|自动|自動|把)"
    r"|(?:この|本)メール"
    r"|(?:this|the) (?:e-?mail|message|mail)(?: \w{1,20}){0,3} ?"
    r"(?:has|had|have|was|gateway|server|system|filter)\b"
    r"|(?:mimecast|proofpoint|barracuda|ironport|cisco|mailscanner|mimedefang|forefront|exchange|scanmail"
    r"|fortimail|mailmarshal|trustwave|symantec|trend micro|messagelabs|forcepoint)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[^，,]{1,1000}(?:[，,](?=\s?(?:已|被|将|將|系统|系統|自动|自動|网关|網關|请|請|点击|點擊|可|was|were|which|has)"
    r")[^，,]{1,1000}){0,4}",
    re.IGNORECASE,
)
"""What belongs together: “附件已上传，但服务被拦截” says nothing of the attachment in its second half."""
_BY_OTHERS = re.compile(
    r"被|网关|網關|系统|系統|策略|安全|超过|超過|超出|限制|病毒|过大|過大|自动|自動|已|\b(?:was|were|been|had)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"被|网关|網關|系统|系統|策略|安全|超过|超過|超出|限制|病毒|过大|過大|自动|自動", re.IGNORECASE
)
_REMOVED = re.compile(
    r"(?:删除|刪除|移除|剥离|剝離|拦截|攔截|阻止|隔离|隔離|屏蔽|清除|过滤|過濾)(?!的)"
    r"|\b(?:removed|stripped|blocked|quarantined|deleted|dropped|discarded)\b",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"替换|替換|[转轉][为為换換存成]|存放|存储|保存|上传|上傳"
    r"|\b(?:replaced|converted|detached|moved|uploaded|stored|hosted)\b",
    re.IGNORECASE,
)
_DONE_JA = re.compile(r"(?:削除|除去|隔離|ブロック|分離|置き換え|変換|URL化)[さら]れ")
_PLACE = re.compile(
    r"链接|連結|鏈接|网盘|網盤|云盘|雲端|云端|云附件|中转站|下载|下載|リンク|ダウンロード|URL"
    r"|\b(?:links?|download\w{0,4}|cloud|portal|text file|this (?:message|text|notice|file))\b",
    re.IGNORECASE,
)
_BY_A_PERSON = re.compile(
    r"我|咱|俺|你们|贵司|貴司|貴公司|请问|請問|怎么|怎麼|为什么|為什麼|吗|嗎|(?<!发件人)(?:重新发|重发|再发)"
    r"|[?？]\s{0,5}\Z|\b(?:I|I'm|I've|me|my|we|us|our|you sent|can you|could you|please resend|send it again"
    r"|by mistake|by accident)\b|ですか|でしょうか",
    re.IGNORECASE,
)
_OWN_SCANNER = re.compile(
    r"病毒[软軟]|杀毒|殺毒|防毒|杀软|卫士|衛士|管家|火绒|卡巴|瑞星|defender|norton|kaspersky|avast|mcafee"
    r"|anti-?virus|virus scanner|ウイルス対策ソフト",
    re.IGNORECASE,
)
_OF_MAIL = re.compile(r"邮件|郵件|邮箱|网关|網關|mail|gateway|メール|ゲートウェイ", re.IGNORECASE)
_SCANNED = re.compile(r"\b(?:scanned|checked)\b", re.IGNORECASE)
"""So begins a footer below each mail, whatever became of the attachments."""
_STANDING = re.compile(
    r"\busing mimecast to share large files"
    r"|\bone or more attachments? (?:was|were|have been|has been) removed",
    re.IGNORECASE,
)
"""Whole sentences that gateways always write so, in whosever name."""


def notice_in(line: str) -> str:
    """The sentence that says so, the first of the line; empty where the line is no gateway's."""
    match = _FIRST_SENTENCE.match(line)
    sentence = match[0] if match else ""
    if _STANDING.search(sentence):
        return sentence
    if _BY_A_PERSON.search(sentence) or _SCANNED.search(sentence):
        return ""
    if _OWN_SCANNER.search(sentence) and not _OF_MAIL.search(sentence):
        return ""
    head = _HEAD.match(sentence)
    begin = head.end() if head else 0
    if file := _BEGINS_WITH_FILE.match(sentence, begin):
        is_notice = _is_done_to(_clause(sentence, _past_names(sentence, file.end())))
    else:
        clause = _clause(sentence, begin)
        is_notice = bool(_BEGINS_WITH_GATEWAY.match(clause) and _ATTACHMENT.search(clause)) and bool(
            _REMOVED.search(clause) or _DONE_JA.search(clause) or _is_kept(clause)
        )
    return sentence if is_notice else ""


def _past_names(sentence: str, place: int) -> int:
    for _ in range(MAX_NAMED):
        if not (named := _NAMED.match(sentence, place)):
            break
        place = named.end()
    return place


def _clause(sentence: str, begin: int) -> str:
    match = _CLAUSE.match(sentence, begin)
    return match[0] if match else ""


def _is_done_to(clause: str) -> bool:
    """``clause``: what follows the attachment and its names."""
    if not _THEN.match(clause):
        return False
    if _DONE_JA.search(clause):
        return True
    by = _BY_OTHERS.search(clause)
    removed = _REMOVED.search(clause, by.start()) if by else None
    if by and removed:
        # “附件已删除”: she may have done it herself.
        return by[0] != "已" or bool(_ITSELF.search(clause, 0, removed.start()))
    return by is not None and _is_kept(clause)


def _is_kept(clause: str) -> bool:
    kept = _KEPT.search(clause)
    if kept is None or not _PLACE.search(clause, kept.end()):
        return False
    by_hand = kept[0] in {"上传", "上傳", "保存", "存放", "存储"}
    return not by_hand or bool(_ITSELF.search(clause, 0, kept.start()))
