"""What customers write that looks like a quotation, small print or a command, and is none."""

OWN = {
    "span-of-time": "请看时间段：\nFrom: 2020-11-24 08:59:24\nTo: 2020-11-24 09:01:43\n服务停了三次。",
    "span-and-subject": "From: 2020-11-24\nTo: 2020-11-25\nSubject: outage\n停了三次，请分析。",
    "sender-in-log": "日志里有这一行：\nFrom: 10.0.0.8 port 135\n之后服务就停了。",
    "firewall": "From: 192.0.2.1\nTo: 192.0.2.2\nDate: 2020-11-24\nSubject: DROP\n这条规则需要放行吗？",
    "command": "我执行了：\n\n>net start CodeMeter\n\n提示错误 1053。",
    "command-spaced": "我执行了\n\n> net start CodeMeter\n\n提示拒绝访问。",
    "nslookup": "nslookup 的结果：\n> server 192.0.2.53\n> vendor.example\nAddress: 192.0.2.53\n可以解析。",
    "python": "脚本的输出：\n>>> import os\n>>> os.name\n'nt'\n没有别的了。",
    "form": "设备信息登记表\n______________________________\n资产编号：ZC-10023\n问题：重启后证书服务不启动",
    "dashes": "第一部分\n-----\n第二部分\n=====\n第三部分写在最后。",
    "waybill": "U 盘已寄出。\n\n寄件人：客户甲\n收件人：工程师甲\n日期：2020-11-27\n单号：SF-1",
    "told-mail": "有这样一封：\n发件人：a@b.example\n发送时间：2020-11-27 10:18\n主题：升级\n是你们的吗？",
    "mail-source": "邮件头如下。\n\nReceived: from mx.example by mx.example\nFrom: a@b.example\n"
    "To: c@d.example\nDate: Fri, 27 Nov 2020 10:18:22 +0800\nSubject: test\n"
    "Message-ID: <1@b.example>\n\n请看经过的服务器。",
    "patch": "From 4f2a Mon Sep 17 00:00:00 2001\nFrom: Dev <d@e.example>\nDate: Fri, 27 Nov 2020\n"
    "Subject: [PATCH] fix\n\n开发商给的补丁在上面。",
    "event": "Log Name: System\nSource: Service Control Manager\nDate: 11/24/2020 9:01:43 AM\n"
    "Event ID: 7034\nSubject:\n  Security ID: SYSTEM\n这条每天都有。",
    "words-told": "群里张工写道：\n重启以后就好了。\n但是我们这边没有好。",
    "words-told-dated": "在 2020/11/27 10:18, 张工写道：\n重启以后就好了。\n我们试了没有用。",
    "wrote": "The service wrote:\nerror 1053\nand stopped, three times today.",
    "original": "原始邮件我没有找到，请再发一次。\n谢谢。",
    "log-framed": "--- 日志 ---\n2020-11-24 启动失败\n--- 日志结束 ---\n请分析上面这段。",
    "answers": "Q: 什么版本？\nA: 6.20\nSubject: none\nDate: 2020\n其他都正常。",
    "privacy": "隐私声明我们已经看过了。\n请问日志里的用户名可以抹掉吗？",
    "secret": "这封邮件里的日志请保密。\n谢谢配合。",
    "heading": "免责声明\n我们没有改过任何文件。",
    "arrows": "操作：开始 > 运行 > services.msc\n> 之后点启动\n报错 1053，截图稍后发。",
    "signature": "日志稍后上传。\n-- \n客户甲\n示例能源集团 信息中心",
    "telephone": "日志稍后上传。\n\n发自我的 iPhone",
    "table": "名称\t启动类型\t状态\nCodeMeter\t自动\t已停止\n只有这一个停了。",
}  # fmt: skip
"""Each is to be seen whole."""
