"""What a mail says of the steps of an advice, in the shapes in which people write it."""

import pytest

from analysis.advice.answers import MAX_READ, answered

CHINESE = ["全盘查杀。", "重启。", "重新安装 CodeMeter，然后联系我们。"]
ENGLISH = ["Scan everything.", "Restart.", "Install CodeMeter again, then contact us."]
STEPS = (CHINESE, ENGLISH)

GMAIL = "On Fri, Nov 27, 2020 at 3:13 PM V <a@vendor.example> wrote:"
OUTLOOK = "发件人: V <a@vendor.example>\n发送时间: 2020年11月27日 15:13\n收件人: x\n主题: r\n\n"


def done(*numbers: int) -> dict[int, bool]:
    """Steps as they are numbered; below zero: not done yet."""
    return {abs(number) - 1: number > 0 for number in numbers}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("步骤1、3已完成，2不行", done(1, 3)),
        ("步骤 1、2 已完成，3 还没做", done(1, 2, -3)),
        ("第二步：还没做", done(-2)),
        ("第1步和第3步做完了，第2步没来得及做", done(1, 3, -2)),
        ("步骤一和步骤三已完成", done(1, 3)),
        ("步骤1：已完成；步骤2：进行中；步骤3：未开始", done(1, -3)),
        ("已完成步骤1、3。", done(1, 3)),
        ("三步都已完成", done(1, 2, 3)),
        ("所有步骤都做完了", done(1, 2, 3)),
        ("Step 1 is done.", done(1)),
        ("steps 1 and 3 are done, step 2 not yet", done(1, 3, -2)),
        ("I have done steps 1 & 2", done(1, 2)),
        ("The first step is done, the second step is not done yet", done(1, -2)),
        ("Step one done, step two failed", done(1)),
        ("We haven't done step 2", done(-2)),
        ("[x] 1. 全盘查杀。\n[ ] 2. 重启。\n[x] 3. 重新安装 CodeMeter，然后联系我们。", done(1, 3)),
        ("1. [X] Scan everything.\n2. [ ] Restart.", done(1)),
        ("☑ 3. Install CodeMeter again,\n   then contact us.", done(3)),
        ("1. 全盘查杀。已完成\n2. 重启。 done", done(1, 2)),
        ("1. 全盘查杀。\n已完成\n2. 重启。\n还没做", done(1, -2)),
        ("> 1. 全盘查杀。\n已完成\n> 2. 重启。\n还没做", done(1, -2)),
        (
            f"{GMAIL}\n> Hello,\n>\n> 1. Scan everything.\n\nDone.\n\n> 2. Restart.\n\nnot yet\n\n"
            "> 3. Install CodeMeter again,\n> then contact us.\n\ndone",
            done(1, -2, 3),
        ),
    ],
)
def test_steps_are_ticked_that_are_called_steps_or_stand_there_in_full(
    text: str, expected: dict[int, bool]
) -> None:
    for direct in (True, False):
        assert answered(text, STEPS, direct=direct) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. 已完成", done(1)),
        ("1 done", done(1)),
        ("1) ok\n2) ok", done(1, 2)),
        ("1、2、3都做完了", done(1, 2, 3)),
        ("1-3 done", done(1, 2, 3)),
        ("您好，1、3已完成，2还没做。", done(1, 3, -2)),
        ("1 done, 2 not yet, 3 done", done(1, -2, 3)),
        ("1：已完成\n2：未完成\n3：已完成", done(1, -2, 3)),
        ("１．已完成", done(1)),
        ("①已完成 ②未完成", done(1, -2)),
        ("1. 已完成。2. 已完成。3. 还没有。", done(1, 2, -3)),
        ("1 ✓\n2 ✓", done(1, 2)),
        ("✅ 1\n☐ 2", done(1)),
        ("1、已做，没有发现病毒", done(1)),
        ("进展如下：\n1 完成\n2 未完成", done(1, -2)),
        ("全部完成，谢谢", done(1, 2, 3)),
        ("All done, thanks!", done(1, 2, 3)),
        (f"{GMAIL}\n> 1. Scan everything. Done\n> 2. Restart.", done(1)),
        (f"好的\n\n{OUTLOOK}1. 全盘查杀。\n已完成\n2. 重启。\n", done(1)),
    ],
)
def test_numbers_alone_are_steps_where_the_mail_answers_the_reports(
    text: str, expected: dict[int, bool]
) -> None:
    assert answered(text, STEPS, direct=True) == expected
    assert answered(text, STEPS, direct=False) == {}


@pytest.mark.parametrize(
    "text",
    [
        "步骤1已完成？",
        "步骤1完成了吗",
        "步骤1做完了，对吗？",
        "Is step 1 done",
        "如果步骤1已完成，怎么办",
        "步骤1完成后再联系",
        "明天完成步骤1",
        "完成步骤1",
        "步骤1应该已完成",
        "步骤1部分完成",
        "步骤1已完成一半",
        "步骤1已完成，但是报错了",
        "步骤4已完成",
        "四步都已完成",
        "when step 1 is done, we call",
        "Don't know if step 1 is done",
        "1 done, except on one server",
        "1 台服务器已完成",
        "1楼已完成",
        "我们有3台服务器，1 完成，2 未完成",
        "服务器A：\n1 完成\n2 完成",
        "11月30日已完成",
        "10:30 done",
        "100% done",
        "1/2 done",
        "完成 3 次",
        "1 完成\n1 没完成",
        "2. 全盘查杀。已完成",
        "1. 全盘查杀。\n2. 重启。\n3. 重新安装 CodeMeter，然后联系我们。",
        f"谢谢\n\n{OUTLOOK}谢谢\n\n{OUTLOOK}1. 全盘查杀。\n已完成",
        f"{GMAIL}\n> Thanks!\n>\n>> 1. Scan everything.\n> done",
        "做完一步，可在案例页面上勾选一步；也可直接回复本邮件，例如：“步骤 1、2 已完成，步骤 3 还没做”。",
        "Tick what you have done on the page of your case, or answer this mail, for instance: "
        "“steps 1 and 2 are done, step 3 not yet”.",
    ],
)
def test_what_is_not_plain_ticks_nothing(text: str) -> None:
    assert answered(text, STEPS, direct=True) == {}


def test_only_what_is_short_is_read_word_by_word() -> None:
    assert answered("1 done\n" * 100, STEPS, direct=True) == done(1)
    unread = "x y z\n" * (MAX_READ // 5)
    assert answered(f"{unread}step 1 done", STEPS, direct=True) == {}
    for hostile in ("1" * 100_000, "1、" * 50_000, "> 1. 全盘查杀。\n" * 3_000, f"{'没' * 399}\n" * 3_000):
        assert answered(hostile, STEPS, direct=True) == {}
