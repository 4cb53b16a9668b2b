"""Mails in the shapes of real clients, each with what is right for it: ``corpus()``.

Nothing here is random, and no text is anybody's: the people are the demo's, the sentences invented. The
benchmark sends the mails in their order to the desk under test.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from benchmarks.mail_corpus import attachments, robots, strangers
from benchmarks.mail_corpus.building import Envelope, Part, encoded_words, page, several, text
from benchmarks.mail_corpus.cast import COLLEAGUE, CUSTOMER, ENGINEER, NUMBER, Writer, envelope, quoted_mail
from benchmarks.mail_corpus.labels import Desk, LabelledMail, Outcome, Thread
from benchmarks.mail_corpus.own_text import OWN
from benchmarks.mail_corpus.quotations import HTML, MARKED, PLAIN, marked

NEW = "日志已经传到上传空间了，请您看一下。"
OLD = "服务意外停止的原因还没有查明，本地也没有复现。"
STATEMENT = "为了向您提供技术支持，您需要在同意本声明的前提下提供解决系统故障所必需的数据和信息。"
TRADITIONAL = "日誌已經上傳，請查收。"
OLD_TW = replace(
    quoted_mail("原因還沒有查明。"), name="工程師甲", to_name="客戶甲", subject=f"RE: 服務 {NUMBER}"
)
PRIVACY = f"=====\n隐私声明\n{STATEMENT}"

CHARSETS = (
    ("utf-8", "base64"),
    ("gb18030", "base64"),
    ("gbk", "8bit"),
    ("gb2312", "quoted-printable"),
    ("utf-8", "8bit"),
)
"""Taken in turn: charset and transfer encoding."""

DEFAULT = Desk(
    threads={NUMBER: Thread(f"<{NUMBER.lower()}.1@vendor.example>", "support@vendor.example", "CMIT:0001866")}
)


def corpus(desk: Desk = DEFAULT) -> Iterator[LabelledMail]:
    """All mails. ``desk``: what the desk under test has written into the case's thread before."""
    seen: set[str] = set()
    for section in (
        quotations,
        own_text,
        small_print,
        charsets,
        subjects,
        ways,
        senders,
        attachments.mails,
        again,
        robots.mails,
        strangers.mails,
    ):
        for mail in section(desk):
            assert mail.name not in seen, mail.name
            seen.add(mail.name)
            yield mail


def _in_case(name: str, raw: bytes, visible: Sequence[str], folded: Sequence[str] = ()) -> LabelledMail:
    return LabelledMail(name, raw, Outcome.IN_CASE, NUMBER, tuple(visible), tuple(folded))


def quotations(desk: Desk) -> Iterator[LabelledMail]:
    """New text above, below and between the old one of each client, in plain text and HTML."""
    old = quoted_mail(f"{OLD}\n\n{PRIVACY}")
    for turn, (client, header) in enumerate(PLAIN.items()):
        charset, encoding = CHARSETS[turn % len(CHARSETS)]
        if "-tw" in client:
            body = f"{TRADITIONAL}\n\n{header(OLD_TW)}\n{OLD_TW.text}\n"
            new, quoted, charset = TRADITIONAL, OLD_TW.text, "big5"
        else:
            body, new, quoted = f"您好：\n{NEW}\n\n{header(old)}\n{old.text}\n", NEW, OLD
        charset = "utf-8" if client.endswith(("-fr", "-de")) else charset
        raw = envelope(desk, f"top-{client}").mail(text(body, charset, encoding))
        yield _in_case(f"top-{client}", raw, [new], [quoted])
    for client in MARKED:
        header = PLAIN[client]
        below = f"{header(old)}\n{marked(old.text)}\n\n{NEW}\n\n客户甲\n"
        yield _in_case(
            f"below-{client}", envelope(desk, f"below-{client}").mail(text(below)), [NEW, "客户甲"], [OLD]
        )
        between = (
            f"逐条回复如下。\n\n{header(old)}\n> 出现问题之前做过什么操作？\n\n先重启，再打开监控软件。\n\n"
            "> 安装过杀毒软件吗？\n\n没有安装过。\n"
        )
        yield _in_case(
            f"between-{client}",
            envelope(desk, f"between-{client}").mail(text(between)),
            ["逐条回复如下。", "先重启，再打开监控软件。", "没有安装过。"],
            ["出现问题之前做过什么操作？"],
        )
    bare = (
        "逐条回复如下。\n\n> 出现问题之前做过什么操作？\n\n先重启。\n\n> 安装过杀毒软件吗？\n\n没有装过。\n"
    )
    yield _in_case(
        "between-bare", envelope(desk, "between-bare").mail(text(bare)), ["先重启。", "没有装过。"]
    )
    for place, (client, made) in enumerate(HTML.items()):
        html = page(made(f"您好：\n{NEW}", old), *CHARSETS[place % 2])
        yield _in_case(f"html-{client}", envelope(desk, f"html-{client}").mail(html), [NEW], [OLD])
        both = several("alternative", text(f"您好：\n{NEW}\n\n{PLAIN['outlook-zh'](old)}\n{OLD}"), html)
        yield _in_case(f"both-{client}", envelope(desk, f"both-{client}").mail(both), [NEW], [OLD])
    twice = f"{NEW}\n\n{PLAIN['qq-zh'](old)}\n\n{OLD}\n\n{PLAIN['outlook-en'](old)}\n\n最早的一封。"
    yield _in_case("chain", envelope(desk, "chain").mail(text(twice)), [NEW], [OLD, "最早的一封。"])


