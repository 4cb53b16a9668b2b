"""What the reader of a mail sees of it."""

from email.message import EmailMessage


def text_of(mail: EmailMessage) -> str:
    """Where her program shows plain text."""
    return _content(mail, "plain")


def page_of(mail: EmailMessage) -> str:
    """Where her program shows HTML."""
    return _content(mail, "html")


def bodies_of(mail: EmailMessage) -> tuple[str, str]:
    """Text and page."""
    return text_of(mail), page_of(mail)


def _content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None, f"no text/{kind}"
    return str(part.get_content()).replace("\r\n", "\n")
