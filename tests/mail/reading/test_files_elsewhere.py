"""Files that did not come with their mail: who keeps them, until when, and what is none of that."""

import time
from datetime import datetime

import pytest

from mail.reading.elsewhere.files import kept_elsewhere
from mail.reading.elsewhere.gateway_notices import notice_in
from mail.reading.message import read_mail
from tests.mail.builders import mail, multipart, page, part, plain

SENT_AT = datetime.fromisoformat("2026-11-29 10:00+08:00")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("从QQ邮箱发来的超大附件\n\n日志.zip (1.2G, 2020年12月27日 到期)\n进入下载页面：", ["日志.zip"]),
        ("云附件\nfull dump.7z（345.6MB，2020-12-12 到期）", ["full dump.7z"]),
        ("The attachment system.evtx was removed by the gateway.", ["system.evtx"]),
        ("附件“日志.rar”因超过大小限制已被网关删除", ["日志.rar"]),
        ("Event logs.zip\n<https://drive.google.com/file/d/1AbC/view?usp=drive_web>", ["Event logs.zip"]),
        ("[image] 日志.zip <https://1drv.ms/u/s!AbC>\n谢谢", ["日志.zip"]),
        ("【超大附件】\n1. 事件.zip  大小：20MB\n2）b.7z (1M)\n③ c.zip (1M)\n1.2.zip (1M)",
         ["事件.zip", "b.7z", "c.zip", "1.2.zip"]),
        ("Mail Drop\nlogs.zip\n3.1 GB", ["logs.zip"]),
        ("已传到公司网盘 <https://contoso.sharepoint.com/sites/x>", []),
        ("Attachments were blocked by policy", ["Attachments were blocked by policy"]),
        ("我把附件 a.zip 里的文件删除了，请再看。", []),
        ("I removed the attachment a.zip from my mail.", []),
        ("我的日志.zip (1.2G) 太大，怎么办？", []),
        ("> 超大附件\n> a.zip (1G)", []),
        # Labels, lists and names below a gateway's notice.
        ("附件“event logs.zip”因超过20.5MB已被网关删除", ["event logs.zip"]),
        ("附件 a.exe、b.js 已被网关移除", ["a.exe", "b.js"]),
        ("The following attachments were removed from it:\n- a.exe\n- b.js\n\nBye", ["a.exe", "b.js"]),
        ("附件已被替换为链接：https://mail.acme.example/d/abc", ["附件已被替换为链接"]),
        ("We are using Mimecast to share large files.", ["We are using Mimecast to share large files."]),
        ("系统提示附件 a.dll 被病毒软件删除", []),
    ],
)  # fmt: skip
def test_files_that_are_kept_elsewhere_are_named(text: str, names: list[str]) -> None:
    assert [file.name for file in kept_elsewhere(text)] == names


@pytest.mark.parametrize(
    ("text", "untils"),
    [
        ("超大附件\n\na.zip (1.2G, 2026年12月25日 15:13 到期)进入下载页面：x", ["2026-12-25 15:13"]),
        ("从QQ邮箱发来的超大附件\n\na.zip (1.2G, 无限期)\n进入下载页面：x", [None]),
        ("云附件\na.rar (58M)\n有效期至：2026年12月2日 16:11\nb.rar (1M)\n有效期至: 2026-12-03",
         ["2026-12-02 16:11", "2026-12-03 23:59"]),
        ("超大附件\na.zip 大小：1.2G 上传时间：2026-12-01 09:00 过期时间：2026-12-16", ["2026-12-16 23:59"]),
        ("超大附件\na.zip (1.2G)\nb.zip (2.0G)\n文件将于 2026-12-25 过期", ["2026-12-25 23:59"] * 2),
        ("超大附件（有效期至 2026-12-25 18:00）\na.zip (1.2G)", ["2026-12-25 18:00"]),
        ("云附件\na.zip (3.1G) 有效期：15天", ["2026-12-14 10:00"]),
        ("Large attachment\na.zip (3.1 GB) expires on Dec 25, 2026 at 3:13 PM", ["2026-12-25 15:13"]),
        ("Mail Drop\na.zip\n3.1 GB\nAvailable until Dec 29, 2026", ["2026-12-29 23:59"]),
        ("超大附件\na.zip (3.1G) 上传于 2026-12-25 15:13", [None]),
        ("超大附件\n文件名：a.zip\n文件大小：1.2G\n过期时间：2026-12-25 18:00", ["2026-12-25 18:00"]),
        ("超大附件\n文件名 大小 过期时间\na.zip 1.2G 2026-12-25 18:00\nb.7z 3M 2026-12-26",
         ["2026-12-25 18:00", "2026-12-26 23:59"]),
        ("附件已被替换为链接\n文件名：a.zip\n大小：1.2G\n有效期至：2026-12-05", ["2026-12-05 23:59"]),
        ("系统已将超大附件转为网盘链接，请于2026-12-05前下载\na.zip (1.2G)", ["2026-12-05 23:59"]),
        ("Attachments have been replaced with links. They expire on 5 December 2026.", ["2026-12-05 23:59"]),
        ("添付ファイルはダウンロードURLに置き換えられました\nファイル名：a.zip\nサイズ：1.2GB\n有効期限：2026/12/05",
         ["2026-12-05 23:59"]),
        ("链接：https://pan.baidu.com/s/1abc 提取码：x926\n（7天有效）", ["2026-12-06 10:00"]),
        ("https://share.weiyun.com/5AbC（密码：Abcd），有效期至 2026-12-05 12:00", ["2026-12-05 12:00"]),
        ("You can download the dump until 5 December 2026: https://we.tl/t-abc", ["2026-12-05 23:59"]),
        ("https://pan.quark.cn/s/44 永久有效", [None]),
        ("https://pan.baidu.com/s/1abc 有效期至9999年12月31日", [None]),
        ("https://pan.baidu.com/s/1abc 有效期至 0001-01-01 00:00", [None]),
    ],
)  # fmt: skip
def test_until_when_they_are_kept_is_read_in_the_zone_of_the_mail(
    text: str, untils: list[str | None]
) -> None:
    expected = [datetime.fromisoformat(f"{until}+08:00") if until else None for until in untils]
    assert [file.until for file in kept_elsewhere(text, SENT_AT)] == expected


