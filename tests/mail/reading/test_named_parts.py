"""What nobody named is text in its place, what somebody named a file; signatures are neither."""

import pytest

from mail.reading.mail import Mail
from mail.reading.message import read_mail
from tests.mail.builders import mail, multipart, page, part, plain

LOG = part("application/octet-stream; name=a.log", "08:00", "Content-Disposition: attachment")


def inline(name: str) -> str:
    return f'Content-Disposition: inline; filename="{name}"'


def with_second(name: str) -> Mail:
    is_page = "htm" in name
    second = page("<p>第二段。</p>", inline(name)) if is_page else plain("第二段。", inline(name))
    return read_mail(mail(multipart("mixed", page("<p>第一段。</p>"), LOG, second, plain("第三段。"))))


@pytest.mark.parametrize(
    "name",
    [
        *("ATT00001.htm", "att00002.txt", "ATT00003", "mime-attachment.txt", "mime-attachment-2.html"),
    ],
)
def test_a_text_that_nobody_named_is_shown_in_its_place_and_is_no_file(name: str) -> None:
    read = with_second(name)
    assert read.text == "第一段。\n\n第二段。\n\n第三段。"
    assert [file.name for file in read.attachments] == ["a.log"]


@pytest.mark.parametrize(
    "name",
    [
        *("Part 1.2", "part2.html", "part1.txt", "footer.txt", "msg_footer.txt", "disclaimer.html"),
        *("Untitled attachment 00012.txt", "unnamed.txt", "noname", "未命名的附件 00003.txt"),
    ],
)
def test_a_text_that_a_person_may_have_named_so_is_shown_and_is_a_file(name: str) -> None:
    read = with_second(name)
    assert read.text == "第一段。\n\n第二段。\n\n第三段。"
    assert [file.name for file in read.attachments] == ["a.log", name]


@pytest.mark.parametrize("name", ["system.log", "ATT00001.log", "说明.txt", "part.cfg", "ATT00001.htm.exe"])
def test_a_text_that_somebody_named_is_a_file(name: str) -> None:
    read = read_mail(mail(multipart("mixed", plain("请看"), plain("08:00 停止", inline(name)))))
    assert (read.text, [file.name for file in read.attachments]) == ("请看", [name])


def test_a_page_that_exchange_attached_goes_on_with_the_text() -> None:
    rest = page("<p>第二段。</p>", 'Content-Disposition: attachment; filename="ATT00001.htm"')
    read = read_mail(mail(multipart("mixed", page("<p>第一段。</p>"), LOG, rest)))
    assert (read.text, [file.name for file in read.attachments]) == ("第一段。\n\n第二段。", ["a.log"])
    other = page("<p>report</p>", 'Content-Disposition: attachment; filename="report.htm"')
    assert [file.name for file in read_mail(mail(multipart("mixed", other))).attachments] == ["report.htm"]


def test_what_is_attached_is_a_file_whoever_named_it() -> None:
    file = plain("x", 'Content-Disposition: attachment; filename="ATT00001.txt"')
    read = read_mail(mail(multipart("mixed", plain("请看"), file)))
    assert (read.text, [each.name for each in read.attachments]) == ("请看", ["ATT00001.txt"])


def test_a_named_text_without_a_disposition_is_shown_and_is_a_file() -> None:
    note = part("text/plain; charset=utf-8; name=note.txt", "第二步做不了")
    read = read_mail(mail(multipart("mixed", plain("请看"), note)))
    assert (read.text, [file.name for file in read.attachments]) == ("请看\n\n第二步做不了", ["note.txt"])
    log = part("text/plain; charset=utf-8; name=system.log", "08:00 停止")
    read = read_mail(mail(multipart("mixed", plain("请看"), log)))
    assert (read.text, [file.name for file in read.attachments]) == ("请看", ["system.log"])


def test_a_named_text_above_a_footer_is_the_mails() -> None:
    first = part("text/plain; charset=utf-8; name=body.txt", "服务停止了", "Content-Disposition: inline")
    read = read_mail(mail(multipart("mixed", first, plain("由网关扫描。"))))
    assert (read.text, read.attachments) == ("服务停止了\n\n由网关扫描。", [])


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("signed; micalg=sha-256", "application/pkcs7-signature; name=smime.p7s"),
        ("signed", "application/octet-stream; name=smime.p7s"),
        ("signed; protocol=x; micalg*=utf-8''a", "application/x-pgp-signature"),
        ("signed", "application/octet-stream"),
        ("signed", "application/octet-stream; name=signature"),
        ("mixed", "application/octet-stream; name=smime.p7s"),
    ],
)
def test_a_signature_is_no_file_whatever_its_type(kind: str, name: str) -> None:
    signature = part(name, "x", "Content-Disposition: attachment", encoding="base64")
    read = read_mail(mail(multipart(kind, plain("签名邮件"), signature)))
    assert (read.text, read.attachments, read.trouble) == ("签名邮件", [], [])


def test_a_file_beside_a_signature_stays() -> None:
    body = multipart("mixed", plain("签名邮件"), LOG, boundary="c")
    signed = multipart("signed", body, part("application/octet-stream", "x"))
    assert [file.name for file in read_mail(mail(signed)).attachments] == ["a.log"]
    unsigned = multipart("signed", plain("签名邮件"), LOG)
    assert [file.name for file in read_mail(mail(unsigned)).attachments] == ["a.log"]


def test_what_a_mac_notes_of_a_file_is_none() -> None:
    fork = b"\x00\x05\x16\x07\x00\x02\x00\x00"
    note = part("application/applefile; name=a.log", fork, encoding="base64")
    unpacked = part("application/octet-stream; name=._a.log", fork, encoding="base64")
    pair = multipart("appledouble", note, LOG, boundary="c")
    read = read_mail(mail(multipart("mixed", plain("请看"), pair, unpacked)))
    assert [(file.name, file.content) for file in read.attachments] == [("a.log", b"08:00")]
    other = part("application/octet-stream; name=._a.log", b"08:00", encoding="base64")
    single = part("application/applefile; name=b.log", b"\x00\x05\x16\x00", encoding="base64")
    read = read_mail(mail(multipart("mixed", plain("请看"), other, single)))
    assert [file.name for file in read.attachments] == ["._a.log", "b.log"]


def test_a_piece_of_a_mail_is_a_file_and_said_so() -> None:
    first = mail(part("message/partial; id=x; number=1; total=3", mail(plain("服务停止了"))))
    read = read_mail(first)
    assert read.text == "服务停止了"
    assert read.trouble == ["one part of a mail that was sent in several: 1 / 3"]
    assert [file.name for file in read.attachments] == ["mail-1-of-3.eml"]
    read = read_mail(mail(part("message/partial; id=x; number=2", "AAAA")))
    assert (read.text, read.trouble) == ("", ["one part of a mail that was sent in several: 2 / ?"])
    assert [(file.name, file.content) for file in read.attachments] == [("mail-2-of-?.eml", b"AAAA")]