def own_text(desk: Desk) -> Iterator[LabelledMail]:
    """Own words that look like a quotation."""
    for name, body in OWN.items():
        lines = [" ".join(line.split()) for line in body.split("\n") if len(line.strip()) > 3]
        yield _in_case(f"own-{name}", envelope(desk, f"own-{name}").mail(text(body)), lines)


FOOTERS = {
    "privacy": PRIVACY,
    "privacy-thrice": "\n\n".join([PRIVACY] * 3),
    "confidential-zh": "本邮件及其附件含有示例能源集团的保密信息，仅限于发送给上面地址中列出的个人或群组。",
    "confidential-en": "This e-mail and its attachments contain confidential information intended only"
    " for the person or entity whose address is listed above.",
    "notice-en": "CONFIDENTIALITY NOTICE: the information in this message may be privileged.",
    "crm": "---\n\n以上内容是一封有关向示例操作系统有限公司提交技术支持事件的邮件。",
}


def small_print(desk: Desk) -> Iterator[LabelledMail]:
    """Statements below the new text, and below both."""
    for name, footer in FOOTERS.items():
        written = footer.split("\n")[-1]
        body = f"{NEW}\n\n{footer}\n"
        yield _in_case(f"footer-{name}", envelope(desk, f"footer-{name}").mail(text(body)), [NEW], [written])
        body = f"{NEW}\n\n{footer}\n\n{PLAIN['outlook-zh'](quoted_mail(OLD))}\n{OLD}\n"
        mail = envelope(desk, f"footer-{name}-quoted").mail(text(body))
        yield _in_case(f"footer-{name}-quoted", mail, [NEW], [written, OLD])


def charsets(desk: Desk) -> Iterator[LabelledMail]:
    """Declared charsets that hold more than they say, and single broken bytes."""
    words = {
        "gb2312-holds-gbk": ("工程师喆您好，镕基路的机器已重启。", "gbk", "gb2312"),
        "gb2312-holds-gb18030": ("㐀字库的机器已重启，请再看。", "gb18030", "gb2312"),
        "big5-holds-cp950": ("費用 €100，機器已經重新啟動。", "cp950", "big5"),
        "latin1-holds-cp1252": (
            "The machine – “number 7” – was restarted for 100 €.",
            "cp1252",
            "iso-8859-1",
        ),
        "sjis-holds-cp932": ("①番の機械を再起動しました。", "cp932", "shift_jis"),
        "korean-holds-cp949": ("똠방 기계를 다시 시작했습니다.", "cp949", "ks_c_5601-1987"),
        "gbk-euro": ("费用共 €100，机器已重启。", "gb18030", "gbk"),
        "utf8-unlabelled": ("机器已经重启，服务还是没有启动。", "utf-8", "us-ascii"),
        "unknown-charset": ("机器已经重启，服务没有启动。", "gb18030", "x-unknown"),
        "utf16": ("机器已经重启，服务仍然没有启动。", "utf-16", "utf-16"),
        "iso2022": ("機械を再起動しました。", "iso-2022-jp", "iso-2022-jp"),
    }
    for name, (written, charset, declared) in words.items():
        for encoding in ("base64", "quoted-printable"):
            body = text(written, charset, encoding, declared=declared)
            title = f"charset-{name}-{encoding}"
            yield _in_case(title, envelope(desk, title).mail(body), [written])
    for name, cut in (("one-bad-byte", b"\xff"), ("half-character", "好".encode()[:2])):
        content = "机器已经重启。".encode() + cut + "\r\n服务没有启动。".encode()
        body = Part('text/plain; charset="utf-8"', content, "base64")
        yield _in_case(
            f"charset-{name}",
            envelope(desk, f"charset-{name}").mail(body),
            ["机器已经重启。", "服务没有启动。"],
        )


