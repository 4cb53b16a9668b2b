"""Parameters of structured header fields (RFC 2045, 5.1) in every form that mailers write, broken ones too.

Why not by the standard library: ``Message.get_param`` raises ``TypeError`` and ``ValueError`` for
continuations that somebody made for it, and then tells none of the field's other parameters either.
"""

import re
from email.message import Message
from urllib.parse import unquote_to_bytes

from mail.reading.charsets import decoded, words
from mail.reading.headers import MAX_PARAMETERS_LENGTH, field

_PARAMETER = re.compile(
    r"(?:\A|;)\s{0,1000}([^\s;=\"*]{1,100})(?:\*([0-9]{1,4}))?(\*)?\s{0,100}=\s{0,100}"
    r"(?:\"((?:[^\"\\]|\\.)*+)|([^;]*))",
    re.DOTALL,
)
"""Name, number of the piece, whether percent signs are resolved, value in quotation marks or without."""
_ESCAPED = re.compile(r"\\([\"\\])")
"""Other backslashes belong to paths."""


def parameter(message: Message, header: str, name: str) -> str:
    """A parameter of a field by RFC 2231, RFC 2047 against the rule, or raw bytes; empty without one. Of
    several the one in pieces or with a charset, which says more."""
    plain: list[str] = []
    extended: list[str] = []
    pieces: dict[int, tuple[str, bool]] = {}
    for key, number, star, quoted, bare in _PARAMETER.findall(field(message, header)[:MAX_PARAMETERS_LENGTH]):
        if key.lower() != name:
            continue
        value = _ESCAPED.sub(r"\1", quoted) if quoted else bare.strip()
        if number:
            pieces.setdefault(int(number), (value, bool(star)))
        else:
            (extended if star else plain).append(value)
    if 0 in pieces:
        return _joined([piece for _number, piece in sorted(pieces.items())])
    return _joined([(extended[0], True)]) if extended else words(plain[0]) if plain else ""


def _joined(pieces: list[tuple[str, bool]]) -> str:
    if not any(is_encoded for _value, is_encoded in pieces):
        return words("".join(value for value, _is_encoded in pieces))
    charset = ""
    first, is_encoded = pieces[0]
    if is_encoded and first.count("'") >= 2:
        charset, _language, first = first.split("'", 2)
    content = [(first, is_encoded), *pieces[1:]]
    return decoded(
        b"".join(unquote_to_bytes(value) if encoded else value.encode() for value, encoded in content),
        charset,
    )
