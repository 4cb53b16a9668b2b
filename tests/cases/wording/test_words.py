"""What short posts say, as customers write them."""

import time

import pytest

from cases.wording.verdict import says_solved, says_unsolved
from cases.wording.words import is_thanks, only_acknowledges, reads_as


@pytest.mark.parametrize(
    "text",
    [
        "谢谢！",
        "非常感谢您的帮助，问题已解决。",
        "好的，谢谢工程师，辛苦了",
        "收到，可以结案了，谢谢。",
        "Thank you very much for your help!",
        "Thanks a lot, it works now. Please close the case.",
        "OK 👍",
        "谢谢甲工程师\n\n客户乙",
        "感谢工程师的耐心解答和帮助",
        "Many thanks for your kind support and help",
        "Thanks!\n\nBest regards\nAlice",
        "谢谢，辛苦了！\n\n发自我的iPhone",
        "谢谢！\n\n王爱丽\n信息中心\n电话：010-00000000\n地址：示例市示例路1号",
        "Many thanks!\n\n-- \nAlice Wang\nIT Manager",
        "谢谢！\n\n获取 Outlook for iOS <https://aka.example/o0ukef>",
        "谢谢\n\n| |\n王爱丽\n|\n|\nwang@e.example\n|\n签名由 网易邮箱大师 <https://m.example/?from=1> 定制",
        "謝謝",
        "感謝您的協助",
        "已收到报告，谢谢",
        "問題已解決",
        "请結案",
        "可以关闭案例了，谢谢",
        "Danke\n\nMit freundlichen Grüßen\nAlice",
        "👍",
        "谢谢王工！祝您工作顺利",
        "Thanks for the quick update!\n\nKind regards,\nAlice Wang\nExample Ltd.\nT: +86 10 0000 0000",
        "You can close this ticket now. Thank you.",
        "没有其他问题了，谢谢",
        "谢谢\n\n发件人: 工程师 <a@vendor.example>\n主题: 案例\n\n请问日志何时上传？",
    ],
)
def test_thanks_are_thanks(text: str) -> None:
    assert is_thanks(text, ["Alice", "客户乙", "甲"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "谢谢，不过今天又出现了。",
        "谢谢，请问怎样卸载？",
        "谢谢。重启以后服务还是没有启动",
        "Thanks, but it still crashes.",
        "Thanks. How do I uninstall it",
        "Is it fixed in the next version?",
        "谢谢，还没有解决",
        "没有解决了",
        "今天又崩溃",
        "thank you " * 60,
        "请把报告再发一份，谢谢",
        "Please help",
        "Thanks in advance",
        "谢谢，期待您的回复",
        "打扰了，谢谢",
        "please reply",
        "Can you please reply",
        "Please support",
        "Thanks, please help",
        "及时回复",
        "谢谢，请帮忙",
        "thanksgiving",
        "need",
        "您好，工程师",
        "谢谢，另外请问…",
        "thanks, but it still fails",
        "谢谢\n\n王爱丽\n信息中心\n\n另外请问什么时候上门？",
        "谢谢\n发自我的iPhone，日志明天上传",
        "谢谢\n\n还是不行",
        "Thanks\n\nUrgent",
        "谢谢\n-- \n还是不行",
        "Thanks\n-- \nwhere is the report",
        "谢谢\n请转给技术部",
        "谢谢\n[error.png]",
        "谢谢\n电话：010-00000000",
        "不可以关闭案例",
        "可以关闭案例了吗",
        "Is it fixed now",
        "Thanks, is it fixed now",
        "Thanks\nHas it been solved",
        "Thanks\nLost access to systems",
        "Thanks\nWaiting for support",
        "Thanks\nMore details to operations",
        "谢谢\n> 但第二台还没好",
        "收到，谢谢\n>sc query spooler\n>服务没有启动",
        "> 谢谢",
    ],
)
def test_a_question_with_thanks_is_a_question(text: str) -> None:
    assert not is_thanks(text)


@pytest.mark.parametrize(
    ("text", "acknowledges"),
    [
        ("收到，谢谢！", True),
        ("Well received, thank you.", True),
        ("好的", False),
        ("OK, thanks", False),
        ("没问题", False),
        ("已解决，谢谢", False),
        ("收到，谢谢，祝您工作顺利", True),
        ("Thanks, have a nice weekend!", True),
        *((text, False) for text in ("改天再联系", "下次再沟通", "我们再联系你们", "谢谢，改天再联系")),
        *((text, False) for text in ("文件已保存", "saved", "日志已存档", "已转发给领导", "收到，已归档")),
        *((text, False) for text in ("应该的", "服务很好", "再见", "周末愉快")),
    ],
)
def test_what_may_be_the_answer_to_a_question_is_more_than_thanks(text: str, acknowledges: bool) -> None:
    assert is_thanks(text) and only_acknowledges(text) is acknowledges


