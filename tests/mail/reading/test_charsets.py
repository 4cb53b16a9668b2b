"""Text of a mail is read by what its label means, and one broken byte costs one character."""

from base64 import b64encode
from urllib.parse import quote_from_bytes

import pytest

from mail.reading.charsets import decoded, words


@pytest.mark.parametrize(
    ("label", "content", "text"),
    [
        ("gb2312", "朱镕基，喆".encode("gb18030"), "朱镕基，喆"),
        ("GBK", "服务".encode("gbk"), "服务"),
        ("x-gbk", "服务".encode("gbk"), "服务"),
        ("gb2312", "您好".encode("gbk") + b"\x80 100", "您好€ 100"),
        ("big5", "紀錄裏".encode("cp950"), "紀錄裏"),
        ("big5", "㗎".encode("big5hkscs"), "㗎"),
        ("shift_jis", "①サービス㈱".encode("cp932"), "①サービス㈱"),
        ("ks_c_5601-1987", "똠방".encode("cp949"), "똠방"),
        ("euc-kr", "똠방".encode("cp949"), "똠방"),
        ("iso-8859-1", b"It\x92s \x96 so", "It’s – so"),
        ("us-ascii", b"It\x92s \x96 so", "It’s – so"),
        ("", b"customer\x92s", "customer’s"),
        ("iso-8859-9", b"\xfe\x80", "ş€"),
        ("windows-874", b"\xa1", "ก"),
        ("us-ascii", "日志".encode(), "日志"),
        ("us-ascii", "日志已上传".encode("gbk"), "日志已上传"),
        ("", "日志已上传".encode("gbk"), "日志已上传"),
        ("unknown-8bit", "日志".encode(), "日志"),
        ("no-such-charset", "日志".encode(), "日志"),
        ("utf-8", b"\xef\xbb\xbf" + "日志".encode(), "日志"),
        ("utf-16", "日志".encode("utf-16"), "日志"),
        ("utf-7", b"+2AA-", "?"),
        ("utf-7", b"Gr+APYA3w-e", "Größe"),
        ("unicode-1-1-utf-7", b"Gr+APYA3w-e", "Größe"),
        ("HZ-GB-2312", b"~{HUV>~} 1~~2", "日志 1~2"),
    ],
)
def test_a_label_stands_for_its_superset(label: str, content: bytes, text: str) -> None:
    assert decoded(content, label) == text


@pytest.mark.parametrize(
    ("label", "content", "text"),
    [
        ("utf-8", "您好。".encode() + b"\xff" + "重启".encode(), "您好。\ufffd重启"),
        ("utf-8", "日志已".encode()[:-1], "日志\ufffd"),
        ("", "日志已".encode()[:-1], "日志\ufffd"),
        ("gb2312", "服务停止".encode("gbk")[:-1], "服务停\ufffd"),
        ("gb2312", "服务".encode("gbk") + b"\xff" + "停".encode("gbk"), "服务\ufffd停"),
        ("gb2312", b"5 \x80, 6 \x80" + "停".encode("gbk"), "5 €, 6 €停"),
        ("gb2312", b"\xff\x80a\x81\n" + "停".encode("gbk") + b"\xff\xff", "\ufffd€a\ufffd\n停\ufffd\ufffd"),
        ("gb2312", b"\x81\x30\x81\xff" + "𠀀停".encode("gb18030"), "\ufffd0\ufffd\ufffd𠀀停"),
        ("shift_jis", "サービ".encode("cp932")[:-1], "サー\ufffd"),
    ],
)
def test_a_broken_byte_is_replaced_and_the_charset_kept(label: str, content: bytes, text: str) -> None:
    assert decoded(content, label) == text


def test_a_label_that_fits_hardly_anything_is_not_believed() -> None:
    assert decoded("服务已经停止".encode("gbk"), "utf-8") == "服务已经停止"
    assert decoded("服务已停止".encode(), "gb2312") == "服务已停止"
    assert decoded("die Größe für Köln".encode("cp1252"), "utf-8") == "die Größe für Köln"
    assert decoded("服务已经停止，请看日志。".encode("gbk"), "iso-8859-1") == "服务已经停止，请看日志。"
    long = "服务a已经停止，请看日志。" * 20_000
    assert decoded(long.encode("gbk") + b"\xff", "iso-8859-1") == f"{long}\ufffd"
    assert decoded("日志".encode("gbk") * 40_000, "iso-8859-1") == "日志" * 40_000
    assert decoded("déjà vu à Orléans, où".encode("cp1252"), "iso-8859-1") == "déjà vu à Orléans, où"


