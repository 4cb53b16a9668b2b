"""Each shape of mail that real programs send is read whole: its text, its files, what it says of itself."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mail.errors import NoMail
from mail.reading.message import read_mail
from tests.mail.builders import HEADER, PNG, mail, multipart, page, part, plain

STUB = "您的邮件客户端不支持 HTML，请用浏览器查看。"
NEW = "日志已上传空间，请查收，谢谢"
INLINE = "Content-Disposition: inline"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (multipart("mixed", page(f"<p>{NEW}</p>"), plain("由网关扫描。", INLINE)), f"{NEW}\n\n由网关扫描。"),
        (
            multipart("mixed", plain("see below"), page("<p>It stops at 9.</p>")),
            "see below\n\nIt stops at 9.",
        ),
        (multipart("mixed", plain("a"), plain("b"), plain("发自我的iPhone")), "a\n\nb\n\n发自我的iPhone"),
        (multipart("alternative", plain(STUB), page(f"<p>{NEW}</p>")), NEW),
        (multipart("alternative", page(f"<p>{NEW}</p>"), plain(NEW)), NEW),
        (multipart("alternative", plain(NEW), page("<p>&nbsp;</p>")), NEW),
        (multipart("alternative", plain(NEW * 9), page("<p>See the text.</p>")), NEW * 9),
        (multipart("mixed", part("text/html; charset=utf-8; name=mail.html", NEW, INLINE)), NEW),
        (
            multipart(
                "mixed", part("text/html; charset=utf-8; name=mail.html", NEW, INLINE), plain("由网关扫描。")
            ),
            f"{NEW}\n\n由网关扫描。",
        ),
        (part("multipart/mixed; boundary=zzz", NEW), NEW),
        (part("multipart/mixed; boundary=zzz", f"<html><p>{NEW}</p></html>"), NEW),
        (f"Content-Type: multipart/mixed; boundary=b\n\n--other\n\n{NEW}\n--other--\n".encode(), NEW),
        (f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n{NEW}".encode(), NEW),
        (f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{NEW}\n--b--".encode(), NEW),
        (multipart("signed", plain(NEW), part("application/pgp-signature", "x")), NEW),
        (part("text/enriched", "<bold>a</bold> <<b>\nc\n\nd<param>x</param>"), "a <b> c\nd"),
        (
            part("text/plain; charset=utf-8; format=flowed", "one \ntwo\n> cited \n> on\nend"),
            "one two\n> cited on\nend",
        ),
        (part("text/plain; format=flowed; delsp=yes", "日 \n志"), "日志"),
        (part("text/plain; charset=utf-8", NEW, encoding="base64"), NEW),
        (page('<meta charset="gb2312">').replace(b"; charset=utf-8", b"") + NEW.encode("gbk"), NEW),
    ],
)
def test_the_text_is_all_that_its_reader_sees(body: bytes, text: str) -> None:
    read = read_mail(mail(body))
    assert (read.text, read.attachments, read.trouble) == (text, [], [])


def test_a_log_that_is_all_of_a_mail_is_shown_and_is_a_file() -> None:
    log = part(
        "text/plain; charset=utf-8", "08:00 停止", "Content-Disposition: inline; filename=system.log.txt"
    )
    read = read_mail(mail(multipart("mixed", log)))
    assert read.text == "08:00 停止"
    assert [(file.name, file.content.decode()) for file in read.attachments] == [
        ("system.log.txt", "08:00 停止")
    ]


def test_a_disposition_that_is_none_makes_no_file_of_the_text() -> None:
    read = read_mail(
        mail(part("text/html; charset=utf-8", f"<p>{NEW}</p>", "Content-Disposition: =?x?Q?y?="))
    )
    assert (read.text, read.attachments) == (NEW, [])


def test_a_log_that_stands_in_the_mail_is_a_file() -> None:
    log = part(
        "text/plain; name=system.log", "08:00 begun", "Content-Disposition: inline; filename=system.log"
    )
    for body in (multipart("mixed", log), multipart("mixed", plain("see"), log)):
        read = read_mail(mail(body))
        assert [(file.name, file.content) for file in read.attachments] == [("system.log", b"08:00 begun")]


def test_a_picture_in_the_page_is_kept_and_its_place_named() -> None:
    picture = part(
        'image/png; name="image001.png"', PNG, INLINE, "Content-ID: <image001.png@01D6C4>", encoding="base64"
    )
    shown = page(f'<p>{NEW}<img src="cid:image001.png@01D6C4"></p>')
    read = read_mail(
        mail(multipart("related", multipart("alternative", plain(NEW), shown, boundary="c"), picture))
    )
    assert read.text == f"{NEW}[image001.png]"
    (kept,) = read.pictures
    assert (kept.name, kept.media_type, kept.content_id) == (
        "image001.png",
        "image/png",
        "image001.png@01D6C4",
    )
    assert kept.content == PNG
    assert not read.attachments


def test_a_photo_between_two_texts_keeps_its_place() -> None:
    photo = part("image/jpeg; name=image0.jpeg", PNG, INLINE, "Content-Id: <1B>", encoding="base64")
    read = read_mail(mail(multipart("mixed", plain("见图"), photo, plain("发自我的iPhone"))))
    assert read.text == "见图\n\n[image0.jpeg]\n\n发自我的iPhone"
    assert [picture.content for picture in read.pictures] == [PNG]


def test_a_picture_written_into_the_page_is_taken_out_of_it() -> None:
    read = read_mail(mail(page(f'a <img src="data:image/png;base64,{b64encode(PNG).decode()}" alt=x> b')))
    assert read.text == "a [image001.png] b"
    assert [(picture.name, picture.content) for picture in read.pictures] == [("image001.png", PNG)]
    assert read.html == 'a <img src="cid:data-1" alt=x> b'


def test_an_attachment_that_the_page_shows_is_a_picture() -> None:
    hidden = part(
        "application/octet-stream; name=a.png",
        PNG,
        "Content-Disposition: attachment",
        "Content-ID: <x>",
        encoding="base64",
    )
    read = read_mail(mail(multipart("related", page('<img src="cid:x">'), hidden)))
    assert (read.text, [picture.name for picture in read.pictures], read.attachments) == (
        "[a.png]",
        ["a.png"],
        [],
    )


def test_a_message_in_the_message_is_a_file_and_is_read() -> None:
    inner = mail(multipart("mixed", plain("what the vendor said"), part("application/x; name=a.zip", "zip")))
    for fields in ((), ("Content-Disposition: attachment",)):
        read = read_mail(
            mail(multipart("mixed", plain(NEW), part("message/rfc822", inner, *fields), boundary="o"))
        )
        assert [(file.name, file.content) for file in read.attachments] == [("logs.eml", inner)]
        assert read.text.startswith(f"{NEW}\n\n> From: Alice <alice@customer.example>\n")
        assert read.text.endswith("> Subject: logs\n>\n> what the vendor said")


def test_an_invitation_is_no_file() -> None:
    calendar = part(
        "text/calendar; charset=utf-8; method=REPLY", "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR"
    )
    read = read_mail(mail(multipart("alternative", plain("好的，11:30 可以。"), calendar)))
    assert (read.text, read.attachments) == ("好的，11:30 可以。", [])
    assert read.calendar == ["BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR"]


def test_a_report_for_machines_is_no_file() -> None:
    status = part("message/delivery-status", "Final-Recipient: rfc822; a@b.example\nAction: failed")
    read = read_mail(mail(multipart("report", plain("not delivered"), status)))
    assert (read.text, read.attachments) == ("not delivered", [])
    assert [(report.media_type, report.text.split(";")[0]) for report in read.reports] == [
        ("message/delivery-status", "Final-Recipient: rfc822")
    ]


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    read = read_mail(mail(plain("see\nbegin 644 a.log\n#86)C\n`\nend\nbye\nbegin 1 not\nend")))
    assert [(file.name, file.content) for file in read.attachments] == [("a.log", b"abc")]
    assert read.text == "see\n[a.log]\nbye\nbegin 1 not\nend"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('attachment; filename="事件.log"', "事件.log"),
        ("attachment; filename*=GB18030''%C8%D5%D6%BE.txt", "日志.txt"),
        ("attachment; filename*0*=utf-8''%E6%97%A5; filename*1*=%E5%BF%97; filename*2=.zip", "日志.zip"),
        (f'attachment; filename="=?gbk?B?{b64encode("日志".encode("gbk")[:3]).decode()}?=\n'
         f' =?gbk?B?{b64encode("日志".encode("gbk")[3:]).decode()}?=.zip"', "日志.zip"),
        ("attachment; filename=my file.log", "my file.log"),
    ],
)  # fmt: skip
def test_file_names_are_read_as_they_were_meant(field: str, name: str) -> None:
    for charset in ("utf-8", "gb18030"):
        raw = b"Content-Disposition: " + field.encode(charset) + b"\n\nbytes"
        assert [file.name for file in read_mail(HEADER + raw).attachments] == [name]


def test_the_header_tells_thread_and_time() -> None:
    read = read_mail(
        mail(
            plain(NEW),
            "Date: Fri, 27 Nov 2020 15:13:02 +0800",
            "References: <a@x>\n <b@x> junk",
            "References: <c@\n x>",
            "In-Reply-To: Your mail <c@x>",
            "Message-ID: <m1@customer.example>",
            "Cc: b@x.example",
        )
    )
    assert read.date == datetime(2020, 11, 27, 15, 13, 2, tzinfo=timezone(timedelta(hours=8)))
    assert (read.references, read.in_reply_to) == (["<a@x>", "<b@x>", "<c@x>"], ["<c@x>"])
    assert (read.message_id, read.recipients) == (
        "<m1@customer.example>",
        "support@vendor.example, b@x.example",
    )
    assert read_mail(mail(plain(NEW), "Date: 27 Nov 2020 07:13:02")).date == datetime(
        2020, 11, 27, 7, 13, 2, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 27 Nov 2020 15:13:02 +0800 (CST)",
        "27 Nov 2020 07:13:02 GMT",
        "2020-11-27 15:13:02 +08:00",
        "2020-11-27T07:13:02Z",
    ],
)
def test_a_date_is_read_as_mailers_and_scripts_write_it(date: str) -> None:
    assert read_mail(mail(plain(NEW), f"Date: {date}")).date == datetime(2020, 11, 27, 7, 13, 2, tzinfo=UTC)


@pytest.mark.parametrize("date", ["昨天", "Fri, 99 Nov 2020 15:13:02 +0800", "31 Dec 9999 23:00 -2300", ""])
def test_a_date_that_is_none_is_told_as_it_came(date: str) -> None:
    read = read_mail(mail(plain(NEW), f"Date: {date}"))
    assert (read.date, read.date_text) == (None, date)


def test_doubled_recipients_are_merged_and_other_doubled_fields_told() -> None:
    read = read_mail(mail(plain(NEW), "To: b@x.example"))
    assert (read.to, read.doubled) == ("support@vendor.example, b@x.example", [])
    read = read_mail(mail(plain(NEW), "From: eve@x.example", "Subject: other"))
    assert read.doubled == ["From"]
    assert (read.sender, read.text) == ("Alice <alice@customer.example>, eve@x.example", NEW)


def test_of_a_field_that_scripts_and_gateways_double_the_signed_one_is_read() -> None:
    on_top = b"Subject: not signed\nMessage-ID: <top@x.example>\nDate: Fri, 27 Nov 2020 15:13:02 +0800\n"
    signed = ("Message-ID: <m1@customer.example>", "Date: Fri, 27 Nov 2020 10:00:00 +0800")
    read = read_mail(on_top + mail(plain(NEW), *signed, "Reply-To: a@x.example", "Reply-To: b@x.example"))
    assert (read.subject, read.message_id, read.doubled) == ("logs", "<m1@customer.example>", [])
    assert read.date == datetime(2020, 11, 27, 2, 0, tzinfo=UTC)
    assert read.reply_to == "a@x.example, b@x.example"


def test_a_second_type_makes_a_mail_suspicious_where_it_says_something_else() -> None:
    assert read_mail(b"Content-Type: text/plain;  charset=UTF-8\n" + mail(plain(NEW))).doubled == []
    assert read_mail(b"Content-Type: text/html\n" + mail(plain(NEW))).doubled == ["Content-Type"]


def test_what_has_no_header_is_no_mail() -> None:
    with pytest.raises(NoMail):
        read_mail(b"\n\nonly a body")


def test_nothing_that_is_read_holds_a_nul() -> None:
    word = f"=?utf-8?B?{b64encode(b'a' + bytes(1) + b'b').decode()}?="
    inner = mail(plain("c\0d"), "Date: a\0b")
    file = part("message/rfc822", inner, f'Content-Disposition: attachment; filename="{word}.eml"')
    read = read_mail(
        mail(multipart("mixed", plain("a\0b"), file, boundary="o"), f"Cc: {word} <a\0@b.example>")
    )
    assert read.text.startswith("ab\n\n> From: ") and read.text.endswith("> cd")
    assert "\0" not in read.text + read.cc
    assert [attachment.name for attachment in read.attachments] == ["ab.eml"]
