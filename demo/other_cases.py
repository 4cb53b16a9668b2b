"""Cases beside the main one, so that desks and overviews have something to show: all invented."""

from datetime import datetime, timedelta

from cases.models import MessageKind
from demo.people import CLIENTS, SERVERS
from demo.story import Changed, Paused, Said, Story

EARLIER = "CAS-03117-D4G7K3"
"""The one whose log bundle the loader uploads."""


def other_cases(now: datetime) -> list[Story]:
    """Their stories, with times before ``now``."""

    def ago(days: float = 0, hours: float = 0) -> datetime:
        return now - timedelta(days=days, hours=hours)

    return [
        Story(
            EARLIER,
            ago(26, 5),
            "colleague",
            "二号工作站 CodeMeter 服务反复意外终止",
            "二号监控工作站开机后，CodeMeter Runtime Server 服务过几分钟就停止，事件查看器里有红色错误。",
            "Windows 10 企业版 G",
            "CMGE V0-H",
            "B",
            CLIENTS,
            "engineer",
            [
                Changed(ago(26, 4), "engineer", "take_up"),
                Said(
                    ago(26, 3),
                    "engineer",
                    "您好，案例已受理。请在方便时收集系统事件日志与 CodeMeter.exe 的文件信息，在本页上传。",
                ),
                Said(ago(25, 2), "colleague", "机器在外场，要等下次检修才能接触到。"),
                Paused(ago(25, 1), "engineer", "colleague", "机器检修、日志收集完成后"),
                Said(ago(0, 2), "colleague", "今天检修，日志已经收集好，马上上传。"),
            ],
        ),
        Story(
            "CAS-03205-K7T3WN",
            ago(41),
            "water",
            "域用户早上登录要等五六分钟",
            "每天八点到九点，调度中心的电脑登录域要等五六分钟，其他时间正常。",
            "Windows Server 2019",
            "1809",
            "B",
            SERVERS,
            "engineer2",
            [
                Changed(ago(40, 21), "engineer2", "take_up"),
                Said(
                    ago(40, 20),
                    "engineer2",
                    "请提供一台电脑从开机到登录完成的时间点，以及域控制器的系统事件日志。",
                ),
                Said(ago(38), "water", "已经发给您：8:05 开机，8:11 才看到桌面。"),
                Said(
                    ago(36),
                    "engineer2",
                    "登录脚本会逐个连接六台打印机，其中两台已停用，每台要等到超时。请从脚本里去掉这两台。",
                ),
                Changed(ago(35, 20), "engineer2", "wait_for_customer", "请去掉停用的打印机后观察三天。"),
                Said(ago(31), "water", "去掉以后登录二十秒左右，问题解决，谢谢。"),
                Changed(ago(30, 22), "engineer2", "close", "客户确认登录恢复正常。"),
            ],
        ),
        Story(
            "CAS-03241-QH6VD4",
            ago(12),
            "colleague",
            "财务室打印任务卡在队列里删不掉",
            "打印一份报表后，队列里一直显示“正在删除”，后面的任务都打不出来，重启打印机没有用。",
            "Windows 10 专业版",
            "22H2",
            "C",
            CLIENTS,
            "engineer2",
            [
                Changed(ago(11, 22), "engineer2", "take_up"),
                Said(
                    ago(11, 20),
                    "engineer2",
                    "请停止 Print Spooler 服务，清空 spool\\PRINTERS 文件夹后再启动，看是否恢复。",
                ),
                Said(ago(9), "colleague", "可以打印了，不过过一天又卡住。"),
                Said(
                    ago(2, 3),
                    "engineer2",
                    "日志显示卡住的都是同一个驱动处理的 PDF 任务。建议换用厂家的 PCL6 驱动。",
                    result=True,
                ),
            ],
        ),
        Story(
            "CAS-03266-RF9XC3",
            ago(3, 6),
            "machines",
            "产线工控机每天蓝屏一两次，DRIVER_POWER_STATE_FAILURE",
            "三号产线的工控机从上周起每天蓝屏一两次，停止代码 DRIVER_POWER_STATE_FAILURE，产线随之停机。",
            "Windows 10 IoT 企业版",
            "LTSC 2019",
            "A",
            CLIENTS,
            "engineer2",
            [
                Changed(ago(3, 5), "engineer2", "take_up"),
                Said(ago(3, 4), "engineer2", "请把系统设为保留核心内存转储；再次蓝屏后上传 MEMORY.DMP。"),
                Said(
                    ago(1, 3),
                    "machines",
                    "今早又蓝屏了，转储文件有 1.2 GB，正在从产线网络拷出来。产线不能再停了，请尽快。",
                ),
                Said(
                    ago(1, 1),
                    "engineer2",
                    "怀疑是串口卡驱动，同型号在别处出现过。等转储确认后再答复客户。",
                    MessageKind.NOTE,
                ),
            ],
        ),
        Story(
            "CAS-03279-WM4NP7",
            ago(5, 2),
            "water",
            "组策略里的屏保设置在部分电脑上不生效",
            "统一下发的五分钟锁屏策略，营业厅有七台电脑一直不生效，gpupdate 显示成功。",
            "Windows 11 专业版",
            "23H2",
            "C",
            CLIENTS,
            "engineer",
            [
                Changed(ago(5, 0), "engineer", "take_up"),
                Said(
                    ago(4, 22),
                    "engineer",
                    "请在一台不生效的电脑上运行 gpresult /h report.html，把结果文件上传到本页。",
                ),
                Changed(ago(4, 22), "engineer", "wait_for_customer", "请上传 gpresult 的结果文件。"),
            ],
        ),
        Story(
            "CAS-03285-TG3YJ9",
            ago(2, 8),
            "machines",
            "远程桌面提示没有许可证服务器",
            "设计部远程到图形工作站时提示“没有远程桌面许可证服务器可以提供许可证”，昨天还能用。",
            "Windows Server 2022",
            "21H2",
            "B",
            SERVERS,
            "engineer",
            [
                Changed(ago(2, 7), "engineer", "scope"),
                Said(
                    ago(0, 20),
                    "engineer",
                    "请问许可证服务器上“远程桌面授权诊断程序”显示什么？请把完整提示发给我。",
                ),
                Said(ago(0, 3), "machines", "提示宽限期已过、未配置授权模式。这台服务器是四个月前装的。"),
            ],
        ),
        Story(
            "CAS-03288-HV7KD6",
            ago(16),
            "water",
            "更新安装失败，错误 0x80070643",
            "每月更新里有一项恢复环境的更新一直失败，错误代码 0x80070643，其他更新正常。",
            "Windows 10 企业版",
            "22H2",
            "C",
            SERVERS,
            "engineer3",
            [
                Changed(ago(15, 20), "engineer3", "take_up"),
                Said(
                    ago(15, 18),
                    "engineer3",
                    "原因是恢复分区空间不足，需要扩大约 250 MB。请安排可以停机的时间。",
                ),
                Said(ago(13), "water", "要等月底统一停机，到时再做。"),
                Paused(ago(12, 20), "engineer3", "water", "月底停机、扩大恢复分区之后"),
            ],
        ),
        Story(
            "CAS-03291-JX4FM7",
            ago(0, 2.5),
            "machines",
            "向共享文件夹复制大文件速度只有 2 MB/s",
            "设计图纸（单个 3 GB 左右）复制到文件服务器只有 2 MB/s，从另一台电脑复制有 90 MB/s。",
            "Windows 11 专业版",
            "24H2",
            "B",
            SERVERS,
            None,
        ),
        Story(
            "CAS-03294-NC6RT9",
            ago(0, 0.7),
            "colleague",
            "开机后时间总是慢八小时",
            "换了主板电池以后，每次开机时间慢八小时，联网一会儿才恢复，期间监控记录的时间都不对。",
            "Windows 10 企业版 G",
            "CMGE V2020-L",
            "C",
            CLIENTS,
            "engineer",
        ),
    ]
