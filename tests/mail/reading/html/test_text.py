"""A page is read as its reader saw it: lists, tables, links, what is cited and what is hidden."""

import pytest

from mail.reading.html.text import text_of_html


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal>b</p>", "a\nb"),
        ("<p>One &lt;b&gt;</p><script>bad()</script>two<br>three", "One <b>\n\ntwo\nthree"),
        ("<head><title>x</title><style>p {}</style></head><body>y</body>", "y"),
        ("a <b>b</b>c\n d&nbsp;&nbsp;e", "a bc d  e"),
        ("if a < b && c > d <3", "if a < b && c > d <3"),
        ("&copy;&#20;&#99999999999999999;x", "©\ufffdx"),
        ("a<!-- x --> b<!--[if mso]>z<![endif]-->c<![if !x]>d<![endif]>", "a bcd"),
        ('<p title="a>b">x</p>', "x"),
    ],
)
def test_text_and_lines(page: str, text: str) -> None:
    assert text_of_html(page).replace("\x14", "") == text


def test_lists_have_numbers_and_bullets() -> None:
    page = "<ol><li>重启</li><li>打开<ul><li>a<li>b</ul></ol><ol start=7><li><p>c</p></li></ol>"
    assert text_of_html(page) == "1. 重启\n2. 打开\n  - a\n  - b\n7. c"


def test_a_row_of_a_table_is_a_line() -> None:
    page = (
        "<table><tr><td>Id</td><td>7034</td></tr>\n"
        "<tr><th><p class=MsoNormal>Level</p></th><td><div>Error</div></td></tr></table>after"
    )
    assert text_of_html(page) == "Id\t7034\nLevel\tError\nafter"


def test_the_lines_of_a_log_stay_as_they_are() -> None:
    page = "<p>步骤：</p><pre>\nPS C:\\&gt; Get-FileHash\n  SHA256   07FCF4\n\nend</pre>\nand\nso on"
    assert text_of_html(page) == "步骤：\n\nPS C:\\> Get-FileHash\n  SHA256   07FCF4\n\nend\nand so on"


def test_a_link_tells_where_it_leads_unless_it_shows_it() -> None:
    page = (
        '<a href="https://x.example/a?b=1&amp;c">the log</a>, '
        '<a href="https://x.example">https://x.example/</a>, '
        '<a href="mailto:a@b.example">a@b.example</a>, '
        '<a href="javascript:x()">none</a>, <a href="#top">up</a>'
    )
    assert (
        text_of_html(page) == "the log <https://x.example/a?b=1&c>, https://x.example/, a@b.example, none, up"
    )


def test_a_link_of_which_the_beginning_is_shown_is_read_whole() -> None:
    page = (
        'See <a href="https://x.example/a/long/one">https://x.example/a…</a> and '
        '<a href="https://x.example/b">the log…</a>, <a href="https://x.example/c">…</a>'
    )
    assert text_of_html(page) == (
        "See https://x.example/a/long/one and the log… <https://x.example/b>, … <https://x.example/c>"
    )


def test_hidden_text_is_left_out() -> None:
    page = (
        '<div style="display: none">a<p>b</div>seen <span style="font-size:0px">c</span>'
        '<p style="DISPLAY:NONE">d<p>shown</p><div hidden>e</div><span style="font-size:0.8em">small</span>'
    )
    assert text_of_html(page) == "seen\n\nshown\n\nsmall"


CITED = {
    "Thunderbird": '<div class="moz-cite-prefix">甲 写道:</div><blockquote type=cite>old<br>er</blockquote>',
    "NetEase": '<div>甲 写道:</div><blockquote id="isReplyContent"><div>old</div><div>er</div></blockquote>',
    "Gmail": '<div>甲 写道:</div><blockquote class="gmail_quote"><div>old</div>er</blockquote>',
    "a line at the left": '甲 写道:<blockquote style="border-left: 1px solid #ccc">old<br>er</blockquote>',
    "behind a colon": "甲 写道：<br><blockquote><div>old</div><div>er</div></blockquote>",
}


@pytest.mark.parametrize("page", CITED.values(), ids=CITED)
def test_cited_blocks_are_lines_with_a_mark(page: str) -> None:
    lines = text_of_html(f"<div>new</div>{page}<div>below</div>").replace("：", ":").split("\n")
    assert lines == ["new", "甲 写道:", "> old", "> er", "below"]


def test_what_is_cited_in_a_citation_has_two_marks_and_an_indent_none() -> None:
    page = "<blockquote type=cite>a<blockquote type=cite>b</blockquote>c</blockquote>"
    assert text_of_html(page) == "> a\n> > b\n> c"
    assert text_of_html('<blockquote style="margin: 0 0 0 40px">mine</blockquote>') == "mine"


def test_deep_nesting_loses_its_meaning_and_no_text() -> None:
    assert text_of_html("<div>" * 5000 + "deep" + "</div>" * 5000 + "after") == "deep\nafter"
    cited = text_of_html("<blockquote type=cite>" * 50 + "x")
    assert cited == "> " * 10 + "x"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<div style="white-space:pre-wrap">09:01 stop\n\n&gt; ok</div>', "09:01 stop\n\n> ok"),
        ('<div style="white-space: pre-line"><span>a\nb</span></div>', "a\nb"),
        ('<pre style="white-space:normal">a\nb</pre>', "a b"),
        ('<div style="white-space:pre"><p style="white-space:normal">a\nb</p>c\nd</div>', "a b\n\nc\nd"),
        ('<p style="white-space:nowrap">a\nb</p>', "a b"),
    ],
)  # fmt: skip
def test_line_ends_that_a_style_keeps_are_kept(page: str, text: str) -> None:
    assert text_of_html(page) == text