@pytest.mark.parametrize(
    ("label", "content", "text"),
    [
        ("iso-8859-1", "服务".encode(), "服务"),
        ("windows-1252", "naïve".encode(), "naïve"),
        ("iso-8859-15", "Straße".encode(), "Straße"),
        ("iso-8859-1", "服务已停止".encode()[:-1], "服务已停\ufffd"),
        ("gb2312", "重启".encode(), "重启"),
        ("big5", "服务".encode(), "服务"),
        ("big5", "服务停止之后请重新启动。".encode("gbk"), "服务停止之后请重新启动。"),
        ("gb2312", "服務停止之後請重新啟動。".encode("big5"), "服務停止之後請重新啟動。"),
        ("utf-8", b"\xed\xa0\xbd\xed\xb8\x80 " + "重启".encode(), "😀 重启"),
    ],
)
def test_a_label_is_not_believed_where_the_bytes_are_of_another_charset(
    label: str, content: bytes, text: str
) -> None:
    assert decoded(content, label) == text


@pytest.mark.parametrize("missing", range(6))
def test_a_byte_that_was_lost_from_a_short_text_costs_one_character(missing: int) -> None:
    content = "重启".encode()
    kept = decoded(content[:missing] + content[missing + 1 :], "utf-8")
    assert kept.strip("\ufffd") == ("启" if missing < 3 else "重")


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("gb2312", "联通"),
        ("gb2312", "堵车"),
        ("gbk", "您的密碼不能"),
        ("gbk", "模板名稱"),
        ("big5", "密碼與模板的名稱"),
        ("iso-8859-1", "SÃO"),
        ("utf-8", "服务"),
    ],
)
def test_a_true_label_is_believed_however_short_the_text(label: str, text: str) -> None:
    assert decoded(text.encode({"gb2312": "gbk", "iso-8859-1": "cp1252"}.get(label, label)), label) == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("重新啟動之後服務無法使用".encode("big5"), "重新啟動之後服務無法使用"),
        ("重新启动之后服务无法使用".encode("gbk"), "重新启动之后服务无法使用"),
        ("为证据取消".encode("gbk"), "为证据取消"),
        ("未能送达".encode("gbk") + b"\xff" + "，请看日志".encode("gbk"), "未能送达\ufffd，请看日志"),
        ("Größe, Straße, Frösche".encode("cp1252"), "Größe, Straße, Frösche"),
        ("coração, não, señor, créé".encode("cp1252"), "coração, não, señor, créé"),
        ("日志".encode("gbk") * 40_000, "日志" * 40_000),
        ("日誌".encode("big5") * 40_000, "日誌" * 40_000),
        ("送信できませんでした".encode("iso2022_jp"), "送信できませんでした"),
    ],
)
def test_what_no_label_stands_on_is_told_by_its_everyday_characters(content: bytes, text: str) -> None:
    assert decoded(content, "") == text
    assert decoded(content, "x-unknown") == text


def _word(charset: str, content: bytes) -> str:
    return f"=?{charset}?B?{b64encode(content).decode()}?="


def test_encoded_words_are_joined_before_they_are_read() -> None:
    content = "关于日志的问题".encode("gbk")
    split = f"Re: {_word('gb2312', content[:5])}\n {_word('GB2312', content[5:])} end"
    assert words(split) == "Re: 关于日志的问题 end"
    quoted = quote_from_bytes("日志".encode()).replace("%", "=")
    assert words(f"=?utf-8?Q?{quoted}_x?= =?utf-8?b?{b64encode('。'.encode()).decode()}?=") == "日志 x。"
    assert words(f"{_word('utf-8', '日'.encode())} {_word('gbk', '志'.encode('gbk'))}") == "日志"
    assert words(f"{_word('utf-8', '日'.encode())} and {_word('utf-8', '志'.encode())}") == "日 and 志"
    assert words("=?utf-8*zh?B?5pel?=") == "日"
    assert words(f"=?utf-8?B?{b64encode('日志a'.encode()).decode().rstrip('=')}?=") == "日志a"
    assert words("a =? b ?= =?x?q") == "a =? b ?= =?x?q"