def subjects(desk: Desk) -> Iterator[LabelledMail]:
    """The number in every shape, or none where something else says the case."""
    thread = desk.threads[NUMBER]
    short = NUMBER.rpartition("-")[0]
    wide = NUMBER.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "ACS0123456789JYM"})
    shapes = {
        "plain": f"Re: {NUMBER}",
        "seed": f"回复: RE: 回复: RE: [案例号:  {NUMBER} ] % 证书服务 % 初次响应 {thread.token}",
        "lower": f"回复: [案例号: {NUMBER.lower()}] 证书服务",
        "wide": f"回复：【案例号：{wide}】证书服务",
        "wide-dashes": f"回复：案例号 {NUMBER.replace('-', '－')} 证书服务",
        "spaces": f"回复: [案例号: {NUMBER.replace('-', ' - ')}] 证书服务",
        "no-suffix": f"回复: {short} 证书服务",
        "glued": f"案例{NUMBER}证书服务",
        "answer-mark": f"答复: [案例号: {NUMBER}] 证书服务",
        "forwarded": f"转发: Fw: [案例号: {NUMBER}] 证书服务",
        "token": f"回复: 证书服务 {thread.token}",
        "token-lower": f"回复: 证书服务 {thread.token.lower()}",
    }
    for name, subject in shapes.items():
        for charset in ("utf-8", "gb18030"):
            title = f"subject-{name}-{charset}"
            mail = replace(envelope(desk, title), subject=encoded_words(subject, charset))
            yield _in_case(title, mail.mail(text(NEW)), [NEW])
    folded = replace(
        envelope(desk, "subject-folded"), subject=f"Re: [Case {NUMBER[:8]}\r\n {NUMBER[8:]}] service"
    )
    yield _in_case("subject-folded", folded.mail(text(NEW)), [NEW])
    split = "Re: 案例".encode("gb2312") + f" {NUMBER}".encode()
    raw = replace(envelope(desk, "subject-raw-gbk"), subject="@@").mail(text(NEW)).replace(b"@@", split)
    yield _in_case("subject-raw-gbk", raw, [NEW])


def ways(desk: Desk) -> Iterator[LabelledMail]:
    """The case is told by references, by the reply address, by the text; a second number is only cited."""
    thread = desk.threads[NUMBER]
    bare = encoded_words("回复: 证书服务")
    made: dict[str, Callable[[Envelope], Envelope]] = {
        "in-reply-to": lambda mail: replace(mail, subject=bare, extra=[("In-Reply-To", thread.message_id)]),
        "references": lambda mail: replace(
            mail, subject=bare, extra=[("References", f"<other@client.example>\r\n {thread.message_id}")]
        ),
        "reply-address": lambda mail: replace(mail, subject=bare, to=thread.reply_address),
        "reply-address-named": lambda mail: replace(
            mail, subject=bare, to=f'"Support" <{thread.reply_address}>'
        ),
        "reply-address-cc": lambda mail: replace(mail, subject=bare, extra=[("Cc", thread.reply_address)]),
        "cites-another": lambda mail: replace(
            mail,
            subject=encoded_words(f"回复: 同 CAS-00001-AAAAAA 一样 [{NUMBER}]"),
            extra=[("In-Reply-To", thread.message_id)],
        ),
    }
    for name, change in made.items():
        yield _in_case(f"way-{name}", change(envelope(desk, f"way-{name}")).mail(text(NEW)), [NEW])
    nowhere = {
        "no-number": "打印机也坏了",
        "unknown-number": "打印机也坏了 CAS-99999-ZZZZZZ",
        "no-subject": "",
        "unknown-token": "打印机也坏了 CMIT:9999999",
        "answer-to-others": "回复: 打印机也坏了",
    }
    for name, subject in nowhere.items():
        mail = replace(envelope(desk, f"way-{name}"), subject=encoded_words(subject))
        if name == "answer-to-others":
            mail = replace(mail, extra=[("In-Reply-To", "<printer@other.example>")])
        yield LabelledMail(f"way-{name}", mail.mail(text("打印服务今天没有启动。")), Outcome.FOR_REVIEW)


