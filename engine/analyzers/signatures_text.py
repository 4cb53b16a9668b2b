"""Sentences about signatures that do not hold."""

from collections.abc import Callable

from engine.parsers.pe.facts import PeFacts
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
    "unsupported": text("签名算法无法验证", "its algorithm cannot be verified"),
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
    zh += "：" + "，".join(fault["zh-hans"] for fault in faults)
    en += ": " + ", ".join(fault["en"] for fault in faults)
    if signature.padding:
        zh += f"（{signature.padding:,} 字节）"
        en += f" ({signature.padding:,} bytes)"
    return text(zh + "。", en + ".")


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
    return text(
        f"{zh}）；离线分析不判断根证书是否可信。",
        f"{en}); offline, trust in the root certificate is not judged.",
    )


def _broken(files: list[PeFacts]) -> Text:
    if len(files) == 1:
        name = files[0].artifact
        return text(f"{name} 的数字签名已失效", f"The digital signature of {name} does not hold")
    return text(
        f"{len(files)} 个文件的数字签名已失效", f"The digital signatures of {len(files)} files do not hold"
    )


def _padded(files: list[PeFacts]) -> Text:
    if len(files) == 1:
        name = files[0].artifact
        return text(f"{name} 的签名区内藏有额外数据", f"Foreign data stand in the signature of {name}")
    return text(
        f"{len(files)} 个文件的签名区内藏有额外数据",
        f"Foreign data stand in the signatures of {len(files)} files",
    )


def _damaged(files: list[PeFacts]) -> Text:
    if len(files) == 1:
        name = files[0].artifact
        return text(f"{name} 的数字签名已损坏，无法读取", f"The digital signature of {name} cannot be read")
    return text(
        f"{len(files)} 个文件的数字签名已损坏，无法读取",
        f"The digital signatures of {len(files)} files cannot be read",
    )


TITLE: dict[str, Callable[[list[PeFacts]], Text]] = {
    "broken": _broken,
    "padded": _padded,
    "damaged": _damaged,
}
SUMMARY = {
    "broken": text(
        "厂商签名之后，文件又发生了变化，或者签名本身是伪造的；不能再当作厂商发布的文件。",
        "The file changed after its vendor signed it, or the signature was forged: it can no longer be taken "
        "for the file that the vendor released.",
    ),
    "padded": text(
        "程序部分与签名一致，Windows 默认仍认为签名有效；但签名区内的数据不受签名保护，可被用来夹带内容"
        "（CVE-2013-3900）。也有安装程序用这种办法保存下载渠道等信息。",
        "The program itself is as signed and Windows by default still accepts the signature; but the data in "
        "the signature's table are protected by nothing and can carry anything (CVE-2013-3900). Some "
        "installers keep such things as the download's channel there.",
    ),
    "damaged": text(
        "文件声称带有签名，但签名读不出来；常见原因是文件没有完整复制。",
        "The file claims to be signed and its signature cannot be read; most often it was not copied whole.",
    ),
}
ADVICE = {
    "broken": text(
        "请不要运行该文件。从厂商处重新获取，再比对 SHA-256；并对来源电脑做全盘查杀。",
        "Please do not run the file. Obtain it anew from its vendor and compare the SHA-256; scan the "
        "machine that it came from.",
    ),
    "padded": text(
        "请确认该文件的来源。如需强制检查，可在 Windows 上启用 EnableCertPaddingCheck 后再验证签名。",
        "Please make sure where the file is from. To enforce the check, enable EnableCertPaddingCheck in "
        "Windows and verify the signature again.",
    ),
    "damaged": text("请重新完整复制并上传该文件。", "Please copy the whole file again and upload it."),
}
