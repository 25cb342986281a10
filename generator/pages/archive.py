"""The ways in by time: the archive, its months and days, and the place of the undated."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator

from generator import permalinks
from generator.models import Page
from generator.pages.shelf import Context, Shelf

_SECTION = 5


def days(shelf: Shelf) -> Iterator[Page]:
    """Each day's articles by topic."""
    dates = list(shelf.library.days)
    for position, date in enumerate(dates):
        newer = dates[position - 1] if position else None
        older = dates[position + 1] if position + 1 < len(dates) else None
        yield shelf.page(
            shelf.day_path(date), "day.html", _day_context(shelf, date, older, newer), shelf.locale.day(date)
        )


def _day_context(shelf: Shelf, date: dt.date, older: dt.date | None, newer: dt.date | None) -> Callable[[], Context]:
    group = shelf.library.days[date]

    def step(day: dt.date | None) -> Context | None:
        return {"date": day, "path": shelf.day_path(day)} if day else None

    return lambda: {
        "date": date,
        "count": len(group),
        "sections": shelf.by_topic(group),
        "month": {"date": date.replace(day=1), "path": permalinks.month(shelf.edition.slug, date)},
        "previous": step(older),
        "next": step(newer),
    }


def months(shelf: Shelf) -> Iterator[Page]:
    """The calendar of each month, and the articles of its days."""
    dates = sorted({day.replace(day=1) for day in shelf.library.days}, reverse=True)
    for position, month in enumerate(dates):
        newer = dates[position - 1] if position else None
        older = dates[position + 1] if position + 1 < len(dates) else None
        path = permalinks.month(shelf.edition.slug, month)
        yield shelf.page(path, "month.html", _month_context(shelf, month, older, newer), shelf.locale.month(month))


def _month_context(shelf: Shelf, month: dt.date, older: dt.date | None, newer: dt.date | None) -> Callable[[], Context]:
    def step(date: dt.date | None) -> Context | None:
        return {"date": date, "path": permalinks.month(shelf.edition.slug, date)} if date else None

    def cell(date: dt.date) -> Context:
        group = shelf.library.days.get(date, ())
        inside = date.month == month.month
        path = shelf.day_path(date) if group and inside else ""
        return {"date": date, "number": date.day, "path": path, "count": len(group), "inside": inside}

    def show() -> Context:
        weeks = calendar.Calendar(shelf.locale.first_weekday).monthdatescalendar(month.year, month.month)
        dates = [day for day in shelf.library.days if day.replace(day=1) == month]
        groups = [(day, shelf.library.days[day]) for day in dates]
        return {
            "month": month,
            "weeks": [[cell(date) for date in week] for week in weeks],
            "days": [
                {
                    "date": day,
                    "path": shelf.day_path(day),
                    "entries": shelf.entries(group[:_SECTION]),
                    "count": len(group),
                }
                for day, group in groups
            ],
            "count": sum(len(group) for _, group in groups),
            "previous": step(older),
            "next": step(newer),
        }

    return show


def archive(shelf: Shelf) -> Iterator[Page]:
    """All months, and the place of the undated."""

    def show() -> Context:
        counts = Counter(article.day.replace(day=1) for article in shelf.library.articles if article.day)
        years: dict[int, list[Context]] = {}
        for month in sorted(counts, reverse=True):
            path = permalinks.month(shelf.edition.slug, month)
            years.setdefault(month.year, []).append({"date": month, "path": path, "count": counts[month]})
        undated = {"path": shelf.day_path(None), "count": len(shelf.library.undated)} if shelf.library.undated else None
        return {
            "years": [
                {"year": year, "count": sum(m["count"] for m in group), "months": group}
                for year, group in years.items()
            ],
            "undated": undated,
        }

    yield shelf.page(permalinks.index(shelf.edition.slug, "archive"), "archive.html", show, shelf.locale.t("archive"))


def undated(shelf: Shelf) -> Iterator[Page]:
    """Articles without a date have a place of their own."""
    group = shelf.library.undated
    if group:
        path = shelf.day_path(None)
        yield shelf.page(
            path,
            "undated.html",
            lambda: {"entries": shelf.entries(group), "count": len(group)},
            shelf.locale.t("undated"),
        )
