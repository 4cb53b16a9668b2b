"""Heads and feet of ``Start-Transcript``, and what consoles write of themselves; the machine and the moment
in them are read by ``machines``."""

import re

from engine.parsers.captures.page import Page
from engine.parsers.captures.starts import PROMPT

OTHERS = re.compile(
    r"^(?:(?:Windows )?PowerShell (?:transcript|脚本|腳本|トランスクリプト)"
    r"|(?:Start time|开始时间|End time|Machine|计算机|结束时间|結束時間|Username|用户名|使用者名稱"
    r"|RunAs User|运行方式用户|运行身份用户"
    r"|Configuration Name|配置名称|Host Application|主机应用程序|主機應用程式"
    r"|Process ID|进程 ID|處理序識別碼|PSVersion"
    r"|PSEdition"
    r"|PSCompatibleVersions|BuildVersion|CLRVersion|WSManStackVersion"
    r"|PSRemotingProtocolVersion|SerializationVersion"
    r"|GitCommitId|OS|Platform|Command start time|命令开始时间|运行应用程序用户) ?[:：]"
    r"|Transcript (?:started|stopped)|已启动脚本|已停止脚本|脚本已(?:启动|停止))",
    re.IGNORECASE,
)
BANNER = re.compile(
    r"^(?:windows powershell$|powershell \d|版权所有|copyright|尝试新的跨平台|try the new|install the latest"
    r"|安装最新"
    r"|microsoft windows|\(c\) |microsoft corporation|保留所有权利"
    r"|https://aka\.ms/|loading personal and system)",
    re.IGNORECASE,
)


def read(page: Page, at: int) -> int:
    """One line of these."""
    line = page.lines[at]
    if BANNER.match(line.text) or (OTHERS.match(line.text) and not PROMPT.match(line.text)):
        return at + 1
    return at
