"""``Get-AuthenticodeSignature``: named, not read; a signature is judged by the file itself."""

import re

from engine.parsers.captures.page import Page
from engine.text import text

TITLES = re.compile(r"^ *SignerCertificate +(?:Status|StatusMessage) +(?:Path|StatusMessage)\b")
LISTED = re.compile(r"^ *SignerCertificate {1,20}[:：]", re.IGNORECASE)
NOT_READ = text(
    "Get-AuthenticodeSignature 的结果不作为依据。请上传文件本身，签名由分析程序检验。",
    "The output of Get-AuthenticodeSignature is not relied on. Please upload the file itself: "
    "its signature is checked here.",
)


def read(page: Page, at: int) -> int:
    """A table or a list of signatures, up to the next blank line."""
    line = page.lines[at]
    if not TITLES.match(line.text) and not LISTED.match(line.text):
        return at
    page.miss_once("signatures", line.number, NOT_READ)
    after = at + 1
    while after < len(page.lines) and not page.lines[after].blank:
        after += 1
    following = page.next_written(after)
    listed = LISTED.match(line.text) and after < following < len(page.lines)
    if listed and page.lines[following].text[:1] == " ":  # [Subject] … [Issuer] … stand apart by blank lines
        return _behind_list(page, following)
    return after


def _behind_list(page: Page, place: int) -> int:
    """Certificates are printed over many indented lines with blank ones between."""
    while place < len(page.lines):
        content = page.lines[place].text
        if (
            content.strip()
            and content[:1] != " "
            and not re.match(
                r"(?:TimeStamperCertificate|Status|StatusMessage|Path|SignatureType|IsOSBinary) {0,20}:",
                content,
            )
        ):
            return place
        place += 1
    return place
