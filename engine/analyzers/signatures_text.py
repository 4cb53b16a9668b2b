"""What a finding says of signatures that do not hold; what is wrong with each file:
``engine.parsers.pe.signature_text``."""

from collections.abc import Callable

from engine.parsers.pe.facts import PeFacts
from engine.text import Text, text


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


def _unverified(files: list[PeFacts]) -> Text:
    if len(files) == 1:
        name = files[0].artifact
        return text(
            f"{name} 的数字签名无法离线验证", f"The digital signature of {name} cannot be checked offline"
        )
    return text(
        f"{len(files)} 个文件的数字签名无法离线验证",
        f"The digital signatures of {len(files)} files cannot be checked offline",
    )


def _expired(files: list[PeFacts]) -> Text:
    if len(files) == 1:
        name = files[0].artifact
        return text(
            f"{name} 的签名证书已过期且没有有效的时间戳",
            f"The certificate of {name} has expired and no time stamp outlives it",
        )
    return text(
        f"{len(files)} 个文件的签名证书已过期且没有有效的时间戳",
        f"The certificates of {len(files)} files have expired and no time stamp outlives them",
    )


TITLE: dict[str, Callable[[list[PeFacts]], Text]] = {
    "broken": _broken,
    "padded": _padded,
    "damaged": _damaged,
    "unverified": _unverified,
    "expired": _expired,
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
    "unverified": text(
        "签名使用的算法在离线分析中无法验证：既不能说文件被改动过，也不能说没有。",
        "The signature uses an algorithm that cannot be checked offline: it can be said neither that the "
        "file was changed nor that it was not.",
    ),
    "expired": text(
        "内容与签名时一致，文件没有被改动；但 Windows 现在不承认这个签名，"
        "驱动和要求签名的程序可能被拒绝加载。",
        "The content is as it was signed, so the file was not changed; but Windows does not accept the "
        "signature today and may refuse to load a driver, or a program that has to be signed.",
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
    "unverified": text(
        "请在 Windows 上用文件属性的“数字签名”页或 Get-AuthenticodeSignature 查看签名。",
        "Please look at the signature in Windows: the file's properties, tab Digital Signatures, or "
        "Get-AuthenticodeSignature.",
    ),
    "expired": text(
        "如果 Windows 报告 0x800B0101 或拒绝加载该文件，请向厂商索取带时间戳的新版本。",
        "If Windows reports 0x800B0101 or refuses to load the file, ask its vendor for a version that is "
        "signed with a time stamp.",
    ),
}
CAUSES = {
    "unverified": text(
        "签名用的是很旧或很少见的算法。",
        "It was signed with a very old or a rare algorithm.",
    ),
    "expired": text(
        "签名时没有加盖时间戳，证书到期后签名随之失效。",
        "No time stamp was asked for when it was signed, so the signature ended with the certificate.",
    ),
}
"""Of the states that the rule's own causes do not fit."""

FALSE_ALARMS = {
    "unverified": text("Windows 可能认为签名有效。", "Windows may well accept the signature."),
    "expired": text(
        "已经安装的程序通常照常运行；驱动在部分 Windows 版本上也不检查证书是否过期。",
        "A program that is installed already usually goes on running; some versions of Windows do not ask "
        "for the end of a driver's certificate.",
    ),
}
