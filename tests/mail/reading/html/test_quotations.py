"""Older mail in the pages that clients write is folded, and a customer's own table is not."""

import time

import pytest

from cases.thread.quoting import segments
from mail.reading.html.text import text_of_html

NEW = "日志已经传好了，麻烦看一下。"
OLD = "原因还没有查明，本地也没有复现。"


def _notes_table(name: str, sent: str, labels: tuple[str, str, str], subject: str) -> str:
    """Writer and time at the left, the fields in a table of their own at the right."""
    values = ("&lt;cu@client.example&gt;", "", subject)
    rows = "".join(
        f"<tr valign=top><td><div align=right><font size=1>{label}</font></div><td><font>{value}</font>"
        for label, value in zip(labels, values, strict=True)
    )
    return (
        f"<font size=2>{NEW}</font><br><br><br><table width=100%><tr valign=top><td width=40%>"
        f"<font size=1><b>{name} &lt;eng@vendor.example&gt;</b></font><p><font size=1>{sent}</font>"
        f"<td width=59%><table width=100%>{rows}</table><br><table><tr><td><td></table><br></table>"
        f"<br><br><font size=2>{OLD}</font>"
    )


def _notes_rows(*fields: str) -> str:
    rows = "".join(
        f"<tr><td>{label}</td><td>{value}</td></tr>"
        for label, value in zip(
            fields,
            ("Engineer A/HQ/Vendor", "cu@client.example", "", "2020/11/27 10:18", "Re: x"),
            strict=True,
        )
    )
    return f"<div>{NEW}</div><br><table border=0>{rows}</table><hr noshade><br><tt>{OLD}</tt>"


def _aliyun(*fields: str) -> str:
    lines = "".join(f'<div style="clear:both"><span>{field}</span></div>' for field in ("-" * 66, *fields))
    return (
        f'<div class="__aliyun_email_body_block"><div>{NEW}</div><div><br></div>'
        f'<blockquote style="margin-right:0;margin-top:0">{lines}<div><br></div><div>{OLD}</div>'
        "</blockquote></div>"
    )


def _outlook(*labels: str) -> str:
    values = (
        "Engineer A &lt;eng@vendor.example&gt;",
        "2020年11月27日 10:18",
        "cu &lt;cu@client.example&gt;",
        "RE",
    )
    fields = "<br>".join(f"<b>{label}:</b> {value}" for label, value in zip(labels, values, strict=True))
    return (
        f'<div class="elementToProof">{NEW}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font>{fields}</font>'
        f"<div>&nbsp;</div></div><div>{OLD}</div>"
    )


PAGES = {
    "notes zh": _notes_table("工程师甲", "2020/11/27 10:18", ("收件人", "抄送", "主题"), "RE: 证书"),
    "notes en": _notes_table("Engineer A", "11/27/2020 10:18 AM", ("To", "cc", "Subject"), "Re: x"),
    "notes de": _notes_table("Engineer A", "27.11.2020 10:18", ("An", "Kopie", "Thema"), "AW: x"),
    "notes zh, rows": _notes_rows("发件人：", "收件人：", "抄送：", "日期：", "主题："),
    "notes en, rows": _notes_rows("From:", "To:", "Cc:", "Date:", "Subject:"),
    "notes en, rows without colons": _notes_rows("From", "To", "Cc", "Date", "Subject"),
    "aliyun zh": _aliyun(
        "发件人：工程师甲 &lt;eng@vendor.example&gt;",
        "发送时间：2020年11月27日(星期五) 10:18",
        "收件人：客户甲 &lt;cu@client.example&gt;",
        "主　题：Re: 证书",
    ),
    "aliyun en": _aliyun(
        "From:Engineer A &lt;eng@vendor.example&gt;",
        "Sent At:2020 Nov. 27 (Fri.) 10:18",
        "To:Customer A &lt;cu@client.example&gt;",
        "Subject:Re: x",
    ),
    "outlook on a telephone": _outlook("From", "Sent", "To", "Subject"),
    "outlook zh-TW": _outlook("寄件者", "寄件日期", "收件者", "主旨"),
    "proton": f"<div>{NEW}</div><div class='protonmail_quote'>------- Original Message -------<br>"
    "On Friday, November 27th, 2020 at 10:18 AM, Engineer A &lt;eng@vendor.example&gt; wrote:<br><br>"
    f"<blockquote class='protonmail_quote' type='cite'><p>{OLD}</p></blockquote></div>",
    "yahoo, the address not escaped": f"<div>{NEW}</div><div class='yahoo_quoted'><div>On Friday, "
    "November 27, 2020 at 10:18:02 AM GMT+8, Engineer A <eng@vendor.example> wrote:</div><br>"
    f"<div>{OLD}</div></div>",
}  # fmt: skip


