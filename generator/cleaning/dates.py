"""When an article was published, from whatever the page lets on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

from generator.mirrors.front_matter import WORDED, read_date
from generator.models import Draft, Published, Publisher

_DATELINE = re.compile(
    r"[【（(〔\[「][^】）)\]」]{0,30}?(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日[^】）)\]」]{0,16}[】）)\]」]"
)
_NUMERALS = re.compile(
    r"([二一][〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十廿卅]{1,4})日"
)
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:\s*[-–,]?\s*(\d{1,2}):(\d\d))?")
_ORDERED = re.compile(
    r"(?<!\d)(\d{4})\s?[年/.-]\s?(\d{1,2})\s?[月/.-]\s?(\d{1,2})\s?日?(?:\s*[-–T,]?\s*(\d{1,2}):(\d\d))?"
)
_TIME_TAG = re.compile(r"""<time\b[^>]*?datetime=["']?([^"'>]+)""", re.I)
#: A date in an address: ``/2020/08/31/``, ``/2020/8/31/``, ``/20200831-``, ``/2020-08-31-``, ``-08312020101500.``
_IN_ADDRESS = (
    r"/(?P<y>(?:19|20)\d\d)[/-]?(?P<m>0[1-9]|1[0-2])[/-]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.-])",
    r"/(?P<y>(?:19|20)\d\d)/(?P<m>[1-9]|1[0-2])/(?P<d>[1-9]|[12]\d|3[01])(?=/)",
    r"[-_](?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<y>20\d\d)\d{6}\.",
)
#: A date in a document's name, as Jekyll's posts and notes by day have it.
_IN_NAME = (r"(?:\A|/)(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])[-_ ][^/]*\Z",)
_UNITS = {
    "minutes": ("分钟", "分鐘", "分", "minutes", "minute", "mins", "min", "دقيقة", "دقائق"),
    "hours": ("小时", "小時", "時間", "hours", "hour", "ساعة", "ساعات"),
    "days": ("天", "日", "days", "day"),
}
_AGO = re.compile(rf"(\d{{1,3}})\s*({'|'.join(word for words in _UNITS.values() for word in words)})\s*(?:之?前|ago)")
_DIGITS = {c: i % 10 for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
#: No news site is older than the web; later than this a date is a mistake.
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)


def published(draft: Draft, publisher: Publisher, lines: Iterable[str]) -> Published | None:
    """Find the date (and time) of publication.

    First what the wrapper says, then the dateline of the text, a date on the page, the address, the document's name, last the crawl.
    """
    first = list(lines)[:8]
    choices: tuple[Callable[[], Published | None], ...] = (
        lambda: draft.published,
        lambda: next((d for line in first if (d := _dateline(line))), None),
        lambda: _ago(draft.stamped, first),
        lambda: _on_page(draft.html, first),
        lambda: _by_pattern((*publisher.date, *_IN_ADDRESS), draft.url),
        lambda: _by_pattern(publisher.page_date, draft.html),
        lambda: next((d for line in first if (d := _in_numerals(line))), None),
        lambda: _by_pattern(_IN_NAME, draft.document.path),
        lambda: draft.stamped.date() if draft.stamped else None,
    )
    when = next((when for choice in choices if (when := plausible(choice()))), None)
    return _with_time(when, draft.html) if when and not isinstance(when, dt.datetime) else when


def _with_time(day: dt.date, html: str) -> Published:
    """The day with the time of day where the page gives both together."""
    for match in _ORDERED.finditer(re.sub(r"<[^>]*>", " ", html[:8000])):
        when = make(*match.groups()) if match[4] else None
        if isinstance(when, dt.datetime) and when.date() == day:
            return when
    return day


def plausible(when: Published | None) -> Published | None:
    """The date, unless no news article can have it."""
    if when is None:
        return None
    day = when.date() if isinstance(when, dt.datetime) else when
    return when if FIRST <= day <= LAST else None


def _dateline(line: str) -> Published | None:
    match = _DATELINE.match(line) or _DATELINE.search(line[:60])
    if match:
        return make(match[1], match[2], match[3])
    bracket = re.match(r"[【（(〔\[「][^】）)\]」]{4,40}[】）)\]」]", line)
    return _in_numerals(bracket[0]) if bracket else None


def _ago(stamped: dt.datetime | None, first: list[str]) -> Published | None:
    """``20 分钟前`` counted back from the moment of the crawl."""
    if stamped is None:
        return None
    for line in first:
        if match := _AGO.fullmatch(line.strip()):
            unit = next(name for name, words in _UNITS.items() if match[2] in words)
            when = stamped - dt.timedelta(**{unit: int(match[1])})
            return when.date() if unit == "days" else when.replace(second=0, microsecond=0)
    return None


def _on_page(html: str, first: list[str]) -> Published | None:
    match = _TIME_TAG.search(html[:6000])
    if match and (when := read_date(match[1])):
        return when
    for line in first:
        if len(line) > 60:
            continue
        if match := _SLASHED.match(line):
            day, month = (match[1], match[2]) if int(match[2]) <= 12 else (match[2], match[1])
            return make(match[3], month, day, match[4], match[5])
        if match := _ORDERED.match(line):
            return make(*match.groups())
        if match := WORDED.match(line):
            return read_date(match[0])
    return None


def _by_pattern(patterns: Iterable[str], text: str) -> Published | None:
    for rule in patterns:
        match = re.search(rule, text)
        if match:
            found = match.groupdict()
            year = found["y"] if len(found["y"]) == 4 else f"20{found['y']}"
            if when := make(year, found["m"], found["d"], found.get("h"), found.get("min")):
                return when
    return None


def _in_numerals(line: str) -> Published | None:
    match = _NUMERALS.search(line)
    if not match:
        return None
    return make("".join(str(_DIGITS[c]) for c in match[1]), str(_number(match[2])), str(_number(match[3])))


def _number(text: str) -> int:
    """A Chinese number below one hundred."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, mark, ones = text.rpartition("十")
    if not mark:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def make(year: str, month: str, day: str, hour: str | None = None, minute: str | None = None) -> Published | None:
    """A date, or a date with time; None when there is no such day."""
    try:
        date = dt.date(int(year), int(month), int(day))
        return dt.datetime.combine(date, dt.time(int(hour), int(minute or 0))) if hour else date
    except ValueError:
        return None
