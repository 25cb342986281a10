"""When an article was published, from whatever the page lets on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

from generator.dates import IN_CHARACTERS, date_of, find_date, leading_date, make, read_date, timed_dates
from generator.models import Draft, Published, Publisher

#: The date in the brackets of a dateline.
_DATELINE = re.compile(rf"[【（(〔\[「][^】）)\]」]{{0,30}}?{IN_CHARACTERS}[^】）)\]」]{{0,16}}[】）)\]」]")
#: A date in Chinese numerals.
_NUMERALS = re.compile(rf"(?=[一二]\D){IN_CHARACTERS}")
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
    return _with_time(when, draft.html, first) if when and not isinstance(when, dt.datetime) else when


def _with_time(day: dt.date, html: str, first: list[str]) -> Published:
    """The day with the time of day where the page gives both together."""
    shown = (when for line in first if len(line) < 80 and (when := find_date(line)))
    told = timed_dates(re.sub(r"<[^>]*>", " ", html[:8000]))
    moments = (when for when in (*shown, *told) if isinstance(when, dt.datetime))
    return next((when for when in moments if when.date() == day), day)


def plausible(when: Published | None) -> Published | None:
    """The date, unless no news article can have it."""
    if when is None:
        return None
    day = when.date() if isinstance(when, dt.datetime) else when
    return when if FIRST <= day <= LAST else None


def _dateline(line: str) -> Published | None:
    if "年" not in line:
        return None
    match = _DATELINE.match(line) or _DATELINE.search(line[:60])
    return date_of(match) if match else None


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
    short = (line for line in first if len(line) <= 60)
    return next((when for line in short if (when := leading_date(line))), None)


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
    return date_of(match) if match else None
