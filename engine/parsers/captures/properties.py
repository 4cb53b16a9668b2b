"""The names under which tools give a file's facts, in PowerShell, tables, dialogs and Explorer."""

import re
import unicodedata

from engine.parsers.captures.hashes import algorithm_of

NAMES: dict[str, tuple[str, ...]] = {
    "path": (
        *("path", "fullname", "fullpath", "filepath", "pspath", "filefullname", "completepath"),
        *("路径", "完整路径", "文件路径", "全路径", "路徑", "完整路徑", "フルパス", "パス", "pfad"),
    ),
    "name": (
        *("name", "filename", "file", "pschildname", "originalpath"),
        *("文件名", "文件名称", "名称", "名字", "文件", "檔名", "檔案名稱", "名稱", "ファイル名", "名前"),
    ),
    "folder": (
        *("directory", "directoryname", "folder", "location", "psparentpath"),
        *("目录", "文件夹", "位置", "所在目录", "所在位置", "目錄", "資料夾", "場所", "verzeichnis"),
    ),
    "size": (
        *("length", "size", "filesize", "bytes", "sizebytes", "filelength"),
        *("大小", "文件大小", "字节数", "长度", "檔案大小", "サイズ", "größe"),
    ),
    "modified": (
        *("lastwritetime", "modified", "lastmodified", "datemodified", "modifiedtime", "modifieddate"),
        *("lastmodifiedtime", "lastmodifieddate", "lastwrite", "mtime", "writetime"),
        *("修改时间", "修改日期", "最后修改时间", "最后修改", "上次修改时间", "修改時間", "更新日時"),
    ),
    "version": ("fileversion", "version", "文件版本", "版本", "檔案版本", "ファイルバージョン"),
    "productversion": ("productversion", "产品版本", "產品版本", "製品バージョン"),
    "algorithm": ("algorithm", "hashalgorithm", "算法", "哈希算法", "演算法", "アルゴリズム", "algorithmus"),
    "hash": (
        *("hash", "hashvalue", "hashstring", "checksum", "digest", "filehash"),
        *("哈希", "哈希值", "散列值", "校验值", "校验和", "摘要", "雜湊", "ハッシュ", "ハッシュ値"),
    ),
    "machine": (
        *("pscomputername", "computername", "machinename", "machine", "hostname", "computer", "csname"),
        *("计算机名", "计算机", "计算机名称", "主机名", "电脑名", "電腦名稱", "コンピューター名"),
    ),
}
PROPERTY = {name: known for known, names in NAMES.items() for name in names}
FILE_FACTS = frozenset({"hash", "size", "modified", "version", "productversion"})
"""What may be said of a file, beside hashes under their algorithm's own name."""
MAX_NAME = 40


def property_of(name: str) -> str | None:
    """``size`` of ``Length``, ``File size``, ``文件大小``; ``SHA256`` of ``SHA-256``; else ``None``."""
    if len(name) > MAX_NAME:
        return None
    plain = re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", name)).casefold().strip("*#\"'\u2022·()[]")
    return PROPERTY.get(plain) or algorithm_of(plain.removesuffix("值").removesuffix("哈希"))


def tells_of_files(properties: frozenset[str]) -> bool:
    """Whether columns of these names hold facts of files: one fact at least, and whose it is."""
    facts = {name for name in properties if name in FILE_FACTS or name.isupper()}
    strong = "hash" in facts or any(name.isupper() for name in facts)
    of_name = "name" in properties and (bool(facts & {"size", "modified"}) or len(facts) > 1)
    return bool(facts) and (strong or "path" in properties or of_name)
