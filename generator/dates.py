"""A date, with the time of day beside it, as programs write it and as people do in Chinese, Japanese, English and Arabic.

What could be read in two ways is not read: 03/04/2026 is a date only to those who ``guess`` that the day comes first.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.models import Published

#: Full-width signs and the digits of Arabic and Persian are read as ASCII, Arabic letters without hamza and vowel signs.
PLAIN = str.maketrans(
    {0xFF01 + i: 0x21 + i for i in range(94)}
    | {zero + i: 0x30 + i for zero in (0x0660, 0x06F0) for i in range(10)}
    | dict.fromkeys((*range(0x064B, 0x0653), 0x0640, 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F)), None)
    | {"أ": "ا", "إ": "ا", "آ": "ا", "،": ","}
)
#: The months in English and Arabic: of Egypt and the Gulf, of the Levant, of the Maghreb.
_MONTHS = (
    "jan|january|يناير|كانون الثاني|كانون ثاني|جانفي",
    "feb|february|فبراير|شباط|فيفري",
    "mar|march|مارس|اذار",
    "apr|april|ابريل|نيسان|افريل",
    "may|مايو|ايار|ماي",
    "jun|june|يونيو|يونيه|حزيران|جوان",
    "jul|july|يوليو|يوليه|تموز|جويلية|يوليوز",
    "aug|august|اغسطس|اب|اوت|غشت",
    "sep|sept|september|سبتمبر|ايلول|شتنبر",
    "oct|october|اكتوبر|تشرين الاول|تشرين اول",
    "nov|november|نوفمبر|تشرين الثاني|تشرين ثاني|نونبر",
    "dec|december|ديسمبر|كانون الاول|كانون اول|دجنبر",
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_MONTH = rf"(?:{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})\.?"
#: The year before the first of an era: 令和8年 is 2026, and so is 民國115年.
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_ONES = {sign: i for i, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "元": 1}
_ERA = rf"(?:{'|'.join(_ERAS)})\s?(?:\d{{1,3}}|[元一二三四五六七八九十]{{1,3}})"
_DIGITS_OR_NUMERALS = r"(?<!\d)(?:19|20)\d\d|[二一][〇○零一二三四五六七八九]{3}"
_MONTH_AND_DAY = r"\s?年(?:[(（][^()（）]{2,9}[)）])?\s?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})\s?月\s?(?P<day>\d{1,2}|[一二三四五六七八九十廿卅]{1,4})\s?[日号號]"
#: A day with 年, 月 and 日, in digits or in numerals: 二〇二六年十月三日.
IN_CHARACTERS = rf"(?P<year>{_DIGITS_OR_NUMERALS}){_MONTH_AND_DAY}"
#: The same, or of an era: 令和8年（2026年）10月3日.
_CHARACTERS = re.compile(rf"(?:中[華华])?(?P<year>{_DIGITS_OR_NUMERALS}|{_ERA}){_MONTH_AND_DAY}")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[年/.-]\s?(?P<month>\d{1,2})\s?[月/.-]\s?(?P<day>\d{1,2})(?!\d)(?:\s?[日号號])?"
)
_DAY_FIRST = re.compile(
    r"(?<![\d./])(?P<day>\d{1,2})(?P<sign>[./])(?P<month>\d{1,2})(?P=sign)(?P<year>(?:19|20)\d\d)(?!\d)"
)
#: ``21 May 2020``, ``May 21st, 2020``, ``3-Oct-2026``, ``3 أكتوبر/تشرين الأول 2026 م``.
_WORDED = re.compile(
    rf"(?:(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s.-]{{1,3}}(?P<name>{_MONTH})(?:\s?[/(-]\s?{_MONTH}\s?\)?)?|"
    rf"(?<![^\W_])(?P<first>{_MONTH})\s{{0,2}}(?P<second>\d{{1,2}})(?:st|nd|rd|th)?)[\s,-]{{1,3}}(?P<year>(?:19|20)\d\d)(?!\d)(?:\s?م(?!\w))?",
    re.I,
)
#: Which half of the day an hour is of; with none of these it is the second.
_MORNING = {"上午", "凌晨", "清晨", "早上", "早晨", "午前", "ص", "صباحا", "فجرا", "a"}
_NOON, _NIGHT = {"中午"}, {"晚上", "晚间", "晚間", "ليلا"}
_AM_PM = r"[ap]\.?\s?m(?![a-z])\.?"
_TIME = (
    r"(?:(?P<before>上午|凌晨|清晨|早上|早晨|午前|中午|下午|午后|午後|傍晚|晚上|晚间|晚間|[ap]m)\s?)?(?<!\d)(?P<hour>\d{1,2})"
    rf"(?:\s?(?::|\.(?=\d\d\s?{_AM_PM}))\s?(?P<minute>\d\d)(?!\d)(?::(?P<second>\d\d)(?:\.\d{{1,9}})?)?|"
    rf"\s?[時时點点](?:\s?(?P<minutes>\d{{1,2}}(?=\s?分)|\d\d(?!\w))(?:\s?分)?(?:\s?\d{{1,2}}\s?秒)?|(?!\w))|(?=\s?{_AM_PM}))"
    rf"(?:\s?(?P<after>{_AM_PM}|(?:صباحا|فجرا|مساء|ظهرا|عصرا|ليلا|ص|م)(?!\w)))?"
)
_WEEKDAY = (
    r"(?:\(\S{1,4}\)|(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]|[月火水木金土日]曜日?|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|"
    r"(?:يوم )?(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعة))"
)
_BEHIND = re.compile(
    rf"[\s|,·•T–—-]{{0,5}}(?:{_WEEKDAY}[\s|,-]{{0,3}})?(?:at\s|(?:في\s)?الساعة\s|(?-i:[A-Z]{{3,4}})\s)?\s?{_TIME}", re.I
)
#: ``4:05 PM EDT, Sat`` before a date.
_AHEAD = re.compile(
    rf"(?<![\w:.]){_TIME}(?:\s(?-i:[A-Z]{{2,4}})\b)?[\s|,·•–—-]{{1,4}}(?:on\s)?(?:{_WEEKDAY},?\s)?\Z", re.I
)
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?"
)
#: What may stand round a date in a text that is one: the weekday, the zone, what was done then.
_OPENING = re.compile(rf"(?:(?:published|posted|updated)(?: on)?:?\s+)?(?:{_WEEKDAY}[,.]?\s+(?:-\s)?)?", re.I)
_CLOSING = re.compile(
    rf"\s*(?:(?i:{_WEEKDAY}))?\s*\(?((?:[A-Z]{{1,4}})?[+-]\d\d?:?(?:\d\d)?|[A-Z]{{1,4}}|بتوقيت \w{{2,12}})?\)?\s*(?:配信|公開|更新|掲載|发布|發布)?"
)
#: What stands before a date that is no part of a sentence, and behind it.
_LABEL, _END = re.compile(r"(?:.*[:|·•]\s*)?"), re.compile(r"[\s|(]|\Z")
#: The zones whose names mean one thing in the news, in hours from UTC; CST is of America and of China.
_ZONES = {"Z": 0, "UT": 0, "GMT": 0, "UTC": 0, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # fmt: skip
_FORMS = (_YEAR_FIRST, _DAY_FIRST, _WORDED)
#: What every date holds.
_YEAR = re.compile(r"\d{4}|年")
#: What the reader of mails passes over.
_HALF = re.compile(rf"\d\s?{_AM_PM}", re.I)
#: No text that is a date is longer.
_LONGEST = 120


class _Found(NamedTuple):
    """A date and the place in the text where it stands, with its time."""

    when: Published
    start: int
    end: int


def read_date(text: str) -> Published | None:
    """The date that a text is: ISO 8601, RFC 822, or as people write it; None when it is none."""
    text = text.translate(PLAIN).strip()
    if not text or len(text) > _LONGEST or "invalid" in text.lower():
        return None
    try:
        if match := _ISO.fullmatch(text):
            return _from_iso(match)
        if alone := _alone(text):
            return _in_zone(*alone)
        return None if _HALF.search(text) else email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def is_date(text: str) -> bool:
    """Whether a text is a date and nothing else, also one that could be read in two ways."""
    return len(text) <= _LONGEST and _alone(_plain(text).strip(), guess=True) is not None


def find_date(text: str) -> Published | None:
    """The first date in a short text, with the time of day where it stands beside it."""
    text = _plain(text)
    if found := _first(text, _FORMS):
        return found.when
    found = _first(text, (_CHARACTERS,))
    apart = found and _LABEL.fullmatch(text, 0, found.start) and _END.match(text, found.end)
    return found.when if found and apart else None  # sentences tell of days in numerals and eras


def leading_date(text: str) -> Published | None:
    """The date that a short text begins with, or is; where day and month could be either, the day comes first."""
    text = _plain(text)
    found = _first(text, _FORMS, guess=True)
    if found:
        return found.when if _OPENING.fullmatch(text, 0, found.start) else None
    alone = _alone(text.strip())  # numerals and eras begin sentences, too
    return alone[0] if alone else None


def timed_dates(text: str) -> Iterator[dt.datetime]:
    """The moments in a long text that are written in digits, the year first and the time of day last."""
    for match in _YEAR_FIRST.finditer(text):
        day, clock = _day(match, guess=False), _BEHIND.match(text, match.end())
        if day and clock and isinstance(when := _at(day, clock), dt.datetime):
            yield when


def date_of(match: re.Match[str]) -> Published | None:
    """The day that a match of ``IN_CHARACTERS`` (or of an era) names; None when there is no such day."""
    year, month, day = (match[name].strip() for name in ("year", "month", "day"))
    if era := _ERAS.get(year[:2]):
        year = str(era + _number(year[2:].strip()))
    elif not year.isdecimal():
        year = "".join(str(_ONES[sign]) for sign in year)
    return make(year, str(_number(month)), str(_number(day)))


def make(year: str, month: str, day: str, hour: str | None = None, minute: str | None = None) -> Published | None:
    """A date, or a date with time; None when there is no such day."""
    try:
        date = dt.date(int(year), int(month), int(day))
        return dt.datetime.combine(date, dt.time(int(hour), int(minute or 0))) if hour else date
    except ValueError:
        return None


def _plain(text: str) -> str:
    """The text with plain signs, "" for one that holds no year."""
    return text.translate(PLAIN) if _YEAR.search(text) else ""


def _alone(text: str, *, guess: bool = False) -> tuple[Published, str] | None:
    """The date and its zone, where nothing but a weekday stands beside it."""
    found = _first(text, (*_FORMS, _CHARACTERS), guess=guess)
    if found is None or not _OPENING.fullmatch(text, 0, found.start):
        return None
    closing = _CLOSING.fullmatch(text, found.end)
    if closing is None or (closing[1] and not isinstance(found.when, dt.datetime)):
        return None
    return found.when, closing[1] or ""


def _first(text: str, forms: Iterable[re.Pattern[str]], *, guess: bool = False) -> _Found | None:
    """The first date of any of some forms."""
    if not text:
        return None
    matches = [match for form in forms if (match := form.search(text))]
    for match in sorted(matches, key=re.Match.start):
        if found := _with_time(match, text, guess=guess):
            return found
    return None


def _with_time(match: re.Match[str], text: str, *, guess: bool = False) -> _Found | None:
    """The day of a match with the time behind or before it; None when there is no such day or time."""
    day = _day(match, guess=guess)
    if day is None:
        return None
    start, end = match.span()
    clock = _BEHIND.match(text, end)
    if clock:
        end = clock.end()
    elif clock := _AHEAD.search(text, max(0, start - 40), start):
        start = clock.start()
    when = _at(day, clock) if clock else day
    return _Found(when, start, end) if when else None


def _day(match: re.Match[str], *, guess: bool) -> dt.date | None:
    if match.re is _CHARACTERS:
        return date_of(match)
    if match.re is _WORDED:
        name = (match["name"] or match["first"]).lower().removesuffix(".")
        return make(match["year"], str(_NUMBER_OF[name]), match["day"] or match["second"])
    year, month, day = match["year"], match["month"], match["day"]
    if match.re is _DAY_FIRST and int(month) > 12:
        day, month = month, day
    elif match.re is _DAY_FIRST and match["sign"] == "/" and int(day) <= 12 and day != month and not guess:
        return None
    return make(year, month, day)


def _at(day: dt.date, clock: re.Match[str]) -> Published | None:
    """The moment; only the day where the time could be read in two ways, None where there is no such time."""
    hour = _hour(int(clock["hour"]), (clock["before"] or clock["after"] or "").lower())
    if hour is None:
        return day
    minute = clock["minute"] or clock["minutes"] or "0"
    try:
        return dt.datetime.combine(day, dt.time(hour, int(minute), int(clock["second"] or 0)))
    except ValueError:
        return None


def _hour(hour: int, half: str) -> int | None:
    """The hour of twenty-four; None where it is not clear to which day it belongs."""
    half = half[:1] if half.isascii() else half
    if hour > 12 or not half:
        return hour
    if half in _MORNING:
        return hour % 12
    if half in _NOON:
        return hour if hour > 9 else hour + 12
    if half in _NIGHT:
        return hour + 12 if 5 <= hour <= 11 else None
    return hour % 12 + 12


def _number(text: str) -> int:
    """A number below one hundred in digits or in Chinese numerals."""
    if text.isdecimal():
        return int(text)
    tens, mark, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    if not mark:
        return _ONES.get(text, 0)
    return (_ONES.get(tens, 1) if tens else 1) * 10 + (_ONES.get(ones, 0) if ones else 0)


def _from_iso(match: re.Match[str]) -> Published:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if match[4] is None:
        return dt.date(year, month, day)
    return _in_zone(dt.datetime(year, month, day, int(match[4]), int(match[5]), int(match[6] or 0)), match[7] or "")


def _in_zone(when: Published, zone: str) -> Published:
    """The moment in a zone that has a name or says its hours; a name that could mean several says nothing."""
    if not isinstance(when, dt.datetime):
        return when
    if match := re.fullmatch(r"[A-Z]*([+-]\d\d?):?(\d\d)?", zone):
        minutes = int(match[1]) * 60 + int(f"{match[1][0]}{match[2] or 0}")
    elif zone in _ZONES:
        minutes = _ZONES[zone] * 60
    else:
        return when
    return when.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)) if minutes else dt.UTC)
