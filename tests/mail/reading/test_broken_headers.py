"""A header that scripts and gateways have broken is read to its end, and proves nothing more than before."""

import pytest

from mail.reading.message import read_mail

NEW = "日志已上传空间，请查收，谢谢"
HEAD = (
    "From: Li <li@plant.example>\nSubject: 日志\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
)


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (f"\n \n{HEAD}", "日志"),
        (f"\n{HEAD}".replace("\n", "\r\n"), "日志"),
        (f"\ufeff{HEAD}", "日志"),
        (f">From li@plant.example Mon Jan  1 08:00:00 2018\n{HEAD}", "日志"),
        (f"this is no field\n{HEAD}", "日志"),
        (HEAD.replace("Subject:", "Subject :"), "日志"),
        (HEAD.replace("Content-Type:", "Content-Type \t:"), "日志"),
        (HEAD.replace("Subject: 日志", "Subject: 重启之后\n的日志"), "重启之后 的日志"),
        (HEAD.replace("From:", "Received: a\nno field\n  going on\nFrom:"), "日志"),
        (HEAD.replace("Subject:", "From li@plant.example Mon Jan  1\nSubject:"), "日志"),
    ],
)
def test_a_header_that_a_script_has_broken_is_read_to_its_end(head: str, subject: str) -> None:
    read = read_mail(f"{head}\n{NEW}\n".encode())
    assert (read.sender, read.subject, read.text) == ("Li <li@plant.example>", subject, NEW)


def test_what_only_looks_like_a_field_is_text() -> None:
    text = "Hello,\nTo: you\nDate: today\n\nLi"
    header = b"From: li@plant.example\n"
    assert read_mail(header + b"Subject: x\n" + text.encode()).text == text
    parts = f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{text}\n--b--".encode()
    assert read_mail(header + parts).text == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "words",
    [
        "The server n3 is down since ten o'clock.\nPlease call me.\nX-Node: n3\n\nsecond paragraph",
        "The server n3 is down.\nX-Node: n3\n\nsecond paragraph",
        "Call me.\nFrom tomorrow on nobody is there.\nX-Node: n3\n\nsecond paragraph",
        "curl says this:\nContent-Length: 0\nFrom\n : nowhere",
    ],
)
def test_words_without_a_blank_line_above_them_are_all_there(words: str, end: str) -> None:
    for head in ("Subject: node down\nDate: Mon, 01 Jan 2024 08:00:00 +0800", "Subject: node down"):
        raw = f"From: Li <li@plant.example>\n{head}\n{words}".replace("\n", end)
        read = read_mail(raw.encode())
        assert " ".join(words.split()) in " ".join(f"{read.subject} {read.text}".split())
        assert "second paragraph" not in read.subject
    part = f"--b\nContent-Type: text/plain\n{words}\n--b--"
    raw = f"From: li@plant.example\nContent-Type: multipart/mixed; boundary=b\n\n{part}".replace("\n", end)
    assert read_mail(raw.encode()).text == words


def test_fields_before_such_words_are_read() -> None:
    raw = b"From: li@plant.example\nSubject: nodes\nn3\nDate: x\nIt is down.\nX-Node: n3\n\nLi"
    read = read_mail(raw)
    assert (read.subject, read.date_text, read.text) == ("nodes n3", "x", "It is down.\nX-Node: n3\n\nLi")


def test_a_second_sender_among_such_words_is_told() -> None:
    raw = b"From: boss@plant.example\nDate: x\nno field\nFrom: li@plant.example\nDKIM-Signature: v=1\n\nHello"
    assert read_mail(raw).doubled == ["From"]


def test_a_parameter_that_lost_its_indentation_belongs_to_its_field() -> None:
    raw = f"From: li@plant.example\nContent-Type: multipart/mixed;\nboundary=b\n\n--b\n\n{NEW}\n--b--"
    assert read_mail(raw.encode()).text == NEW
    part = "--b\nContent-Type: text/plain;\ncharset=gb2312\nContent-Transfer-Encoding: 8bit\n\n日志\n--b--"
    raw = f"From: li@plant.example\nContent-Type: multipart/mixed; boundary=b\n\n{part}"
    assert read_mail(raw.encode("gb2312")).text == "日志"


def test_parts_below_a_line_of_blanks_are_no_header() -> None:
    parts = "--b\nContent-Type: text/html; charset=utf-8\n\n<p>日志</p>\n--b--"
    raw = f"From: li@plant.example\nContent-Type: multipart/mixed; boundary=b\n \n{parts}"
    assert read_mail(raw.encode()).text == "日志"


def test_a_second_sender_behind_a_folded_colon_is_told() -> None:
    raw = b"Date: x\nFrom\n : <one@plant.example>\nFrom: <other@plant.example>\nMIME-Version: 1.0\n\nHello"
    read = read_mail(raw)
    assert (read.doubled, read.text) == (["From"], "Hello")


def test_no_proof_is_read_below_a_line_that_is_no_field() -> None:
    read = read_mail(
        b"Authentication-Results: mx.vendor.example; dkim=none\n; dkim=pass header.d=plant.example\n"
        b" ; dkim=pass header.d=plant.example\n"
        b"Authentication-Results: mx.vendor.example; dmarc=pass header.from=plant.example\n folded\n"
        b"Authentication-Results : mx.vendor.example; dmarc=pass header.from=plant.example\n"
        b"From: li@plant.example\nMIME-Version: 1.0\n\nHello"
    )
    assert read.results == ["mx.vendor.example; dkim=none"]
    assert (read.sender, read.text) == ("li@plant.example", "Hello")


def test_a_field_without_encoded_words_is_in_the_charset_of_the_body() -> None:
    for charset, subject in (("koi8-r", "Служба остановлена"), ("big5", "服務"), ("gb2312", "服务")):
        raw = f"Content-Type: text/plain; charset={charset}\nSubject: {subject}\n\n{subject}".encode(charset)
        read = read_mail(raw)
        assert (read.subject, read.text) == (subject, subject)
    raw = "Content-Type: text/plain; charset=gb2312\nSubject: 服务器\n\nx".encode()
    assert read_mail(raw).subject == "服务器"
