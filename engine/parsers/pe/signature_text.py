"""The sentence about one executable's signature: who signed it, when, and what is wrong."""

from engine.parsers.pe.facts import PeFacts
from engine.parsers.pe.signature_facts import Certificate
from engine.text import Text, text

FAULTS: dict[str, Text] = {
    "digest": text("内容与签名时不同", "its content is not what was signed"),
    "bytes_behind": text("签名之后又附加了数据", "data were appended behind the signature"),
    "attributes": text("签名内部的摘要不一致", "the digest inside the signature contradicts itself"),
    "signature": text("签名值无法用证书验证", "the signature does not verify with its certificate"),
    "no_certificate": text("缺少签名者的证书", "the signer's certificate is missing"),
    "chain": text("证书链不成立", "its certificates do not vouch for each other"),
    "purpose": text("证书不允许用于代码签名", "the certificate is not meant for signing code"),
    "timestamp": text("时间戳不成立", "its time stamp does not hold"),
    "expired_when_signed": text("签名时证书不在有效期内", "its certificate was not valid when it signed"),
    "unsupported": text("签名算法无法验证", "its algorithm cannot be verified here"),
    "curve": text(
        "证书自带椭圆曲线参数，可用来冒充他人（CVE-2020-0601）",
        "a certificate brings the parameters of its own curve, by which anybody can be imitated "
        "(CVE-2020-0601)",
    ),
    "nested": text("附加的第二个签名不成立", "a further signature in it does not hold"),
    "beyond_end": text(
        "证书表超出文件末尾，文件可能被截断", "the table lies beyond the end: the file may be cut"
    ),
    "entry": text("证书表的格式不正确", "its certificate table is malformed"),
    "message": text("证书表中的签名无法读取", "the signature in the table cannot be read"),
    "padding": text("证书表中藏有不属于签名的数据", "the table holds data that are no part of the signature"),
}


def reason(program: PeFacts) -> Text:
    """One file: who signed it, when, and what is wrong."""
    signature = program.signature
    zh, en = f"{program.artifact}", f"{program.artifact}"
    if signature.signer:
        zh += f"（签名者：{signature.signer}"
        en += f" (signed by {signature.signer}"
        if signature.timestamp is not None and signature.timestamp.holds:
            zh += f"，时间戳 {signature.timestamp.time[:10]}"
            en += f", time stamp {signature.timestamp.time[:10]}"
        zh, en = zh + "）", en + ")"
    faults = [FAULTS[fault] for fault in signature.faults if fault in FAULTS]
    if "expired" in signature.faults:
        faults.append(expiry(program))
    if "expired_when_signed" in signature.faults and signature.message is not None:
        faults.append(_validity(signature.message.chain[0]))
    zh += "：" + "，".join(fault["zh-hans"] for fault in faults)
    en += ": " + ", ".join(fault["en"] for fault in faults)
    if signature.padding:
        zh += f"（{signature.padding:,} 字节）"
        en += f" ({signature.padding:,} bytes)"
    return text(zh + "。", en + ".")


def expiry(program: PeFacts) -> Text:
    """Which certificate ended when, and what Windows says of it."""
    message = program.signature.message
    assert message is not None
    ended = min(message.chain, key=lambda link: link.not_after)
    since, until = ended.not_before[:10], ended.not_after[:10]
    zh, en = "没有时间戳", "it has no time stamp"
    if program.signature.timestamp is not None:
        zh, en = "该证书的时间戳不能延长有效期", "the certificate says that a time stamp does not extend it"
    return text(
        f"证书“{ended.subject}”已过期（有效期 {since} 至 {until}），{zh}，Windows 不再承认（0x800B0101）",
        f"the certificate {ended.subject} has expired (valid {since} to {until}) and {en}: Windows "
        "no longer accepts the signature (0x800B0101)",
    )


def _validity(link: Certificate) -> Text:
    since, until = link.not_before[:10], link.not_after[:10]
    return text(f"证书有效期 {since} 至 {until}", f"it was valid {since} to {until}")


def explanation(program: PeFacts) -> Text | None:
    """What stands beside the file in the list of artifacts; nothing of an unsigned one."""
    signature = program.signature
    if signature.state == "unsigned":
        return None
    if signature.state != "valid":
        return reason(program)
    zh, en = (
        f"数字签名与内容相符（签名者：{signature.signer}",
        f"Its signature fits (signed by {signature.signer}",
    )
    if signature.timestamp is not None and signature.timestamp.holds:
        zh += f"，时间戳 {signature.timestamp.time[:10]}"
        en += f", time stamp {signature.timestamp.time[:10]}"
    zh, en = f"{zh}）", f"{en})"
    if "expired" in signature.faults:
        ended = expiry(program)
        zh, en = f"{zh}；但{ended['zh-hans']}", f"{en}, but {ended['en']}"
    return text(
        f"{zh}；离线分析不判断根证书是否可信。",
        f"{en}; offline, trust in the root certificate is not judged.",
    )
