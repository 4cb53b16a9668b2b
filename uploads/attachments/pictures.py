"""Which files a browser may show as a picture: told by their first bytes, never by name or declared type.

Sources: PNG (W3C, 5.2), JPEG (ITU-T T.81, B.1.1.3), GIF89a (17), WebP (RFC 9649, 2.4). Four formats that hold
no script; SVG is none of them. Nothing is decoded here: that is the reader's browser's work.
"""

from __future__ import annotations

HEAD_BYTES = 16
"""So many of the first bytes are enough."""

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def picture_type(head: bytes) -> str:
    """The media type of a picture that begins with ``head``; empty for anything else."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return ""
