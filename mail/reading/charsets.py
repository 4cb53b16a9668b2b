"""Bytes and encoded words of a mail as text: UTF-8 first, then GB18030, which Chinese mailers also send
unlabelled."""

from email.header import decode_header


def words(text: str) -> str:
    """Text with its encoded words (RFC 2047) decoded."""
    if "=?" not in text:
        return text
    parts = decode_header(text)
    return "".join(part if isinstance(part, str) else decoded(part, charset or "") for part, charset in parts)


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text, by the declared charset where it fits them."""
    # GBK and GB2312 are parts of GB18030, and mailers call it so.
    named = "gb18030" if charset.lower().replace("_", "-") in {"gb2312", "gbk", "x-gbk"} else charset
    for encoding in (named, "utf-8", "gb18030"):
        try:
            if encoding:
                # Some charsets (UTF-7) spell halves of surrogate pairs, which no database takes.
                return content.decode(encoding).encode("utf-8", "replace").decode()
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")