@pytest.mark.parametrize("client", PAGES)
def test_older_mail_of_a_page_is_folded_with_its_header(client: str) -> None:
    own, older = segments(text_of_html(PAGES[client]))
    assert (own.text, own.quoted, older.quoted) == (NEW, False, True)
    assert older.text.endswith(OLD)
    assert "eng@vendor.example" in older.text or "Engineer A/HQ/Vendor" in older.text


OWN_TABLES = {
    "the words of a header": "<table><tr><td>收件人<td>客户甲<tr><td>抄送<td><tr><td>主题<td>升级</table>",
    "the words of a header as its first row": "<table><tr><th>From<th>To<th>Date<th>Subject"
    "<tr><td>10.0.0.8<td>10.0.0.9<td>2020-11-27 10:18<td>DROP</table>",
    "a log of mails": "<table><tr><td>Date<td>2020-11-27 10:18<tr><td>Host<td>mx.client.example"
    "<tr><td>To<td>ops@client.example<tr><td>Subject<td>disk</table>",
}  # fmt: skip


@pytest.mark.parametrize("table", OWN_TABLES)
def test_a_table_of_her_own_is_shown(table: str) -> None:
    page = f"<div>{NEW}</div>{OWN_TABLES[table]}<div>请看。</div>"
    assert [segment.quoted for segment in segments(text_of_html(page))] == [False]


def _foxmail(older: str = f"<div>{OLD}</div>") -> str:
    fields = "".join(
        f"<div><b>{label}：</b>&nbsp;{value}</div>"
        for label, value in (
            ("发件人", '<a href="mailto:eng@vendor.example">工程师甲</a>'),
            ("发送时间", "2020-11-27&nbsp;10:18"),
            ("收件人", "客户甲"),
            ("主题", "Re: 证书"),
        )
    )
    return (
        '<blockquote style="margin-top: 0px; margin-bottom: 0px; margin-left: 0.5em"><div>&nbsp;</div>'
        f'<div style="border-top: solid #B5C4DF 1.0pt">{fields}</div>{older}</blockquote>'
    )


def _aliyun_block() -> str:
    fields = (
        "发件人：工程师甲 &lt;eng@vendor.example&gt;",
        "发送时间：2020年11月27日(星期五) 10:18",
        "主　题：Re",
    )
    lines = "".join(f"<div>{field}</div>" for field in ("-" * 66, *fields))
    return f"<blockquote>{lines}<div><br></div><div>{OLD}</div></blockquote>"


def _qq() -> str:
    fields = (
        '发件人: "工程师甲"&lt;eng@vendor.example&gt;;',
        "发送时间: 2020年11月27日(星期五) 10:18",
        "主题: Re",
    )
    lines = "".join(f"<div>{field}</div>" for field in (f"{'-' * 18} 原始邮件 {'-' * 18}", *fields))
    return f"<div><includetail>{lines}<div><br></div><div>{OLD}</div></includetail></div>"


BLOCKS = {"foxmail": _foxmail(), "aliyun": _aliyun_block(), "qq": _qq()}


