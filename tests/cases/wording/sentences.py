"""Customers' short posts in both scripts and in English, a table (``tests.tables``) for each meaning."""

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
按照步骤做完了，服务还是启动不了
重启后过了十分钟又卡死了
現在還是會自動重新開機
换了网线也一样
问题没有得到解决
日志里仍有同样的错误
今天凌晨服务器再次宕机
您的方法没起作用
还是和原来一样
更新之后反而更频繁了
第二步做不了，提示权限不足
打开还是报同样的错
到现在都没好
情况没有任何好转
昨天重启过，还是不行
又开始掉线了
The fix had no effect at all.
We did all the steps and it is still broken.
Unfortunately the error is still there.
It rebooted by itself again last night.
The server hung again an hour ago.
The problem came back after two days.
It doesn't work.
We still get the same message.
It's getting worse.
The service keeps stopping.
Your patch didn't fix it.
Still no connection.
"""

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
之前每天都蓝屏，这两天已经恢复正常，谢谢
前几天还是会卡死，升级之后现在正常了
原先一直报错，换了驱动就好了，问题已解决
早上还是连不上，现在可以用了
過去經常當機，現在都正常了
It had been crashing daily, but it is fixed now.
Last week it was still failing. It works fine now.
Before your help nothing worked; now everything is back to normal.
Earlier it still froze, but after the update it works now.
按照您的步骤操作后，问题已经解决，谢谢
已恢复正常，可以关闭了
驱动更新后可以正常使用了
都好了，感谢
已經可以正常登入了，問題解決了
That solved it. It works again, thanks.
The issue is resolved, please close the case.
All good now, back to normal.
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
等周末维护时再试
我们明天会按步骤操作
请问重启会不会中断服务
这台机器不能停，请给其他方案
要不要先停掉服务
您说的还是有道理的
如果没有解决我会再写信
怕它再次崩溃，所以先没动
为避免再次断开，我们换了网线
目前没有再报错，继续观察
三天了，未再出现蓝屏
我们不再使用那台机器
还是不麻烦您了
挂号信已经寄出
坏了的硬盘已经寄给您
附件里是停机计划
We will try it at the weekend.
Please do not stop the service.
If nothing helps, we will reinstall.
It has not crashed since Monday.
No more errors so far.
In case it fails again I keep the logs.
I am afraid it may happen again.
Would it help to reinstall?
We have not tried it yet.
The log is attached.
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
主机好了，备机还是连不上
问题解决了，可是另一台又蓝屏了
已经恢复正常，但日志里仍然报错
现在能用了，不过还是很慢，有时仍会卡死
It works now, however the second server still fails.
The crash is fixed, but it still reboots by itself.
Resolved on node 1. Node 2 is still down.
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
请问处理到哪一步了？今天又有三台出现同样问题
有消息了吗？我们生产线停着
请问有结果了吗？我们试了第二个方案，没用
案例进展怎么样？用户进不了系统
麻烦尽快，什么时候有结论？业务中断了
有进展吗？今晚我们要重装系统，可以吗
怎么样了，电脑开不了机
進度如何？今天又藍屏三次
什么进度了？顺便问下许可证怎么续
Any progress? It got worse since yesterday.
Any news? We had to switch to the backup machine.
What is the status? I have uploaded the logs you asked for.
Hello Jia, any update? The whole plant is offline.
Could you give us an update? The second server shows the same.
When will we get the report? The customer is waiting at the airport.
Status please, everything is dead here
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
您好！想了解一下这个案例的进展情况，谢谢。
陈工好，有新的进展吗？
请问大概什么时候能有结果呢？麻烦您了
各位老师好，请问案例处理得怎么样了？
您好，请问报告出来了吗？谢谢您的支持
請問什麼時候會有結果？辛苦了
抱歉打扰，请问现在进展如何？祝好
Hi Jia, just checking in on this. Any progress so far? Thanks!
Dear Mr. Wang, what is the status of our case? Best regards
Good afternoon, is there any news? Thank you for your support.
Hello, when can we expect the report? Many thanks
Hi team, any updates on this? Thanks, Alice
"""
