"""Customers' short posts in both scripts and in English: what each says of the trouble, and whether it waits
for a person. One table a meaning."""

import pytest

from cases.wording.progress_question import asks_for_progress
from cases.wording.verdict import says_solved, says_unsolved
from cases.wording.words import is_thanks, reads_as

STILL_THERE = """
问题依然没有解决，请继续分析
按步骤操作后仍然报错
還是一樣，沒有任何改善
重裝之後依舊當機
今天上午又掉线了
昨天夜里又断了两次
服务又挂了
还是卡在50%
还是很卡
还是连不上
机器又停了
一直断网
驱动更新了也没用
之前的问题又出现了
之前您给的方法还是不行
和之前一样，还是蓝屏
昨天的办法还是不行
上次的问题又来了
比之前更严重了
問題依舊存在，請協助
第三步做了还是没有效果
还是不好使
It still crashes.
Same problem again.
The service stopped again this morning.
No change, it still hangs.
It crashed again yesterday.
It still fails, just like before.
The same error as before.
Nothing helped.
Your steps did not help.
The issue persists after the reboot.
The problem is back.
"""
"""One a line, " / " for a new line."""

WAS_AND_IS_OVER = """
之前一直蓝屏，按您的方法处理后恢复正常了，谢谢
以前老是死机，现在好了
之前总是报错，现在已经解决
原来一直掉线，更新驱动后已经恢复正常
一开始还是不行，重启之后好了
以前老是當機，現在已經好了，謝謝
先前仍然報錯，更新後恢復正常了
本来一直连不上，现在可以正常使用了
Before the fix it did not work. Now it works fine.
Nothing helped before, but with your steps it works now.
It used to crash every day; it works fine now.
Yesterday it still crashed. Today it is fixed.
At first it still failed, but after the second reboot it works now.
Previously it kept freezing. The problem is now solved, thank you.
It did not start before the update, now it works fine.
"""

OVER = """
问题已解决，非常感谢工程师的耐心指导
問題已經解決了，感謝
更新驱动后一切正常，可以结案了
恢复正常，没有再出现
我们观察了一周，问题没有再出现，已经解决
It is solved, thank you.
Everything is back to normal.
The update fixed it. It works now.
Solved. It has not happened again.
"""

SAYS_NEITHER = """
我们一直挂着监控，三天没有再出现，谢谢
还是不用了，谢谢
还是不用重启了
没有解决不了的问题，谢谢！
沒有你們解決不了的問題，謝謝
请继续停止该服务
请继续
还是不必上门了
以前一直蓝屏
之前老是报错，我们先观察几天
我们还在判断
一直开着日志
如果还是不行，我再联系您
如果再次蓝屏我们会告诉您
要是又停了怎么办
希望不要再出现
希望问题能够解决
但愿已经解决了
萬一再當機，我再聯絡您
If it still fails I will call you.
Should it crash again, we will send the dump.
I hope it does not come back.
Hopefully it is fixed now.
We will see whether it happens again.
It was working fine before the update.
We keep the monitoring running.
Thank you for your help.
收到，谢谢
我们先观察几天
The report has arrived, we will read it tomorrow.
之前是正常的
"""

SOLVED_BUT = """
蓝屏解决了，但是网络又断了
第一台已经好了，第二台还是不行
The first machine works now, but the second still crashes.
问题已解决，但重启后又出现了
已经恢复正常了，不过今天又停了
昨天好了，今天又不行了
It worked yesterday, but today it crashed again.
Solved for now, but the printer still fails.
本来已经好了，今天又报错了
昨天晚上又停了一次，今天已经恢复正常
It crashed again yesterday. Today it works fine.
"""

TROUBLE_QUOTED = """
已解决，谢谢 / / > 还是不行的话请告诉我
谢谢 / / > 服务又停了
Thanks / > It still crashes.
收到 / / 发件人: 工程师 <a@vendor.example> / 主题: 案例 / / 服务又停了吗？还是不行？
"""

