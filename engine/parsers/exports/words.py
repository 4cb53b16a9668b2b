"""What exports of event logs call the parts of an event, in English and Chinese Windows.

Sources: Microsoft, Event Viewer ("Save all events as", "Copy details as text"), ``wevtutil qe /f:text``,
PowerShell's ``EventLogRecord`` and ``EventLogEntry`` (their properties); EvtxECmd's CSV columns.
"""

from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    name: column
    for column, names in {
        "time": "date and time|日期和时间|date|日期|logged|记录时间|timecreated|timegenerated|时间",
        "provider": "source|来源|源|providername|provider|provider name|事件来源|事件源",
        "event_id": "event id|事件 id|事件id|id|eventid|event_id",
        "level": "level|级别|leveldisplayname|level display name|entrytype|类型|type",
        "level_number": "levelnumber",
        "channel": "log name|日志名称|logname|channel|log|日志|container log",
        "computer": "computer|计算机|machinename|machine name",
        "record_id": "recordid|eventrecordid|event record id|index|记录编号|事件记录 id",
        "message": "message|消息|description|描述|messageinfo|说明",
        "task": "task category|任务类别|taskdisplayname|task|category",
        "keywords": "keywords|关键字|keyword|keywordsdisplaynames",
        "user": "user|用户|userid|user id",
        "user_name": "user name|用户名|username",
        "opcode": "opcode|操作代码|opcodedisplayname",
        "process_id": "processid|process id|进程 id",
        "thread_id": "threadid|thread id|线程 id",
        "activity_id": "activityid|correlation id|关联 id",
        "version": "version",
        "qualifiers": "qualifiers",
        "properties": "properties",
        "strings": "replacementstrings",
        "payload": "payload",
        "instance_id": "instanceid",
        "written": "timewritten",
    }.items()
    for name in names.split("|")
}
"""A heading (case folded) → what the column is here."""

LEVELS: Mapping[str, int] = {
    word: level
    for level, words in {
        1: "critical|严重|关键",
        2: "error|错误|err",
        3: "warning|警告|warn",
        4: "information|信息|info|audit success|审核成功|audit failure|审核失败|successaudit|failureaudit|0",
        5: "verbose|详细|详细信息",
    }.items()
    for word in words.split("|")
}

LOGS: Mapping[str, str] = {
    "系统": "System",
    "system": "System",
    "sysevent": "System",
    "应用程序": "Application",
    "application": "Application",
    "appevent": "Application",
    "安全": "Security",
    "security": "Security",
    "secevent": "Security",
    "设置": "Setup",
    "安装程序": "Setup",
    "setup": "Setup",
    "转发的事件": "ForwardedEvents",
    "windows powershell": "Windows PowerShell",
}
"""What Event Viewer and saved files call a channel → its name."""


def column_of(heading: str) -> str | None:
    """What a heading is, ``None`` for an unknown one; blanks, quotes and a colon around it do not matter."""
    return COLUMNS.get(" ".join(heading.strip(" \t\"'*:：\ufeff").split()).casefold())


def level_of(word: str) -> int | None:
    """The number of a level's word or digits."""
    plain = word.strip().casefold()
    return int(plain) if plain in set("12345") else LEVELS.get(plain)


def channel_of(name: str) -> str:
    """A channel's own name for what Event Viewer shows."""
    return LOGS.get(name.strip().casefold(), name.strip())


def channel_of_file(path: str) -> str:
    """The channel that a saved file is named after, ``系统.csv`` or ``System_2021.txt``; empty for others."""
    name = path.rpartition("/")[2].rpartition(".")[0].casefold()
    if name in LOGS:
        return LOGS[name]
    parts = set(name.replace("-", " ").replace("_", " ").replace(".", " ").split())
    found = {
        LOGS[word]
        for word in LOGS
        if word in parts or (len(word) < 6 and not word.isascii() and word in name)
    }
    return found.pop() if len(found) == 1 else ""
