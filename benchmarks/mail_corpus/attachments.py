"""Mails with files, pictures in the text, and mails within them."""

from collections.abc import Iterator

from benchmarks.mail_corpus.building import Envelope, Part, file, page, several, text
from benchmarks.mail_corpus.cast import NUMBER, envelope
from benchmarks.mail_corpus.labels import Desk, LabelledMail, Outcome

NEW = "请看附件。"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "050001a5f645400000000049454e44ae426082"
)
LOG = b"2020-11-24 09:01:43 service stopped\r\n" * 20


def _picture(name: str, cid: str, disposition: str = "inline") -> Part:
    headers = [("Content-ID", f"<{cid}>"), ("Content-Disposition", f'{disposition}; filename="{name}"')]
    return Part(f'image/png; name="{name}"', PNG, "base64", headers)


def mails(desk: Desk) -> Iterator[LabelledMail]:
    """Each with the names that must be kept."""
    shown = page(f'<p>{NEW}</p><p><img src="cid:image001.png@01D6"></p>')
    inner = Envelope("dev@other.example", "cu@client.example", "fix", "<inner@other.example>")
    nested = Part(
        "message/rfc822",
        inner.mail(text("开发商的回复。")),
        "7bit",
        [("Content-Disposition", 'attachment; filename="fix.eml"')],
    )
    uuencoded = f"{NEW}\n\nbegin 644 service.log\n#0V%T\n`\nend\n"
    bodies: dict[str, tuple[Part, tuple[str, ...]]] = {
        "log": (several("mixed", text(NEW), file("service.log", LOG)), ("service.log",)),
        "name-2047": (several("mixed", text(NEW), file("系统日志.log", LOG)), ("系统日志.log",)),
        "name-2231": (
            several("mixed", text(NEW), file("系统日志.log", LOG, style="2231")),
            ("系统日志.log",),
        ),
        "name-raw": (several("mixed", text(NEW), file("系统日志.log", LOG, style="raw")), ("系统日志.log",)),
        "two": (
            several("mixed", text(NEW), file("a.log", LOG), file("b.log", LOG + b"b")),
            ("a.log", "b.log"),
        ),
        "screenshot": (
            several("related", shown, _picture("image001.png", "image001.png@01D6")),
            ("image001.png",),
        ),
        "screenshot-apple": (
            several("mixed", text(NEW), _picture("image0.png", "A1@client"), text("\n发自我的 iPhone")),
            ("image0.png",),
        ),
        "nested": (several("mixed", text(NEW), nested), ("fix.eml",)),
        "uuencode": (text(uuencoded), ("service.log",)),
        "text-first": (several("mixed", file("a.log", LOG), text(NEW)), ("a.log",)),
        "signed": (
            several(
                "signed", text(NEW), Part('application/pkcs7-signature; name="smime.p7s"', b"0", "base64")
            ),
            (),
        ),
        "named-body": (Part('text/plain; charset="utf-8"; name="mail.txt"', NEW.encode(), "base64"), ()),
        "footer-of-gateway": (
            several(
                "mixed", page(f"<p>{NEW}</p>"), text("This e-mail is confidential and for the addressee.")
            ),
            (),
        ),
        "never-used-boundary": (Part('multipart/mixed; boundary="never"', NEW.encode(), "8bit"), ()),
        "empty-alternative": (several("alternative", text(" "), page(f"<p>{NEW}</p>")), ()),
    }
    for name, (body, kept) in bodies.items():
        title = f"file-{name}"
        raw = envelope(desk, title).mail(body)
        yield LabelledMail(title, raw, Outcome.IN_CASE, NUMBER, (NEW,), files=kept)
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@client.example\r\n"
        "DTSTART:20201127T033000Z\r\nSUMMARY:call\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    invitation = Part('text/calendar; charset="utf-8"; method=REQUEST', calendar.encode(), "base64")
    body = several("alternative", text("11:30 通电话可以吗？"), invitation)
    raw = envelope(desk, "file-invitation").mail(body)
    yield LabelledMail("file-invitation", raw, Outcome.IN_CASE, NUMBER, ("11:30 通电话可以吗？",))