SHARED = [
    ("链接: https://pan.baidu.com/s/1abc?pwd=x926 提取码: x926", "pan.baidu.com/s/1abc"),
    ("链接：https://pan.baidu.com/s/1abc提取码：x926", "pan.baidu.com/s/1abc"),
    (
        "通过网盘分享的文件：EventLogs.zip\n链接: https://pan.baidu.com/s/1abc?pwd=x926 提取码: x926",
        "EventLogs.zip",
    ),
    ("我用夸克网盘分享了「dump.7z」，点击链接即可保存。\n链接：https://pan.quark.cn/s/447e", "dump.7z"),
    ("我用夸克网盘分享了「日志」文件夹。\n链接：https://pan.quark.cn/s/447e", "日志"),
    ("文件在微云：https://share.weiyun.com/5AbC（密码：Abcd）", "share.weiyun.com/5AbC"),
    ("https://www.alipan.com/s/AbC\n点击链接保存", "www.alipan.com/s/AbC"),
    ("https://www.aliyundrive.com/s/AbC", "www.aliyundrive.com/s/AbC"),
    ("logs.zip：https://www.123pan.com/s/x-y.html提取码:abcd", "www.123pan.com/s/x-y.html"),
    ("天翼云盘 https://cloud.189.cn/t/UVrA（访问码：ab12）", "cloud.189.cn/t/UVrA"),
    ("传输链接：https://cowtransfer.com/s/dc5e 或 使用传输口令：abc", "cowtransfer.com/s/dc5e"),
    ("https://www.wenshushu.cn/f/abc", "www.wenshushu.cn/f/abc"),
    ("微盘 https://drive.weixin.qq.com/s?k=ABC", "drive.weixin.qq.com/s?k=ABC"),
    ("日志: https://docs.qq.com/sheet/DABC", "docs.qq.com/sheet/DABC"),
    ("日志文件：https://acme.feishu.cn/file/abc", "acme.feishu.cn/file/abc"),
    ("附件在 https://www.kdocs.cn/l/abc", "www.kdocs.cn/l/abc"),
    ("https://drive.google.com/drive/folders/1AbC", "drive.google.com/drive/folders/1AbC"),
    ("Logs: https://1drv.ms/u/s!AbC.", "1drv.ms/u/s!AbC"),
    ("https://acme-my.sharepoint.com/:u:/g/personal/a/E", "acme-my.sharepoint.com/:u:/g/personal/a/E"),
    ("The dump is at https://we.tl/t-abc, thanks", "we.tl/t-abc"),
    ("https://www.dropbox.com/scl/fi/abc?dl=0", "www.dropbox.com/scl/fi/abc?dl=0"),
    ("https://99.gigafile.nu/1205-abc", "99.gigafile.nu/1205-abc"),
]


