"""The dates of captures, as Windows writes them in its languages."""

import re
import unicodedata
from datetime import datetime

CLOCK = re.compile(
    r"(?:^|[\sT日])(?P<before>上午|下午|午前|午後|오전|오후|[AP]\.?M\.?)? ?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r" ?(?P<after>上午|下午|[AP]\.?M\.?)? ?(?:Z|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)
NUMBERS = re.compile(
    r"(?P<y1>\d{4}) ?[-/.年년] ?(?P<m1>\d{1,2}) ?[-/.月월] ?(?P<d1>\d{1,2}) ?[日일.]?"
    r"|(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})[/.-](?P<y2>\d{4}|\d\d)"
)
WORDS = re.compile(
    r"(?P<m3>[A-Za-zäéû]{3,9})\.? (?P<d3>\d{1,2}),? (?P<y3>\d{4})"
    r"|(?P<d4>\d{1,2})\.?[ -](?:de )?(?P<m4>[A-Za-zäéû]{3,9})\.?[ -](?:de )?(?P<y4>\d{4})"
)
CIM = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,6}[+-]\d{1,3})?")
"""What WMI and the heads of transcripts write."""
WEEKDAY = re.compile(
    r"^[A-Za-zäéû]{3,10}\.?(?:,| (?=\d))\s?"
    r"|(?:星期|周)[一二三四五六日天]|\([日月火水木金土]\)|[日月火水木金土]曜日"
)
MONTHS = {
    **dict.fromkeys(("jan", "ene"), 1),
    **dict.fromkeys(("feb", "fév"), 2),
    **dict.fromkeys(("mar", "mär", "mrz"), 3),
    **dict.fromkeys(("apr", "avr", "abr"), 4),
    **dict.fromkeys(("may", "mai"), 5),
    **dict.fromkeys(("jun", "juin"), 6),
    **dict.fromkeys(("jul", "juil"), 7),
    **dict.fromkeys(("aug", "aoû", "ago"), 8),
    "sep": 9,
    **dict.fromkeys(("oct", "okt"), 10),
    "nov": 11,
    **dict.fromkeys(("dec", "dez", "déc", "dic"), 12),
}
AFTERNOON = {"PM", "下午", "午後", "오후"}
MORNING = {"AM", "上午", "午前", "오전"}
MAX_LENGTH = 80


def read_date(content: str) -> str | None:
    """``YYYY-MM-DDTHH:MM:SS`` of ``4/6/2016 12:20:00 PM``, ``2016年4月6日 12:20:00``,
    ``Wednesday, April 6, 2016 12:20:00 PM``, ``20160406122000.000000+480``; without seconds where none
    stand there; ``None`` for anything else. The time is that of the machine: a zone is left out."""
    if len(content) > MAX_LENGTH:
        return None
    plain = " ".join(unicodedata.normalize("NFKC", content.replace("，", " ")).split())
    if not plain:
        return None
    if cim := CIM.fullmatch(plain):
        return _moment(*(int(part) for part in cim.groups()))
    clock = CLOCK.search(plain)
    if clock is None:
        return None
    day = WEEKDAY.sub("", plain[: clock.start()] + ("日" if plain[clock.start()] == "日" else "")).strip(" ,")
    date = _day(day)
    if date is None:
        return None
    hour = int(clock["hour"])
    half = (clock["before"] or clock["after"] or "").upper().replace(".", "")
    if half in AFTERNOON and hour < 12:
        hour += 12
    if half in MORNING and hour == 12:
        hour = 0
    second = clock["second"]
    return _moment(*date, hour, int(clock["minute"]), int(second) if second else None)


def _day(content: str) -> tuple[int, int, int] | None:
    if match := NUMBERS.fullmatch(content):
        if match["y1"]:
            return int(match["y1"]), int(match["m1"]), int(match["d1"])
        year, month, day = int(match["y2"]), int(match["a"]), int(match["b"])
        if match["sep"] == "." or month > 12:  # day first
            month, day = day, month
        return year + 2000 if year < 100 else year, month, day
    if match := WORDS.fullmatch(content):
        name = (match["m3"] or match["m4"]).casefold()
        found = MONTHS.get(name[:4]) or MONTHS.get(name[:3])
        return (int(match["y3"] or match["y4"]), found, int(match["d3"] or match["d4"])) if found else None
    return None


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int | None = None) -> str | None:
    try:
        moment = datetime(year, month, day, hour, minute, second or 0)  # noqa: DTZ001  the text names no zone
    except ValueError:
        return None
    return moment.isoformat(timespec="minutes" if second is None else "seconds")
