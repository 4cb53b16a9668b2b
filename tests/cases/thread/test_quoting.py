"""What of a mail is shown and what is folded: shapes of real clients, written out by hand."""

import time
from pathlib import Path

import pytest

from cases.thread.quoting import segments
from tests.tables import sections

NEW = "日志已经传好了，麻烦看一下。"
OLD = "原因还没有查明，本地也没有复现。"
HOSTILE_SIZE = 2_000_000
MAX_SECONDS = 3
"""Of processor time, for that many characters; each shape took under 1 (and 8 million of it under 4)."""


HERE = Path(__file__).parent
HEADERS = sections(HERE / "client_headers.txt")
"""What stands above the older mail, by client."""
FORWARDS = sections(HERE / "forward_headers.txt")
"""What stands above a mail that is passed on, by client."""


def parts(text: str) -> list[tuple[str, str]]:
    return [(str(segment.kind), segment.text) for segment in segments(text)]


@pytest.mark.parametrize("client", HEADERS)
def test_older_mail_below_a_clients_header_is_folded(client: str) -> None:
    header = HEADERS[client]
    quoted = f"{header}\n\n{OLD}\n\n第二段，也是旧的。".strip("\n")
    expected = [("written", NEW), ("quoted", quoted.lstrip())]
    if client == "outlook mobile":
        own, _, quoted = quoted.partition("\n")
        expected = [("written", f"{NEW}\n\n{own}"), ("quoted", quoted)]
    assert parts(f"{NEW}\n\n{header}\n\n{OLD}\n\n第二段，也是旧的。\n") == expected


@pytest.mark.parametrize("client", [name for name in HEADERS if "alone" not in name])
def test_an_answer_below_marked_lines_is_shown_whatever_the_client(client: str) -> None:
    """Bottom posting: the header, older mail with ``>``, then what is new."""
    header = HEADERS[client].removeprefix("Get Outlook for iOS\n").strip()
    found = parts(f"{header}\n> {OLD}\n>\n> 旧的第二段\n\n{NEW}\n\n客户甲")
    assert found == [
        ("quoted", f"{header}\n> {OLD}\n>\n> 旧的第二段"),
        ("written", f"{NEW}\n\n客户甲"),
    ]


