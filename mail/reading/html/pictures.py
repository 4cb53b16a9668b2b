"""Pictures that stand within the text of a mail: by ``cid:`` (RFC 2392) or as ``data:`` (RFC 2397)."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_to_bytes

from mail.reading.charsets import from_base64
from mail.reading.html.tokens import Tag
from mail.reading.mail import Attachment

MAX_DATA_PICTURES = 200
MAX_ALT_LENGTH = 100

_DATA = re.compile(r"data:\s*image/([\w.+-]{1,40})((?:;[\w=.+-]{0,60}){0,5}),", re.IGNORECASE)
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")
_EXTENSIONS = {
    "jpeg": "jpg",
    "svg+xml": "svg",
    "x-icon": "ico",
    "vnd.microsoft.icon": "ico",
    "x-ms-bmp": "bmp",
}


def looks_like_picture(content: bytes) -> bool:
    """By its first bytes."""
    return content.startswith(_MAGIC)


def content_id(address: str) -> str:
    """The content id that a ``cid:`` address names; empty where it is none."""
    scheme, _, identifier = address.strip().partition(":")
    return unquote(identifier[:500]).strip("<> ") if scheme.lower() == "cid" else ""


class PagePictures:
    """The pictures of one mail and how its pages name them."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._pictures: list[Attachment] = []
        self._shown: set[str] = set()
        self._replaced: list[tuple[int, int, str]] = []

    def expect(self, identifier: str, name: str) -> None:
        """A picture of this content id and name is among the parts."""
        self._names.setdefault(identifier, name or _named(identifier, ""))

    def add(self, identifier: str, name: str, media_type: str, content: bytes) -> int:
        """Takes a picture; its number."""
        subtype = media_type.partition("/")[2]
        name = name or self._names.get(identifier, "") or _named(identifier, subtype, len(self._pictures) + 1)
        self._pictures.append(Attachment(name, content, media_type, identifier))
        return len(self._pictures) - 1

    def all(self) -> Iterator[Attachment]:
        """The pictures in the order of the parts, each once."""
        yield from self._pictures

    def shows(self, identifier: str) -> bool:
        """Whether a page names it."""
        return bool(identifier) and identifier in self._shown

    def left_over(self, number: int) -> str:
        """The marker of a picture unless a page has shown it."""
        picture = self._pictures[number] if number < len(self._pictures) else None
        return f"[{picture.name}]" if picture and not self.shows(picture.content_id) else ""

    def marker(self, tag: Tag) -> str:
        """What stands in the text for an ``img``; a picture written into the page is taken out of it."""
        source = tag.attributes.get("src", "")
        if identifier := content_id(source[:600]):
            self._shown.add(identifier)
            return f"[{self._names.get(identifier) or _named(identifier, '')}]"
        if data := _DATA.match(source[:400]):
            return self._from_data(tag, data, source)
        alt = " ".join(tag.attributes.get("alt", "").split())[:MAX_ALT_LENGTH]
        return alt if len(alt) < 3 else f"[{alt}]"

    def _from_data(self, tag: Tag, data: re.Match[str], source: str) -> str:
        if len(self._pictures) >= MAX_DATA_PICTURES:
            return ""
        encoded = source[data.end() :]
        is_base64 = data[2].lower().endswith(";base64")
        content = from_base64(encoded.encode("ascii", "ignore")) if is_base64 else unquote_to_bytes(encoded)
        identifier = f"data-{len(self._pictures) + 1}"
        number = self.add(identifier, "", f"image/{data[1].lower()}", content)
        self._shown.add(identifier)
        if "src" in tag.places:
            self._replaced.append((*tag.places["src"], f"cid:{identifier}"))
        return f"[{self._pictures[number].name}]"

    def with_content_ids(self, page: str) -> str:
        """The page that was read last, its written-in pictures named by ``cid:`` as the others."""
        pieces, position = [], 0
        for begin, end, address in self._replaced:
            pieces += [page[position:begin], address]
            position = end
        self._replaced = []
        return "".join([*pieces, page[position:]])


def _named(identifier: str, subtype: str, number: int = 1) -> str:
    """A name for a picture without one: what stands before the @ of its id, if it looks like a name."""
    stem = identifier.partition("@")[0]
    if re.fullmatch(r"[\w-]{1,80}\.[A-Za-z]{2,5}", stem):
        return stem
    extension = _EXTENSIONS.get(subtype, subtype if subtype.isalnum() else "")
    return f"image{number:03}.{extension or 'png'}"
