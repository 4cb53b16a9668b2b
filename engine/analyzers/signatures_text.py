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
