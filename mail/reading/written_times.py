"""Times as mail clients write them above a quotation, in the languages of ``cases.thread.quote_headers``.

Not by a library: those that read many forms (dateutil, dateparser) put today's day, hour or order of day
and month in place of what is missing. Here that is no time at all.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

MAX_LENGTH = 200

_MONTHS = {
    name: number
    for year in """
        january february march april may june july august september october november december
        jan feb mar apr - jun jul aug sep oct nov dec
        - - - - - - - - sept - - -
        januar februar märz april mai juni juli august september oktober november dezember
        jänner - mrz - - - - - - okt - dez
        januari februari maart april mei juni juli augustus september oktober november december
        janvier février mars avril mai juin juillet août septembre octobre novembre décembre
        - févr - avr - - juil aout - - - déc
        - fevrier - - - - - - - - - decembre
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
        gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
        ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
        januari februari mars april maj juni juli augusti september oktober november december
        januar februar marts april maj juni juli august september oktober november desember
        tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta - - - - - -
        - - - - - - heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
        tammik helmik maalisk huhtik toukok kesäk heinäk elok syysk lokak marrask jouluk
        jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
        január február március április május június július augusztus szeptember október november december
        - - márc ápr máj jún júl - szept - - -
        ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
        stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
        ledna února března dubna května června července srpna září října listopadu prosince
        januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
        январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
        января февраля марта апреля мая июня июля августа сентября октября ноября декабря
        янв февр мар апр - июн июл авг сент окт нояб дек
        - фев - - - - - - сен - - -
        一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月
    """.strip().splitlines()
    for number, name in enumerate(year.split(), 1)
    if name != "-"
}
"""A line of the table is a year in one language. Polish “lis” is October in Croatian, and not in it."""
_AFTERNOON = ("pm", "p.m.", "下午", "晚上", "傍晚", "中午", "오후", "午後")
_HALF = r"[ap]\.?m\.?|上午|下午|凌晨|早上|中午|傍晚|晚上|오전|오후|午前|午後"
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAYS = (
    re.compile(r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日号일]?"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(
        rf"\b(?P<month>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})\.?(?: de|[ -])\s?(?P<month>{_MONTH})\.?,?(?: de)?[ -](?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<y>\d{{4}})\.? (?P<month>{_MONTH})\.? (?P<d>\d{{1,2}})\b", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}|\d{2})(?!\d)"),
)
_SLASHED = re.compile(r"(?<!\d)(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<y>\d{4})(?!\d)")
_CLOCK = re.compile(
    rf"(?:(?P<before>{_HALF})\s?)?(?<!\d)(?P<hour>\d{{1,2}})\s?[:：点時时시]\s?(?P<minute>\d{{2}})(?!\d)"
    rf"(?:\s?[:：分분]\s?(?P<second>\d{{2}})(?!\d))?(?:\s?(?P<after>{_HALF})(?![a-z]))?",
    re.IGNORECASE,
)
_DOTTED_CLOCK = re.compile(
    r"(?<![\d.])(?P<hour>\d{1,2})\.(?P<minute>\d{2})(?:\.(?P<second>\d{2}))?(?![\d.])(?P<before>)(?P<after>)"
)
"""Nordic; behind a day alone, for it may be one itself."""
_OFFSET = re.compile(
    r"(?:GMT|UTC)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)|\b(?:GMT|UTC|Z)\b"
)


def written_time(text: str, zone: tzinfo) -> datetime | None:
    """The moment that ``text`` names; without an offset of its own in ``zone``.

    ``None`` where day or clock are missing, or where it cannot be known which figure is the month.
    """
    text = text[:MAX_LENGTH]
    day = _day(text)
    if day is None:
        return None
    clock = (
        _CLOCK.search(text, day.end)
        or _CLOCK.search(text, 0, day.start)
        or _DOTTED_CLOCK.search(text, day.end)
    )
    if clock is None:
        return None
    half = (clock["before"] or clock["after"] or "").lower()
    hour = int(clock["hour"])
    if half in _AFTERNOON or half.startswith("p"):
        hour += 12 if hour < 12 and not (half == "中午" and hour >= 11) else 0
    elif half and hour == 12:
        hour = 0
    offset = _OFFSET.search(text, clock.end())
    minute, second = int(clock["minute"]), int(clock["second"] or 0)
    try:
        own_zone = _zone_of(offset) if offset else zone
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=own_zone)
    except ValueError:
        return None


def written_day(text: str) -> date | None:
    """The day that ``text`` names; ``None`` where it cannot be known which figure is the month."""
    day = _day(text[:MAX_LENGTH])
    try:
        return date(day.year, day.month, day.day) if day else None
    except ValueError:
        return None


def header_time(text: str, zone: tzinfo) -> datetime | None:
    """A Date field (RFC 5322); of one without an offset, or of another form, as ``written_time``."""
    try:
        moment = parsedate_to_datetime(text[:MAX_LENGTH])
    except (ValueError, TypeError, OverflowError, IndexError):
        return written_time(text, zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


class _Day:
    """A day and where it stands."""

    def __init__(self, match: re.Match[str], month: int, day: int) -> None:
        year = int(match["y"])
        self.year = year + 2000 if year < 100 else year
        self.month, self.day = month, day
        self.start, self.end = match.span()


def _day(text: str) -> _Day | None:
    for pattern in _DAYS:
        if match := pattern.search(text):
            parts = match.groupdict()
            month = _MONTHS[parts["month"].lower()] if "month" in parts else int(parts["m"])
            return _Day(match, month, int(parts["d"]))
    match = _SLASHED.search(text)
    if match is None:
        return None
    first, second = int(match["first"]), int(match["second"])
    if first > 12 or re.search(r"\bà\b", text):
        return _Day(match, second, first)
    if second > 12 or first == second or re.search(r"\d\s?[AP]M\b", text, re.IGNORECASE):
        return _Day(match, first, second)
    return None


def _zone_of(offset: re.Match[str]) -> tzinfo:
    if not offset["sign"]:
        return UTC
    length = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(length if offset["sign"] == "+" else -length)