@pytest.mark.parametrize(
    "text",
    [
        "问题没有解决",
        "还是无法启动服务",
        "昨天晚上又停止了",
        "重装之后仍然报错",
        "没什么变化，没用",
        "It is still crashing every morning.",
        "not solved yet",
        "The advice didn't help.",
        "It came back after the reboot",
        "问题还在",
        "還是不行",
        "问题依旧，重启后又挂了",
        "問題依舊",
        "問題還沒解決",
        "问题复现了",
        "又自动重启了",
        "试了也不行",
        "谢谢，毛病又犯了",
        "The problem persists",
        "Still the same",
        "Same issue again",
        "Still no luck",
        "The server has rebooted again",
        "The error is back.",
        "Why does it still crash?",
    ],
)
def test_that_it_is_not_over_is_understood(text: str) -> None:
    assert says_unsolved(text) and not says_solved(text)


@pytest.mark.parametrize(
    "text",
    [
        *("问题已经解决", "解决了", "服务恢复正常", "問題已解決", "现在可以正常使用了"),
        *("It is fixed now.", "Solved!", "The service works again"),
        "The service is back online",
        "It works now, and it has not happened again",
        "问题解决了，没有再出现",
    ],
)
def test_that_it_is_over_is_understood(text: str) -> None:
    assert says_solved(text) and not says_unsolved(text)


@pytest.mark.parametrize(
    "text",
    [
        "问题没有再次出现",
        "再也没有出现",
        "请问什么进度了？",
        "I will try the steps tomorrow.",
        "如果能解决了最好",
        "问题解决了吗？",
        "The problem has not come back",
        "It has not happened again",
        "It hasn't crashed again since the update.",
        "目前還沒有再發生",
        "至今未再蓝屏",
        "如果再次出现，我再联系您",
        "If it comes back I will call you",
        "I will come back to you",
        "会不会再出现？",
        "服务还在运行",
    ],
)
def test_what_says_neither_is_taken_for_neither(text: str) -> None:
    assert not says_solved(text) and not says_unsolved(text)


@pytest.mark.parametrize(
    "text",
    ["谢谢您" * 400_000 + "x", "still " * 300_000, "没" * 1_000_000, "\n" * 1_000_000, "王爱丽\n" * 300_000],
)
def test_however_long_the_text_it_is_read_at_once(text: str) -> None:
    began = time.process_time()
    is_thanks(text, ["Alice"])
    says_unsolved(text)
    says_solved(text)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        "已解决，谢谢",
        "問題已解決，謝謝！",
        "按您的步骤做了，问题已经解决。",
        "可以了，谢谢工程师",
        "恢复正常了，可以结案。",
        "昨天还是不行，今天已经好了",
        "solved, thanks",
        "It works now, thank you very much. Please close the case.",
        "The problem is fixed.",
        "已解决\n\n发件人: 工程师 <a@vendor.example>\n主题: 案例\n\n还是不行的话请告诉我。",
    ],
)
def test_what_reads_as_solved(text: str) -> None:
    assert reads_as(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "还是不行",
        "没有解决",
        "還是沒有解決",
        "问题仍然存在，请继续分析。",
        "still fails",
        "Not solved yet.",
        "not solved, sorry",
        "It hasn't been solved",
        "It still crashes after the update",
        "还是不行\n\n发件人: 工程师 <a@vendor.example>\n主题: 案例\n\n问题已解决。",
    ],
)
def test_what_reads_as_not_solved(text: str) -> None:
    assert reads_as(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "谢谢",
        "solved? no",
        "Solved? No.",
        "解决了吗？",
        "解决了没有",
        "是不是解决了",
        "解决了一半",
        "希望问题已经解决",
        "如果解决了我再告诉您",
        "如果还是不行，我再联系您",
        "没有",
        "No, thanks.",
        "I would not call it solved",
        "It is not, as you say, solved",
        "When it is solved I will tell you.",
        "Once the problem is fixed, please send the report.",
        "The first machine works now. The second still fails.",
        "Fixed the typo in our address.",
        "The problem should be solved by Friday",
        "请问什么时候解决",
        "> 已解决\n",
        "> 您好，已解决",
        "> 还是不行",
        "Solved.\n\n> does it still fail?\n",
        "Is it fixed now",
        "Thanks, is it fixed now",
        "发件人: 工程师 <a@vendor.example>\n主题: 案例\n\n问题已解决。",
        "已解决。" + "日志在附件里。" * 400,
    ],
)
def test_what_asks_supposes_denies_or_quotes_reads_as_nothing(text: str) -> None:
    assert reads_as(text) is None