@pytest.mark.parametrize("client", BLOCKS)
def test_an_answer_below_a_block_of_older_mail_is_shown_and_the_block_is_folded(client: str) -> None:
    older, own = segments(text_of_html(f"{BLOCKS[client]}<div>{NEW}</div>"))
    assert (older.quoted, own.quoted, own.text) == (True, False, NEW)
    assert older.text.endswith(OLD)
    above, older, own = segments(text_of_html(f"<div>您好</div>{BLOCKS[client]}<div>{NEW}</div>"))
    assert (above.text, older.quoted, own.text) == ("您好", True, NEW)


@pytest.mark.parametrize("client", BLOCKS)
def test_a_block_with_nothing_below_it_is_read_by_its_header_alone(client: str) -> None:
    text = text_of_html(f"<div>{NEW}</div>{BLOCKS[client]}<div><br></div>")
    own, older = segments(text)
    assert (own.text, older.quoted, ">" in text.replace("<eng@vendor.example>", "")) == (NEW, True, False)


@pytest.mark.parametrize("client", BLOCKS)
def test_what_a_telephone_adds_below_a_block_is_no_answer(client: str) -> None:
    """She may have written at the end of the block itself: then all of it is shown, as without the line."""
    page = BLOCKS[client].replace(OLD, f"{OLD}</div><div>{NEW}")
    (whole,) = segments(text_of_html(page))
    assert not whole.quoted and NEW in whole.text
    below = segments(text_of_html(f"{page}<div>发自我的 iPhone</div>"))
    assert any(NEW in part.text for part in below if not part.quoted)


def test_answers_between_blocks_are_shown() -> None:
    page = f"{_foxmail()}<div>先重启。</div><blockquote><div>杀毒软件？</div></blockquote><div>没有。</div>"
    older, own = segments(text_of_html(page))
    assert (older.quoted, own.text) == (True, "先重启。\n杀毒软件？\n没有。")


def test_a_block_within_a_block_of_older_mail_is_part_of_it() -> None:
    older, own = segments(text_of_html(f"{_foxmail(f'<div>{OLD}</div>{_foxmail()}')}<div>{NEW}</div>"))
    assert (older.quoted, own.text, "> >" in older.text) == (True, NEW, False)


def test_a_block_in_which_answers_are_said_to_stand_is_open() -> None:
    page = f"<div>答复见红字。</div>{_foxmail(f'<div>{OLD}</div><div><font color=red>没有。</font></div>')}"
    for below in ("", "<div>客户甲</div>"):
        assert segments(text_of_html(page + below))[1].holds_answers


OWN_BLOCKS = {
    "indented": f"<blockquote><div>{NEW}</div></blockquote>",
    "a span of time": "<blockquote><div>From: 2020-11-24</div><div>To: 2020-11-25</div>"
    "<div>Subject: outage</div><div>三次。</div></blockquote>",
    "an alarm that is shown": "<div>今天早上的告警如下</div>"
    + _foxmail().replace("<div>&nbsp;</div>", ""),
    "fields without a mail": _foxmail(older=""),
    "her own words above the fields": f"<blockquote>{NEW}{_aliyun_block()[12:]}",
}  # fmt: skip


@pytest.mark.parametrize("block", OWN_BLOCKS)
def test_a_block_of_her_own_gets_no_marks(block: str) -> None:
    text = text_of_html(f"<div>您好</div>{OWN_BLOCKS[block]}<div>请看。</div>")
    assert not any(line.startswith(">") for line in text.split("\n"))


@pytest.mark.parametrize(
    "piece",
    [
        "<blockquote>",
        "<blockquote>From: a@b.example<br>Sent: 1<br>Subject: x<br>",
        "<blockquote>From: a@b.example<br>Sent: 1<br>Subject: x<br>y</blockquote>z",
        "<blockquote><br></blockquote>",
    ],
)
def test_many_blocks_take_no_time(piece: str) -> None:
    began = time.process_time()
    text_of_html(f"{piece * (1_000_000 // len(piece))}end")
    assert time.process_time() - began < 5
