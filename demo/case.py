"""The demo's main case: a certificate service that ends after every start.

Its dates keep the rhythm of days, hours and silences, moved up to now; the last word is the
engineer's, who waits for the log bundle that the visitor uploads.
"""

# ruff: noqa: E501 - a line of a message is a line on the screen.

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cases.models import MessageKind
from demo.people import CLIENTS
from demo.story import Asked, Changed, Paused, Said, Story

NUMBER = "CAS-03282-J6Y6M6"
BUNDLE_NAME = "日志_CAS-03282.zip"

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_WORD = datetime(2020, 11, 27, 11, 55, tzinfo=SHANGHAI)

DESCRIPTION = """\
我单位一台监控工作站（CMGE V0-H）重启后，CodeMeter 证书服务没有运行，依赖它授权的监控软件打不开。
手工启动服务后能用一会儿，不久服务又自己停止。重新安装过一次 CodeMeter Runtime，当时正常，再次重启后问题重现。
这台机器不能长时间停用，请协助查明原因。"""

RECEIVED = """\
您好，案例已受理，由我负责处理。
今后直接在本页回复即可，您的同事也能看到进展；需要上传的文件也请放在本页，不必再用邮件。"""

SCOPE = """\
为便于双方对照，先确认本案例的问题与范围：
一、问题：第三方软件 CodeMeter Runtime 的服务在 CMGE V0-H 系统重启后不能保持运行。
二、范围：找出服务停止的原因；如与操作系统有关，提供解决办法；如由第三方程序引起，提供证据与建议。监控软件自身的功能不在本案例范围内。
如对以上表述有异议，请在本页提出；没有异议，我们按此开展工作。"""

REPRODUCE = """\
您提供的安装程序已收到。我们在同版本系统的虚拟机上安装并多次重启，服务均能正常启动，暂时没有重现。
请您补充两点：
1. 出现问题前后的具体操作步骤；
2. 请以管理员身份运行日志收集工具，收集系统事件日志，以及 CodeMeter.exe 的哈希值（Get-FileHash）与文件信息（Get-Item），在本页上传。"""

NOT_NOW = "这台工作站正在执行保障任务，这两周不能操作，日志暂时收集不了。"
AGREED = "明白。与您商定先暂时关闭本案例，等您方便收集日志时再继续；您上传日志或留言后，案例会自动恢复处理。"
PAUSED = "保障任务结束、收到日志之后"
NOTE_OTHER_MACHINE = """\
查了同一单位的旧案例 CAS-03117-D4G7K3：另一台机器上也是 CodeMeter 服务意外终止。
怀疑两台机器上有同一个程序在改动 CodeMeter.exe，拿到日志后重点比对哈希，并与实验室基线对照。"""

PROGRESS = "请问现在进展如何？任务已经结束，昨天重启后证书服务又不能用了。"
SORRY = """\
抱歉，这段时间没有主动与您联系。
从目前的信息看，服务属于意外停止，原因尚不明确，需要日志才能往下判断。今天 11:30 给您打电话，当面说明如何收集，您看是否方便？"""
PHONE = """\
11:30 与客户通话，约 15 分钟。
- 现象：每次开机后，服务在十秒左右内连续停止两次，约两分钟后又停止一次；从 CodeMeter 控制中心手工启动后，偶尔提示程序文件被修改。
- 已说明收集内容：系统事件日志（System.evtx）、重新安装前后及重启服务后的 CodeMeter.exe 哈希值与文件信息、CodeMeter.exe 文件本身。
- 客户今天下午收集并上传。"""
REQUEST = """\
感谢您接听电话。请收集下面三项，打成一个压缩包拖到本页的上传区即可；哈希值请在重新安装前后和重启服务后各取一次。
上传完成后系统会自动核对并开始分析，您不需要再另行通知。"""
ITEMS = (
    ("log", "System"),
    ("hash", r"C:\Program Files (x86)\CodeMeter\Runtime\bin\CodeMeter.exe"),
    ("file", r"C:\Program Files (x86)\CodeMeter\Runtime\bin\CodeMeter.exe"),
)


def main_case(now: datetime) -> Story:
    """The story, ending within the last day before ``now``."""
    moved = timedelta(days=(now - LAST_WORD).days)

    def on(month: int, day: int, hour: int, minute: int) -> datetime:
        return datetime(2020, month, day, hour, minute, tzinfo=SHANGHAI) + moved

    engineer, customer = "engineer", "customer"
    return Story(
        number=NUMBER,
        at=on(11, 9, 16, 46),
        contact=customer,
        title="重启电脑后无法启用 CodeMeter 证书服务",
        description=DESCRIPTION,
        product="Windows 10 企业版 G",
        edition="CMGE V0-H",
        severity="B",
        queue=CLIENTS,
        engineer=engineer,
        steps=[
            Changed(on(11, 9, 17, 16), engineer, "take_up"),
            Said(on(11, 9, 17, 18), engineer, RECEIVED),
            Said(on(11, 10, 9, 43), engineer, SCOPE),
            Said(on(11, 10, 10, 21), customer, "没有异议。安装程序今天已经随介质寄到贵方。"),
            Said(on(11, 10, 11, 0), engineer, REPRODUCE),
            Changed(on(11, 10, 11, 2), engineer, "wait_for_customer", "请补充操作步骤并上传日志。"),
            Said(on(11, 12, 10, 5), customer, NOT_NOW),
            Said(on(11, 12, 10, 48), engineer, AGREED),
            Paused(on(11, 12, 10, 49), engineer, customer, PAUSED),
            Said(on(11, 27, 10, 11), customer, PROGRESS),
            Said(on(11, 27, 10, 18), engineer, SORRY),
            Said(on(11, 27, 10, 40), engineer, NOTE_OTHER_MACHINE, MessageKind.NOTE),
            Said(on(11, 27, 11, 47), engineer, PHONE, MessageKind.PHONE),
            Asked(LAST_WORD + moved, engineer, ITEMS, REQUEST),
        ],
    )
