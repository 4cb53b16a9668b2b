"""Unsigned programs and the catalogues of the same bundle: signed by one of them, or not judged."""

from engine.artifacts import Artifact
from engine.parsers.pe.catalogue import Catalogue
from engine.parsers.pe.facts import PeFacts
from engine.parsers.pe.signature_text import FAULTS
from engine.text import Text, text

NOT_JUDGED = text(
    "文件内没有签名。Windows 自带文件和驱动可能由目录文件（.cat）签名；包内没有目录文件，因此未作判断。",
    "No signature stands in the file. Files of Windows and drivers may be signed by a catalogue (.cat); none "
    "is in the bundle, so this is not judged.",
)
NOT_LISTED = text(
    "文件内没有签名，包内的目录文件（.cat）也没有列出它。",
    "No signature stands in the file, and no catalogue (.cat) of the bundle lists it.",
)


def judge(artifacts: list[Artifact], programs: list[PeFacts], catalogues: list[Catalogue]) -> None:
    """Says of each unsigned program, in its artifact's detail, what the catalogues say of it."""
    by_path = {artifact.path: artifact for artifact in artifacts}
    for program in programs:
        artifact = by_path.get(program.artifact)
        if program.signature.state == "unsigned" and artifact is not None and artifact.detail is None:
            artifact.detail = _said(program, catalogues)


def _said(program: PeFacts, catalogues: list[Catalogue]) -> Text:
    if not catalogues:
        return NOT_JUDGED
    listing = [catalogue for catalogue in catalogues if program.digests & catalogue.members]
    if not listing:
        return NOT_LISTED
    best = min(listing, key=lambda catalogue: len(catalogue.signature.faults))
    signer, faults = best.signature.signer or "–", [FAULTS[f] for f in best.signature.faults if f in FAULTS]
    zh = f"由目录文件 {best.artifact} 签名（签名者：{signer}），内容与目录中的哈希相符"
    en = f"Signed by the catalogue {best.artifact} (signer {signer}); its content is what that lists"
    if faults:
        zh += "；但目录文件的签名不成立：" + "，".join(fault["zh-hans"] for fault in faults)
        en += ", but the catalogue's own signature does not hold: " + ", ".join(f["en"] for f in faults)
    return text(f"{zh}。", f"{en}.")
