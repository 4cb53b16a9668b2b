"""What a file is, told from its content; its name is only a claim.

Sources: EVTX header "ElfFile\\0" (MS-EVEN6 / libevtx documentation), PE/COFF specification
("MZ", e_lfanew at 0x3C, "PE\\0\\0"), APPNOTE.TXT of ZIP, and the formats' own magic numbers.
"""

import re
from pathlib import Path

from engine.artifacts import Kind
from engine.encodings import decode
from engine.unpacking.archives.formats import format_of

HEAD = 65536
"""So many first bytes are looked at."""

OWN_SIGN = re.compile(r'\{[\s\S]{0,2000}"schema"[ \t]{0,40}:\s{0,40}"anjuan\.(messages|manifest)/')
OWN = {"messages": Kind.MESSAGES, "manifest": Kind.MANIFEST}
"""Documents that our own collector writes."""

# No \s here: it crosses lines, and a file of empty lines would be walked again from each of them.
CAPTURE_SIGNS = re.compile(
    r"get-? ?filehash|get-item\b|certutil|^[ \t]{0,40}(?:"
    r"algorithm[ \t]{1,40}(?:hash|[:：])"
    r"|(?:(?:ps)?(?:child|parent)?(?:fullname|pspath|lastwritetime|versioninfo|length|hash)[ \t]{0,40}[:：])"
    r"|(?:sha256|sha1|md5|sha512|sha384)[ \t]{1,40}[0-9a-f]{20})",
    re.IGNORECASE | re.MULTILINE,
)


def identify(file: Path) -> Kind:
    """The kind of ``file``; raises ``OSError`` where it cannot be read."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
        if head[:2] == b"MZ" and len(head) >= 0x40:
            stream.seek(int.from_bytes(head[0x3C:0x40], "little"))
            return Kind.PE if stream.read(4) == b"PE\0\0" else Kind.OTHER
    return identify_head(head)


def identify_head(head: bytes) -> Kind:
    """As ``identify`` from the first bytes alone (no PE: its mark may lie further on)."""
    # A log whose file header is damaged says by its first chunk what it is.
    if head.startswith(b"ElfFile\0") or head[4096:4104] == b"ElfChnk\0":
        return Kind.EVTX
    if format_of(head) is not None:
        return Kind.ARCHIVE
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"{":
        own = OWN_SIGN.match(decode(head[:4096]).text.lstrip())
        if own:
            return OWN[own[1]]
    return Kind.CAPTURE if looks_like_capture(head) else Kind.OTHER


def looks_like_capture(head: bytes) -> bool:
    """Text with file facts of PowerShell or certutil in it."""
    decoded = decode(head)
    if decoded.text.count("\0") or decoded.damaged > len(decoded.text) // 100 + 1:
        return False
    return CAPTURE_SIGNS.search(decoded.text) is not None