def senders(desk: Desk) -> Iterator[LabelledMail]:
    """From and To as real clients write them, of people who take part in the case."""
    address = CUSTOMER.address
    shapes = {
        "address-alone": address,
        "name-is-address": f'"{address}" <{address}>',
        "comma": f"Customer, A <{address}>",
        "comma-quoted": f'"Customer, A" <{address}>',
        "brackets": f"Customer (IT) <{address}>",
        "brackets-zh": f"{encoded_words('客户甲（信息中心）')} <{address}>",
        "gbk": f"{encoded_words('客户甲', 'gb18030')} <{address}>",
        "raw": f"客户甲 <{address}>",
        "upper": f"{address.upper()}",
        "spaces": f"  {encoded_words('客户甲')}   <{address}>  ",
        "apostrophes": f"'{address}' <{address}>",
        "comment": f"{address} (Customer A)",
    }
    for name, sender in shapes.items():
        mail = replace(envelope(desk, f"from-{name}"), sender=sender)
        yield _in_case(f"from-{name}", mail.mail(text(NEW)), [NEW])
    for writer in (COLLEAGUE, ENGINEER):
        mail = envelope(desk, f"from-{writer.key}", writer)
        yield _in_case(f"from-{writer.key}", mail.mail(text(NEW)), [NEW])
    many = ",\r\n ".join(f"person{number}@client.example" for number in range(2000))
    doubled = {
        "two-to": [("To", "colleague@client.example")],
        "two-cc": [("Cc", "a@client.example"), ("Cc", "b@client.example")],
        "thousands": [("Cc", many)],
        "group": [("Cc", "undisclosed-recipients:;")],
    }
    for name, extra in doubled.items():
        mail = replace(envelope(desk, f"to-{name}"), extra=extra)
        yield _in_case(f"to-{name}", mail.mail(text(NEW)), [NEW])


def again(desk: Desk) -> Iterator[LabelledMail]:
    """The same mail once more, and other mails that only look so."""
    first = envelope(desk, "again-first")
    yield _in_case("again-first", first.mail(text("第一封：日志已上传。")), ["第一封：日志已上传。"])
    copies = {
        "same-bytes": first.mail(text("第一封：日志已上传。")),
        "other-hop": b"Received: from mx2.vendor.example\r\n" + first.mail(text("第一封：日志已上传。")),
        "to-copy": replace(first, extra=[("Cc", "crm@vendor.example")]).mail(text("第一封：日志已上传。")),
    }
    for name, raw in copies.items():
        yield LabelledMail(f"again-{name}", raw, Outcome.AGAIN, NUMBER, follows=("again-first",))
    other = first.mail(text("第二封：补充说明。"))
    mail = _in_case("again-other-text", other, ["第二封：补充说明。"])
    yield replace(mail, follows=("again-first",), note="A broken sender uses a Message-ID twice.")
    for number in (1, 2):
        nameless = replace(envelope(desk, "x"), message_id="")
        written = f"没有标识的第 {number} 封。"
        yield _in_case(f"again-no-id-{number}", nameless.mail(text(written)), [written])


def names() -> list[Writer]:
    """Everybody who writes in the corpus and is known to the desk."""
    return [CUSTOMER, COLLEAGUE, ENGINEER]
