"""How mail clients quote: above the old text, in plain text and in HTML. Written down from the clients."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Old:
    """The mail that is answered."""

    name: str
    address: str
    to_name: str
    to_address: str
    subject: str
    text: str


def _block(
    *labels: str, colon: str = ": ", above: str = "", sent: str = "2020年11月27日 10:18"
) -> Callable[[Old], str]:
    """Fields in the order From, Sent, To, Subject."""

    def header(old: Old) -> str:
        values = (
            f"{old.name} <{old.address}>",
            sent,
            f"{old.to_name} <{old.to_address}>",
            old.subject,
        )
        lines = [f"{label}{colon}{value}" for label, value in zip(labels, values, strict=True)]
        return "\n".join([*([above] if above else []), *lines])

    return header


def _sentence(form: str) -> Callable[[Old], str]:
    return lambda old: form.format(name=old.name, address=old.address)


EN_DAY, US_DAY = "Friday, November 27, 2020 10:18 AM", "11/27/2020 10:18"
ZH = ("发件人", "发送时间", "收件人", "主题")
EN = ("From", "Sent", "To", "Subject")
LINE = "_" * 32

PLAIN: dict[str, Callable[[Old], str]] = {
    "outlook-zh": _block(*ZH),
    "outlook-zh-words": _block(*ZH, above="-----邮件原件-----"),
    "outlook-zh-line": _block(*ZH, above=LINE),
    "outlook-zh-wide": _block(*ZH, colon="："),
    "outlook-tw": _block("寄件者", "寄件日期", "收件者", "主旨", sent="2020年11月27日 上午 10:18"),
    "outlook-tw-words": _block("寄件者", "傳送時間", "收件者", "主旨", above="-----原始郵件-----"),
    "outlook-en": _block(*EN, sent=EN_DAY),
    "outlook-en-words": _block(*EN, above="-----Original Message-----", sent=EN_DAY),
    "outlook-en-line": _block(*EN, above=LINE, sent=EN_DAY),
    "outlook-en-bold": _block("*From", "*Sent", "*To", "*Subject", colon=":* ", sent=EN_DAY),
    "outlook-de": _block("Von", "Gesendet", "An", "Betreff", sent="Freitag, 27. November 2020 10:18"),
    "outlook-fr": _block("De", "Envoyé", "À", "Objet", colon=" : ", sent="vendredi 27 novembre 2020 10:18"),
    "foxmail-zh": _block(*ZH, colon="： ", sent="2020-11-27 10:18"),
    "foxmail-zh-aligned": _block(*ZH[:3], "主　题", colon="： ", sent="2020-11-27 10:18"),
    "foxmail-en": _block("From", "Date", "To", "Subject", sent="2020-11-27 10:18"),
    "qq-zh": _block(
        *ZH, above="------------------ 原始邮件 ------------------", sent="2020年11月27日(星期五) 上午10:18"
    ),
    "qq-en": _block(
        *("From", "Date", "To", "Subject"),
        above="------------------ Original ------------------",
        sent="Fri, Nov 27, 2020 10:18 AM",
    ),
    "wecom": _block("发件人", "发件时间", "收件人", "主题", colon="：", sent="2020年11月27日(周五) 10:18"),
    "163-zh": _sentence("在 2020-11-27 10:18:22，\"{name}\" <{address}> 写道："),
    "163-en": _sentence("At 2020-11-27 10:18:22, \"{name}\" <{address}> wrote:"),
    "163-wrapped": _sentence("在 2020-11-27 10:18:22，\"{name}\"\n<{address}> 写道："),
    "netease-master-zh": _block(
        *("| 发件人", "| 发送日期", "| 收件人", "| 主题"), colon=" | ", above="---- 回复的原邮件 ----"
    ),
    "netease-master-en": _block(
        *("| From", "| Date", "| To", "| Subject"),
        colon=" | ",
        above="---- Replied Message ----",
        sent=US_DAY,
    ),
    "netease-master-old": _block(
        *("发件人", "发送日期", "收件人", "主题"), colon="：", above="---- 回复的原邮件 ----"
    ),
    "aliyun": _block("发件人", "发送时间", "收件人", "主　题", colon="：", above="-" * 66),
    "sina": _block("发件人", "日期", "收件人", "主题", colon="：", above="----- 原始邮件 -----"),
    "139": _block(*ZH, colon="：", above="----邮件原文----", sent="2020-11-27 10:18:22"),
    "coremail": _block(*ZH, colon=":", above="-----原始邮件-----", sent="2020-11-27 10:18:22 (星期五)"),
    "coremail-en": _block(
        *("From", "Sent Time", "To", "Subject"),
        colon=":",
        above="-----Original Messages-----",
        sent="2020-11-27 10:18:22 (Friday)",
    ),
    "lark": _block("发件人", "日期", "收件人", "主题", sent="2020年11月27日 (周五) 10:18"),
    "zoho-en": _sentence("---- On Fri, 27 Nov 2020 10:18:22 +0800 {name} <{address}> wrote ----"),
    "zoho-zh": _sentence("---- 在 星期五, 2020-11-27 10:18:22 {name} <{address}> 写道 ----"),
    "notes-zh": _block("发件人", "日期", "收件人", "主题", colon="：\t", sent="2020/11/27 10:18"),
    "notes-en": _block("From", "Date", "To", "Subject", colon=":\t", sent="11/27/2020 10:18 AM"),
    "gmail-zh": _sentence("{name} <{address}> 于2020年11月27日周五 10:18写道："),
    "gmail-zh-wrapped": _sentence("{name} <{address}> 于2020年11月27日周五\n上午10:18写道："),
    "gmail-en": _sentence("On Fri, Nov 27, 2020 at 10:18 AM {name} <{address}> wrote:"),
    "gmail-en-wrapped": _sentence("On Fri, Nov 27, 2020 at 10:18 AM {name} <{address}>\nwrote:"),
    "apple-zh": _sentence("在 2020年11月27日，上午10:18，{name} <{address}> 写道："),
    "apple-en": _sentence("On 27 Nov 2020, at 10:18, {name} <{address}> wrote:"),
    "thunderbird-zh": _sentence("在 2020/11/27 10:18, {name} <{address}> 写道:"),
    "thunderbird-en": _sentence("On 11/27/2020 10:18 AM, {name} <{address}> wrote:"),
    "thunderbird-de": _sentence("Am 27.11.20 um 10:18 schrieb {name} <{address}>:"),
    "thunderbird-fr": _sentence("Le 27/11/2020 à 10:18, {name} <{address}> a écrit :"),
}  # fmt: skip
"""What stands above the old text, by client."""

MARKED = (
    "thunderbird-zh",
    "thunderbird-en",
    "thunderbird-de",
    "gmail-zh",
    "gmail-en",
    "apple-zh",
    "apple-en",
    "163-en",
)
"""Those that put ``>`` before each line, so that people can answer below and between."""


def marked(text: str) -> str:
    """``text`` with ``>`` before each line."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _paragraphs(text: str, tag: str = "div") -> str:
    return "".join(f"<{tag}>{escape(line) or '<br>'}</{tag}>" for line in text.split("\n"))


