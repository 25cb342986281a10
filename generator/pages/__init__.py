"""Library -> Pages: which pages the site has and what each of them shows. One function a page type.

Every function yields pages for one edition; contexts are made when a page is rendered, so that a worker only pays for
its own share.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from markupsafe import Markup

from generator import permalinks
from generator.mirrors.front_matter import plain
from generator.models import Article, Page, Term
from generator.pages.shelf import Context, Shelf, direction, picture, when_iso
from generator.scripts import convert_text
from generator.settings import in_locale

__all__ = ["PAGE_TYPES", "Shelf", "direction", "picture", "plan", "when_iso"]

_LATEST, _SECTION, _DAYS = 9, 5, 4


def home(shelf: Shelf) -> Iterator[Page]:
    """The front page: the lead, the latest, each topic, the last days. The first edition's is the site's, too."""

    def show() -> Context:
        articles = shelf.library.articles
        lead = next((a for a in articles[:12] if a.lead_figure and a.excerpt), articles[0] if articles else None)
        latest = [article for article in articles[: _LATEST + 1] if article is not lead][:_LATEST]
        days = list(shelf.library.days.items())[:_DAYS]
        return {
            "lead": shelf.entry(lead) if lead else None,
            "latest": shelf.entries(latest),
            "sections": shelf.by_topic(articles, _SECTION),
            "days": [
                {
                    "date": day,
                    "path": shelf.day_path(day),
                    "count": len(group),
                    "entries": shelf.entries(group[:_SECTION]),
                }
                for day, group in days
            ],
        }

    description = in_locale(shelf.settings.description, shelf.locale.tag)
    page = shelf.page(permalinks.home(shelf.edition.slug), "home.html", show, description=description)
    yield page
    if shelf.edition is shelf.settings.editions[0]:
        yield replace(page, path="index.html")


def topics(shelf: Shelf) -> Iterator[Page]:
    """The list of topics, and each topic's articles by day."""
    counted = [{**shelf.topics[term.slug], "count": len(term.articles)} for term in shelf.library.topics]
    title = shelf.locale.t("topics")
    yield shelf.page(permalinks.index(shelf.edition.slug, "topics"), "topics.html", lambda: {"topics": counted}, title)
    for term in shelf.library.topics:
        yield from _lists(shelf, term, "topics", "topic.html", {"topic": shelf.topics[term.slug]})


def publishers(shelf: Shelf) -> Iterator[Page]:
    """The list of publishers, and each publisher's articles by day."""
    counted = [{**shelf.publishers[term.slug], "count": len(term.articles)} for term in shelf.library.publishers]
    counted.sort(key=lambda publisher: (-int(str(publisher["count"])), str(publisher["slug"])))
    title = shelf.locale.t("publishers")
    yield shelf.page(
        permalinks.index(shelf.edition.slug, "publishers"),
        "publishers.html",
        lambda: {"publishers": counted},
        title,
    )
    for term in shelf.library.publishers:
        known = {**shelf.publishers[term.slug], "home": shelf.homes.get(term.slug, "")}
        yield from _lists(shelf, term, "publishers", "publisher.html", {"publisher": known})


