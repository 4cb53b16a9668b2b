"""A mail's page as it is shown in a frame: cleaned, its own pictures within it, made in the sandbox."""

import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace

from engine.sandbox.confinement import confinement
from engine.sandbox.sandbox import Allowance, JobFailed, Sandbox, Stopped
from engine.sandbox.wire import refusing
from mail.errors import NoMail, Unreadable
from mail.reading.html.page import CleanedPage, cleaned_html
from mail.reading.html.pictures import looks_like_picture
from mail.reading.mail import Attachment, Mail
from mail.reading.message import read_mail

ALLOWANCE = Allowance(memory=768 * 2**20, file=0, files=64, silence=30.0, cpu=10, cpu_per_mib=1.0)
MAX_WRITTEN_IN = 16 * 2**20
"""Characters of pictures that are written into a page; a further one is left out."""


def shown_in_sandbox(raw: bytes) -> CleanedPage:
    """The page of a mail, its HTML empty where it has none. Raises ``NoMail``, ``Unreadable`` also for one
    that takes too long, ``SandboxBroken``."""
    try:
        with Sandbox(ALLOWANCE, [confinement([])], module=__name__) as sandbox:
            page: CleanedPage = sandbox.call(showing, raw, on_message=lambda _: None, size=len(raw))
    except (Stopped, JobFailed) as stopped:
        raise Unreadable(str(stopped)) from stopped
    return page


@refusing(NoMail, Unreadable)
def showing(emit: Callable[[bytes], None], raw: bytes) -> CleanedPage:
    """In the child."""
    return shown_page(read_mail(raw))


def shown_page(mail: Mail) -> CleanedPage:
    """The cleaned page; a frame that may send no cookie and fetch nothing shows the pictures all the same."""
    contents = {each.content_id: each.content for each in mail.pictures if looks_like_picture(each.content)}
    # Nobody can write a name that nobody knows: only what this page asks for is written into it.
    secret = secrets.token_hex(8)
    asked: list[str] = []

    def address(identifier: str) -> str:
        if identifier not in contents:
            return ""
        asked.append(identifier)
        return f"cid:{secret}-{len(asked) - 1}"

    page = cleaned_html(mail.html, address) if mail.html else CleanedPage("", 0)
    room = MAX_WRITTEN_IN

    def written_in(match: re.Match[str]) -> str:
        nonlocal room
        content = contents[asked[int(match[1])]]
        room -= len(content)
        return _data_address(content) if room > 0 else ""

    return replace(page, html=re.sub(rf"cid:{secret}-([0-9]+)", written_in, page.html))


def our_page(html: str, pictures: Iterable[Attachment]) -> str:
    """A page of ours with the pictures that go along within it. Only its template writes an address into an
    attribute: of what people wrote quotation marks are escaped."""
    contents = {each.content_id: each.content for each in pictures}

    def written_in(match: re.Match[str]) -> str:
        return _data_address(contents[match[1]]) if match[1] in contents else match[0]

    return re.sub(r'(?<= src=")cid:([^"]{1,200})(?=")', written_in, html)


def _data_address(content: bytes) -> str:
    # Browsers go by the first bytes, whatever kind of picture is declared.
    return f"data:image/png;base64,{b64encode(content).decode()}"