def _fields(old: Old, labels: tuple[str, ...], sent: str) -> list[tuple[str, str]]:
    values = (f"{old.name} <{old.address}>", sent, f"{old.to_name} <{old.to_address}>", old.subject)
    return list(zip(labels, map(escape, values), strict=True))


def _outlook(labels: tuple[str, ...], sent: str) -> Callable[[str, Old], str]:
    def page(new: str, old: Old) -> str:
        rows = "<br>".join(f"<b>{label}:</b> {value}" for label, value in _fields(old, labels, sent))
        return (
            '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}'
            f'</style></head><body><div class="WordSection1">{_paragraphs(new, "p")}'
            '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0">'
            f'<p class="MsoNormal">{rows}</p></div></div>{_paragraphs(old.text, "p")}</div></body></html>'
        )

    return page


def _outlook_web(new: str, old: Old) -> str:
    rows = "<br>".join(
        f"<b>{label}:</b> {value}" for label, value in _fields(old, ZH, "2020年11月27日 10:18")
    )
    return (
        f'<html><body><div>{_paragraphs(new)}</div><hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{rows}</font><div>&nbsp;</div></div>'
        f"<div>{_paragraphs(old.text)}</div></body></html>"
    )


def _foxmail(new: str, old: Old) -> str:
    rows = "".join(
        f"<div><b>{label}：</b>&nbsp;{value}</div>" for label, value in _fields(old, ZH, "2020-11-27 10:18")
    )
    return (
        f'<html><body>{_paragraphs(new)}<blockquote style="margin-top:0"><div>&nbsp;</div>'
        f'<div style="border:none;border-top:solid #B5C4DF 1.0pt">'
        f'<div style="background:#efefef">{rows}</div></div>'
        f"{_paragraphs(old.text)}</blockquote></body></html>"
    )


