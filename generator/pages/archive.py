"""The ways in by time: the archive, its months and days, and the place of the undated."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from generator import permalinks
from generator.models import Article, Page
from generator.pages.books import day_book_path
from generator.pages.digests import LEAST, digest_path
from generator.pages.lists import listed
from generator.pages.relations import with_neighbours
from generator.pages.shelf import Context, Shelf

#: Shades of a calendar: a day or month has at most this part of the articles of the fullest one.
_SHADES = (0.25, 0.5, 0.75, 1)


def days(shelf: Shelf) -> Iterator[Page]:
    """Each day's articles by topic."""
    dates = list(shelf.library.days)
    for newer, date, older in with_neighbours(dates):
        title = shelf.locale.day(date)
        described = shelf.locale.t("describe.day", date=title)
        make = _day_context(shelf, date, older, newer)
        group = shelf.library.days[date]
        shows = (older, newer, day_book_path(shelf, date), shelf.marks.of(group))
        yield shelf.page(shelf.day_path(date), "day.html", make, title, described, shows)


def _day_context(shelf: Shelf, date: dt.date, older: dt.date | None, newer: dt.date | None) -> Callable[[], Context]:
    group = shelf.library.days[date]

    def step(day: dt.date | None) -> Context | None:
        return {"date": day, "path": shelf.day_path(day)} if day else None

    return lambda: {
        "date": date,
        "count": len(group),
        "sections": shelf.by_topic(group),
        "digest": digest_path(shelf, date) if len(group) >= LEAST else "",
        "book": day_book_path(shelf, date),
        "month": {"date": date.replace(day=1), "path": permalinks.month(shelf.edition.slug, date)},
        "previous": step(older),
        "next": step(newer),
    }


def months(shelf: Shelf) -> Iterator[Page]:
    """The calendar of each month, and the titles of its days."""
    by_month: dict[dt.date, list[tuple[dt.date, tuple[Article, ...]]]] = {}
    for day, group in shelf.library.days.items():
        by_month.setdefault(day.replace(day=1), []).append((day, group))
    for newer, month, older in with_neighbours(sorted(by_month, reverse=True)):
        title = shelf.locale.month(month)
        described = shelf.locale.t("describe.month", date=title)
        make = _month_context(shelf, month, older, newer)
        shows = (older, newer, [(day, shelf.marks.of(group)) for day, group in by_month[month]])
        yield shelf.page(permalinks.month(shelf.edition.slug, month), "month.html", make, title, described, shows)


def _month_context(shelf: Shelf, month: dt.date, older: dt.date | None, newer: dt.date | None) -> Callable[[], Context]:
    def step(date: dt.date | None) -> Context | None:
        return {"date": date, "path": permalinks.month(shelf.edition.slug, date)} if date else None

    def show() -> Context:
        groups = {day: group for day, group in shelf.library.days.items() if day.replace(day=1) == month}
        return {
            "month": month,
            "weeks": _weeks(shelf, month, {day: len(group) for day, group in groups.items()}),
            "days": [
                {"date": day, "path": shelf.day_path(day), "entries": shelf.entries(group), "count": len(group)}
                for day, group in groups.items()
            ],
            "count": sum(len(group) for group in groups.values()),
            "previous": step(older),
            "next": step(newer),
        }

    return show


def _weeks(shelf: Shelf, month: dt.date, counts: Mapping[dt.date, int]) -> list[list[Context]]:
    """The weeks of a month; a day outside of the month is no day of the calendar."""
    most = max(counts.values(), default=0)

    def cell(date: dt.date) -> Context:
        count = counts.get(date, 0)
        return {
            "date": date,
            "inside": date.month == month.month,
            "path": shelf.day_path(date) if count else "",
            "count": count,
            "shade": shade(count, most),
        }

    weeks = calendar.Calendar(shelf.locale.first_weekday).monthdatescalendar(month.year, month.month)
    return [[cell(date) for date in week] for week in weeks]


def shade(count: int, most: int) -> int:
    """How dark a day of a calendar is, from 0 (nothing) to 4, seen from the fullest one."""
    return sum(count > part * most for part in (0, *_SHADES[:-1])) if count else 0


def archive(shelf: Shelf) -> Iterator[Page]:
    """The months of each year, and the place of the undated."""
    counts: Counter[dt.date] = Counter()
    for day, group in shelf.library.days.items():
        counts[day.replace(day=1)] += len(group)

    def show() -> Context:
        years = sorted({month.year for month in counts}, reverse=True)
        undated = {"path": shelf.day_path(None), "count": len(shelf.library.undated)} if shelf.library.undated else None
        return {"years": [_year(shelf, year, counts) for year in years], "undated": undated}

    words = shelf.locale.t
    path = permalinks.index(shelf.edition.slug, "archive")
    shows = (sorted(counts.items()), len(shelf.library.undated))
    yield shelf.page(path, "archive.html", show, words("archive"), words("describe.archive"), shows)


def _year(shelf: Shelf, year: int, counts: Mapping[dt.date, int]) -> Context:
    most = max(counts.values())
    dates = [dt.date(year, number, 1) for number in range(1, 13)]
    return {
        "year": year,
        "count": sum(counts.get(date, 0) for date in dates),
        "months": [
            {
                "date": date,
                "path": permalinks.month(shelf.edition.slug, date) if counts.get(date) else "",
                "count": counts.get(date, 0),
                "shade": shade(counts.get(date, 0), most),
            }
            for date in dates
        ],
    }


def undated(shelf: Shelf) -> Iterator[Page]:
    """Articles without a date have a place of their own."""
    if group := shelf.library.undated:
        name = shelf.locale.t("undated")
        yield from listed(shelf, group, shelf.day_path(None), "undated.html", dict, lambda: name, ())