def _lists(shelf: Shelf, term: Term, kind: str, template: str, more: Context) -> Iterator[Page]:
    """The pages of a long list. Older pages are numbered from the oldest and are full, so they never change again."""
    size, slug = shelf.settings.page_size, shelf.edition.slug
    old_pages = max(0, (len(term.articles) - 1) // size)
    newest = len(term.articles) - old_pages * size
    paths = [permalinks.listing(slug, kind, term.slug, number) for number in range(old_pages, 0, -1)]
    paths.insert(0, permalinks.listing(slug, kind, term.slug))
    for position, path in enumerate(paths):
        start = 0 if position == 0 else newest + (position - 1) * size
        part = term.articles[start : newest + position * size]
        pages = {
            "newer": paths[position - 1] if position else "",
            "older": paths[position + 1] if position + 1 < len(paths) else "",
            "number": position + 1,
            "total": len(paths),
        }
        name = in_locale(term.name, shelf.locale.tag)
        yield shelf.page(
            path,
            template,
            _list_context(shelf, part, {**more, "count": len(term.articles), "pages": pages}),
            name,
        )


def _list_context(shelf: Shelf, part: tuple[Article, ...], more: Context) -> Callable[[], Context]:
    return lambda: {**more, "days": shelf.by_day(part)}


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


def articles(shelf: Shelf) -> Iterator[Page]:
    """Each article, with its neighbours in the topic."""
    neighbours: dict[str, tuple[Article | None, Article | None]] = {}
    for term in shelf.library.topics:
        row = term.articles
        for position, article in enumerate(row):
            older = row[position + 1] if position + 1 < len(row) else None
            neighbours[article.id] = (older, row[position - 1] if position else None)
    for article in shelf.library.articles:
        entry_path = permalinks.article(shelf.edition.slug, article.id)
        yield Page(entry_path, "article.html", _article_context(shelf, article, *neighbours[article.id]))


def _article_context(
    shelf: Shelf, article: Article, older: Article | None, newer: Article | None
) -> Callable[[], Context]:
    def show() -> Context:
        entry = shelf.entry(article)
        head = {
            "path": entry["path"],
            "kind": "article",
            "title": entry["title"],
            "description": entry["excerpt"],
        }
        return {
            "page": head,
            "article": {
                **entry,
                "html": Markup(shelf.html_of(article)),  # noqa: S704 - sanitised
                "updated": article.updated,
                "canonical_url": article.canonical_url,
                "copies": list(article.copies),
                "source": article.path,
                "original_title": article.title,
                "original_lang": article.lang,
                "body_lang": entry["lang"],
                "removals": _removals(article, shelf.edition.script),
                "removals_lang": "zh" if shelf.edition.script == "original" else shelf.edition.script,
                "removed_count": len(article.removals),
            },
            "previous": shelf.entry(older) if older else None,
            "next": shelf.entry(newer) if newer else None,
        }

    return show


def _removals(article: Article, script: str) -> list[Context]:
    """What each step removed: how often, and the first few different texts, in the reader's script."""
    counts = Counter(removal.step for removal in article.removals)
    texts: dict[str, dict[str, None]] = {step: {} for step in counts}
    for removal in article.removals:
        if removal.text:
            texts[removal.step].setdefault(plain(removal.text[:90]))
    rows = [(step, text) for step, group in texts.items() for text in list(group)[:12]]
    # A mirror's rows are in the mirror's script, whatever the article is in; converting Simplified suits both.
    shown = convert_text("\n".join(text for _, text in rows), "zh-Hans", script).split("\n")[: len(rows)]
    return [
        {
            "step": step,
            "count": count,
            "examples": [text for (of, _), text in zip(rows, shown, strict=True) if of == step],
        }
        for step, count in counts.items()
    ]


def about(shelf: Shelf) -> Iterator[Page]:
    """What the site is, and how much it holds."""

    def show() -> Context:
        dates = list(shelf.library.days)
        return {
            "count": len(shelf.library.articles),
            "publishers_count": len(shelf.library.publishers),
            "first": dates[-1] if dates else None,
            "last": dates[0] if dates else None,
            "editions_count": len(shelf.settings.editions),
            "extra": Markup(shelf.about),  # noqa: S704 - rendered from the owner's own Markdown, sanitised
        }

    yield shelf.page(permalinks.index(shelf.edition.slug, "about"), "about.html", show, shelf.locale.t("about"))


def missing(shelf: Shelf) -> Iterator[Page]:
    """The page for addresses that lead nowhere; hosts look for it at the top."""
    if shelf.edition is shelf.settings.editions[0]:
        yield shelf.page("404.html", "404.html", dict, shelf.locale.t("missing.title"))


def sitemap(shelf: Shelf) -> Iterator[Page]:
    """The list of all pages for search engines; absolute addresses, so only where the site's own is known."""
    base, editions = shelf.settings.base_url, shelf.settings.editions
    if not base or shelf.edition is not editions[0]:
        return

    def show() -> Context:
        langs = {slug: locale.tag for slug, locale in shelf.locales.items()}
        lists = [page.path for kind in (home, topics, publishers, days, archive) for page in kind(shelf)]
        rows: list[tuple[str, dt.date | None]] = [
            (path.partition("/")[2], None) for path in lists if path.startswith(f"{shelf.edition.slug}/")
        ]
        rows += [(permalinks.article("", article.id).lstrip("/"), article.day) for article in shelf.library.articles]
        urls = [
            {
                "loc": f"{base}{edition.slug}/{tail}",
                "lastmod": when.isoformat() if when else "",
                "alternates": [{"lang": langs[other.slug], "href": f"{base}{other.slug}/{tail}"} for other in editions],
            }
            for tail, when in rows
            for edition in editions
        ]
        return {"urls": urls}

    yield shelf.page("sitemap.xml", "sitemap.xml", show)


def robots(shelf: Shelf) -> Iterator[Page]:
    """What search engines may do."""
    if shelf.edition is shelf.settings.editions[0]:
        base = shelf.settings.base_url
        yield shelf.page("robots.txt", "robots.txt", lambda: {"sitemap": f"{base}sitemap.xml" if base else ""})


PAGE_TYPES: tuple[Callable[[Shelf], Iterator[Page]], ...] = (
    home,
    topics,
    publishers,
    days,
    months,
    archive,
    undated,
    articles,
    about,
    missing,
    sitemap,
    robots,
)


def plan(shelf: Shelf) -> Iterator[Page]:
    """Every page of an edition."""
    for page_type in PAGE_TYPES:
        yield from page_type(shelf)