TROUBLE_BESIDE_A_QUESTION = """
Any news? The server is down again
进展如何？服务又停了
有结果了吗？生产系统已经停了，很急
有结果了吗？今天又挂了两次
请问进展如何？第3步做不了
请问什么进度了？现在所有人都进不去
有进展吗？我们的业务全停了
服务器连不上什么时候能解决？
進展如何？伺服器又當機了
請問有結果了嗎？第二步做不了
有结果了吗？客户在投诉
什么时候有结果？领导在催，今天必须恢复
进展如何？刚才又重启了一次
进度怎么样了？备用机也坏了
您好，服务器停了，请问什么时候能解决？
Any update? Production is down.
Any news? It happened again at noon.
What is the status? Our users cannot log in.
Status? Step 3 does not work.
How is it going? We found a second machine.
Hi Jia our server is down, any news?
Hello, nobody can work. When will it be fixed?
Is there any progress? The second node is gone.
Have you found anything? We are losing data.
Any update? This is very urgent, the plant stands still.
王工您好！请问进展如何？另外第二台也不行了
谢谢您，第三步做不了，请问有结果了吗？
Thanks for the answer but it fails, any update?
"""

ONLY_ASKS = """
您好，请问进展如何？谢谢
王工，您好！打扰了，请问有结果了吗？
李经理好，请问分析得怎么样了？麻烦了，谢谢！
不好意思打扰您，请问现在到哪一步了？
请问有结果了吗？辛苦了！ / / 王爱丽 / 信息中心
早上好，案例有什么进展吗？
尊敬的工程师：您好！请问什么时候能有结果？祝工作顺利
您好，请问这个案例进展如何？期待您的回复
請問目前進度如何？謝謝您
您好，不好意思，想问一下进度，辛苦您了
Hello Jia, any news? Thanks in advance.
Good morning, could you please give us an update? Many thanks!
Dear team, what is the current status? Kind regards, Alice
Hi, sorry to bother you. Is there any progress?
Any update? Thank you very much for your help.
Just checking in. Any news on our case? Best regards
Hope you are doing well. Any update on this?
Any update? Looking forward to your reply.
"""


def table(text: str) -> list[str]:
    return ["\n".join(map(str.strip, line.split("/ "))) for line in text.strip().splitlines()]


EVERY = [
    *map(table, (STILL_THERE, WAS_AND_IS_OVER, OVER, SAYS_NEITHER, SOLVED_BUT, TROUBLE_QUOTED)),
    *map(table, (TROUBLE_BESIDE_A_QUESTION, ONLY_ASKS)),
]


@pytest.mark.parametrize("text", table(STILL_THERE))
def test_trouble_that_is_there_is_read_as_such(text: str) -> None:
    assert says_unsolved(text) and not says_solved(text) and reads_as(text) is False


@pytest.mark.parametrize("text", table(WAS_AND_IS_OVER))
def test_past_trouble_that_is_gone_is_over(text: str) -> None:
    assert not says_unsolved(text) and says_solved(text) and reads_as(text) is True


@pytest.mark.parametrize("text", table(OVER))
def test_what_is_over_is_over(text: str) -> None:
    assert not says_unsolved(text) and says_solved(text) and reads_as(text) is True


@pytest.mark.parametrize("text", table(SAYS_NEITHER))
def test_what_is_supposed_hoped_remembered_or_declined_says_nothing(text: str) -> None:
    assert not says_unsolved(text) and not says_solved(text) and reads_as(text) is None


@pytest.mark.parametrize("text", table(SOLVED_BUT))
def test_what_is_over_in_part_is_not_over(text: str) -> None:
    assert says_unsolved(text) and not says_solved(text) and reads_as(text) is not True


@pytest.mark.parametrize("text", table(TROUBLE_QUOTED))
def test_trouble_that_is_quoted_is_not_hers(text: str) -> None:
    assert not says_unsolved(text) and reads_as(text) is not False and is_thanks(text)


@pytest.mark.parametrize("words", ["还是不行", "已解决", "谢谢", "请问进展如何？"])
def test_who_only_quotes_says_nothing(words: str) -> None:
    text = f"发件人: 工程师 <a@vendor.example>\n主题: 案例\n\n{words}"
    assert not says_unsolved(text) and not says_solved(text) and reads_as(text) is None
    assert not is_thanks(text) and not asks_for_progress(text)


@pytest.mark.parametrize("text", table(TROUBLE_BESIDE_A_QUESTION))
def test_trouble_beside_the_question_waits_for_a_person(text: str) -> None:
    assert not asks_for_progress(text) and not is_thanks(text)


@pytest.mark.parametrize("text", table(ONLY_ASKS))
def test_courtesy_around_the_question_is_none(text: str) -> None:
    assert asks_for_progress(text) and not says_unsolved(text) and reads_as(text) is None


@pytest.mark.parametrize("text", [text for texts in EVERY for text in texts])
def test_both_readings_of_one_text_agree(text: str) -> None:
    said = reads_as(text)
    assert said is not True or not says_unsolved(text)
    assert said is not False or (says_unsolved(text) and not says_solved(text))