OTHER_SHAPES = {
    "answers between": (
        "逐条回复：\n\n> 1. 操作步骤？\n\n先重启。\n\n> 2. 杀毒软件？\n\n没有。",
        ["逐条回复：", "先重启。", "没有。"],
        ["> 1. 操作步骤？", "> 2. 杀毒软件？"],
    ),
    "answers between, below a sentence": (
        "On Fri, Nov 27, 2020 at 10:18 AM Engineer A <e@v.example> wrote:\n> first?\nyes\n> second?\nno",
        ["yes", "no"],
        ["On Fri, Nov 27, 2020 at 10:18 AM Engineer A <e@v.example> wrote:\n> first?", "> second?"],
    ),
    "a greeting announces nothing": (
        f"Jia，您好：\n\n发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}",
        ["Jia，您好："],
        [f"发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}"],
    ),
    "a conversation of curl with a mail server, below an answer": (
        "On 11/27/2020 10:18 AM, E wrote:\n> what?\n\n< 220 mx\n> EHLO srv01\n< 250 ok\n"
        "> MAIL FROM:<a@b.example>\n< 550 no\n> QUIT\n\n请看。",
        ["< 220 mx\n> EHLO srv01\n< 250 ok\n> MAIL FROM:<a@b.example>\n< 550 no\n> QUIT\n\n请看。"],
        ["On 11/27/2020 10:18 AM, E wrote:\n> what?"],
    ),
    "what was sent to a mail server alone": (
        "发送的内容：\n\n> EHLO srv01\n> MAIL FROM:<a@b.example>\n\n请看。",
        ["发送的内容：\n\n> EHLO srv01\n> MAIL FROM:<a@b.example>\n\n请看。"],
        [],
    ),
    "a label of a signature announces nothing": (
        f"{NEW}\n\n办公电话：\n\n发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}",
        [f"{NEW}\n\n办公电话："],
        [f"发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}"],
    ),
    "older mail that is called so": (
        f"参考此前的邮件：\n\n发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}",
        ["参考此前的邮件："],
        [f"发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}"],
    ),
    "older mail that is called so, in English": (
        f"See our earlier mail:\n\nFrom: A <e@v.example>\nSent: 27 Nov 2020\nSubject: RE\n\n{OLD}",
        ["See our earlier mail:"],
        [f"From: A <e@v.example>\nSent: 27 Nov 2020\nSubject: RE\n\n{OLD}"],
    ),
    "a machine's record, marked": (
        f"{NEW}\n\nBackup Server\n2020-11-27 10:18\nTo\tstore02\nSubject\tjob\n\n> 一\n> 二\n\n请看。",
        [NEW, "请看。"],
        ["Backup Server\n2020-11-27 10:18\nTo\tstore02\nSubject\tjob\n\n> 一\n> 二"],
    ),
    "answers that are announced, between marked lines below fields": (
        "我的回答：\n\n发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n"
        "> 操作步骤？\n先重启。\n> 杀毒软件？\n没有。",
        ["我的回答：", "先重启。", "没有。"],
        [
            "发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n> 操作步骤？",
            "> 杀毒软件？",
        ],
    ),
    "thunderbird's sentence names no address": (
        f"在 2020/11/27 10:18, 工程师甲 写道:\n> {OLD}\n\n{NEW}",
        [NEW],
        [f"在 2020/11/27 10:18, 工程师甲 写道:\n> {OLD}"],
    ),
    "quoted twice": (
        f"{NEW}\n\nOn 11/27/2020 10:18 AM, Engineer A wrote:\n> {OLD}\n>> older\n>>> oldest",
        [NEW],
        [f"On 11/27/2020 10:18 AM, Engineer A wrote:\n> {OLD}\n>> older\n>>> oldest"],
    ),
    "the sentence itself is marked": (
        f"{NEW}\n\n> 2020年11月27日 上午10:18，工程师甲 <e@v.example> 写道：\n>\n> {OLD}\n\n发自我的 iPhone",
        [NEW, "发自我的 iPhone"],
        [f"> 2020年11月27日 上午10:18，工程师甲 <e@v.example> 写道：\n>\n> {OLD}"],
    ),
    "marked without blanks": (
        f"{NEW}\n\nAt 2020-11-27 10:18:22, \"E\" <e@v.example> wrote:\n>{OLD}\n>再见",
        [NEW],
        [f'At 2020-11-27 10:18:22, "E" <e@v.example> wrote:\n>{OLD}\n>再见'],
    ),
    "marked lines without a header": (
        f"{NEW}\n\n> {OLD}\n> 旧的第二段",
        [NEW],
        [f"> {OLD}\n> 旧的第二段"],
    ),
    "marked lines apart by blank ones are one": (
        f"{NEW}\n\n> {OLD}\n\n> 旧的第二段\n",
        [NEW],
        [f"> {OLD}\n\n> 旧的第二段"],
    ),
    "a telephone's signature stays": (
        f"{NEW}\n\n发自我的 iPhone\n\n在 2020年11月27日，10:18，工程师甲 <e@v.example> 写道：\n\n{OLD}",
        [f"{NEW}\n\n发自我的 iPhone"],
        [f"在 2020年11月27日，10:18，工程师甲 <e@v.example> 写道：\n\n{OLD}"],
    ),
    "lines end as in mails": (
        f"{NEW}\r\n\r\n发件人: 甲 <e@v.example>\r\n发送时间: 2020年11月27日 10:18\r\n主题: RE\r\n\r\n{OLD}",
        [NEW],
        [f"发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}"],
    ),
    "a chain is one": (
        f"{NEW}\n\n发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}\n\n"
        "发件人: 乙 <c@v.example>\n发送时间: 2020年11月26日 10:18\n主题: RE\n\n最早的",
        [NEW],
        [
            f"发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}\n\n"
            "发件人: 乙 <c@v.example>\n发送时间: 2020年11月26日 10:18\n主题: RE\n\n最早的"
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", OTHER_SHAPES)
def test_each_run_of_older_mail_is_folded_where_it_stands(shape: str) -> None:
    text, written, quoted = OTHER_SHAPES[shape]
    found = parts(text)
    assert [part for kind, part in found if kind == "written"] == written
    assert [part for kind, part in found if kind == "quoted"] == quoted


GREETINGS = (
    *(
        "Hi:",
        "Hi team:",
        "hi jia:",
        "Dear all:",
        "Dear Sir or Madam:",
        "Hello Engineer A:",
        "Dear Mr. O'Neill:",
    ),
    *(
        "Dear Li and Wang:",
        "Hi 张工:",
        "Dear 李经理：",
        "Hello 大家:",
        "尊敬的工程师：",
        "各位好：",
        "各位领导：",
        "各位老师:",
    ),
)


@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_greeting_announces_nothing(greeting: str) -> None:
    older = f"发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}"
    assert parts(f"{greeting}\n\n{older}") == [("written", greeting), ("quoted", older)]


ANNOUNCEMENTS = (
    *(
        "Hi, our monitor sent us the following:",
        "Hi, this is the mail:",
        "Hello, see this:",
        "Hi this is it:",
    ),
    *("Dear all see below:", "hello this:", "Hi Jia, the alarm of today:", "Hello the monitor sent us this:"),
    *("please see the earlier mail:", "Our users ask about this, see the earlier mail:", "各位，邮件如下："),
    *("各位请看：", "Hi 报警邮件：", "用户的问题，请看之前的邮件：", "请参考此前的邮件："),
)


@pytest.mark.parametrize("line", ANNOUNCEMENTS)
def test_what_a_line_with_a_colon_announces_is_shown(line: str) -> None:
    alarm = "From: Monitor <alarm@client.example>\nSent: 27 Nov 2020\nTo: Ops\nSubject: disk\n\ndisk is full"
    text = f"{line}\n\n{alarm}\n\n请问怎么处理？"
    assert parts(text) == [("written", text)]


OWN_TEXT = sections(HERE / "own_text.txt")


@pytest.mark.parametrize("case", OWN_TEXT)
def test_own_text_that_looks_like_a_header_is_shown(case: str) -> None:
    text = OWN_TEXT[case]
    written = "\n".join(part for kind, part in parts(text) if kind == "written")
    hidden = [line for line in text.split("\n") if line.strip() and line not in written]
    allowed = ["On 11/27/2020 10:18 AM, E wrote:", "> what?"] if case == "a command beneath an answer" else []
    assert hidden == allowed


FOOTERS = sections(HERE / "small_print.txt")


@pytest.mark.parametrize("footer", FOOTERS)
def test_small_print_is_folded_and_what_stands_around_it_is_not(footer: str) -> None:
    text = FOOTERS[footer].strip()
    assert parts(f"{NEW}\n\n{text}") == [("written", NEW), ("footer", text)]
    assert parts(f"{NEW}\n\n{text}\n\n发自我的 iPhone") == [
        ("written", NEW),
        ("footer", text),
        ("written", "发自我的 iPhone"),
    ]
    older = f"发件人: 甲 <e@v.example>\n发送时间: 2020年11月27日 10:18\n主题: RE\n\n{OLD}\n\n{text}"
    assert parts(f"{NEW}\n\n{text}\n\n{older}") == [("written", NEW), ("footer", text), ("quoted", older)]


@pytest.mark.parametrize("client", FORWARDS)
def test_what_is_passed_on_is_folded_and_called_so(client: str) -> None:
    forward = f"{FORWARDS[client]}\n\n{OLD}\n\n第二段，也是旧的。"
    assert parts(f"{NEW}\n\n{forward}") == [("written", NEW), ("forwarded", forward)]


def test_of_what_apple_passes_on_the_fields_are_marked_and_an_answer_below_is_shown() -> None:
    fields = f"> 发件人: 甲 <e@v.example>\n> 主题: RE\n> 日期: 2020年11月27日 10:18\n>\n> {OLD}"
    for forward in (f"以下是转发的邮件：\n\n{fields}", f"> Begin forwarded message:\n>\n{fields}"):
        assert parts(f"{forward}\n\n{NEW}") == [("forwarded", forward), ("written", NEW)]


@pytest.mark.parametrize("text", ["> one\n> two", f"{HEADERS['qq']}\n\n{OLD}", FOOTERS["the vendor's"]])
def test_a_mail_with_nothing_of_its_own_is_shown(text: str) -> None:
    assert parts(text) == [("written", text)]


def test_an_empty_mail_has_no_parts() -> None:
    assert segments("") == segments(" \n\n") == []


def test_no_line_is_lost_and_none_changes_its_place() -> None:
    texts = [
        *(f"{NEW}\n\n{header}\n{OLD}" for header in HEADERS.values()),
        *OWN_TEXT.values(),
        *(text for text, _written, _quoted in OTHER_SHAPES.values()),
        *(f"{NEW}\n{text}\n{NEW}" for text in FOOTERS.values()),
    ]
    for text in texts:
        shown = [line for segment in segments(text) for line in segment.text.splitlines() if line.strip()]
        assert shown == [line for line in text.splitlines() if line.strip()]


HOSTILE = {
    "labels": "To: x\n",
    "labels that differ": "From: a@b.example\nSent: 1\nTo: a@b.example;\n a@b.example;\n",
    "words": "--- 原始邮件 ",
    "dashes": "-",
    "spaced dashes": "- ",
    "dashes and words": "--- forwarded by --- ",
    "drawn lines": "---\n",
    "drawn lines apart": "---\n\n",
    "marks": ">\n",
    "marks apart": "> a\n\n\nb\n",
    "sentences": f"在 2020-11-27 10:18:22，{'甲' * 300}写道：\n",
    "sentences that never end": "On 2020 at 10:18\n",
    "writers": f"{'a@于1111' * 50}写道：\n",
    "addresses": f"{'@' * 110}于\n",
    "clocks": f"在 {'10:18 ' * 60}写道：\n",
    "brackets": "[a](",
    "blank lines": "\n",
    "footers": "本邮件保密\n=====\n隐私声明\n",
    "headings": "隐私声明\n\n\n",
    "openings": f"this email {'confidential ' * 70}\n",
    "spaces": " ",
    "stars": "*",
    "forwards": "Begin forwarded message:\n> x\n",
    "writers of Notes": "a@b.example\n2020-11-27 10:18\n",
    "fields of Notes": "a@b.example\n2020-11-27 10:18\nTo\n" + "x\n" * 30,
    "names of Notes": f"{'甲/乙' * 40}\n2020-11-27 10:18\nTo\t{'a b/c' * 40}\nSubject\tx\n",
    "greetings": f"{'Dear A' * 60}:\n\nFrom: a@b.example\nSent: 1\nSubject: x\n",
    "lines of times": f"a\n1 {'1:11 ' * 20}\n",
    "writers between dashes": f"{'---1:11' * 30}---\n",
    "many that write": f"1 {'skrev ' * 60}:\n",
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_megabytes_of_anything_are_parted_in_seconds(shape: str) -> None:
    text = HOSTILE[shape] * (HOSTILE_SIZE // len(HOSTILE[shape]))
    began = time.process_time()
    segments(text)
    assert time.process_time() - began < MAX_SECONDS