@pytest.mark.parametrize(("text", "name"), SHARED)
def test_a_link_to_what_she_shares_is_a_file_kept_elsewhere(text: str, name: str) -> None:
    (file,) = kept_elsewhere(f"您好，日志太大：\n\n{text}\n\n谢谢")
    assert (file.name, file.is_shared) == (name, True)


def test_a_link_in_a_page_is_read_as_in_a_text() -> None:
    link = '<p>日志见<a href="https://pan.baidu.com/s/1abc?pwd=x926">网盘</a>，提取码 x926</p>'
    assert [file.name for file in read_mail(mail(page(link))).elsewhere] == ["pan.baidu.com/s/1abc"]


OUTLOOK = (
    "-----Original Message-----\nFrom: V <v@v.example>\n"
    "Sent: Friday, November 27, 2026 3:13 PM\nTo: A <a@c.example>\nSubject: tool"
)
FORWARD = (
    "---------- Forwarded message ---------\nFrom: B <b@c.example>\n"
    "Date: Fri, Nov 27, 2026\nSubject: logs\nTo: A <a@c.example>"
)


@pytest.mark.parametrize(
    "text",
    [
        "https://pan.baidu.com/ 打不开",
        "https://www.dropbox.com/ is blocked here",
        "公司主页 https://acme.feishu.cn/",
        "pan.baidu.com 被防火墙拦截",
        "我从 https://pan.baidu.com/s/1abc 下载了工具，还是一样",
        "从 https://pan.baidu.com/s/1abc 下载后运行报错",
        "I downloaded the tool from https://we.tl/t-abc and it fails",
        "按 https://docs.qq.com/doc/DABC 的步骤做了",
        "会议纪要 https://acme.feishu.cn/docx/abc",
        "2026-11-29 10:00:01 GET https://pan.baidu.com/s/1abc 403",
        "https://evil.example/pan.baidu.com/s/1abc",
        "https://pan.baidu.com.evil.example/s/1abc",
        "> 工具：https://pan.baidu.com/s/1abc",
        f"谢谢\n\n{OUTLOOK}\n\n工具：https://pan.baidu.com/s/1abc",
    ],
)
def test_a_link_to_what_others_share_or_to_no_file_is_none(text: str) -> None:
    assert kept_elsewhere(text) == []


def test_what_she_forwards_is_hers() -> None:
    text = f"FYI\n\n{FORWARD}\n\nhttps://pan.baidu.com/s/1abc"
    assert [file.name for file in kept_elsewhere(text)] == ["pan.baidu.com/s/1abc"]


@pytest.mark.parametrize(
    "line",
    [
        "附件已被替换为链接",
        "附件已转为下载链接，请在 2026-12-05 前下载",
        "附件过大，已转存至云端，请点击下载",
        "系统已将超大附件转为网盘链接",
        "邮件系统已自动将超大附件转存至云端，点击下载",
        "[系统提示] 您发送的附件 dump.7z 过大，已自动上传至企业网盘：",
        "【安全提示】邮件中的附件 tool.exe 含有病毒，已被安全网关隔离。",
        "【邮件网关提示】附件 trace.zip 因超过大小限制已被系统移除。",
        "【邮件安全网关】附件 trace.zip 已被移除",
        "[網關通知] 附件「追蹤.zip」已被系統移除",
        "*** 系统公告 *** 附件 trace.zip 已被网关移除 ***",
        "*** 附件 trace.zip 已被网关移除 ***",
        "（邮件系统）您发送的附件因过大已被移除",
        "System notice: attachment trace.zip was removed",
        "Gateway notice - The attachment trace.zip was removed because of its size.",
        "网关：附件 trace.zip 已被移除",
        "【甲公司邮件网关】附件 trace.zip 已被系统移除",
        "[Mail Gateway] Attachment trace.zip has been removed",
        "*** Security Alert *** The attachment 'trace.zip' was blocked",
        "此邮件含有的附件 a.exe 被拦截",
        "附件[报告 1.docx]已被系统移除",
        "附件因違反安全策略已被移除",
        "附件 a.exe 被邮件系统的杀毒模块删除",
        "This attachment was removed.",
        "Warning: This message has had one or more attachments removed (logs.zip).",
        "WARNING: An attachment named tool.exe was removed from this document.",
        'The attachments "a.exe", b.js were removed by the mail gateway',
        "The attachment 'dump.zip' was stripped because it exceeds the size limit",
        "Mimecast has removed the following attachments:",
        "Barracuda removed attachment dump.zip from this message.",
        "The attached files have been replaced with links.",
        "Large attachments have been moved to the cloud, download them here:",
        "添付ファイルは削除されました",
        "添付ファイル「dump.zip」はセキュリティポリシーにより削除されました。",
        "このメールの添付ファイルは分離され、以下のリンクからダウンロードできます",
    ],
)
def test_a_gateways_notice_is_known(line: str) -> None:
    assert notice_in(line)


