"""“How far is it?” and nothing else."""

import time

from cases.wording.progress_question import asks_for_progress
from tests.tables import table

ASKING = """
请问什么进度了？
您好，请问一下案例目前有什么进展吗？谢谢！
进展如何
进展如何？
有结果了吗?
有结果了嘛？
分析有结论了没有
结果出来了吗
问题处理得怎么样了？
这个案例怎么样了
麻烦更新一下进度，谢谢
请同步一下最新进展。
能否告知一下目前的处理情况？
什么时候能有结果？
还需要多久？
请问现在到哪一步了，分析进度如何？
进度？
请问 有 沒有进展
催一下进度
請問有進展嗎？
Any update?
any news on this?
Status?
status update please
What is the current status?
What's the status of my case?
How is it going?
How is the case progressing?
Is there any progress?
Where do we stand?
Have you found anything?
When can we expect a result?
Could you give us a quick update?
Dear Jia, could you please send me an update? Thanks
王工您好！ / / 请问进展如何？ / / 祝好 / 客户甲 / 示例能源集团 信息中心 / 010-00000000
请问什么进度了? / / 王爱丽 / 示例集团 信息中心 / 地址：示例路1号院2号楼 / 手机：13800000000 / w@e.example
麻烦催一下
Did you find the root cause?
Do you have any news for us?
Could you please let me know where we are?
请问进展如何？ / / 发自我的iPhone
What is the current state of our case?
What is the status of CAS-00012-ABC123?
什么情况了
目前状态？
有进展吗
目前進度為何？
處理得怎麼樣了
找到原因了吗
报告什么时候出？
还在处理吗？
烦请反馈一下进展
any update/news?
What's happening with our case?
Any ETA?
Have you had a chance to look into it?
How far is the analysis?
How much longer will it take?
Please let us know the current status.
Just following up on this. Any news?
Hi, / / any updates on our case? / / Best regards, / Alice
"""
NOT_ASKING = """
进度条卡在 50% 不动了
安装进度怎么样都不动，请看截图
日志已上传，请问有结果了吗
好的，谢谢
收到
重启以后还是不行
请问什么时候可以远程？
我们这边结果是正常的
请问什么进度了？另外防火墙的 443 端口要开吗？
没有进展，还是同样的报错 0xc0000005
Thanks
It works now, thank you.
The update KB5005565 fails
Windows update status is pending
The progress of the installation stops at 30%
Any update of the driver makes it worse
The status is red
Please find the log attached. Any news?
How do I collect the dump?
如何更新？
什么情况下会出现？
分析结果怎么看？
What is the state of the dongle?
When will you come to our office?
请问什么进度了？ / / 王爱丽 / 信息中心 / / 另外请问服务怎么卸载？
"""


def test_a_short_question_for_the_progress_is_known() -> None:
    assert [text for text in table(ASKING) if not asks_for_progress(text)] == []


def test_what_says_or_asks_anything_else_is_none() -> None:
    assert [text for text in table(NOT_ASKING) if asks_for_progress(text)] == []


def test_a_long_text_is_none_and_takes_no_time() -> None:
    long = "我们在三台机器上都试过了，情况一样。" * 30
    assert not asks_for_progress(f"请问什么进度了？{long}")
    begun = time.process_time()
    for hostile in ("有" * 10**6, "? " * 10**6, "any " * 120, "有" * 490 + "进", "what is the " * 40):
        asks_for_progress(hostile)
    assert time.process_time() - begun < 5
