"""What a part of a mail is by its name: text that a program named, an envelope, a signature, or a file."""

import re

from mail.reading.mime import smime
from mail.reading.parts import Part

MAX_BODY_BYTES = 256 * 1024
"""Of a named text that is shown."""
APPLE_DOUBLE = b"\x00\x05\x16\x07"

_READABLE = frozenset(("htm", "html", "txt", ""))
"""Extensions of a text that may be the mail's in spite of its name; a log is a file."""
_BY_A_PROGRAM = re.compile(
    r"(?:ATT\d{3,9}|mime-attachment(?:[ _.-]?\d{1,4})?|part[ _-]?\d{1,3}(?:\.\d{1,3}){0,9}"
    r"|(?:(?:msg|message|mail|list)[ _-]?)?(?:footer|disclaimer)"
    r"|(?:untitled|unnamed|noname|unbenannt|unbenannte anlage|(?:未命名|无标题|無標題)的?附件)"
    r"(?:[ _-]?(?:attachment|part))?(?:[ _-]?\d{1,6})?)(?:\.(?:txt|html?))?",
    re.IGNORECASE,
)
"""Exchange, Apple Mail, Outlook, Thunderbird and lists name so what its writer gave no name."""
_BY_NOBODY = re.compile(
    r"(?:ATT\d{3,9}|mime-attachment(?:[ _.-]?\d{1,4})?)(?:\.(?:txt|html?))?", re.IGNORECASE
)
"""Of these no person names a file; ``part1.txt`` or ``footer.txt`` may be one's log."""
_BY_EXCHANGE = re.compile(r"ATT\d{3,9}\.html?", re.IGNORECASE)
_SIGNATURES = frozenset(
    ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
)


def may_be_text(part: Part) -> bool:
    """Whether a named part of text, not attached, may be what its writer says."""
    is_readable = _extension(part) in _READABLE or is_named_by_program(part)
    return is_readable and part.end - part.body <= MAX_BODY_BYTES


def _extension(part: Part) -> str:
    return part.name.rpartition(".")[2].lower() if "." in part.name else ""


def is_named_by_program(part: Part) -> bool:
    """Whether a program names so what has no name; a person may as well."""
    return _BY_A_PROGRAM.fullmatch(part.name) is not None


def is_named_by_nobody(part: Part) -> bool:
    """Whether no person gives such a name: it is no file."""
    return _BY_NOBODY.fullmatch(part.name) is not None


def is_rest_of_page(part: Part) -> bool:
    """Whether Exchange has attached it: what somebody wrote below a file, and it cannot keep there."""
    return part.media_type == "text/html" and _BY_EXCHANGE.fullmatch(part.name) is not None


def is_signature(part: Part, parent: Part | None) -> bool:
    """Whether it is a signature of what else is in the mail, whatever type a gateway gave it."""
    if part.media_type in _SIGNATURES or not part.media_type.startswith("application/"):
        return part.media_type in _SIGNATURES
    is_signed = parent is not None and parent.media_type == "multipart/signed" and part in parent.parts[1:2]
    return part.name.lower() == "smime.p7s" or (is_signed and _extension(part) in {"", "p7s", "asc", "sig"})


def is_envelope(part: Part, parent: Part | None) -> bool:
    """Whether it is one of S/MIME, by its name where its type says nothing (RFC 8551, 3.10); of another name
    only where it is the whole mail."""
    if part.media_type != "application/octet-stream":
        return part.media_type in smime.MEDIA_TYPES
    is_named_so = part.name.lower() in {"smime.p7m", "smime.p7z"} or (
        parent is None and _extension(part) in {"p7m", "p7z"}
    )
    return is_named_so or part.parameter("smime-type") != ""


def is_resource_fork(part: Part) -> bool:
    """Whether it is what a Mac notes of a file beside it (AppleDouble, RFC 1740)."""
    is_named_so = part.media_type == "application/applefile" or part.name.startswith("._")
    return is_named_so and part.content()[:4] == APPLE_DOUBLE