@pytest.mark.parametrize(
    "line",
    [
        "系统提示附件 a.dll 被病毒软件删除",
        "系统提示附件 a.dll 被删除",
        "邮件网关提示附件 a.dll 被删除",
        "[系统] 你们发来的附件被网关拦截了，请重发",
        "网关附件已删除",
        "附件 a.dll 被病毒软件删除",
        "附件 a.dll 被 Windows Defender 删除，重新安装后还是一样",
        "Windows Defender removed the attachment a.dll",
        "你们发来的附件被网关拦截了，请重发",
        "附件被网关拦截，请重新发送",
        "The attachment you sent was blocked by our gateway",
        "Our gateway removed the attachment, please resend",
        "附件已删除，请以正文为准",
        "附件已上传到门户，请下载查看",
        "附件已上传，但是服务被系统拦截",
        "附件已解压，被删除的文件列在下面",
        "附件日志显示 a.dll 被系统安全策略阻止",
        "附件中的日志显示驱动被安全软件拦截",
        "附件为系统日志，其中 a.dll 被删除",
        "附件是被删除文件的清单",
        "日志已保存到附件，请下载",
        "打开附件时系统提示文件已删除",
        "系统已删除 a.dll，附件为日志",
        "系统已把附件里的 a.dll 删除",
        "附件里的 a.dll 为什么会被系统删除？",
        "安装后 codemeter.exe 被系统安全策略阻止，附件是截图",
        "The attached files show that the service was removed",
        "The service was removed; see the attachment.",
        "The attachments were deleted by mistake, sorry",
        "Which attachment was removed?",
        '[attachment "a.zip" deleted by Alice/ACME]',
        "添付ファイルが削除されましたが、どうすればいいですか",
        # Footers that stand below each mail.
        "All attachments were scanned by the gateway and viruses removed.",
        "Any attachments were scanned and malware blocked",
        "本邮件及其附件含有保密信息，未经授权不得转存、下载",
        "此邮件已被网关扫描，未发现病毒附件",
        "This e-mail and its attachments must be deleted if received in error",
    ],
)
def test_a_persons_sentence_about_a_file_is_no_gateways_notice(line: str) -> None:
    assert not notice_in(line)
    assert kept_elsewhere(f"您好：\n{line}\n谢谢") == []


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [
        ("logs.zip", "This attachment was removed.\r\n", ["logs.zip"]),
        ("ATTACHMENT_REMOVED.txt", "The following attachments were removed:\n- a.exe\n", ["a.exe"]),
        ("附件说明.txt", "附件“日志.rar”因超过大小限制已被网关删除", ["日志.rar"]),
        ("service.log", "the attachment service started\n", []),
        ("big.log", "This attachment was removed.\n" + "a" * 4096, []),
    ],
)
def test_a_file_of_text_that_stands_for_another_names_it(name: str, content: str, names: list[str]) -> None:
    file = part("text/plain; charset=utf-8", content, f'Content-Disposition: attachment; filename="{name}"')
    read = read_mail(mail(multipart("mixed", plain("您好"), file)))
    assert [one.name for one in read.elsewhere] == names
    assert [one.name for one in read.attachments] == [name]


@pytest.mark.parametrize(
    "piece",
    [
        *("附件\n", "附件 a.exe 被\n", "附件" + "、a.exe" * 150 + "\n", "附件" + "(a" * 400 + "\n"),
        *("附件" + "，已" * 300 + "\n", "系统已" * 300 + "附件删除\n", "the " * 200 + "attachment\n"),
        *("https://pan.baidu.com/s/1\n", "https://" + "a." * 400 + "sharepoint.com\n", "超大附件\n"),
        *("分享了「" * 200 + "https://pan.baidu.com/s/1\n", "<https://docs.qq.com/doc/a" * 30 + "\n"),
        *(" 1.2G" * 200 + "\n", "大小" + "a" * 15 + "大小\n", "文件名：a.zip\n", "> a\nFrom: a\n", "a\n"),
    ],
)
def test_a_text_made_for_it_takes_no_longer_than_it_is_long(piece: str) -> None:
    text = piece * (2**18 // len(piece))
    started = time.process_time()
    assert len(kept_elsewhere(text, SENT_AT)) <= 51
    assert time.process_time() - started < 5