def _qq(new: str, old: Old) -> str:
    rows = "".join(
        f"<div><b>{label}:</b>&nbsp;{value};</div>"
        for label, value in _fields(old, ZH, "2020年11月27日(星期五) 上午10:18")
    )
    return (
        f"{_paragraphs(new)}<div><br></div><div><includetail><div>&nbsp;</div>"
        '<div style="font:Verdana normal 14px;color:#000"><div style="font-size:12px;padding:2px 0">'
        "------------------&nbsp;原始邮件&nbsp;------------------</div>"
        f'<div style="background:#efefef">{rows}</div><div>&nbsp;</div>{_paragraphs(old.text)}</div>'
        "<!--<![endif]--></includetail></div>"
    )


def _cited(sentence: str, quote: str, *, below: bool = False) -> Callable[[str, Old], str]:
    """A sentence, then the old text within ``quote`` (a tag with its attributes)."""
    tag = quote.partition(" ")[0]

    def page(new: str, old: Old) -> str:
        head = escape(sentence.format(name=old.name, address=old.address))
        cited = f"<div>{head}<br></div><{quote}>{_paragraphs(old.text)}</{tag}>"
        return f"<html><body>{cited + _paragraphs(new) if below else _paragraphs(new) + cited}</body></html>"

    return page


def _gmail(new: str, old: Old) -> str:
    head = escape(f"{old.name} <{old.address}> 于2020年11月27日周五 10:18写道：")
    return (
        f'<div dir="ltr">{_paragraphs(new)}</div><br><div class="gmail_quote">'
        '<div dir="ltr" class="gmail_attr">'
        f'{head}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid">'
        f"{_paragraphs(old.text)}</blockquote></div>"
    )


def _netease_master(new: str, old: Old) -> str:
    rows = "".join(
        f"<tr><td>{label}</td><td>{value}</td></tr>"
        for label, value in _fields(old, ("发件人", "发送日期", "收件人", "主题"), "2020年11月27日 10:18")
    )
    return (
        f'<html><body>{_paragraphs(new)}<div class="ntes-mailmaster-quote"><div>---- 回复的原邮件 ----</div>'
        f"<table><tbody>{rows}</tbody></table><div>{_paragraphs(old.text)}</div></div></body></html>"
    )


def _aliyun(new: str, old: Old) -> str:
    rows = "".join(
        f"<div>{label}：{value}</div>" for label, value in _fields(old, ZH, "2020年11月27日(星期五) 10:18")
    )
    return (
        f'<div class="__aliyun_email_body_block">{_paragraphs(new)}<blockquote>'
        f"<div>{'-' * 66}</div>{rows}<div><br></div>{_paragraphs(old.text)}</blockquote></div>"
    )


_NETEASE = 'blockquote id="isReplyContent"'

HTML: dict[str, Callable[[str, Old], str]] = {
    "outlook-zh": _outlook(ZH, "2020年11月27日 10:18"),
    "outlook-en": _outlook(EN, EN_DAY),
    "outlook-de": _outlook(("Von", "Gesendet", "An", "Betreff"), "Freitag, 27. November 2020 10:18"),
    "outlook-tw": _outlook(("寄件者", "寄件日期", "收件者", "主旨"), "2020年11月27日 上午 10:18"),
    "outlook-web": _outlook_web,
    "foxmail": _foxmail,
    "qq": _qq,
    "163-zh": _cited('在 2020-11-27 10:18:22，"{name}" <{address}> 写道：', _NETEASE),
    "163-en": _cited('At 2020-11-27 10:18:22, "{name}" <{address}> wrote:', _NETEASE),
    "gmail": _gmail,
    "apple": _cited("在 2020年11月27日，上午10:18，{name} <{address}> 写道：", 'blockquote type="cite"'),
    "thunderbird": _cited("在 2020/11/27 10:18, {name} 写道:", 'blockquote type="cite" cite="mid:x@y"'),
    "thunderbird-below": _cited("在 2020/11/27 10:18, {name} 写道:", 'blockquote type="cite"', below=True),
    "netease-master": _netease_master,
    "aliyun": _aliyun,
}  # fmt: skip
"""Whole pages of new and old text, by client."""
